"""`nexis config`: print a value of a configuration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nexis.config import ConfigurationError, load_configuration

if TYPE_CHECKING:
    import argparse

WRONG: int = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--environment", default="dev", help="a file of config/ without its ending")
    parser.add_argument("key", help="such as region, or hosts.instance_type")


def run(arguments: argparse.Namespace) -> int:
    """Print one value.

    Args:
        arguments: as declared by `add_arguments`.
    """
    try:
        value: object = load_configuration(Path("config") / f"{arguments.environment}.toml")
    except ConfigurationError as problem:
        sys.stderr.write(f"{problem}\n")
        return WRONG
    for name in arguments.key.split("."):
        fields = getattr(type(value), "model_fields", {})
        if name not in fields:
            sys.stderr.write(f"nexis config: there is no {arguments.key!r}; expected one of {', '.join(fields)}\n")
            return WRONG
        value = getattr(value, name)
    sys.stdout.write(f"{value}\n")
    return 0
