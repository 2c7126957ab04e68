"""Streams, queues and topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.encryption_defaults import ENCRYPTED_BY_DEFAULT
from nexis.rules.model import Problem, Rule
from nexis.rules.requirements import Requirement, one_of
from nexis.rules.storage._at_rest import AS_OF, CLAIMS, at_rest, controls, is_absent, is_named
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

QUEUE: Final = "AWS::SQS::Queue"
FIREHOSE: Final = "AWS::KinesisFirehose::DeliveryStream"

#: What a delivery stream may read from; it then holds nothing of its own that it could encrypt.
#: Source: Firehose Developer Guide, Data protection in Amazon Data Firehose, 2026-11-23.
SOURCES: Final = (
    "KinesisStreamSourceConfiguration",
    "MSKSourceConfiguration",
    "DatabaseSourceConfiguration",
)


def _queue(queue: View) -> Iterator[Problem]:
    """A queue is encrypted unless SSE-SQS is switched off and no KMS key stands in for it (since 2022-10)."""
    if not is_named(queue, "KmsMasterKeyId") and not queue.flag("SqsManagedSseEnabled", default=True):
        yield Problem(
            place("SqsManagedSseEnabled"),
            "is false and KmsMasterKeyId names no key, so messages are stored unencrypted; expected true, or a key",
        )


def _takes_records(stream: View) -> bool:
    """Whether producers write to a delivery stream themselves, so that it keeps their records."""
    if not all(is_absent(stream, name) for name in SOURCES):
        return False
    kind = stream.literal("DeliveryStreamType")
    return isinstance(kind, Absent) or kind == "DirectPut"


def _stream(stream: View) -> Iterator[Problem]:
    kind = stream.literal("StreamEncryption", "EncryptionType")
    if isinstance(kind, Absent) or kind != "KMS":
        found = (
            "is absent, and Kinesis then stores records unencrypted" if isinstance(kind, Absent) else f"found {kind!r}"
        )
        yield Problem(place("StreamEncryption", "EncryptionType"), f"{found}; expected KMS")
    elif not is_named(stream, "StreamEncryption", "KeyId"):
        yield Problem(
            place("StreamEncryption", "KeyId"), "is absent; expected a key, such as alias/aws/kinesis for AWS's own"
        )


RULES: Final = (
    Rule(
        id="storage.queue-encrypted",
        severity="error",
        title="SQS queues are not left unencrypted",
        why="SQS encrypts queues by itself since October 2022; false stores messages readable on AWS's disks.",
        fix="leave SqsManagedSseEnabled out or set it to true, or name a KMS key in KmsMasterKeyId "
        "(CDK: encryption=sqs.QueueEncryption.SQS_MANAGED)",
        types=(QUEUE,),
        check=_queue,
        claims=CLAIMS,
        controls=controls("SQS.1"),
        source=ENCRYPTED_BY_DEFAULT[QUEUE].source,
        cdk='sqs.Queue(self, "Jobs", encryption=sqs.QueueEncryption.SQS_MANAGED)',
        example={"Jobs": {"Type": QUEUE, "Properties": {"SqsManagedSseEnabled": True}}},
    ),
    Rule(
        id="storage.kinesis-encrypted",
        severity="error",
        title="Kinesis streams encrypt their records",
        why="Records stay in a stream for a day to a year; without encryption they lie readable on AWS's disks.",
        fix="set StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis} or a key of your own "
        "(CDK: encryption=kinesis.StreamEncryption.MANAGED)",
        types=("AWS::Kinesis::Stream",),
        check=_stream,
        claims=CLAIMS,
        controls=controls("Kinesis.1"),
        source="CloudFormation reference, AWS::Kinesis::Stream StreamEncryption",
        cdk='kinesis.Stream(self, "Events", encryption=kinesis.StreamEncryption.MANAGED)',
        example={
            "Events": {
                "Type": "AWS::Kinesis::Stream",
                "Properties": {"StreamEncryption": {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}},
            }
        },
    ),
    at_rest(
        "storage.firehose-encrypted",
        Requirement(
            type=FIREHOSE,
            path=("DeliveryStreamEncryptionConfigurationInput", "KeyType"),
            accepts=one_of("AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"),
            expected="AWS_OWNED_CMK or CUSTOMER_MANAGED_CMK",
            absent="Firehose then keeps records unencrypted until it has delivered them",
            source="CloudFormation reference, AWS::KinesisFirehose::DeliveryStream "
            "DeliveryStreamEncryptionConfigurationInput",
            as_of=AS_OF,
            example="AWS_OWNED_CMK",
            when=_takes_records,
        ),
        title="Firehose streams that take records themselves encrypt them",
        why="Firehose keeps records for up to a day if it cannot deliver them.",
        fix="set DeliveryStreamEncryptionConfigurationInput: {KeyType: AWS_OWNED_CMK} "
        "(CDK: encryption=firehose.StreamEncryption.aws_owned_key())",
        cdk='firehose.DeliveryStream(self, "Delivery", destination=destination,\n'
        "    encryption=firehose.StreamEncryption.aws_owned_key())",
        source="Firehose Developer Guide, Data protection in Amazon Data Firehose",
        fsbp=("DataFirehose.1",),
    ),
)
