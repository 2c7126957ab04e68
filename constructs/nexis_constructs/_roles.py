"""Roles for AWS services whose rights are one managed policy of our own, with exact resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct


def allow(
    actions: Sequence[str], resources: Sequence[str], *, conditions: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Returns one statement of an identity policy.

    Args:
        actions: exact IAM actions.
        resources: exact ARNs.
        conditions: conditions, by operator.
    """
    statement: dict[str, Any] = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    return statement | ({"Condition": dict(conditions)} if conditions else {})


def service_role(
    scope: Construct,
    construct_id: str,
    *,
    service: str,
    description: str,
    statements: Sequence[Mapping[str, Any]],
    trust_conditions: Mapping[str, Any] | None = None,
) -> iam.CfnRole:
    """Makes a role that one AWS service may assume, and its managed policy.

    The policy exists before the role, so whoever waits for the role has the rights too.

    Args:
        scope: the construct they belong to.
        construct_id: the role's id there; the policy's is the same with `Policy` at the end.
        service: the service principal.
        description: what the role is for.
        statements: the rights, as made by `allow`.
        trust_conditions: conditions under which the service may assume the role.

    Returns:
        The role.
    """
    policy = iam.CfnManagedPolicy(
        scope,
        f"{construct_id}Policy",
        description=description,
        policy_document={"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]},
    )
    trust: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if trust_conditions:
        trust["Condition"] = dict(trust_conditions)
    return iam.CfnRole(
        scope,
        construct_id,
        description=description,
        assume_role_policy_document={"Version": "2012-10-17", "Statement": [trust]},
        managed_policy_arns=[policy.ref],
    )
