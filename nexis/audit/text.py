"""The audit's text report: as `nexis check` writes it, with how to put each thing back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.audit.heal import heal
from nexis.report.text_report import finding_lines, summary_line, where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.audit.run import AuditOutcome
    from nexis.check import Finding

NOT_BY_REDEPLOY: Final = (
    "A redeploy does not put these back: CloudFormation compares templates, not what is there.\n"
    "Use the commands above; words in capitals and file://… stand for what the deployed template says.\n"
    "Then run the audit again."
)
PLACEHOLDERS: Final = (
    "The hosts are placeholders: launch templates and groups are judged, but no database runs on them yet."
)


def render_audit(outcome: AuditOutcome) -> str:
    """Write an audit as text, findings grouped by resource.

    Args:
        outcome: of the audit.
    """
    return "\n".join(_lines(outcome)) + "\n"


def _lines(outcome: AuditOutcome) -> Iterator[str]:
    groups: dict[str, list[Finding]] = {}
    for finding in outcome.report.findings:
        groups.setdefault(where(finding), []).append(finding)
    for place, findings in groups.items():
        yield place
        said: set[str] = set()
        for finding in findings:
            yield from finding_lines(finding)
            lines = [] if finding.waiver is not None else heal(finding, outcome.deployed)
            yield from (f"         put back: {line}" for line in lines if line not in said)
            said |= set(lines)
        yield ""
    if outcome.report.failing:
        yield NOT_BY_REDEPLOY
        yield ""
    yield f"aws://{outcome.account}/{outcome.region}: {', '.join(outcome.stacks) or 'no stack of the baseline'}"
    if outcome.not_read:
        kinds = ", ".join(f"{count} {kind}" for kind, count in outcome.not_read.items())
        yield f"Not read, because no rule looks at them: {kinds}"
    if outcome.placeholders:
        yield PLACEHOLDERS
    yield summary_line(outcome.report)
