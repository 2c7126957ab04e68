"""Files and folders -> assemblies of templates. The only module here that reads files."""

from __future__ import annotations

import json
import os
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nexis.records import field, record, replace
from nexis.templates.circles import refuse_oddities
from nexis.templates.model import Assembly, Resource, Template, TemplateError, read_document
from nexis.templates.parse import LARGEST_BYTES, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nexis.templates.resolver import ParameterSource

TEMPLATE_ENDINGS: Final = (".json", ".yaml", ".yml", ".template")
SKIPPED_FOLDERS: Final = ("node_modules", "__pycache__")
NESTED_STACK_TYPE: Final = "AWS::CloudFormation::Stack"
STACK_TYPE: Final = "Nexis::Stack"
STACK_ID: Final = "(stack)"
BASELINE_MARK: Final = "nexis:baseline"
MOST_TEMPLATES: Final = 1_000  # more than an app has, and few enough for templates that nest each other many times


@record(frozen=False)
class Loaded:
    """What was read.

    Args:
        assemblies: what can be judged.
        errors: the files that cannot, with the reason.
        parameters: where parameters get their values.
        alone: the templates that were read by themselves, by file.
        nested_by: the templates that nest a file, by that file.
    """

    assemblies: list[Assembly] = field(default_factory=list)
    errors: list[TemplateError] = field(default_factory=list)
    parameters: ParameterSource | None = None
    alone: dict[Path, Assembly] = field(default_factory=dict)
    nested_by: dict[Path, set[Path]] = field(default_factory=dict)

    def settle(self) -> None:
        """Leave out what was read once more: a template by itself that another one nests, and second errors."""
        left_out: set[Path] = set()
        for file in self.alone:
            if self.nested_by.get(file, set()) - left_out - {file}:
                left_out.add(file)
        again = [id(self.alone[file]) for file in left_out]
        self.assemblies = [assembly for assembly in self.assemblies if id(assembly) not in again]
        self.errors = list({str(problem): problem for problem in self.errors}.values())


@record(kw_only=True)
class StackFile:
    """A stack's template file with what its cloud assembly says of the stack.

    Args:
        file: the template.
        stack: the stack's name; None when it is not known, as of a nested stack.
        region: None when it is not known.
        account: None when it is not known.
        construct: the stack's construct path.
        metadata: entries by construct path, as the cloud assembly keeps them.
    """

    file: Path
    stack: str | None
    region: str | None
    account: str | None
    construct: str | None
    metadata: Mapping[str, Any] = field(default_factory=dict)


def load(paths: Iterable[Path], parameters: ParameterSource | None = None) -> Loaded:
    """Read templates, folders of templates and cloud assemblies.

    Args:
        paths: what to read; a folder with a `manifest.json` of the CDK is one cloud assembly, whose templates are
            judged together; every other template is judged once, alone or with those that it nests from its folder.
        parameters: where parameters get their values; the loops of a template may hang on them.
    """
    loaded = Loaded(parameters=parameters)
    for path in dict.fromkeys(paths):
        with _keeping(loaded.errors, path):
            if path.is_dir():
                if not _load_folder(path, loaded, set()):
                    raise TemplateError(str(path), "holds no template (.json, .yaml, .yml, .template)")
            elif os.path.lexists(path):
                _load_alone(path, loaded)
            else:
                raise TemplateError(str(path), "does not exist; name a template, a folder or a cdk.out")
    loaded.settle()
    return loaded


@contextmanager
def _keeping(errors: list[TemplateError], path: Path) -> Iterator[None]:
    """Keep whatever is wrong with a file as an error, so that the next file is judged."""
    try:
        yield
    except TemplateError as problem:
        errors.append(problem)
    except OSError as problem:
        errors.append(TemplateError(str(path), f"cannot be read: {problem.strerror or problem}"))
    except Exception as problem:  # one odd file must never stop the others
        errors.append(TemplateError(str(path), f"cannot be read: {type(problem).__name__}: {problem}"))


def _load_folder(folder: Path, loaded: Loaded, seen: set[Path]) -> bool:
    """Read a folder; gives whether there was anything to read. Links back to a folder seen are not followed."""
    real = folder.resolve()
    if real in seen:
        return False
    seen.add(real)
    manifest = folder / "manifest.json"
    if manifest.is_file():
        with _keeping(loaded.errors, folder):
            assembly, errors = load_stacks(cloud_assembly(folder), loaded.parameters, folder=folder)
            loaded.errors.extend(errors)
            if not assembly.templates and not errors:
                raise TemplateError(str(manifest), "names no stack; expected a cloud assembly with one")
            loaded.assemblies.append(assembly)
            return True
    found = manifest.is_file()  # it is none of a cloud assembly, and the other files are still judged
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in SKIPPED_FOLDERS or path == manifest:
            continue
        with _keeping(loaded.errors, path):
            if path.is_dir():
                found = _load_folder(path, loaded, seen) or found
            elif path.name.endswith(TEMPLATE_ENDINGS):
                found = True
                _load_alone(path, loaded)
    return found


