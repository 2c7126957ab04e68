"""SNS topics refuse messages that are published without TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules._policy_documents import covers, named_as
from nexis.rules.model import Rule
from nexis.rules.tls._plaintext import Guard, own_name

if TYPE_CHECKING:
    from nexis.templates.views import View


def _arn(topic: View) -> str:
    account, region = (
        str(topic.scene.resolver.resolve(topic.template, {"Ref": name})) for name in ("AWS::AccountId", "AWS::Region")
    )
    return f"arn:aws:sns:{region}:{account}:{_name(topic)}"


def _name(topic: View) -> str:
    return own_name(topic, "TopicName", "${" + topic.logical_id + ".TopicName}")


def _names_topic(topic: View, resource: str) -> bool:
    # `Ref` of a topic is its ARN.
    names = {"": _arn(topic), "TopicArn": _arn(topic), "TopicName": _name(topic)}
    return covers(named_as(resource, topic, names), _arn(topic))


GUARD = Guard(
    guarded="AWS::SNS::Topic",
    own_name="TopicName",
    names_policy=True,
    policies={"AWS::SNS::TopicPolicy": "Topics", "AWS::SNS::TopicInlinePolicy": "TopicArn"},
    actions=lambda actions: any(covers(action, "sns:publish") for action in actions),
    parts={"the topic": _names_topic},
    expected="a statement with Effect Deny, Principal *, Action sns:Publish, the topic's ARN, and the one condition "
    "Bool aws:SecureTransport false",
)

RULE = Rule(
    id="tls.topic-policy",
    severity="error",
    title="SNS topics refuse messages that are published without TLS",
    why="SNS also takes messages over plain HTTP; alarms and scaling events would cross networks readable.",
    fix="add an AWS::SNS::TopicPolicy that denies sns:Publish to everyone when aws:SecureTransport is false "
    "(CDK: enforce_ssl=True)",
    types=GUARD.types,
    check=GUARD.check,
    applies=GUARD.applies,
    claims=("connections.tls",),
    controls={"SOC 2": ("CC6.7",)},
    source="SNS Developer Guide, Security best practices: enforce encryption of data in transit",
    cdk='topic = sns.Topic(self, "Alarms", enforce_ssl=True)',
    example={
        "Topic": {"Type": "AWS::SNS::Topic"},
        "TopicPolicy": {
            "Type": "AWS::SNS::TopicPolicy",
            "Properties": {
                "Topics": [{"Ref": "Topic"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "sns:Publish",
                            "Resource": {"Ref": "Topic"},
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        }
                    ],
                },
            },
        },
    },
)
