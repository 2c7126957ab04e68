"""`nexis cost`: what a synthesized environment costs a month, roughly."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from nexis.cost import StackTemplate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of `nexis cost`.

    Args:
        parser: The subcommand's parser.
    """
    parser.add_argument(
        "--assembly", type=Path, default=Path("cdk.out"), help="the cloud assembly to read; default: cdk.out"
    )
    parser.add_argument(
        "--config", type=Path, help="the configuration it must have been synthesized from, such as config/dev.toml"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `nexis cost`.

    Args:
        arguments: What `add_arguments` declared.

    Returns:
        0 if printed; 2 if the assembly or the configuration cannot be used, or they do not belong together.
    """
    from nexis.cost import CostError, bill, read_assembly, render

    try:
        stacks = read_assembly(arguments.assembly)
    except CostError as problem:
        print(f"nexis cost: {problem}", file=sys.stderr)
        return 2
    if arguments.config is not None:
        problem_text = _does_not_match(stacks, arguments.config)
        if problem_text:
            print(f"nexis cost: {problem_text}", file=sys.stderr)
            return 2
    print(f"{arguments.assembly}: {', '.join(stack.name for stack in stacks)}")
    print(render(bill(stacks)))
    return 0


def _does_not_match(stacks: tuple[StackTemplate, ...], config: Path) -> str:
    """Say why the stacks were not synthesized from a configuration; nothing if they may have been."""
    # pydantic is needed for this only.
    from nexis.config import ConfigurationError, load_configuration

    try:
        wanted = load_configuration(config)
    except ConfigurationError as problem:
        return str(problem)
    for stack in stacks:
        if (stack.account, stack.region) != (wanted.account, wanted.region):
            return (
                f"got the stack {stack.name} for {stack.account}/{stack.region}; expected {wanted.account}/"
                f"{wanted.region} as in {config}; do: run `make synth ENV={wanted.environment}` first"
            )
    return ""
