"""The code quality report holds to what GitLab documents of it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, ValidationError

from nexis.report.gitlab_report import render_gitlab
from tests.support.reports import finding, odd_reports, report, some, sound_report

if TYPE_CHECKING:
    from nexis.report.model import Report

SCHEMA = Path(__file__).parent / "schemas" / "gitlab-code-quality.json"


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def held(text: str) -> list[dict[str, Any]]:
    """A report, held against the schema, in which no fingerprint stands twice."""
    assert text.isascii()
    entries: list[dict[str, Any]] = json.loads(text, parse_constant=pytest.fail)
    validator().validate(entries)
    names = [entry["fingerprint"] for entry in entries]
    assert len(set(names)) == len(names)
    return entries


@pytest.mark.parametrize(
    "change",
    [
        {"severity": "fatal"},
        {"fingerprint": ""},
        {"location": {"path": "./a.json", "lines": {"begin": 1}}},
        {"location": {"path": "a.json", "lines": {"begin": 0}}},
        {"location": {"path": "a.json"}},
    ],
)
def test_the_schema_can_say_no(change: dict[str, Any]) -> None:
    (entry,) = held(render_gitlab(report(finding())))
    with pytest.raises(ValidationError):
        validator().validate([{**entry, **change}])


def test_the_worst_stands_first_at_the_line_that_somebody_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path / "infra")
    entries = held(render_gitlab(sound_report()))
    assert [entry["severity"] for entry in entries] == [
        "blocker",  # what could not be judged
        "blocker",
        "critical",
        "critical",
        "minor",
        "info",
        "info",
    ]
    assert entries[0]["check_name"] == "nexis.not-judged"
    assert entries[0]["description"] == "could not be judged: broken.json: is empty"
    assert entries[1]["location"] == {"path": "infra/t.json", "lines": {"begin": 1}}
    assert entries[2]["location"] == {"path": "infra/s/b.py", "lines": {"begin": 42}}
    assert entries[2]["description"] == "error: S/B: Properties.A second thing. Fix: set it right"
    assert entries[3]["check_name"] == "AwsSolutions-IAM5[Resource::*]"
    assert entries[5]["description"].startswith("known since the check was adopted")
    assert entries[6]["description"].startswith("waived until 2026-12-31 by security")


def test_a_file_that_could_not_be_judged_is_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.json").touch()
    entries = held(render_gitlab(report(errors=("empty.json: is empty", "nobody knows", "nobody knows"))))
    assert [entry["location"]["path"] for entry in entries] == ["empty.json", ".", "."]


def test_an_empty_report_is_an_empty_list() -> None:
    assert held(render_gitlab(report())) == []


@some
@given(odd=odd_reports)
def test_whatever_a_template_says_the_report_holds_to_the_schema(odd: Report) -> None:
    text = render_gitlab(odd)
    assert text == render_gitlab(odd)
    entries = held(text)
    assert len(entries) == len(odd.findings) + len(odd.errors)
    assert sum(entry["severity"] == "info" for entry in entries) == sum(
        f.waiver is not None or f.known for f in odd.findings
    )
    assert all(entry["description"].isprintable() for entry in entries)
