"""YAML with CloudFormation's short forms.

Source: CloudFormation User Guide, "Intrinsic function reference" (the short forms).
"""

from __future__ import annotations

from typing import Any

import yaml


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
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from the safe loader
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise YamlProblem(f"{where}{problem.problem}") from None
    except (yaml.YAMLError, ValueError) as problem:
        raise YamlProblem(str(problem).splitlines()[0]) from None


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
    loader.flatten_mapping(node)
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, (dict, list)):
            raise yaml.constructor.ConstructorError(None, None, "found a key that is no text", key_node.start_mark)
        if key in result:
            raise yaml.constructor.ConstructorError(None, None, f"found the key {key!r} twice", key_node.start_mark)
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_Loader.add_multi_constructor("!", _short_form)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
# A date stays the text it was: template versions and policy versions are dates.
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))
