from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, defaulted, opened

CONTROL = ("Properties.DistributionConfig.Origins.0.OriginAccessControlId",)
S3 = "archive.s3.eu-central-1.amazonaws.com"


def site(domain: Any = S3, **more: Any) -> dict[str, Any]:
    return resource(
        "AWS::CloudFront::Distribution",
        DistributionConfig={"Origins": [{"Id": "o", "DomainName": domain, **more}]},
    )


CASES = RuleCases(
    "access.cloudfront-origin-access",
    (
        good("an origin access control", resources(It=site(S3OriginConfig={}, OriginAccessControlId="E1"))),
        good("an origin access identity", resources(It=site(S3OriginConfig={"OriginAccessIdentity": "o/E1"}))),
        good("a server", resources(It=site("example.com", CustomOriginConfig={"OriginProtocolPolicy": "https-only"}))),
        good(
            "a website endpoint", resources(It=site("b.s3-website.eu-central-1.amazonaws.com", CustomOriginConfig={}))
        ),
        good(
            "a load balancer",
            resources(
                It=site({"Fn::GetAtt": ["L", "DNSName"]}), L=resource("AWS::ElasticLoadBalancingV2::LoadBalancer")
            ),
        ),
        bad("neither", resources(It=site()), at=CONTROL),
        bad("an empty identity", resources(It=site(S3OriginConfig={"OriginAccessIdentity": ""})), at=CONTROL),
        bad(
            "a bucket of the template",
            resources(It=site({"Fn::GetAtt": ["B", "RegionalDomainName"]}), B=resource("AWS::S3::Bucket")),
            at=CONTROL,
        ),
        bad("the old domain", resources(It=site("archive.s3.amazonaws.com")), at=CONTROL),
        bad("a parameter's default", defaulted(S3, It=site(OPEN)), at=CONTROL),
        unknown("an open domain", opened(It=site(OPEN)), at=("Properties.DistributionConfig.Origins.0.DomainName",)),
        not_applicable("a bucket", resources(It=resource("AWS::S3::Bucket"))),
    ),
)


@each(CASES)
def test_cloudfront_origin_access(case: Case) -> None:
    hold(CASES, case)
