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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, either, opened

AT = ("Properties.LoggingConfiguration",)


def bucket(**properties: Any) -> dict[str, Any]:
    return resource("AWS::S3::Bucket", **properties)


CASES = RuleCases(
    "logging.bucket-access-logs",
    (
        good(
            "a bucket for access logs",
            resources(It=bucket(LoggingConfiguration={"DestinationBucketName": {"Ref": "Logs"}}), Logs=bucket()),
        ),
        good("a bucket from elsewhere", resources(It=bucket(LoggingConfiguration={"DestinationBucketName": "theirs"}))),
        bad("absent", resources(It=bucket()), at=AT),
        bad("nothing by NoValue", resources(It=bucket(LoggingConfiguration=NO_VALUE)), at=AT),
        unknown("open", opened(It=bucket(LoggingConfiguration=OPEN)), at=AT),
        unknown("only sometimes", conditional(It=bucket(LoggingConfiguration=either({}, NO_VALUE))), at=AT),
        not_applicable(
            "the bucket for access logs",
            resources(It=bucket(), Data=bucket(LoggingConfiguration={"DestinationBucketName": {"Ref": "It"}})),
        ),
        not_applicable(
            "the bucket for access logs by name",
            resources(
                It=bucket(BucketName="ours"), Data=bucket(LoggingConfiguration={"DestinationBucketName": "ours"})
            ),
        ),
        not_applicable("a queue", resources(It=resource("AWS::SQS::Queue"))),
    ),
)


@each(CASES)
def test_bucket_access_logs(case: Case) -> None:
    hold(CASES, case)
