"""Files and folders -> assemblies of templates. The only module here that reads files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from nexis.templates.model import Assembly, Resource, Template, TemplateError, read_document
from nexis.templates.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

TEMPLATE_ENDINGS: Final = (".json", ".yaml", ".yml", ".template")
SKIPPED_FOLDERS: Final = ("node_modules", "__pycache__")
STACK_TYPE: Final = "Nexis::Stack"
STACK_ID: Final = "(stack)"


@dataclass(slots=True)
class Loaded:
    """What was read.

    Args:
        assemblies: what can be judged.
        errors: the files that cannot, with the reason.
    """

    assemblies: list[Assembly] = field(default_factory=list)
    errors: list[TemplateError] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFile:
    """A stack's template file with what its cloud assembly says of the stack."""

    file: Path
    stack: str
    region: str | None
    account: str | None
    construct: str | None
    constructs: Mapping[str, str]


def load(paths: Iterable[Path]) -> Loaded:
    """Read templates, folders of templates and cloud assemblies.

    Args:
        paths: what to read; a folder with a `manifest.json` of the CDK is one cloud assembly, whose templates are
            judged together; every other template is judged alone.
    """
    loaded = Loaded()
    for path in paths:
        if path.is_dir():
            _load_folder(path, loaded)
        elif path.exists():
            _load_alone(path, loaded)
        else:
            loaded.errors.append(TemplateError(str(path), "does not exist; name a template, a folder or a cdk.out"))
    return loaded


def _load_folder(folder: Path, loaded: Loaded) -> None:
    if (folder / "manifest.json").is_file():
        try:
            assembly, errors = load_stacks(cloud_assembly(folder))
        except TemplateError as problem:
            loaded.errors.append(problem)
            return
        loaded.errors.extend(errors)
        loaded.assemblies.append(assembly)
        return
    found = False
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in SKIPPED_FOLDERS:
            continue
        if path.is_dir():
            before = len(loaded.assemblies) + len(loaded.errors)
            _load_folder(path, loaded)
            found = found or len(loaded.assemblies) + len(loaded.errors) > before
        elif path.name.endswith(TEMPLATE_ENDINGS):
            found = True
            _load_alone(path, loaded)
    if not found:
        loaded.errors.append(TemplateError(str(folder), "holds no template (.json, .yaml, .yml, .template)"))


def _load_alone(path: Path, loaded: Loaded) -> None:
    try:
        template = read_document(parse(path.read_bytes(), file=str(path)), key=str(path), file=str(path))
    except OSError as problem:
        loaded.errors.append(TemplateError(str(path), f"cannot be read: {problem.strerror}"))
    except TemplateError as problem:
        loaded.errors.append(problem)
    else:
        loaded.assemblies.append(Assembly(templates={template.key: template}))


def load_stacks(stacks: Iterable[StackFile]) -> tuple[Assembly, list[TemplateError]]:
    """Read the templates of stacks, nested stacks included, as one assembly.

    Args:
        stacks: the stacks of a cloud assembly.

    Returns:
        The assembly, and the files that could not be read.
    """
    templates: dict[str, Template] = {}
    nested: dict[tuple[str, str], str] = {}
    errors: list[TemplateError] = []
    for stack in stacks:
        _load_stack(stack, None, templates, nested, errors)
    return Assembly(templates=templates, nested=nested), errors


