"""The JSON report holds to its schema, whatever the templates are, and is the same every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from nexis import cli
from nexis.report import json_report
from nexis.report.json_report import SCHEMA, render_json
from tests.support.reports import WAIVER, finding, odd_reports, report, some

if TYPE_CHECKING:
    from nexis.report.model import Report

ROOT = Path(__file__).resolve().parents[3]


@cache
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        Path(json_report.__file__).with_name("nexis-check-1.schema.json").read_text(encoding="utf-8")
    )
    return found


def wrong(value: Any) -> list[str]:
    """What a report has that its schema does not allow."""
    errors = list(validator().iter_errors(value))
    return [f"{error.json_path}: {error.message}" for error in (*errors, *(c for e in errors for c in e.context or ()))]


def held(text: str) -> dict[str, Any]:
    """A report, held against the schema."""
    text.encode()  # it can be written as UTF-8
    report: dict[str, Any] = json.loads(text, parse_constant=pytest.fail)
    assert wrong(report) == []
    json.dumps(report, ensure_ascii=False).encode()  # and so can every text in it
    return report


def test_the_schema_is_of_this_version() -> None:
    assert schema()["properties"]["schema"]["const"] == schema()["$id"] == SCHEMA


def test_every_kind_of_finding_holds_to_the_schema() -> None:
    made = held(
        render_json(
            report(
                finding(),
                finding(verdict="unknown", severity="error", line=3, construct="A/B", source="a.py:1"),
                finding(severity="warning", claims=("a",), controls=("SOC 2 CC6.1",)),
                finding(severity="error", waiver=WAIVER),
                finding(severity="fatal", known=True),
                finding(rule="AwsSolutions-IAM5[Resource::*]", tool="AwsSolutions", severity="error"),
                errors=("x.json: is empty",),
            )
        )
    )
    assert [f["severity"] for f in made["findings"]] == ["fatal", "error", "warning", "error", "fatal", "error"]
    assert made["summary"] == {
        "templates": 1,
        "resources": 2,
        "judgements": 3,
        "fatal": 1,
        "error": 2,
        "warning": 1,
        "waived": 1,
        "known": 1,
        "unknown": 1,
        "not_judged": ["x.json: is empty"],
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"verdict": "pass"}, "is not one of"),
        ({"severity": "none"}, "is not one of"),
        ({"rule": "Tls"}, "does not match"),
        ({"line": 0}, "less than the minimum"),
        ({"line": "3"}, "is not of type"),
        ({"claims": "a"}, "is not of type 'array'"),
        ({"tool": ""}, "should be non-empty"),
        ({"known": None}, "is not of type 'boolean'"),
        ({"rule": "AwsSolutions-IAM5"}, "does not match"),
        ({"more": 1}, "'more' was unexpected"),
        ({"waiver": {}}, "'place' is a required property"),
        ({"waiver": {**WAIVER, "expires": "soon"}}, "does not match"),
    ],
)
def test_what_breaks_the_schema_is_seen(change: dict[str, Any], said: str) -> None:
    made = json.loads(render_json(report(finding())))
    made["findings"][0].update(change)
    assert said in " ".join(wrong(made))
    del made["findings"][0]["fix"]
    assert "'fix' is a required property" in " ".join(wrong(made))


def test_half_characters_become_text() -> None:
    odd = finding(resource="It\ud800", message="\udfff\U0001f600 é")
    made = held(render_json(report(odd, errors=("\udc80.json",))))
    (found,) = made["findings"]
    assert (found["resource"], found["message"]) == ("It\\ud800", "\\udfff\U0001f600 é")
    assert made["summary"]["not_judged"] == ["\\udc80.json"]


TEMPLATES: dict[str, Any] = {
    "good.json": {"Resources": {"Db": {"Type": "AWS::RDS::DBCluster", "Properties": {"StorageEncrypted": True}}}},
    "bad.json": {
        "Resources": {
            "Db\ud800": {"Type": "AWS::RDS::DBCluster", "Properties": {"StorageEncrypted": "\udcff"}},
            "Open": {
                "Type": "AWS::EC2::SecurityGroup",
                "Properties": {"SecurityGroupIngress": [{"CidrIp": "0.0.0.0/0"}]},
            },
            "Free": {"Type": "AWS::RDS::DBCluster", "Properties": {"StorageEncrypted": {"Ref": "Nobody"}}},
        }
    },
    "none.json": {"name": "x"},
    "list.json": [],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, document in TEMPLATES.items():
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "empty.yaml").write_bytes(b"")
    return tmp_path


def test_a_run_over_a_folder_holds_to_the_schema(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(folder), "--format", "json"]) == 2
    captured = capsys.readouterr()
    made = held(captured.out)
    assert made["summary"]["templates"] == 2
    assert [error.rpartition("/")[2].partition(":")[0] for error in made["summary"]["not_judged"]] == [
        "empty.yaml",
        "list.json",
        "none.json",
    ]
    for error in made["summary"]["not_judged"]:
        assert f"nexis check: {error}" in captured.err
    assert {f["verdict"] for f in made["findings"]} == {"fail", "unknown"}
    assert cli.main(["check", str(folder), "--format", "json", "--output", str(folder / "report.out")]) == 2
    assert capsys.readouterr().out == ""
    assert (folder / "report.out").read_text(encoding="utf-8") == captured.out


def test_a_report_is_the_same_every_time(folder: Path) -> None:
    main = "import sys; from nexis.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", main, "check", ".", "--format", "json"]
    said = {
        subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
    held(said.pop().decode())


@some
@given(odd=odd_reports)
def test_whatever_a_template_says_the_report_holds_to_the_schema(odd: Report) -> None:
    made = held(render_json(odd))
    assert len(made["findings"]) == len(odd.findings)
    assert made["summary"]["fatal"] + made["summary"]["error"] == len(odd.failing)
