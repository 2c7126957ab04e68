"""`nexis deploy`: synthesize, deploy and audit the baseline."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nexis.commands._environment import CANNOT_RUN, add_environment, read_environment

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_environment(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask before permissions are widened")


def run(arguments: argparse.Namespace) -> int:
    """Deploy and print the summary.

    Args:
        arguments: as declared by `add_arguments`.

    Returns:
        0 when everything holds, 1 when the audit finds something, 2 when a step failed.
    """
    configuration = read_environment(arguments)
    if configuration is None:
        return CANNOT_RUN
    from nexis.audit import AuditError
    from nexis.audit.text import render_audit
    from nexis.deployment.aws import reach, refuse_placeholder_repository, refuse_unfit_image
    from nexis.deployment.deploy import deploy
    from nexis.deployment.errors import DeploymentError, refused_calls_explained
    from nexis.deployment.summary import summary

    try:
        with refused_calls_explained():
            target = reach(configuration)
            refuse_unfit_image(target)
            refuse_placeholder_repository(target)
            deployed = deploy(target, ask=not arguments.yes)
    except (DeploymentError, AuditError) as problem:
        sys.stderr.write(f"\n{problem}\n")
        return CANNOT_RUN
    sys.stdout.write(summary(target, deployed))
    code = deployed.audit.report.exit_code
    if code:
        sys.stdout.flush()
        sys.stderr.write("\n" + render_audit(deployed.audit))
    return code
