"""Reads synthesized templates in the tests of the database constructs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aws_cdk import App, CfnResource, Environment, Stack
from aws_cdk.assertions import Template

from tests.support.synthesis import ACCOUNT, REGION, new_app

if TYPE_CHECKING:
    from collections.abc import Mapping


def new_stack(construct_id: str = "Database", *, app: App | None = None, concrete: bool = True) -> Stack:
    """A stack of the development environment; not concrete: without a fixed account and region."""
    return Stack(
        app or new_app(),
        construct_id,
        stack_name="nexis-test-database",
        env=Environment(account=ACCOUNT, region=REGION) if concrete else None,
    )


@dataclass(frozen=True)
class Synthesized:
    """The template of a stack."""

    stack: Stack

    @cached_property
    def resources(self) -> Mapping[str, Any]:
        """Resources by logical id."""
        found: Mapping[str, Any] = Template.from_stack(self.stack).to_json()["Resources"]
        return found

    def of_type(self, kind: str) -> dict[str, Any]:
        """Resources of one type, by logical id."""
        return {name: resource for name, resource in self.resources.items() if resource["Type"] == kind}

    def properties(self, resource: CfnResource) -> dict[str, Any]:
        """The properties of one resource."""
        found: dict[str, Any] = self.whole(resource)["Properties"]
        return found

    def whole(self, resource: CfnResource) -> dict[str, Any]:
        """One resource."""
        found: dict[str, Any] = self.resources[self.name(resource)]
        return found

    def name(self, resource: CfnResource) -> str:
        """The logical id of one resource."""
        return str(self.stack.resolve(resource.logical_id))


def flat(value: Any) -> Any:
    """A template value with its intrinsic functions written as text: `<Id>` and `<Id.Attribute>`."""
    if isinstance(value, list):
        return [flat(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((function, argument),) = value.items()
        if function == "Ref":
            return f"<{argument}>"
        if function == "Fn::GetAtt":
            return f"<{'.'.join(argument)}>"
        if function == "Fn::Join":
            return argument[0].join(flat(item) for item in argument[1])
        if function == "Fn::Base64":
            return flat(argument)
    return {key: flat(item) for key, item in value.items()}


def listed(value: Any) -> list[Any]:
    """A value of a policy that may stand alone or in a list."""
    return value if isinstance(value, list) else [value]


def rights_of_roles(resources: Mapping[str, Any], service: str) -> list[dict[str, Any]]:
    """Every statement that a role of one service has, through whatever policy."""
    statements: list[dict[str, Any]] = []
    for role in resources.values():
        if role["Type"] != "AWS::IAM::Role" or service not in json.dumps(
            role["Properties"]["AssumeRolePolicyDocument"]
        ):
            continue
        statements += [
            statement
            for policy in role["Properties"].get("Policies", [])
            for statement in policy["PolicyDocument"]["Statement"]
        ]
        for arn in role["Properties"].get("ManagedPolicyArns", []):
            statements += resources[arn["Ref"]]["Properties"]["PolicyDocument"]["Statement"]
    return statements


def actions_by_service(statements: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The actions of statements, by the prefix of their service."""
    found: dict[str, set[str]] = {}
    for statement in statements:
        for action in listed(statement["Action"]):
            found.setdefault(action.partition(":")[0], set()).add(action)
    return found


def endpoint_actions(resources: Mapping[str, Any]) -> dict[str, set[str]]:
    """The actions that the interface endpoints let through, by the last part of the endpoint's service name."""
    found: dict[str, set[str]] = {}
    for endpoint in resources.values():
        if endpoint["Type"] != "AWS::EC2::VPCEndpoint" or endpoint["Properties"]["VpcEndpointType"] != "Interface":
            continue
        service = flat(endpoint["Properties"]["ServiceName"]).rpartition(".")[2]
        for statement in endpoint["Properties"]["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                found.setdefault(service, set()).update(listed(statement["Action"]))
    return found
