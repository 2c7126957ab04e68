"""The baseline's own templates, synthesized once per environment and process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk.assertions import Template

from nexis.cdk import baseline_app
from nexis.config import load_configuration
from stacks.baseline import build_baseline

ROOT = Path(__file__).resolve().parents[2]


@cache
def synthesized_baseline(environment: str) -> dict[str, dict[str, Any]]:
    """Give the templates of an environment by stack id."""
    app = baseline_app(builtin_cloud_formation_validation=False, outdir=None)
    built = build_baseline(app, load_configuration(ROOT / "config" / f"{environment}.toml"))
    stacks = (
        built.network,
        built.trail,
        built.database,
        built.managed_database,
        built.deployment_access,
        built.policy_hook,
    )
    return {stack.node.id: dict(Template.from_stack(stack).to_json()) for stack in stacks if stack is not None}
