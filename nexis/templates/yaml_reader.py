"""YAML with CloudFormation's short forms.

Source: CloudFormation User Guide, "Intrinsic function reference" (the short forms).
"""

from __future__ import annotations

from typing import Any, Final

import yaml

HARMLESS_DEPTH: Final = 2_000
MOST_NODES: Final = 2_000_000


class YamlProblem(Exception):
    """Text that is no YAML, with the place."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader with the tags of CloudFormation; duplicate keys are refused."""


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


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
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


_Loader.add_multi_constructor("!", _short_form)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
# A date stays the text it was: template versions and policy versions are dates.
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))
# What JSON cannot say has no place in a template.
for _tag in ("binary", "omap", "pairs", "set"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", yaml.SafeLoader.construct_undefined)
