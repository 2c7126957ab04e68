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
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened

CONDITION = ("Properties.PolicyDocument.Statement.0.Condition",)
SNS = {"Service": "sns.amazonaws.com"}
OWN = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def queue(principal: Any, kind: str = "AWS::SQS::QueuePolicy", **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sqs:SendMessage", "Resource": "*", **more}
    return resource(kind, PolicyDocument={"Statement": [statement]})


CASES = RuleCases(
    "access.confused-deputy",
    (
        good("for the own account", resources(It=queue(SNS, Condition=OWN))),
        good(
            "for one topic",
            resources(
                It=queue(SNS, Condition={"ArnEquals": {"aws:SourceArn": {"Ref": "T"}}}), T=resource("AWS::SNS::Topic")
            ),
        ),
        good(
            "for one bucket, whose ARN has no account",
            resources(
                It=queue(
                    {"Service": "s3.amazonaws.com"},
                    Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:archive-of-ours"}},
                )
            ),
        ),
        good(
            "for a topic that a parameter names", opened(It=queue(SNS, Condition={"ArnLike": {"aws:SourceArn": OPEN}}))
        ),
        good("a role", resources(It=queue({"AWS": "arn:aws:iam::111111111111:role/app"}))),
        good("a service that acts for the account", resources(It=queue({"Service": "ec2.amazonaws.com"}))),
        good("a deny", resources(It=queue(SNS, Effect="Deny"))),
        bad("for anybody's topics", resources(It=queue(SNS)), at=CONDITION),
        bad(
            "for anybody's trails",
            resources(It=queue({"Service": "cloudtrail.amazonaws.com"}, "AWS::S3::BucketPolicy")),
            at=CONDITION,
        ),
        bad(
            "a service with its region",
            resources(It=queue({"Service": ["ec2.amazonaws.com", "logs.eu-central-1.amazonaws.com"]})),
            at=CONDITION,
        ),
        bad(
            "a condition on something else",
            resources(It=queue(SNS, Condition={"Bool": {"aws:SecureTransport": "true"}})),
            at=CONDITION,
        ),
        bad(
            "anybody's topics by a pattern",
            resources(It=queue(SNS, Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}})),
            at=CONDITION,
        ),
        bad("a parameter's default", defaulted("events.amazonaws.com", It=queue({"Service": OPEN})), at=CONDITION),
        unknown(
            "an account only sometimes",
            conditional(It=queue(SNS, Condition=either(OWN, {"Bool": {"aws:SecureTransport": "true"}}))),
            at=CONDITION,
        ),
        unknown(
            "a policy that is none",
            resources(It=resource("AWS::SNS::TopicPolicy", PolicyDocument=["x"])),
            at=("Properties.PolicyDocument",),
        ),
        not_applicable("a role", resources(It=resource("AWS::IAM::Role"))),
    ),
)


@each(CASES)
def test_confused_deputy(case: Case) -> None:
    hold(CASES, case)
