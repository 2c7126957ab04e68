"""What other checkers found while an app was synthesized: the CDK's `validation-report.json`.

A plugin that has nothing to say is absent from the report, so a report tells what was found and never that somebody
looked. Whoever is named there without a conclusion has crashed. Of which templates a report is, it does not say: what
it names must be in the assembly, and where `nexis.cdk.synthesize` was at work, its record tells the rest.

Sources: aws-cdk-lib 2.275.0, core/lib/validation/private/report.ts (shape, severities, conclusions, who is left out)
and core/lib/private/synthesis-validation.ts (one report at the top of the assembly, for stages too; none if no plugin
is asked), tried; cdk-nag 3.0.2 names constructs only, the built-in validator logical ids and properties too.
"""

from __future__ import annotations

import fnmatch
import json
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from nexis.check import Finding
from nexis.synthesis import AGAIN, VALIDATION_REPORT, record_problems
from nexis.templates.load import STACK_ID, read_file
from nexis.templates.model import TemplateError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from nexis.rules.model import Severity
    from nexis.templates.model import Assembly, Template

OWN_PLUGIN: Final = "Nexis"
CONCLUSIONS: Final = ("success", "failure")
#: As the CDK writes them; `custom` is one that a plugin made up.
SEVERITIES: Final[Mapping[str, Severity]] = {
    "fatal": "fatal",
    "error": "error",
    "warning": "warning",
    "info": "warning",
}
FIX: Final = "set the property by design, or {}"
WAIVE: Final = "waive it in waivers.toml"
NO_REASON: Final = "(no reason was given)"
DO: Final = (
    "run `cdk synth` with aws-cdk-lib 2.275.0 or later and without CDK_VALIDATION=false, or judge the templates by "
    "themselves: nexis check {folder}/*.template.json"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says.

    Args:
        findings: of others; acknowledged ones carry their reason as a waiver.
        problems: why the report cannot be relied on, each with what to do.
    """

    findings: list[Finding] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def told_of(assembly: Assembly, *, folder: Path, own_rules: Collection[str], rules: Sequence[str] = ("*",)) -> Told:
    """Read what others found in an assembly, and whether anything of it is missing or of another synthesis.

    Args:
        assembly: the templates that are judged.
        folder: of the assembly; that of a stage is looked for in the folder above.
        own_rules: the rules that are judged anew; our own plugin's findings of these are left out.
        rules: globs of the rule ids whose findings are wanted.
    """
    top = _top(folder)
    files = [Path(template.file) for template in assembly.templates.values()]
    problems = record_problems(top, files) if assembly.baseline else []
    told = read_report(top, assembly, own_rules=own_rules)
    findings = [f for f in told.findings if any(fnmatch.fnmatchcase(f.rule, glob) for glob in rules)]
    return Told(findings, [*problems, *told.problems])


def read_report(folder: Path, assembly: Assembly | None, *, own_rules: Collection[str]) -> Told:
    """Read a validation report.

    Args:
        folder: with the report.
        assembly: the templates it is of; of a report of more, only what concerns these. None if nobody could read them.
        own_rules: the rules whose findings by our own plugin are told elsewhere.
    """
    file = folder / VALIDATION_REPORT
    do = DO.format(folder=folder)
    told = Told()
    try:
        plugins = _list(json.loads(read_file(file)), "pluginReports", required=True)
    except FileNotFoundError:
        told.problems.append(
            f"{folder}: has no {VALIDATION_REPORT}, so nobody knows what the CDK's plugins found; {do}"
        )
        return told
    except (OSError, ValueError, KeyError, TypeError, RecursionError, TemplateError) as problem:
        told.problems.append(f"{file}: is no validation report of the CDK ({_named(problem)}); {do}")
        return told
    known = _Known(folder, assembly, str(file))
    for number, plugin in enumerate(plugins):
        try:
            _read_plugin(plugin, known, own_rules, told)
        except (KeyError, TypeError, AttributeError, ValueError) as problem:
            told.problems.append(
                f"{file}: pluginReports.{number} has another shape than the CDK writes ({_named(problem)}); {do}"
            )
    told.problems.extend(
        f"{file}: names {strange}, which is not in this assembly, so it is of another synthesis; {AGAIN}"
        for strange in known.strange
    )
    return told


def _read_plugin(plugin: Mapping[str, Any], known: _Known, own_rules: Collection[str], told: Told) -> None:
    name, conclusion = _text(plugin, "pluginName"), _text(plugin, "conclusion")
    violations, suppressed = _list(plugin, "violations"), _list(plugin, "suppressedViolations")
    if conclusion not in CONCLUSIONS or (conclusion == "failure" and not violations):
        detail = json.dumps(plugin.get("metadata") or {}, sort_keys=True)
        told.problems.append(
            f"{known.file}: plugin {name} crashed or did not conclude ({detail}); repair or remove it, then {AGAIN}"
        )
    # What fails a synthesis fails here too, even if the plugin calls all that it found a warning.
    least: Severity = (
        "error" if conclusion == "failure" and all(_severity(v) == "warning" for v in violations) else "warning"
    )
    for violation in violations:
        if name != OWN_PLUGIN or violation["ruleName"] not in own_rules:
            told.findings.extend(_findings(violation, name, known, acknowledged=False, least=least))
    for violation in suppressed:
        if name != OWN_PLUGIN or violation["ruleName"] not in own_rules:
            told.findings.extend(_findings(violation, name, known, acknowledged=True))


def _severity(violation: Mapping[str, Any]) -> Severity:
    return SEVERITIES.get(violation.get("severity", "error"), "error")


def _findings(
    violation: Mapping[str, Any], tool: str, known: _Known, *, acknowledged: bool, least: Severity = "warning"
) -> Iterator[Finding]:
    severity = _severity(violation)
    severity = least if severity == "warning" else severity
    for construct in _list(violation, "violatingConstructs") or [{}]:
        place = known.place(construct)
        if place is None:  # of another stage than the one that is judged
            continue
        waiver = None
        if acknowledged and severity != "fatal":  # which the CDK acknowledges as little as we do
            waiver = {
                "place": known.file,
                "rule": str(violation.get("acknowledgedId") or violation["ruleName"]),
                "resource": str(violation.get("acknowledgedAt") or construct.get("constructPath") or "(app)"),
                "reason": str(violation.get("reason") or NO_REASON),
                **dict.fromkeys(("owner", "decision", "expires", "ticket"), ""),
            }
        resource = construct.get("cloudFormationResource") or {}
        for path in _list(resource, "propertyPaths") or [place.whole]:
            yield Finding(
                rule=_text(violation, "ruleName"),
                verdict="fail",
                severity=severity,
                file=place.file,
                resource=place.resource,
                type=place.type or str(construct.get("constructFqn") or ""),
                property_path=str(path),
                construct=construct.get("constructPath") or place.construct,
                message=" ".join(str(violation.get("description") or "does not hold").split()),
                fix=str(violation.get("suggestedFix") or FIX.format(_way_out(violation["ruleName"], tool))),
                waiver=waiver,
                tool=tool,
            )


def _way_out(rule: str, tool: str) -> str:
    """Say how a finding is accepted: in our file if it takes the id, or else in the code."""
    return WAIVE if "-" in rule else f"acknowledge {tool.replace(' ', '-')}::{rule} on the construct"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something was found; `whole` names the whole of it, as a property path does."""

    file: str
    resource: str = ""
    type: str = ""
    construct: str | None = None
    whole: str = ""


class _Known:
    """The constructs of an assembly, and what a report names although it is none of them.

    Args:
        folder: with the report.
        assembly: the templates judged together.
        file: the report.
    """

    def __init__(self, folder: Path, assembly: Assembly | None, file: str) -> None:
        self.file = file
        self.strange: dict[str, None] = {}
        self._folder = folder
        judged = None if assembly is None else assembly.folder
        self._part = judged is not None and judged.resolve() != folder.resolve()
        self._read = assembly is not None
        self._by_construct: dict[str, _Place] = {}
        self._stacks: dict[str, str] = {}
        self._templates: dict[str, Template] = {}
        for template in () if assembly is None else assembly.templates.values():
            self._templates.setdefault(os.path.realpath(template.file), template)
            for resource in template.resources.values():
                place = _Place(template.file, resource.logical_id, resource.type, resource.construct, "Properties")
                if resource.construct is not None:
                    self._by_construct.setdefault(resource.construct, place)
                    if resource.logical_id == STACK_ID:
                        self._stacks[resource.construct] = template.file

    def place(self, construct: Mapping[str, Any]) -> _Place | None:
        """Find what an entry names; None if it belongs to another part of the app than the one that is judged."""
        path = construct.get("constructPath") or ""
        found = self._by_construct.get(path) or self._named_by_template(construct)
        if found is not None:
            return found
        stack = next((stack for stack in self._stacks if path == stack or path.startswith(f"{stack}/")), None)
        if stack is not None:
            return _Place(self._stacks[stack], construct=path)
        if any(stack.startswith(f"{path}/") for stack in self._stacks) or not path:
            return _Place(self.file)  # the app, or a stage of it
        if self._part:
            return None
        if self._read:
            self.strange[path] = None
        return _Place(self.file)

    def _named_by_template(self, construct: Mapping[str, Any]) -> _Place | None:
        """Find a resource by its template and logical id: the path is relative to the assembly, or was of the app."""
        resource = construct.get("cloudFormationResource")
        if not resource:
            return None
        path, logical_id = _text(resource, "templatePath"), _text(resource, "logicalId")
        beside = self._folder / path, self._folder / PurePosixPath(path.replace("\\", "/")).name
        template = next(
            (t for file in beside for t in (self._templates.get(os.path.realpath(file)),) if t is not None), None
        )
        found = None if template is None else template.resources.get(logical_id)
        if template is None or found is None:
            if self._read and not self._part and not logical_id.startswith("Fn::"):
                self.strange[f"{logical_id} in {path}"] = None
            return None
        return _Place(template.file, logical_id, found.type, found.construct, "Properties")


def _top(folder: Path) -> Path:
    """Give the assembly of the whole app: a stage's folder lies in it, and only it holds the report."""
    if (folder / VALIDATION_REPORT).is_file():
        return folder
    above = folder / os.pardir if folder.is_symlink() or folder.name in ("", os.pardir) else folder.parent
    try:
        artifacts = json.loads(read_file(above / "manifest.json"))["artifacts"].values()
        inside = [a["properties"]["directoryName"] for a in artifacts if a["type"] == "cdk:cloud-assembly"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, TemplateError):
        return folder
    return _top(above) if folder.resolve().name in inside else folder


def _text(entry: Mapping[str, Any], name: str) -> str:
    found = entry[name]
    if not isinstance(found, str):
        raise TypeError(f"{name} is a {type(found).__name__}, expected text")
    return found


def _list(entry: Mapping[str, Any], name: str, *, required: bool = False) -> Sequence[Any]:
    found = entry[name] if required else entry.get(name)
    if not isinstance(found, list) and (required or found is not None):
        raise TypeError(f"{name} is a {type(found).__name__}, expected a list")
    return found or []


def _named(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"
