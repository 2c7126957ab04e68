"""CloudFormation hooks: activated and configured by a stack, read back and changed past it; nothing invokes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.cloud import error_code

if TYPE_CHECKING:
    from tests.local_aws.cloud import Cloud

pytestmark = pytest.mark.real

ALIAS = "Private::Lambda::Policy"


def hook(**changes: Any) -> dict[str, Any]:
    properties = {
        "Alias": ALIAS,
        "ExecutionRole": "arn:aws:iam::000000000000:role/hook",
        "FailureMode": "FAIL",
        "HookStatus": "ENABLED",
        "LambdaFunction": "arn:aws:lambda:eu-central-1:000000000000:function:hook",
        "TargetOperations": ["RESOURCE", "STACK"],
    }
    return {"Type": "AWS::CloudFormation::LambdaHook", "Properties": {**properties, **changes}}


def refused(call: Any, **parameters: Any) -> str:
    """The code of the error that a call ends with."""
    with pytest.raises(ClientError) as problem:
        call(**parameters)
    return error_code(problem)


def configuration(cloud: Cloud, arn: str) -> dict[str, Any]:
    answer = cloud.client("cloudformation").batch_describe_type_configurations(
        TypeConfigurationIdentifiers=[{"TypeArn": arn}]
    )
    (found,) = answer["TypeConfigurations"]
    shown: dict[str, Any] = json.loads(found["Configuration"])["CloudFormationConfiguration"]["HookConfiguration"]
    return shown


def test_a_hook_is_made_changed_replaced_and_removed_with_its_stack(cloud: Cloud) -> None:
    formation = cloud.client("cloudformation")
    arn = cloud.deploy("hooks", {"Hook": hook()})["Hook"]
    assert arn == f"arn:aws:cloudformation:eu-central-1:{cloud.account}:type/hook/Private-Lambda-Policy"
    assert formation.describe_type(Arn=arn)["TypeName"] == ALIAS
    assert formation.describe_type(Type="HOOK", TypeName=ALIAS)["Arn"] == arn
    assert [summary["TypeArn"] for summary in formation.list_types(Type="HOOK")["TypeSummaries"]] == [arn]
    assert configuration(cloud, arn)["HookInvocationStatus"] == "ENABLED"
    assert cloud.deploy("hooks", {"Hook": hook(HookStatus="DISABLED")})["Hook"] == arn
    assert configuration(cloud, arn)["HookInvocationStatus"] == "DISABLED"
    other = cloud.deploy("hooks", {"Hook": hook(Alias="Private::Lambda::Other")})["Hook"]
    assert other != arn
    assert refused(formation.describe_type, Arn=arn) == "TypeNotFoundException"
    formation.delete_stack(StackName="hooks")
    assert refused(formation.describe_type, Arn=other) == "TypeNotFoundException"
    assert formation.list_types(Type="HOOK")["TypeSummaries"] == []


def test_a_hook_drifts_as_on_aws(cloud: Cloud) -> None:
    formation = cloud.client("cloudformation")
    arn = cloud.deploy("drift", {"Hook": hook()})["Hook"]
    changed = {"CloudFormationConfiguration": {"HookConfiguration": {"FailureMode": "WARN"}}}
    formation.set_type_configuration(TypeArn=arn, Configuration=json.dumps(changed))
    assert configuration(cloud, arn) == {"FailureMode": "WARN"}
    assert refused(formation.set_type_configuration, TypeArn=arn, Configuration="{") == "ValidationError"


def test_what_is_not_there_is_named(cloud: Cloud) -> None:
    formation = cloud.client("cloudformation")
    answer = formation.batch_describe_type_configurations(TypeConfigurationIdentifiers=[{"TypeArn": "arn:none"}])
    assert answer["TypeConfigurations"] == []
    assert answer["Errors"][0]["ErrorCode"] == "TypeNotFoundException"
    assert formation.list_types(Type="RESOURCE")["TypeSummaries"] == []
    code = refused(formation.activate_type, Type="HOOK", TypeName="AWS::Hooks::GuardHook", PublisherId="aws-hooks")
    assert code == "ValidationError"
