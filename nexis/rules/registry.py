"""All rules, found by walking the theme folders; or those for some resource types, found in an index.

The index (`index.json`, made by `make docs`) says which module holds the rules for a type, so that a check imports
those alone. It is believed only while every file that it was made of still has the size that it had; otherwise all
rules are loaded.
"""

from __future__ import annotations

import importlib
import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from nexis.records import record
from nexis.rules.model import EVERY_TYPE, THEMES, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from nexis.rules.model import Severity

INDEX: Final = "index.json"
FACTS: Final = os.path.join(os.pardir, "facts")  # noqa: PTH118 - as all of `os.path` here: pathlib starts slowly


class RegistryError(Exception):
    """A rule module that cannot be used."""


@cache
def all_rules() -> tuple[Rule, ...]:
    """Give every rule, sorted by id.

    Raises:
        RegistryError: a module in a theme folder cannot be imported, has no `RULE`, or repeats an id. A rule that
            cannot be read must stop the build, not drop out of it.
    """
    found = _loaded(_names())
    if not found:
        raise RegistryError(f"{_here()} holds no rule, so nothing would be judged; install nexis-baseline again")
    return found


def _here() -> str:
    return os.path.dirname(__file__)  # noqa: PTH120


def _names() -> list[str]:
    """Give the modules of all themes, as `theme.name`."""
    import pkgutil
    from pathlib import Path

    here = Path(_here())
    for folder in sorted(here.iterdir()):
        if folder.is_dir() and folder.name not in THEMES and any(folder.rglob("*.py")):
            raise RegistryError(f"{folder.name} is no theme, so its rules would not run; expected {', '.join(THEMES)}")
    return [
        f"{theme}.{module.name}"
        for theme in THEMES
        for module in sorted(pkgutil.iter_modules([str(here / theme)]), key=lambda m: m.name)
        if not module.name.startswith("_")
    ]


def rules_for(types: Collection[str], wanted: Callable[[str], bool] | None = None) -> tuple[Rule, ...]:
    """Give the rules that judge resources of some types, and maybe more, sorted by id.

    Args:
        types: the resource types.
        wanted: says of a rule's id whether it is asked; all are when not given.

    Raises:
        RegistryError: as `all_rules` does.
    """
    index = _index()
    if index is None:
        found = all_rules()
    else:
        needed = [
            module
            for module in index.modules
            if (EVERY_TYPE in module.types or not module.types.isdisjoint(types))
            and (wanted is None or any(map(wanted, module.severities)))
        ]
        found = _loaded([module.name for module in needed])
        told = {rule.id: (rule.severity, *sorted(rule.types)) for rule in found}
        if told != {identity: rule for module in needed for identity, rule in module.rules.items()}:
            found = all_rules()  # the index tells something else than the modules, so it may miss some
    return found if wanted is None else tuple(rule for rule in found if wanted(rule.id))


def severities() -> Mapping[str, Severity]:
    """Give the severity of every rule, by id.

    Raises:
        RegistryError: as `all_rules` does.
    """
    index = _index()
    if index is None:
        return {rule.id: rule.severity for rule in all_rules()}
    return {identity: severity for module in index.modules for identity, severity in module.severities.items()}


@record
class _Module:
    name: str
    rules: Mapping[str, tuple[Any, ...]]
    types: frozenset[str]

    @property
    def severities(self) -> Mapping[str, Severity]:
        return {identity: rule[0] for identity, rule in self.rules.items()}


@record
class _Index:
    modules: tuple[_Module, ...]


@cache
def _index() -> _Index | None:
    """Read the index; None where it is not certain to tell what the modules do."""
    try:
        with open(f"{_here()}/{INDEX}", encoding="utf-8") as file:  # noqa: PTH123
            written = json.load(file)
        if written["files"] != files():
            return None
        modules = []
        for name, rules in written["modules"].items():
            told = {identity: tuple(rule) for identity, rule in rules.items()}
            modules.append(_Module(name, told, frozenset(kind for rule in told.values() for kind in rule[1:])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return _Index(tuple(modules))


def files() -> dict[str, int]:
    """Give the size of every file that says what rules there are, by its path from here."""
    here = _here()
    found: dict[str, int] = {}
    waiting = [".", FACTS]
    while waiting:
        folder = waiting.pop()
        for entry in os.scandir(f"{here}/{folder}"):
            if entry.name.endswith(".py"):
                found[f"{folder}/{entry.name}"] = entry.stat().st_size
            elif entry.is_dir() and entry.name != "__pycache__":
                waiting.append(f"{folder}/{entry.name}")
    return found


def index_text() -> str:
    """Write the index of the rules as they are.

    Raises:
        RegistryError: as `all_rules` does.
    """
    modules = {
        name: {rule.id: [rule.severity, *sorted(rule.types)] for rule in _loaded([name])} for name in sorted(_names())
    }
    written = {
        "made": "by `make docs`, of the rules themselves",
        "files": dict(sorted(files().items())),
        "modules": modules,
    }
    return json.dumps(written, indent=1) + "\n"


def _loaded(names: Sequence[str]) -> tuple[Rule, ...]:
    """Import modules, given as `theme.name`, and give their rules, sorted by id."""
    found: dict[str, Rule] = {}
    for short in names:
        name, theme = f"nexis.rules.{short}", short.partition(".")[0]
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
