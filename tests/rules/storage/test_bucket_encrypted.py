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

AT = ("Properties.BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm",)


def bucket(*rules: Any) -> dict[str, Any]:
    return resource("AWS::S3::Bucket", BucketEncryption={"ServerSideEncryptionConfiguration": list(rules)})


def by(algorithm: Any) -> dict[str, Any]:
    return {"ServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}


def tables(algorithm: str) -> dict[str, Any]:
    return resource("AWS::S3Tables::TableBucket", EncryptionConfiguration={"SSEAlgorithm": algorithm})


def vectors(algorithm: str) -> dict[str, Any]:
    return resource("AWS::S3Vectors::VectorBucket", EncryptionConfiguration={"SseType": algorithm})


CASES = RuleCases(
    "storage.bucket-encrypted",
    (
        good("absent: S3 encrypts by itself since 2023-01-05", resources(It=resource("AWS::S3::Bucket"))),
        good("S3's own keys", resources(It=bucket(by("AES256")))),
        good("a KMS key", resources(It=bucket(by("aws:kms")))),
        good("two layers", resources(It=bucket(by("aws:kms:dsse")))),
        good("only a bucket key setting", resources(It=bucket({"BucketKeyEnabled": True}))),
        bad("an algorithm S3 does not know", resources(It=bucket(by("none"))), at=AT),
        bad("the letters matter", resources(It=bucket(by("aes256"))), at=AT),
        good("a directory bucket by itself", resources(It=resource("AWS::S3Express::DirectoryBucket"))),
        good("a table bucket", resources(It=tables("aws:kms"))),
        good("a vector bucket", resources(It=vectors("AES256"))),
        bad(
            "a directory bucket", resources(It={**bucket(by("none")), "Type": "AWS::S3Express::DirectoryBucket"}), at=AT
        ),
        bad(
            "a table bucket with none",
            resources(It=tables("none")),
            at=("Properties.EncryptionConfiguration.SSEAlgorithm",),
        ),
        bad(
            "a vector bucket with none",
            resources(It=vectors("none")),
            at=("Properties.EncryptionConfiguration.SseType",),
        ),
        not_applicable("no bucket", resources(It=resource("AWS::SNS::Topic"))),
        unknown(
            "a parameter without default",
            {"Parameters": {"Sse": {"Type": "String"}}, **resources(It=bucket(by({"Ref": "Sse"})))},
            at=AT,
        ),
        unknown("a list of algorithms", resources(It=bucket(by(["aws:kms"]))), at=AT),
    ),
)


@each(CASES)
def test_bucket_encrypted(case: Case) -> None:
    hold(CASES, case)
