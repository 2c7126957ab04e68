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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, either, opened

STORE = "AWS::CloudTrail::EventDataStore"
OTHER = not_applicable("another type", resources(It=resource("AWS::S3::Bucket")))


def trail(**properties: Any) -> dict[str, Any]:
    return resource("AWS::CloudTrail::Trail", IsLogging=True, **properties)


def of(rule: str, name: str) -> RuleCases:
    at = (f"Properties.{name}",)
    return RuleCases(
        rule,
        (
            good("by name", resources(It=trail(**{name: "alias/trail"}))),
            good(
                "a parameter",
                {"Parameters": {"Open": {"Type": "String", "Default": "x"}}, **resources(It=trail(**{name: OPEN}))},
            ),
            bad("absent", resources(It=trail()), at=at),
            bad("no value", resources(It=trail(**{name: NO_VALUE})), at=at),
            unknown("sometimes", conditional(It=trail(**{name: either("x", NO_VALUE)})), at=at),
            OTHER,
        ),
    )


CASES = (
    of("logging.trail-encrypted", "KMSKeyId"),
    of("logging.trail-cloudwatch", "CloudWatchLogsLogGroupArn"),
    RuleCases(
        "logging.event-data-store",
        (
            good("nothing said", resources(It=resource(STORE, Name="events"))),
            good("ten years", resources(It=resource(STORE, RetentionPeriod=3653, MultiRegionEnabled=True))),
            bad("a month", resources(It=resource(STORE, RetentionPeriod=30)), at=("Properties.RetentionPeriod",)),
            bad(
                "one region, unprotected, stopped",
                resources(
                    It=resource(
                        STORE, MultiRegionEnabled=False, TerminationProtectionEnabled="false", IngestionEnabled=False
                    )
                ),
                at=(
                    "Properties.IngestionEnabled",
                    "Properties.MultiRegionEnabled",
                    "Properties.TerminationProtectionEnabled",
                ),
            ),
            OTHER,
            unknown("open", opened(It=resource(STORE, RetentionPeriod=OPEN)), at=("Properties.RetentionPeriod",)),
        ),
    ),
)


@each_of(CASES)
def test_trails(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
