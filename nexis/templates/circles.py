"""What CloudFormation refuses in a template that can be judged all the same: circles, and numbers as logical ids.

Sources: CloudFormation User Guide, "Conditions section" and "Troubleshooting: circular dependency"; Template
Reference, "DependsOn attribute".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.patterns import pattern
from nexis.templates.model import MACRO_TYPE, Template, TemplateError
from nexis.templates.resolver import SUB_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NUMBER: Final = pattern(r"[-+]?[0-9][0-9._]*")
#: Those whose keys are logical ids; the keys of mappings may be numbers.
NAMED_SECTIONS: Final = ("Parameters", "Conditions", "Resources", "Outputs")
#: A macro that changes no references.
HARMLESS_MACRO: Final = "AWS::LanguageExtensions"
DEEPEST: Final = 100


def refuse_oddities(document: Mapping[str, Any], template: Template) -> None:
    """Say what CloudFormation would refuse in a template, once that template has been kept for the rules.

    Args:
        document: as it was parsed.
        template: what was made of it.

    Raises:
        TemplateError: a circle of conditions or of resources, or a number where a name stands.
    """
    odd = [*_numbers(document)]
    for what, hangs_on in (("the conditions", _conditions(template)), ("the resources", _resources(template))):
        circle = circle_in(hangs_on)
        if circle:
            odd.append(f"{what} {' -> '.join([*circle, circle[0]])} hang on each other in a circle")
    if odd:
        raise TemplateError(template.file, f"{'; '.join(odd)}; CloudFormation refuses that, repair it")


def circle_in(hangs_on: Mapping[str, set[str]]) -> list[str]:
    """Find a circle.

    Args:
        hangs_on: what each name hangs on.

    Returns:
        The names on the first circle that is found, in order; none where there is no circle.
    """
    done: set[str] = set()
    for start in hangs_on:
        path: list[str] = []
        on_path: set[str] = set()
        waiting: list[tuple[str, bool]] = [(start, True)]
        while waiting:
            name, entering = waiting.pop()
            if not entering:
                on_path.discard(path.pop())
                done.add(name)
            elif name in on_path:
                return path[path.index(name) :]
            elif name not in done:
                path.append(name)
                on_path.add(name)
                waiting.append((name, False))
                waiting.extend((other, True) for other in sorted(hangs_on.get(name, ())))
    return []


def _numbers(document: Mapping[str, Any]) -> Iterator[str]:
    for key in document:
        if NUMBER.fullmatch(key):
            yield f"it has the key {key}, a number; expected a section"
    for name in NAMED_SECTIONS:
        section = document.get(name)
        number = next((k for k in section if NUMBER.fullmatch(k)), None) if isinstance(section, dict) else None
        if number is not None:
            yield f"`{name}` has the key {number}, a number; expected a logical id"


def _conditions(template: Template) -> dict[str, set[str]]:
    try:
        if "'Condition'" not in repr(template.conditions):
            return {}  # none names another
    except RecursionError:
        pass  # it is nested deeply, and is read as far as the resolver goes
    return {name: set(_named_conditions(written, 0)) for name, written in template.conditions.items()}


def _named_conditions(written: Any, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        return
    if isinstance(written, dict):
        for key, value in written.items():
            if key == "Condition" and isinstance(value, str):
                yield value
            else:
                yield from _named_conditions(value, depth + 1)
    elif isinstance(written, list):
        for item in written:
            yield from _named_conditions(item, depth + 1)


def _resources(template: Template) -> dict[str, set[str]]:
    """Give what each resource certainly hangs on: not what a condition may take away, or a macro may change."""
    resources = template.resources
    if any(r.type == MACRO_TYPE and r.properties.get("Name") != HARMLESS_MACRO for r in resources.values()):
        return {}
    certain = {name for name, resource in resources.items() if resource.condition is None}
    found = {}
    for name in certain:
        links = certain.intersection((*resources[name].depends_on, *_links(resources[name].properties)))
        if links:
            found[name] = links
    return dict(sorted(found.items()))


def _links(properties: Any) -> list[str]:
    """Give what properties certainly name, and more that may be no resource."""
    found: list[str] = []
    waiting: list[tuple[Any, int]] = [(properties, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            continue
        if isinstance(value, list):
            waiting += [(item, depth + 1) for item in value if isinstance(item, (dict, list))]
            continue
        for key, item in value.items():
            if key == "Ref" and isinstance(item, str):
                found.append(item)
            elif key == "Fn::GetAtt" and isinstance(item, (str, list)) and item:
                first = item.split(".")[0] if isinstance(item, str) else item[0]
                if isinstance(first, str):
                    found.append(first)
            elif key == "Fn::Sub":
                text, names = item if isinstance(item, list) and len(item) == 2 else (item, {})
                if isinstance(names, (dict, list)):
                    waiting.append((names, depth + 1))
                found += _names_in_text(text, names)
            elif key != "Fn::If" and isinstance(item, (dict, list)):
                waiting.append((item, depth + 1))
    return found


def _names_in_text(text: Any, names: Any) -> Iterator[str]:
    for literal, name in SUB_PATTERN.findall(text) if isinstance(text, str) else ():
        if not literal and not (isinstance(names, dict) and name.strip() in names):
            yield name.strip().split(".")[0]
