"""The JUnit report: for whatever shows the results of tests. One test case for each finding.

What fails the build is a failure, what could not be judged an error, what is waived or known is skipped, and a
warning passes and says so. Source: the schema of Jenkins' xUnit plugin (`junit-10.xsd`, MIT), which the tests use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.report.arrange import WHOLE_APP, in_order, rule_name, said, shown, status, waiver_text
from nexis.report.reference import rule_of
from nexis.report.text_report import summary_line, where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.check import Finding
    from nexis.report.model import Report


def render_junit(report: Report) -> str:
    """Write a report as JUnit's XML: one suite for each file, with a test case that passes when nothing is found.

    Args:
        report: the outcome of a run.
    """
    suites: dict[str, list[Finding]] = {}
    for finding in in_order(report.findings):
        suites.setdefault(finding.file, []).append(finding)
    failing, errors = len(report.failing), len(report.errors)
    total = len(report.findings) + errors + 1
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="nexis check" tests="{total}" failures="{failing}" errors="{errors}">',
        *_run(report),
        *(line for file, findings in suites.items() for line in _suite(file, findings)),
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _xml(text: str) -> str:
    """Write a text for XML 1.0, which knows no control characters; in ASCII, whatever the encoding of the reader."""
    clean = "\n".join(map(shown, text.split("\n")))
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\n", "&#10;")):
        clean = clean.replace(character, entity)
    return clean.encode("ascii", "xmlcharrefreplace").decode()


def _line(text: str) -> str:
    return _xml(shown(text))


def _run(report: Report) -> Iterator[str]:
    """Write the suite of the run itself: that it judged anything at all, and what it could not judge."""
    errors = len(report.errors)
    yield f'  <testsuite name="nexis check" tests="{errors + 1}" failures="0" errors="{errors}" skipped="0">'
    yield '    <testcase classname="nexis check" name="the run">'
    yield f"      <system-out>{_line(summary_line(report))}</system-out>"
    yield "    </testcase>"
    seen: dict[str, int] = {}
    for error in report.errors:
        yield f'    <testcase classname="could not be judged" name="{_line(_only(error.partition(": ")[0], seen))}">'
        yield f'      <error type="not judged" message="{_line(error)}"></error>'
        yield "    </testcase>"
    yield "  </testsuite>"


def _suite(file: str, findings: list[Finding]) -> Iterator[str]:
    failing = sum(finding.counts for finding in findings)
    skipped = sum(status(finding) != "open" for finding in findings)
    counts = f'tests="{len(findings)}" failures="{failing}" errors="0" skipped="{skipped}"'
    yield f'  <testsuite name="{_line(file or WHOLE_APP)}" {counts}>'
    seen: dict[str, int] = {}
    for finding in findings:
        place = finding.construct or finding.resource or WHOLE_APP
        # Where results are shown, two cases of one name are one.
        name = _only(f"{rule_name(finding)} {finding.property_path}".strip(), seen, place)
        yield f'    <testcase classname="{_line(place)}" name="{_line(name)}">'
        yield f"      {_outcome(finding)}"
        yield "    </testcase>"
    yield "  </testsuite>"


def _only(name: str, seen: dict[str, int], place: str = "") -> str:
    key = f"{place}\n{name}"
    seen[key] = number = seen.get(key, 0) + 1
    return name if number == 1 else f"{name} ({number})"


def _outcome(finding: Finding) -> str:
    state = status(finding)
    if state != "open":
        why = _line(f"{state} {waiver_text(finding)}")
        return f'<skipped type="{state}" message="{why}">{_line(said(finding))}</skipped>'
    if not finding.counts:
        return f"<system-out>{_xml(_told(finding))}</system-out>"
    kind = finding.severity if finding.verdict == "fail" else f"{finding.severity}, unknown"
    return f'<failure type="{_line(kind)}" message="{_line(said(finding))}">{_xml(_told(finding))}</failure>'


def _told(finding: Finding) -> str:
    rule = rule_of(finding)
    lines = [f"{finding.severity} {rule_name(finding)}", where(finding), said(finding)]
    lines += [] if rule is None else [f"why: {rule.why}"]
    lines += [f"fix: {finding.fix}"] if finding.fix else []
    lines += [f"controls: {', '.join(finding.controls)}"] if finding.controls else []
    return "\n".join(map(shown, lines))
