"""SQS queues and their policies.

Source: SQS API Reference, GetQueueAttributes; CloudFormation resource reference, AWS::SQS::*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import policy, same, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.audit.model import Aws, Wanted

QUEUE: Final = "AWS::SQS::Queue"
QUEUE_POLICY: Final = "AWS::SQS::QueuePolicy"
TYPES: Final = (QUEUE, QUEUE_POLICY)
GONE: Final = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")

#: Attributes that CloudFormation calls by the same name, numbers and flags written as text.
SAME: Final = (
    "DelaySeconds",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
)


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read queues by URL, each with its policy.

    Args:
        aws: who is asked.
        wanted: resources by id.
    """
    urls = set(wanted.of(QUEUE, QUEUE_POLICY))
    if wanted.everything:
        urls |= set(aws.pages("sqs", "list_queues", "QueueUrls"))

    def ask(url: str) -> list[Live]:
        answer = aws.call("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["All"], absent=GONE)
        return [] if answer is None else list(queue(url, answer["Attributes"]))

    return [live for found in aws.each(ask, sorted(urls)) for live in found]


def queue(url: str, attributes: Mapping[str, Any]) -> Iterator[Live]:
    """Read a queue and its policy.

    Args:
        url: of the queue, its physical id.
        attributes: of GetQueueAttributes.
    """
    arn = attributes["QueueArn"]
    name = arn.rpartition(":")[2]
    properties = same(attributes, *SAME)
    if str(attributes.get("FifoQueue", "false")).lower() == "true":
        properties["FifoQueue"] = True
    if attributes.get("RedrivePolicy"):
        properties["RedrivePolicy"] = policy(attributes["RedrivePolicy"])
    yield Live(
        type=QUEUE,
        identity=url,
        name=f"queue:{name}",
        properties={"QueueName": name, **without_empty(properties)},
        attributes={url: "", arn: "Arn"},
    )
    if attributes.get("Policy"):
        yield Live(
            type=QUEUE_POLICY,
            identity=url,
            name=f"queue:{name}/policy",
            properties={"Queues": [url], "PolicyDocument": policy(attributes["Policy"])},
        )
