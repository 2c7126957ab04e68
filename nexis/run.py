"""Loaded assemblies -> a report: the judging that every moment shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nexis.check import CRASH, Judging
from nexis.processes import spread
from nexis.report.model import Report
from nexis.rules.registry import rules_for, severities
from nexis.templates.resolver import ParameterSource
from nexis.waivers import WaiverError, WaiverPolicy, apply_waivers, read_owners, read_waivers, too_broad

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from nexis.check import Finding
    from nexis.rules.model import Rule
    from nexis.templates.model import Assembly
    from nexis.validation_report import Told
    from nexis.waivers import Waiver


def report_on(
    assemblies: Iterable[Assembly],
    *,
    rules: Sequence[Rule] | None = None,
    parameters: ParameterSource | None = None,
    waivers: Sequence[Waiver] = (),
    errors: Sequence[str] = (),
    all_waivers_must_match: bool = True,
    baseline: bool = True,
    foreign_rules: Sequence[str] = ("*",),
    sources: Mapping[str, str] | None = None,
) -> Report:
    """Judge assemblies and make a report.

    Args:
        assemblies: each is judged by itself.
        rules: the rules; all of them when not given.
        parameters: where parameters get their values.
        waivers: checked ones; those aimed at cdk-nag count where a cloud assembly with its report is read.
        errors: what could not be read.
        all_waivers_must_match: whether an unused waiver is an error; not when only some rules run.
        baseline: whether the rules that only our own baseline must keep are asked of every assembly; otherwise only
            of those that say they are built on it.
        foreign_rules: globs of the ids of others' rules whose findings are told, where an assembly has a report.
        sources: `file:line` by construct path, if they are known; otherwise cloud assemblies are asked.
    """
    findings: list[Finding] = []
    foreign: list[Finding] = []
    problems = list(errors)
    ours = severities()
    read_all: bool | None = None  # whether every report of an assembly could be read; None as long as there is none
    assemblies = list(assemblies)
    asked = rules_for(types_in(assemblies)) if rules is None else rules
    source = parameters or ParameterSource()
    judging = {scope: Judging(asked, source, baseline=scope) for scope in (True, False)}
    judgements = 0

    def judged(assembly: Assembly) -> _Judged:
        return _judge(assembly, judging[baseline or assembly.baseline], ours=ours, foreign_rules=foreign_rules)

    sizes = [sum(len(template.resources) for template in assembly.templates.values()) for assembly in assemblies]
    for assembly, one in zip(assemblies, spread(judged, assemblies, sizes), strict=True):
        findings += one.findings
        foreign += one.foreign
        problems += one.problems
        judgements += one.judgements
        if one.crashed:
            read_all = False
        elif assembly.folder is not None:
            read_all = read_all is not False and not one.problems
    marked, unused = apply_waivers(findings, [waiver for waiver in waivers if waiver.rule in ours])
    if read_all is not None:
        marked_foreign, unused_foreign = apply_waivers(foreign, [w for w in waivers if w.rule not in ours])
        marked += marked_foreign
        unused += unused_foreign if read_all else []
    # What the code of another app acknowledges is no waiver of ours.
    problems += too_broad(finding for finding in marked if finding.waiver is None or finding.waiver["expires"])
    if all_waivers_must_match:
        problems += [
            f"{waiver.place}: {waiver.rule} at {waiver.resource} matches no finding; remove the waiver"
            for waiver in unused
        ]
    return Report(
        findings=_placed(marked, sources),
        templates=sum(len(assembly.templates) for assembly in assemblies),
        resources=sum(sizes),
        judgements=judgements,
        errors=tuple(problems),
    )


class _Judged(NamedTuple):
    """What was found of one assembly."""

    findings: list[Finding]
    foreign: Sequence[Finding] = ()
    problems: Sequence[str] = ()
    judgements: int = 0
    crashed: bool = False


def _judge(assembly: Assembly, judging: Judging, *, ours: Iterable[str], foreign_rules: Sequence[str]) -> _Judged:
    found: list[Finding] = []
    judged = 0
    try:
        found, judged = judging.findings(assembly)
        if assembly.folder is None:
            return _Judged(found, judgements=judged)
        told = _told(assembly, assembly.folder, ours, foreign_rules)
    except Exception as problem:  # a crash outside any rule must not stop the other files
        files = ", ".join(template.file for template in assembly.templates.values())
        crash = f"{files}: cannot be judged, the engine crashed: {type(problem).__name__}: {problem}; "
        return _Judged(found, problems=[crash + "report it with the file"], judgements=judged, crashed=True)
    return _Judged(found, told.findings, told.problems, judged)


def _told(assembly: Assembly, folder: Path, ours: Iterable[str], globs: Sequence[str]) -> Told:
    """Read what others found in a cloud assembly."""
    from nexis.validation_report import told_of  # imported late: most templates stand by themselves

    return told_of(assembly, folder=folder, own_rules={*ours, CRASH}, rules=globs)


def _placed(findings: list[Finding], sources: Mapping[str, str] | None) -> list[Finding]:
    """Say where findings stand."""
    if not findings:
        return findings
    from nexis.places import Places  # imported late: it reads the templates again

    return Places(sources).of(findings)


def types_in(assemblies: Iterable[Assembly]) -> set[str]:
    """Give the types of the resources in assemblies.

    Args:
        assemblies: any.
    """
    return {
        resource.type
        for assembly in assemblies
        for template in assembly.templates.values()
        for resource in template.resources.values()
    }


def agreed_waivers(file: Path | None) -> tuple[Waiver, ...]:
    """Read the waivers of a project.

    Args:
        file: the waivers file, at the top of the project; there are none when it is not given.

    Raises:
        WaiverError: the file is missing, or it or what it names is not in order.
    """
    if file is None:
        return ()
    if not file.is_file():  # before its owners are looked for beside it
        raise WaiverError([f"{file}: cannot be read, it is no file; an empty file says there are none"])
    return read_waivers(file, waiver_policy(file))


def waiver_policy(file: Path, *, today: dt.date | None = None) -> WaiverPolicy:
    """Say what the waivers of a project may name: its owners and decisions stand beside the file.

    Args:
        file: the waivers file, at the top of the project.
        today: the day on which the waivers are judged; the current one when not given.
    """
    import datetime as dt  # late, as most checks have no waivers

    root = file.resolve().parent
    return WaiverPolicy(
        severities=severities(),
        owners=read_owners(root / "config" / "owners.toml"),
        root=root,
        today=today or dt.datetime.now(dt.UTC).date(),
    )
