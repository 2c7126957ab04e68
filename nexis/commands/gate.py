"""`nexis gate`: whether GitHub asks for a second person before a change reaches an environment."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nexis.commands._environment import CANNOT_RUN, add_environment, read_environment

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_environment(parser)
    parser.add_argument("--apply", action="store_true", help="first put the settings in force, as an administrator")


def run(arguments: argparse.Namespace) -> int:
    """Compare GitHub's settings with the configuration.

    Args:
        arguments: as declared by `add_arguments`.

    Returns:
        0 when they are as strict as the configuration asks, 1 when not, 2 when they cannot be read.
    """
    configuration = read_environment(arguments)
    if configuration is None:
        return CANNOT_RUN
    from nexis.deployment.github import GitHubError, apply, read
    from nexis.deployment.second_person import gate_of, problems

    gate = gate_of(configuration)
    if gate is None:
        sys.stderr.write(
            f"nexis gate: config/{configuration.environment}.toml has no section [changes], so nothing deploys "
            "from GitHub; add it to have a gate\n"
        )
        return CANNOT_RUN
    try:
        for line in apply(gate) if arguments.apply else ():
            sys.stdout.write(f"set      {line}\n")
        found = problems(gate, read(gate))
    except GitHubError as problem:
        sys.stderr.write(f"nexis gate: {problem}\n")
        return CANNOT_RUN
    for line in found:
        sys.stdout.write(f"missing  {line}\n")
    if found:
        do = "the rest is set on GitHub's pages" if arguments.apply else "`nexis gate --apply` sets what it can"
        sys.stdout.write(f"{len(found)} missing in {gate.repository}; {do}\n")
        return 1
    asked = f"a second person of {', '.join(gate.reviewers)} approves" if gate.reviewers else "nobody has to approve"
    sys.stdout.write(f"{gate.repository}: {gate.branch} alone deploys {gate.environment}; {asked}\n")
    return 0
