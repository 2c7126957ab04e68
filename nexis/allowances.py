"""What the statement of a policy, or the rule of a firewall, allows: as a digest, to tell whether it is still the same.

A message need not name all of it. Whoever may read could then write, and one protocol become every one, unseen.
What stands in parameters, mappings, conditions and the parent of a nested stack is a part of it, as far as it is used.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from nexis.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from nexis.check import Finding
    from nexis.templates.model import Assembly, Resource, Template
    from nexis.templates.resolver import ParameterSource

DIGEST_LENGTH: Final = 32  # half of SHA-256: enough against chance, and a line stays readable

#: The properties whose entries are such statements and rules.
HOLDERS: Final = frozenset({"Statement", "SecurityGroupIngress", "SecurityGroupEgress"})

#: The types of resources that are one statement or rule as a whole.
WHOLE: Final = frozenset(
    {
        "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::Events::EventBusPolicy",
        "AWS::Lambda::LayerVersionPermission",
        "AWS::Lambda::Permission",
    }
)

#: What allows nothing.
WORDS: Final = ("Sid", "Description", "Tags")

NAMES: Final = pattern(r"\$\{\s*([^}!\s]+)\s*\}")


def digest_of(value: Any) -> str:
    """Give a digest of anything that a template can hold.

    Args:
        value: maps count the same in whatever order they are written.
    """
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def allowances(assemblies: Iterable[Assembly], parameters: ParameterSource | None) -> Callable[[Finding], str]:
    """Make what gives the digest of the statement or rule that a finding is about; empty where it is about neither.

    Args:
        assemblies: the templates that were judged.
        parameters: where their parameters get their values.
    """
    written: dict[tuple[str, str], list[tuple[Assembly, Template]]] = {}  # a file may be nested more than once
    for assembly in assemblies:
        for template in assembly.templates.values():
            for name in template.resources:
                written.setdefault((template.file, name), []).append((assembly, template))

    def digest(finding: Finding) -> str:
        allowed = []
        for assembly, template in written.get((finding.file, finding.resource), ()):
            found = _allowed(template.resources[finding.resource], finding.property_path.split(".")[1:])
            if found is not None:
                used = list(_used(found, template, assembly, parameters, set()))
                each = [found, used] if used else found
                if each not in allowed:
                    allowed.append(each)
        return "" if not allowed else digest_of(allowed[0] if len(allowed) == 1 else allowed)

    return digest


def _allowed(resource: Resource, path: Sequence[str]) -> Any:
    if resource.type in WHOLE:
        return _without_words(resource.properties)
    after = max((position for position, part in enumerate(path, 1) if part in HOLDERS), default=0)
    if not after:
        return None
    held = _reached(resource.properties, path[:after])
    if isinstance(held, list) and not any(map(_is_function, held)):
        # A list that a condition makes shorter has other places than the one that is written: then all of it counts.
        place = path[after : after + 1]
        if place and place[0].isdecimal() and int(place[0]) < len(held):
            return _without_words(held[int(place[0])])
    return [_without_words(entry) for entry in held] if isinstance(held, list) else _without_words(held)


def _reached(value: Any, path: Sequence[str]) -> Any:
    """Follow a path as far as what is written there allows: it stops at a function, whose arguments then all count."""
    for part in path:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return value if _is_function(value) or isinstance(value, (str, list)) else None
    return value


def _is_function(value: Any) -> bool:
    return isinstance(value, dict) and any(str(key) == "Ref" or str(key).startswith("Fn::") for key in value)


def _without_words(value: Any) -> Any:
    return {key: part for key, part in value.items() if key not in WORDS} if isinstance(value, dict) else value


def _used(
    value: Any, template: Template, assembly: Assembly, parameters: ParameterSource | None, seen: set[tuple[str, str]]
) -> Iterator[Any]:
    """Give what a value hangs on; no name of a file, which hangs on the folder that the check runs in."""
    for name in sorted(set(_names(value))):
        if (template.key, name) in seen:
            continue
        seen.add((template.key, name))
        for section, named in (("Conditions", template.conditions), ("Mappings", template.mappings)):
            if name in named:
                yield [section, name, named[name]]
                yield from _used(named[name], template, assembly, parameters, seen)
        if name not in template.parameters:
            continue
        yield ["Parameters", name, _given(name, template.parameters[name], template, parameters)]
        if template.nested_in is not None:
            key, logical_id = template.nested_in
            parent = assembly.templates[key]
            passed = parent.resources[logical_id].properties.get("Parameters")
            if isinstance(passed, dict) and not _is_function(passed):
                passed = passed.get(name)
            yield ["passed", name, passed]
            yield from _used(passed, parent, assembly, parameters, seen)


def _given(name: str, declared: Any, template: Template, parameters: ParameterSource | None) -> Any:
    if not isinstance(declared, dict):
        return declared
    value = declared.get("Default")
    if parameters is not None and template.nested_in is None:
        value = parameters.given.get(name, value)
    is_open = value is None or (parameters is not None and parameters.strict)
    return [value, declared.get("AllowedValues")] if is_open else value


def _names(value: Any) -> Iterator[str]:
    """Give every text that may name something: more than do is no harm."""
    if isinstance(value, str):
        yield value
        yield from NAMES.findall(value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _names(part)
    elif isinstance(value, list):
        for part in value:
            yield from _names(part)
