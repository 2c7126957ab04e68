from __future__ import annotations

import json
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
        *(
            bad(
                f"everyone in a policy of {kind}",
                resources(It=resource(kind, **{name: allow("*")})),
                at=(f"Properties.{name}.Statement.0.Principal",),
            )
            for kind, name in (
                ("AWS::ECR::Repository", "RepositoryPolicyText"),
                ("AWS::EFS::FileSystem", "FileSystemPolicy"),
                ("AWS::Logs::Destination", "DestinationPolicy"),
                ("AWS::MSK::ClusterPolicy", "Policy"),
                ("AWS::SQS::QueueInlinePolicy", "PolicyDocument"),
                ("AWS::OpenSearchService::Domain", "AccessPolicies"),
            )
        ),
        bad(
            "a table for everyone",
            resources(It=resource("AWS::DynamoDB::Table", ResourcePolicy={"PolicyDocument": allow("*")})),
            at=("Properties.ResourcePolicy.PolicyDocument.Statement.0.Principal",),
        ),
        bad(
            "a destination for everyone, as text",
            resources(It=resource("AWS::Logs::Destination", DestinationPolicy=json.dumps(allow("*")))),
            at=("Properties.DestinationPolicy.Statement.0.Principal",),
        ),
        bad(
            "everyone but somebody",
            resources(It=resource(TOPIC, PolicyDocument={"Statement": {"Effect": "Allow", "NotPrincipal": ROLE}})),
            at=("Properties.PolicyDocument.Statement.0.NotPrincipal",),
        ),
        bad(
            "others are denied only when two things hold",
            resources(
                It=resource(
                    TOPIC,
                    PolicyDocument={
                        "Statement": [
                            *allow("*")["Statement"],
                            *allow(
                                "*",
                                Effect="Deny",
                                Condition={
                                    "StringNotEquals": {"aws:PrincipalOrgID": "o-1"},
                                    "Bool": {"aws:SecureTransport": "false"},
                                },
                            )["Statement"],
                        ]
                    },
                )
            ),
            at=("Properties.PolicyDocument.Statement.0.Principal",),
        ),
        good(
            "others are denied",
            resources(
                It=resource(
                    TOPIC,
                    PolicyDocument={
                        "Statement": [
                            *allow("*")["Statement"],
                            *allow("*", Effect="Deny", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}})[
                                "Statement"
                            ],
                        ]
                    },
                )
            ),
        ),
        good(
            "files by their mount targets",
            resources(
                It=resource(
                    "AWS::EFS::FileSystem",
                    FileSystemPolicy=allow(
                        {"AWS": "*"}, Condition={"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}
                    ),
                )
            ),
        ),
        good(
            "a domain in a network",
            resources(
                It=resource(
                    "AWS::OpenSearchService::Domain", VPCOptions={"SubnetIds": ["s"]}, AccessPolicies=allow("*")
                )
            ),
        ),
        good(
            "a domain that asks for a user",
            resources(
                It=resource(
                    "AWS::OpenSearchService::Domain",
                    AdvancedSecurityOptions={"Enabled": True},
                    AccessPolicies=allow("*"),
                )
            ),
        ),
        good(
            "an account that is chosen later",
            {
                "Parameters": {"Who": {"Type": "String"}},
                **resources(It=resource(TOPIC, PolicyDocument=allow({"AWS": {"Fn::Sub": "arn:aws:iam::${Who}:root"}}))),
            },
        ),
        not_applicable("a vault without a policy", resources(It=resource(VAULT, BackupVaultName="v"))),
        unknown(
            "a principal without default",
            {
                "Parameters": {"Who": {"Type": "String"}},
                **resources(It=resource(SECRET, SecretId="s", ResourcePolicy=allow({"AWS": {"Ref": "Who"}}))),
            },
            at=("Properties.ResourcePolicy.Statement.0.Principal.AWS",),
            strict=True,
        ),
        unknown(
            "a whole principal without default, which may be *",
            {
                "Parameters": {"Who": {"Type": "String"}},
                **resources(It=resource(SECRET, SecretId="s", ResourcePolicy=allow({"Ref": "Who"}))),
            },
            at=("Properties.ResourcePolicy.Statement.0.Principal",),
        ),
        good(
            "the ARN of a principal, by a parameter",
            {
                "Parameters": {"Who": {"Type": "String"}},
                **resources(It=resource(SECRET, SecretId="s", ResourcePolicy=allow({"AWS": {"Ref": "Who"}}))),
            },
        ),
        good(
            "the ARN of a principal, by an import, in JSON text",
            resources(
                It=resource(
                    "AWS::Logs::ResourcePolicy",
                    PolicyDocument={"Fn::ToJsonString": allow({"AWS": {"Fn::ImportValue": "writer"}})},
                )
            ),
        ),
        *(
            bad(
                f"a key for everyone: {principal}",
                resources(It=resource(kind, KeyPolicy=allow(principal))),
                at=("Properties.KeyPolicy.Statement.0.Principal",),
            )
            for kind, principal in (("AWS::KMS::Key", "*"), ("AWS::KMS::ReplicaKey", {"AWS": ["*"]}))
        ),
        good(
            "a key for everyone of this account",
            resources(
                It=resource(
                    "AWS::KMS::Key",
                    KeyPolicy=allow("*", Condition={"StringEquals": {"kms:CallerAccount": "111111111111"}}),
                )
            ),
        ),
        not_applicable("a key without a policy", resources(It=resource("AWS::KMS::Key"))),
        bad(
            "everyone beside an import, in JSON text",
            resources(
                It=resource(
                    "AWS::Logs::ResourcePolicy",
                    PolicyDocument={"Fn::ToJsonString": allow({"AWS": [{"Fn::ImportValue": "writer"}, "*"]})},
                )
            ),
            at=("Properties.PolicyDocument.Statement.0.Principal",),
        ),
    ),
)


@each(CASES)
def test_no_public_policy(case: Case) -> None:
    hold(CASES, case)
