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
from tests.support.rule_templates import OPEN, opened

OTHER = not_applicable("another type", resources(It=resource("AWS::S3::Bucket")))
AGGREGATOR = "AWS::Config::ConfigurationAggregator"


def recorder(**group: Any) -> dict[str, Any]:
    return resource("AWS::Config::ConfigurationRecorder", RoleARN="r", RecordingGroup=group)


def detector(**more: Any) -> dict[str, Any]:
    return resource("AWS::GuardDuty::Detector", Enable=True, **more)


CASES = (
    RuleCases(
        "logging.config-recorder-all",
        (
            good("everything", resources(It=recorder(AllSupported="true"))),
            good("no group", resources(It=resource("AWS::Config::ConfigurationRecorder", RoleARN="r"))),
            good(
                "all but some",
                resources(It=recorder(RecordingStrategy={"UseOnly": "EXCLUSION_BY_RESOURCE_TYPES"})),
            ),
            bad(
                "some",
                resources(It=recorder(ResourceTypes=["AWS::EC2::VPC"])),
                at=("Properties.RecordingGroup.AllSupported",),
            ),
            bad(
                "some, as a strategy",
                resources(
                    It=recorder(AllSupported=False, RecordingStrategy={"UseOnly": "INCLUSION_BY_RESOURCE_TYPES"})
                ),
                at=("Properties.RecordingGroup.AllSupported",),
            ),
            OTHER,
            unknown("open", opened(It=recorder(AllSupported=OPEN)), at=("Properties.RecordingGroup.AllSupported",)),
        ),
    ),
    RuleCases(
        "logging.config-aggregator-all-regions",
        (
            good("accounts", resources(It=resource(AGGREGATOR, AccountAggregationSources=[{"AllAwsRegions": True}]))),
            good(
                "the organization",
                resources(It=resource(AGGREGATOR, OrganizationAggregationSource={"AllAwsRegions": True})),
            ),
            bad(
                "one region",
                resources(It=resource(AGGREGATOR, AccountAggregationSources=[{"AwsRegions": ["eu-west-1"]}])),
                at=("Properties.AccountAggregationSources.0.AllAwsRegions",),
            ),
            bad(
                "one region of the organization",
                resources(It=resource(AGGREGATOR, OrganizationAggregationSource={"AllAwsRegions": False})),
                at=("Properties.OrganizationAggregationSource.AllAwsRegions",),
            ),
            OTHER,
            unknown(
                "open",
                opened(It=resource(AGGREGATOR, AccountAggregationSources=[{"AllAwsRegions": OPEN}])),
                at=("Properties.AccountAggregationSources.0.AllAwsRegions",),
            ),
        ),
    ),
    RuleCases(
        "logging.guardduty-on",
        (
            good("on", resources(It=detector())),
            bad("off", resources(It=resource("AWS::GuardDuty::Detector", Enable=False)), at=("Properties.Enable",)),
            OTHER,
            unknown("open", opened(It=resource("AWS::GuardDuty::Detector", Enable=OPEN)), at=("Properties.Enable",)),
        ),
    ),
    RuleCases(
        "logging.guardduty-plans",
        (
            good("nothing said", resources(It=detector())),
            good("on", resources(It=detector(Features=[{"Name": "S3_DATA_EVENTS", "Status": "ENABLED"}]))),
            good("one that is not asked for", resources(It=detector(Features=[{"Name": "X", "Status": "DISABLED"}]))),
            bad(
                "off",
                resources(It=detector(Features=[{"Name": "RDS_LOGIN_EVENTS", "Status": "DISABLED"}])),
                at=("Properties.Features.0.Status",),
            ),
            bad(
                "off, the older way",
                resources(It=detector(DataSources={"S3Logs": {"Enable": False}})),
                at=("Properties.DataSources.S3Logs.Enable",),
            ),
            OTHER,
            unknown(
                "open",
                opened(It=detector(Features=[{"Name": "RDS_LOGIN_EVENTS", "Status": OPEN}])),
                at=("Properties.Features.0.Status",),
            ),
        ),
    ),
    RuleCases(
        "logging.macie-on",
        (
            good("nothing said", resources(It=resource("AWS::Macie::Session"))),
            good("on", resources(It=resource("AWS::Macie::Session", Status="ENABLED"))),
            bad("paused", resources(It=resource("AWS::Macie::Session", Status="PAUSED")), at=("Properties.Status",)),
            OTHER,
            unknown("open", opened(It=resource("AWS::Macie::Session", Status=OPEN)), at=("Properties.Status",)),
        ),
    ),
)


@each_of(CASES)
def test_watchers(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
