"""A CloudFormation template and the set of templates that are judged together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class TemplateError(Exception):
    """A file that cannot be read as a template.

    Args:
        file: the file, as it was named.
        reason: what was found, what was expected and what to do.
    """

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One entry of a template's `Resources`, unresolved."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    condition: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    deletion_policy: Any = None
    update_policy: Any = None
    update_replace_policy: Any = None
    construct: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template with what is known of the stack it becomes.

    Args:
        key: names the template within its assembly.
        file: as reports name it.
        stack: the stack's name, if it is known.
        region: the stack's region, if it is known.
        account: the stack's account, if it is known.
        nested_in: for a nested stack, (key of the parent template, logical id in it).
    """

    key: str
    file: str
    resources: Mapping[str, Resource]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    stack: str | None = None
    region: str | None = None
    account: str | None = None
    nested_in: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """Templates that are judged together, because they refer to each other.

    Args:
        templates: by key.
        nested: keys of nested templates, by (key of the parent template, logical id in it).
        baseline: whether it says that it is built on our baseline.
    """

    templates: Mapping[str, Template]
    nested: Mapping[tuple[str, str], str] = field(default_factory=dict)
    baseline: bool = False


SECTIONS = ("Parameters", "Conditions", "Mappings", "Outputs", "Metadata", "Rules")


def read_document(
    document: Any,
    *,
    key: str,
    file: str,
    stack: str | None = None,
    region: str | None = None,
    account: str | None = None,
    constructs: Mapping[str, str] | None = None,
    nested_in: tuple[str, str] | None = None,
    may_be_empty: bool = False,
) -> Template:
    """Check the outer shape of a parsed template and make a `Template` of it.

    Args:
        document: what the JSON or YAML parser gave.
        key: names the template within its assembly.
        file: as reports name it.
        stack: the stack's name, if known.
        region: the stack's region, if known.
        account: the stack's account, if known.
        constructs: construct paths by logical id, used where the template's own metadata has none.
        nested_in: the parent's key and the logical id in it, for a nested stack.
        may_be_empty: whether it is known to be a template, so that it need not have `Resources`.

    Raises:
        TemplateError: the document is no template. Source: CloudFormation User Guide, "Template sections".
    """
    if not isinstance(document, dict):
        raise TemplateError(file, f"found a {_kind(document)}, expected a template: a map with `Resources`")
    resources = document.get("Resources", {} if may_be_empty else None)
    if resources is None:
        raise TemplateError(
            file, "found no `Resources`, expected a CloudFormation template; leave this file out or repair it"
        )
    if not isinstance(resources, dict):
        raise TemplateError(file, f"`Resources` is a {_kind(resources)}, expected a map of logical ids")
    sections = {}
    for name in SECTIONS:
        section = document.get(name)
        if section is not None and not isinstance(section, dict):
            raise TemplateError(file, f"`{name}` is a {_kind(section)}, expected a map")
        sections[name] = section or {}
        for entry in sections[name]:
            if not isinstance(entry, str):
                raise TemplateError(file, f"`{name}` has the key {entry!r}, expected text")
    return Template(
        key=key,
        file=file,
        resources={
            logical_id: _resource(logical_id, entry, file, constructs) for logical_id, entry in resources.items()
        },
        parameters=sections["Parameters"],
        conditions=sections["Conditions"],
        mappings=sections["Mappings"],
        outputs=sections["Outputs"],
        stack=stack,
        region=region,
        account=account,
        nested_in=nested_in,
    )


def _resource(logical_id: Any, entry: Any, file: str, constructs: Mapping[str, str] | None) -> Resource:
    place = f"`Resources.{logical_id}`"
    if isinstance(logical_id, str) and logical_id.startswith("Fn::"):
        raise TemplateError(
            file, f"{place} makes resources that cannot be seen here; give the template that CloudFormation made of it"
        )
    if not isinstance(logical_id, str):
        raise TemplateError(file, f"`Resources` has the key {logical_id!r}, expected a logical id (text)")
    if not isinstance(entry, dict):
        raise TemplateError(file, f"{place} is a {_kind(entry)}, expected a map with `Type`")
    kind = entry.get("Type")
    if not isinstance(kind, str):
        raise TemplateError(file, f"{place}.Type is {_kind(kind)}, expected the name of a resource type")
    properties = entry.get("Properties")
    if properties is not None and not isinstance(properties, dict):
        raise TemplateError(file, f"{place}.Properties is a {_kind(properties)}, expected a map")
    condition = entry.get("Condition")
    if condition is not None and not isinstance(condition, str):
        raise TemplateError(file, f"{place}.Condition is a {_kind(condition)}, expected the name of a condition")
    metadata = entry.get("Metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    path = metadata.get("aws:cdk:path")
    return Resource(
        logical_id=logical_id,
        type=kind,
        properties=properties or {},
        condition=condition,
        metadata=metadata,
        deletion_policy=entry.get("DeletionPolicy"),
        update_policy=entry.get("UpdatePolicy"),
        update_replace_policy=entry.get("UpdateReplacePolicy"),
        construct=path if isinstance(path, str) else (constructs or {}).get(logical_id),
    )


def _kind(value: Any) -> str:
    names = {dict: "map", list: "list", str: "text", int: "number", float: "number", bool: "boolean"}
    return "nothing" if value is None else names.get(type(value), type(value).__name__)
