"""`nexis diff` on files: what it reads, what it refuses, and its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nexis import cli

CLOSED = {"Resources": {"G": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "x"}}}}
OPENED = {
    "Resources": {
        "G": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "x",
                "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}],
            },
        }
    }
}


def put(file: Path, document: Any) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return file


def diff(*arguments: object) -> int:
    return cli.main(["diff", *map(str, arguments)])


def test_0_where_nothing_is_weaker_and_1_where_something_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base, head = put(tmp_path / "a.json", CLOSED), put(tmp_path / "b.json", OPENED)
    assert diff(base, head) == 1
    assert (
        "the internet (0.0.0.0/0) can newly reach G (worn by nothing here) on TCP 22 (SSH)" in capsys.readouterr().out
    )
    assert diff(head, base) == 0
    assert diff(base, base) == 0
    assert "nothing weaker; nothing stronger" in capsys.readouterr().out


def test_folders_are_compared_file_by_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for side, document in (("base", CLOSED), ("head", OPENED)):
        put(tmp_path / side / "one" / "t.json", document)
        put(tmp_path / side / "two" / "t.json", CLOSED)
    assert diff(tmp_path / "base", tmp_path / "head", "--format", "json") == 1
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert {change["file"] for change in changes} == {"one/t.json"}


def test_a_template_that_is_gone_takes_its_resources_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bucket = {"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}
    put(tmp_path / "base" / "gone.json", bucket)
    for side in ("base", "head"):
        put(tmp_path / side / "stays.json", CLOSED)
    assert diff(tmp_path / "base", tmp_path / "head") == 1
    assert "B, which holds objects, would be deleted: it is in the templates no more" in capsys.readouterr().out


@pytest.mark.parametrize("nothing", ["empty", "documents", "/dev/null"])
def test_a_first_commit_has_nothing_before_it(tmp_path: Path, nothing: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    put(tmp_path / "documents" / "README.md", "no template")
    base = tmp_path / nothing
    head = put(tmp_path / "t.json", OPENED)
    assert diff(base, head) == 1
    assert "is new, and fails" in capsys.readouterr().out
    assert diff(base, base) == 2
    assert "neither BASE nor HEAD holds a template; expected one" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("document", "said"),
    [(None, "does not exist"), ("{", "not valid"), ({"a": 1}, "found no `Resources`"), ("[]", "expected a template")],
)
def test_a_side_that_cannot_be_read_is_2_and_never_less(
    tmp_path: Path, document: Any, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = put(tmp_path / "good.json", CLOSED), tmp_path / "bad.json"
    if document is not None:
        put(bad, document)
    for sides, name in (((good, bad), "HEAD"), ((bad, good), "BASE")):
        assert diff(*sides) == 2
        written = capsys.readouterr()
        assert written.out == ""
        assert written.err.startswith(f"nexis diff: {name} ")
        assert said in written.err
        assert "Traceback" not in written.err


def test_a_file_of_known_findings_among_the_templates_is_none_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = {"schema": "nexis-baseline/1", "findings": []}
    put(tmp_path / "base" / "t.json", CLOSED)
    put(tmp_path / "head" / "t.json", CLOSED)
    put(tmp_path / "head" / "nexis-baseline.json", findings)
    assert diff(tmp_path / "base", tmp_path / "head") == 0
    assert diff(tmp_path / "base", tmp_path / "head" / "nexis-baseline.json") == 2  # named, it is taken for a template
    put(tmp_path / "head" / "nexis-baseline.json", {"schema": "another"})
    assert diff(tmp_path / "base", tmp_path / "head") == 2
    assert "HEAD has to be read whole" in capsys.readouterr().err


def test_one_bad_file_in_a_folder_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path / "base" / "t.json", CLOSED)
    put(tmp_path / "head" / "t.json", CLOSED)
    put(tmp_path / "head" / "other.yaml", "a: [")
    assert diff(tmp_path / "base", tmp_path / "head") == 2
    assert "HEAD has to be read whole" in capsys.readouterr().err


def test_parameters_count_for_both_sides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_template = json.loads(json.dumps(OPENED).replace('"0.0.0.0/0"', '{"Ref": "From"}'))
    open_template["Parameters"] = {"From": {"Type": "String"}}
    base, head = put(tmp_path / "a.json", CLOSED), put(tmp_path / "b.json", open_template)
    assert diff(base, head) == 1
    assert "cannot be known" in capsys.readouterr().out
    values = put(tmp_path / "values", {"From": "10.0.0.0/8"})
    assert diff(base, head, "--parameters", values) == 1
    assert "10.0.0.0/8 (16,777,216 addresses) can newly reach G" in capsys.readouterr().out
    assert diff(base, head, "--parameters", put(tmp_path / "wrong", {"Form": "x"})) == 2
    assert "--parameters gives Form" in capsys.readouterr().err


def test_strict_parameters_open_what_has_a_default(tmp_path: Path) -> None:
    document = {
        "Parameters": {"On": {"Type": "String", "Default": "true"}},
        "Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"SqsManagedSseEnabled": {"Ref": "On"}}}},
    }
    plain = json.loads(json.dumps(document).replace('{"Ref": "On"}', "true"))
    base, head = put(tmp_path / "a.json", plain), put(tmp_path / "b.json", document)
    assert diff(base, head) == 0
    assert diff(base, head, "--strict-parameters") == 1


def test_waivers_have_to_be_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = put(tmp_path / "a.json", CLOSED)
    assert diff(base, base, "--waivers", tmp_path / "none.toml") == 2
    assert "nexis diff: " in capsys.readouterr().err


def test_output_goes_to_a_file_without_colours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base, head = put(tmp_path / "a.json", CLOSED), put(tmp_path / "b.json", OPENED)
    file = tmp_path / "diff.md"
    assert diff(base, head, "--format", "markdown", "--output", file, "--color", "always") == 1
    assert file.read_text(encoding="utf-8").startswith("<!-- nexis diff -->")
    assert capsys.readouterr().out == ""
    assert diff(base, head, "--color", "always") == 1
    assert "\x1b[1;31m" in capsys.readouterr().out
    assert diff(base, head) == 1
    assert "\x1b" not in capsys.readouterr().out
    assert diff(base, head, "--output", tmp_path) == 2
    assert f"nexis diff: cannot write {tmp_path}" in capsys.readouterr().err


def assembly(folder: Path, template: Any, stack: str = "app-web") -> Path:
    """A cloud assembly of one stack."""
    put(folder / "Web.template.json", template)
    artifact = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://111111111111/eu-central-1",
        "properties": {"templateFile": "Web.template.json", "stackName": stack},
    }
    put(folder / "manifest.json", {"version": "48.0.0", "artifacts": {"Web": artifact}})
    return folder


def test_two_cloud_assemblies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base, head = assembly(tmp_path / "a", CLOSED), assembly(tmp_path / "b", OPENED)
    assert diff(base, head) == 1
    assert "can newly reach G" in capsys.readouterr().out
    bucket = {"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}
    assert diff(assembly(tmp_path / "c", bucket), assembly(tmp_path / "d", bucket, stack="other")) == 1
    assert (
        "B, which holds objects, would be deleted: it moved from the stack app-web to other" in capsys.readouterr().out
    )


def test_a_crash_is_2_and_says_so_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("nexis.diff.compare.compare", crash)
    base = put(tmp_path / "a.json", CLOSED)
    assert diff(base, base) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err == (
        "nexis diff: cannot compare, the engine crashed: RuntimeError: boom; report it with both sides\n"
    )
