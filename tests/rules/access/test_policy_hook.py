from __future__ import annotations

import json
from typing import Any

import pytest

from nexis.check import judge_resource
from nexis.rules.access.policy_hook import RULE
from nexis.templates.model import Assembly, read_document
from nexis.templates.resolver import ParameterSource
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


LEFT_OUT = "Properties.StackFilters.StackNames.Exclude"
CONFIGURATION = ("Properties.Configuration",)


def left_out(*names: Any) -> dict[str, Any]:
    return {"FilteringCriteria": "ALL", "StackNames": {"Exclude": list(names)}}


def configured(**changes: Any) -> dict[str, Any]:
    written = {"HookInvocationStatus": "ENABLED", "TargetOperations": ALL, "FailureMode": "FAIL", **changes}
    document = {"CloudFormationConfiguration": {"HookConfiguration": written}}
    return resource("AWS::CloudFormation::HookTypeConfig", Configuration=json.dumps(document))


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
        good("its own stack left out", resources(It=hook(StackFilters=left_out("policy-hook")))),
        good(
            "its own stack left out, by reference", resources(It=hook(StackFilters=left_out({"Ref": "AWS::StackName"})))
        ),
        bad("every stack left out", resources(It=hook(StackFilters=left_out("*"))), at=(f"{LEFT_OUT}.0",)),
        bad("stacks left out by a pattern", resources(It=hook(StackFilters=left_out("app-*"))), at=(f"{LEFT_OUT}.0",)),
        bad(
            "two stacks left out",
            resources(It=hook(StackFilters=left_out("policy-hook", "app"))),
            at=(f"{LEFT_OUT}.0", f"{LEFT_OUT}.1"),
        ),
        unknown("an open stack left out", opened(It=hook(StackFilters=left_out(OPEN))), at=(f"{LEFT_OUT}.0",)),
        bad(
            "whoever deploys with a role left out",
            resources(It=hook(StackFilters={"StackRoles": {"Exclude": ["arn:aws:iam::111111111111:role/ci"]}})),
            at=("Properties.StackFilters.StackRoles.Exclude",),
        ),
        unknown(
            "open names",
            opened(It=hook(StackFilters={"StackNames": {"Include": [OPEN]}})),
            at=("Properties.StackFilters.StackNames.Include",),
            strict=True,
        ),
        good("configured from elsewhere to stop", resources(It=configured())),
        *(
            bad(f"configured from elsewhere with {changes}", resources(It=configured(**changes)), at=CONFIGURATION)
            for changes in (
                {"FailureMode": "WARN"},
                {"HookInvocationStatus": "DISABLED"},
                {"HookInvocationStatus": None, "TargetStacks": "NONE", "TargetOperations": ALL, "FailureMode": "FAIL"},
                {"TargetOperations": ["RESOURCE"]},
                {"StackFilters": {"FilteringCriteria": "ALL", "StackNames": {"Include": ["none"]}}},
                {"TargetFilters": {"Actions": ["DELETE"]}},
            )
        ),
        *(
            bad(
                f"configured from elsewhere with {text!r}",
                resources(It=resource("AWS::CloudFormation::HookTypeConfig", Configuration=text)),
                at=CONFIGURATION,
            )
            for text in ("", "{", "[]", "{}", '{"CloudFormationConfiguration": []}', "7")
        ),
        unknown(
            "an open configuration",
            opened(It=resource("AWS::CloudFormation::HookTypeConfig", Configuration=OPEN)),
            at=CONFIGURATION,
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


@pytest.mark.parametrize(
    ("filters", "at"),
    [
        ({"Include": ["app-*"]}, []),
        ({"Include": ["app-database", "app-net*"]}, []),
        ({"Include": ["app-*"], "Exclude": ["app-hook"]}, []),
        ({"Include": ["app-database"]}, ["Properties.StackFilters.StackNames.Include"]),
        ({"Include": ["nobody"]}, ["Properties.StackFilters.StackNames.Include"]),
        ({"Exclude": ["app-database"]}, ["Properties.StackFilters.StackNames.Exclude.0"]),
        ({"Exclude": ["app-hook", "app-database"]}, ["Properties.StackFilters.StackNames.Exclude.1"]),
    ],
)
def test_every_other_stack_where_the_hook_is_comes_to_it(filters: dict[str, Any], at: list[str]) -> None:
    """The stack in another region is another hook's."""
    queue = resources(Queue=resource("AWS::SQS::Queue"))
    made = resources(It=hook(StackFilters={"FilteringCriteria": "ALL", "StackNames": filters}))
    stacks = {
        name: read_document(document, key=name, file=name, stack=name, account="111111111111", region=region)
        for name, document, region in (
            ("app-hook", made, "eu-central-1"),
            ("app-database", queue, "eu-central-1"),
            ("app-network", queue, "eu-central-1"),
            ("elsewhere", queue, "eu-west-1"),
        )
    }
    template = stacks["app-hook"]
    judgement = judge_resource(
        Assembly(templates=stacks), template, template.resources["It"], RULE, ParameterSource(strict=True)
    )
    assert [problem.property for problem in judgement.problems] == at
