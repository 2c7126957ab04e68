"""`nexis bootstrap`: prepare an account for deployments with the CDK."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nexis.commands._environment import CANNOT_RUN, add_environment, read_environment

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_environment(parser)
    parser.add_argument("--replace", action="store_true", help="put it in the place of a bootstrap of another kind")


def run(arguments: argparse.Namespace) -> int:
    """Bootstrap the account of an environment.

    Args:
        arguments: as declared by `add_arguments`.

    Returns:
        0 when the account is ready, 2 when it could not be made so.
    """
    configuration = read_environment(arguments)
    if configuration is None:
        return CANNOT_RUN
    from nexis.deployment.aws import ensure_auto_scaling_role, reach
    from nexis.deployment.bootstrap import bootstrap
    from nexis.deployment.errors import DeploymentError, refused_calls_explained
    from nexis.facts.deployment import TOOLKIT_STACK, deployment_role_name

    try:
        with refused_calls_explained():
            target = reach(configuration)
            ensure_auto_scaling_role(target)  # which a deployment from GitHub has no right to make
            bootstrap(target, replace=arguments.replace)
    except DeploymentError as problem:
        sys.stderr.write(f"\n{problem}\n")
        return CANNOT_RUN
    role = deployment_role_name(configuration.environment)
    sys.stdout.write(
        f"The stack {TOOLKIT_STACK} is as bootstrap/ has it; it lets in the role {role}, and nobody else.\n"
    )
    return 0
