"""RDS databases do not listen on the port that everybody tries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.templates.views import View

# Source: CloudFormation reference, AWS::RDS::DBInstance Port (default per engine), read 2026-11-23.
DEFAULT_PORTS: Final[Mapping[str, int]] = {
    "aurora-mysql": 3306,
    "aurora-postgresql": 5432,
    "mariadb": 3306,
    "mysql": 3306,
    "postgres": 5432,
}


def _applies(resource: View) -> bool:
    engine = resource.literal("Engine")
    in_cluster = not isinstance(resource.get("DBClusterIdentifier"), Absent)
    return isinstance(engine, str) and engine in DEFAULT_PORTS and not in_cluster


def _check(resource: View) -> Iterator[Problem]:
    engine, port = resource.literal("Engine"), resource.number("Port")
    default = DEFAULT_PORTS[str(engine)]
    if isinstance(port, Absent):
        yield Problem(place("Port"), f"is absent, and {engine} then listens on {default}; expected another port")
    elif port == default:
        yield Problem(place("Port"), f"found {default}, the port of every {engine}; expected another one")


RULE = Rule(
    id="network.rds-own-port",
    severity="error",
    title="RDS databases listen on a port of their own",
    why="Scanners and worms try the default port first; another one keeps their noise out of logs and alarms.",
    fix="set Port to another one, such as 6432 (CDK: port=6432), and tell the clients' security groups",
    types=("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"),
    check=_check,
    applies=_applies,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("RDS.23",)},
    source="AWS Security Hub User Guide, RDS.23",
    cdk='rds.DatabaseInstance(self, "Orders", engine=engine, vpc=vpc, port=6432)',
    example={"Orders": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres", "Port": "6432"}}},
    scope="baseline",
)