def _load_stack(
    stack: StackFile,
    nested_in: tuple[str, str] | None,
    templates: dict[str, Template],
    nested: dict[tuple[str, str], str],
    errors: list[TemplateError],
) -> None:
    file = str(stack.file)
    key = file if nested_in is None else f"{nested_in[0]}#{nested_in[1]}"
    if key in templates or (nested_in is not None and key.count("#") > 20):
        errors.append(TemplateError(file, f"is read twice in one assembly, as {key}; expected each template once"))
        return
    try:
        document = parse(stack.file.read_bytes(), file=file)
        template = read_document(
            document,
            key=key,
            file=file,
            stack=stack.stack,
            region=stack.region,
            account=stack.account,
            constructs=stack.constructs,
            nested_in=nested_in,
        )
    except OSError as problem:
        errors.append(TemplateError(file, f"cannot be read: {problem.strerror}"))
        return
    except TemplateError as problem:
        errors.append(problem)
        return
    if nested_in is None:
        template = with_stack(template, construct=stack.construct)
    templates[key] = template
    for logical_id, resource in template.resources.items():
        asset = resource.metadata.get("aws:asset:path")
        if resource.type == "AWS::CloudFormation::Stack" and isinstance(asset, str) and asset.endswith(".json"):
            inner = StackFile(
                file=stack.file.parent / asset,
                stack=stack.stack,
                region=stack.region,
                account=stack.account,
                construct=resource.construct,
                constructs={},
            )
            nested[key, logical_id] = f"{key}#{logical_id}"
            _load_stack(inner, (key, logical_id), templates, nested, errors)


def with_stack(template: Template, *, construct: str | None) -> Template:
    """Add the stack itself as a resource, so that rules can judge where it is deployed.

    Args:
        template: of the stack.
        construct: the stack's construct path, if known.
    """
    properties: dict[str, Any] = {
        "Region": template.region or {"Ref": "AWS::Region"},
        "Account": template.account or {"Ref": "AWS::AccountId"},
    }
    stack = Resource(logical_id=STACK_ID, type=STACK_TYPE, properties=properties, construct=construct)
    return Template(
        key=template.key,
        file=template.file,
        resources={STACK_ID: stack, **template.resources},
        parameters=template.parameters,
        conditions=template.conditions,
        mappings=template.mappings,
        outputs=template.outputs,
        stack=template.stack,
        region=template.region,
        account=template.account,
        nested_in=template.nested_in,
    )


def cloud_assembly(folder: Path) -> Iterator[StackFile]:
    """Give the stacks of a cloud assembly, those of its stages included.

    Args:
        folder: with the `manifest.json`.

    Raises:
        TemplateError: the manifest is not what the CDK writes. Source: AWS CDK, cloud-assembly-schema.
    """
    manifest_file = folder / "manifest.json"
    try:
        manifest = json.loads(manifest_file.read_bytes())
        artifacts = manifest["artifacts"]
        for identity, artifact in artifacts.items():
            kind, properties = artifact["type"], artifact.get("properties", {})
            if kind == "cdk:cloud-assembly":
                yield from cloud_assembly(folder / properties["directoryName"])
            elif kind == "aws:cloudformation:stack":
                account, region = environment(artifact["environment"])
                yield StackFile(
                    file=folder / properties["templateFile"],
                    stack=properties.get("stackName") or identity,
                    region=region,
                    account=account,
                    construct=artifact.get("displayName", identity),
                    constructs=_construct_paths(folder, artifact),
                )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise TemplateError(
            str(manifest_file),
            f"is not the manifest of a cloud assembly ({type(problem).__name__}: {problem}); run `cdk synth` again",
        ) from None


def environment(name: str) -> tuple[str | None, str | None]:
    """Read `aws://account/region`; None stands for what is not known.

    Args:
        name: the environment of a stack artifact.

    Raises:
        ValueError: another shape.
    """
    scheme, _, rest = name.partition("://")
    account, slash, region = rest.partition("/")
    if scheme != "aws" or not slash:
        raise ValueError(f"environment {name!r}, expected aws://account/region")
    return (None if account == "unknown-account" else account), (None if region == "unknown-region" else region)


def _construct_paths(folder: Path, artifact: Mapping[str, Any]) -> dict[str, str]:
    metadata = dict(artifact.get("metadata", {}))
    if "additionalMetadataFile" in artifact:
        metadata |= json.loads((folder / artifact["additionalMetadataFile"]).read_bytes())
    return construct_paths(metadata)


def construct_paths(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Give the construct path of each logical id.

    Args:
        metadata: of a stack, as its cloud assembly keeps it: entries by construct path.
    """
    return {
        entry["data"]: path.removeprefix("/")
        for path, entries in metadata.items()
        for entry in entries
        if entry.get("type") == "aws:cdk:logicalId"
    }
