from __future__ import annotations

import json
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

ARN = {"Fn::GetAtt": ["It", "Arn"]}
OBJECTS = {"Fn::Join": ["", [{"Fn::GetAtt": ["It", "Arn"]}, "/*"]]}
PLAINTEXT = {"Bool": {"aws:SecureTransport": "false"}}
BUCKET = resource("AWS::S3::Bucket")


def deny(**changes: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": [ARN, OBJECTS],
        "Condition": PLAINTEXT,
    }
    return {key: value for key, value in {**statement, **changes}.items() if value is not None}


def with_policy(*statements: Any, bucket: Any = None, names: Any = None) -> dict[str, Any]:
    return resources(
        It=bucket or BUCKET,
        Policy=resource(
            "AWS::S3::BucketPolicy", Bucket=names or {"Ref": "It"}, PolicyDocument={"Statement": list(statements)}
        ),
    )


def alone(statement: Any, bucket: Any = "somebody-elses") -> dict[str, Any]:
    return resources(
        It=resource("AWS::S3::BucketPolicy", Bucket=bucket, PolicyDocument={"Statement": [statement]}),
    )


NAMES_BUCKET = {"Parameters": {"Bucket": {"Type": "String"}}}
NAMED = resource("AWS::S3::Bucket", BucketName="logs-of-ours")
WORDED = json.dumps({"Statement": deny(Resource=["arn:aws:s3:::logs-of-ours", "arn:aws:s3:::logs-of-ours/*"])})

