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
from tests.support.rule_templates import OPEN, defaulted, opened

AT = ("Properties.MapPublicIpOnLaunch",)


def subnet(**properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Subnet", **properties)


CASES = RuleCases(
    "network.subnet-no-public-address",
    (
        good("absent", resources(It=subnet())),
        good("false", resources(It=subnet(MapPublicIpOnLaunch="False"))),
        bad("true", resources(It=subnet(MapPublicIpOnLaunch=True)), at=AT),
        bad("true as text", resources(It=subnet(MapPublicIpOnLaunch="true")), at=AT),
        bad("a parameter's default", defaulted("true", It=subnet(MapPublicIpOnLaunch=OPEN)), at=AT),
        unknown("a parameter without default", opened(It=subnet(MapPublicIpOnLaunch=OPEN)), at=AT),
        unknown("a map", resources(It=subnet(MapPublicIpOnLaunch={"a": "b"})), at=AT),
        not_applicable("a VPC", resources(It=resource("AWS::EC2::VPC"))),
    ),
)


@each(CASES)
def test_subnet_no_public_address(case: Case) -> None:
    hold(CASES, case)
