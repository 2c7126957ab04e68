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

AT = "Properties.BackupPlan.BackupPlanRule.{}.Lifecycle.DeleteAfterDays"


def plan(*days: Any) -> dict[str, Any]:
    rules = [{"RuleName": f"r{n}", "Lifecycle": {"DeleteAfterDays": d}} for n, d in enumerate(days)]
    return resources(
        It=resource("AWS::Backup::BackupPlan", BackupPlan={"BackupPlanName": "p", "BackupPlanRule": rules})
    )


NO_END = {"BackupPlanName": "p", "BackupPlanRule": [{"RuleName": "r"}]}
TWO_WEEKS = RuleCases(
    "recovery.backup-plan-retention",
    (
        good("14 days", plan(14)),
        good("longer, as text", plan("35", 365)),
        good("no end: kept for ever", resources(It=resource("AWS::Backup::BackupPlan", BackupPlan=NO_END))),
        bad("a day", plan(1), at=(AT.format(0),)),
        bad("one of two rules", plan(35, 13), at=(AT.format(1),)),
        not_applicable("another type", resources(It=resource("AWS::S3::Bucket"))),
        unknown(
            "a parameter without default",
            {"Parameters": {"Days": {"Type": "Number"}}, **plan({"Ref": "Days"})},
            at=(AT.format(0),),
        ),
    ),
)

WEEK = RuleCases(
    "recovery.backup-plan-week",
    (
        good("a week", plan(7)),
        good("longer, as text", plan("35", 365)),
        good("no end: kept for ever", resources(It=resource("AWS::Backup::BackupPlan", BackupPlan=NO_END))),
        bad("a day", plan(1), at=(AT.format(0),)),
        bad("one of two rules", plan(35, "6"), at=(AT.format(1),)),
        bad(
            "a parameter's default",
            {"Parameters": {"Days": {"Type": "Number", "Default": 3}}, **plan({"Ref": "Days"})},
            at=(AT.format(0),),
        ),
        not_applicable("another type", resources(It=resource("AWS::S3::Bucket"))),
        unknown(
            "a parameter without default",
            {"Parameters": {"Days": {"Type": "Number"}}, **plan({"Ref": "Days"})},
            at=(AT.format(0),),
        ),
    ),
)
CASES = (TWO_WEEKS, WEEK)


@each_of(CASES)
def test_backup_plan_retention(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
