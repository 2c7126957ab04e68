"""The rule reference: `nexis explain` and the pages in `docs/rules`."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any, Final

from nexis.rules.model import EVERY_TYPE, THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nexis.rules.model import Rule

WIDTH: Final = 100
MOST_TYPES: Final = 12  # of a rule for very many types, the terminal shows so many

#: What each theme is about, in one sentence.
ABOUT: Final[Mapping[str, str]] = {
    "tls": "Every connection is TLS, to a server that the client can verify.",
    "storage": "What is stored is encrypted; data of database hosts lies on NVMe disks that encrypt in hardware.",
    "passwords": "No secret stands in a template, and a generated one has 60 bits or more.",
    "network": "Nothing is reached from anywhere, and nothing leaves to anywhere.",
    "hosts": "What runs code is patched, narrow and replaceable.",
    "access": "Everybody may do what they need, on exactly the resources they need it for.",
    "keys": "Keys rotate, and their policies name who may use them.",
    "logging": "What happened can be read later, by those who may.",
    "recovery": "What is lost by mistake, malice or a failed zone comes back.",
    "regions": "Everything runs in approved AWS regions.",
    "disclosure": "Whoever finds a weakness can tell us: security.txt is right and current.",
    "engine": "What could not be judged is said, and counts as a failure.",
}

SEVERITIES: Final[Mapping[str, str]] = {
    "fatal": "a promise itself; cannot be waived",
    "error": "fails the build; can be waived",
    "warning": "is reported",
}

SCOPES: Final[Mapping[str, str]] = {
    "everywhere": "every template",
    "baseline": "only what is built on our baseline: at synth, in the audit, and with `nexis check --scope baseline`",
}


def as_json(rule: Rule) -> dict[str, Any]:
    """Give everything about a rule as a JSON value.

    Args:
        rule: the rule.
    """
    return {
        "id": rule.id,
        "severity": rule.severity,
        "scope": rule.scope,
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "types": list(rule.types),
        "claims": list(rule.claims),
        "controls": {framework: list(ids) for framework, ids in rule.controls.items()},
        "source": rule.source,
        "cdk": rule.cdk,
        "cloudformation": {"Resources": dict(rule.example)},
    }


def explain(rule: Rule) -> str:
    """Tell all of a rule, for a terminal.

    Args:
        rule: the rule.
    """
    types = [
        *rule.types[:MOST_TYPES],
        *([f"… and {len(rule.types) - MOST_TYPES} more"] * (len(rule.types) > MOST_TYPES)),
    ]
    facts = [
        ("severity", f"{rule.severity}: {SEVERITIES[rule.severity]}"),
        ("asked of", SCOPES[rule.scope]),
        ("judges", ", ".join(types).replace(EVERY_TYPE, "every type")),
        ("claims", ", ".join(rule.claims)),
        *((framework, ", ".join(ids)) for framework, ids in rule.controls.items()),
        ("source", rule.source),
    ]
    width = max(len(name) for name, text in facts if text)
    paragraphs = [
        rule.id,
        _wrapped(rule.title),
        "Why\n" + _wrapped(rule.why),
        "How to fix it\n" + _wrapped(rule.fix),
        "With the CDK\n" + textwrap.indent(rule.cdk.strip(), "  "),
        "In CloudFormation\n" + textwrap.indent(_example(rule), "  "),
        "\n".join(
            textwrap.fill(text, WIDTH, initial_indent=f"  {name:<{width}}  ", subsequent_indent=" " * (width + 4))
            for name, text in facts
            if text
        ),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _example(rule: Rule) -> str:
    return json.dumps({"Resources": rule.example}, indent=2, ensure_ascii=False)


# ---- pages ----

GENERATED: Final = "<!-- Made by `make docs` from the rules themselves. Change the rule, not this page. -->"


def pages(rules: Sequence[Rule]) -> dict[str, str]:
    """Write the rule reference as Markdown, one page per theme and an index.

    Args:
        rules: sorted by id.

    Returns:
        Text by file name.
    """
    themes = {theme: [rule for rule in rules if rule.id.startswith(f"{theme}.")] for theme in THEMES}
    made = {f"{theme}.md": _theme_page(theme, found) for theme, found in themes.items() if found}
    return {"README.md": _index(themes), **made}


def _index(themes: Mapping[str, Sequence[Rule]]) -> str:
    lines = [
        GENERATED,
        "",
        "# Rules",
        "",
        "What must hold, theme by theme. `nexis explain RULE` tells the same at a terminal.",
        "",
        "| severity | means |",
        "|---|---|",
        *(f"| {severity} | {text} |" for severity, text in SEVERITIES.items()),
        "",
        "A rule marked *baseline* is asked " + SCOPES["baseline"] + ".",
    ]
    for theme, rules in themes.items():
        if rules:
            lines += [
                "",
                f"## [{theme}]({theme}.md)",
                "",
                ABOUT[theme],
                "",
                "| rule | severity | what holds |",
                "|---|---|---|",
            ]
            lines += [
                f"| [{rule.id}]({theme}.md#{_anchor(rule.id)}) | {_severity(rule)} | {_cell(rule.title)} |"
                for rule in rules
            ]
    return "\n".join(lines) + "\n"


def _theme_page(theme: str, rules: Sequence[Rule]) -> str:
    lines = [GENERATED, "", f"# {theme}", "", ABOUT[theme]]
    for rule in rules:
        lines += ["", *_rule_lines(rule)]
    return "\n".join(lines) + "\n"


def _rule_lines(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}"
    yield ""
    yield f"**{rule.title}.** ({_severity(rule)})"
    yield ""
    yield rule.why
    yield ""
    yield f"*Fix:* {rule.fix}."
    yield ""
    yield from ("```python", rule.cdk.strip(), "```", "")
    yield from ("```json", _example(rule), "```", "")
    yield "| | |"
    yield "|---|---|"
    yield f"| judges | {', '.join('every type' if kind == EVERY_TYPE else f'`{kind}`' for kind in rule.types)} |"
    if rule.claims:
        yield f"| claims | {', '.join(rule.claims)} |"
    for framework, ids in rule.controls.items():
        yield f"| {framework} | {', '.join(ids)} |"
    yield f"| source | {_cell(rule.source)} |"


def _severity(rule: Rule) -> str:
    return rule.severity if rule.scope == "everywhere" else f"{rule.severity}, {rule.scope}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _anchor(heading: str) -> str:
    """Give the anchor that Markdown pages get for a heading: dots are dropped."""
    return heading.replace(".", "")
