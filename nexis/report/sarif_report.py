"""The SARIF report, version 2.1.0: for GitHub's code scanning, and for editors.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0 with Errata 01; GitHub Docs, SARIF
support for code scanning (read 2026-11-23).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from nexis import __version__
from nexis.report.arrange import (
    OWN_TOOL,
    counted,
    cut,
    in_order,
    sentence,
    shown,
    status,
    waiver_text,
)
from nexis.report.paths import Repository, file_of, fingerprints, positions
from nexis.report.reference import rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nexis.check import Finding
    from nexis.report.model import Report
    from nexis.report.paths import Position
    from nexis.rules.model import Rule

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Final[Mapping[str, str]] = {"fatal": "error", "error": "error", "warning": "warning"}
# GitHub reads a score: above 9.0 critical, from 7.0 high, from 4.0 medium.
SCORES: Final[Mapping[str, str]] = {"fatal": "9.5", "error": "7.5", "warning": "4.5"}
# GitHub refuses a file that has more in one run.
MOST_RESULTS: Final = 25_000
MOST_TAGS: Final = 20
# GitHub shows less than this of a message, and no person reads more.
LONGEST: Final = 4_000
LONGEST_TITLE: Final = 1_000
PLACEHOLDER: Final = re.compile(r"\{(?=[0-9]+\})")


def render_sarif(report: Report) -> str:
    """Write a report as SARIF: one run for each tool, ours first.

    Args:
        report: the outcome of a run.
    """
    repository = Repository()
    names = dict(zip(map(id, report.findings), fingerprints(report.findings, repository), strict=True))
    tools = dict.fromkeys([OWN_TOOL, *(finding.tool for finding in report.findings)])
    runs = [
        _run(tool, [f for f in report.findings if f.tool == tool], report, repository=repository, names=names)
        for tool in tools
    ]
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": runs}, indent=2) + "\n"


def _run(
    tool: str, findings: Iterable[Finding], report: Report, *, repository: Repository, names: Mapping[int, str]
) -> dict[str, Any]:
    ordered = in_order(findings)
    kept, left_out = ordered[:MOST_RESULTS], len(ordered) - MOST_RESULTS
    rules: dict[str, Finding] = {}
    for finding in kept:
        rules.setdefault(finding.rule, finding)
    index = {identity: number for number, identity in enumerate(rules)}
    driver: dict[str, Any] = {"name": _text(tool) or "unknown"}
    if tool == OWN_TOOL:
        driver |= {"version": __version__, "semanticVersion": __version__}
    driver["rules"] = [_rule(finding) for finding in rules.values()]
    notes = [_note(error, "error", repository) for error in report.errors] if tool == OWN_TOOL else []
    if left_out > 0:
        text = (
            f"{counted(left_out, 'finding')} left out: GitHub takes {MOST_RESULTS:,} of a run. The JSON report has all."
        )
        notes.append(_note(text, "warning", repository))
    made: dict[str, Any] = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": not (report.errors and tool == OWN_TOOL)}],
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "results": [_result(finding, index[finding.rule], names[id(finding)], repository) for finding in kept],
    }
    if notes:
        made["invocations"][0]["toolExecutionNotifications"] = notes
    if tool == OWN_TOOL:
        made["invocations"][0]["exitCode"] = report.exit_code
        made["properties"] = {name: n for name, n in report.summary().items() if name != "not_judged"}
    return made


def _text(text: str, longest: int = LONGEST) -> str:
    """Write a text of a template so that it steers nothing.

    SARIF reads `[words](target)` as a link and `{0}` as the place of an argument, of which there are none (3.11.5 and
    3.11.6). Braces are not doubled, as the standard has it: what shows messages without arguments shows them as they
    are.
    """
    return PLACEHOLDER.sub("{ ", cut(shown(text), longest).replace("](", "] ("))


def _note(text: str, level: str, repository: Repository) -> dict[str, Any]:
    made: dict[str, Any] = {"level": level, "message": {"text": _text(text)}}
    file = file_of(text)
    return (
        {**made, "locations": [{"physicalLocation": {"artifactLocation": _artifact(file, repository)}}]}
        if file
        else made
    )


def _artifact(file: str, repository: Repository) -> dict[str, str]:
    name = repository.name(file)
    # Half characters stand for the bytes of a file's name, so the bytes are what the URI spells.
    uri = quote(name.encode(errors="surrogateescape" if _escaped(name) else "backslashreplace"), safe="/~")
    return {"uri": f"file://{uri}"} if name.startswith("/") else {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _escaped(name: str) -> bool:
    return all("\udc80" <= c <= "\udcff" for c in name if "\ud800" <= c <= "\udfff")


def _physical(position: Position, repository: Repository) -> dict[str, Any]:
    # GitHub shows no result without a line.
    return {"artifactLocation": _artifact(position.file, repository), "region": {"startLine": position.line or 1}}


def _result(finding: Finding, rule: int, fingerprint: str, repository: Repository) -> dict[str, Any]:
    places = positions(finding)
    location: dict[str, Any] = {"physicalLocation": _physical(places[0], repository)} if places else {}
    logical = [{"fullyQualifiedName": _text(finding.construct), "kind": "construct"}] if finding.construct else []
    if finding.resource:
        path = f"Resources.{finding.resource}.{finding.property_path}".rstrip(".")
        logical.append({"name": _text(finding.resource), "fullyQualifiedName": _text(path), "kind": "resource"})
    if logical:
        location["logicalLocations"] = logical
    made: dict[str, Any] = {
        "ruleId": _text(finding.rule),
        "ruleIndex": rule,
        "level": LEVELS.get(finding.severity, "error"),
        "message": {"text": _text(sentence(finding))},
        "locations": [location] if location else [],
        "partialFingerprints": {"nexisFinding/v1": fingerprint, "primaryLocationLineHash": f"{fingerprint[:16]}:1"},
        "properties": {"severity": finding.severity, "verdict": finding.verdict, "resourceType": _text(finding.type)},
    }
    if len(places) > 1:
        template = {"id": 1, "physicalLocation": _physical(places[1], repository), "message": {"text": "the template"}}
        made["relatedLocations"] = [template]
    if status(finding) != "open":
        justification = _text(f"{status(finding)}: {waiver_text(finding)}")
        made["suppressions"] = [{"kind": "external", "status": "accepted", "justification": justification}]
    return made


def _rule(finding: Finding) -> dict[str, Any]:
    """Describe the rule of a finding; of another tool's rule the finding is all that is known."""
    rule = rule_of(finding)
    severity = finding.severity if rule is None else rule.severity
    tags = ["security"] if rule is None else _tags(rule)
    words = _foreign(finding) if rule is None else _own(rule)
    return {
        "id": _text(finding.rule),
        "name": _text(finding.rule, 255),
        **words,
        "defaultConfiguration": {"level": LEVELS.get(severity, "error")},
        "properties": {
            "tags": tags,
            "precision": "high",
            "problem.severity": "warning" if severity == "warning" else "error",
            "security-severity": SCORES.get(severity, SCORES["error"]),
        },
    }


