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
from tests.support.rule_templates import OPEN, allowed, defaulted, opened

AT = ("Properties.RetentionInDays",)


def log_group(days: Any) -> dict[str, Any]:
    return resource("AWS::Logs::LogGroup", RetentionInDays=days)


CASES = RuleCases(
    "logging.log-group-retention",
    (
        good("a year", resources(It=log_group(365))),
        good("ten years, as text", resources(It=log_group("3653"))),
        good("for ever", resources(It=resource("AWS::Logs::LogGroup"))),
        bad("six months", resources(It=log_group(180)), at=AT),
        bad("no number", resources(It=log_group("a year")), at=AT),
        bad("a parameter's default", defaulted("30", It=log_group(OPEN)), at=AT),
        bad("allowed values that agree", allowed(30, 60, It=log_group(OPEN)), at=AT),
        unknown("allowed values that disagree", allowed(30, 400, It=log_group(OPEN)), at=AT),
        unknown("a parameter without default", opened(It=log_group(OPEN)), at=AT),
        unknown("a list", resources(It=log_group([365])), at=AT),
        not_applicable("a stream", resources(It=resource("AWS::Logs::LogStream"))),
    ),
)


@each(CASES)
def test_log_group_retention(case: Case) -> None:
    hold(CASES, case)
