"""Policies required at synth: the one call with which an app is synthesized.

The CDK lets a validation plugin fail open in three ways, and each is closed here: a plugin that crashes is reported
without violations and the CLI exits 0; a plugin that passes is absent from the report, so one that never ran looks
the same; and anything can be acknowledged in code. Source: measured with aws-cdk-lib 2.275.0 and cdk-nag 3.0.2.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsii
from aws_cdk import (
    Acknowledgment,
    App,
    CfnResource,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
    Stack,
    Validations,
)
from constructs import Construct

from nexis import __version__
from nexis.facts.deployment import BOUNDARY_NAME
from nexis.places import Places
from nexis.report.json_report import render_json
from nexis.report.text_report import finding_lines, where
from nexis.rules.registry import RegistryError, all_rules
from nexis.run import report_on, waiver_policy
from nexis.sources import Watch
from nexis.synthesis import MANIFEST, REPORT_FILE, VALIDATION_REPORT, forget_record, write_record
from nexis.templates.load import BASELINE_MARK, STACK_ID, StackFile, cloud_assembly, load_stacks
from nexis.templates.model import TemplateError
from nexis.templates.resolver import ParameterSource
from nexis.validation_report import OWN_PLUGIN, Told, read_report
from nexis.waivers import WaiverError, read_waivers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from aws_cdk import IPolicyValidationContext
    from aws_cdk.cx_api import CloudAssembly
    from constructs import IConstruct

    from nexis.check import Finding
    from nexis.report.model import Report
    from nexis.templates.model import Assembly
    from nexis.waivers import Waiver

PLUGIN_NAME: Final = OWN_PLUGIN
# Acknowledgements in code that hide no policy: warnings of the CDK itself.
HARMLESS_ACKNOWLEDGEMENTS: Final = ("Annotation::@aws-cdk/", "CloudFormation-Validate::")

# `python app.py` does not read cdk.json's context, so the flags an app of the baseline needs stand here.
CONTEXT: Final[Mapping[str, Any]] = {
    "aws:cdk:enable-asset-metadata": True,  # says which template belongs to which nested stack
    "aws:cdk:enable-path-metadata": True,
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
    "@aws-cdk/core:defaultCrossStackReferences": "strong",
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/core:permissionsBoundary": {"name": BOUNDARY_NAME},  # carried by every role
}


# Constructs are made long before they are judged, so the lines that make them are noted from here on.
WATCH: Final = Watch(Construct, lambda made: (made.node.path, made.node.root))
jsii.create = WATCH.watching(jsii.create)


class PolicyError(SystemExit):
    """The app does not keep its policies; the text says what was found, what was expected and what to do.

    It is a `SystemExit` so that an app that does not catch it ends with the text and exit code 1.
    """


def baseline_app(**options: Any) -> App:
    """Make an App with the context the baseline needs.

    Args:
        options: of `aws_cdk.App`; `context` is added to ours.
    """
    context = {**CONTEXT, **options.pop("context", {})}
    options.setdefault("outdir", os.environ.get("CDK_OUTDIR", "cdk.out"))
    return App(context=context, analytics_reporting=False, **options)


def synthesize(
    app: App,
    *,
    waivers: Path | None = None,
    packs: Sequence[Callable[[App], Any]] | None = None,
    today: dt.date | None = None,
) -> CloudAssembly:
    """Synthesize an app under all policies, or refuse.

    Args:
        app: the app, complete.
        waivers: the waivers file; `waivers.toml` in the current directory when not given and it exists.
        packs: cdk-nag packs, made with the app; AwsSolutions and NIST 800-53 r5 when not given.
        today: the day on which waivers are judged; the current one when not given.

    Returns:
        The cloud assembly, in which nothing fails.

    Raises:
        PolicyError: a rule or a pack finds something, a plugin crashed or was not called, or waivers are not in order.
    """
    file = waivers if waivers is not None else Path("waivers.toml")
    folder = Path(app.outdir)
    forget_record(folder)
    try:
        agreed = read_waivers(file, waiver_policy(file, today=today)) if waivers or file.exists() else ()
        plugin = NexisPlugin(agreed, sources=lambda: _sources(app))
    except (RegistryError, WaiverError) as problem:
        raise PolicyError(f"The policies cannot be read, so nothing was synthesized:\n{problem}") from None
    foreign = [waiver for waiver in agreed if waiver.rule not in plugin.ids]
    problems = _acknowledge(app, foreign)
    for stack in _stacks_of(app):
        stack.node.add_metadata(BASELINE_MARK, __version__)  # so that `nexis check` on the assembly asks the same
    Validations.of(app).add_plugins(plugin, *(pack(app) for pack in (_packs() if packs is None else packs)))
    assembly, stopped = None, ""
    try:
        assembly = app.synth()
    except RuntimeError as problem:
        # Without the CLI a failed validation raises here; the report says more than the message.
        if "ValidationFailed" not in str(problem):
            raise
        stopped = str(problem)
    problems += plugin.problems
    problems += _assembly_problems(app, folder, plugin, foreign)
    failing = plugin.report.failing if plugin.report else []
    # Another plugin under our name gets no cover when we are content.
    told = read_report(folder, plugin.assembly, own_rules={finding.rule for finding in failing})
    failing += Places(_sources(app)).of(finding for finding in told.findings if finding.counts)
    problems += [text for text in told.problems if not plugin.problems or f"plugin {PLUGIN_NAME} crashed" not in text]
    problems += _unused(told, foreign)
    if plugin.report is not None and plugin.assembly is not None:
        folder.joinpath(REPORT_FILE).write_text(render_json(plugin.report), encoding="utf-8")
        judged = {Path(template.file) for template in plugin.assembly.templates.values()}
        judged |= {file.with_name(MANIFEST) for file in judged}
        judged |= {folder / name for name in (MANIFEST, REPORT_FILE, VALIDATION_REPORT)}
        write_record(folder, files=judged, sources=_sources(app), project=Path.cwd())
    if assembly is None and not failing and not problems:
        problems.append(f"the CDK refuses the app: {stopped}")
    if failing or problems or assembly is None:
        raise PolicyError(_message(failing, problems))
    return assembly


def _packs() -> Sequence[Callable[[App], Any]]:
    from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks  # loaded on JavaScript's side too, so only when asked

    return AwsSolutionsChecks, NIST80053R5Checks


@jsii.implements(IPolicyValidationPlugin)
class NexisPlugin:
    """Our rules as a validation plugin on the synthesized templates.

    Args:
        waivers: checked ones.
        sources: gives `file:line` by construct path.
    """

    def __init__(self, waivers: Sequence[Waiver] = (), *, sources: Callable[[], Mapping[str, str]] = dict) -> None:
        self._rules = all_rules()
        self._waivers = waivers
        self._sources = sources
        self.ids = frozenset(rule.id for rule in self._rules)
        self.called_for: set[Path] = set()
        self.report: Report | None = None
        self.assembly: Assembly | None = None
        self.problems: list[str] = []

    @property
    def name(self) -> str:
        """The plugin's name in reports."""
        return PLUGIN_NAME

    @property
    def version(self) -> str:
        """The version of the rules."""
        return __version__

    @property
    def rule_ids(self) -> list[str]:
        """The ids of all rules."""
        return sorted(self.ids)

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Judge the templates of every stack.

        Args:
            context: from the CDK: template files with account, region and construct path.
        """
        try:
            return self._validate(context)
        except BaseException as problem:  # the CDK would keep it to itself
            self.problems.append(f"plugin {PLUGIN_NAME} crashed: {type(problem).__name__}: {problem}")
            raise

    def _validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        files = []
        self.called_for.clear()  # what was judged earlier may have changed since
        names = _stack_names({Path(stack.template_path).parent for stack in context.stack_templates})
        for stack in context.stack_templates:
            file = Path(stack.template_path)
            self.called_for.add(file.resolve())
            files.append(
                StackFile(
                    file=file,
                    stack=names.get(file.resolve()),
                    region=_known(stack.region, "unknown-region"),
                    account=_known(stack.account_id, "unknown-account"),
                    construct=stack.stack_construct_path,
                    metadata=_metadata_of(file),
                )
            )
        self.assembly, errors = load_stacks(files)
        self.report = report_on(
            [self.assembly],
            rules=self._rules,
            parameters=ParameterSource(strict=True),
            waivers=self._waivers,
            errors=[str(error) for error in errors],
            sources=self._sources(),
        )
        self.problems += self.report.errors
        violations = [_violation(finding) for finding in self.report.failing]
        success = not violations and not self.report.errors
        return PolicyValidationPluginReport(success=success, violations=violations)


def _violation(finding: Finding) -> PolicyViolation:
    resource = PolicyViolatingResource(
        construct_path=finding.construct,
        # The stack itself is no resource of its template.
        resource_logical_id=None if finding.resource == STACK_ID else finding.resource,
        template_path=finding.file,
        locations=[finding.property_path],
    )
    return PolicyViolation(
        rule_name=finding.rule,
        description=f"{finding.property_path} {finding.message}",
        fix=finding.fix,
        severity=finding.severity,
        violating_resources=[resource],
    )


def _known(value: str | None, unknown: str) -> str | None:
    return None if value is None or value == unknown or "${Token[" in value else value


def _stack_names(folders: Iterable[Path]) -> dict[Path, str | None]:
    """Give the names of stacks by their template; the CDK tells a plugin their construct paths only."""
    stacks = (stack for folder in folders if (folder / MANIFEST).is_file() for stack in cloud_assembly(folder))
    return {stack.file.resolve(): stack.stack for stack in stacks}


def _metadata_of(template: Path) -> Mapping[str, Any]:
    file = template.with_name(template.name.removesuffix(".template.json") + ".metadata.json")
    found: Mapping[str, Any] = json.loads(file.read_bytes()) if file.is_file() else {}
    return found


def _acknowledge(app: App, waivers: Sequence[Waiver]) -> list[str]:
    """Tell the CDK what is waived in packs that are not ours; gives what is not in order."""
    problems = []
    for waiver in waivers:
        construct = _find(app, waiver.resource)
        if construct is None or not CfnResource.is_cfn_resource(construct):
            problems.append(
                f"{waiver.place}: {waiver.resource!r} is no CloudFormation resource of this app; expected the exact "
                "construct path of one, as the finding names it"
            )
            continue
        reason = f"{waiver.reason} (owner {waiver.owner}, {waiver.decision}, until {waiver.expires})"
        Validations.of(construct).acknowledge(Acknowledgment(id=_qualified(waiver), reason=reason))
    return problems


def _qualified(waiver: Waiver) -> str:
    """Write the rule id with its pack: the bare id would make the finding vanish from the report."""
    return f"{waiver.rule.split('-', 1)[0]}::{waiver.rule}"


def _find(app: App, path: str) -> IConstruct | None:
    found: IConstruct | None = app
    for name in path.split("/"):
        found = None if found is None else found.node.try_find_child(name)
    return found


def _assembly_problems(app: App, folder: Path, plugin: NexisPlugin, waivers: Sequence[Waiver]) -> list[str]:
    """Name the stacks our plugin has not seen, and what was acknowledged in code: no report can tell."""
    try:
        stacks = list(cloud_assembly(folder))
    except TemplateError as problem:
        return [str(problem)]
    if not stacks:
        return ["the app has no stack, so nothing was judged; add a stack before synthesize(app)"]
    not_called = [
        f"{stack.construct}: the plugin {PLUGIN_NAME} was not called for this stack; expected it to judge every stack. "
        "Make the app's only synthesis the call of synthesize(app)"
        for stack in stacks
        if stack.file.resolve() not in plugin.called_for
    ]
    acknowledged = {entry for stack in stacks for entry in _acknowledged(stack.metadata)}
    acknowledged |= set(_acknowledged_above_stacks(app))
    agreed = {(_qualified(waiver), waiver.resource) for waiver in waivers}
    return not_called + [
        f"{path or '(app)'}: {rule} is acknowledged in code; waivers.toml is the only place for that. Remove the "
        "acknowledgement"
        for rule, path in sorted(acknowledged - agreed)
        if not rule.startswith(HARMLESS_ACKNOWLEDGEMENTS)
    ]


def _acknowledged(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give rule and construct path of each acknowledgement in a stack's metadata."""
    wanted = Validations.ACKNOWLEDGED_RULES_METADATA_KEY  # a question to JavaScript, so not one for every entry
    for path, entries in metadata.items():
        for entry in entries:
            if entry.get("type") == wanted:
                yield from ((rule, path.removeprefix("/")) for rule in entry.get("data") or {})


