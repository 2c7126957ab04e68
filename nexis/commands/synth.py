"""`nexis synth`: synthesize the baseline under all policies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nexis.commands._environment import CANNOT_RUN, add_environment, read_environment

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_environment(parser)
    parser.add_argument("--output", type=Path, default=Path("cdk.out"), metavar="FOLDER", help="the cloud assembly")


def run(arguments: argparse.Namespace) -> int:
    """Synthesize; what the CDK says of itself is left out.

    Args:
        arguments: as declared by `add_arguments`.

    Returns:
        0 when nothing fails, 1 when the policies refuse the app, 2 when the configuration cannot be used.
    """
    if read_environment(arguments) is None:
        return CANNOT_RUN
    from nexis.deployment.cdk_cli import synthesize

    if not synthesize(arguments.environment, arguments.output):
        return 1
    sys.stdout.write(f"The stacks are in {arguments.output}, with the report of the policies in nexis-report.json.\n")
    return 0
