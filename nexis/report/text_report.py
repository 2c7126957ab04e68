"""The text report: for a person at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.report.arrange import (
    OWN_TOOL,
    WHOLE_APP,
    counted,
    grouped,
    of,
    other_line,
    rule_name,
    said,
    shown,
    status,
    verdict,
    waiver_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nexis.check import Finding
    from nexis.report.model import Report

# Parameters of the escape sequence "select graphic rendition" (ECMA-48, 8.3.117).
STYLES: Final[Mapping[str, str]] = {
    "fatal": "1;31",
    "error": "31",
    "warning": "33",
    "waived": "2",
    "known": "2",
    "place": "1",
    "aside": "2",
    "good": "32",
}
MANY: Final = 20  # findings: more than a screen, so the end of the report says which rules they are of
MOST_RULES: Final = 5


def render_text(report: Report, *, verbose: bool = False, colour: bool = False, errors: bool = True) -> str:
    """Write a report as text, findings grouped by construct, the worst first.

    Args:
        report: the outcome of a run.
        verbose: say why and how to fix, and list what is waived or known; otherwise each finding is one line.
        colour: for a terminal that knows colours.
        errors: list what could not be judged; not where standard error says it beside this text.
    """
    told = report.findings if verbose else [f for f in report.findings if status(f) == "open"]
    lines: list[str] = []
    for group in grouped(told):
        lines.append(_place(group, colour=colour))
        for finding in group:
            lines += _lines(finding, of(group, "line"), verbose=verbose, colour=colour)
        lines.append("")
    if errors and report.errors:
        lines += [_style(shown(f"could not be judged: {error}"), "fatal", colour=colour) for error in report.errors]
        lines.append("")
    lines += _ending(report, len(told), verbose=verbose)
    lines.append(_style(shown(summary_line(report)), "fatal" if report.exit_code else "good", colour=colour))
    return "".join(f"{line}\n" for line in lines)


def _style(text: str, name: str, *, colour: bool) -> str:
    return f"\x1b[{STYLES[name]}m{text}\x1b[0m" if colour and text else text


def _place(group: Sequence[Finding], *, colour: bool) -> str:
    """Name the resource of a group."""
    known = list(group)
    first, rest = _named(*(of(known, name) for name in ("construct", "resource", "type", "file", "line", "source")))
    return _style(shown(first), "place", colour=colour) + _style(shown(rest), "aside", colour=colour)


def _named(construct: str, resource: str, kind: str, file: str, line: str, source: str) -> tuple[str, str]:
    identity = f"{resource} ({kind})" if kind else resource
    place = f" in {file}{f':{line}' if line else ''}" if file else ""
    made = f", made at {source}" if source else ""
    if construct:
        return construct, f"{f' = {identity}' if identity else ''}{place}{made}"
    return resource or WHOLE_APP, f"{f' ({kind})' if kind else ''}{place}{made}"


def where(finding: Finding) -> str:
    """Name the resource of a finding: construct path first, if there is one; then the template, and the source."""
    line = "" if finding.line is None else str(finding.line)
    first, rest = _named(
        finding.construct or "", finding.resource, finding.type, finding.file, line, finding.source or ""
    )
    return first + rest


def _lines(finding: Finding, line: str, *, verbose: bool, colour: bool) -> Iterator[str]:
    """Write one finding: a line, and with `verbose` what else there is to say.

    Args:
        finding: the finding.
        line: of the group in the template; another one is told.
        verbose: say why and how to fix.
        colour: for a terminal that knows colours.
    """
    state = status(finding)
    word = verdict(finding).replace(finding.severity, finding.severity.upper(), 1) if state == "open" else state
    style = finding.severity if state == "open" else state
    yield (
        f"  {_style(word, style, colour=colour)} {shown(rule_name(finding))}  {shown(said(finding))}"
        f"{_style(other_line(finding, line), 'aside', colour=colour)}"
    )
    if verbose:
        yield from (_style(shown(text), "aside", colour=colour) for text in _details(finding))


def _details(finding: Finding) -> Iterator[str]:
    if status(finding) != "open":
        yield f"         {waiver_text(finding)}"
        return
    from nexis.report.reference import rule_of

    rule = rule_of(finding)
    if rule is not None:
        yield f"         why: {rule.why}"
    if finding.fix:
        yield f"         fix: {finding.fix}"


def finding_lines(finding: Finding) -> list[str]:
    """Write one finding, with what to do: for those who list few and refuse because of them."""
    first = next(_lines(finding, "" if finding.line is None else str(finding.line), verbose=False, colour=False))
    rest = waiver_text(finding) if status(finding) != "open" else f"fix: {finding.fix}"
    return [first, f"         {rest}"]


def _ending(report: Report, told: int, *, verbose: bool) -> Iterator[str]:
    """Say what a reader of many findings, or of a short report, should know before the summary."""
    if told > MANY:
        rules: dict[str, int] = {}
        for finding in report.findings:
            if status(finding) == "open":
                rules[finding.rule] = rules.get(finding.rule, 0) + 1
        most = sorted(rules.items(), key=lambda item: -item[1])
        rest = f", {counted(len(most) - MOST_RULES, 'other rule')}" if len(most) > MOST_RULES else ""
        yield shown("most often: " + ", ".join(f"{rule} ({count})" for rule, count in most[:MOST_RULES]) + rest)
    if told and not verbose:
        ours = any(finding.tool == OWN_TOOL and status(finding) == "open" for finding in report.findings)
        yield "-v says why and how to fix" + ("; `nexis explain RULE` shows examples" if ours else "")


def summary_line(report: Report) -> str:
    """Sum a report up in one line."""
    counts = report.summary()
    words = ("fatal", "error", "warning", "waived", "known")
    found = ", ".join(f"{counts[word]} {word}" for word in words if counts[word])
    judged = ", ".join(counted(counts[f"{word}s"], word) for word in ("template", "resource", "judgement"))
    failed = f"; {len(report.errors)} could not be judged" if report.errors else ""
    return f"{judged}: {found or 'nothing to report'}{failed}"


def verdict_line(report: Report) -> str:
    """Say in a few words whether a report is good news."""
    failing = len(report.failing)
    told = f"{counted(failing, 'finding')} {'fails' if failing == 1 else 'fail'}"
    if report.errors:
        return f"{len(report.errors)} could not be judged" + (f", {told}" if failing else "")
    return told if failing else "nothing fails"
