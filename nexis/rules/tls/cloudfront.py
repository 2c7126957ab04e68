"""CloudFront distributions speak nothing but TLS 1.2 and later, to viewers and to origins."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.facts.tls_policies import CLOUDFRONT, WITHDRAWN
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import Requirement, one_of, property_rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

DISTRIBUTION: Final = "AWS::CloudFront::Distribution"
VPC_ORIGIN: Final = "AWS::CloudFront::VpcOrigin"
_AS_OF: Final = "2026-11-23"
_CONFIG: Final = "DistributionConfig"
_CERTIFICATE: Final = (_CONFIG, "ViewerCertificate")
_WITHDRAWN: Final = "TLS 1.0 and 1.1 are withdrawn; an attacker on the way can push a connection down to them."

_Path = tuple[str | int, ...]


def _answers(distribution: View) -> bool:
    """A distribution that is switched off answers nobody."""
    return str(distribution.peek(_CONFIG, "Enabled")).lower() != "false"


def _viewer_policy(*path: str) -> Requirement:
    return Requirement(
        type=DISTRIBUTION,
        path=(_CONFIG, *path, "ViewerProtocolPolicy"),
        accepts=one_of("https-only", "redirect-to-https"),
        expected="https-only or redirect-to-https",
        absent="",  # required: CloudFormation refuses the template
        source="CloudFormation reference, AWS::CloudFront::Distribution CacheBehavior",
        as_of=_AS_OF,
        example="redirect-to-https",
        when=_answers,
    )


def _minimum_protocol(distribution: View) -> Iterator[Problem]:
    found = distribution.get(*_CERTIFICATE)
    expected = f"a certificate with MinimumProtocolVersion {CLOUDFRONT.recommended}"
    if isinstance(found, Absent):
        # Tenants of a distribution bring certificates of their own.
        if str(distribution.peek(_CONFIG, "ConnectionMode")).lower() != "tenant-only":
            yield Problem(
                place(*_CERTIFICATE),
                f"is absent, and CloudFront's own certificate accepts TLS 1.0; expected {expected}",
            )
        return
    if distribution.flag(*_CERTIFICATE, "CloudFrontDefaultCertificate", default=False):
        yield Problem(
            place(*_CERTIFICATE, "CloudFrontDefaultCertificate"),
            f"found true, and CloudFront's own certificate accepts TLS 1.0; expected {expected}",
        )
        return
    path = (*_CERTIFICATE, "MinimumProtocolVersion")
    version = distribution.literal(*path)
    if isinstance(version, Absent):
        yield Problem(place(*path), f"is absent, and CloudFront's default is TLSv1; expected {CLOUDFRONT.recommended}")
    elif not CLOUDFRONT.is_current(version):
        yield Problem(place(*path), f"found {version!r}, expected {CLOUDFRONT.recommended}")


def _origins(resource: View) -> list[_Path]:
    """Give the places where it is said how to speak to an origin."""
    if resource.type == VPC_ORIGIN:
        return [("VpcOriginEndpointConfig",)]
    paths: list[_Path] = [
        (_CONFIG, "Origins", position, "CustomOriginConfig")
        for position in range(len(resource.items(_CONFIG, "Origins")))
    ]
    paths.append((_CONFIG, "CustomOrigin"))  # the legacy spelling
    return [path for path in paths if not isinstance(resource.get(*path), Absent)]


def _has_origin(resource: View) -> bool:
    return (resource.type == VPC_ORIGIN or _answers(resource)) and bool(_origins(resource))


def _origin_protocols(resource: View) -> Iterator[Problem]:
    yield from parts(*(partial(_origin_protocol, resource, path) for path in _origins(resource)))


def _origin_protocol(resource: View, path: _Path) -> Iterator[Problem]:
    where = (*path, "OriginProtocolPolicy")
    policy = resource.literal(*where)
    if isinstance(policy, Absent):
        return  # required for a custom origin, and match-viewer by default for one in a VPC
    if policy.lower() == "http-only":
        yield Problem(place(*where), "found 'http-only', expected 'https-only'")
    elif policy.lower() == "match-viewer" and resource.type == DISTRIBUTION and _lets_http_in(resource):
        yield Problem(
            place(*where), "found 'match-viewer' while a behavior lets viewers in over HTTP; expected 'https-only'"
        )


def _lets_http_in(distribution: View) -> bool:
    behaviors: list[_Path] = [(_CONFIG, "DefaultCacheBehavior")]
    behaviors += [
        (_CONFIG, "CacheBehaviors", position) for position in range(len(distribution.items(_CONFIG, "CacheBehaviors")))
    ]
    return any(distribution.peek(*path, "ViewerProtocolPolicy") == "allow-all" for path in behaviors)


def _origin_versions(resource: View) -> Iterator[Problem]:
    yield from parts(*(partial(_versions, resource, path) for path in _origins(resource)))


def _versions(resource: View, path: _Path) -> Iterator[Problem]:
    where = (*path, "OriginSSLProtocols")
    listed = resource.get(*where)
    if isinstance(listed, Absent):
        policy = resource.peek(*path, "OriginProtocolPolicy")
        if isinstance(policy, str) and policy.lower() in ("https-only", "match-viewer"):
            yield Problem(
                place(*where), "is absent, and CloudFormation's default is TLSv1 and SSLv3; expected ['TLSv1.2']"
            )
        return
    for position in range(len(resource.items(*where))):
        version = resource.literal(*where, position)
        if version in WITHDRAWN:
            yield Problem(place(*where, position), f"found {version!r}, expected TLSv1.2 alone")


def _distribution(**changes: object) -> dict[str, object]:
    behavior = {"TargetOriginId": "origin", "ViewerProtocolPolicy": "redirect-to-https"}
    return {
        "Site": {
            "Type": DISTRIBUTION,
            "Properties": {_CONFIG: {"Enabled": True, "DefaultCacheBehavior": behavior, **changes}},
        }
    }


_CDK: Final = """\
cloudfront.Distribution(
    self, "Site", certificate=certificate, domain_names=["www.example.com"],
    minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
    default_behavior=cloudfront.BehaviorOptions(
        origin=origins.HttpOrigin(
            "origin.example.com", protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
        ),
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    ),
)
"""
_ORIGINS: Final = [
    {
        "Id": "origin",
        "DomainName": "origin.example.com",
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]},
    }
]

RULES = (
    property_rule(
        rule_id="tls.cloudfront-viewer",
        title="CloudFront serves viewers over HTTPS only",
        why="What viewers send over plain HTTP, session cookies and passwords included, is readable on the way.",
        requirements=(_viewer_policy("DefaultCacheBehavior"), _viewer_policy("CacheBehaviors", "*")),
        fix="set ViewerProtocolPolicy: redirect-to-https (or https-only) on every cache behavior",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("CloudFront.3",), "NIST 800-53 r5": ("SC-8",)},
        source="CloudFront Developer Guide, Require HTTPS for communication between viewers and CloudFront",
        cdk=_CDK,
        example=_distribution(),
    ),
    Rule(
        id="tls.cloudfront-minimum-protocol",
        severity="error",
        title="CloudFront accepts no TLS version below 1.2 from viewers",
        why=_WITHDRAWN,
        fix=f"set ViewerCertificate to a certificate of your own with MinimumProtocolVersion {CLOUDFRONT.recommended} "
        "(CDK: certificate=…)",
        types=(DISTRIBUTION,),
        check=_minimum_protocol,
        applies=_answers,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("CloudFront.7",), "NIST 800-53 r5": ("SC-8",)},
        source=CLOUDFRONT.source,
        cdk=_CDK,
        example=_distribution(
            ViewerCertificate={
                "AcmCertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/x",
                "MinimumProtocolVersion": CLOUDFRONT.recommended,
                "SslSupportMethod": "sni-only",
            }
        ),
    ),
    Rule(
        id="tls.cloudfront-origin",
        severity="error",
        title="CloudFront speaks HTTPS to its origins",
        why="Between CloudFront and a custom origin lies the public Internet; over plain HTTP everything is readable.",
        fix="set OriginProtocolPolicy: https-only (CDK: protocol_policy=OriginProtocolPolicy.HTTPS_ONLY)",
        types=(DISTRIBUTION, VPC_ORIGIN),
        check=_origin_protocols,
        applies=_has_origin,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("CloudFront.9",), "NIST 800-53 r5": ("SC-8",)},
        source="CloudFront Developer Guide, Require HTTPS for communication between CloudFront and your custom origin",
        cdk=_CDK,
        example=_distribution(Origins=_ORIGINS),
    ),
    Rule(
        id="tls.cloudfront-origin-versions",
        severity="error",
        title="CloudFront speaks no TLS version below 1.2 to its origins",
        why=_WITHDRAWN,
        fix="set OriginSSLProtocols: [TLSv1.2] (CDK: origin_ssl_protocols=[OriginSslPolicy.TLS_V1_2])",
        types=(DISTRIBUTION, VPC_ORIGIN),
        check=_origin_versions,
        applies=_has_origin,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("CloudFront.10",), "NIST 800-53 r5": ("SC-8",)},
        source="CloudFront Developer Guide, Supported protocols and ciphers between CloudFront and the origin; "
        "CloudFormation schema, OriginSSLProtocols",
        cdk=_CDK,
        example=_distribution(Origins=_ORIGINS),
    ),
)
