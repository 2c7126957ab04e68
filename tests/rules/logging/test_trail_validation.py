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

AT = ("Properties.EnableLogFileValidation",)


def trail(**properties: Any) -> dict[str, Any]:
    return resource("AWS::CloudTrail::Trail", **properties)


CASES = RuleCases(
    "logging.trail-validation",
    (
        good("true", resources(It=trail(EnableLogFileValidation=True))),
        good("true as text", resources(It=trail(EnableLogFileValidation="true"))),
        bad("false", resources(It=trail(EnableLogFileValidation=False)), at=AT),
        bad("absent", resources(It=trail()), at=AT),
        bad("a parameter's default", defaulted("false", It=trail(EnableLogFileValidation=OPEN)), at=AT),
        good("a parameter's default that is true", defaulted("true", It=trail(EnableLogFileValidation=OPEN))),
        unknown("a parameter without default", opened(It=trail(EnableLogFileValidation=OPEN)), at=AT),
        unknown("a condition", conditional(It=trail(EnableLogFileValidation=either(True, False))), at=AT),
        unknown("a list", resources(It=trail(EnableLogFileValidation=[True])), at=AT),
        not_applicable("an event data store", resources(It=resource("AWS::CloudTrail::EventDataStore"))),
    ),
)


@each(CASES)
def test_trail_validation(case: Case) -> None:
    hold(CASES, case)
