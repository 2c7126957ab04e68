"""The policy hook where it is deployed: its function runs from the bundle, with what Lambda has and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from functions.policy_hook import index
from local_aws.launcher import LocalAws, running_local_aws
from nexis.config import load_configuration
from tests.support.baseline import synthesized_baseline
from tests.support.bootstrap import bootstrapped
from tests.support.hook_asked import about_stack, recorded
from tests.support.hook_bundle import publish_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[2]
STACK = "nexis-dev-policy-hook"


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with running_local_aws(region="eu-central-1") as server:
        yield server


@pytest.fixture(scope="module")
def ids(aws: LocalAws) -> dict[str, str]:
    """Physical ids by type: there is one of each that matters."""
    bootstrapped(aws.client, load_configuration(ROOT / "config" / "dev.toml"))
    template = synthesized_baseline("dev")["PolicyHook"]
    publish_bundle(aws.client, template)
    formation = aws.client("cloudformation")
    formation.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(template, separators=(",", ":")),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    formation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    listed = formation.describe_stack_resources(StackName=STACK)["StackResources"]
    return {resource["ResourceType"]: resource["PhysicalResourceId"] for resource in listed}


def invoked(aws: LocalAws, ids: dict[str, str], event: Any) -> dict[str, Any]:
    answer = aws.client("lambda").invoke(FunctionName=ids["AWS::Lambda::Function"], Payload=json.dumps(event).encode())
    assert "FunctionError" not in answer, answer["Payload"].read()
    found: dict[str, Any] = json.loads(answer["Payload"].read())
    return found


def test_the_deployed_function_judges_a_resource(aws: LocalAws, ids: dict[str, str]) -> None:
    refused = invoked(aws, ids, recorded("resource-update"))
    assert (refused["hookStatus"], refused["errorCode"]) == ("FAILED", "NonCompliant")
    assert "recovery.dynamodb-point-in-time at DDBTable" in refused["message"]
    sound = recorded("resource-update")
    sound["requestData"]["targetModel"]["resourceProperties"] |= {
        "DeletionProtectionEnabled": True,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    }
    assert invoked(aws, ids, sound)["hookStatus"] == "SUCCESS"


def test_the_deployed_function_stops_what_it_cannot_fetch(aws: LocalAws, ids: dict[str, str]) -> None:
    event = recorded("stack-update")
    event["requestData"]["payload"] = f"{aws.endpoint_url}/bucket/key"
    refused = invoked(aws, ids, event)
    assert (refused["hookStatus"], refused["errorCode"]) == ("FAILED", "InternalFailure")
    assert "expected https without a port" in refused["message"]


def test_the_hook_is_configured_as_the_template_says(aws: LocalAws, ids: dict[str, str]) -> None:
    formation = aws.client("cloudformation")
    arn = ids["AWS::CloudFormation::LambdaHook"]
    (found,) = formation.batch_describe_type_configurations(TypeConfigurationIdentifiers=[{"TypeArn": arn}])[
        "TypeConfigurations"
    ]
    hook = json.loads(found["Configuration"])["CloudFormationConfiguration"]["HookConfiguration"]
    assert (hook["HookInvocationStatus"], hook["FailureMode"]) == ("ENABLED", "FAIL")
    assert hook["Properties"]["LambdaFunction"].endswith(f":function:{ids['AWS::Lambda::Function']}")
    assert hook["StackFilters"]["StackNames"] == {"Include": ["nexis-dev-*"], "Exclude": [STACK]}


def test_imports_have_the_values_that_the_region_exports(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exports of a real stack, through the call that the function makes."""
    aws.client("cloudformation").create_stack(
        StackName="exporter",
        TemplateBody=json.dumps(
            {
                "Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.77.0.0/16"}}},
                "Outputs": {"Vpc": {"Value": {"Ref": "Vpc"}, "Export": {"Name": "exporter:Vpc"}}},
            }
        ),
    )
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    exports = index._exports("eu-central-1")
    assert exports["exporter:Vpc"].startswith("vpc-")
    group = {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"GroupDescription": "clients", "VpcId": {"Fn::ImportValue": "exporter:Vpc"}},
    }
    answer = about_stack({"Resources": {"It": group}}, exports=lambda _: index._exports("eu-central-1"))
    assert answer["hookStatus"] == "SUCCESS"
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    unreachable = about_stack({"Resources": {"It": group}}, exports=lambda _: index._exports("eu-central-1"))
    assert unreachable["errorCode"] == "InternalFailure"
    assert "the exports cannot be listed: EndpointConnectionError" in unreachable["message"]
