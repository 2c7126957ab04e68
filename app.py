"""The app: reads a configuration, builds the stacks, and synthesizes them under all policies."""

from __future__ import annotations

import sys
from pathlib import Path

from nexis.cdk import baseline_app, synthesize
from nexis.config import ConfigurationError, load_configuration
from stacks.baseline import build_baseline

HERE = Path(__file__).parent


def main() -> None:
    """Build and synthesize the environment named by the context key `environment` (`-c environment=prod`)."""
    app = baseline_app()
    environment = app.node.try_get_context("environment") or "dev"
    try:
        configuration = load_configuration(HERE / "config" / f"{environment}.toml")
    except ConfigurationError as problem:
        sys.exit(str(problem))
    waivers = HERE / "waivers.toml"
    build_baseline(app, configuration, waivers=waivers)
    synthesize(app, waivers=waivers)


if __name__ == "__main__":
    main()
