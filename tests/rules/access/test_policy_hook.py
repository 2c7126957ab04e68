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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, either, opened

ALL = ["RESOURCE", "STACK", "CHANGE_SET"]


def hook(kind: str = "LambdaHook", **changes: Any) -> dict[str, Any]:
    properties = {"FailureMode": "FAIL", "HookStatus": "ENABLED", "TargetOperations": ALL, **changes}
    return resource(f"AWS::CloudFormation::{kind}", **{name: value for name, value in properties.items() if value})


MODE = ("Properties.FailureMode",)
STATUS = ("Properties.HookStatus",)
TARGETS = ("Properties.TargetOperations",)
ACTIONS = ("Properties.TargetFilters.Actions",)

CASES = RuleCases(
    "access.policy-hook-fails-closed",
    (
        good("a hook on everything", resources(It=hook())),
        good("a Guard hook on everything", resources(It=hook("GuardHook"))),
        good("Cloud Control too", resources(It=hook(TargetOperations=[*ALL, "CLOUD_CONTROL"]))),
        good("not asked about deletions", resources(It=hook(TargetFilters={"Actions": ["UPDATE", "CREATE"]}))),
        good("all types, written out", resources(It=hook(TargetFilters={"TargetNames": ["*"]}))),
        good(
            "some stacks only",
            resources(It=hook(StackFilters={"FilteringCriteria": "ALL", "StackNames": {"Include": ["billing-*"]}})),
        ),
        bad("it only warns", resources(It=hook(FailureMode="WARN")), at=MODE),
        bad("a Guard hook that only warns", resources(It=hook("GuardHook", FailureMode="WARN")), at=MODE),
        bad("no failure mode", resources(It=hook(FailureMode=None)), at=MODE),
        bad("no failure mode by NoValue", resources(It=hook(FailureMode=NO_VALUE)), at=MODE),
        bad("switched off", resources(It=hook(HookStatus="DISABLED")), at=STATUS),
        bad("no status", resources(It=hook(HookStatus=None)), at=STATUS),
        bad(
            "off, and it would only warn",
            resources(It=hook(FailureMode="WARN", HookStatus="DISABLED")),
            at=MODE + STATUS,
        ),
        bad("resources only", resources(It=hook(TargetOperations=["RESOURCE"])), at=TARGETS),
        bad("one target as text", resources(It=hook(TargetOperations="STACK")), at=TARGETS),
        bad("no targets", resources(It=hook(TargetOperations=None)), at=TARGETS),
        bad("creations only", resources(It=hook(TargetFilters={"Actions": ["CREATE"]})), at=ACTIONS),
        bad(
            "buckets only",
            resources(It=hook(TargetFilters={"TargetNames": ["AWS::S3::*"]})),
            at=("Properties.TargetFilters.TargetNames",),
        ),
        bad(
            "the creation of buckets only",
            resources(
                It=hook(
                    TargetFilters={
                        "Targets": [
                            {"TargetName": "AWS::S3::Bucket", "Action": "CREATE", "InvocationPoint": "PRE_PROVISION"}
                        ]
                    }
                )
            ),
            at=("Properties.TargetFilters.Targets",),
        ),
        unknown("an open failure mode", opened(It=hook(FailureMode=OPEN)), at=MODE),
        unknown("an open status", opened(It=hook(HookStatus=OPEN)), at=STATUS),
        unknown("open targets", opened(It=hook(TargetOperations=OPEN)), at=TARGETS),
        unknown("an open target", opened(It=hook(TargetOperations=["RESOURCE", "STACK", OPEN])), at=TARGETS),
        unknown("only a warning sometimes", conditional(It=hook(FailureMode=either("WARN", "FAIL"))), at=MODE),
        not_applicable("a function", resources(It=resource("AWS::Lambda::Function"))),
    ),
)


@each(CASES)
def test_policy_hook(case: Case) -> None:
    hold(CASES, case)
