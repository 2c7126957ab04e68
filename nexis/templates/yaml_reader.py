"""YAML with CloudFormation's short forms.

CloudFormation reads YAML 1.1: `yes` is true, 022 is eighteen, 1:30 is ninety. A key stays the text that it
is written as.

Sources: CloudFormation User Guide, "Intrinsic function reference" (the short forms) and "CloudFormation template
formats" (YAML 1.1); aws-cloudformation/cloudformation-coverage-roadmap, issue 745 (the account 012345670123 without
quotes is read as the octal number 1402433619).
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

HARMLESS_DEPTH: Final = 2_000
MOST_NODES: Final = 2_000_000
LARGEST_WHOLE: Final = 10**15
#: Characters of a number. What is longer is none of a template, and hexadecimal digits or parts of sixty can make one
#: that Python refuses to write (4,300 digits), or computes for minutes.
LONGEST_NUMBER: Final = 250
MERGE: Final = "tag:yaml.org,2002:merge"
#: A number whose exponent has no sign, or which has no point: text to PyYAML, but not to CloudFormation's parser.
EXPONENT: Final = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?[eE][-+]?[0-9]+$")


class YamlProblem(Exception):
    """Text that is no YAML, with the place."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader with the tags of CloudFormation; duplicate keys are refused."""

    merged = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Write the merged maps (`<<`) of a map out, each key once: maps that merge maps must not multiply."""
        before = len(node.value)
        super().flatten_mapping(node)
        if len(node.value) <= before:
            return
        self.merged += len(node.value)
        if self.merged > MOST_NODES:
            raise YamlProblem(f"its merged maps hold more than {MOST_NODES:,} values")
        last = {key.value: at for at, (key, _) in enumerate(node.value) if isinstance(key, yaml.ScalarNode)}
        node.value = [pair for at, pair in enumerate(node.value) if last.get(pair[0].value, at) == at]


def read_yaml(text: str) -> Any:
    """Parse YAML.

    Args:
        text: the document.

    Raises:
        YamlProblem: it is not valid, has duplicate keys or unknown tags.
    """
    try:
        _refuse_depth(text)
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from the safe loader
    except YamlProblem:
        raise
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise YamlProblem(f"{where}{problem.problem}") from None
    except RecursionError:
        raise
    except Exception as problem:  # the constructors of scalars raise anything, KeyError for `!!bool maybe`
        raise YamlProblem(f"{type(problem).__name__}: {problem}".splitlines()[0]) from None
    if "&" in text and "*" in text and _written_out(value, {}) > MOST_NODES:
        raise YamlProblem(f"its aliases stand for more than {MOST_NODES:,} values")
    return value


def _refuse_depth(text: str) -> None:
    """Refuse what would overflow the stack of the C loader, which does not look for itself."""
    # No value lies deeper than the brackets opened before it and the characters to its left.
    if text.count("[") + text.count("{") + max(map(len, text.splitlines()), default=0) <= HARMLESS_DEPTH:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > HARMLESS_DEPTH:
            raise YamlProblem(f"it is nested deeper than {HARMLESS_DEPTH} levels")


def _written_out(value: Any, known: dict[int, int]) -> int:
    """Count the values that a document has once each alias is written out."""
    if not isinstance(value, (dict, list)):
        return 1
    if id(value) not in known:
        known[id(value)] = MOST_NODES + 1  # holds for one that contains itself
        items = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_written_out(item, known) for item in items)
    return known[id(value)]


def _long_name(suffix: str) -> str:
    return suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = _long_name(suffix)
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if name == "Fn::GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        raise yaml.constructor.ConstructorError(None, None, f"found !{suffix} of nothing", node.start_mark)
    return {name: value}


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    own: set[str] = set()
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "found a key that is no text", key_node.start_mark)
        if key_node.value in own:
            raise yaml.constructor.ConstructorError(
                None, None, f"found the key {key_node.value!r} twice", key_node.start_mark
            )
        own.add(key_node.value)
    loader.flatten_mapping(node)  # a key of its own wins over one that is merged
    # A key is the text it is written as: account ids and port numbers are keys of mappings.
    return {key_node.value: loader.construct_object(value_node, deep=True) for key_node, value_node in node.value}


def _number(construct: Callable[[Any, yaml.ScalarNode], float]) -> Callable[[yaml.SafeLoader, yaml.ScalarNode], float]:
    """Let a constructor read numbers of a length that anybody means."""

    def number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> float:
        if len(node.value) > LONGEST_NUMBER:
            found = f"found a number of {len(node.value):,} characters, expected at most {LONGEST_NUMBER}"
            raise yaml.constructor.ConstructorError(None, None, found, node.start_mark)
        made = construct(loader, node)
        if math.isnan(made):  # not a number, as JSON cannot say it: whatever it is compared with, the answer is no
            raise yaml.constructor.ConstructorError(
                None, None, f"found {node.value}, expected a number", node.start_mark
            )
        return made

    return number


def _exponent(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> float:
    number = float(str(loader.construct_scalar(node)).replace("_", ""))
    return int(number) if abs(number) < LARGEST_WHOLE and number == int(number) else number


_Loader.add_multi_constructor("!", _short_form)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_implicit_resolver("tag:nexis,2026:exponent", EXPONENT, list("-+0123456789"))
_Loader.add_constructor("tag:nexis,2026:exponent", _number(_exponent))
_Loader.add_constructor("tag:yaml.org,2002:int", _number(yaml.SafeLoader.construct_yaml_int))
_Loader.add_constructor("tag:yaml.org,2002:float", _number(yaml.SafeLoader.construct_yaml_float))
# `=` is a text; YAML 1.1 has a type of its own for it, which nobody constructs.
_Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: loader.construct_scalar(node))
# A date stays the text it was: template versions and policy versions are dates.
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))
# What JSON cannot say has no place in a template.
for _tag in ("binary", "omap", "pairs", "set"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", yaml.SafeLoader.construct_undefined)


class YamlText:
    """A YAML text whose values have places, for `nexis.templates.lines`. Values are nodes, places are lines.

    Args:
        text: the document.

    Raises:
        YamlProblem: it has no document, or is nested too deeply.
        yaml.YAMLError: it is no YAML.
    """

    def __init__(self, text: str) -> None:
        _refuse_depth(text)
        self.root: Any = yaml.compose(text, Loader=_Loader)
        if self.root is None:
            raise YamlProblem("it is empty")
        self._known: dict[int, dict[str, tuple[int, Any]]] = {}

    def children(self, value: Any) -> dict[str, tuple[int, Any]] | list[tuple[int, Any]] | None:
        """Give what a map or a list holds; a function in its short form is a map with one key."""
        if isinstance(value, _Argument):
            return self._held(value.node)
        if isinstance(value, yaml.Node) and value.tag.startswith("!") and len(value.tag) > 1:
            name = _long_name(value.tag[1:])
            return {name: (value.start_mark.line + 1, _Argument(value))}
        return self._held(value)

    def resource(self, name: str) -> None:
        """Know no shorter way: the text has been read as a whole."""

    def line(self, place: int) -> int:
        """Give the line, which is the place itself."""
        return place

    def _held(self, node: Any) -> dict[str, tuple[int, Any]] | list[tuple[int, Any]] | None:
        if isinstance(node, yaml.SequenceNode):
            return [(item.start_mark.line + 1, item) for item in node.value]
        return self._map(node) if isinstance(node, yaml.MappingNode) else None

    def _map(self, node: yaml.MappingNode) -> dict[str, tuple[int, Any]]:
        """Read a map; a key of its own wins over one that is merged, and the first map merged over the next."""
        if id(node) in self._known:
            return self._known[id(node)]
        held = self._known[id(node)] = {}  # for a map that merges itself
        merged: list[yaml.Node] = []
        for key, value in node.value:
            if key.tag == MERGE:
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
            elif isinstance(key, yaml.ScalarNode):
                held[key.value] = (key.start_mark.line + 1, value)
        for other in merged:
            if isinstance(other, yaml.MappingNode):
                for name, entry in self._map(other).items():
                    held.setdefault(name, entry)
        return held


class _Argument:
    """What a function in its short form is given.

    Args:
        node: with the tag of the function.
    """

    def __init__(self, node: yaml.Node) -> None:
        self.node = node
