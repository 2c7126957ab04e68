"""Reports for the tests of the formats: a plain one, and whatever Hypothesis comes up with."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from nexis.check import Finding
from nexis.report.model import Report
from tests.support.examples import examples

WAIVER = {
    "place": "waivers.toml 1",
    "rule": "a.b",
    "resource": "It",
    "reason": "The network of the workshop exists for an hour.",
    "owner": "security",
    "decision": "docs/decisions/one.md",
    "expires": "2026-12-31",
    "ticket": "",
}

# What could end, break or steer one of the formats.
NASTY = (
    "\x00\x07\x1b[2J\x1b]0;x\x07",
    "\ud800half\udfff",
    "\u202eright to left\u2066",
    "\u2028line\u2029paragraph\x85",
    "\ufffe\uffff\U0001fffe",
    "one\r\ntwo\n::error::three\n##[error]four",
    "]]><x>&amp;</system-out></testcase>",
    "</script><script>parent.hit=1</script><img src=x onerror=alert(1)>",
    "--><!-- nexis check -->",
    "| a | b |\n|---|---|\n\n# heading\n",
    "`one` ``two`` ``` three",
    "@everyone @nexis-network/admins #1 GH-1 !2 a@example.org",
    "[click](https://example.org) <https://example.org> www.example.org ![x](//example.org/x.png)",
    "100%25 %0A %2C a:b,c::d",
    "{0} ${Parameter} {{resolve:ssm:x}}",
    "🦉é漢字\u200d",
    " \t ",
    "",
    "*_~<>\\|$&^!",
    "/close\n/label ~x",
)

LONG = "x" * 4_500

some = settings(max_examples=examples(100), deadline=None)

nasty = st.one_of(
    st.sampled_from(NASTY),
    st.text(alphabet=st.characters(), max_size=40),  # surrogates and control characters included
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map("".join),
)
RULES = ("tls.postgres-force-ssl", "storage.rds-encrypted", "engine.crash", "network.no-ingress-from-anywhere")


def finding(**more: Any) -> Finding:
    """One finding that fails, with what a test says otherwise."""
    known: dict[str, Any] = {
        "rule": "tls.postgres-force-ssl",
        "verdict": "fail",
        "severity": "fatal",
        "file": "t.json",
        "resource": "It",
        "type": "A::B::C",
        "property_path": "Properties.A",
        "message": "is wrong",
        "fix": "set it right",
    }
    return Finding(**{**known, **more})


def report(*findings: Finding, errors: tuple[str, ...] = ()) -> Report:
    """A report of findings."""
    return Report(findings=findings, templates=1, resources=2, judgements=3, errors=errors)


@st.composite
def odd_findings(draw: st.DrawFn) -> Finding:
    """A finding in which anything may stand that a template, a file name or another tool could say."""
    ours = draw(st.booleans())
    waiver = draw(st.one_of(st.none(), st.just(WAIVER), nasty.map(lambda text: {**WAIVER, "reason": text})))
    source = st.one_of(nasty, nasty.map("{}:7".format), st.sampled_from(["stacks/a.py:42", "a.py:0", "a.py:x", ":3"]))
    return Finding(
        rule=draw(st.sampled_from(RULES)) if ours else draw(nasty),
        verdict=draw(st.sampled_from(("fail", "unknown"))),
        severity=draw(st.sampled_from(("fatal", "error", "warning"))),
        file=draw(st.one_of(nasty, st.sampled_from(["t.json", "./a b/ü.json", "../up.json", "/else/where.json"]))),
        resource=draw(nasty),
        type=draw(nasty),
        property_path=draw(nasty),
        line=draw(st.one_of(st.none(), st.integers(min_value=1, max_value=2**40))),
        construct=draw(st.one_of(st.none(), nasty)),
        source=draw(st.one_of(st.none(), source)),
        message=draw(st.one_of(nasty, st.just(LONG))),
        fix=draw(nasty),
        controls=tuple(draw(st.lists(nasty, max_size=2))),
        waiver=waiver,
        tool="nexis" if ours else draw(nasty.filter(bool)),
        known=draw(st.booleans()),
    )


odd_reports = st.builds(
    lambda findings, errors: report(*findings, errors=tuple(errors)),
    st.lists(odd_findings(), max_size=4),
    st.lists(nasty, max_size=2),
)


def sound_report() -> Report:
    """Every kind of finding once, with texts that stand in every format as they are."""
    return report(
        finding(severity="warning", message="third thing", resource="C"),
        finding(severity="error", message="second thing", resource="B", construct="S/B", line=12, source="s/b.py:42"),
        finding(severity="error", message="waived thing", resource="D", rule="storage.rds-encrypted", waiver=WAIVER),
        finding(verdict="unknown", message="first thing", resource="A", controls=("SOC 2 CC6.1",)),
        finding(message="known thing", resource="E", known=True),
        finding(
            rule="AwsSolutions-IAM5[Resource::*]",
            severity="error",
            tool="AwsSolutions",
            message="foreign thing",
            construct="S/F",
            resource="",
            type="",
            property_path="",
            fix="",
        ),
        errors=("broken.json: is empty",),
    )
