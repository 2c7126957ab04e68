"""`nexis rules`: list the rules."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from nexis.rules.model import THEMES
from nexis.rules.registry import RegistryError, all_rules

if TYPE_CHECKING:
    import argparse

CANNOT_READ: Final = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--theme", choices=THEMES, help="only the rules of one theme")
    parser.add_argument("--format", choices=("json", "text"), default="text", help="how to write the list")


def run(arguments: argparse.Namespace) -> int:
    """Print every rule with its severity and title; those of the baseline alone are marked.

    Args:
        arguments: as declared by `add_arguments`.
    """
    try:
        rules = [rule for rule in all_rules() if arguments.theme in (None, rule.id.partition(".")[0])]
    except RegistryError as problem:
        sys.stderr.write(f"nexis rules: {problem}\n")
        return CANNOT_READ
    if arguments.format == "json":
        from nexis.reference.rules import as_json

        sys.stdout.write(json.dumps([as_json(rule) for rule in rules], indent=2) + "\n")
        return 0
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        scope = "" if rule.scope == "everywhere" else f" ({rule.scope})"
        sys.stdout.write(f"{rule.id:<{width}}  {rule.severity:<7}  {rule.title}{scope}\n")
    return 0
