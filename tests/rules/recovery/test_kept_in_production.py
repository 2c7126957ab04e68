from __future__ import annotations

from typing import Any

from nexis.facts.tags import ENVIRONMENT_TAG
from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, opened

PROD = [{"Key": ENVIRONMENT_TAG, "Value": "prod"}]


def kept(kind: str, deletion: Any = None, replacement: Any = None, **properties: Any) -> dict[str, Any]:
    made = resource(kind, Tags=PROD, **properties)
    if deletion is not None:
        made["DeletionPolicy"] = deletion
    if replacement is not None:
        made["UpdateReplacePolicy"] = replacement
    return made


TABLE = "AWS::DynamoDB::Table"
DATABASE = "AWS::RDS::DBInstance"
BOTH = ("DeletionPolicy", "UpdateReplacePolicy")


def hosts(environment: str) -> dict[str, Any]:
    return resource("AWS::AutoScaling::AutoScalingGroup", Tags=[{"Key": ENVIRONMENT_TAG, "Value": environment}])


def deployed_with(first: str, policy: str | None = None, second: str | None = None) -> dict[str, Any]:
    it: dict[str, Any] = {**resource(TABLE), "Metadata": {"aws:cdk:path": "Shop/Orders/Resource"}}
    if policy is not None:
        it |= {"DeletionPolicy": policy, "UpdateReplacePolicy": policy}
    return resources(It=it, First=hosts(first), Second=hosts(second or first))


CASES = RuleCases(
    "recovery.kept-in-production",
    (
        good("retained", resources(It=kept(TABLE, "Retain", "Retain"))),
        good("retained once it is there", resources(It=kept(TABLE, "RetainExceptOnCreate", "Retain"))),
        good("a snapshot of a database", resources(It=kept(DATABASE, "Snapshot", "Snapshot"))),
        good("a database's default", resources(It=kept(DATABASE, None, "Retain"))),
        bad("absent", resources(It=kept(TABLE)), at=BOTH),
        bad("deleted", resources(It=kept("AWS::KMS::Key", "Delete", "Delete")), at=BOTH),
        bad("a snapshot of what has none", resources(It=kept("AWS::S3::Bucket", "Snapshot", "Retain")), at=BOTH[:1]),
        bad("a database that is replaced", resources(It=kept(DATABASE, "Snapshot")), at=BOTH[1:]),
        bad("deployed with production hosts", deployed_with("prod"), at=BOTH),
        good("deployed with production hosts, and retained", deployed_with("prod", "Retain")),
        not_applicable("deployed with hosts of two environments", deployed_with("prod", None, "dev")),
        not_applicable("deployed with hosts of another environment", deployed_with("dev")),
        not_applicable("made without CDK, beside production hosts", resources(It=resource(TABLE), Host=hosts("prod"))),
        not_applicable("not in production", resources(It=resource(TABLE))),
        not_applicable("an instance of a cluster", resources(It=kept(DATABASE, DBClusterIdentifier="main"))),
        not_applicable("a queue", resources(It=resource("AWS::SQS::Queue", Tags=PROD))),
        unknown("open", opened(It=kept(TABLE, OPEN, "Retain")), at=BOTH[:1]),
        unknown("a list", resources(It=kept(TABLE, ["Retain"], "Retain")), at=BOTH[:1]),
    ),
)


@each(CASES)
def test_kept_in_production(case: Case) -> None:
    hold(CASES, case)
