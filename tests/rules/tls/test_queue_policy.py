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

QUEUE = resource("AWS::SQS::Queue")
POLICY = "AWS::SQS::QueuePolicy"


def deny(**changes: Any) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "sqs:*",
        "Resource": {"Fn::GetAtt": ["It", "Arn"]},
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        **changes,
    }


def with_policy(statement: Any, queues: Any = None, queue: Any = None) -> dict[str, Any]:
    return resources(
        It=queue or QUEUE,
        Policy=resource(
            POLICY,
            Queues=queues or [{"Ref": "It"}],
            PolicyDocument={"Version": "2012-10-17", "Statement": statement},
        ),
    )


NAMED = resource("AWS::SQS::Queue", QueueName="jobs")

CASES = RuleCases(
    "tls.queue-policy",
    (
        good(
            "a queue whose name a parameter says",
            {
                "Parameters": {"Name": {"Type": "String"}},
                **with_policy(
                    deny(Resource={"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Name}"}),
                    queue=resource("AWS::SQS::Queue", QueueName={"Ref": "Name"}),
                ),
            },
        ),
        good(
            "a queue that the policy names by its URL",
            with_policy(
                deny(Resource="arn:aws:sqs:eu-central-1:111111111111:jobs"),
                queues=[{"Fn::Sub": "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/jobs"}],
                queue=resource("AWS::SQS::Queue", QueueName="jobs"),
            ),
        ),
        good("as CDK's enforce_ssl writes it", with_policy([deny()])),
        good("SQS in capitals", with_policy([deny(Action="SQS:*")])),
        good("sending and receiving, named", with_policy([deny(Action=["sqs:SendMessage", "sqs:ReceiveMessage"])])),
        good("any queue", with_policy([deny(Resource="*")])),
        good(
            "a named queue by its ARN",
            with_policy([deny(Resource="arn:aws:sqs:eu-central-1:111111111111:jobs")], queue=NAMED),
        ),
        good(
            "an inline policy resource",
            resources(
                It=QUEUE,
                Policy=resource(
                    "AWS::SQS::QueueInlinePolicy", Queue={"Ref": "It"}, PolicyDocument={"Statement": [deny()]}
                ),
            ),
        ),
        good(
            "a policy for a queue elsewhere",
            resources(
                It=resource(POLICY, Queues=["https://sqs/1/x"], PolicyDocument={"Statement": [deny(Resource="*")]})
            ),
        ),
        bad("no policy", resources(It=QUEUE), at=("Properties",)),
        bad("sending alone", with_policy([deny(Action="sqs:SendMessage")]), at=("Properties",)),
        bad("another queue's ARN", with_policy([deny(Resource="arn:aws:sqs:x:1:other")]), at=("Properties",)),
        bad(
            "a policy for a queue elsewhere that allows",
            resources(
                It=resource(POLICY, Queues=["https://sqs/1/x"], PolicyDocument={"Statement": [deny(Effect="Allow")]})
            ),
            at=("Properties.PolicyDocument",),
        ),
        not_applicable("no queue", resources(It=resource("AWS::SNS::Topic"))),
        good("a policy and its queue", with_policy(deny()), "Policy"),
        bad(
            "a policy that allows what its queue must refuse",
            with_policy(deny(Effect="Allow")),
            "Policy",
            at=("Properties.PolicyDocument",),
        ),
        unknown(
            "the effect is a parameter",
            {"Parameters": {"Effect": {"Type": "String"}}, **with_policy([deny(Effect={"Ref": "Effect"})])},
            at=("Properties",),
        ),
        unknown(
            "the queue is a parameter",
            {"Parameters": {"Queue": {"Type": "String"}}, **with_policy([deny()], [{"Ref": "Queue"}])},
            at=("Properties",),
        ),
    ),
)


@each(CASES)
def test_queue_policy(case: Case) -> None:
    hold(CASES, case)
