"""Comparing two small templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexis.diff.compare import compare
from nexis.templates.resolver import ParameterSource
from tests.support.templates import assembly, template

if TYPE_CHECKING:
    from nexis.diff.model import Comparison

Resources = dict[str, Any]


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    """Write a resource; attributes such as DependsOn are given with a leading `at_`."""
    attributes = {name.removeprefix("at_"): properties.pop(name) for name in list(properties) if name.startswith("at_")}
    return {"Type": f"AWS::{kind}", "Properties": properties, **attributes}


def compared(
    before: Resources, after: Resources, *, strict: bool = False, baseline: bool = False, **sections: Any
) -> Comparison:
    """Compare two templates with the same other sections."""
    base, head = (template({"Resources": found, **sections}) for found in (before, after))
    return compare([assembly(base)], [assembly(head)], parameters=ParameterSource(strict=strict), baseline=baseline)


def told(before: Resources, after: Resources, section: str, direction: str = "weaker", **more: Any) -> list[str]:
    """Give the messages of one section and direction, without those of rules."""
    return sorted(
        change.message
        for change in compared(before, after, **more).changes
        if (change.section, change.direction, change.rule) == (section, direction, None)
    )
