"""The SARIF report holds to the standard's schema and to what GitHub asks of one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, ValidationError

from nexis import __version__
from nexis.report import sarif_report
from nexis.report.sarif_report import render_sarif
from nexis.rules.registry import all_rules
from tests.support.reports import WAIVER, finding, odd_reports, report, some, sound_report

if TYPE_CHECKING:
    from nexis.report.model import Report

SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0.json"
URI = re.compile(r"(file://)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+")


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def held(text: str) -> dict[str, Any]:
    """A log, held against the schema."""
    assert text.isascii()
    log: dict[str, Any] = json.loads(text, parse_constant=pytest.fail)
    validator().validate(log)
    return log


def ours(log: dict[str, Any]) -> dict[str, Any]:
    (run,) = [run for run in log["runs"] if run["tool"]["driver"]["name"] == "nexis"]
    return dict(run)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *texts(item))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def test_the_schema_can_say_no() -> None:
    log = held(render_sarif(sound_report()))
    log["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(ValidationError, match="'fatal' is not one of"):
        validator().validate(log)
    del log["runs"]
    with pytest.raises(ValidationError, match="'runs' is a required property"):
        validator().validate(log)


def test_every_finding_is_a_result_in_the_run_of_its_tool() -> None:
    log = held(render_sarif(sound_report()))
    assert [run["tool"]["driver"]["name"] for run in log["runs"]] == ["nexis", "AwsSolutions"]
    assert [result["message"]["text"].split(" thing")[0] for result in ours(log)["results"]] == [
        "A: Properties.A first",
        "S/B: Properties.A second",
        "C: Properties.A third",
        "E: Properties.A known",
        "D: Properties.A waived",
    ]
    assert [result["level"] for result in ours(log)["results"]] == ["error", "error", "warning", "error", "error"]
    (foreign,) = log["runs"][1]["results"]
    assert foreign["ruleId"] == "AwsSolutions-IAM5[Resource::*]"


def test_a_rule_brings_its_help() -> None:
    rule = next(rule for rule in all_rules() if rule.id == "tls.postgres-force-ssl")
    described = ours(held(render_sarif(report(finding()))))["tool"]["driver"]["rules"][0]
    assert (described["id"], described["name"]) == (rule.id, rule.id)
    assert described["shortDescription"]["text"] == rule.title
    assert described["fullDescription"]["text"] == rule.why
    for form in ("text", "markdown"):
        assert all(part in described["help"][form] for part in (rule.why, rule.fix, rule.cdk.strip(), rule.source))
        assert '"Resources": {' in described["help"][form]
        assert "SOC 2" in described["help"][form]
    assert described["defaultConfiguration"] == {"level": "error"}
    assert described["properties"]["security-severity"] == "9.5"
    assert described["properties"]["precision"] == "high"
    assert described["properties"]["tags"][:2] == ["security", "tls"]


def test_every_rule_of_ours_can_be_described() -> None:
    every = [finding(rule=rule.id, severity=rule.severity) for rule in all_rules()]
    driver = ours(held(render_sarif(report(*every))))["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == [
        f.rule for s in ("fatal", "error", "warning") for f in every if f.severity == s
    ]
    assert driver["version"] == __version__
    for rule in driver["rules"]:
        assert len(rule["properties"]["tags"]) <= 20
        assert len(set(rule["properties"]["tags"])) == len(rule["properties"]["tags"])
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert len(rule["fullDescription"]["text"]) <= 1024


def test_the_line_that_somebody_wrote_comes_first_and_the_template_is_related(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path / "infra")
    one = finding(file="cdk out/ü:1.json", line=12, source="stacks/b.py:42", construct="S/B")
    (result,) = ours(held(render_sarif(report(one))))["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "infra/stacks/b.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 42},
    }
    (template,) = result["relatedLocations"]
    assert template["physicalLocation"] == {
        "artifactLocation": {"uri": "infra/cdk%20out/%C3%BC%3A1.json", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 12},
    }
    assert [(place["kind"], place["fullyQualifiedName"]) for place in location["logicalLocations"]] == [
        ("construct", "S/B"),
        ("resource", "Resources.It.Properties.A"),
    ]


def test_a_template_alone_is_the_place_and_a_file_elsewhere_is_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = report(finding(), finding(file="/else/where.json", line=2), finding(file=str(tmp_path / "in.json")))
    places = [result["locations"][0]["physicalLocation"] for result in ours(held(render_sarif(found)))["results"]]
    assert places == [
        {"artifactLocation": {"uri": "t.json", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 1}},
        {"artifactLocation": {"uri": "file:///else/where.json"}, "region": {"startLine": 2}},
        {"artifactLocation": {"uri": "in.json", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 1}},
    ]


def prints(*findings: Any) -> list[str]:
    results = ours(held(render_sarif(report(*findings))))["results"]
    return [result["partialFingerprints"]["nexisFinding/v1"] for result in results]


def test_a_fingerprint_stays_when_lines_move_and_values_change() -> None:
    (before,) = prints(finding(construct="S/B", line=3, source="a.py:1", message="found 1", file="a.json"))
    (after,) = prints(finding(construct="S/B", line=9, source="b.py:7", message="found 2", file="b.json"))
    assert before == after
    others = prints(
        finding(construct="S/C"),
        finding(construct="S/B", property_path="Properties.B"),
        finding(construct="S/B", rule="storage.rds-encrypted"),
        finding(),
        finding(file="b.json"),
        finding(resource="Other"),
        finding(construct="S/B"),
        finding(construct="S/B", message="a second thing of the same property"),
    )
    assert len(set(others)) == len(others)
    assert before in others


def test_a_fingerprint_is_the_same_wherever_the_check_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for checkout in ("one", "two"):
        folder = tmp_path / checkout / "infra"
        (folder / "cdk.out").mkdir(parents=True)
        (tmp_path / checkout / ".git").mkdir()
        for here, file in (
            (folder.parent, "infra/t.json"),
            (folder, "t.json"),
            (folder, "./t.json"),
            (folder / "cdk.out", "../t.json"),
            (folder, str(folder / "t.json")),
        ):
            monkeypatch.chdir(here)
            found += prints(finding(file=file))
    assert len(set(found)) == 1
    assert prints(finding(file="other.json")) != found[:1]


def test_what_is_waived_or_known_is_suppressed_with_its_reason() -> None:
    results = ours(held(render_sarif(report(finding(), finding(waiver=WAIVER), finding(known=True)))))["results"]
    by_reason = {one["suppressions"][0]["justification"]: one["suppressions"][0] for one in results[1:]}
    assert "suppressions" not in results[0]
    assert {(one["kind"], one["status"]) for one in by_reason.values()} == {("external", "accepted")}
    waived = next(reason for reason in by_reason if reason.startswith("waived: until 2026-12-31 by security"))
    assert waived.endswith(": The network of the workshop exists for an hour.")
    assert any(reason.startswith("known: ") for reason in by_reason)


def test_what_could_not_be_judged_is_a_notification_of_a_run_that_did_not_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.json").touch()
    (invocation,) = ours(held(render_sarif(report(errors=("empty.json: is empty", "nowhere")))))["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    first, second = invocation["toolExecutionNotifications"]
    assert (first["level"], first["message"]["text"]) == ("error", "empty.json: is empty")
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "empty.json"
    assert second == {"level": "error", "message": {"text": "nowhere"}}
    (sound,) = ours(held(render_sarif(report())))["invocations"]
    assert (sound["executionSuccessful"], sound["exitCode"]) == (True, 0)


def test_more_results_than_github_takes_lose_the_least_severe_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif_report, "MOST_RESULTS", 2)
    found = report(finding(severity="warning"), finding(severity="error"), finding(severity="fatal"))
    run = ours(held(render_sarif(found)))
    assert [result["properties"]["severity"] for result in run["results"]] == ["fatal", "error"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["level"] == "warning"
    assert "1 finding left out" in note["message"]["text"]


def test_a_template_makes_no_link() -> None:
    found = report(finding(message="see [this](https://example.org)", resource="[a](1)", fix="[b](//example.org)"))
    assert not [text for text in texts(ours(held(render_sarif(found)))["results"]) if "](" in text]


def test_a_template_asks_for_no_argument() -> None:
    found = report(finding(message="found {0} and {{resolve:ssm:a:1}}, {12}", resource="{3}", fix="${A} {x}"))
    (result,) = ours(held(render_sarif(found)))["results"]
    assert result["message"]["text"].endswith("found { 0} and {{resolve:ssm:a:1}}, { 12}. Fix: ${A} {x}")
    every = [finding(rule=rule.id, severity=rule.severity) for rule in all_rules()]
    for log in (found, report(*every)):
        assert not [text for text in texts(ours(held(render_sarif(log)))) if re.search(r"\{[0-9]+\}", text)]


@some
@given(odd=odd_reports)
def test_whatever_a_template_says_the_log_holds_to_the_schema(odd: Report) -> None:
    text = render_sarif(odd)
    assert text == render_sarif(odd)
    log = held(text)
    results = [result for run in log["runs"] for result in run["results"]]
    assert len(results) == len(odd.findings)
    names = [result["partialFingerprints"]["nexisFinding/v1"] for result in results]
    assert len(set(names)) == len(names)
    for run in log["runs"]:
        for result in run["results"]:
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
            for location in (*result["locations"], *result.get("relatedLocations", ())):
                if "physicalLocation" in location:
                    assert URI.fullmatch(location["physicalLocation"]["artifactLocation"]["uri"])
    for said in texts([run["results"] for run in log["runs"]]):
        assert said.isprintable()
        assert len(said) <= 4_100
    suppressed = sum("suppressions" in result for result in results)
    assert suppressed == sum(f.waiver is not None or f.known for f in odd.findings)
    notes = ours(log)["invocations"][0].get("toolExecutionNotifications", [])
    assert len(notes) == len(odd.errors)
