"""The bootstrap of this project on a local AWS, for tests that make stacks without the CDK CLI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nexis.deployment.bootstrap import template_for
from nexis.facts.deployment import TOOLKIT_STACK

if TYPE_CHECKING:
    from collections.abc import Callable

    from nexis.config import Configuration

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "bootstrap" / "bootstrap-template.yaml"


def bootstrapped(client: Callable[[str], Any], configuration: Configuration) -> dict[str, Any]:
    """Make the toolkit stack of an environment, as `nexis bootstrap` does; gives its template."""
    template = template_for(configuration, FILE.read_text(encoding="utf-8"))
    formation = client("cloudformation")
    formation.create_stack(
        StackName=TOOLKIT_STACK,
        TemplateBody=json.dumps(template, separators=(",", ":")),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    formation.get_waiter("stack_create_complete").wait(
        StackName=TOOLKIT_STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    return template
