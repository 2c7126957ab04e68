"""The rules at deployment: what does not comply is stopped before anything is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis_constructs.policy_hook import PolicyHook
from stacks.baseline_stack import BaselineStack

if TYPE_CHECKING:
    from pathlib import Path

    from constructs import Construct

    from nexis.config import Configuration
    from nexis.config.model import Hook


class PolicyHookStack(BaselineStack):
    """One hook: on the stacks of this environment by all rules, or on the whole account by those for every template.

    Args:
        scope: the app or stage it belongs to.
        construct_id: its id there.
        configuration: the environment's configuration.
        settings: its section on the hook.
        waivers: the project's waivers file, if its waivers are to count at deployment.

    Attributes:
        hook: the hook.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str = "PolicyHook",
        *,
        configuration: Configuration,
        settings: Hook,
        waivers: Path | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            configuration=configuration,
            part="policy-hook",
            description="Nexis baseline: the rules at deployment",
        )
        ours = settings.stacks == "baseline"
        self.hook = PolicyHook(
            self,
            "Hook",
            rules="baseline" if ours else "everywhere",
            stacks=[f"nexis-{configuration.environment}-*"] if ours else None,
            waivers=waivers,
            log_retention_days=configuration.logs.retention_days,
            retain_logs=configuration.is_production,
        )
