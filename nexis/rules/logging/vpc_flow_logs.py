"""Every VPC has a flow log of all traffic."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def check(vpc: View) -> Iterator[Problem]:
    """Judge a VPC by the flow logs that name it."""
    logs = [log for log in vpc.referrers("AWS::EC2::FlowLog", "ResourceId") if log.peek("ResourceType") == "VPC"]
    if not logs:
        yield Problem("Properties", "no flow log names this VPC; expected an AWS::EC2::FlowLog with TrafficType ALL")
        return
    found = [list(parts(partial(_traffic, log))) for log in logs]
    if all(found):  # one complete log is enough
        yield from (problem for problems in found for problem in problems)


def _traffic(log: View) -> Iterator[Problem]:
    traffic = log.literal("TrafficType")
    if traffic != "ALL":
        said = "is absent" if isinstance(traffic, Absent) else f"is {traffic!r}"
        yield Problem("Properties", f"TrafficType of the flow log {log.logical_id} {said}, expected 'ALL'")


RULE = Rule(
    id="logging.vpc-flow-logs",
    severity="error",
    title="Every VPC has a flow log of all traffic",
    why="Without it nobody can say afterwards who talked to the database, or who tried.",
    fix="add AWS::EC2::FlowLog with ResourceType VPC, ResourceId the VPC and TrafficType ALL "
    "(CDK: vpc.add_flow_log, or HardenedNetwork)",
    types=("AWS::EC2::VPC",),
    check=check,
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC6.6", "CC7.2"), "AWS FSBP": ("EC2.6",)},
    source="Amazon VPC User Guide, Logging IP traffic using VPC Flow Logs",
)
