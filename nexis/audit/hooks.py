"""CloudFormation's Lambda hooks: activated extensions with their configuration.

Source: CloudFormation API Reference, ListTypes, DescribeType, BatchDescribeTypeConfigurations; AWS CloudFormation Hooks
User Guide, "Hook configuration schema syntax reference".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import renamed, same, without_empty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.audit.model import Aws, Wanted

HOOK: Final = "AWS::CloudFormation::LambdaHook"
TYPES: Final = (HOOK,)
ORIGINAL: Final = "AWS::Hooks::LambdaHook"
"""What every Lambda hook is activated from, whatever its name in the account."""


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read hooks by ARN.

    Args:
        aws: who is asked.
        wanted: resources by id.
    """
    arns = set(wanted.of(HOOK))
    if wanted.everything:
        activated = aws.pages("cloudformation", "list_types", "TypeSummaries", Type="HOOK", Visibility="PRIVATE")
        arns |= {answer["TypeArn"] for answer in activated if answer.get("OriginalTypeName") == ORIGINAL}

    def ask(arn: str) -> Live | None:
        described = aws.call("cloudformation", "describe_type", Arn=arn, absent=("TypeNotFoundException",))
        if described is None:
            return None
        answer = aws.call(
            "cloudformation", "batch_describe_type_configurations", TypeConfigurationIdentifiers=[{"TypeArn": arn}]
        )
        return hook(described, (answer.get("TypeConfigurations") or [{}])[0])

    return [live for live in aws.each(ask, sorted(arns)) if live is not None]


def hook(described: Mapping[str, Any], configured: Mapping[str, Any]) -> Live:
    """Read a hook; one without a configuration is never invoked, and has no property of one.

    Args:
        described: of DescribeType.
        configured: of BatchDescribeTypeConfigurations.
    """
    document = json.loads(configured.get("Configuration") or "{}")
    found = (document.get("CloudFormationConfiguration") or {}).get("HookConfiguration") or {}
    properties = same(found, "FailureMode", "TargetOperations", "TargetFilters", "StackFilters")
    properties |= renamed(found, {"HookInvocationStatus": "HookStatus"})
    properties |= renamed(found.get("Properties") or {}, {"LambdaFunction": "LambdaFunction"})
    properties |= renamed(described, {"TypeName": "Alias", "ExecutionRoleArn": "ExecutionRole"})
    arn = described["Arn"]
    return Live(
        type=HOOK,
        identity=arn,
        name=f"hook:{described['TypeName']}",
        properties=without_empty(properties),
        attributes={arn: "HookArn"},
    )
