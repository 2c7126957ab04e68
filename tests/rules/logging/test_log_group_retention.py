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
from tests.support.rule_templates import NO_VALUE, OPEN, allowed, conditional, defaulted, either, opened

AT = ("Properties.RetentionInDays",)


def log_group(days: Any) -> dict[str, Any]:
    return resource("AWS::Logs::LogGroup", RetentionInDays=days)


LONG_ENOUGH = RuleCases(
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

SET = RuleCases(
    "logging.log-group-retention-set",
    (
        good("a year", resources(It=log_group(365))),
        good("a day, which is the other rule's", resources(It=log_group(1))),
        good("handed in", opened(It=log_group(OPEN))),
        bad("absent", resources(It=resource("AWS::Logs::LogGroup")), at=AT),
        bad("nothing by NoValue", resources(It=log_group(NO_VALUE)), at=AT),
        unknown("only sometimes", conditional(It=log_group(either(365, NO_VALUE))), at=AT),
        unknown("handed in, where every value counts", opened(It=log_group(OPEN)), at=AT, strict=True),
        not_applicable("a stream", resources(It=resource("AWS::Logs::LogStream"))),
    ),
)
CASES = (LONG_ENOUGH, SET)


@each_of(CASES)
def test_log_group_retention(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
