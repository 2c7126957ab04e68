"""The tables of IAM actions, escalations, providers and resource policies."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from nexis.facts.access_policies import BUCKET_POLICIES, NARROWED_BY, RESOURCE_POLICIES
from nexis.facts.iam_actions import AS_OF, FOR_EXECUTION_ROLES, LISTS_OF_DATA, may_have_any_resource
from nexis.facts.iam_escalation import ESCALATIONS, TAMED_BY
from nexis.facts.identity_providers import SHARED_PROVIDERS

TABLE = json.loads(resources.files("nexis.facts").joinpath("data/iam_actions.json").read_text(encoding="utf-8"))
ACTIONS = {
    f"{service}:{name}".lower()
    for service, groups in TABLE["services"].items()
    for names in groups.values()
    for name in names.split()
}


def test_the_table_is_dated_and_no_action_is_in_two_groups() -> None:
    assert TABLE["as_of"] == AS_OF
    assert TABLE["source"]
    assert len(ACTIONS) > 15_000
    for service, groups in TABLE["services"].items():
        assert set(groups) <= {"unscoped", "listing", "scoped"}, service
        names = [name for group in groups.values() for name in group.lower().split()]
        assert len(names) == len(set(names)), service


@pytest.mark.parametrize(
    "action",
    [
        "ssmmessages:CreateDataChannel",
        "ssmmessages:*",
        "ec2:Describe*",
        "CloudWatch:PutMetricData",
        "ecr:GetAuthorizationToken",
        "s3:ListAllMyBuckets",
        "xray:PutTraceSegments",
        "logs:PutLogEvents",
        "iam:List*",
        "sts:GetCallerIdentity",
        "brandnewservice:ListThings",
        "brandnewservice:Describe*",
    ],
)
def test_actions_that_may_have_any_resource(action: str) -> None:
    assert may_have_any_resource(action)


@pytest.mark.parametrize(
    "action",
    [
        "s3:GetObject",
        "s3:Get*",
        "s3:*",
        "s3:List*",
        "s3:ListBucket",
        "kms:Decrypt",
        "dynamodb:Query",
        "secretsmanager:GetSecretValue",
        "ec2:StopInstances",
        "ec2:D*",
        "iam:PassRole",
        "brandnewservice:GetThing",
        "brandnewservice:*",
        "*",
        "",
    ],
)
def test_actions_that_can_be_narrowed(action: str) -> None:
    assert not may_have_any_resource(action)


def test_every_action_that_the_code_names_exists() -> None:
    escalating = {action for escalation in ESCALATIONS for action in escalation.actions}
    retired = {action for action in escalating if action.startswith(("codestar:", "glue:", "cloud9:", "datapipeline:"))}
    assert escalating - retired - ACTIONS == set()
    assert set() == (FOR_EXECUTION_ROLES | LISTS_OF_DATA) - ACTIONS
    assert set(TAMED_BY) <= escalating


def test_an_escalation_stands_once_and_says_how() -> None:
    ways = [escalation.actions for escalation in ESCALATIONS]
    assert len(ways) == len(set(ways))
    assert all(escalation.how for escalation in ESCALATIONS)
    assert all(action == action.lower() for way in ways for action in way)


def test_resource_policies_stand_once() -> None:
    rows = [(row.type, row.path) for row in RESOURCE_POLICIES]
    assert rows == sorted(set(rows), key=rows.index)
    assert [row.type for row in RESOURCE_POLICIES] == sorted(row.type for row in RESOURCE_POLICIES)
    assert not {row.type for row in RESOURCE_POLICIES} & set(BUCKET_POLICIES)
    assert set(NARROWED_BY) <= {row.type for row in RESOURCE_POLICIES}
    assert all(row.guards for row in RESOURCE_POLICIES)


def test_a_shared_provider_has_a_claim() -> None:
    hosts = [provider.host for provider in SHARED_PROVIDERS]
    assert len(hosts) == len(set(hosts))
    assert all(provider.claims for provider in SHARED_PROVIDERS)
