"""Subnets give no public addresses by themselves."""

from __future__ import annotations

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, example_of, is_false, requiring, types_of

REQUIREMENTS = (
    Requirement(
        type="AWS::EC2::Subnet",
        path=("MapPublicIpOnLaunch",),
        accepts=is_false,
        expected="false, or nothing",
        absent="",  # the documented default is false
        source="CloudFormation resource reference, AWS::EC2::Subnet MapPublicIpOnLaunch",
        as_of="2026-11-23",
        example=False,
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
    cdk='ec2.CfnSubnet(self, "Data", vpc_id=vpc_id, cidr_block="10.20.1.0/24", map_public_ip_on_launch=False)',
    example=example_of(*REQUIREMENTS),
)
