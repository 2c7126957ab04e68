"""`nexis github-credentials`: what an AWS SDK asks as its `credential_process` in a job on GitHub."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from nexis.commands._environment import CANNOT_RUN, add_environment, read_environment

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_environment(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print credentials for an hour, for the SDK that asks.

    Args:
        arguments: as declared by `add_arguments`.
    """
    configuration = read_environment(arguments)
    if configuration is None:
        return CANNOT_RUN
    from nexis.deployment.errors import DeploymentError
    from nexis.deployment.github_credentials import credentials

    if sys.stdout.isatty():
        sys.stderr.write("nexis github-credentials: prints secrets, so it writes to a program only\n")
        return CANNOT_RUN
    try:
        sys.stdout.write(json.dumps(credentials(configuration, os.environ)) + "\n")
    except DeploymentError as problem:
        sys.stderr.write(f"nexis github-credentials: {problem}\n")
        return CANNOT_RUN
    return 0
