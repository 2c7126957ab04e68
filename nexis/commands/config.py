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
    parser.add_argument("keys", nargs="+", metavar="KEY", help="such as region, or hosts.instance_type")


def run(arguments: argparse.Namespace) -> int:
    """Print values, one on a line.

    Args:
        arguments: as declared by `add_arguments`.
    """
    configuration = read_environment(arguments)
    if configuration is None:
        return CANNOT_RUN
    values = []
    for key in arguments.keys:
        value: object = configuration
        for name in key.split("."):
            fields = getattr(type(value), "model_fields", {})
            if name not in fields:
                sys.stderr.write(f"nexis config: there is no {key!r}; expected one of {', '.join(fields)}\n")
                return CANNOT_RUN
            value = getattr(value, name)
        values.append(value)
    sys.stdout.writelines(f"{value}\n" for value in values)
    return 0
