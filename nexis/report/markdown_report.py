"""The Markdown report: a comment on a pull request, short enough for one and with nothing in it that a template steers.

What a template says stands in code spans, where Markdown, mentions, references and links mean nothing. Source: GitHub
Flavored Markdown Spec 0.29, 6.3 Code spans; GitHub's longest comment has 65,536 characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from nexis.report.arrange import (
    SEVERITIES,
    WHOLE_APP,
    counted,
    cut,
    grouped,
    in_order,
    of,
    other_line,
    rule_name,
    shown,
    status,
    verdict,
    waiver_text,
)
from nexis.report.reference import rule_of
from nexis.report.text_report import verdict_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nexis.check import Finding
    from nexis.report.model import Report

MARK: Final = "<!-- nexis check -->"  # by it a bot finds the comment that it wrote before
MOST_BYTES: Final = 65_000  # bytes are never fewer than characters, so it fits however the limit is counted
FOR_THE_END: Final = 600
LONGEST: Final = 300
MOST_TOGETHER: Final = 15  # findings in one block: a block is told whole or not at all
MOST_ERRORS: Final = 10
SIGNS: Final = {"fatal": "🔴", "error": "🟠", "warning": "🟡", "waived": "⚪", "known": "⚪"}
# A word that means nothing to Markdown, nor to what GitHub and GitLab make of a comment.
TAME: Final = re.compile(r"(?!.*://)(?!.*www\.)(?!.*GH-)([^\W_]|[.,;()'\"=+/?-])*:?")


class Block(NamedTuple):
    """A part of the report that is told whole or left out whole."""

    text: str
    findings: Sequence[Finding]


def render_markdown(report: Report) -> str:
    """Write a report as Markdown, the worst first, cut where a comment ends.

    Args:
        report: the outcome of a run.
    """
    lines = [
        MARK,
        f"## {_sign(report)} nexis check: {verdict_line(report)}",
        "",
        *_counts(report),
        *_errors(report.errors),
    ]
    text = "\n".join(lines) + "\n"
    room = MOST_BYTES - FOR_THE_END - _size(text)
    left_out: list[Finding] = []
    for block in _blocks(report):
        room -= _size(block.text)
        if left_out or room < 0:
            left_out += block.findings
        else:
            text += block.text
    return text + _end(left_out)


def _sign(report: Report) -> str:
    return "⛔" if report.errors else "❌" if report.failing else "✅"


def _size(text: str) -> int:
    return len(text.encode())


def _counts(report: Report) -> Iterator[str]:
    counts = report.summary()
    words = [word for word in ("fatal", "error", "warning", "waived", "known") if counts[word]]
    if words:
        yield "| " + " | ".join(f"{SIGNS[word]} {word}" for word in words) + " |"
        yield "|" + " ---: |" * len(words)
        yield "| " + " | ".join(str(counts[word]) for word in words) + " |"
        yield ""
    yield ", ".join(counted(counts[f"{word}s"], word) for word in ("template", "resource", "judgement")) + "."
    yield ""


def _errors(errors: Sequence[str]) -> Iterator[str]:
    if not errors:
        return
    yield "### Could not be judged"
    yield ""
    yield from (f"- {code(error)}" for error in errors[:MOST_ERRORS])
    if len(errors) > MOST_ERRORS:
        yield f"- and {len(errors) - MOST_ERRORS} more"
    yield ""


def _blocks(report: Report) -> Iterator[Block]:
    for group in grouped(finding for finding in report.findings if status(finding) == "open"):
        for start in range(0, len(group), MOST_TOGETHER):
            findings = group[start : start + MOST_TOGETHER]
            yield Block("\n".join(_section(findings, group)) + "\n", findings)
    for state, title in (("waived", "waived: somebody answers for it"), ("known", "known: recorded at adoption")):
        found = in_order(finding for finding in report.findings if status(finding) == state)
        for start in range(0, len(found), MOST_TOGETHER):
            findings = found[start : start + MOST_TOGETHER]
            lines = [f"- {_place(finding)} {_finding(finding)}: {prose(waiver_text(finding))}" for finding in findings]
            yield Block("\n".join(_folded(f"{len(findings)} {title}", lines)) + "\n", findings)


def _section(findings: Sequence[Finding], group: list[Finding]) -> Iterator[str]:
    yield f"### {_place(findings[0])}"
    yield ""
    known = [of(group, name) for name in ("resource", "type", "source")]
    file, line = of(group, "file"), of(group, "line")
    known.append(f"{file}:{line}" if file and line else file)
    if any(known):
        yield " · ".join(code(text) for text in known if text)
        yield ""
    for finding in findings:
        yield f"- {SIGNS[finding.severity]} **{verdict(finding)}** {_finding(finding)}{other_line(finding, line)}"
    yield ""
    advice = list(_advice(findings))
    if advice:
        yield from _folded("Why, and how to fix it", advice)


def _place(finding: Finding) -> str:
    return code(finding.construct or finding.resource or WHOLE_APP)


def _finding(finding: Finding) -> str:
    parts = (code(rule_name(finding)), code(finding.property_path), prose(finding.message))
    return " ".join(part for part in parts if part)


def _advice(findings: Iterable[Finding]) -> Iterator[str]:
    """Say why and how to fix, once for each rule and fix."""
    for finding in {(f.tool, f.rule, f.fix): f for f in findings}.values():
        rule = rule_of(finding)
        why = f" {prose(rule.why)}" if rule is not None else ""
        fix = f" **Fix:** {prose(finding.fix)}" if finding.fix else ""
        if why or fix:
            yield f"- {code(finding.rule)}:{why}{fix}"


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"
    yield ""


def _end(left_out: Sequence[Finding]) -> str:
    if not left_out:
        return ""
    words = [*SEVERITIES, "waived", "known"]
    kinds = [f.severity if status(f) == "open" else status(f) for f in left_out]
    counts = ", ".join(f"{kinds.count(word)} {word}" for word in words if word in kinds)
    return (
        f"**{counted(len(left_out), 'finding')} more ({counts}) found no room in this comment.** "
        "The job's log has all of them, and so has a report written with `--also html=findings.html`.\n"
    )


def code(text: str) -> str:
    """Write a text as a code span: between more backticks than it holds.

    Args:
        text: whatever a template says.
    """
    clean = cut(shown(text), LONGEST)
    if not clean.strip():
        return ""
    fence = "`" * (max(map(len, re.findall("`+", clean)), default=0) + 1)
    pad = " " if clean[0] in "` " or clean[-1] in "` " else ""
    return f"{fence}{pad}{clean}{pad}{fence}"


def prose(text: str) -> str:
    """Write a text with every word that could mean something to Markdown in a code span.

    Args:
        text: a message, which may quote a template.
    """
    parts: list[tuple[bool, list[str]]] = []
    for word in cut(shown(text), LONGEST).split(" "):
        tame = bool(TAME.fullmatch(word))
        if parts and parts[-1][0] == tame:
            parts[-1][1].append(word)
        else:
            parts.append((tame, [word]))
    return " ".join(" ".join(words) if tame else _quoted(" ".join(words)) for tame, words in parts).strip()


def _quoted(text: str) -> str:
    """Write words as a code span, and what belongs to the sentence around them outside of it."""
    word, end = text, ""
    while len(word) > 1 and (word[-1] in ",;.:" or (word[-1] == ")" and word.count(")") > word.count("("))):
        word, end = word[:-1], word[-1] + end
    return code(word) + end
