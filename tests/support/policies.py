"""What hosts may call, and what the endpoints of their network let through: read from templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INSIDE = ("ec2.amazonaws.com",)
"""Principals whose roles are used from inside the network. AWS's own services, and functions outside, are not."""


def host_actions(templates: Iterable[dict[str, Any]]) -> frozenset[str]:
    """Every action that a policy allows to a role used from inside the network."""
    return frozenset(action for template in templates for action in _host_actions(template))


def endpoint_actions(templates: Iterable[dict[str, Any]]) -> frozenset[str]:
    """Every action that the policy of some VPC endpoint allows."""
    return frozenset(
        action
        for template in templates
        for resource in template.get("Resources", {}).values()
        if resource["Type"] == "AWS::EC2::VPCEndpoint"
        for action in _allowed(resource["Properties"].get("PolicyDocument", {}))
    )


def _host_actions(template: dict[str, Any]) -> Iterator[str]:
    resources: dict[str, dict[str, Any]] = template.get("Resources", {})
    roles = {name for name, it in resources.items() if it["Type"] == "AWS::IAM::Role" and _used_inside(it)}
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        if name in roles:
            for policy in properties.get("Policies", []):
                yield from _allowed(policy["PolicyDocument"])
            for arn in properties.get("ManagedPolicyArns", []):
                yield from _allowed(resources[arn["Ref"]]["Properties"]["PolicyDocument"])
        elif resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy") and any(
            role.get("Ref") in roles for role in properties.get("Roles", [])
        ):
            yield from _allowed(properties["PolicyDocument"])


def _used_inside(role: dict[str, Any]) -> bool:
    trust = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    return any(service in INSIDE for it in trust for service in _list(it["Principal"].get("Service", [])))


def _allowed(document: dict[str, Any]) -> Iterator[str]:
    for statement in _list(document.get("Statement", [])):
        if statement["Effect"] == "Allow":
            yield from _list(statement["Action"])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
