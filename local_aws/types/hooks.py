"""AWS::CloudFormation::LambdaHook."""

from __future__ import annotations

import json
from typing import Any

from local_aws import api
from local_aws.mends import Attributes, NewType, Place, Properties, pick

LAMBDA_HOOK = "AWS::Hooks::LambdaHook"


def hook_configuration(properties: Properties) -> str:
    """The properties as SetTypeConfiguration takes them.

    Args:
        properties: The hook's properties.
    """
    hook = pick(properties, "TargetOperations", "FailureMode", "TargetFilters", "StackFilters")
    hook["HookInvocationStatus"] = properties.get("HookStatus", "ENABLED")
    hook["Properties"] = {"LambdaFunction": properties["LambdaFunction"]}
    return json.dumps({"CloudFormationConfiguration": {"HookConfiguration": hook}})


def create_hook(properties: Properties, place: Place) -> tuple[str, Attributes]:
    """ActivateType and SetTypeConfiguration; Ref is the ARN."""
    del place
    return _put(properties)


def _put(properties: Properties) -> tuple[str, Attributes]:
    answer: dict[str, Any] = api.call(
        "cloudformation",
        "ActivateType",
        Type="HOOK",
        TypeName=LAMBDA_HOOK,
        PublisherId="aws-hooks",
        TypeNameAlias=properties["Alias"],
        ExecutionRoleArn=properties["ExecutionRole"],
    )
    arn = str(answer["Arn"])
    api.call("cloudformation", "SetTypeConfiguration", TypeArn=arn, Configuration=hook_configuration(properties))
    return arn, {"HookArn": arn}


def update_hook(arn: str, old: Properties, new: Properties) -> Attributes:
    """The same two calls again, where the template changed something."""
    return _put(new)[1] if old != new else {"HookArn": arn}


def delete_hook(arn: str, properties: Properties) -> None:
    """DeactivateType."""
    del properties
    api.call_forgiving("cloudformation", "DeactivateType", Arn=arn)


NEW_TYPES = {"AWS::CloudFormation::LambdaHook": NewType(create_hook, delete_hook, update_hook, replaces=("Alias",))}
