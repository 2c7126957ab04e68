"""`nexis config`: print a value of a configuration."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nexis.commands._environment import CANNOT_RUN, add_environment, read_environment

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_environment(parser)
    parser.add_argument("key", help="such as region, or hosts.instance_type")


def run(arguments: argparse.Namespace) -> int:
    """Print one value.

    Args:
        arguments: as declared by `add_arguments`.
    """
    value: object = read_environment(arguments)
    if value is None:
        return CANNOT_RUN
    for name in arguments.key.split("."):
        fields = getattr(type(value), "model_fields", {})
        if name not in fields:
            sys.stderr.write(f"nexis config: there is no {arguments.key!r}; expected one of {', '.join(fields)}\n")
            return CANNOT_RUN
        value = getattr(value, name)
    sys.stdout.write(f"{value}\n")
    return 0
