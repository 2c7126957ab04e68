"""A CloudFormation template and the set of templates that are judged together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.records import field, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nexis.templates.resolver import ParameterSource

#: A macro that a template asks for, as a pseudo resource: what it makes or changes cannot be seen.
MACRO_TYPE: Final = "Nexis::Macro"
#: Of the type of a module, which CloudFormation replaces by resources of the registry's.
MODULE_ENDING: Final = "::MODULE"
TRANSFORM: Final = "Fn::Transform"


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


@record(kw_only=True)
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
    depends_on: tuple[str, ...] = ()


@record(kw_only=True)
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


@record(kw_only=True)
class Assembly:
    """Templates that are judged together, because they refer to each other.

    Args:
        templates: by key.
        nested: keys of nested templates, by (key of the parent template, logical id in it).
        baseline: whether it says that it is built on our baseline.
        folder: of the cloud assembly that it is, in which reports may stand; None for templates by themselves.
    """

    templates: Mapping[str, Template]
    nested: Mapping[tuple[str, str], str] = field(default_factory=dict)
    baseline: bool = False
    folder: Path | None = None


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
    parameters: ParameterSource | None = None,
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
        parameters: where parameters get their values; loops may hang on them.

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
    for name in SECTIONS:
        section = document.get(name)
        if section is not None and not isinstance(section, dict):
            raise TemplateError(file, f"`{name}` is a {_kind(section)}, expected a map")
        for entry in section or ():
            if not isinstance(entry, str):
                raise TemplateError(file, f"`{name}` has the key {entry!r}, expected text")
    if _may_have_loops(document):
        document = _without_loops(document, file, parameters, region, account)
    sections = {name: document.get(name) or {} for name in SECTIONS}
    return Template(
        key=key,
        file=file,
        resources={
            **{macro.logical_id: macro for macro in _macros(document)},
            **{
                logical_id: _resource(logical_id, entry, file, constructs)
                for logical_id, entry in document.get("Resources", {}).items()
            },
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


def _may_have_loops(document: Mapping[str, Any]) -> bool:
    """Whether a template asks for the language extensions, or a loop stands at the top of a section."""
    asked = document.get("Transform")
    if "AWS::LanguageExtensions" in (asked if isinstance(asked, list) else [asked]):
        return True
    sections = (document.get(name) or () for name in ("Conditions", "Resources", "Outputs"))
    return any(isinstance(key, str) and key.startswith("Fn::ForEach") for section in sections for key in section)


def _without_loops(
    document: Mapping[str, Any],
    file: str,
    parameters: ParameterSource | None,
    region: str | None,
    account: str | None,
) -> Mapping[str, Any]:
    from nexis.templates import language_extensions, resolver  # imported late: few templates have loops

    source = parameters or resolver.ParameterSource()
    return language_extensions.without_loops(document, file=file, parameters=source, region=region, account=account)


def _macros(document: Mapping[str, Any]) -> Iterator[Resource]:
    """Give the macros that a template asks for as a whole."""
    asked = document.get("Transform")
    for number, macro in enumerate(asked if isinstance(asked, list) else [] if asked is None else [asked]):
        yield _macro(f"(Transform.{number})" if isinstance(asked, list) else "(Transform)", macro)


def _macro(logical_id: str, asked: Any) -> Resource:
    name = asked.get("Name") if isinstance(asked, dict) else asked
    return Resource(logical_id=logical_id, type=MACRO_TYPE, properties={} if name is None else {"Name": name})


def _resource(logical_id: Any, entry: Any, file: str, constructs: Mapping[str, str] | None) -> Resource:
    place = f"`Resources.{logical_id}`"
    if not isinstance(logical_id, str):
        raise TemplateError(file, f"`Resources` has the key {logical_id!r}, expected a logical id (text)")
    if logical_id == TRANSFORM:
        return _macro(logical_id, entry)
    if logical_id.startswith("Fn::"):
        raise TemplateError(file, f"{place} is a function that makes no resources; expected a logical id")
    if not isinstance(entry, dict):
        raise TemplateError(file, f"{place} is a {_kind(entry)}, expected a map with `Type`")
    if TRANSFORM in entry and "Type" not in entry:
        return _macro(logical_id, entry[TRANSFORM])
    kind = entry.get("Type")
    if not isinstance(kind, str):
        raise TemplateError(file, f"{place}.Type is {_kind(kind)}, expected the name of a resource type")
    properties = entry.get("Properties")
    if properties is not None and not isinstance(properties, dict):
        raise TemplateError(file, f"{place}.Properties is a {_kind(properties)}, expected a map")
    if TRANSFORM in entry:  # it may change what stands beside it
        properties = {**(properties or {}), TRANSFORM: entry[TRANSFORM]}
    if kind.endswith(MODULE_ENDING):  # it stands for resources that no template shows, as a macro does
        kind, properties = MACRO_TYPE, {"Name": kind}
    condition = entry.get("Condition")
    if condition is not None and not isinstance(condition, str):
        raise TemplateError(file, f"{place}.Condition is a {_kind(condition)}, expected the name of a condition")
    after = entry.get("DependsOn")
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
        depends_on=tuple(n for n in (after if isinstance(after, list) else [after]) if isinstance(n, str)),
    )


def _kind(value: Any) -> str:
    names = {dict: "map", list: "list", str: "text", int: "number", float: "number", bool: "boolean"}
    return "nothing" if value is None else names.get(type(value), type(value).__name__)
