"""S3 buckets refuse requests without TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules._policy_documents import covers, covers_all_below, named_as
from nexis.rules.model import Rule
from nexis.rules.tls._plaintext import Guard, own_name

if TYPE_CHECKING:
    from nexis.templates.views import View


def _arn(bucket: View) -> str:
    return f"arn:aws:s3:::{_name(bucket)}"


def _name(bucket: View) -> str:
    return own_name(bucket, "BucketName", "${" + bucket.logical_id + "}")


def _written(bucket: View, resource: str) -> str:
    return named_as(resource, bucket, {"": _name(bucket), "Arn": _arn(bucket)})


GUARD = Guard(
    guarded="AWS::S3::Bucket",
    own_name="BucketName",
    names_policy=True,
    policies={"AWS::S3::BucketPolicy": "Bucket"},
    actions=lambda actions: "*" in actions or "s3:*" in actions,
    parts={
        "the bucket": lambda bucket, resource: covers(_written(bucket, resource), _arn(bucket)),
        "its objects": lambda bucket, resource: covers_all_below(_written(bucket, resource), _arn(bucket) + "/"),
    },
    expected="a statement with Effect Deny, Principal *, Action s3:*, the bucket's ARN and the same with /*, and the "
    "one condition Bool aws:SecureTransport false",
)

RULE = Rule(
    id="tls.bucket-policy",
    severity="fatal",
    title="S3 buckets refuse requests without TLS",
    why="S3 answers plain HTTP too; whoever is on the way then reads and changes objects and steals signed requests.",
    fix="add an AWS::S3::BucketPolicy that denies s3:* to everyone on the bucket and its objects when "
    "aws:SecureTransport is false (CDK: enforce_ssl=True)",
    types=GUARD.types,
    check=GUARD.check,
    applies=GUARD.applies,
    claims=("connections.tls",),
    controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("S3.5",), "CIS AWS Foundations 3.0": ("2.1.1",)},
    source="S3 User Guide, Security best practices: enforce encryption of data in transit; IAM User Guide, "
    "aws:SecureTransport",
    cdk="""\
bucket = s3.Bucket(self, "Bucket", enforce_ssl=True)
# or, hardened in every other way too:
bucket = PrivateBucket(self, "Bucket")
""",
    example={
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "BucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "s3:*",
                            "Resource": [{"Fn::GetAtt": ["Bucket", "Arn"]}, {"Fn::Sub": "${Bucket.Arn}/*"}],
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        }
                    ],
                },
            },
        },
    },
)
