from __future__ import annotations

from typing import Any

import pytest

from nexis.audit.model import AuditError
from nexis.audit.read import READ_TYPES, SERVICES, read
from tests.unit.audit.fake import ACCOUNT, REGION, FakeAws, Refused

GROUP = "AWS::Logs::LogGroup"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k-1"
ANSWERS: dict[tuple[str, str], Any] = {
    ("logs", "describe_log_groups"): [{"logGroupName": "/app", "arn": "arn:group:*", "kmsKeyId": KEY_ARN}],
    ("kms", "describe_key"): {"KeyMetadata": {"KeyId": "k-1", "Arn": KEY_ARN, "KeyManager": "CUSTOMER"}},
    ("kms", "get_key_policy"): {"Policy": "{}"},
    ("kms", "get_key_rotation_status"): {"KeyRotationEnabled": True},
}


def test_what_a_listed_resource_names_is_read_once() -> None:
    aws = FakeAws(ANSWERS)
    found = read(aws, {GROUP: ["/app"]})
    assert {live.key for live in found} == {(GROUP, "/app"), ("AWS::KMS::Key", "k-1")}
    assert [operation for _, operation, _ in aws.calls].count("describe_key") == 1


def test_a_network_that_a_listed_resource_lives_in_is_read_with_what_is_in_it() -> None:
    subnets = [{"SubnetId": f"subnet-{n}", "VpcId": "vpc-1"} for n in (1, 2)]

    def describe(**parameters: Any) -> list[Any]:
        [asked] = parameters["Filters"]
        member = {"vpc-id": "VpcId", "subnet-id": "SubnetId"}[asked["Name"]]
        return [subnet for subnet in subnets if subnet[member] in asked["Values"]]

    aws = FakeAws({("ec2", "describe_subnets"): describe, ("ec2", "describe_vpcs"): [{"VpcId": "vpc-1"}]})
    found = read(aws, {"AWS::EC2::Subnet": ["subnet-1"]})
    assert {live.identity for live in found} == {"subnet-1", "vpc-1", "subnet-2"}


def test_one_refused_call_stops_everything() -> None:
    answers = {**ANSWERS, ("kms", "get_key_policy"): Refused("AccessDeniedException")}
    with pytest.raises(AuditError, match="kms get-key-policy: AWS denies it"):
        read(FakeAws(answers), {GROUP: ["/app"]})


def test_an_answer_nobody_foresaw_stops_everything() -> None:
    answers = {("logs", "describe_log_groups"): [{"surprise": True}]}
    with pytest.raises(AuditError, match="logs: AWS's answer could not be read: KeyError"):
        read(FakeAws(answers), {GROUP: ["/app"]})


def test_every_type_is_read_by_one_service() -> None:
    assert len(READ_TYPES) == sum(len(service.TYPES) for service in SERVICES)
