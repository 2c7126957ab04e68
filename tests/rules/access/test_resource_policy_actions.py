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
from tests.support.rule_templates import OPEN, defaulted, opened

FIRST = "Properties.PolicyDocument.Statement.0"
READER = {"AWS": "arn:aws:iam::111111111111:role/reader"}


def bucket(kind: str = "AWS::S3::BucketPolicy", **elements: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": READER, "Resource": "arn:aws:s3:::b/*", **elements}
    return resource(kind, PolicyDocument={"Statement": [statement]})


CASES = RuleCases(
    "access.resource-policy-actions",
    (
        good("one action", resources(It=bucket(Action="s3:GetObject"))),
        good("some actions by pattern", resources(It=bucket(Action=["s3:Get*", "s3:List*"]))),
        good("a deny of everything", resources(It=bucket(Action="*", Effect="Deny"))),
        good("a deny of all but some", resources(It=bucket(NotAction="s3:GetObject", Effect="Deny"))),
        good(
            "a whole domain",
            resources(
                It=resource(
                    "AWS::OpenSearchService::Domain",
                    AccessPolicies={"Statement": {"Effect": "Allow", "Principal": READER, "Action": "es:*"}},
                )
            ),
        ),
        bad("everything", resources(It=bucket(Action="*")), at=(f"{FIRST}.Action",)),
        bad("every action of S3", resources(It=bucket(Action=["s3:GetObject", "s3:*"])), at=(f"{FIRST}.Action",)),
        bad(
            "every action of SQS",
            resources(It=bucket("AWS::SQS::QueuePolicy", Action="SQS:*")),
            at=(f"{FIRST}.Action",),
        ),
        bad(
            "all but some",
            resources(It=bucket("AWS::SNS::TopicPolicy", NotAction="sns:Publish")),
            at=(f"{FIRST}.NotAction",),
        ),
        bad(
            "all resources but one",
            resources(It=bucket(Action="s3:GetObject", NotResource="arn:aws:s3:::b/x")),
            at=(f"{FIRST}.NotResource",),
        ),
        bad(
            "everything of one replica",
            resources(
                It=resource(
                    "AWS::DynamoDB::GlobalTable",
                    Replicas=[
                        {"Region": "eu-central-1"},
                        {"ResourcePolicy": {"PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "*"}}}},
                    ],
                )
            ),
            at=("Properties.Replicas.1.ResourcePolicy.PolicyDocument.Statement.0.Action",),
        ),
        bad("a parameter's default", defaulted("s3:*", It=bucket(Action=OPEN)), at=(f"{FIRST}.Action",)),
        unknown("an open action", opened(It=bucket(Action=OPEN)), at=(f"{FIRST}.Action",)),
        unknown(
            "open replicas",
            opened(It=resource("AWS::DynamoDB::GlobalTable", Replicas=OPEN)),
            at=("Properties.Replicas",),
        ),
        not_applicable("a table without a policy", resources(It=resource("AWS::DynamoDB::Table"))),
        not_applicable("a role", resources(It=resource("AWS::IAM::Role"))),
    ),
)


@each(CASES)
def test_resource_policy_actions(case: Case) -> None:
    hold(CASES, case)
