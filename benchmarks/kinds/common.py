"""What several kinds of stacks use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import Duration, RemovalPolicy, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

if TYPE_CHECKING:
    from random import Random

    from constructs import Construct

TEAMS: Final = ("payments", "search", "catalogue", "identity", "reports", "shipping", "support")
RUNTIMES: Final = (lambda_.Runtime.PYTHON_3_12, lambda_.Runtime.PYTHON_3_13, lambda_.Runtime.NODEJS_22_X)
PROGRAM: Final = """
import json
import os

def handler(event, context):
    print(json.dumps({"received": len(event.get("Records", [])), "table": os.environ.get("TABLE")}))
    return {"statusCode": 200, "body": "{}"}
"""


def usually(choose: Random) -> bool:
    """Say yes nine times in ten: most of what is deployed is as it should be."""
    return choose.random() < 0.9


def tagged(scope: Construct, choose: Random) -> None:
    """Tag all below a scope."""
    for name, value in (("team", choose.choice(TEAMS)), ("stage", choose.choice(("dev", "test", "prod")))):
        Tags.of(scope).add(name, value)


def network_of(scope: Construct, choose: Random) -> ec2.IVpc:
    """Give a network that another stack owns."""
    number = f"{choose.getrandbits(32):08x}"
    zones = 3 if usually(choose) else 2
    return ec2.Vpc.from_vpc_attributes(
        scope,
        "Network",
        vpc_id=f"vpc-0{number}",
        vpc_cidr_block=f"10.{choose.randrange(200)}.0.0/16",
        availability_zones=[f"eu-central-1{letter}" for letter in "abc"[:zones]],
        private_subnet_ids=[f"subnet-0{number}{place}" for place in range(zones)],
        public_subnet_ids=[f"subnet-1{number}{place}" for place in range(zones)],
        private_subnet_route_table_ids=[f"rtb-0{number}{place}" for place in range(zones)],
        public_subnet_route_table_ids=[f"rtb-1{number}{place}" for place in range(zones)],
    )


def log_group(scope: Construct, choose: Random, name: str = "Logs") -> logs.LogGroup:
    """Make a log group."""
    kept = choose.choice((logs.RetentionDays.ONE_MONTH, logs.RetentionDays.THREE_MONTHS, logs.RetentionDays.ONE_YEAR))
    return logs.LogGroup(scope, name, retention=kept if usually(choose) else None, removal_policy=RemovalPolicy.DESTROY)


def program(scope: Construct, choose: Random, name: str, **more: str) -> lambda_.Function:
    """Make a function.

    Args:
        scope: where it stands.
        choose: what varies is drawn from it.
        name: its construct id.
        more: environment variables.
    """
    return lambda_.Function(
        scope,
        name,
        runtime=choose.choice(RUNTIMES),
        handler="index.handler",
        code=lambda_.Code.from_inline(PROGRAM),
        memory_size=choose.choice((128, 256, 512, 1024)),
        timeout=Duration.seconds(choose.choice((10, 30, 60))),
        tracing=lambda_.Tracing.ACTIVE if usually(choose) else lambda_.Tracing.DISABLED,
        environment={"LOG_LEVEL": choose.choice(("INFO", "WARNING")), **more},
        log_group=log_group(scope, choose, f"{name}Logs"),
    )
