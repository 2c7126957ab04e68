"""Regular expressions that wait are compiled when they are used, and every one of ours can be."""

from __future__ import annotations

import importlib
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from nexis import patterns
from nexis.patterns import pattern
from nexis.rules.registry import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_it_does_what_the_compiled_one_does() -> None:
    made = pattern(r"(a+)b", re.IGNORECASE)
    found = made.search("xAAb")
    assert found is not None
    assert found[1] == "AA"
    assert (made.sub("-", "ab aab"), made.pattern, made.fullmatch("b")) == ("- -", r"(a+)b", None)


def test_one_that_is_none_says_so_when_it_is_used() -> None:
    made = pattern("(")
    with pytest.raises(re.error):
        made.search("")


def waiting(value: Any) -> Iterator[Any]:
    if isinstance(value, patterns._Pattern):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from waiting(item)
    elif isinstance(value, dict):
        yield from waiting(tuple(value.values()))
    elif hasattr(type(value), "_record_fields"):
        yield from waiting(tuple(getattr(value, name) for name in type(value)._record_fields))


def test_every_one_of_ours_can_be_compiled() -> None:
    assert all_rules()
    importlib.import_module("nexis.waivers")
    modules = [module for name, module in sys.modules.items() if name.startswith("nexis.")]
    found = {id(made): made for module in modules for value in vars(module).values() for made in waiting(value)}
    assert len(found) > 50
    for made in found.values():
        assert made.pattern
