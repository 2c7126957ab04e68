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
from tests.support.rule_templates import NO_VALUE, OPEN, allowed, defaulted, opened

NAMES = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
ALL = dict.fromkeys(NAMES, True)
PRINCIPAL = "Properties.PolicyDocument.Statement.0.Principal"
EVERYONE = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}


def at(*names: str) -> tuple[str, ...]:
    return tuple(f"Properties.PublicAccessBlockConfiguration.{name}" for name in names)


def bucket(**properties: Any) -> dict[str, Any]:
    return resource("AWS::S3::Bucket", **properties)


def block(**changes: Any) -> dict[str, Any]:
    return bucket(PublicAccessBlockConfiguration={**ALL, **changes})


def policy(*statements: Any) -> dict[str, Any]:
    return resource("AWS::S3::BucketPolicy", Bucket="b", PolicyDocument={"Statement": list(statements)})


CASES = RuleCases(
    "access.bucket-private",
    (
        good("all four", resources(It=block())),
        good("absent, which is all four on a new bucket", resources(It=bucket())),
        bad("none, said with an empty map", resources(It=bucket(PublicAccessBlockConfiguration={})), at=at(*NAMES)),
        *(bad(f"{name} off", resources(It=block(**{name: False})), at=at(name)) for name in NAMES),
        *(bad(f"{name} left out of the four", resources(It=block(**{name: NO_VALUE})), at=at(name)) for name in NAMES),
        bad("text where a map is expected", resources(It=bucket(PublicAccessBlockConfiguration="all")), at=at(*NAMES)),
        *(
            bad(acl, resources(It=bucket(AccessControl=acl)), at=("Properties.AccessControl",))
            for acl in ("PublicRead", "PublicReadWrite", "AuthenticatedRead")
        ),
        good("a private ACL", resources(It=bucket(AccessControl="Private"))),
        bad("a parameter's default", defaulted("false", It=block(BlockPublicPolicy=OPEN)), at=at("BlockPublicPolicy")),
        unknown("a parameter without default", opened(It=block(BlockPublicPolicy=OPEN)), at=at("BlockPublicPolicy")),
        unknown("an open ACL", opened(It=bucket(AccessControl=OPEN)), at=("Properties.AccessControl",)),
        unknown(
            "allowed values that disagree",
            allowed("true", "false", It=block(BlockPublicPolicy=OPEN)),
            at=at("BlockPublicPolicy"),
        ),
        # policies
        bad("a policy for everyone", resources(It=policy(EVERYONE)), at=(PRINCIPAL,)),
        bad(
            "a policy for everyone, the long way",
            resources(It=policy({**EVERYONE, "Principal": {"AWS": ["*"]}})),
            at=(PRINCIPAL,),
        ),
        bad(
            "a policy for everyone over TLS",
            resources(It=policy({**EVERYONE, "Condition": {"Bool": {"aws:SecureTransport": "true"}}})),
            at=(PRINCIPAL,),
        ),
        bad(
            "a policy for everyone but somebody",
            resources(It=policy({"Effect": "Allow", "NotPrincipal": "1", "Action": "*", "Resource": "*"})),
            at=("Properties.PolicyDocument.Statement.0.NotPrincipal",),
        ),
        good(
            "a policy that denies everyone who does not use TLS",
            resources(
                It=policy({**EVERYONE, "Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}})
            ),
        ),
        good(
            "a policy for CloudTrail",
            resources(It=policy({**EVERYONE, "Principal": {"Service": "cloudtrail.amazonaws.com"}})),
        ),
        good(
            "a policy for everyone through one endpoint",
            resources(It=policy({**EVERYONE, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}})),
        ),
        *(
            good(f"a policy for everyone of {who}", resources(It=policy({**EVERYONE, "Condition": condition})))
            for who, condition in (
                ("an organisation", {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}),
                ("a part of it", {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/*"}}),
                ("one office", {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.7"]}}),
                ("one account's roles", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/*"}}),
                ("one bucket's notices", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}}),
                ("this account", {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}),
            )
        ),
        *(
            bad(
                f"a policy for everyone: {why}",
                resources(It=policy({**EVERYONE, "Condition": condition})),
                at=(PRINCIPAL,),
            )
            for why, condition in (
                ("roles of any account", {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}),
                ("any organisation", {"StringLike": {"aws:PrincipalOrgID": "o-*"}}),
                ("any endpoint", {"StringLike": {"aws:SourceVpce": "vpce-*"}}),
                ("topics of any account", {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}),
                ("the internet in halves", {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}),
                (
                    "the internet in small pieces",
                    {"IpAddress": {"aws:SourceIp": [f"{first}.0.0.0/8" for first in range(11, 100)]}},
                ),
                ("addresses that are not one's own", {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
            )
        ),
        unknown(
            "an open policy",
            opened(It=resource("AWS::S3::BucketPolicy", Bucket="b", PolicyDocument=OPEN)),
            at=("Properties.PolicyDocument",),
        ),
        bad(
            "an access point's block, partly off",
            resources(
                It=resource("AWS::S3::AccessPoint", PublicAccessBlockConfiguration={**ALL, "BlockPublicAcls": False})
            ),
            at=at("BlockPublicAcls"),
        ),
        bad(
            "an access point's policy for everyone",
            resources(It=resource("AWS::S3::AccessPoint", Policy={"Statement": [EVERYONE]})),
            at=("Properties.Policy.Statement.0.Principal",),
        ),
        bad(
            "an access point's separate policy for everyone",
            resources(It=resource("AWS::S3::AccessPointPolicy", Policy={"Statement": [EVERYONE]})),
            at=("Properties.Policy.Statement.0.Principal",),
        ),
        *(
            bad(
                f"everyone in {kind}",
                resources(It=resource(kind, **{name: {"Statement": [EVERYONE]}})),
                at=(f"Properties.{name}.Statement.0.Principal",),
            )
            for kind, name in (
                ("AWS::S3::MultiRegionAccessPointPolicy", "Policy"),
                ("AWS::S3Express::BucketPolicy", "PolicyDocument"),
                ("AWS::S3ObjectLambda::AccessPointPolicy", "PolicyDocument"),
                ("AWS::S3Outposts::BucketPolicy", "PolicyDocument"),
            )
        ),
        bad(
            "an access point of several regions",
            resources(
                It=resource(
                    "AWS::S3::MultiRegionAccessPoint",
                    PublicAccessBlockConfiguration={**ALL, "RestrictPublicBuckets": False},
                )
            ),
            at=("Properties.PublicAccessBlockConfiguration.RestrictPublicBuckets",),
        ),
        bad(
            "a Lightsail bucket",
            resources(
                It=resource("AWS::Lightsail::Bucket", AccessRules={"GetObject": "public", "AllowPublicOverrides": True})
            ),
            at=("Properties.AccessRules.AllowPublicOverrides", "Properties.AccessRules.GetObject"),
        ),
        good(
            "a private Lightsail bucket",
            resources(It=resource("AWS::Lightsail::Bucket", AccessRules={"GetObject": "private"})),
        ),
        good("an access point in one VPC", resources(It=resource("AWS::S3::AccessPoint", Bucket="b"))),
        not_applicable("a queue's policy", resources(It=resource("AWS::SQS::QueuePolicy"))),
    ),
)


@each(CASES)
def test_bucket_private(case: Case) -> None:
    hold(CASES, case)
