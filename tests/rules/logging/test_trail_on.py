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
from tests.support.rule_templates import NO_VALUE, OPEN, defaulted, opened

SELECTORS, ADVANCED = ("Properties.EventSelectors",), ("Properties.AdvancedEventSelectors",)


def trail(**changes: Any) -> dict[str, Any]:
    return resource("AWS::CloudTrail::Trail", **{"IsLogging": True, "IncludeGlobalServiceEvents": True, **changes})


def advanced(*fields: Any) -> dict[str, Any]:
    return {"FieldSelectors": [{"Field": name, "Equals": list(values)} for name, *values in fields]}


MANAGEMENT = ("eventCategory", "Management")

CASES = RuleCases(
    "logging.trail-on",
    (
        good("on", resources(It=trail())),
        bad("off", resources(It=trail(IsLogging=False)), at=("Properties.IsLogging",)),
        bad("neither on nor off", resources(It=trail(IsLogging=NO_VALUE)), at=("Properties.IsLogging",)),
        bad(
            "no global events",
            resources(It=trail(IncludeGlobalServiceEvents="false")),
            at=("Properties.IncludeGlobalServiceEvents",),
        ),
        bad(
            "nothing about global events, in one region",
            resources(It=trail(IncludeGlobalServiceEvents=NO_VALUE)),
            at=("Properties.IncludeGlobalServiceEvents",),
        ),
        good(
            "nothing about global events, in all regions",
            resources(It=trail(IncludeGlobalServiceEvents=NO_VALUE, IsMultiRegionTrail=True)),
        ),
        good(
            "a selector for data, which includes management events by default",
            resources(It=trail(EventSelectors=[{"DataResources": []}])),
        ),
        good(
            "one of two selectors",
            resources(
                It=trail(
                    EventSelectors=[
                        {"IncludeManagementEvents": False},
                        {"IncludeManagementEvents": True, "ReadWriteType": "All"},
                    ]
                )
            ),
        ),
        bad(
            "no management events",
            resources(It=trail(EventSelectors=[{"IncludeManagementEvents": "false"}])),
            at=SELECTORS,
        ),
        bad("changes only", resources(It=trail(EventSelectors=[{"ReadWriteType": "WriteOnly"}])), at=SELECTORS),
        bad(
            "one service left out",
            resources(It=trail(EventSelectors=[{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}])),
            at=SELECTORS,
        ),
        good(
            "an advanced selector for management events",
            resources(It=trail(AdvancedEventSelectors=[advanced(MANAGEMENT)])),
        ),
        bad(
            "an advanced selector for data",
            resources(It=trail(AdvancedEventSelectors=[advanced(("eventCategory", "Data"))])),
            at=ADVANCED,
        ),
        bad(
            "an advanced selector for changes",
            resources(It=trail(AdvancedEventSelectors=[advanced(MANAGEMENT, ("readOnly", "false"))])),
            at=ADVANCED,
        ),
        bad("selectors that are text", resources(It=trail(AdvancedEventSelectors=["Management"])), at=ADVANCED),
        bad("a parameter's default", defaulted("false", It=trail(IsLogging=OPEN)), at=("Properties.IsLogging",)),
        unknown("a parameter without default", opened(It=trail(IsLogging=OPEN)), at=("Properties.IsLogging",)),
        unknown(
            "an open selector",
            opened(It=trail(EventSelectors=[{"IncludeManagementEvents": OPEN}])),
            at=("Properties.EventSelectors.0.IncludeManagementEvents",),
        ),
        unknown("open selectors", opened(It=trail(EventSelectors=OPEN)), at=SELECTORS),
        not_applicable("an event data store", resources(It=resource("AWS::CloudTrail::EventDataStore"))),
    ),
)


@each(CASES)
def test_trail_on(case: Case) -> None:
    hold(CASES, case)
