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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, either, opened

AT = ("Properties.VPCs",)
TAGS = [{"Key": "nexis:cluster", "Value": "main"}]


def zone(**properties: Any) -> dict[str, Any]:
    return resource("AWS::Route53::HostedZone", Name="db.example", **properties)


CASES = RuleCases(
    "network.hosted-zone-private",
    (
        good("a VPC", resources(It=zone(HostedZoneTags=TAGS, VPCs=[{"VPCId": "vpc-1", "VPCRegion": "eu-central-1"}]))),
        bad("absent", resources(It=zone(HostedZoneTags=TAGS)), at=AT),
        bad("an empty list", resources(It=zone(HostedZoneTags=TAGS, VPCs=[])), at=AT),
        unknown("an open list", opened(It=zone(HostedZoneTags=TAGS, VPCs=OPEN)), at=AT),
        unknown(
            "a VPC only sometimes",
            conditional(It=zone(HostedZoneTags=TAGS, VPCs=[either({"VPCId": "v"}, NO_VALUE)])),
            at=AT,
        ),
        not_applicable("a zone of something else", resources(It=zone())),
        not_applicable("odd tags", resources(It=zone(HostedZoneTags="nexis:cluster"))),
    ),
)


@each(CASES)
def test_hosted_zone_private(case: Case) -> None:
    hold(CASES, case)
