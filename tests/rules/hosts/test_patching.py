from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened

DATABASE = "AWS::RDS::DBInstance"
REPOSITORY = "AWS::ECR::Repository"
FUNCTION = "AWS::Lambda::Function"
SERVICE = "AWS::ECS::Service"
UPGRADE = ("Properties.AutoMinorVersionUpgrade",)
SCAN = ("Properties.ImageScanningConfiguration.ScanOnPush",)
TAGS = ("Properties.ImageTagMutability",)


LATEST = {"Latest": {"eu-central-1": {"value": "nodejs22.x"}, "cn-north-1": {"value": "nodejs18.x"}}}
BY_REGION = {"Fn::FindInMap": ["Latest", {"Ref": "AWS::Region"}, "value"]}


def scanned(value: Any) -> dict[str, Any]:
    return resource(REPOSITORY, ImageScanningConfiguration={"ScanOnPush": value})


def registry(filter_: str) -> dict[str, Any]:
    rule = {"ScanFrequency": "SCAN_ON_PUSH", "RepositoryFilters": [{"Filter": filter_, "FilterType": "WILDCARD"}]}
    return resource("AWS::ECR::RegistryScanningConfiguration", ScanType="BASIC", Rules=[rule])


CASES = (
    RuleCases(
        "hosts.auto-minor-upgrade",
        (
            good("asked for", resources(It=resource(DATABASE, AutoMinorVersionUpgrade=True))),
            good("the default", resources(It=resource(DATABASE, Engine="postgres"))),
            good("a warehouse", resources(It=resource("AWS::Redshift::Cluster", AllowVersionUpgrade="true"))),
            bad("turned off", resources(It=resource(DATABASE, AutoMinorVersionUpgrade=False)), at=UPGRADE),
            bad("a broker", resources(It=resource("AWS::AmazonMQ::Broker", AutoMinorVersionUpgrade=False)), at=UPGRADE),
            bad(
                "a cache, behind a parameter's default",
                defaulted("false", It=resource("AWS::ElastiCache::ReplicationGroup", AutoMinorVersionUpgrade=OPEN)),
                at=UPGRADE,
            ),
            bad(
                "a warehouse that stays as it is",
                resources(It=resource("AWS::Redshift::Cluster", AllowVersionUpgrade=False)),
                at=("Properties.AllowVersionUpgrade",),
            ),
            unknown(
                "in one of two cases",
                conditional(It=resource(DATABASE, AutoMinorVersionUpgrade=either(True, False))),
                at=UPGRADE,
            ),
            not_applicable("a table", resources(It=resource("AWS::DynamoDB::Table"))),
        ),
    ),
    RuleCases(
        "hosts.ecr-scan-on-push",
        (
            good("scanned", resources(It=scanned(True))),
            not_applicable("the registry scans it all", resources(It=resource(REPOSITORY), All=registry("*"))),
            not_applicable(
                "the registry scans it by name",
                resources(It=resource(REPOSITORY, RepositoryName="shop/app"), All=registry("shop")),
            ),
            bad(
                "the registry scans others",
                resources(It=resource(REPOSITORY, RepositoryName="app"), All=registry("shop/*")),
                at=SCAN,
            ),
            bad("absent", resources(It=resource(REPOSITORY, RepositoryName="app")), at=SCAN),
            bad("turned off", resources(It=scanned("false")), at=SCAN),
            unknown("a parameter without default", opened(It=scanned(OPEN)), at=SCAN),
            not_applicable("a public repository", resources(It=resource("AWS::ECR::PublicRepository"))),
        ),
    ),
    RuleCases(
        "hosts.ecr-immutable-tags",
        (
            good("immutable", resources(It=resource(REPOSITORY, ImageTagMutability="IMMUTABLE"))),
            good(
                "immutable but for some",
                resources(It=resource(REPOSITORY, ImageTagMutability="IMMUTABLE_WITH_EXCLUSION")),
            ),
            bad("absent", resources(It=resource(REPOSITORY, RepositoryName="app")), at=TAGS),
            bad("mutable", resources(It=resource(REPOSITORY, ImageTagMutability="MUTABLE")), at=TAGS),
            unknown("a parameter without default", opened(It=resource(REPOSITORY, ImageTagMutability=OPEN)), at=TAGS),
            not_applicable("a public repository", resources(It=resource("AWS::ECR::PublicRepository"))),
        ),
    ),
    RuleCases(
        "hosts.lambda-runtime",
        (
            good("supported", resources(It=resource(FUNCTION, Runtime="python3.13"))),
            good("an image", resources(It=resource(FUNCTION, PackageType="Image"))),
            not_applicable(
                "the latest of each region, where the region is not known",
                {"Mappings": LATEST, **resources(It=resource(FUNCTION, Runtime=BY_REGION))},
                region=None,
            ),
            bad(
                "the latest of a region that is known",
                {"Mappings": LATEST, **resources(It=resource(FUNCTION, Runtime=BY_REGION))},
                at=("Properties.Runtime",),
                region="cn-north-1",
            ),
            bad("deprecated", resources(It=resource(FUNCTION, Runtime="python3.7")), at=("Properties.Runtime",)),
            bad(
                "a serverless function",
                resources(It=resource("AWS::Serverless::Function", Runtime="nodejs12.x")),
                at=("Properties.Runtime",),
            ),
            bad(
                "a parameter's default",
                defaulted("go1.x", It=resource(FUNCTION, Runtime=OPEN)),
                at=("Properties.Runtime",),
            ),
            unknown(
                "a parameter without default", opened(It=resource(FUNCTION, Runtime=OPEN)), at=("Properties.Runtime",)
            ),
            not_applicable("a layer", resources(It=resource("AWS::Lambda::LayerVersion"))),
        ),
    ),
    RuleCases(
        "hosts.fargate-platform",
        (
            good("the latest", resources(It=resource(SERVICE, PlatformVersion="LATEST"))),
            good("the default", resources(It=resource(SERVICE, LaunchType="FARGATE"))),
            bad(
                "an old one",
                resources(It=resource(SERVICE, PlatformVersion="1.3.0")),
                at=("Properties.PlatformVersion",),
            ),
            unknown(
                "a parameter without default",
                opened(It=resource(SERVICE, PlatformVersion=OPEN)),
                at=("Properties.PlatformVersion",),
            ),
            not_applicable("a cluster", resources(It=resource("AWS::ECS::Cluster"))),
        ),
    ),
)


@each_of(CASES)
def test_software_is_kept_up_to_date(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
