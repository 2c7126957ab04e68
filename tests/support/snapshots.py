"""Templates as they go into a snapshot: small, and the same wherever they were made."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nexis.config import Configuration, load_configuration

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ("dev", "prod")

_HASH = re.compile(r"[0-9a-f]{64}")


def configuration(environment: str) -> Configuration:
    """The configuration that is checked in for an environment."""
    return load_configuration(ROOT / "config" / f"{environment}.toml")


def scrub(value: Any) -> Any:
    """Replaces what changes without meaning: hashes of assets, and sources that have tests of their own."""
    if isinstance(value, dict):
        return {key: "(source)" if key == "ZipFile" else scrub(it) for key, it in value.items()}
    if isinstance(value, list):
        return [scrub(it) for it in value]
    return _HASH.sub("(hash)", value) if isinstance(value, str) else value


def resources_only(template: dict[str, Any]) -> dict[str, Any]:
    """A template without the parameter and the rule that CDK adds to each for its bootstrap version."""
    kept = {key: value for key, value in template.items() if key not in ("Parameters", "Rules")}
    parameters = {k: v for k, v in template.get("Parameters", {}).items() if k != "BootstrapVersion"}
    scrubbed: dict[str, Any] = scrub(kept | ({"Parameters": parameters} if parameters else {}))
    return scrubbed
