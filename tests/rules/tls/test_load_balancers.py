from __future__ import annotations

from typing import Any

from tests.rules.tls._rows import cases_of
from tests.support.rule_cases import Case, RuleCases, bad, each_of, good, hold, not_applicable, resource, resources
from tests.support.rule_templates import OPEN, allowed, either, opened

LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
TARGETS = "AWS::ElasticLoadBalancingV2::TargetGroup"
FORWARD = {"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}
AT = "Properties.Protocol"


def redirect(protocol: Any = "HTTPS") -> dict[str, Any]:
    made = {"Type": "redirect", "RedirectConfig": {"Port": "443", "StatusCode": "HTTP_301"}}
    if protocol:
        made["RedirectConfig"] = {**made["RedirectConfig"], "Protocol": protocol}  # type: ignore[dict-item]
    return made


def listener(protocol: Any, action: Any = FORWARD, **more: Any) -> dict[str, Any]:
    return {"Port": 80, "Protocol": protocol, "DefaultActions": [action], **more}


def ruled(action: dict[str, Any], protocol: str = "HTTP", default: Any = None) -> dict[str, Any]:
    return resources(
        It=resource(RULE, ListenerArn={"Ref": "Front"}, Actions=[action]),
        Front=resource(LISTENER, **listener(protocol, default or redirect())),
    )


CASES = (
    cases_of(
        "tls.listener-https",
        LISTENER,
        fine={
            "HTTPS": listener("HTTPS"),
            "TLS": listener("TLS"),
            "TCP is passed on as it comes": listener("TCP"),
            "UDP": listener("UDP"),
            "HTTP that only redirects": listener("HTTP", redirect()),
            "a redirect with a port as a number": listener(
                "HTTP", {"Type": "redirect", "RedirectConfig": {"Port": 443, "Protocol": "HTTPS"}}
            ),
            "a Gateway Load Balancer's": {"DefaultActions": [FORWARD]},
            "no protocol and a redirect": {"Port": 80, "DefaultActions": [redirect()]},
        },
        wrong={
            "HTTP": (listener("HTTP"), AT),
            "HTTP that redirects to HTTP": (listener("HTTP", redirect("HTTP")), AT),
            "HTTP that redirects to what it came with": (listener("HTTP", redirect("#{protocol}")), AT),
            "HTTP that redirects without a protocol": (listener("HTTP", redirect(None)), AT),
            "HTTP with a fixed answer": (listener("HTTP", {"Type": "fixed-response"}), AT),
            "no protocol": ({"Port": 80, "DefaultActions": [FORWARD]}, AT),
            "no actions": ({"Port": 80, "Protocol": "HTTP"}, AT),
        },
        weak=(listener(OPEN), "HTTP", AT),
        either=(listener(either("HTTPS", "HTTP")), AT),
        open_=(listener(OPEN), AT),
        more=(
            bad(
                "allowed values, all of them plain", allowed("HTTP", It=resource(LISTENER, **listener(OPEN))), at=(AT,)
            ),
        ),
    ),
    RuleCases(
        "tls.listener-rule-https",
        (
            good("a redirect", ruled(redirect())),
            bad("it forwards", ruled(FORWARD), at=("Properties.Actions.0.Type",)),
            not_applicable("an HTTPS listener", ruled(FORWARD, "HTTPS")),
            not_applicable("a listener that fails itself", ruled(FORWARD, default=FORWARD)),
            not_applicable("a listener elsewhere", opened(It=resource(RULE, ListenerArn=OPEN, Actions=[FORWARD]))),
            Case(
                kind="unknown",
                why="the action is a parameter",
                template={"Parameters": {"Open": {"Type": "String"}}, **ruled({"Type": OPEN})},
                resource="It",
                at=("Properties.Actions.0.Type",),
            ),
        ),
    ),
    cases_of(
        "tls.listener-policy",
        LISTENER,
        fine={
            "TLS 1.3 and 1.2": listener("HTTPS", SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06"),
            "TLS 1.3": listener("TLS", SslPolicy="ELBSecurityPolicy-TLS13-1-3-2021-06"),
            "TLS 1.2 of 2017": listener("HTTPS", SslPolicy="ELBSecurityPolicy-TLS-1-2-Ext-2018-06"),
            "forward secrecy": listener("HTTPS", SslPolicy="ELBSecurityPolicy-FS-1-2-Res-2020-10"),
            "post-quantum": listener("HTTPS", SslPolicy="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"),
            "newer than our table": listener("HTTPS", SslPolicy="ELBSecurityPolicy-TLS13-1-3-2032-01"),
        },
        wrong={
            "absent": (listener("HTTPS"), "Properties.SslPolicy"),
            "absent on a TLS listener": (listener("TLS"), "Properties.SslPolicy"),
            "the default of 2016": (
                listener("HTTPS", SslPolicy="ELBSecurityPolicy-2016-08"),
                "Properties.SslPolicy",
            ),
            "TLS 1.1": (
                listener("HTTPS", SslPolicy="ELBSecurityPolicy-TLS-1-1-2017-01"),
                "Properties.SslPolicy",
            ),
            "TLS 1.3 down to 1.0": (
                listener("TLS", SslPolicy="ELBSecurityPolicy-TLS13-1-0-2021-06"),
                "Properties.SslPolicy",
            ),
            "a weak one where the protocol is open": (
                listener("HTTP", redirect(), SslPolicy="ELBSecurityPolicy-TLS-1-1-2017-01"),
                "Properties.SslPolicy",
            ),
        },
        weak=(listener("HTTPS", SslPolicy=OPEN), "ELBSecurityPolicy-2016-08", "Properties.SslPolicy"),
        open_=(listener("HTTPS", SslPolicy=OPEN), "Properties.SslPolicy"),
        more=(not_applicable("no TLS here", resources(It=resource(LISTENER, **listener("TCP")))),),
    ),
    cases_of(
        "tls.target-group-https",
        TARGETS,
        fine={"HTTPS": {"Protocol": "HTTPS"}, "TCP": {"Protocol": "TCP"}, "functions": {"TargetType": "lambda"}},
        wrong={"HTTP": ({"Protocol": "HTTP"}, AT)},
        open_=({"Protocol": OPEN}, AT),
    ),
    cases_of(
        "tls.lattice-listener",
        "AWS::VpcLattice::Listener",
        fine={"HTTPS": {"Protocol": "HTTPS"}, "passed through": {"Protocol": "TLS_PASSTHROUGH"}},
        wrong={"HTTP": ({"Protocol": "HTTP"}, AT)},
        open_=({"Protocol": OPEN}, AT),
        more=(
            bad(
                "an ECS gateway",
                resources(It=resource("AWS::ECS::Gateway", Configuration={"HostSharedAlb": {"Protocol": "HTTP"}})),
                at=("Properties.Configuration.HostSharedAlb.Protocol",),
            ),
        ),
    ),
)


@each_of(CASES)
def test_load_balancers(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
