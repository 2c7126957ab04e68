from __future__ import annotations

import json
from typing import Any

from nexis.audit import hooks
from nexis.audit.model import Wanted
from nexis.check import judge_resource
from nexis.rules.access.policy_hook import RULE
from nexis.templates.model import Assembly, read_document
from nexis.templates.resolver import ParameterSource
from tests.unit.audit.fake import FakeAws, Refused

ARN = "arn:aws:cloudformation:eu-central-1:111122223333:type/hook/Nexis-Baseline-Policy"
DESCRIBED = {
    "Arn": ARN,
    "Type": "HOOK",
    "TypeName": "Nexis::Baseline::Policy",
    "OriginalTypeName": "AWS::Hooks::LambdaHook",
    "ExecutionRoleArn": "arn:role",
}
HOOK = {
    "HookInvocationStatus": "ENABLED",
    "TargetOperations": ["RESOURCE", "STACK", "CHANGE_SET"],
    "FailureMode": "FAIL",
    "Properties": {"LambdaFunction": "arn:function"},
    "TargetFilters": {"Actions": ["CREATE", "UPDATE"]},
    "StackFilters": {"FilteringCriteria": "ALL", "StackNames": {"Exclude": ["hook"]}},
}


def configured(**changes: Any) -> dict[str, Any]:
    configuration = json.dumps({"CloudFormationConfiguration": {"HookConfiguration": {**HOOK, **changes}}})
    return {"TypeConfigurations": [{"TypeArn": ARN, "Configuration": configuration}], "Errors": []}


def test_a_hook_is_its_type_and_its_configuration() -> None:
    aws = FakeAws(
        {
            ("cloudformation", "describe_type"): DESCRIBED,
            ("cloudformation", "batch_describe_type_configurations"): configured(),
        }
    )
    (live,) = hooks.fetch(aws, Wanted(ids={hooks.HOOK: [ARN]}))
    assert live.properties == {
        "Alias": "Nexis::Baseline::Policy",
        "ExecutionRole": "arn:role",
        "FailureMode": "FAIL",
        "HookStatus": "ENABLED",
        "LambdaFunction": "arn:function",
        "StackFilters": {"FilteringCriteria": "ALL", "StackNames": {"Exclude": ["hook"]}},
        "TargetFilters": {"Actions": ["CREATE", "UPDATE"]},
        "TargetOperations": ["RESOURCE", "STACK", "CHANGE_SET"],
    }
    assert (live.identity, live.name, live.attributes) == (ARN, "hook:Nexis::Baseline::Policy", {ARN: "HookArn"})
    asked = {"TypeConfigurationIdentifiers": [{"TypeArn": ARN}]}
    assert aws.calls[1] == ("cloudformation", "batch_describe_type_configurations", asked)


def test_a_hook_that_is_gone_is_not_there() -> None:
    aws = FakeAws({("cloudformation", "describe_type"): Refused("TypeNotFoundException")})
    assert hooks.fetch(aws, Wanted(ids={hooks.HOOK: [ARN]})) == []


def test_of_a_region_every_lambda_hook_is_read_and_no_other() -> None:
    other = {"TypeArn": "arn:other", "OriginalTypeName": "AWS::Hooks::GuardHook"}
    aws = FakeAws(
        {
            ("cloudformation", "list_types"): [
                {"TypeArn": ARN, "OriginalTypeName": "AWS::Hooks::LambdaHook"},
                other,
                {"TypeArn": "arn:private"},
            ],
            ("cloudformation", "describe_type"): DESCRIBED,
            ("cloudformation", "batch_describe_type_configurations"): configured(),
        }
    )
    assert [live.identity for live in hooks.fetch(aws, Wanted(everything=True))] == [ARN]
    assert aws.calls[0][2] == {"Type": "HOOK", "Visibility": "PRIVATE"}


def test_a_hook_without_a_configuration_judges_nothing_and_fails() -> None:
    live = hooks.hook(DESCRIBED, {})
    assert set(live.properties) == {"Alias", "ExecutionRole"}
    template = read_document(
        {"Resources": {"It": {"Type": live.type, "Properties": dict(live.properties)}}}, key="live", file="live"
    )
    judgement = judge_resource(
        Assembly(templates={"live": template}), template, template.resources["It"], RULE, ParameterSource()
    )
    assert {problem.property for problem in judgement.problems} == {
        "Properties.FailureMode",
        "Properties.HookStatus",
        "Properties.TargetOperations",
    }
