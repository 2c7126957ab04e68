from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, defaulted, opened

BUCKET = resource("AWS::S3::Bucket")


def lightsail(*ports: Any) -> dict[str, Any]:
    return resource("AWS::Lightsail::Instance", Networking={"Ports": list(ports)})


def port(first: Any, last: Any = None, **more: Any) -> dict[str, Any]:
    return {"Protocol": "tcp", "FromPort": first, "ToPort": first if last is None else last, **more}


def fleet(*permissions: Any) -> dict[str, Any]:
    return resource("AWS::GameLift::Fleet", EC2InboundPermissions=list(permissions))


def inputs(*cidrs: Any) -> dict[str, Any]:
    return resource("AWS::MediaLive::InputSecurityGroup", WhitelistRules=[{"Cidr": cidr} for cidr in cidrs])


def firewall(*actions: Any, fragments: Any = "aws:drop") -> dict[str, Any]:
    return resource(
        "AWS::NetworkFirewall::FirewallPolicy",
        FirewallPolicy={"StatelessDefaultActions": list(actions), "StatelessFragmentDefaultActions": [fragments]},
    )


PORTS = "Properties.Networking.Ports"
GAME = "Properties.EC2InboundPermissions.0.IpRange"
INPUT = ("Properties.WhitelistRules.0.Cidr",)
ACTION = ("Properties.FirewallPolicy.StatelessDefaultActions.0",)

CASES = (
    RuleCases(
        "network.lightsail-ports",
        (
            good("a website", resources(It=lightsail(port(443), port(80)))),
            good("SSH from an office", resources(It=lightsail(port(22, Cidrs=["198.51.100.0/24"])))),
            good(
                "SSH from the console's own", resources(It=lightsail(port(22, CidrListAliases=["lightsail-connect"])))
            ),
            good("no ports", resources(It=lightsail())),
            bad("nothing said", resources(It=resource("AWS::Lightsail::Instance")), at=(PORTS,)),
            bad("SSH without a range", resources(It=lightsail(port(443), port(22))), at=(f"{PORTS}.1",)),
            bad("a database", resources(It=lightsail(port(5432, Cidrs=["0.0.0.0/0"]))), at=(f"{PORTS}.0.Cidrs",)),
            bad(
                "every port", resources(It=lightsail(port(0, 65535, Ipv6Cidrs=["::/0"]))), at=(f"{PORTS}.0.Ipv6Cidrs",)
            ),
            unknown("an open port", opened(It=lightsail(port(OPEN))), at=(f"{PORTS}.0.FromPort",)),
            unknown("an open range", opened(It=lightsail(port(22, Cidrs=[OPEN]))), at=(f"{PORTS}.0.Cidrs",)),
            not_applicable("a bucket", resources(It=BUCKET)),
        ),
    ),
    RuleCases(
        "network.gamelift-ports",
        (
            good("a game for everyone", resources(It=fleet(port(7777, 7800, IpRange="0.0.0.0/0")))),
            good("SSH from an office", resources(It=fleet(port(22, IpRange="198.51.100.7/32")))),
            bad("SSH", resources(It=fleet(port(22, IpRange="0.0.0.0/0"))), at=(GAME,)),
            bad("everything", resources(It=fleet(port(1, 60000, IpRange="0.0.0.0/0"))), at=(GAME,)),
            bad(
                "Remote Desktop of containers",
                resources(
                    It=resource(
                        "AWS::GameLift::ContainerFleet",
                        InstanceInboundPermissions=[port(3389, IpRange="0.0.0.0/0")],
                    )
                ),
                at=("Properties.InstanceInboundPermissions.0.IpRange",),
            ),
            unknown("an open range", opened(It=fleet(port(22, IpRange=OPEN))), at=(GAME,)),
            not_applicable("a bucket", resources(It=BUCKET)),
        ),
    ),
    RuleCases(
        "network.medialive-input-not-from-anywhere",
        (
            good("an encoder", resources(It=inputs("198.51.100.0/24"))),
            good("nobody", resources(It=inputs())),
            bad("everyone", resources(It=inputs("0.0.0.0/0")), at=INPUT),
            bad("a parameter's default", defaulted("0.0.0.0/0", It=inputs(OPEN)), at=INPUT),
            unknown("a parameter", opened(It=inputs(OPEN)), at=INPUT),
            not_applicable("a bucket", resources(It=BUCKET)),
        ),
    ),
    RuleCases(
        "network.firewall-no-pass-by-default",
        (
            good("inspected", resources(It=firewall("aws:forward_to_sfe"))),
            good("dropped, and counted", resources(It=firewall("aws:drop", "count"))),
            bad("passed", resources(It=firewall("aws:pass")), at=ACTION),
            bad(
                "fragments passed",
                resources(It=firewall("aws:drop", fragments="aws:pass")),
                at=("Properties.FirewallPolicy.StatelessFragmentDefaultActions.0",),
            ),
            unknown("a parameter", opened(It=firewall(OPEN)), at=ACTION),
            not_applicable("a bucket", resources(It=BUCKET)),
        ),
    ),
)


@each_of(CASES)
def test_other_firewalls(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
