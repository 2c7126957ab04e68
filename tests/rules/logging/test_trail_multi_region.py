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
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened

AT = ("Properties.IsMultiRegionTrail",)


def trail(**properties: Any) -> dict[str, Any]:
    return resource("AWS::CloudTrail::Trail", **properties)


CASES = RuleCases(
    "logging.trail-multi-region",
    (
        good("true", resources(It=trail(IsMultiRegionTrail=True))),
        good("true as text", resources(It=trail(IsMultiRegionTrail="true"))),
        bad("false", resources(It=trail(IsMultiRegionTrail=False)), at=AT),
        bad("absent", resources(It=trail()), at=AT),
        bad("a parameter's default", defaulted("false", It=trail(IsMultiRegionTrail=OPEN)), at=AT),
        good("a parameter's default that is true", defaulted("true", It=trail(IsMultiRegionTrail=OPEN))),
        unknown("a parameter without default", opened(It=trail(IsMultiRegionTrail=OPEN)), at=AT),
        unknown("a condition", conditional(It=trail(IsMultiRegionTrail=either(True, False))), at=AT),
        unknown("a list", resources(It=trail(IsMultiRegionTrail=[True])), at=AT),
        not_applicable("an event data store", resources(It=resource("AWS::CloudTrail::EventDataStore"))),
    ),
)


@each(CASES)
def test_trail_multi_region(case: Case) -> None:
    hold(CASES, case)
