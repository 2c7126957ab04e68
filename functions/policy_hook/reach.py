"""Whether a rule can look further than the resource it judges, read from its own code.

What is open in a template (a parameter, an import) is known when the resource is made. A rule that never looks further
can wait for that; one that might cannot: whether it does may hang on the very value. So it is not enough to watch it
once. The code of every rule says what it may call; nobody lists rules. A test compares this with what each rule is seen
to look at in all of its cases.
"""

from __future__ import annotations

import functools
import importlib
import types
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules.model import Rule

#: What a rule has to name to see other resources, the rest of the template, or what no property says.
FURTHER: Final = frozenset(
    {
        *("assembly", "template", "views", "declared", "view", "named", "referrers", "target", "is_named_by"),
        *("deletion_policy", "update_policy", "update_replace_policy", "metadata", "depends_on", "construct"),
    }
)
RULES: Final = "nexis.rules"
#: The reader of templates: its own code is no rule's, and what a rule wants of it the rule has to name.
READER: Final = "nexis.templates"


def looks_further(rule: Rule) -> bool:
    """Whether a rule can look further than the resource; in doubt it can.

    Args:
        rule: the rule. Its `glance` says nothing that these two do not.
    """
    return _looks_further(rule.check, rule.applies)


@functools.cache
def _looks_further(*asked: Any) -> bool:
    seen: dict[int, Any] = {}
    waiting: list[Any] = list(asked)
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing  # kept, so that its id is not given to another
        if isinstance(thing, types.FunctionType):
            names = set(_names(thing.__code__))
            if names & FURTHER:
                return True
            waiting.extend(_of_function(thing, names))
        else:
            waiting.extend(_inside(thing))
    return False


def _names(code: types.CodeType) -> Iterator[str]:
    """Give every global and attribute that a function names, its inner functions included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _of_function(function: types.FunctionType, names: set[str]) -> Iterator[Any]:
    if not _is_ours(function.__module__):
        return
    for name in names:
        if name in function.__globals__:
            yield function.__globals__[name]
        if name.startswith(RULES):  # imported inside the function
            yield importlib.import_module(name)
    for cell in function.__closure__ or ():
        yield cell.cell_contents
    yield from (function.__defaults__ or ())
    yield from (function.__kwdefaults__ or {}).values()
    yield getattr(function, "__wrapped__", None)


def _inside(thing: Any) -> Iterator[Any]:
    """Give what may hold functions in something that is none itself."""
    if isinstance(thing, functools.partial):
        yield from (thing.func, *thing.args, *thing.keywords.values())
    elif isinstance(thing, types.MethodType):
        yield from (thing.__func__, thing.__self__)
    elif isinstance(thing, (property, classmethod, staticmethod)):
        yield from (getattr(thing, name, None) for name in ("fget", "__func__"))
    elif isinstance(thing, (types.MappingProxyType, dict)):
        yield from (*thing.keys(), *thing.values())
    elif isinstance(thing, (list, tuple, set, frozenset)):
        yield from thing
    elif isinstance(thing, types.ModuleType):
        if _is_ours(thing.__name__):
            yield from (value for value in vars(thing).values() if isinstance(value, (types.FunctionType, type)))
    elif isinstance(thing, type):
        if _is_ours(thing.__module__):
            yield from vars(thing).values()
    elif _is_ours(type(thing).__module__):
        yield type(thing)
        yield from (getattr(thing, name, None) for name in getattr(type(thing), "__slots__", ()))
        yield from getattr(thing, "__dict__", {}).values()
    elif hasattr(thing, "__wrapped__"):  # what `functools.cache` makes
        yield thing.__wrapped__


def _is_ours(module: str | None) -> bool:
    return module is not None and module.startswith("nexis.") and not module.startswith(READER)
