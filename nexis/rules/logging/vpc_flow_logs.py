"""Every VPC has a flow log, of refused traffic at least; our own baseline keeps one of all traffic.

A VPC whose subnets in the templates each have a flow log is as well recorded as one with a log of its own.

Source: CloudFormation resource reference, AWS::EC2::FlowLog; AWS Security Hub User Guide, EC2.6. Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.templates.views import View

FLOW_LOG: Final = "AWS::EC2::FlowLog"
SUBNET: Final = "AWS::EC2::Subnet"


def _recorded(vpc: View) -> list[list[View]]:
    """Give the flow logs of a VPC, or those of each of its subnets; nothing where traffic is not recorded."""
    logs = _logs_of(vpc, "VPC")
    if logs:
        return [logs]
    of_subnets = [_logs_of(subnet, "Subnet") for subnet in vpc.referrers(SUBNET, "VpcId")]
    return of_subnets if all(of_subnets) else []


def _checks(*accepted: str) -> Callable[[View], Iterator[Problem]]:
    def check(vpc: View) -> Iterator[Problem]:
        recorded = _recorded(vpc)
        if not recorded:
            yield Problem(
                "Properties",
                f"no flow log names this VPC; expected an {FLOW_LOG} with TrafficType {' or '.join(accepted)}",
            )
        for logs in recorded:
            yield from _one_complete(logs, accepted)

    return check


def _one_complete(logs: list[View], accepted: tuple[str, ...]) -> Iterator[Problem]:
    found = [list(parts(partial(_traffic, log, accepted))) for log in logs]
    if all(found):  # one complete log is enough
        yield from (problem for problems in found for problem in problems)


def _logs_of(resource: View, kind: str) -> list[View]:
    return [log for log in resource.referrers(FLOW_LOG, "ResourceId") if log.peek("ResourceType") == kind]


def _traffic(log: View, accepted: tuple[str, ...]) -> Iterator[Problem]:
    traffic = log.literal("TrafficType")
    if traffic not in accepted:
        said = "is absent" if isinstance(traffic, Absent) else f"is {traffic!r}"
        expected = " or ".join(map(repr, accepted))
        yield Problem("Properties", f"TrafficType of the flow log {log.logical_id} {said}, expected {expected}")


_EXAMPLE: Final = {
    "Network": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "Flows": {
        "Type": FLOW_LOG,
        "Properties": {
            "ResourceType": "VPC",
            "ResourceId": {"Ref": "Network"},
            "TrafficType": "ALL",
            "LogDestinationType": "s3",
            "LogDestination": "arn:aws:s3:::flows",
        },
    },
}
_CDK: Final = 'vpc.add_flow_log("Flows", traffic_type=ec2.FlowLogTrafficType.ALL)'

FLOW_LOGS = Rule(
    id="logging.vpc-flow-logs",
    severity="error",
    title="Every VPC has a flow log",
    why="Without it nobody can say afterwards who talked to the database, or who tried.",
    fix="add AWS::EC2::FlowLog with ResourceType VPC, ResourceId the VPC and TrafficType ALL "
    "(CDK: vpc.add_flow_log, or HardenedNetwork)",
    types=("AWS::EC2::VPC",),
    check=_checks("ALL", "REJECT"),
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC6.6", "CC7.2"), "AWS FSBP": ("EC2.6",), "NIST 800-53 r5": ("AU-2", "AU-12")},
    source="Amazon VPC User Guide, Logging IP traffic using VPC Flow Logs",
    cdk=_CDK,
    example=_EXAMPLE,
)

ALL_TRAFFIC = Rule(
    id="logging.vpc-flow-logs-all-traffic",
    severity="error",
    title="The flow log of every VPC has all traffic",
    why="Refused traffic shows who tried; only accepted traffic shows who came in and what was carried out.",
    fix="set TrafficType: ALL (CDK: vpc.add_flow_log, or HardenedNetwork)",
    types=("AWS::EC2::VPC",),
    check=_checks("ALL"),
    applies=lambda vpc: bool(_recorded(vpc)),  # that there is a log at all is the other rule's
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC6.6", "CC7.2")},
    source="Amazon VPC User Guide, Logging IP traffic using VPC Flow Logs",
    cdk=_CDK,
    example=_EXAMPLE,
    scope="baseline",  # the frameworks are content with refused traffic
)

RULES: tuple[Rule, ...] = (FLOW_LOGS, ALL_TRAFFIC)