def _foreign(finding: Finding) -> dict[str, Any]:
    help_text = _text(finding.fix) or "See the tool's own documentation."
    return {
        "shortDescription": {"text": _text(f"{finding.rule} of {finding.tool}", LONGEST_TITLE)},
        "fullDescription": {"text": _text(finding.message, LONGEST_TITLE) or _text(finding.rule)},
        "help": {"text": help_text},
    }


def _own(rule: Rule) -> dict[str, Any]:
    example = json.dumps({"Resources": rule.example}, indent=2) if rule.example else ""
    controls = [f"{framework}: {', '.join(ids)}" for framework, ids in rule.controls.items()]
    plain = [rule.why, f"Fix: {rule.fix}."]
    marked = [rule.why, f"**Fix:** {rule.fix}."]
    for title, language, code in (("With the CDK", "python", rule.cdk.strip()), ("In CloudFormation", "json", example)):
        if code:
            plain.append(f"{title}:\n\n{code}")
            marked.append(f"**{title}**\n\n```{language}\n{code}\n```")
    if controls:
        plain.append("Controls: " + "; ".join(controls))
        marked.append("**Controls**\n\n" + "\n".join(f"- {control}" for control in controls))
    plain.append(f"Source: {rule.source}")
    marked.append(f"**Source:** {rule.source}")
    return {
        "shortDescription": {"text": cut(rule.title, LONGEST_TITLE)},
        "fullDescription": {"text": cut(rule.why, LONGEST_TITLE)},
        "help": {"text": "\n\n".join(plain), "markdown": "\n\n".join(marked)},
    }


def _tags(rule: Rule) -> Sequence[str]:
    controls = [f"{framework} {identity}" for framework, ids in rule.controls.items() for identity in ids]
    return list(dict.fromkeys(["security", rule.id.partition(".")[0], *controls]))[:MOST_TAGS]
