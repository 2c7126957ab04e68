"""CustomerKey: who may do what with the key, and what becomes of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from aws_cdk import aws_iam as iam

from nexis_constructs.customer_key import GRANT_ACTIONS, USE_ACTIONS, CustomerKey
from tests.support.synthesis import ACCOUNT, REGION, new_stack, template_of, the_only

OURS = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def key_of(key: CustomerKey) -> dict[str, Any]:
    return the_only(template_of(key.resource.stack), "AWS::KMS::Key")


def statements_of(key: CustomerKey) -> dict[str, dict[str, Any]]:
    return {it["Sid"]: it for it in key_of(key)["Properties"]["KeyPolicy"]["Statement"]}


def test_the_key_is_symmetric_and_rotates_every_year() -> None:
    properties = key_of(CustomerKey(new_stack(), "Key", purpose="flow logs"))["Properties"]
    assert properties["EnableKeyRotation"] is True
    assert properties["RotationPeriodInDays"] == 365
    assert (properties["KeySpec"], properties["KeyUsage"]) == ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
    assert properties["PendingWindowInDays"] == 30
    assert properties["Description"] == "Nexis: flow logs"


def test_administrators_look_after_the_key_but_cannot_use_it_or_stop_its_rotation() -> None:
    statements = statements_of(CustomerKey(new_stack(), "Key"))
    assert list(statements) == ["Administration"]
    actions = set(statements["Administration"]["Action"])
    assert not actions & {*USE_ACTIONS, *GRANT_ACTIONS} - {"kms:DescribeKey"}, "an administrator must not use the key"
    assert "kms:DisableKeyRotation" not in actions
    assert "kms:PutKeyPolicy" in actions, "KMS refuses a policy that locks everyone out"


def test_no_statement_has_a_wildcard_action_or_principal() -> None:
    key = CustomerKey(new_stack(), "Key")
    key.allow_via_service("rds")
    key.allow_service("logs.eu-central-1.amazonaws.com", sid="Logs", actions=USE_ACTIONS, conditions=OURS)
    for sid, statement in statements_of(key).items():
        assert not [action for action in statement["Action"] if "*" in action], sid
        assert statement["Principal"] not in ("*", {"AWS": "*"}), sid


def test_use_through_a_service_is_bound_to_the_account_the_service_and_the_region() -> None:
    key = CustomerKey(new_stack(), "Key")
    key.allow_via_service("rds")
    statements = statements_of(key)
    bound = {"kms:CallerAccount": ACCOUNT, "kms:ViaService": f"rds.{REGION}.amazonaws.com"}
    assert statements["UseThroughRds"]["Condition"] == {"StringEquals": bound}
    assert statements["UseThroughRds"]["Action"] == sorted(USE_ACTIONS)
    assert statements["GrantsThroughRds"]["Action"] == ["kms:CreateGrant"]
    assert statements["GrantsThroughRds"]["Condition"] == {
        "StringEquals": bound,
        "Bool": {"kms:GrantIsForAWSResource": "true"},
    }


def test_use_through_a_service_without_grants_creates_none() -> None:
    key = CustomerKey(new_stack(), "Key")
    key.allow_via_service("s3", actions=["kms:Decrypt"], grants=False)
    statements = statements_of(key)
    assert set(statements) == {"Administration", "UseThroughS3"}
    assert statements["UseThroughS3"]["Action"] == ["kms:Decrypt"]


def test_a_principal_gets_exactly_the_actions_asked_for() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/reader"
    key = CustomerKey(new_stack(), "Key")
    key.allow_principal(role, sid="Reader", actions=["kms:Decrypt"])
    assert statements_of(key)["Reader"] == {
        "Sid": "Reader",
        "Effect": "Allow",
        "Principal": {"AWS": role},
        "Action": ["kms:Decrypt"],
        "Resource": "*",
    }


def test_the_same_statement_twice_is_one_and_another_of_its_name_is_refused() -> None:
    key = CustomerKey(new_stack(), "Key")
    for _ in range(2):
        key.allow_via_service("rds")
    assert list(statements_of(key)) == ["Administration", "UseThroughRds", "GrantsThroughRds"]
    with pytest.raises(ValueError, match=r"UseThroughRds.*choose another"):
        key.allow_via_service("rds", actions=["kms:Decrypt"])


def test_a_grant_on_the_referenced_key_leaves_its_policy_alone() -> None:
    stack = new_stack()
    key = CustomerKey(stack, "Key")
    before = statements_of(key)
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    key.as_key().grant_encrypt_decrypt(role)
    assert key.as_key() is key.as_key()
    assert statements_of(key) == before


@pytest.mark.parametrize(
    ("retain", "deletion", "replacement"), [(True, "RetainExceptOnCreate", "Retain"), (False, "Delete", "Delete")]
)
def test_a_retained_key_outlives_its_stack(retain: bool, deletion: str, replacement: str) -> None:
    key = key_of(CustomerKey(new_stack(), "Key", retain=retain))
    assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == (deletion, replacement)


def test_a_stack_without_a_fixed_environment_names_its_own_account_and_region() -> None:
    key = CustomerKey(new_stack(agnostic=True), "Key")
    key.allow_via_service("rds")
    bound = statements_of(key)["UseThroughRds"]["Condition"]["StringEquals"]
    assert bound["kms:CallerAccount"] == {"Ref": "AWS::AccountId"}
    assert bound["kms:ViaService"] == {"Fn::Join": ["", ["rds.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]}


@pytest.mark.parametrize("days", [6, 31, 0, -1, True, 7.5])
def test_a_pending_window_that_kms_refuses_is_refused(days: Any) -> None:
    with pytest.raises(
        ValueError, match=re.escape(f"pending_window_days: got {days!r}; expected a whole number of days from 7 to 30")
    ):
        CustomerKey(new_stack(), "Key", pending_window_days=days)


@pytest.mark.parametrize("purpose", ["", " flow logs", "a" * 101, "line\nbreak", "<script>"])
def test_a_purpose_that_says_nothing_is_refused(purpose: str) -> None:
    with pytest.raises(ValueError, match="purpose: got"):
        CustomerKey(new_stack(), "Key", purpose=purpose)


def test_a_service_without_a_tie_to_a_source_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match=r"conditions: got \{\}; expected at least one condition"):
        CustomerKey(new_stack(), "Key").allow_service(
            "cloudtrail.amazonaws.com", sid="Trail", actions=["kms:GenerateDataKey"], conditions={}
        )


@pytest.mark.parametrize("arn", ["*", f"arn:aws:iam::{ACCOUNT}:role/*", "", "cloudtrail.amazonaws.com"])
def test_everyone_is_not_a_principal(arn: str) -> None:
    with pytest.raises(ValueError, match=r"arn: got .*; expected the ARN of one IAM principal"):
        CustomerKey(new_stack(), "Key").allow_principal(arn, sid="Everyone")


@pytest.mark.parametrize("actions", [[], ["kms:*"], ["kms:GenerateDataKey*"], ["*"], ["s3:GetObject"], "kms:Decrypt"])
def test_an_action_that_is_not_one_exact_kms_action_is_refused(actions: Any) -> None:
    with pytest.raises(ValueError, match="actions: got"):
        CustomerKey(new_stack(), "Key").allow_principal(
            f"arn:aws:iam::{ACCOUNT}:role/reader", sid="Reader", actions=actions
        )


@pytest.mark.parametrize("service", ["rds.amazonaws.com", "RDS", "", "r*"])
def test_a_service_is_named_by_its_prefix(service: str) -> None:
    with pytest.raises(ValueError, match="service: got"):
        CustomerKey(new_stack(), "Key").allow_via_service(service)
