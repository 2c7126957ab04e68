"""`nexis rules`: list the rules."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nexis.rules.registry import all_rules

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: there are none."""


def run(arguments: argparse.Namespace) -> int:
    """Print every rule with its severity and title.

    Args:
        arguments: none are used.
    """
    rules = all_rules()
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        sys.stdout.write(f"{rule.id:<{width}}  {rule.severity:<7}  {rule.title}\n")
    return 0
