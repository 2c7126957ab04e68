"""What a report tells: the findings with what was judged and what could not be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nexis.check import Finding


@record(kw_only=True)
class Report:
    """The outcome of one run.

    Args:
        findings: waived and known ones included.
        templates: how many templates were judged.
        resources: how many resources stand in them.
        judgements: how often a rule judged a resource.
        errors: files that could not be judged, with the reason.
    """

    findings: Sequence[Finding]
    templates: int
    resources: int
    judgements: int
    errors: Sequence[str] = ()

    @property
    def failing(self) -> list[Finding]:
        """The findings that fail the build."""
        return [finding for finding in self.findings if finding.counts]

    @property
    def exit_code(self) -> int:
        """0: nothing fails; 1: findings; 2: something could not be judged."""
        return 2 if self.errors else 1 if self.failing else 0

    def summary(self) -> dict[str, Any]:
        """Count what was judged and found."""
        findings = self.findings
        return {
            "templates": self.templates,
            "resources": self.resources,
            "judgements": self.judgements,
            "fatal": sum(f.severity == "fatal" and f.counts for f in findings),
            "error": sum(f.severity == "error" and f.counts for f in findings),
            "warning": sum(f.severity == "warning" and f.waiver is None and not f.known for f in findings),
            "waived": sum(f.waiver is not None for f in findings),
            "known": sum(f.known and f.waiver is None for f in findings),
            "unknown": sum(f.verdict == "unknown" and f.counts for f in findings),
            "not_judged": list(self.errors),
        }
