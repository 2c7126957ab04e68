"""What every stack of the baseline has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Environment, Stack

if TYPE_CHECKING:
    from constructs import Construct

    from nexis.config import Configuration


class BaselineStack(Stack):
    """A stack in the account and region of its configuration, tagged, and protected from deletion in production.

    Args:
        scope: the app or stage it belongs to.
        construct_id: its id there.
        configuration: the environment's configuration.
        part: last part of the stack's name, such as `network`.
        description: what the stack is for.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, configuration: Configuration, part: str, description: str
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            stack_name=f"nexis-{configuration.environment}-{part}",
            description=description,
            env=Environment(account=configuration.account, region=configuration.region),
            tags=dict(configuration.tags()),
            termination_protection=configuration.is_production,
            analytics_reporting=False,
        )
