"""CloudWatch log groups: named, encrypted with a customer key, retained for a stated time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aws_cdk import Names, Stack, Token
from aws_cdk import aws_logs as logs

from nexis_constructs._checks import check_log_retention, removal_policy
from nexis_constructs.customer_key import USE_ACTIONS

if TYPE_CHECKING:
    from constructs import Construct

    from nexis_constructs.customer_key import CustomerKey


def path_name(scope: Construct, suffix: str) -> str:
    """Returns a name that says where a resource belongs: `/<stack>/<construct path>/<suffix>`.

    Args:
        scope: the construct the resource belongs to.
        suffix: what the resource is, such as `flow-logs`.
    """
    stack = Stack.of(scope)
    name = Names.unique_resource_name(stack) if Token.is_unresolved(stack.stack_name) else stack.stack_name
    inside = scope.node.path.removeprefix(stack.node.path).strip("/")
    parts = [name, *inside.split("/"), suffix]
    return "".join(f"/{re.sub(r'[^A-Za-z0-9_.-]+', '-', part)}" for part in parts if part)


def encrypted_log_group(
    scope: Construct, construct_id: str, *, name: str, key: CustomerKey, retention_days: int, retain: bool
) -> logs.CfnLogGroup:
    """Makes a log group and lets CloudWatch Logs use the key for this group alone.

    The name is fixed, because the key policy must name the group before it exists.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        name: the log group's name.
        key: the key that encrypts it.
        retention_days: days until events are deleted.
        retain: whether the group outlives its stack.

    Raises:
        ValueError: if CloudWatch Logs does not know the retention period.

    Source: Amazon CloudWatch Logs User Guide, Encrypt log data using AWS KMS.
    """
    check_log_retention("retention_days", retention_days)
    stack = Stack.of(scope)
    arn = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:{name}"
    key.allow_service(
        f"logs.{stack.region}.amazonaws.com",
        sid="LogGroup" + re.sub(r"[^A-Za-z0-9]", "", name)[-120:],
        actions=USE_ACTIONS,
        conditions={"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": arn}},
    )
    group = logs.CfnLogGroup(
        scope, construct_id, log_group_name=name, kms_key_id=key.key_arn, retention_in_days=retention_days
    )
    group.apply_removal_policy(removal_policy(retain=retain))
    return group
