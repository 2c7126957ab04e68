"""SQS queues refuse requests without TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules._policy_documents import covers, named_as
from nexis.rules.model import Rule
from nexis.rules.tls._plaintext import Guard, own_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nexis.templates.views import View

#: What carries messages; a statement must take in both.
_ACTIONS = ("sqs:sendmessage", "sqs:receivemessage")


def _arn(queue: View) -> str:
    account, region = (
        str(queue.scene.resolver.resolve(queue.template, {"Ref": name})) for name in ("AWS::AccountId", "AWS::Region")
    )
    return f"arn:aws:sqs:{region}:{account}:{_name(queue)}"


def _name(queue: View) -> str:
    return own_name(queue, "QueueName", "${" + queue.logical_id + ".QueueName}")


def _names_queue(queue: View, resource: str) -> bool:
    return covers(named_as(resource, queue, {"Arn": _arn(queue), "QueueName": _name(queue)}), _arn(queue))


def _takes_in(actions: Sequence[str]) -> bool:
    return all(any(covers(action, needed) for action in actions) for needed in _ACTIONS)


GUARD = Guard(
    guarded="AWS::SQS::Queue",
    own_name="QueueName",
    names_policy=True,
    policies={"AWS::SQS::QueuePolicy": "Queues", "AWS::SQS::QueueInlinePolicy": "Queue"},
    actions=_takes_in,
    parts={"the queue": _names_queue},
    expected="a statement with Effect Deny, Principal *, Action sqs:*, the queue's ARN, and the one condition "
    "Bool aws:SecureTransport false",
)

RULE = Rule(
    id="tls.queue-policy",
    severity="error",
    title="SQS queues refuse requests without TLS",
    why="SQS also answers plain HTTP; whoever is on the way then reads messages and can replay or change them.",
    fix="add an AWS::SQS::QueuePolicy that denies sqs:* to everyone when aws:SecureTransport is false "
    "(CDK: enforce_ssl=True)",
    types=GUARD.types,
    check=GUARD.check,
    applies=GUARD.applies,
    claims=("connections.tls",),
    controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
    source="SQS Developer Guide, Security best practices: consider enforcing encryption of data in transit",
    cdk='queue = sqs.Queue(self, "Jobs", enforce_ssl=True)',
    example={
        "Queue": {"Type": "AWS::SQS::Queue"},
        "QueuePolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Queue"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "sqs:*",
                            "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        }
                    ],
                },
            },
        },
    },
)
