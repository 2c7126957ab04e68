"""`nexis destroy`: remove the deployed baseline."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nexis.commands._environment import CANNOT_RUN, add_environment, read_environment
from nexis.deployment.errors import DeploymentError, refused_calls_explained

if TYPE_CHECKING:
    import argparse

    from nexis.deployment.aws import Target
    from nexis.deployment.destroy import Plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_environment(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask; only on an AWS of this machine")


def run(arguments: argparse.Namespace) -> int:
    """List what goes and what stays, ask, and remove the stacks.

    Args:
        arguments: as declared by `add_arguments`.

    Returns:
        0 when the stacks are gone (or were never there), 1 when the answer was no, 2 when a step failed.
    """
    configuration = read_environment(arguments)
    if configuration is None:
        return CANNOT_RUN
    from nexis.deployment.aws import endpoint_url, is_loopback, reach
    from nexis.deployment.destroy import plan_removal

    try:
        refuse_unless_removable(
            production=configuration.is_production,
            on_this_machine=is_loopback(endpoint_url()),
            unasked=arguments.yes,
        )
        with refused_calls_explained():
            target = reach(configuration)
            plan = plan_removal(target)
            if not plan.stacks:
                sys.stdout.write(f"Nothing of environment {configuration.environment} is deployed here.\n")
                return 0
            if not arguments.yes and not confirmed(plan):
                sys.stdout.write("\nNothing was removed: what was typed is not that name.\n")
                return 1
            _remove(target, plan)
    except DeploymentError as problem:
        sys.stderr.write(f"\n{problem}\n")
        return CANNOT_RUN
    return 0


def confirmed(plan: Plan) -> bool:
    """Show what goes and what stays, and ask for a stack's name to be typed.

    Args:
        plan: of the removal.
    """
    name = plan.stacks[-1]
    sys.stdout.write(describe(plan))
    sys.stdout.write(f"\nType {name}, the name of the stack that the others stand on, to remove all of them: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip() == name


def _remove(target: Target, plan: Plan) -> None:
    from nexis.deployment.cdk_cli import Progress
    from nexis.deployment.destroy import lift_protection, remove_stack

    if plan.protected:
        with Progress("Lifting deletion protection of " + ", ".join(identity for _, identity in plan.protected)):
            lift_protection(target, plan)
    for name in plan.stacks:
        with Progress(f"Removing {name}"):
            left = remove_stack(target, name, lift_termination_protection=target.on_this_machine)
        for kind, identity in left:
            sys.stdout.write(f"Left behind, because something is in it: {kind} {identity}\n")


def refuse_unless_removable(*, production: bool, on_this_machine: bool, unasked: bool) -> None:
    """Refuse what must not be removed by a command.

    Args:
        production: whether the environment is production.
        on_this_machine: whether the AWS is one of this machine.
        unasked: whether the name is not to be typed.

    Raises:
        DeploymentError: it must not be removed so.
    """
    if on_this_machine:
        return
    if production:
        raise DeploymentError(
            "This would remove production, which no command of this project does. Remove the stacks one by one in the "
            "console, after lifting their termination protection, with a second person."
        )
    if unasked:
        raise DeploymentError("--yes works only on an AWS of this machine; in an account the name is typed.")


def describe(plan: Plan) -> str:
    """Write what goes and what stays.

    Args:
        plan: of the removal.
    """
    lines = ["These stacks go, in this order:", *(f"  {name}" for name in plan.stacks)]
    lines += ["", "With them go:", *(f"  {kind:<36} {identity}" for kind, identity in plan.goes)]
    lines += ["", "These stay:", *(f"  {kind:<36} {identity}: {why}" for kind, identity, why in plan.stays)]
    return "\n".join(lines) + "\n"
