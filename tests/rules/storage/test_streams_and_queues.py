from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, defaulted, either, opened

QUEUE = "AWS::SQS::Queue"
STREAM = "AWS::Kinesis::Stream"
DELIVERY = "AWS::KinesisFirehose::DeliveryStream"
OTHER = resources(It=resource("AWS::SNS::Topic"))
SWITCH = ("Properties.SqsManagedSseEnabled",)
KIND = ("Properties.StreamEncryption.EncryptionType",)
KEY = ("Properties.DeliveryStreamEncryptionConfigurationInput.KeyType",)


def stream(**encryption: Any) -> dict[str, Any]:
    return resource(STREAM, ShardCount=1, StreamEncryption=encryption)


def delivery(key: Any, **properties: Any) -> dict[str, Any]:
    return resource(DELIVERY, DeliveryStreamEncryptionConfigurationInput={"KeyType": key}, **properties)


CASES: tuple[RuleCases, ...] = (
    RuleCases(
        "storage.queue-encrypted",
        (
            good("absent: SQS encrypts since October 2022", resources(It=resource(QUEUE))),
            good("true", resources(It=resource(QUEUE, SqsManagedSseEnabled="true"))),
            good("a key", resources(It=resource(QUEUE, KmsMasterKeyId="alias/aws/sqs", SqsManagedSseEnabled=False))),
            good(
                "whichever key a parameter names",
                opened(It=resource(QUEUE, KmsMasterKeyId=OPEN, SqsManagedSseEnabled=False)),
            ),
            good(
                "a key in one case, SQS's own in the other",
                conditional(
                    It=resource(
                        QUEUE,
                        KmsMasterKeyId=either("alias/ours", NO_VALUE),
                        SqsManagedSseEnabled=either(False, True),
                    )
                ),
            ),
            bad("false", resources(It=resource(QUEUE, SqsManagedSseEnabled=False)), at=SWITCH),
            bad(
                "false and an empty key",
                resources(It=resource(QUEUE, SqsManagedSseEnabled="false", KmsMasterKeyId="")),
                at=SWITCH,
            ),
            bad("a default of false", defaulted("false", It=resource(QUEUE, SqsManagedSseEnabled=OPEN)), at=SWITCH),
            good(
                "false, and a key that a parameter names",
                opened(It=resource(QUEUE, SqsManagedSseEnabled=False, KmsMasterKeyId=OPEN)),
            ),
            unknown(
                "false, and a key that may be empty",
                opened(It=resource(QUEUE, SqsManagedSseEnabled=False, KmsMasterKeyId=OPEN)),
                at=("Properties.KmsMasterKeyId",),
                strict=True,
            ),
            not_applicable("a topic", OTHER),
            unknown("a parameter", opened(It=resource(QUEUE, SqsManagedSseEnabled=OPEN)), at=SWITCH),
        ),
    ),
    RuleCases(
        "storage.kinesis-encrypted",
        (
            good("AWS's key", resources(It=stream(EncryptionType="KMS", KeyId="alias/aws/kinesis"))),
            good("whichever key a parameter names", opened(It=stream(EncryptionType="KMS", KeyId=OPEN))),
            bad("absent", resources(It=resource(STREAM, ShardCount=1)), at=KIND),
            bad("none", resources(It=stream(EncryptionType="NONE")), at=KIND),
            bad("a key without a kind", resources(It=stream(KeyId="alias/ours")), at=KIND),
            bad("no key", resources(It=stream(EncryptionType="KMS")), at=("Properties.StreamEncryption.KeyId",)),
            bad(
                "left out in one case and none in the other",
                conditional(It=resource(STREAM, StreamEncryption=either({"EncryptionType": "NONE"}, NO_VALUE))),
                at=KIND,
            ),
            not_applicable("a video stream", resources(It=resource("AWS::KinesisVideo::Stream"))),
            unknown("a parameter", opened(It=stream(EncryptionType=OPEN, KeyId="k")), at=KIND),
        ),
    ),
    RuleCases(
        "storage.firehose-encrypted",
        (
            good("AWS's key", resources(It=delivery("AWS_OWNED_CMK"))),
            good("our own", resources(It=delivery("CUSTOMER_MANAGED_CMK", DeliveryStreamType="DirectPut"))),
            bad("absent", resources(It=resource(DELIVERY, DeliveryStreamType="DirectPut")), at=KEY),
            bad("absent, of the default kind", resources(It=resource(DELIVERY)), at=KEY),
            bad("another", resources(It=delivery("NONE")), at=KEY),
            not_applicable(
                "a stream keeps the records",
                resources(It=resource(DELIVERY, DeliveryStreamType="KinesisStreamAsSource")),
            ),
            not_applicable(
                "a stream keeps the records, by its settings",
                resources(It=resource(DELIVERY, KinesisStreamSourceConfiguration={"RoleARN": "r"})),
            ),
            not_applicable(
                "Kafka keeps the records", resources(It=resource(DELIVERY, DeliveryStreamType="MSKAsSource"))
            ),
            unknown("a parameter", opened(It=delivery(OPEN)), at=KEY),
        ),
    ),
)


@each_of(CASES)
def test_streams_and_queues(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
