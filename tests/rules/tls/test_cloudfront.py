from __future__ import annotations

from typing import Any

from tests.rules.tls._rows import cases_of
from tests.support.rule_cases import Case, RuleCases, bad, each_of, good, hold, not_applicable, resource, resources
from tests.support.rule_templates import OPEN, either

SITE = "AWS::CloudFront::Distribution"
VPC = "AWS::CloudFront::VpcOrigin"
CONFIG = "Properties.DistributionConfig"
CERTIFICATE = f"{CONFIG}.ViewerCertificate"
VERSION = f"{CERTIFICATE}.MinimumProtocolVersion"
ORIGIN = f"{CONFIG}.Origins.0.CustomOriginConfig"
ACM = {"AcmCertificateArn": {"Ref": "Certificate"}, "SslSupportMethod": "sni-only"}


def site(**config: Any) -> dict[str, Any]:
    return {"DistributionConfig": {"Enabled": True, **config}}


def viewed(default: Any, *others: Any) -> dict[str, Any]:
    return site(
        DefaultCacheBehavior={"ViewerProtocolPolicy": default},
        CacheBehaviors=[{"ViewerProtocolPolicy": other} for other in others],
    )


def certified(version: Any, **more: Any) -> dict[str, Any]:
    return site(ViewerCertificate={**ACM, "MinimumProtocolVersion": version, **more})


def origin(policy: Any, versions: Any = ("TLSv1.2",), **more: Any) -> dict[str, Any]:
    custom = {"OriginProtocolPolicy": policy, "OriginSSLProtocols": list(versions)}
    return site(Origins=[{"Id": "it", "CustomOriginConfig": custom}], **more)


NO_VERSIONS = site(Origins=[{"Id": "it", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}])
NO_POLICY = site(Origins=[{"Id": "it", "CustomOriginConfig": {"OriginReadTimeout": 5}}])
BUCKET = site(Origins=[{"Id": "it", "S3OriginConfig": {}}])

CASES = (
    cases_of(
        "tls.cloudfront-viewer",
        SITE,
        fine={
            "redirects": viewed("redirect-to-https"),
            "HTTPS only": viewed("https-only", "https-only"),
            "CloudFormation asks for it": site(DefaultCacheBehavior={}),
        },
        wrong={
            "anything": (viewed("allow-all"), f"{CONFIG}.DefaultCacheBehavior.ViewerProtocolPolicy"),
            "one path": (
                viewed("https-only", "redirect-to-https", "allow-all"),
                f"{CONFIG}.CacheBehaviors.1.ViewerProtocolPolicy",
            ),
        },
        weak=(viewed(OPEN), "allow-all", f"{CONFIG}.DefaultCacheBehavior.ViewerProtocolPolicy"),
        either=(
            viewed(either("https-only", "allow-all")),
            f"{CONFIG}.DefaultCacheBehavior.ViewerProtocolPolicy",
        ),
        open_=(viewed(OPEN), f"{CONFIG}.DefaultCacheBehavior.ViewerProtocolPolicy"),
        more=(
            not_applicable(
                "switched off",
                resources(
                    It=resource(
                        SITE,
                        DistributionConfig={
                            "Enabled": "false",
                            "DefaultCacheBehavior": {"ViewerProtocolPolicy": "allow-all"},
                        },
                    )
                ),
            ),
        ),
    ),
    cases_of(
        "tls.cloudfront-minimum-protocol",
        SITE,
        fine={
            "TLS 1.2": certified("TLSv1.2_2021"),
            "TLS 1.2 of 2018": certified("TLSv1.2_2018"),
            "TLS 1.3": certified("TLSv1.3_2025"),
            "newer than our table": certified("TLSv1.3_2031"),
            "not CloudFront's certificate": certified("TLSv1.2_2021", CloudFrontDefaultCertificate=False),
            "tenants bring their own": site(ConnectionMode="tenant-only"),
        },
        wrong={
            "no certificate": (site(), CERTIFICATE),
            "CloudFront's certificate": (
                site(ViewerCertificate={"CloudFrontDefaultCertificate": True}),
                f"{CERTIFICATE}.CloudFrontDefaultCertificate",
            ),
            "CloudFront's certificate, whatever version": (
                certified("TLSv1.2_2021", CloudFrontDefaultCertificate="true"),
                f"{CERTIFICATE}.CloudFrontDefaultCertificate",
            ),
            "no version": (site(ViewerCertificate=ACM), VERSION),
            "TLS 1.1": (certified("TLSv1.1_2016"), VERSION),
            "TLS 1.0": (certified("TLSv1"), VERSION),
            "SSL 3.0": (certified("SSLv3"), VERSION),
        },
        weak=(certified(OPEN), "TLSv1", VERSION),
        open_=(certified(OPEN), VERSION),
    ),
    cases_of(
        "tls.cloudfront-origin",
        SITE,
        fine={
            "HTTPS": origin("https-only"),
            "what viewers use, and they use HTTPS": origin(
                "match-viewer", DefaultCacheBehavior={"ViewerProtocolPolicy": "https-only"}
            ),
            "CloudFormation asks for it": NO_POLICY,
        },
        wrong={
            "HTTP": (origin("http-only"), f"{ORIGIN}.OriginProtocolPolicy"),
            "what viewers use, and they may use HTTP": (
                origin("match-viewer", CacheBehaviors=[{"ViewerProtocolPolicy": "allow-all"}]),
                f"{ORIGIN}.OriginProtocolPolicy",
            ),
            "HTTP in the legacy spelling": (
                site(CustomOrigin={"DNSName": "x", "OriginProtocolPolicy": "http-only", "OriginSSLProtocols": []}),
                f"{CONFIG}.CustomOrigin.OriginProtocolPolicy",
            ),
        },
        weak=(origin(OPEN), "http-only", f"{ORIGIN}.OriginProtocolPolicy"),
        open_=(origin(OPEN), f"{ORIGIN}.OriginProtocolPolicy"),
        more=(
            not_applicable("a bucket", resources(It=resource(SITE, **BUCKET))),
            good("in a VPC, by default", resources(It=resource(VPC, VpcOriginEndpointConfig={"Name": "x"}))),
            bad(
                "in a VPC",
                resources(It=resource(VPC, VpcOriginEndpointConfig={"OriginProtocolPolicy": "http-only"})),
                at=("Properties.VpcOriginEndpointConfig.OriginProtocolPolicy",),
            ),
        ),
    ),
    cases_of(
        "tls.cloudfront-origin-versions",
        SITE,
        fine={
            "TLS 1.2": origin("https-only"),
            "no TLS here, which another rule says": origin("http-only", ()),
            "CloudFormation asks for the protocol": NO_POLICY,
        },
        wrong={
            "absent": (NO_VERSIONS, f"{ORIGIN}.OriginSSLProtocols"),
            "SSL 3.0": (origin("https-only", ("SSLv3", "TLSv1.2")), f"{ORIGIN}.OriginSSLProtocols.0"),
            "TLS 1.1": (origin("match-viewer", ("TLSv1.2", "TLSv1.1")), f"{ORIGIN}.OriginSSLProtocols.1"),
        },
        weak=(origin("https-only", (OPEN,)), "TLSv1", f"{ORIGIN}.OriginSSLProtocols.0"),
        open_=(origin("https-only", (OPEN,)), f"{ORIGIN}.OriginSSLProtocols.0"),
        more=(not_applicable("a bucket", resources(It=resource(SITE, **BUCKET))),),
    ),
)


@each_of(CASES)
def test_cloudfront(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
