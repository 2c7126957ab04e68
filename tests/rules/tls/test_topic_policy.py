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

TOPIC = resource("AWS::SNS::Topic")


def deny(**changes: Any) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": {"Ref": "It"},
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        **changes,
    }


def with_policy(statement: Any, topics: Any = None, topic: Any = None) -> dict[str, Any]:
    return resources(
        It=topic or TOPIC,
        Policy=resource(
            "AWS::SNS::TopicPolicy",
            Topics=topics or [{"Ref": "It"}],
            PolicyDocument={"Version": "2012-10-17", "Statement": statement},
        ),
    )


NAMED = resource("AWS::SNS::Topic", TopicName="alarms")

CASES = RuleCases(
    "tls.topic-policy",
    (
        good("as CDK's enforce_ssl writes it", with_policy([deny()])),
        good("one statement, not a list", with_policy(deny())),
        good("more actions", with_policy([deny(Action=["sns:Publish", "sns:Subscribe"])])),
        good("a pattern of actions", with_policy([deny(Action="SNS:Pub*")])),
        good("the second of two topics", with_policy([deny()], [{"Ref": "Other"}, {"Ref": "It"}])),
        good("any topic", with_policy([deny(Resource="arn:aws:sns:*:*:*")])),
        good(
            "a named topic by its ARN",
            with_policy([deny(Resource="arn:aws:sns:eu-central-1:111111111111:alarms")], topic=NAMED),
        ),
        good(
            "an inline policy resource",
            resources(
                It=TOPIC,
                Policy=resource(
                    "AWS::SNS::TopicInlinePolicy", TopicArn={"Ref": "It"}, PolicyDocument={"Statement": [deny()]}
                ),
            ),
        ),
        bad("no policy", resources(It=TOPIC), at=("Properties",)),
        bad(
            "another topic's policy",
            with_policy([deny()], ["arn:aws:sns:eu-central-1:111111111111:other"]),
            at=("Properties",),
        ),
        bad("another topic's ARN", with_policy([deny(Resource="arn:aws:sns:eu-central-1:1:x")]), at=("Properties",)),
        bad("publishing is not refused", with_policy([deny(Action="sns:Subscribe")]), at=("Properties",)),
        bad(
            "it denies TLS", with_policy([deny(Condition={"Bool": {"aws:SecureTransport": True}})]), at=("Properties",)
        ),
        bad("one account only", with_policy([deny(Principal={"AWS": "111111111111"})]), at=("Properties",)),
        bad(
            "a policy for a topic elsewhere that refuses nothing",
            resources(It=resource("AWS::SNS::TopicPolicy", Topics=["arn:aws:sns:x"], PolicyDocument={"Statement": []})),
            at=("Properties.PolicyDocument",),
        ),
        good("a policy and its topic", with_policy([deny()]), "Policy"),
        bad(
            "a policy that allows what its topic must refuse",
            with_policy([deny(Effect="Allow")]),
            "Policy",
            at=("Properties.PolicyDocument",),
        ),
        good(
            "a topic whose name a parameter says",
            {
                "Parameters": {"Name": {"Type": "String"}},
                **with_policy(
                    [deny(Resource={"Fn::Sub": "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${Name}"})],
                    topic=resource("AWS::SNS::Topic", TopicName={"Ref": "Name"}),
                ),
            },
        ),
        not_applicable("no topic", resources(It=resource("AWS::SQS::Queue"))),
        unknown(
            "the effect is a parameter",
            {"Parameters": {"Effect": {"Type": "String"}}, **with_policy([deny(Effect={"Ref": "Effect"})])},
            at=("Properties",),
        ),
        unknown(
            "the topic is a parameter",
            {"Parameters": {"Topic": {"Type": "String"}}, **with_policy([deny()], [{"Ref": "Topic"}])},
            at=("Properties",),
        ),
    ),
)


@each(CASES)
def test_topic_policy(case: Case) -> None:
    hold(CASES, case)
