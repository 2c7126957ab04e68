"""Subnets give no public addresses by themselves."""

from __future__ import annotations

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, is_false, requiring, types_of

REQUIREMENTS = (
    Requirement(
        type="AWS::EC2::Subnet",
        path=("MapPublicIpOnLaunch",),
        accepts=is_false,
        expected="false, or nothing",
        absent="",  # the documented default is false
        source="CloudFormation resource reference, AWS::EC2::Subnet MapPublicIpOnLaunch",
        as_of="2026-11-23",
    ),
)

RULE = Rule(
    id="network.subnet-no-public-address",
    severity="error",
    title="Subnets give no public addresses by themselves",
    why="Every host started in the subnet, by whoever and for whatever, becomes reachable from the internet.",
    fix="set MapPublicIpOnLaunch: false or leave it out (CDK: map_public_ip_on_launch=False, or isolated subnets)",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("EC2.15",)},
    source="CloudFormation resource reference, AWS::EC2::Subnet",
)
