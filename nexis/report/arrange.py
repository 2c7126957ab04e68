"""Findings in the order and the groups in which people read them: what every format has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nexis.check import Finding

SEVERITIES: Final = ("fatal", "error", "warning")
OWN_TOOL: Final = "nexis"
WHOLE_APP: Final = "the whole app"  # what has neither a construct path nor a logical id

Status = Literal["open", "waived", "known"]


def status(finding: Finding) -> Status:
    """Say whether a finding is open, waived, or known since the check was adopted.

    Args:
        finding: of a report.
    """
    return "waived" if finding.waiver is not None else "known" if finding.known else "open"


def rank(finding: Finding) -> int:
    """Give the place of a finding in a report: open ones before the others, fatal ones first.

    Args:
        finding: of a report.
    """
    severity = SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)
    return severity if status(finding) == "open" else 10 + severity


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by rank; those of one rank stay as they are.

    Args:
        findings: of a report.
    """
    return sorted(findings, key=rank)


def grouped(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Put findings of one construct together, the group with the worst finding first.

    A tool that knows only the construct path of a resource is read with those that know its logical id too.

    Args:
        findings: of a report.
    """
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    without_id: list[Finding] = []
    named: dict[str, tuple[str, str, str]] = {}
    for finding in findings:
        if finding.construct and not finding.resource:
            without_id.append(finding)
            continue
        key = (finding.file, finding.construct or "", finding.resource)
        groups.setdefault(key, []).append(finding)
        if finding.construct:
            named.setdefault(finding.construct, key)
    for finding in without_id:
        construct = finding.construct or ""
        groups.setdefault(named.get(construct, (finding.file, construct, "")), []).append(finding)
    ordered = [in_order(group) for group in groups.values()]
    return sorted(ordered, key=lambda group: rank(group[0]))


def of(group: list[Finding], attribute: str) -> str:
    """Give what a group's findings know of their resource: the first answer that is no blank.

    Args:
        group: findings of one resource.
        attribute: a text of `Finding`, such as `source`.
    """
    return next((str(value) for finding in group if (value := getattr(finding, attribute))), "")


def other_line(finding: Finding, line: str) -> str:
    """Tell a finding's line in the template where it is not the one that its group tells.

    Args:
        finding: of a group.
        line: that the group tells.
    """
    return f" (line {finding.line})" if finding.line is not None and str(finding.line) != line else ""


def waiver_text(finding: Finding) -> str:
    """Say who answers for a finding that does not count, or why else it does not.

    Args:
        finding: one that is waived or known.
    """
    waiver = finding.waiver
    if waiver is None:
        return "since the check was adopted; the baseline file records it"
    if not waiver["expires"]:  # in the code of an app that another tool checks
        return f"acknowledged at {waiver['resource']}: {waiver['reason']}"
    return f"until {waiver['expires']} by {waiver['owner']} ({waiver['decision']}): {waiver['reason']}"


def verdict(finding: Finding) -> str:
    """Name a finding's severity, and say so when its value cannot be known.

    Args:
        finding: of a report.
    """
    return finding.severity if finding.verdict == "fail" else f"{finding.severity} (unknown)"


def said(finding: Finding) -> str:
    """Give the property and what was found there, in one line.

    Args:
        finding: of a report.
    """
    return " ".join(filter(None, (finding.property_path, finding.message)))


def rule_name(finding: Finding) -> str:
    """Give the rule's id, and whose it is unless it is ours or says so itself.

    Args:
        finding: of a report.
    """
    if finding.tool == OWN_TOOL or finding.rule.startswith(finding.tool):
        return finding.rule
    return f"{finding.rule} ({finding.tool})"


def sentence(finding: Finding) -> str:
    """Say of which resource what was found, and how to fix it, for where there is one text.

    Args:
        finding: of a report.
    """
    place = finding.construct or finding.resource or WHOLE_APP
    return f"{place}: {said(finding)}" + (f". Fix: {finding.fix}" if finding.fix else "")


def shown(text: str) -> str:
    """Write control characters out: a template must not steer whoever reads the report.

    Args:
        text: whatever a template says.
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def cut(text: str, longest: int) -> str:
    """Shorten a text that no reader would finish.

    Args:
        text: whatever a template says.
        longest: most characters, the sign of the cut included.
    """
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def counted(number: int, word: str) -> str:
    """Write a number of things: `1 template`, `2 templates`.

    Args:
        number: how many.
        word: in the singular.
    """
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
