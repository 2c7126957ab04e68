"""The code quality report of GitLab: shown beside the lines of a merge request.

Source: GitLab Docs, Code Quality, "Code Quality report format" (read 2026-11-23).
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from nexis.report.arrange import cut, in_order, rule_name, sentence, shown, status, verdict, waiver_text
from nexis.report.paths import Position, Repository, file_of, fingerprints, positions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.check import Finding
    from nexis.report.model import Report

SEVERITIES: Final[Mapping[str, str]] = {"fatal": "blocker", "error": "critical", "warning": "minor"}
NOT_JUDGED: Final = "nexis.not-judged"
NOWHERE: Final = "."  # a location is asked for: what stands in no file stands in the repository
LONGEST: Final = 4_000


def render_gitlab(report: Report) -> str:
    """Write a report as GitLab reads code quality.

    Args:
        report: the outcome of a run.
    """
    repository = Repository()
    names = dict(zip(map(id, report.findings), fingerprints(report.findings, repository), strict=True))
    entries = [_error(error, number, repository) for number, error in enumerate(report.errors)]
    entries += [_entry(finding, names[id(finding)], repository) for finding in in_order(report.findings)]
    return json.dumps(entries, indent=2) + "\n"


def _entry(finding: Finding, fingerprint: str, repository: Repository) -> dict[str, Any]:
    state = status(finding)
    told = sentence(finding)
    description = f"{verdict(finding)}: {told}" if state == "open" else f"{state} {waiver_text(finding)} -- {told}"
    file, line = (positions(finding) or [Position(NOWHERE, None)])[0]
    return {
        "description": _text(description),
        "check_name": _text(rule_name(finding)),
        "fingerprint": fingerprint,
        "severity": SEVERITIES.get(finding.severity, "critical") if state == "open" else "info",
        "location": {"path": _text(repository.name(file)), "lines": {"begin": line or 1}},
    }


def _error(error: str, number: int, repository: Repository) -> dict[str, Any]:
    name = f"{NOT_JUDGED}\n{number}\n{error!r}"
    return {
        "description": _text(f"could not be judged: {error}"),
        "check_name": NOT_JUDGED,
        "fingerprint": hashlib.sha256(name.encode()).hexdigest(),
        "severity": "blocker",
        "location": {"path": _text(repository.name(file_of(error) or NOWHERE)), "lines": {"begin": 1}},
    }


def _text(text: str) -> str:
    return cut(shown(text), LONGEST)
