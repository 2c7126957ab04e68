"""What the tests here share: an account of the local AWS, and short names for CloudFormation."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from local_aws.launcher import LocalAws

REGION = "eu-central-1"


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def att(name: str, attribute: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, attribute]}


def allow(service: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


@dataclass
class Cloud:
    """An account of the local AWS, and what a test does with it."""

    server: LocalAws
    account: str
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self.server.client(service, account=self.account)
        return self._clients[service]

    def template(self, resources: Mapping[str, Any], outputs: Mapping[str, Any] | None = None) -> str:
        shown = {name: {"Value": value} for name, value in (outputs or {}).items()}
        return json.dumps({"Resources": resources, **({"Outputs": shown} if shown else {})})

    def deploy(
        self, stack: str, resources: Mapping[str, Any], outputs: Mapping[str, Any] | None = None, **more: Any
    ) -> dict[str, str]:
        """Create or update the stack; the physical ids by logical id."""
        formation = self.client("cloudformation")
        body = self.template(resources, outputs)
        request = {"StackName": stack, "TemplateBody": body, "Capabilities": ["CAPABILITY_NAMED_IAM"], **more}
        if self.status(stack) in {"", "DELETE_COMPLETE"}:
            formation.create_stack(**request)
        else:
            formation.update_stack(**request)
        status = self.status(stack)
        assert status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, f"{stack} is {status}: {self.failures(stack)}"
        listed = formation.describe_stack_resources(StackName=stack)["StackResources"]
        return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in listed}

    def outputs(self, stack: str) -> dict[str, str]:
        found = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def status(self, stack: str) -> str:
        try:
            found = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        except ClientError:
            return ""
        return str(found[0]["StackStatus"])

    def failures(self, stack: str) -> list[str]:
        events = self.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
            for event in events
            if "FAILED" in event["ResourceStatus"]
        ]

    def delete(self, stack: str) -> str:
        """Delete the stack; how it ended."""
        formation = self.client("cloudformation")
        identity = formation.describe_stacks(StackName=stack)["Stacks"][0]["StackId"]
        formation.delete_stack(StackName=stack)
        return self.status(identity)


def error_code(problem: pytest.ExceptionInfo[ClientError]) -> str:
    return str(problem.value.response["Error"]["Code"])
