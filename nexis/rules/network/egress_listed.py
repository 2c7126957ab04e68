"""Every security group lists what may leave.

CloudFormation takes EC2's allow-all egress away only when the group itself lists egress; separate egress resources add
to it. Asked of our own baseline: elsewhere nearly every group leaves the default where it is.

Source: CloudFormation resource reference, AWS::EC2::SecurityGroup, read 2026-11-23: "if you do not add egress rules,
we add egress rules that allow all outbound IPv4 and IPv6 traffic".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules.model import Problem, Rule
from nexis.rules.network._security_rules import EGRESS, GROUP
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def applies(group: View) -> bool:
    """Leave a VPC's default group to `network.default-security-group-closed`."""
    return bool(group.peek("GroupName") != "default")


def check(group: View) -> Iterator[Problem]:
    """Judge a security group."""
    if not group.items(EGRESS.inline):
        yield Problem(
            place(EGRESS.inline),
            "is absent or empty, and EC2 then lets everything out; expected the egress that is needed, inline "
            "(to let nothing out: 255.255.255.255/32, protocol icmp)",
        )


RULE = Rule(
    id="network.egress-listed",
    severity="error",
    title="Every security group lists what may leave; nothing keeps AWS's allow-all egress",
    why="Whoever gets into a host can send its data anywhere, and fetch more tools from anywhere.",
    fix="set SecurityGroupEgress in the group itself to the ports and networks it needs (CDK: allow_all_outbound=False "
    "and at least one egress rule with a literal range: rules that only name groups leave the property out)",
    types=(GROUP,),
    applies=applies,
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",)},
    source="CloudFormation resource reference, AWS::EC2::SecurityGroup",
    cdk='group = ec2.SecurityGroup(self, "Hosts", vpc=vpc, allow_all_outbound=False)\n'
    'group.add_egress_rule(ec2.Peer.ipv4("10.20.0.0/16"), ec2.Port.tcp(443))',
    example={
        "Hosts": {
            "Type": GROUP,
            "Properties": {
                "GroupDescription": "Hosts",
                "SecurityGroupEgress": [
                    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.20.0.0/16"},
                ],
            },
        },
    },
    scope="baseline",
)
