from __future__ import annotations

from typing import Any

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

SECRET, TOPIC = "AWS::SecretsManager::ResourcePolicy", "AWS::SNS::TopicPolicy"
QUEUE, VAULT = "AWS::SQS::QueuePolicy", "AWS::Backup::BackupVault"
TRAIL = {"StringEquals": {"aws:SourceAccount": "111111111111"}}
ROLE = {"AWS": "arn:aws:iam::111111111111:role/app"}


def allow(principal: Any, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


CASES = RuleCases(
    "access.no-public-policy",
    (
        good("a named role", resources(It=resource(SECRET, SecretId="s", ResourcePolicy=allow(ROLE)))),
        good("everyone of one account", resources(It=resource(TOPIC, PolicyDocument=allow("*", Condition=TRAIL)))),
        good("everyone is denied", resources(It=resource(QUEUE, PolicyDocument=allow("*", Effect="Deny")))),
        bad(
            "a secret for everyone",
            resources(It=resource(SECRET, SecretId="s", ResourcePolicy=allow("*"))),
            at=("Properties.ResourcePolicy.Statement.0.Principal",),
        ),
        bad(
            "a topic for every account",
            resources(It=resource(TOPIC, PolicyDocument=allow({"AWS": ["*"]}))),
            at=("Properties.PolicyDocument.Statement.0.Principal",),
        ),
        bad(
            "a queue, the policy as a list of one",
            resources(It=resource(QUEUE, PolicyDocument=allow({"AWS": "*"}))),
            at=("Properties.PolicyDocument.Statement.0.Principal",),
        ),
        bad(
            "backups for everyone",
            resources(It=resource(VAULT, BackupVaultName="v", AccessPolicy=allow("*"))),
            at=("Properties.AccessPolicy.Statement.0.Principal",),
        ),
        not_applicable("a vault without a policy", resources(It=resource(VAULT, BackupVaultName="v"))),
        unknown(
            "a principal without default",
            {
                "Parameters": {"Who": {"Type": "String"}},
                **resources(It=resource(SECRET, SecretId="s", ResourcePolicy=allow({"AWS": {"Ref": "Who"}}))),
            },
            at=("Properties.ResourcePolicy.Statement.0.Principal.AWS",),
        ),
    ),
)


@each(CASES)
def test_no_public_policy(case: Case) -> None:
    hold(CASES, case)
