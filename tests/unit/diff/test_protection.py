"""Encryption, logging and recovery that went, although every rule may still be content."""

from __future__ import annotations

from typing import Any

import pytest

from nexis.diff.protection import compare_protection
from nexis.diff.sides import Sides
from nexis.facts.protected_properties import PROTECTED
from nexis.facts.protective_order import GUARDS, ORDERS, order_of, promise_of, tls_version
from nexis.templates.resolver import ParameterSource
from tests.support.changes import compared, resource, told
from tests.support.templates import assembly, template

KEY = {"Fn::GetAtt": ["K", "Arn"]}


def went(kind: str, before: dict[str, Any], after: dict[str, Any], direction: str = "weaker", **more: Any) -> list[str]:
    """Compare one resource by its properties alone: what a rule says of them too is left to the rule in a report."""
    documents = [{"K": resource("KMS::Key"), "It": resource(kind, **side)} for side in (before, after)]
    base, head = ([assembly(template({"Resources": found, **more}))] for found in documents)
    sides = Sides(base, head, ParameterSource(), lambda one: one.file)
    return sorted(change.message for change in compare_protection(sides) if change.direction == direction)


@pytest.mark.parametrize(
    ("kind", "strong", "weak", "path"),
    [
        ("RDS::DBCluster", {"BackupRetentionPeriod": 35}, {"BackupRetentionPeriod": "14"}, "BackupRetentionPeriod"),
        ("CloudFront::Distribution", None, None, "MinimumProtocolVersion"),
        ("Logs::LogGroup", {"RetentionInDays": 731}, {"RetentionInDays": 400}, "RetentionInDays"),
        ("Logs::LogGroup", {}, {"RetentionInDays": 3653}, "RetentionInDays"),
        ("SQS::Queue", {"KmsMasterKeyId": KEY}, {"KmsMasterKeyId": "alias/aws/sqs"}, "KmsMasterKeyId"),
        ("S3::Bucket", {"LoggingConfiguration": {"DestinationBucketName": "logs"}}, {}, "DestinationBucketName"),
        ("EC2::Volume", {"Encrypted": True}, {"Encrypted": {"Ref": "AWS::NoValue"}}, "Encrypted"),
        ("IAM::Role", {}, {"MaxSessionDuration": 43200}, "MaxSessionDuration"),
        (
            "RDS::DBParameterGroup",
            {"Parameters": {"ssl_min_protocol_version": "TLSv1.3"}},
            {"Parameters": {"ssl_min_protocol_version": "TLSv1.2"}},
            "ssl_min_protocol_version",
        ),
        (
            "ElasticLoadBalancingV2::LoadBalancer",
            {
                "LoadBalancerAttributes": [
                    {"Key": "deletion_protection.enabled", "Value": "true"},
                    {"Key": "a", "Value": 1},
                ]
            },
            {"LoadBalancerAttributes": [{"Key": "a", "Value": 1}]},
            "deletion_protection.enabled",
        ),
    ],
)
def test_each_degree(kind: str, strong: Any, weak: Any, path: str) -> None:
    if strong is None:
        strong, weak = (
            {"DistributionConfig": {"ViewerCertificate": {"MinimumProtocolVersion": version}}}
            for version in ("TLSv1.3_2025", "TLSv1.2_2021")
        )
    weaker = [message for message in went(kind, strong, weak) if f"{path} is weaker" in message]
    assert len(weaker) == 1
    assert not went(kind, weak, strong)
    assert [message for message in went(kind, weak, strong, "stronger") if f"{path} is stronger" in message]
    assert went(kind, strong, strong) == []


def disks(*encrypted: Any) -> dict[str, Any]:
    return {"BlockDeviceMappings": [{"DeviceName": f"/dev/sd{n}", "Ebs": e} for n, e in enumerate(encrypted)]}


def test_of_a_list_the_weakest_counts() -> None:
    on: dict[str, Any] = {"Encrypted": True}
    assert went("EC2::Instance", disks(on), disks(on, on)) == []
    assert went("EC2::Instance", disks(on, {"Encrypted": False}), disks({"Encrypted": False}, on)) == []
    (said,) = went("EC2::Instance", disks(on), disks(on, {"VolumeSize": 8}))
    assert said.startswith("It: BlockDeviceMappings.Ebs.Encrypted is weaker, true before and nothing now")


def test_logs_that_are_no_longer_exported() -> None:
    both, one = ({"EnableCloudwatchLogsExports": names} for names in (["postgresql", "upgrade"], ["postgresql"]))
    (said,) = went("RDS::DBInstance", both, one)
    assert said.startswith("It: EnableCloudwatchLogsExports is weaker, upgrade before")
    assert went("RDS::DBInstance", one, both) == []


OPEN: Any = {"Parameters": {"Days": {"Type": "String"}, "Key": {"Type": "String"}}}


def test_what_cannot_be_known_is_weaker_when_it_was_known() -> None:
    known, opened = {"BackupRetentionPeriod": 14}, {"BackupRetentionPeriod": {"Ref": "Days"}}
    assert any("a value that cannot be known" in message for message in went("RDS::DBCluster", known, opened, **OPEN))
    assert went("RDS::DBCluster", opened, opened, **OPEN) == []
    # A key that whoever deploys has to name is a key.
    assert went("SQS::Queue", {"KmsMasterKeyId": KEY}, {"KmsMasterKeyId": {"Ref": "Key"}}, **OPEN) == []


