"""All rules, found by walking the theme folders."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nexis.rules.model import THEMES, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence


class RegistryError(Exception):
    """A rule module that cannot be used."""


@cache
def all_rules() -> tuple[Rule, ...]:
    """Give every rule, sorted by id.

    Raises:
        RegistryError: a module in a theme folder cannot be imported, has no `RULE`, or repeats an id. A rule that
            cannot be read must stop the build, not drop out of it.
    """
    here = Path(__file__).parent
    for folder in sorted(here.iterdir()):
        if folder.is_dir() and folder.name not in THEMES and any(folder.rglob("*.py")):
            raise RegistryError(f"{folder.name} is no theme, so its rules would not run; expected {', '.join(THEMES)}")
    found: dict[str, Rule] = {}
    for theme in THEMES:
        folder = here / theme
        for module in sorted(pkgutil.iter_modules([str(folder)]), key=lambda m: m.name):
            if module.name.startswith("_"):
                continue
            name = f"nexis.rules.{theme}.{module.name}"
            try:
                made = importlib.import_module(name)
            except (Exception, SystemExit) as problem:
                raise RegistryError(
                    f"rule module {name} cannot be read: {type(problem).__name__}: {problem}; repair or remove the file"
                ) from problem
            for rule in _rules_of(made, name):
                if rule.id in found:
                    raise RegistryError(f"rule id {rule.id} is defined twice, again in {name}; ids are unique")
                if rule.id.split(".")[0] != theme:
                    raise RegistryError(f"rule {rule.id} stands in the folder of {theme}; move it to its theme")
                found[rule.id] = rule
    if not found:
        raise RegistryError(f"{here} holds no rule, so nothing would be judged; install nexis-baseline again")
    return tuple(found[identity] for identity in sorted(found))


def _rules_of(module: object, name: str) -> tuple[Rule, ...]:
    """Give what a module defines: one `RULE`, or the `RULES` of one table."""
    one, several = getattr(module, "RULE", None), getattr(module, "RULES", None)
    rules = several if one is None else (one,)
    if not isinstance(rules, tuple) or not rules or not all(isinstance(rule, Rule) for rule in rules):
        raise RegistryError(
            f"rule module {name} has no `RULE`; expected one Rule in each file of a theme, or a tuple of them in "
            "`RULES` where a table makes them"
        )
    if one is not None and several is not None:
        raise RegistryError(f"rule module {name} has both `RULE` and `RULES`; keep one of them")
    return rules


def rules_by_type(rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    """Index rules by the resource types they judge."""
    index: dict[str, list[Rule]] = {}
    for rule in rules:
        for resource_type in rule.types:
            index.setdefault(resource_type, []).append(rule)
    return index
