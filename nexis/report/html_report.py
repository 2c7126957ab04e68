"""The HTML report: one page that asks the network for nothing, for a reader without a terminal.

Its content security policy allows the page's own style and script, by their hashes, and nothing else; so whatever a
template says, it cannot run. Source: W3C, Content Security Policy Level 3, 2.3.1 (hash sources).
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nexis.report.arrange import (
    OWN_TOOL,
    SEVERITIES,
    WHOLE_APP,
    grouped,
    of,
    other_line,
    rule_name,
    shown,
    status,
    verdict,
    waiver_text,
)
from nexis.report.reference import rule_of
from nexis.report.text_report import summary_line, verdict_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nexis.check import Finding
    from nexis.report.model import Report
    from nexis.rules.model import Rule

KINDS: Final = (*SEVERITIES, "waived", "known")


def render_html(report: Report) -> str:
    """Write a report as a page.

    Args:
        report: the outcome of a run.
    """
    return "\n".join(_page(report)) + "\n"


def _text(text: str) -> str:
    """Write a text for HTML, in ASCII, whatever encoding a reader assumes."""
    return html.escape(shown(text)).encode("ascii", "xmlcharrefreplace").decode()


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _page(report: Report) -> Iterator[str]:
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    title = verdict_line(report)
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>nexis check: {title}</title>"
    yield f"<style>{style}</style>"
    yield "</head>"
    yield "<body>"
    yield "<header>"
    yield f'<h1>nexis check: <span class="{"bad" if report.exit_code else "good"}">{title}</span></h1>'
    yield f'<p class="counts">{_text(summary_line(report))}</p>'
    yield "</header>"
    yield "<main>"
    yield from _errors(report.errors)
    yield from _findings(report.findings)
    yield from _rules(report.findings)
    yield "</main>"
    yield f"<script>{script}</script>"
    yield "</body>"
    yield "</html>"


def _errors(errors: Sequence[str]) -> Iterator[str]:
    if errors:
        yield '<section aria-labelledby="not-judged"><h2 id="not-judged">Could not be judged</h2><ul>'
        yield from (f"<li>{_text(error)}</li>" for error in errors)
        yield "</ul></section>"


def _theme(finding: Finding) -> str:
    return finding.rule.partition(".")[0] if finding.tool == OWN_TOOL else finding.tool


def _kind(finding: Finding) -> str:
    return finding.severity if status(finding) == "open" else status(finding)


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield '<section aria-labelledby="findings"><h2 id="findings">Findings</h2>'
    yield from _filter(findings)
    anchors = _anchors(findings)
    for number, group in enumerate(grouped(findings)):
        yield f'<section class="group" aria-labelledby="group-{number}">'
        name = of(group, "construct") or of(group, "resource") or WHOLE_APP
        yield f'<h3 id="group-{number}">{_text(name)}</h3>'
        yield f'<p class="place">{" &middot; ".join(_places(group))}</p>'
        yield '<ul class="findings">'
        for finding in group:
            yield from _finding(finding, anchors, of(group, "line"))
        yield "</ul></section>"
    yield "</section>"


def _places(group: list[Finding]) -> Iterator[str]:
    for name in ("resource", "type"):
        if of(group, name):
            yield _code(of(group, name))
    if of(group, "file"):
        yield _code(of(group, "file") + (f":{of(group, 'line')}" if of(group, "line") else ""))
    if of(group, "source"):
        yield f"made at {_code(of(group, 'source'))}"


def _filter(findings: Sequence[Finding]) -> Iterator[str]:
    there = {_kind(finding) for finding in findings}
    yield '<form id="filter" hidden>'
    yield "<fieldset><legend>Show</legend>"
    for kind in KINDS:
        if kind in there:
            yield f'<label><input type="checkbox" name="kind" value="{kind}" checked> {kind}</label>'
    yield "</fieldset>"
    yield '<label>Theme <select name="theme"><option value="">every theme</option>'
    for theme in sorted({_theme(finding) for finding in findings}):
        yield f'<option value="{_text(theme)}">{_text(theme)}</option>'
    yield "</select></label>"
    yield '<label>Text <input type="search" name="text" autocomplete="off"></label>'
    yield '<output id="shown" aria-live="polite"></output>'
    yield "</form>"


def _finding(finding: Finding, anchors: dict[str, str], line: str) -> Iterator[str]:
    kind = _kind(finding)
    word = verdict(finding) if kind == finding.severity else kind
    rule = _code(rule_name(finding))
    anchor = anchors.get(finding.rule) if finding.tool == OWN_TOOL else None
    linked = rule if anchor is None else f'<a href="#{anchor}">{rule}</a>'
    yield f'<li class="finding {kind}" data-kind="{kind}" data-theme="{_text(_theme(finding))}">'
    yield f'<p><span class="word">{word}</span> {linked} {_code(finding.property_path)}</p>'
    yield f"<p>{_text(finding.message)}{other_line(finding, line)}</p>"
    if status(finding) != "open":
        yield f'<p class="why">{kind} {_text(waiver_text(finding))}</p>'
    if finding.fix:
        yield f'<p class="fix">Fix: {_text(finding.fix)}</p>'
    yield "</li>"


def _known_rules(findings: Iterable[Finding]) -> dict[str, Rule]:
    found = {finding.rule: rule_of(finding) for finding in findings if finding.tool == OWN_TOOL}
    return {identity: rule for identity, rule in sorted(found.items()) if rule is not None}


def _anchors(findings: Iterable[Finding]) -> dict[str, str]:
    return {identity: f"rule-{identity.replace('.', '-')}" for identity in _known_rules(findings)}


def _rules(findings: Sequence[Finding]) -> Iterator[str]:
    rules = _known_rules(findings)
    if not rules:
        return
    anchors = _anchors(findings)
    yield '<section aria-labelledby="rules"><h2 id="rules">Why, and how to fix it</h2>'
    for identity, rule in rules.items():
        yield f'<section aria-labelledby="{anchors[identity]}"><h3 id="{anchors[identity]}">{_text(identity)}</h3>'
        yield f"<p>{_text(rule.title)}. {_text(rule.why)}</p>"
        yield f"<p>Fix: {_text(rule.fix)}.</p>"
        example = json.dumps({"Resources": rule.example}, indent=2) if rule.example else ""
        for title, content in (("With the CDK", rule.cdk.strip()), ("In CloudFormation", example)):
            if content:
                lines = "\n".join(map(_text, content.split("\n")))
                yield f"<details><summary>{title}</summary><pre><code>{lines}</code></pre></details>"
        controls = "; ".join(f"{framework}: {', '.join(ids)}" for framework, ids in rule.controls.items())
        origin = f"{f'Controls: {controls}. ' if controls else ''}Source: {rule.source}"
        yield f'<p class="why">{_text(origin)}</p>'
        yield "</section>"
    yield "</section>"
