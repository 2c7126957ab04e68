"""CloudFormation hooks: activated, configured and described, which MiniStack does not know; nothing invokes them.

Source: CloudFormation API Reference, ActivateType, SetTypeConfiguration, DescribeType,
BatchDescribeTypeConfigurations, ListTypes, DeactivateType.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id, get_region

from local_aws.faults import AwsError

if TYPE_CHECKING:
    from local_aws.mends import Answer, Call

HOOK: Final = "HOOK"
LAMBDA_HOOK: Final = "AWS::Hooks::LambdaHook"

#: Activated hooks by ARN, which holds account and region.
_HOOKS: dict[str, dict[str, Any]] = {}


def _arn(alias: str) -> str:
    return f"arn:aws:cloudformation:{get_region()}:{get_account_id()}:type/hook/{alias.replace('::', '-')}"


def _found(named: dict[str, Any]) -> dict[str, Any]:
    """The hook that a request names by ARN or by name.

    Args:
        named: The request, or one of its identifiers.

    Raises:
        AwsError: If there is none, or it names an extension of another kind.
    """
    arn = named.get("Arn") or named.get("TypeArn") or _arn(str(named.get("TypeName", "")))
    hook = _HOOKS.get(arn)
    if hook is None:
        name = named.get("TypeName") or arn
        raise AwsError("TypeNotFoundException", f"The type '{name}' cannot be found.")
    return hook


def activate(call: Call) -> dict[str, Any]:
    """ActivateType: Lambda hooks only, under an alias; again it changes the role."""
    asked = call.parameters
    if asked.get("Type") != HOOK or asked.get("TypeName") != LAMBDA_HOOK or not asked.get("TypeNameAlias"):
        raise AwsError("ValidationError", f"Only {LAMBDA_HOOK} can be activated here, under an alias.")
    arn = _arn(asked["TypeNameAlias"])
    hook = _HOOKS.setdefault(arn, {"arn": arn, "alias": asked["TypeNameAlias"], "configuration": "{}"})
    hook["role"] = asked.get("ExecutionRoleArn", "")
    return {"Arn": arn}


def configure(call: Call) -> dict[str, Any]:
    """SetTypeConfiguration: the whole configuration, which must be JSON."""
    hook = _found(call.parameters)
    try:
        json.loads(call.parameters["Configuration"])
    except ValueError:
        raise AwsError("ValidationError", "Configuration is not valid JSON.") from None
    hook["configuration"] = call.parameters["Configuration"]
    return {"ConfigurationArn": _configuration_arn(hook)}


def _configuration_arn(hook: dict[str, Any]) -> str:
    return f"{hook['arn'].replace(':type/', ':type-configuration/')}/default"


def described(call: Call) -> dict[str, Any]:
    """DescribeType."""
    hook = _found(call.parameters)
    return {
        "Arn": hook["arn"],
        "Type": HOOK,
        "TypeName": hook["alias"],
        "OriginalTypeName": LAMBDA_HOOK,
        "ExecutionRoleArn": hook["role"],
        "Visibility": "PRIVATE",
        "IsActivated": True,
    }


def configurations(call: Call) -> dict[str, Any]:
    """BatchDescribeTypeConfigurations: those that are there, and an error for each that is not."""
    found, errors = [], []
    for identifier in call.parameters["TypeConfigurationIdentifiers"]:
        try:
            hook = _found(identifier)
        except AwsError as problem:
            errors.append(
                {"ErrorCode": problem.code, "ErrorMessage": problem.message, "TypeConfigurationIdentifier": identifier}
            )
        else:
            found.append(
                {
                    "Arn": _configuration_arn(hook),
                    "Alias": "default",
                    "Configuration": hook["configuration"],
                    "TypeArn": hook["arn"],
                    "TypeName": hook["alias"],
                }
            )
    return {"TypeConfigurations": found, "Errors": errors, "UnprocessedTypeConfigurations": []}


def listed(call: Call) -> dict[str, Any]:
    """ListTypes: the activated hooks of this account and region."""
    if call.parameters.get("Type") != HOOK:
        return {"TypeSummaries": []}
    mine = _arn("")
    return {
        "TypeSummaries": [
            {
                "Type": HOOK,
                "TypeName": hook["alias"],
                "TypeArn": hook["arn"],
                "OriginalTypeName": LAMBDA_HOOK,
                "IsActivated": True,
            }
            for hook in _HOOKS.values()
            if hook["arn"].startswith(mine)
        ]
    }


def deactivate(call: Call) -> dict[str, Any]:
    """DeactivateType."""
    del _HOOKS[_found(call.parameters)["arn"]]
    return {}


ANSWERS: dict[tuple[str, str], Answer] = {
    ("cloudformation", "ActivateType"): activate,
    ("cloudformation", "BatchDescribeTypeConfigurations"): configurations,
    ("cloudformation", "DeactivateType"): deactivate,
    ("cloudformation", "DescribeType"): described,
    ("cloudformation", "ListTypes"): listed,
    ("cloudformation", "SetTypeConfiguration"): configure,
}
