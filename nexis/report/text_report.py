"""The text report: for a person at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nexis.check import Finding
    from nexis.report.model import Report


def render_text(report: Report) -> str:
    """Write a report as text, findings grouped by resource.

    Args:
        report: the outcome of a run.
    """
    lines: list[str] = []
    groups: dict[str, list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(where(finding), []).append(finding)
    for place, findings in groups.items():
        lines.append(place)
        lines += [line for finding in findings for line in finding_lines(finding)]
        lines.append("")
    lines.append(summary_line(report))
    return "".join(f"{_shown(line)}\n" for line in lines)


def _shown(line: str) -> str:
    """Write control characters out: a template must not steer the terminal of whoever reads the report."""
    return line if line.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)


def where(finding: Finding) -> str:
    """Name the resource of a finding: construct path first, if there is one."""
    resource = f"{finding.resource} ({finding.type}) in {finding.file}"
    return f"{finding.construct} = {resource}" if finding.construct else resource


def finding_lines(finding: Finding) -> list[str]:
    """Write one finding, with what to do."""
    verdict = finding.severity.upper() if finding.verdict == "fail" else f"{finding.severity.upper()} (unknown)"
    if finding.waiver is not None:
        waiver = finding.waiver
        return [
            f"  waived {finding.rule}  {finding.property_path} {finding.message}",
            f"         until {waiver['expires']} by {waiver['owner']}: {waiver['reason']}",
        ]
    return [f"  {verdict} {finding.rule}  {finding.property_path} {finding.message}", f"         fix: {finding.fix}"]


def summary_line(report: Report) -> str:
    """Sum a report up in one line."""
    counts = report.summary()
    found = ", ".join(f"{counts[word]} {word}" for word in ("fatal", "error", "warning", "waived") if counts[word])
    judged = ", ".join(counted(counts[f"{word}s"], word) for word in ("template", "resource", "judgement"))
    failed = f"; {len(report.errors)} could not be judged" if report.errors else ""
    return f"{judged}: {found or 'nothing to report'}{failed}"


def counted(number: int, word: str) -> str:
    """Write a number of things: `1 template`, `2 templates`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
