"""`nexis explain`: everything about a rule."""

from __future__ import annotations

import difflib
import fnmatch
import json
import sys
from typing import TYPE_CHECKING, Final

from nexis.reference.rules import as_json, explain
from nexis.rules.registry import RegistryError, all_rules

if TYPE_CHECKING:
    import argparse

UNKNOWN_RULE: Final = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("rules", nargs="+", metavar="RULE", help="a rule id, or a pattern such as 'tls.*'")
    parser.add_argument("--format", choices=("json", "text"), default="text", help="how to write it")


def run(arguments: argparse.Namespace) -> int:
    """Print what each rule says of itself.

    Args:
        arguments: as declared by `add_arguments`.
    """
    try:
        rules = {rule.id: rule for rule in all_rules()}
    except RegistryError as problem:
        sys.stderr.write(f"nexis explain: {problem}\n")
        return UNKNOWN_RULE
    chosen: dict[str, None] = {}
    for pattern in arguments.rules:
        found = fnmatch.filter(rules, pattern)
        if not found:
            near = difflib.get_close_matches(pattern, rules, n=3, cutoff=0.4)
            hint = f"did you mean {', '.join(near)}?" if near else "`nexis rules` lists them"
            sys.stderr.write(f"nexis explain: there is no rule {pattern!r}; {hint}\n")
            return UNKNOWN_RULE
        chosen.update(dict.fromkeys(found))
    if arguments.format == "json":
        sys.stdout.write(json.dumps([as_json(rules[identity]) for identity in chosen], indent=2) + "\n")
    else:
        sys.stdout.write(f"\n{'-' * 100}\n\n".join(explain(rules[identity]) for identity in chosen))
    return 0
