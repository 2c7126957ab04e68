"""SQS queues: encrypted, reached over TLS only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import aws_sqs as sqs

if TYPE_CHECKING:
    from constructs import Construct

LONGEST_RETENTION_SECONDS: Final = 14 * 24 * 60 * 60
"""Source: Amazon SQS API Reference, SetQueueAttributes: MessageRetentionPeriod."""


def failures_queue(scope: Construct, construct_id: str) -> sqs.CfnQueue:
    """Makes a queue that keeps the events a function could not handle, for as long as SQS keeps anything.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there; the policy's is the same with `Policy` at the end.

    Source: AWS Lambda Developer Guide, Adding a dead-letter queue; Amazon SQS Developer Guide, Security best practices.
    """
    queue = sqs.CfnQueue(
        scope, construct_id, sqs_managed_sse_enabled=True, message_retention_period=LONGEST_RETENTION_SECONDS
    )
    plaintext = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": queue.attr_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    sqs.CfnQueuePolicy(
        scope,
        f"{construct_id}Policy",
        queues=[queue.ref],
        policy_document={"Version": "2012-10-17", "Statement": [plaintext]},
    )
    return queue
