"""Whatever a synthesized template says, an independent client reads back: property by property, nothing left out."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from local_aws.launcher import LocalAws, running_local_aws
from nexis.config import load_configuration
from tests.deploy.read_back import READERS, TAGS, UNREADABLE, Deployed
from tests.support.baseline import synthesized_baseline
from tests.support.bootstrap import bootstrapped
from tests.support.hook_bundle import publish_bundle

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-central-1"
ORDER = ("Network", "Trail", "Database", "ManagedDatabase", "DeploymentAccess", "PolicyHook")


class Deployment:
    """The stacks of one environment, and what their intrinsic functions come to."""

    def __init__(self, aws: LocalAws, environment: str) -> None:
        configuration = load_configuration(ROOT / "config" / f"{environment}.toml")
        self.account = configuration.account
        self.tags = configuration.tags()
        self.client = partial(aws.client, account=self.account)
        self.templates = synthesized_baseline(environment)
        self.ids: dict[str, dict[str, str]] = {}
        bootstrapped(self.client, configuration)
        formation = self.client("cloudformation")
        for stack in ORDER:
            publish_bundle(self.client, self.templates[stack])
            formation.create_stack(
                StackName=self.name(environment, stack),
                TemplateBody=json.dumps(self.templates[stack], separators=(",", ":")),
                Capabilities=["CAPABILITY_NAMED_IAM"],
                Tags=[{"Key": key, "Value": value} for key, value in self.tags.items()],
            )
            listed = formation.describe_stack_resources(StackName=self.name(environment, stack))["StackResources"]
            self.ids[stack] = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in listed}
        self.exports = {export["Name"]: export["Value"] for export in formation.list_exports()["Exports"]}

    @staticmethod
    def name(environment: str, stack: str) -> str:
        """The name CloudFormation knows a stack by, which the exports of the others are written with."""
        return f"nexis-{environment}-" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", stack).lower()

    def attribute(self, stack: str, logical: str, attribute: str) -> str:
        """A Fn::GetAtt, from the identity and AWS's documented forms of an ARN."""
        identity = self.ids[stack][logical]
        kind = self.templates[stack]["Resources"][logical]["Type"]
        place = f"{REGION}:{self.account}"
        if (kind, attribute) == ("AWS::EC2::VPC", "DefaultSecurityGroup"):
            filters = [{"Name": "vpc-id", "Values": [identity]}, {"Name": "group-name", "Values": ["default"]}]
            groups = self.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
            return str(groups[0]["GroupId"])
        forms = {
            ("AWS::Backup::BackupPlan", "BackupPlanId"): identity,
            ("AWS::Backup::BackupVault", "BackupVaultArn"): f"arn:aws:backup:{place}:backup-vault:{identity}",
            ("AWS::EC2::LaunchTemplate", "LatestVersionNumber"): "1",
            ("AWS::EC2::LaunchTemplate", "LaunchTemplateId"): identity,
            ("AWS::EC2::SecurityGroup", "GroupId"): identity,
            ("AWS::IAM::InstanceProfile", "Arn"): f"arn:aws:iam::{self.account}:instance-profile/{identity}",
            ("AWS::IAM::OIDCProvider", "Arn"): identity,
            ("AWS::IAM::Role", "Arn"): f"arn:aws:iam::{self.account}:role/{identity}",
            ("AWS::KMS::Key", "Arn"): f"arn:aws:kms:{place}:key/{identity}",
            ("AWS::Lambda::Function", "Arn"): f"arn:aws:lambda:{place}:function:{identity}",
            ("AWS::Logs::LogGroup", "Arn"): f"arn:aws:logs:{place}:log-group:{identity}:*",
            ("AWS::RDS::DBInstance", "DBInstanceArn"): f"arn:aws:rds:{place}:db:{identity}",
            ("AWS::Route53::HostedZone", "Id"): identity,
            ("AWS::S3::Bucket", "Arn"): f"arn:aws:s3:::{identity}",
            ("AWS::SQS::Queue", "Arn"): f"arn:aws:sqs:{place}:{identity.rpartition('/')[2]}",
        }
        return forms[kind, attribute]

    def resolved(self, stack: str, value: Any) -> Any:
        """A template's value without intrinsic functions."""
        if isinstance(value, list):
            return [self.resolved(stack, item) for item in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Ref"}:
            pseudo = {"AWS::AccountId": self.account, "AWS::Partition": "aws", "AWS::Region": REGION}
            return pseudo.get(value["Ref"]) or self.ids[stack][value["Ref"]]
        if set(value) == {"Fn::GetAtt"}:
            return self.attribute(stack, *value["Fn::GetAtt"])
        if set(value) == {"Fn::Join"}:
            separator, parts = value["Fn::Join"]
            return separator.join(self.resolved(stack, parts))
        if set(value) == {"Fn::ImportValue"}:
            return self.exports[value["Fn::ImportValue"]]
        if set(value) == {"Fn::Base64"}:
            return base64.b64encode(self.resolved(stack, value["Fn::Base64"]).encode()).decode()
        unknown = [name for name in value if name.startswith("Fn::")]
        assert not unknown, f"got {unknown}, expected an intrinsic function that this test knows"
        return {name: self.resolved(stack, item) for name, item in value.items()}

    def resources(self) -> Iterator[tuple[str, str, str, Deployed]]:
        for stack in ORDER:
            for logical, resource in self.templates[stack]["Resources"].items():
                asked = self.resolved(stack, resource.get("Properties", {}))
                yield stack, logical, resource["Type"], Deployed(self.client, self.ids[stack][logical], asked)


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with running_local_aws(region=REGION) as server:
        yield server


@pytest.fixture(scope="module", params=["dev", "prod"])
def deployment(aws: LocalAws, request: pytest.FixtureRequest) -> Deployment:
    return Deployment(aws, request.param)


# Lists whose order says nothing.
UNORDERED = {
    "EnableCloudwatchLogsExports", "ManagedPolicyArns", "NotificationTypes", "RouteTableIds", "SecurityGroupEgress",
    "SecurityGroupIds", "SecurityGroupIngress", "SubnetIds", "Tags", "HostedZoneTags", "VPCSecurityGroups",
}  # fmt: skip


def canonical(value: Any, name: str = "") -> Any:
    """CloudFormation takes numbers and booleans as text too, and some lists in any order."""
    if isinstance(value, dict):
        return {key: canonical(item, key) for key, item in value.items()}
    if isinstance(value, list):
        items = [canonical(item) for item in value]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) if name in UNORDERED else items
    return str(value).lower() if isinstance(value, bool) else str(value)


