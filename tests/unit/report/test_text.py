"""The text report: short, the worst first, and never steering the terminal of whoever reads it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from nexis.report.arrange import shown, status
from nexis.report.text_report import finding_lines, render_text, summary_line, where
from tests.support.reports import WAIVER, finding, odd_reports, report, some, sound_report

if TYPE_CHECKING:
    from nexis.report.model import Report

SEQUENCE = re.compile(r"\x1b\[[0-9;]*m")


def test_short_a_finding_is_one_line_and_the_worst_stands_first() -> None:
    assert render_text(sound_report()).splitlines() == [
        "A (A::B::C) in t.json",
        "  FATAL (unknown) tls.postgres-force-ssl  Properties.A first thing",
        "",
        "S/B = B (A::B::C) in t.json:12, made at s/b.py:42",
        "  ERROR tls.postgres-force-ssl  Properties.A second thing",
        "",
        "S/F in t.json",
        "  ERROR AwsSolutions-IAM5[Resource::*]  foreign thing",
        "",
        "C (A::B::C) in t.json",
        "  WARNING tls.postgres-force-ssl  Properties.A third thing",
        "",
        "could not be judged: broken.json: is empty",
        "",
        "-v says why and how to fix; `nexis explain RULE` shows examples",
        "1 template, 2 resources, 3 judgements: 1 fatal, 2 error, 1 warning, 1 waived, 1 known; 1 could not be judged",
    ]


def test_verbose_it_says_why_and_how_to_fix_and_lists_what_is_waived_or_known() -> None:
    text = render_text(sound_report(), verbose=True)
    assert "         why: Without rds.force_ssl the server also answers in plain text" in text
    assert text.count("         fix: set it right\n") == 3
    assert "  waived storage.rds-encrypted  Properties.A waived thing" in text
    assert "until 2026-12-31 by security (docs/decisions/one.md): The network of the workshop" in text
    assert "  known tls.postgres-force-ssl  Properties.A known thing" in text
    assert "-v says why" not in text


def test_one_construct_is_one_group_whichever_tool_found_something() -> None:
    ours = finding(construct="S/B", severity="error", message="ours")
    theirs = finding(construct="S/B", resource="", type="", tool="AwsSolutions", rule="X1", message="theirs")
    text = render_text(report(theirs, ours))
    assert text.splitlines()[:3] == [
        "S/B = It (A::B::C) in t.json",
        "  FATAL X1 (AwsSolutions)  Properties.A theirs",
        "  ERROR tls.postgres-force-ssl  Properties.A ours",
    ]


def test_resources_that_share_a_path_or_an_id_are_told_apart() -> None:
    text = render_text(
        report(
            finding(construct="S/B", resource="One"),
            finding(construct="S/B", resource="Two"),
            finding(construct="S/B", resource="One", file="other.json"),
        )
    )
    assert [line for line in text.splitlines() if line.startswith("S/B")] == [
        "S/B = One (A::B::C) in t.json",
        "S/B = Two (A::B::C) in t.json",
        "S/B = One (A::B::C) in other.json",
    ]


def test_the_line_is_told_once_and_again_only_where_it_differs() -> None:
    text = render_text(report(finding(line=3), finding(line=3, message="b"), finding(line=9, message="c")))
    assert text.splitlines()[:4] == [
        "It (A::B::C) in t.json:3",
        "  FATAL tls.postgres-force-ssl  Properties.A is wrong",
        "  FATAL tls.postgres-force-ssl  Properties.A b",
        "  FATAL tls.postgres-force-ssl  Properties.A c (line 9)",
    ]


def test_many_findings_end_with_the_rules_they_are_of() -> None:
    many = [finding(rule="storage.rds-encrypted", resource=f"R{n}") for n in range(20)]
    few = [finding(rule=f"a.r{n}", resource="Z") for n in range(6)]
    assert "most often" not in render_text(report(*many))
    assert (
        "most often: storage.rds-encrypted (20), a.r0 (1), a.r1 (1), a.r2 (1), a.r3 (1), 2 other rules\n"
        in render_text(report(*few, *many))
    )


def test_nothing_to_report_is_one_line() -> None:
    assert render_text(report()) == "1 template, 2 resources, 3 judgements: nothing to report\n"
    assert render_text(report(finding(waiver=WAIVER))).splitlines() == [
        "1 template, 2 resources, 3 judgements: 1 waived"
    ]


def test_colours_change_nothing_but_colours() -> None:
    for verbose in (False, True):
        coloured = render_text(sound_report(), verbose=verbose, colour=True)
        assert SEQUENCE.search(coloured)
        assert SEQUENCE.sub("", coloured) == render_text(sound_report(), verbose=verbose)
        assert all(line.count("\x1b[") % 2 == 0 for line in coloured.splitlines())  # each ends on its line


def test_who_refuses_because_of_a_finding_says_how_to_fix_it() -> None:
    assert finding_lines(finding()) == [
        "  FATAL tls.postgres-force-ssl  Properties.A is wrong",
        "         fix: set it right",
    ]
    assert finding_lines(finding(waiver=WAIVER))[0] == "  waived tls.postgres-force-ssl  Properties.A is wrong"
    assert where(finding(construct="S/B", line=3, source="a.py:1")) == (
        "S/B = It (A::B::C) in t.json:3, made at a.py:1"
    )


def test_a_waived_or_known_warning_is_counted_once() -> None:
    warning = finding(severity="warning")
    found = report(warning, replace(warning, waiver=WAIVER), replace(warning, known=True))
    assert summary_line(found).endswith(": 1 warning, 1 waived, 1 known")
    assert found.exit_code == 0


@pytest.mark.parametrize("colour", [False, True])
@some
@given(odd=odd_reports)
def test_whatever_a_template_says_steers_nothing(odd: Report, colour: bool) -> None:
    text = render_text(odd, verbose=True, colour=colour)
    plain = SEQUENCE.sub("", text) if colour else text
    assert all(line.isprintable() for line in plain.split("\n"))
    text.encode()
    for one in odd.findings:
        assert f"{shown(one.message)}" in plain
        assert status(one) in ("waived", "known") or one.severity.upper() in plain
    for error in odd.errors:
        assert shown(error) in plain
    short = render_text(odd)
    assert short.endswith(f"{summary_line(odd)}\n")
    assert len(short.split("\n")) <= 4 * len(odd.findings) + 6
