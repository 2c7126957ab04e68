"""GitHub annotations: workflow commands that put each finding beside the line that somebody wrote.

Source: GitHub Docs, Workflow commands for GitHub Actions; and actions/toolkit, `command.ts`, for what is escaped
(read 2026-11-23).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.report.arrange import cut, in_order, rule_name, said, shown, status, verdict, waiver_text
from nexis.report.paths import Repository, positions
from nexis.report.text_report import summary_line, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nexis.check import Finding
    from nexis.report.model import Report

COMMANDS: Final[Mapping[str, str]] = {"fatal": "error", "error": "error", "warning": "warning"}
MOST: Final = 10  # of each level GitHub shows so many of one step; all of them stand in its log
LONGEST: Final = 4_000
#: An older way of writing commands, which the runner still looks for anywhere in a line (actions/runner,
#: `ActionCommand.cs`, `TryParse`; read 2026-11-24).
OLDER: Final = "##["
OLDER_APART: Final = "## ["


def render_github(report: Report) -> str:
    """Write a report as workflow commands, the worst first and a summary at the end.

    What is waived or known is a plain line of the log: an annotation would ask for something to be done.

    Args:
        report: the outcome of a run.
    """
    repository = Repository()
    commands = [_command("error", f"could not be judged: {error}", title="nexis check") for error in report.errors]
    plain = []
    for finding in in_order(report.findings):
        if status(finding) == "open":
            commands.append(_annotation(finding, repository))
        else:
            told = f"{status(finding)} {rule_name(finding)} at {where(finding)}: {waiver_text(finding)}"
            plain.append(shown(told).replace(OLDER, OLDER_APART))
    more = _more(commands)
    summary = _command("notice", summary_line(report) + more, title="nexis check")
    return "".join(f"{line}\n" for line in (*commands, *plain, summary))


def _more(commands: Iterable[str]) -> str:
    levels = [command.partition(" ")[0] for command in commands]
    if max(map(levels.count, ("::error", "::warning"))) <= MOST:
        return ""
    return f". GitHub shows {MOST} of each level here; all of them stand in the log of the step"


def _annotation(finding: Finding, repository: Repository) -> str:
    properties: dict[str, str] = {}
    for file, line in positions(finding)[:1]:
        properties["file"] = repository.name(file)
        properties |= {"line": str(line)} if line else {}
    title = f"{verdict(finding)} {rule_name(finding)}"
    lines = [where(finding), said(finding), *([f"fix: {finding.fix}"] if finding.fix else [])]
    return _command(COMMANDS.get(finding.severity, "error"), *lines, **properties, title=title)


def _command(level: str, *lines: str, **properties: str) -> str:
    told = "\n".join(cut(shown(line), LONGEST) for line in lines)
    return f"::{level} {','.join(_properties(properties))}::{_data(told)}"


def _properties(properties: Mapping[str, str]) -> Iterator[str]:
    for name, value in properties.items():
        yield f"{name}={_data(cut(shown(value), LONGEST)).replace(':', '%3A').replace(',', '%2C')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