def _load_alone(path: Path, loaded: Loaded) -> None:
    file, real = str(path), _real(path)
    if real in loaded.alone:
        return
    document = parse(read_file(path), file=file)
    template = read_document(document, key=file, file=file, parameters=loaded.parameters)
    together = _Assembling(parameters=loaded.parameters, templates={file: template})
    together.nest(template, StackFile(file=path, stack=None, region=None, account=None, construct=None), ())
    assembly = Assembly(templates=together.templates, nested=together.nested)
    loaded.assemblies.append(assembly)
    loaded.errors.extend(together.errors)
    loaded.alone[real] = assembly
    for inner in together.files:
        loaded.nested_by.setdefault(inner, set()).add(real)
    refuse_oddities(document, template)


def _real(path: Path) -> Path:
    """Follow links as far as they lead; those that go in a circle are refused when the file is read."""
    return Path(os.path.realpath(path))


def read_file(path: Path) -> bytes:
    """Read a file that may be a template.

    Args:
        path: an ordinary file, or a link to one; a pipe or a device might never end.

    Raises:
        TemplateError: it is no ordinary file, or larger than any template.
        OSError: it cannot be read.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise TemplateError(str(path), "is no ordinary file; expected a JSON or YAML template")
    if found.st_size > LARGEST_BYTES:
        raise TemplateError(
            str(path), f"has {found.st_size:,} bytes, expected at most {LARGEST_BYTES:,}; is it a template?"
        )
    return path.read_bytes()


def load_stacks(
    stacks: Iterable[StackFile], parameters: ParameterSource | None = None, *, folder: Path | None = None
) -> tuple[Assembly, list[TemplateError]]:
    """Read the templates of stacks, nested stacks included, as one assembly.

    Args:
        stacks: the stacks of a cloud assembly.
        parameters: where parameters get their values; the loops of a template may hang on them.
        folder: of the cloud assembly, if its reports are to be read as well.

    Returns:
        The assembly, and the files that could not be read.
    """
    assembly = _Assembling(parameters=parameters)
    for stack in stacks:
        assembly.add(stack, None, ())
    made = Assembly(templates=assembly.templates, nested=assembly.nested, baseline=assembly.baseline, folder=folder)
    return made, assembly.errors


@record(frozen=False)
class _Assembling:
    templates: dict[str, Template] = field(default_factory=dict)
    nested: dict[tuple[str, str], str] = field(default_factory=dict)
    errors: list[TemplateError] = field(default_factory=list)
    baseline: bool = False
    parameters: ParameterSource | None = None
    files: set[Path] = field(default_factory=set)

    def add(self, stack: StackFile, nested_in: tuple[str, str] | None, above: tuple[Path, ...]) -> None:
        self.baseline = self.baseline or is_marked(stack.metadata)
        file = str(stack.file)
        key = file if nested_in is None else f"{nested_in[0]}#{nested_in[1]}"
        with _keeping(self.errors, stack.file):
            if key in self.templates or _real(stack.file) in above:
                raise TemplateError(file, f"is read twice in one assembly, as {key}; expected each template once")
            if len(self.templates) >= MOST_TEMPLATES:
                raise TemplateError(file, f"is nested beside more than {MOST_TEMPLATES} others; judge it by itself")
            document = parse(read_file(stack.file), file=file)
            template = read_document(
                document,
                key=key,
                file=file,
                stack=stack.stack,
                region=stack.region,
                account=stack.account,
                constructs=construct_paths(stack.metadata),
                nested_in=nested_in,
                parameters=self.parameters,
                may_be_empty=True,  # the CDK writes no `Resources` for an empty stack
            )
            template = with_stack(template, construct=stack.construct) if nested_in is None else template
            self.templates[key] = template
            self.files.add(_real(stack.file))
            self.nest(template, stack, above)
            refuse_oddities(document, template)

    def nest(self, template: Template, stack: StackFile, above: tuple[Path, ...]) -> None:
        """Read the templates that a template nests."""
        for logical_id, resource in template.resources.items():
            file = _nested_file(resource, stack.file) if resource.type == NESTED_STACK_TYPE else None
            if file is not None:
                inner = replace(stack, file=file, construct=resource.construct, stack=None, metadata={})
                self.add(inner, (template.key, logical_id), (*above, _real(stack.file)))
                if f"{template.key}#{logical_id}" in self.templates:
                    self.nested[template.key, logical_id] = f"{template.key}#{logical_id}"


def _nested_file(resource: Resource, beside: Path) -> Path | None:
    """Give the file of a nested template: an asset of the CDK, or one that `aws cloudformation package` would take.

    Args:
        resource: the nested stack.
        beside: the template in which it stands; only files in the folder of that are read.

    Source: AWS CLI Command Reference, "cloudformation package" (a `TemplateURL` may be a path).
    """
    asset = resource.metadata.get("aws:asset:path")
    if isinstance(asset, str) and asset.endswith(".json"):
        return beside.parent / asset
    path = resource.properties.get("TemplateURL")
    if not isinstance(path, str) or "://" in path or not path.endswith(TEMPLATE_ENDINGS):
        return None
    try:
        file = beside.parent / path
        return file if file.is_file() and _real(file).is_relative_to(_real(beside.parent)) else None
    except (OSError, ValueError):  # no name that a file can have
        return None


def with_stack(template: Template, *, construct: str | None) -> Template:
    """Add the stack itself as a resource, so that rules can judge where it is deployed; what is not known is absent.

    Args:
        template: of the stack.
        construct: the stack's construct path, if known.
    """
    known = {"Region": template.region, "Account": template.account}
    properties = {name: value for name, value in known.items() if value is not None}
    stack = Resource(logical_id=STACK_ID, type=STACK_TYPE, properties=properties, construct=construct)
    return replace(template, resources={STACK_ID: stack, **template.resources})


def cloud_assembly(folder: Path, above: tuple[Path, ...] = ()) -> Iterator[StackFile]:
    """Give the stacks of a cloud assembly, those of its stages included.

    Args:
        folder: with the `manifest.json`.
        above: the assemblies it stands in.

    Raises:
        TemplateError: the manifest is not what the CDK writes. Source: AWS CDK, cloud-assembly-schema.
    """
    manifest_file = folder / "manifest.json"
    if folder.resolve() in above:
        raise TemplateError(str(manifest_file), "names its own folder as an assembly within; run `cdk synth` again")
    try:
        manifest = json.loads(read_file(manifest_file))
        artifacts = manifest["artifacts"]
        for identity, artifact in artifacts.items():
            kind, properties = artifact["type"], artifact.get("properties", {})
            if kind == "cdk:cloud-assembly":
                yield from cloud_assembly(folder / properties["directoryName"], (*above, folder.resolve()))
            elif kind == "aws:cloudformation:stack":
                account, region = environment(artifact["environment"])
                yield StackFile(
                    file=folder / properties["templateFile"],
                    stack=properties.get("stackName") or identity,
                    region=region,
                    account=account,
                    construct=artifact.get("displayName", identity),
                    metadata=_metadata(folder, artifact),
                )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
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


def _metadata(folder: Path, artifact: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    metadata = dict(artifact.get("metadata", {}))
    if "additionalMetadataFile" in artifact:
        for path, entries in json.loads(read_file(folder / artifact["additionalMetadataFile"])).items():
            metadata[path] = [*metadata.get(path, []), *entries]
    return {path: [dict(entry) for entry in entries] for path, entries in metadata.items()}


def is_marked(metadata: Mapping[str, Any]) -> bool:
    """Whether a stack says that it was synthesized under `nexis.cdk.synthesize`.

    Args:
        metadata: of a stack, as its cloud assembly keeps it: entries by construct path.
    """
    return any(entry.get("type") == BASELINE_MARK for entries in metadata.values() for entry in entries)


def construct_paths(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Give the construct path of each logical id.

    Args:
        metadata: of a stack, as its cloud assembly keeps it: entries by construct path.

    Returns:
        Paths by logical id, without those that a nested stack uses for something else: these do not say which is which.
    """
    paths: dict[str, set[str]] = {}
    for path, entries in metadata.items():
        for entry in entries:
            if entry.get("type") == "aws:cdk:logicalId" and isinstance(entry.get("data"), str):
                paths.setdefault(entry["data"], set()).add(path.removeprefix("/"))
    return {logical_id: next(iter(found)) for logical_id, found in paths.items() if len(found) == 1}
