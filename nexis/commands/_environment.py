"""The environment that a command works on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nexis.config import ConfigurationError, load_configuration

if TYPE_CHECKING:
    import argparse

    from nexis.config import Configuration

CANNOT_RUN: Final = 2


def add_environment(parser: argparse.ArgumentParser) -> None:
    """Declare the argument that names the environment."""
    parser.add_argument("--environment", default="dev", help="a file of config/ without its ending")


def read_environment(arguments: argparse.Namespace) -> Configuration | None:
    """Read the environment's configuration; says what is wrong with it and gives None otherwise.

    Args:
        arguments: with the environment's name.
    """
    try:
        return load_configuration(Path("config") / f"{arguments.environment}.toml")
    except ConfigurationError as problem:
        sys.stderr.write(f"{problem}\n")
        return None
