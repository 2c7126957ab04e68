"""The hosted zone of a database cluster is private."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.tags import CLUSTER_TAG
from nexis.rules._tags import has_tag
from nexis.rules.model import Problem, Rule
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def applies(zone: View) -> bool:
    """Judge only zones tagged as a cluster's."""
    return has_tag(zone, CLUSTER_TAG)


def check(zone: View) -> Iterator[Problem]:
    """Judge a hosted zone."""
    if not zone.items("VPCs"):
        yield Problem(place("VPCs"), "is absent or empty, which makes the zone public; expected the cluster's VPC")


RULE = Rule(
    id="network.hosted-zone-private",
    severity="error",
    title="The hosted zone of a database cluster is private",
    why="A public zone tells everyone the names and inner addresses of the database hosts.",
    fix="set VPCs to the cluster's VPC (CDK: vpcs=[CfnHostedZone.VPCProperty(...)] or PrivateHostedZone)",
    types=("AWS::Route53::HostedZone",),
    applies=applies,
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",)},
    source="CloudFormation resource reference, AWS::Route53::HostedZone VPCs: given for private zones only",
    cdk='route53.PrivateHostedZone(self, "Zone", zone_name="db.internal", vpc=vpc)',
    example={
        "Zone": {
            "Type": "AWS::Route53::HostedZone",
            "Properties": {
                "Name": "db.internal",
                "HostedZoneTags": [{"Key": CLUSTER_TAG, "Value": "orders"}],
                "VPCs": [{"VPCId": "vpc-1", "VPCRegion": "eu-central-1"}],
            },
        },
    },
    scope="baseline",
)