def within(asked: Any, found: Any) -> Any:
    """What was found, without members that a default added beside those asked for; lists stay as long as they are."""
    if isinstance(asked, dict) and isinstance(found, dict):
        return {key: within(asked[key], found[key]) for key in asked if key in found}
    if isinstance(asked, list) and isinstance(found, list) and len(asked) == len(found):
        return [within(one, other) for one, other in zip(asked, found, strict=True)]
    return found


def test_every_type_has_a_reader_or_a_reason(deployment: Deployment) -> None:
    kinds = {kind for _, _, kind, _ in deployment.resources()}
    assert kinds - set(READERS) == {"AWS::CloudFormation::CustomResource"}, "its effect is judged on its own below"
    for _, _, kind, deployed in deployment.resources():
        if kind not in READERS:
            assert set(deployed.asked) <= set(UNREADABLE[kind])


def test_every_property_is_read_back(deployment: Deployment) -> None:
    differences = []
    for stack, logical, kind, deployed in deployment.resources():
        if kind not in READERS:
            continue
        found = READERS[kind](deployed)
        for name, value in deployed.asked.items():
            if name in UNREADABLE.get(kind, ()):
                continue
            asked = canonical(value, name)
            shown = within(asked, canonical(found[name], name)) if name in found else "nothing"
            if name.endswith("Tags"):  # the stack's own are among them
                shown = [tag for tag in shown if tag in asked]
            if shown != asked:
                differences.append(f"{stack}.{logical} ({kind}) {name}: got {shown}, expected {asked}")
    assert not differences, "\n".join(differences)


def test_the_tags_of_the_stack_are_on_everything_that_takes_tags(deployment: Deployment) -> None:
    without = []
    for stack, logical, kind, deployed in deployment.resources():
        try:
            found = TAGS[kind](deployed) if kind in TAGS else deployment.tags
        except deployment.client("s3").exceptions.ClientError as problem:  # S3 answers NoSuchTagSet where there is none
            found = {"error": str(problem)}
        missing = {key: value for key, value in deployment.tags.items() if found.get(key) != value}
        if missing:
            without.append(f"{stack}.{logical} ({kind}): got {found}, expected also {missing}")
    assert not without, "\n".join(without)


def test_the_default_group_is_closed(deployment: Deployment) -> None:
    closed = next(of for _, _, kind, of in deployment.resources() if kind == "AWS::CloudFormation::CustomResource")
    identity = closed.asked["SecurityGroupId"]
    (group,) = deployment.client("ec2").describe_security_groups(GroupIds=[identity])["SecurityGroups"]
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])