OPEN_NAME = resource("AWS::S3::Bucket", BucketName={"Ref": "Bucket"})
OPEN_ARNS = [{"Fn::Sub": "arn:aws:s3:::${Bucket}"}, {"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "Bucket"}, "/*"]]}]

CASES = RuleCases(
    "tls.bucket-policy",
    (
        good("as CDK's enforce_ssl writes it", with_policy(deny())),
        good("principal *", with_policy(deny(Principal="*"))),
        good("principal * in a list", with_policy(deny(Principal={"AWS": ["*"]}))),
        good("false as a boolean", with_policy(deny(Condition={"Bool": {"aws:SecureTransport": False}}))),
        good("the key in other letters", with_policy(deny(Condition={"Bool": {"aws:securetransport": ["false"]}}))),
        good(
            "BoolIfExists refuses no less",
            with_policy(deny(Condition={"BoolIfExists": {"aws:SecureTransport": "false"}})),
        ),
        good(
            "a bucket whose name a parameter says, and the policy names it by that",
            {**NAMES_BUCKET, **with_policy(deny(Resource=OPEN_ARNS), bucket=OPEN_NAME, names={"Ref": "Bucket"})},
        ),
        good(
            "a bucket whose name a parameter says, and the statement too",
            {**NAMES_BUCKET, **with_policy(deny(Resource=OPEN_ARNS), bucket=OPEN_NAME)},
        ),
        good(
            "a bucket whose name a parameter says, and the statement by reference",
            {**NAMES_BUCKET, **with_policy(deny(), bucket=OPEN_NAME)},
        ),
        good(
            "a bucket whose name is a parameter with something after it",
            {
                **NAMES_BUCKET,
                **with_policy(
                    deny(
                        Resource=[
                            {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}-logs"},
                            {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}-logs/*"},
                        ]
                    ),
                    bucket=resource("AWS::S3::Bucket", BucketName={"Fn::Sub": "${Bucket}-logs"}),
                ),
            },
        ),
        bad(
            "a bucket whose name a parameter says, and only a folder of it",
            {
                **NAMES_BUCKET,
                **with_policy(deny(Resource={"Fn::Sub": "arn:aws:s3:::${Bucket}/a/*"}), bucket=OPEN_NAME),
            },
            at=("Properties",),
        ),
        good("every action", with_policy(deny(Action=["*"]))),
        good("every resource", with_policy(deny(Resource="*"))),
        good("one pattern for both", with_policy(deny(Resource={"Fn::Sub": "${It.Arn}*"}))),
        good("two statements, one for each", with_policy(deny(Resource=ARN), deny(Resource=OBJECTS))),
        good(
            "an ARN built from the bucket's name, in whatever partition",
            with_policy(
                deny(Resource=[{"Fn::Sub": "arn:${AWS::Partition}:s3:::${It}"}, {"Fn::Sub": "arn:aws:s3:::${It}/*"}])
            ),
        ),
        good(
            "a bucket and a policy that meet by name, the policy being JSON text",
            resources(It=NAMED, Policy=resource("AWS::S3::BucketPolicy", Bucket="logs-of-ours", PolicyDocument=WORDED)),
        ),
        good(
            "JSON text with references in it",
            resources(
                It=BUCKET,
                Policy=resource(
                    "AWS::S3::BucketPolicy",
                    Bucket={"Ref": "It"},
                    PolicyDocument={"Fn::Sub": json.dumps({"Statement": deny(Resource=["${It.Arn}", "${It.Arn}/*"])})},
                ),
            ),
        ),
        good("a single statement, not a list", with_policy(deny(), deny(Effect="Allow", Condition=None))),
        bad("no policy at all", resources(It=BUCKET), at=("Properties",)),
        bad(
            "a policy for another bucket",
            with_policy(deny(), names="another-bucket"),
            at=("Properties",),
        ),
        bad("the bucket only", with_policy(deny(Resource=ARN)), at=("Properties",)),
        bad("the objects only", with_policy(deny(Resource=OBJECTS)), at=("Properties",)),
        bad(
            "some objects only",
            with_policy(deny(Resource=[ARN, {"Fn::Sub": "${It.Arn}/public/*"}])),
            at=("Properties",),
        ),
        bad(
            "another bucket's ARN",
            with_policy(deny(Resource=["arn:aws:s3:::x", "arn:aws:s3:::x/*"])),
            at=("Properties",),
        ),
        bad("some actions only", with_policy(deny(Action=["s3:GetObject", "s3:PutObject"])), at=("Properties",)),
        bad(
            "one principal only",
            with_policy(deny(Principal={"AWS": "arn:aws:iam::111111111111:root"})),
            at=("Properties",),
        ),
        bad(
            "everyone but some",
            with_policy(deny(Principal=None, NotPrincipal={"AWS": "111111111111"})),
            at=("Properties",),
        ),
        bad("a service is not everyone", with_policy(deny(Principal={"Service": "*"})), at=("Properties",)),
        bad(
            "it denies TLS instead",
            with_policy(deny(Condition={"Bool": {"aws:SecureTransport": "true"}})),
            at=("Properties",),
        ),
        bad("allowing TLS denies nothing to others", with_policy(deny(Effect="Allow")), at=("Properties",)),
        bad(
            "a second condition lets most plaintext through",
            with_policy(deny(Condition={**PLAINTEXT, "StringEquals": {"aws:SourceVpc": "vpc-1"}})),
            at=("Properties",),
        ),
        bad(
            "an old TLS version is refused, plaintext is not",
            with_policy(deny(Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}})),
            at=("Properties",),
        ),
        bad("everything but nothing", with_policy(deny(Action=None, NotAction="s3:Get*")), at=("Properties",)),
        bad("an empty policy", with_policy(), at=("Properties",)),
        bad(
            "a second policy for the same bucket, which may be the one that stays",
            {
                "Resources": {
                    **with_policy(deny())["Resources"],
                    "Other": resource("AWS::S3::BucketPolicy", Bucket={"Ref": "It"}, PolicyDocument={"Statement": []}),
                }
            },
            at=("Properties",),
        ),
        bad(
            "a policy that is never created",
            {
                "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
                "Resources": {
                    **(made := with_policy(deny())["Resources"]),
                    "Policy": {**made["Policy"], "Condition": "Never"},
                },
            },
            at=("Properties",),
        ),
        good("a policy for a bucket elsewhere", alone(deny(Resource="*"))),
        good(
            "a policy for a bucket that a parameter names",
            {**alone(deny(Resource={"Fn::Sub": "arn:aws:s3:::${Bucket}/*"})), **NAMES_BUCKET},
        ),
        bad(
            "a policy for a bucket elsewhere that refuses nothing",
            alone(deny(Effect="Allow")),
            at=("Properties.PolicyDocument",),
        ),
        bad(
            "a policy for a bucket that a parameter names, and it refuses TLS",
            {**alone(deny(Condition={"Bool": {"aws:SecureTransport": True}}), {"Ref": "Bucket"}), **NAMES_BUCKET},
            at=("Properties.PolicyDocument",),
        ),
        not_applicable("no bucket", resources(It=resource("AWS::SNS::Topic"))),
        good("a policy and its bucket", with_policy(deny()), "Policy"),
        bad("the policy is named beside its bucket", with_policy(), "Policy", at=("Properties.PolicyDocument",)),
        unknown(
            "a policy for a bucket elsewhere whose effect is a parameter",
            {**alone(deny(Effect={"Ref": "Bucket"})), **NAMES_BUCKET},
            at=("Properties.PolicyDocument.Statement.0.Effect",),
        ),
        unknown(
            "the condition hangs on a parameter",
            {
                "Parameters": {"Secure": {"Type": "String"}},
                **with_policy(deny(Condition={"Bool": {"aws:SecureTransport": {"Ref": "Secure"}}})),
            },
            at=("Properties",),
        ),
        unknown(
            "the policy may be for this bucket",
            {"Parameters": {"Bucket": {"Type": "String"}}, **with_policy(deny(), names={"Ref": "Bucket"})},
            at=("Properties",),
        ),
        unknown(
            "the policy exists only sometimes",
            {
                "Parameters": {"Stage": {"Type": "String"}},
                "Conditions": {"Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
                "Resources": {
                    **(made := with_policy(deny())["Resources"]),
                    "Policy": {**made["Policy"], "Condition": "Prod"},
                },
            },
            at=("Properties",),
        ),
        unknown(
            "text that is no JSON",
            resources(
                It=BUCKET, Policy=resource("AWS::S3::BucketPolicy", Bucket={"Ref": "It"}, PolicyDocument="{not json")
            ),
            at=("Properties",),
        ),
        unknown("a statement that is a list", with_policy([deny()]), at=("Properties",)),
        unknown(
            "a condition that is a text", with_policy(deny(Condition="aws:SecureTransport=false")), at=("Properties",)
        ),
    ),
)


@each(CASES)
def test_bucket_policy(case: Case) -> None:
    hold(CASES, case)
