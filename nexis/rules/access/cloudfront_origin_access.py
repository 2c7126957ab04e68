"""CloudFront signs its requests to buckets, so that these need not be public.

Origin access control and the older origin access identity both pass. An origin is a bucket when its domain name is one
of S3's or comes from a bucket of the template. A bucket's website endpoint is none: it answers only in public.

Source: Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.patterns import pattern
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.values import Text, Unknown
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

DISTRIBUTION: Final = "AWS::CloudFront::Distribution"
ORIGINS: Final = ("DistributionConfig", "Origins")
BUCKET_DOMAIN: Final = pattern(r".*\.s3[.-][a-z0-9.-]*\.?amazonaws\.com(\.cn)?|.*\.s3\.amazonaws\.com")
DOMAIN_ATTRIBUTES: Final = ("DomainName", "RegionalDomainName", "DualStackDomainName")


def _check(distribution: View) -> Iterator[Problem]:
    for position in range(len(distribution.items(*ORIGINS))):
        yield from parts(partial(_origin, distribution, position))


def _origin(distribution: View, position: int) -> Iterator[Problem]:
    here = (*ORIGINS, position)
    control = distribution.peek(*here, "OriginAccessControlId")
    identity = distribution.peek(*here, "S3OriginConfig", "OriginAccessIdentity")
    if all(isinstance(value, Absent) or value == "" for value in (control, identity)) and _is_bucket(
        distribution, here
    ):
        yield Problem(
            place(*here, "OriginAccessControlId"),
            "is absent, so the bucket has to be public; expected an origin access control",
        )


def _is_bucket(distribution: View, here: tuple[str | int, ...]) -> bool:
    if any(
        not isinstance(distribution.get(*here, other), Absent) for other in ("CustomOriginConfig", "VpcOriginConfig")
    ):
        return False
    if not isinstance(distribution.get(*here, "S3OriginConfig"), Absent):
        return True
    domain = distribution.get(*here, "DomainName")
    if distribution.named(domain, "AWS::S3::Bucket") is not None:
        return getattr(domain, "attribute", "") in DOMAIN_ATTRIBUTES
    if isinstance(domain, (str, Text)) and not isinstance(domain, Unknown):
        text = str(domain).lower()
        return BUCKET_DOMAIN.fullmatch(text) is not None and ".s3-website" not in text
    return False


RULE = Rule(
    id="access.cloudfront-origin-access",
    severity="error",
    title="CloudFront signs its requests to buckets",
    why="A bucket behind an unsigned origin must be public, and everyone goes around CloudFront.",
    fix="set OriginAccessControlId of the origin, and let only the distribution into the bucket (CDK: "
    "S3BucketOrigin.with_origin_access_control(bucket))",
    types=(DISTRIBUTION,),
    check=_check,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.1", "CC6.6"), "AWS FSBP": ("CloudFront.13",), "NIST 800-53 r5": ("AC-3",)},
    source="Amazon CloudFront Developer Guide, Restrict access to an Amazon S3 origin",
    cdk="origin = origins.S3BucketOrigin.with_origin_access_control(bucket)\n"
    "cloudfront.Distribution(self, 'Site', default_behavior=cloudfront.BehaviorOptions(origin=origin))",
    example={
        "Site": {
            "Type": DISTRIBUTION,
            "Properties": {
                "DistributionConfig": {
                    "Origins": [
                        {
                            "Id": "bucket",
                            "DomainName": {"Fn::GetAtt": ["Bucket", "RegionalDomainName"]},
                            "S3OriginConfig": {},
                            "OriginAccessControlId": {"Ref": "Control"},
                        }
                    ]
                }
            },
        },
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Control": {"Type": "AWS::CloudFront::OriginAccessControl"},
    },
)
