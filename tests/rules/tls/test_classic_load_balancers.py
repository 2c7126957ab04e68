from __future__ import annotations

from typing import Any

from tests.rules.tls._rows import cases_of
from tests.support.rule_cases import Case, RuleCases, each_of, hold, not_applicable, resource, resources
from tests.support.rule_templates import OPEN

BALANCER = "AWS::ElasticLoadBalancing::LoadBalancer"
AT = "Properties.Listeners.0.Protocol"
NAMES = "Properties.Listeners.0.PolicyNames"
ATTRIBUTES = "Properties.Policies.0.Attributes"
GOOD = "ELBSecurityPolicy-TLS-1-2-2017-01"


def listening(*protocols: Any, **more: Any) -> dict[str, Any]:
    return {"Listeners": [{"LoadBalancerPort": "8080", "Protocol": protocol, **more} for protocol in protocols]}


def negotiated(
    attributes: dict[str, Any], names: Any = ("tls",), kind: str = "SSLNegotiationPolicyType"
) -> dict[str, Any]:
    return {
        **listening("HTTPS", PolicyNames=list(names)),
        "Policies": [
            {
                "PolicyName": "tls",
                "PolicyType": kind,
                "Attributes": [{"Name": name, "Value": value} for name, value in attributes.items()],
            },
            {"PolicyName": "cookies", "PolicyType": "LBCookieStickinessPolicyType", "Attributes": []},
        ],
    }


def referring(policy: Any) -> dict[str, Any]:
    return negotiated({"Reference-Security-Policy": policy})


CASES = (
    cases_of(
        "tls.classic-listener",
        BALANCER,
        fine={
            "HTTPS": listening("HTTPS"),
            "SSL": listening("SSL", "https"),
            "TLS that ends behind it": {
                "Listeners": [{"LoadBalancerPort": 443, "Protocol": "TCP", "InstancePort": 443}]
            },
            "no listeners": {},
        },
        wrong={
            "HTTP": (listening("HTTP"), AT),
            "the second one": (listening("SSL", "HTTP"), "Properties.Listeners.1.Protocol"),
            "TCP that may carry anything": (listening("TCP", InstancePort="8080"), AT),
            "nothing said": ({"Listeners": [{"LoadBalancerPort": "80"}]}, AT),
        },
        weak=(listening(OPEN), "HTTP", AT),
        open_=(listening(OPEN), AT),
    ),
    cases_of(
        "tls.classic-policy",
        BALANCER,
        fine={
            "the predefined policy with TLS 1.2": referring(GOOD),
            "named without more ado": listening("SSL", PolicyNames=[GOOD]),
            "TLS 1.2 alone with good ciphers": negotiated(
                {"Protocol-TLSv1.2": True, "Protocol-TLSv1": "false", "ECDHE-RSA-AES128-GCM-SHA256": "true"}
            ),
            "a plain listener beside it": {
                **referring(GOOD),
                "Listeners": [*referring(GOOD)["Listeners"], {"LoadBalancerPort": "80", "Protocol": "HTTP"}],
            },
        },
        wrong={
            "no policy": (listening("HTTPS"), NAMES),
            "a policy that no listener names": (
                {**referring(GOOD), **listening("HTTPS", PolicyNames=[])},
                NAMES,
            ),
            "a policy for cookies": (negotiated({}, names=("cookies",)), NAMES),
            "a policy that is not there": (negotiated({}, names=("other",)), NAMES),
            "the default of 2016": (referring("ELBSecurityPolicy-2016-08"), ATTRIBUTES),
            "TLS 1.0 as well": (negotiated({"Protocol-TLSv1": "true", "Protocol-TLSv1.2": "true"}), ATTRIBUTES),
            "SSL 3.0 alone": (negotiated({"Protocol-SSLv3": True}), ATTRIBUTES),
            "a weak cipher": (negotiated({"Protocol-TLSv1.2": "true", "RC4-MD5": "true"}), ATTRIBUTES),
            "no protocol is named": (negotiated({"DHE-DSS-DES-CBC3-SHA": GOOD}), ATTRIBUTES),
        },
        weak=(referring(OPEN), "ELBSecurityPolicy-2015-05", ATTRIBUTES),
        open_=(referring(OPEN), "Properties.Policies.0.Attributes.0.Value"),
        more=(not_applicable("no TLS here", resources(It=resource(BALANCER, **listening("HTTP", "TCP")))),),
    ),
)


@each_of(CASES)
def test_classic_load_balancers(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
