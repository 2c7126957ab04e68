"""The account's audit trail, where the account has none yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis_constructs.audit_trail import AuditTrail
from stacks.baseline_stack import BaselineStack

if TYPE_CHECKING:
    from constructs import Construct

    from nexis.config import Configuration


class TrailStack(BaselineStack):
    """One multi-region trail with its bucket and key.

    Args:
        scope: the app or stage it belongs to.
        construct_id: its id there.
        configuration: the environment's configuration.
    """

    def __init__(self, scope: Construct, construct_id: str = "Trail", *, configuration: Configuration) -> None:
        super().__init__(
            scope,
            construct_id,
            configuration=configuration,
            part="trail",
            description="Nexis baseline: audit trail",
        )
        self.trail = AuditTrail(
            self,
            "Trail",
            retention_days=configuration.logs.retention_days,
            retain=configuration.is_production,
        )