def _acknowledged_above_stacks(construct: IConstruct) -> Iterator[tuple[str, str]]:
    """Give the acknowledgements that no stack's metadata holds: on the app, its stages and what holds its stacks."""
    entries = [{"type": entry.type, "data": entry.data} for entry in construct.node.metadata]
    yield from _acknowledged({construct.node.path: entries})
    for child in construct.node.children:
        if not Stack.is_stack(child):
            yield from _acknowledged_above_stacks(child)


def _stacks_of(construct: IConstruct) -> Iterator[IConstruct]:
    """Give the stacks of an app, those of its stages included; nested stacks belong to theirs."""
    for child in construct.node.children:
        if Stack.is_stack(child):
            yield child
        else:
            yield from _stacks_of(child)


def _sources(app: App) -> dict[str, str]:
    """Give the lines that made the constructs of an app, as they are named from the current directory."""
    return WATCH.of(app, str(Path.cwd()))


def _unused(told: Told, waivers: Sequence[Waiver]) -> list[str]:
    found = {(finding.rule, finding.construct) for finding in told.findings if finding.waiver is not None}
    return [
        f"{waiver.place}: {waiver.rule} at {waiver.resource} matches no finding; remove the waiver"
        for waiver in waivers
        if (waiver.rule, waiver.resource) not in found
    ]


def _message(failing: Sequence[Finding], problems: Sequence[str]) -> str:
    lines = ["The policies refuse this app:", ""]
    for finding in failing:
        lines += [where(finding), *finding_lines(finding), ""]
    lines += [text for problem in problems for text in (problem, "")]
    count = len(failing) + len(problems)
    lines.append(f"{count} {'finding' if count == 1 else 'findings'}; nothing may be deployed from this synthesis.")
    return "\n".join(lines)