def keeping(deletion: Any, replacement: Any = "Retain") -> dict[str, Any]:
    policies = {"at_DeletionPolicy": deletion, "at_UpdateReplacePolicy": replacement}
    return {name: policy for name, policy in policies.items() if policy is not None}


@pytest.mark.parametrize(
    ("kind", "strong", "weak", "said"),
    [
        (
            "RDS::DBInstance",
            keeping("Snapshot"),
            keeping("Delete"),
            "DeletionPolicy is weaker, Snapshot before",
        ),
        (
            "RDS::DBInstance",
            {},
            {"at_DeletionPolicy": "Delete"},
            "DeletionPolicy is weaker, Snapshot before",
        ),
        ("EC2::Volume", keeping("Retain"), keeping("Snapshot"), "DeletionPolicy is weaker, Retain before"),
        (
            "S3::Bucket",
            keeping("Retain"),
            keeping("Snapshot"),
            "Retain before and Delete now",
        ),
        ("DynamoDB::Table", keeping("RetainExceptOnCreate"), {"at_UpdateReplacePolicy": "Retain"}, "and Delete now"),
        (
            "KMS::Key",
            keeping("Retain"),
            keeping("Retain", None),
            "UpdateReplacePolicy is weaker, Retain",
        ),
        (
            "Logs::LogGroup",
            keeping("Retain"),
            keeping({"Ref": "P"}),
            "and a policy that cannot be known now",
        ),
    ],
)
def test_data_that_no_longer_outlives_its_resource(
    kind: str, strong: dict[str, Any], weak: dict[str, Any], said: str
) -> None:
    more: dict[str, Any] = {"Parameters": {"P": {"Type": "String"}}}
    (message,) = went(kind, strong, weak, **more)
    assert said in message
    assert went(kind, weak, strong, **more) == []
    (better,) = went(kind, weak, strong, "stronger", **more)
    assert "is stronger" in better
    assert went(kind, weak, weak, **more) == went(kind, weak, weak, "stronger", **more) == []


def test_policies_that_keep_as_much_and_resources_that_hold_nothing() -> None:
    assert went("S3::Bucket", keeping("Retain"), keeping("RetainExceptOnCreate")) == []
    assert went("EC2::SecurityGroup", keeping("Retain"), keeping("Delete", "Delete")) == []


def test_a_flow_log_that_goes_and_one_that_goes_with_its_network() -> None:
    network = {"Vpc": resource("EC2::VPC", CidrBlock="10.0.0.0/16")}
    log = {"Log": resource("EC2::FlowLog", ResourceId={"Ref": "Vpc"}, ResourceType="VPC", TrafficType="ALL")}
    assert told({**network, **log}, network, "protection") == ["Log (AWS::EC2::FlowLog) is gone: traffic is recorded"]
    assert told({**network, **log}, {}, "protection") == []
    assert told(network, {**network, **log}, "protection", "stronger") == [
        "Log (AWS::EC2::FlowLog) is new: traffic is recorded"
    ]


def test_a_guard_whose_condition_no_longer_holds_is_gone() -> None:
    never: Any = {"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}}
    plan = {"Plan": resource("Backup::BackupPlan")}
    off = {"Plan": {**plan["Plan"], "Condition": "Never"}}
    assert told(plan, off, "protection", **never) == ["Plan (AWS::Backup::BackupPlan) is gone: backups are made"]


def test_what_a_rule_says_already_is_not_said_twice() -> None:
    found = compared(
        {"It": resource("RDS::DBInstance", Engine="postgres", MultiAZ=True)},
        {"It": resource("RDS::DBInstance", Engine="postgres", MultiAZ=False)},
    )
    about = [change for change in found.weaker if "MultiAZ" in change.message]
    assert [change.rule for change in about] == ["recovery.rds-multi-az"]


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("SSLv3", "TLSv1"),
        ("TLSv1", "TLSv1.1_2016"),
        ("TLSv1.2_2021", "TLSv1.3_2025"),
        ("ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-2-2021-06"),
        ("ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-TLS13-1-3-2021-06"),
        ("TLS_1_0", "TLS_1_2"),
        ("Policy-Min-TLS-1-0-2019-07", "Policy-Min-TLS-1-2-2019-07"),
        ("TLSv1.1", "TLSv1.2"),
    ],
)
def test_tls_versions_and_policies_are_ordered(weaker: str, stronger: str) -> None:
    low, high = tls_version(weaker), tls_version(stronger)
    assert low is not None
    assert high is not None
    assert low < high


def test_the_tables_hold_together() -> None:
    assert tls_version("anything else") is None
    for order in ORDERS:
        assert order.promise
        assert order.names
    assert all(promise for _, promise in GUARDS.values())
    # The words of a promise come from the protected properties, where it is one of them.
    path = ("BackupRetentionPeriod",)
    known = order_of("AWS::RDS::DBInstance", path)
    assert known is not None
    promises = {row.promise for row in PROTECTED if row.type == "AWS::RDS::DBInstance" and row.path == path[0]}
    assert promise_of("AWS::RDS::DBInstance", path, known) in promises
