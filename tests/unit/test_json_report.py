"""The JSON report holds to its schema, whatever the templates are, and is the same every time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nexis import cli
from nexis.check import Finding
from nexis.report import json_report
from nexis.report.json_report import SCHEMA, render_json
from nexis.report.model import Report

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        Path(json_report.__file__).with_name("nexis-check-1.schema.json").read_text(encoding="utf-8")
    )
    return found


def wrong(value: Any, rule: dict[str, Any], whole: dict[str, Any], place: str = "$") -> list[str]:
    """What a value has that its schema does not allow: the part of JSON Schema that ours uses, and no more."""
    known = {"type", "enum", "const", "pattern", "minimum", "items", "properties", "required", "anyOf", "$ref"}
    known |= {"additionalProperties", "description", "title", "$schema", "$id", "$defs"}
    assert set(rule) <= known, f"{place}: the schema says {set(rule) - known}, which is not looked at here"
    if "$ref" in rule:
        return wrong(value, whole["$defs"][rule["$ref"].rpartition("/")[2]], whole, place)
    if "anyOf" in rule:
        tried = [wrong(value, one, whole, place) for one in rule["anyOf"]]
        return [] if [] in tried else [found for each in tried for found in each]
    kinds = rule.get("type", [])
    found = []
    if kinds and type(value) not in [KINDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)]:
        return [f"{place}: {value!r} is no {kinds}"]
    if value not in rule.get("enum", [value]) or value != rule.get("const", value):
        found.append(f"{place}: {value!r} is not allowed")
    if isinstance(value, str) and not re.search(rule.get("pattern", ""), value):
        found.append(f"{place}: {value!r} does not match")
    if isinstance(value, int) and value < rule.get("minimum", value):
        found.append(f"{place}: {value!r} is too small")
    if isinstance(value, list):
        found += [f for n, item in enumerate(value) for f in wrong(item, rule["items"], whole, f"{place}[{n}]")]
    if isinstance(value, dict):
        found += [f"{place}: has no {name}" for name in rule["required"] if name not in value]
        assert rule["additionalProperties"] is False
        found += [f"{place}: has {name}" for name in value if name not in rule["properties"]]
        for name, item in value.items():
            found += wrong(item, rule["properties"].get(name, {}), whole, f"{place}.{name}")
    return found


def held(text: str) -> dict[str, Any]:
    """A report, held against the schema."""
    text.encode()  # it can be written as UTF-8
    report: dict[str, Any] = json.loads(text, parse_constant=pytest.fail)
    assert wrong(report, schema(), schema()) == []
    json.dumps(report, ensure_ascii=False).encode()  # and so can every text in it
    return report


def finding(**more: Any) -> Finding:
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
    return Report(findings=findings, templates=1, resources=1, judgements=1, errors=errors)


WAIVER = {
    "place": "waivers.toml 1",
    "rule": "a.b",
    "resource": "It",
    "reason": "r",
    "owner": "o",
    "decision": "d",
    "expires": "2026-12-31",
    "ticket": "",
}


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
                errors=("x.json: is empty",),
            )
        )
    )
    assert [f["severity"] for f in made["findings"]] == ["fatal", "error", "warning", "error"]
    assert made["summary"] == {
        "templates": 1,
        "resources": 1,
        "judgements": 1,
        "fatal": 1,
        "error": 1,
        "warning": 1,
        "waived": 1,
        "unknown": 1,
        "not_judged": ["x.json: is empty"],
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"verdict": "pass"}, "not allowed"),
        ({"severity": "none"}, "not allowed"),
        ({"rule": "Tls"}, "does not match"),
        ({"line": 0}, "too small"),
        ({"line": "3"}, "is no"),
        ({"claims": "a"}, "is no array"),
        ({"more": 1}, "has more"),
        ({"waiver": {}}, "has no place"),
        ({"waiver": {**WAIVER, "expires": "soon"}}, "does not match"),
    ],
)
def test_what_breaks_the_schema_is_seen(change: dict[str, Any], said: str) -> None:
    made = json.loads(render_json(report(finding())))
    made["findings"][0].update(change)
    assert said in " ".join(wrong(made, schema(), schema()))
    del made["findings"][0]["fix"]
    assert "has no fix" in " ".join(wrong(made, schema(), schema()))


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
