"""Stacks behave as CloudFormation's: what is kept, what is refused, and how long an answer takes."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from local_aws.launcher import running_local_aws
from local_aws.processes import family
from tests.local_aws.cloud import REGION, Cloud, allow, att, error_code, ref

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.real

GROUP = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": allow("lambda.amazonaws.com")}}


def provider(code: str) -> dict[str, Any]:
    properties = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": att("Role", "Arn"),
        "Timeout": 60,
        "Code": {"ZipFile": code},
    }
    return {"Role": ROLE, "Provider": {"Type": "AWS::Lambda::Function", "Properties": properties}}


ANSWERING = """
import cfnresponse
def handler(event, context):
    data = {"Sum": int(event["ResourceProperties"].get("A", 0)) + 1, "Asked": event["RequestType"]}
    cfnresponse.send(event, context, cfnresponse.SUCCESS, data, "sum")
"""
FAILING = """
import cfnresponse
def handler(event, context):
    status = cfnresponse.SUCCESS if event["RequestType"] == "Delete" else cfnresponse.FAILED
    cfnresponse.send(event, context, status, {}, "x", reason="as it should")
"""
SILENT = "def handler(event, context):\n    return 'nobody is told'\n"


def custom(timeout: int, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "Custom::Thing",
        "Properties": {"ServiceToken": att("Provider", "Arn"), "ServiceTimeout": timeout, **properties},
    }


def test_a_stack_shows_tags_outputs_resources_and_template(cloud: Cloud) -> None:
    formation = cloud.client("cloudformation")
    resources = {"Group": GROUP}
    ids = cloud.deploy("shown", resources, {"Name": ref("Group")}, Tags=[{"Key": "project", "Value": "example"}])
    (stack,) = formation.describe_stacks(StackName="shown")["Stacks"]
    assert stack["Tags"] == [{"Key": "project", "Value": "example"}]
    assert cloud.outputs("shown") == {"Name": ids["Group"]}
    assert stack["EnableTerminationProtection"] is False
    (listed,) = formation.list_stack_resources(StackName="shown")["StackResourceSummaries"]
    assert (listed["LogicalResourceId"], listed["ResourceType"], listed["ResourceStatus"]) == (
        "Group",
        "AWS::Logs::LogGroup",
        "CREATE_COMPLETE",
    )
    template = formation.get_template(StackName="shown")["TemplateBody"]
    assert (json.loads(template) if isinstance(template, str) else template)["Resources"] == resources
    assert "shown" in [
        s["StackName"] for s in formation.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]
    ]
    assert (
        cloud.client("logs").list_tags_for_resource(
            resourceArn=f"arn:aws:logs:{REGION}:{cloud.account}:log-group:{ids['Group']}"
        )["tags"]["project"]
        == "example"
    )


DATABASE = {"Engine": "postgres", "MasterUsername": "admin_", "ManageMasterUserPassword": True}
TAGGED: dict[str, Any] = {
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
    "Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {"IsLogging": True, "S3BucketName": ref("Bucket")}},
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}},
    "Flow": {
        "Type": "AWS::EC2::FlowLog",
        "Properties": {
            "ResourceId": ref("Vpc"),
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogDestinationType": "s3",
            "LogDestination": att("Bucket", "Arn"),
        },
    },
    "Zone": {
        "Type": "AWS::Route53::HostedZone",
        "Properties": {"Name": "db.internal", "VPCs": [{"VPCId": ref("Vpc"), "VPCRegion": REGION}]},
    },
    "Database": {
        "Type": "AWS::RDS::DBInstance",
        "DeletionPolicy": "Delete",
        "Properties": {**DATABASE, "DBInstanceClass": "db.m6gd.large", "AllocatedStorage": "20"},
    },
    "Cluster": {
        "Type": "AWS::RDS::DBCluster",
        "DeletionPolicy": "Delete",
        "Properties": {**DATABASE, "Engine": "aurora-postgresql"},
    },
}


def tags_of(cloud: Cloud, ids: dict[str, str], name: str) -> dict[str, str]:
    client, identity = cloud.client, ids[name]
    place = f"{REGION}:{cloud.account}"
    asked: dict[str, Callable[[], list[dict[str, str]]]] = {
        "Bucket": lambda: client("s3").get_bucket_tagging(Bucket=identity)["TagSet"],
        "Trail": lambda: client("cloudtrail").list_tags(
            ResourceIdList=[f"arn:aws:cloudtrail:{place}:trail/{identity}"]
        )["ResourceTagList"][0]["TagsList"],
        "Flow": lambda: client("ec2").describe_flow_logs(FlowLogIds=[identity])["FlowLogs"][0]["Tags"],
        "Zone": lambda: client("route53").list_tags_for_resource(ResourceType="hostedzone", ResourceId=identity)[
            "ResourceTagSet"
        ]["Tags"],
        "Database": lambda: client("rds").list_tags_for_resource(ResourceName=f"arn:aws:rds:{place}:db:{identity}")[
            "TagList"
        ],
        "Cluster": lambda: client("rds").describe_db_clusters(DBClusterIdentifier=identity)["DBClusters"][0]["TagList"],
    }
    return {tag["Key"]: tag["Value"] for tag in asked[name]() if not tag["Key"].startswith("aws:")}


def test_a_stacks_tags_are_on_what_it_makes_and_change_with_it(cloud: Cloud) -> None:
    names = ("Bucket", "Trail", "Flow", "Zone", "Database", "Cluster")
    before = cloud.deploy("tagged", TAGGED, Tags=[{"Key": "owner", "Value": "one"}, {"Key": "old", "Value": "yes"}])
    for name in names:
        assert tags_of(cloud, before, name) == {"owner": "one", "old": "yes"}, name
    after = cloud.deploy("tagged", TAGGED, Tags=[{"Key": "owner", "Value": "two"}])
    assert after == before, "another tag replaces nothing"
    for name in names:
        assert tags_of(cloud, after, name) == {"owner": "two"}, name


def test_a_retained_resource_stays(cloud: Cloud) -> None:
    ids = cloud.deploy("retaining", {"Group": {**GROUP, "DeletionPolicy": "Retain"}, "Other": GROUP})
    assert cloud.delete("retaining") == "DELETE_COMPLETE"
    left = {group["logGroupName"] for group in cloud.client("logs").describe_log_groups()["logGroups"]}
    assert ids["Group"] in left
    assert ids["Other"] not in left


def test_a_protected_stack_is_not_deleted(cloud: Cloud) -> None:
    formation = cloud.client("cloudformation")
    cloud.deploy("guarded", {"Group": GROUP})
    formation.update_termination_protection(StackName="guarded", EnableTerminationProtection=True)
    with pytest.raises(ClientError) as refused:
        formation.delete_stack(StackName="guarded")
    assert error_code(refused) == "ValidationError"
    assert "TerminationProtection is enabled" in str(refused.value)
    formation.update_termination_protection(StackName="guarded", EnableTerminationProtection=False)
    assert cloud.delete("guarded") == "DELETE_COMPLETE"


def test_a_type_nobody_knows_is_refused_before_anything_is_made(cloud: Cloud) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.deploy("unknown", {"Group": GROUP, "X": {"Type": "AWS::No::SuchThing", "Properties": {}}})
    assert "Unrecognized resource types: [AWS::No::SuchThing]" in str(refused.value)
    assert cloud.status("unknown") == ""


def test_an_update_that_changes_nothing_says_so(cloud: Cloud) -> None:
    cloud.deploy("same", {"Group": GROUP})
    with pytest.raises(ClientError) as refused:
        cloud.deploy("same", {"Group": GROUP})
    assert "No updates are to be performed" in str(refused.value)


def test_a_custom_resource_is_made_changed_and_ended(cloud: Cloud) -> None:
    resources = {**provider(ANSWERING), "Thing": custom(30, A="41")}
    outputs = {"Sum": att("Thing", "Sum"), "Asked": att("Thing", "Asked")}
    assert cloud.deploy("custom", resources, outputs)["Thing"] == "sum"
    assert cloud.outputs("custom") == {"Sum": "42", "Asked": "Create"}
    cloud.deploy("custom", {**resources, "Thing": custom(30, A="1")}, outputs)
    assert cloud.outputs("custom") == {"Sum": "2", "Asked": "Update"}
    assert cloud.delete("custom") == "DELETE_COMPLETE"


def test_a_failing_custom_resource_rolls_its_stack_back(cloud: Cloud) -> None:
    with pytest.raises(AssertionError, match=r"ROLLBACK_COMPLETE.*as it should"):
        cloud.deploy("failing", {**provider(FAILING), "Group": GROUP, "Thing": custom(30)})


def test_a_silent_custom_resource_ends_with_its_timeout(cloud: Cloud) -> None:
    with pytest.raises(AssertionError, match="timed out after 1s"):
        cloud.deploy("silent", {**provider(SILENT), "Thing": custom(1)})


def test_a_waiting_stack_holds_nobody_up(cloud: Cloud) -> None:
    """While one stack waits for a custom resource, others are made and answered at once."""
    body = cloud.template({**provider(SILENT), "Thing": custom(2)})
    request = {"StackName": "slow", "TemplateBody": body, "Capabilities": ["CAPABILITY_NAMED_IAM"]}
    slow = threading.Thread(
        target=cloud.server.client("cloudformation", account=cloud.account).create_stack, kwargs=request
    )
    slow.start()
    while cloud.status("slow") != "CREATE_IN_PROGRESS":
        time.sleep(0.02)
    began = time.monotonic()
    cloud.deploy("quick", {"Group": GROUP})
    assert time.monotonic() - began < 1.5, "another stack's custom resource was waited for"
    assert cloud.status("slow") == "CREATE_IN_PROGRESS"
    slow.join()


def test_four_stacks_at_once(cloud: Cloud) -> None:
    outcome: dict[str, str] = {}

    def deploy(name: str) -> None:
        own = Cloud(cloud.server, cloud.account)
        own.deploy(
            name,
            {
                **provider(ANSWERING),
                "Thing": custom(30, A="1"),
                "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
            },
        )
        outcome[name] = own.delete(name)

    threads = [threading.Thread(target=deploy, args=(f"parallel-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert outcome == {f"parallel-{number}": "DELETE_COMPLETE" for number in range(4)}


def test_a_change_set_of_a_new_stack_is_executed_and_answered_when_settled(cloud: Cloud) -> None:
    """The way of the CDK CLI."""
    formation = cloud.client("cloudformation")
    body = cloud.template({"Group": GROUP})
    made = formation.create_change_set(
        StackName="by-change-set", ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=body
    )
    assert formation.describe_change_set(ChangeSetName=made["Id"])["Status"] == "CREATE_COMPLETE"
    formation.execute_change_set(ChangeSetName="first", StackName="by-change-set")
    assert cloud.status("by-change-set") == "CREATE_COMPLETE"


def test_a_server_that_waits_for_a_custom_resource_ends_at_once(tmp_path: Path) -> None:
    with running_local_aws(region=REGION, state_dir=tmp_path) as server:
        cloud = Cloud(server, "000000000000")
        body = cloud.template(
            {**provider("import time\ndef handler(event, context):\n    time.sleep(600)\n"), "Thing": custom(600)}
        )
        request = {"StackName": "s", "TemplateBody": body, "Capabilities": ["CAPABILITY_NAMED_IAM"]}

        def create() -> None:
            with pytest.raises(Exception, match=r"(?i)connection|closed|reach"):
                server.client("cloudformation").create_stack(**request)

        waiting = threading.Thread(target=create)
        waiting.start()
        while len(members := family(server.pid)) < 2:
            time.sleep(0.02)
        began = time.monotonic()
    assert time.monotonic() - began < 1.5, "it took the grace period: SIGTERM alone did not end it"
    waiting.join(timeout=10)
    assert [member for member in members if family(member.pid)] == [], "the Lambda worker outlived its server"
    assert not any(tmp_path.glob("work-*")), "the work folder goes with the server"
