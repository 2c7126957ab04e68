"""The `nexis` command: exit codes, arguments, and the contract of the JSON report."""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from nexis import __version__, cli
from nexis.commands import check as check_command
from nexis.rules.registry import all_rules

if TYPE_CHECKING:
    from pathlib import Path

CLUSTER = "AWS::RDS::DBCluster"
RULE = "storage.rds-encrypted"
BAD: dict[str, Any] = {
    "Resources": {"Db": {"Type": CLUSTER, "Properties": {}, "Metadata": {"aws:cdk:path": "Stack/Db/Resource"}}}
}
GOOD: dict[str, Any] = {"Resources": {"Db": {"Type": CLUSTER, "Properties": {"StorageEncrypted": True}}}}
OPEN: dict[str, Any] = {
    "Parameters": {"Encrypt": {"Type": "String", "Default": "true"}},
    "Resources": {"Db": {"Type": CLUSTER, "Properties": {"StorageEncrypted": {"Ref": "Encrypt"}}}},
}
SUBNET: dict[str, Any] = {"Resources": {"Net": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}}}


def write(folder: Path, **files: Any) -> None:
    for name, document in files.items():
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, bad=BAD, good=GOOD, open=OPEN)
    return tmp_path


def check(*words: str) -> int:
    return cli.main(["check", *words])


def only(*words: str) -> int:
    return check(*words, "--rules", RULE)


@pytest.mark.usefixtures("here")
def test_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert only("good.json") == 0
    assert only("bad.json") == 1
    assert only("good.json", "bad.json") == 1
    assert only("absent.json") == 2
    assert only("absent.json", "bad.json") == 2
    captured = capsys.readouterr()
    assert "absent.json: does not exist" in captured.err
    assert f"  FATAL {RULE}  Properties.StorageEncrypted" in captured.out.splitlines()[-4]  # judged all the same


@pytest.mark.usefixtures("here")
def test_the_text_report_names_resource_property_and_fix(capsys: pytest.CaptureFixture[str]) -> None:
    only("bad.json")
    place, finding, blank, hint, summary = capsys.readouterr().out.splitlines()
    assert place == f"Stack/Db/Resource = Db ({CLUSTER}) in bad.json:1"
    assert finding.startswith(f"  FATAL {RULE}  Properties.StorageEncrypted is absent")
    assert (blank, hint.partition(" says")[0]) == ("", "-v")
    assert summary == "1 template, 1 resource, 1 judgement: 1 fatal"
    only("bad.json", "-v")
    _, again, why, fix, *_ = capsys.readouterr().out.splitlines()
    assert again == finding
    assert why.startswith("         why: ")
    assert fix.startswith("         fix: ")


@pytest.mark.usefixtures("here")
def test_the_json_report_keeps_its_contract_to_the_letter(capsys: pytest.CaptureFixture[str]) -> None:
    assert only("bad.json", "good.json", "--format", "json") == 1
    report = json.loads(capsys.readouterr().out)
    rule = next(rule for rule in all_rules() if rule.id == RULE)
    assert list(report) == ["schema", "summary", "findings"]
    assert report["schema"] == "nexis-check/1"
    assert report["summary"] == {
        "templates": 2,
        "resources": 2,
        "judgements": 2,
        "fatal": 1,
        "error": 0,
        "warning": 0,
        "waived": 0,
        "known": 0,
        "unknown": 0,
        "not_judged": [],
    }
    (finding,) = report["findings"]
    message = finding.pop("message")
    assert message.startswith("is absent")
    assert finding == {
        "rule": RULE,
        "verdict": "fail",
        "severity": "fatal",
        "file": "bad.json",
        "resource": "Db",
        "type": CLUSTER,
        "property": "Properties.StorageEncrypted",
        "line": 1,
        "construct": "Stack/Db/Resource",
        "source": None,
        "fix": rule.fix,
        "claims": list(rule.claims),
        "controls": [f"{framework} {i}" for framework, ids in rule.controls.items() for i in ids],
        "waiver": None,
        "tool": "nexis",
        "known": False,
    }


@pytest.mark.usefixtures("here")
def test_an_unknown_value_counts_as_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert only("open.json", "--output", "report.txt") == 0
    assert only("open.json", "--strict-parameters", "--format", "json") == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["verdict"], finding["severity"]) == ("unknown", "fatal")
    assert "parameter Encrypt can be given any value" in finding["message"]


@pytest.mark.parametrize(
    "form",
    [
        {"Encrypt": "false"},
        [{"ParameterKey": "Encrypt", "ParameterValue": "false"}],
        ["Encrypt=false"],
        {"Parameters": {"Encrypt": "false"}, "Tags": {"a": "b"}},
    ],
)
def test_parameters_in_every_form_that_aws_takes(here: Path, form: Any) -> None:
    write(here, values=form)
    assert only("open.json", "--parameters", "values.json") == 1
    assert only("open.json", "--parameters", "values.json", "--strict-parameters") == 1
    write(here, values={"Encrypt": True})
    assert only("open.json", "--parameters", "values.json", "--strict-parameters") == 0


def test_pseudo_parameters_may_be_given(here: Path) -> None:
    regional = {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-central-1"]}
    database = {"Type": CLUSTER, "Properties": {"StorageEncrypted": {"Fn::If": ["Here", True, False]}}}
    write(here, regional={"Conditions": {"Here": regional}, "Resources": {"Db": database}})
    assert only("regional.json") == 1
    for region, code in (("eu-central-1", 0), ("us-east-1", 1)):
        write(here, values={"AWS::Region": region})
        assert only("regional.json", "--parameters", "values.json") == code


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("text", "found a str, expected a JSON map"),
        ([{"Key": "Encrypt"}], "ParameterKey and ParameterValue"),
        ([5], "ParameterKey and ParameterValue"),
        (["Encrypt"], "ParameterKey and ParameterValue, or of Key=Value"),
        ({"Encrypt": {"a": 1}}, "expected a value or a list of values"),
        ({"Encrypt": None}, "expected a value or a list of values"),
        ({"Encryptt": "true"}, "--parameters gives Encryptt, which no template here declares"),
        (b"{", "is not valid JSON"),
        (b'{"Encrypt": "a", "Encrypt": "b"}', "the key 'Encrypt' twice"),
    ],
)
def test_parameters_out_of_order(here: Path, capsys: pytest.CaptureFixture[str], form: Any, said: str) -> None:
    content = form if isinstance(form, bytes) else json.dumps(form).encode()
    (here / "values.json").write_bytes(content)
    assert only("open.json", "--parameters", "values.json") == 2
    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("good.json", "--rules", "nothing.*"), "--rules nothing.*: matches no rule"),
        (("good.json", "--rules", RULE, "bad.json"), "--rules bad.json: matches no rule"),
        (("good.json", "--parameters", "absent.json"), "--parameters absent.json: cannot be read"),
        (("good.json", "--waivers", "absent.toml"), "cannot be read"),
        (("good.json", "--waivers", "absent.toml"), "absent.toml"),  # and not the owners that would stand beside it
        (("good.json", "--output", "absent/report.txt"), "cannot write absent/report.txt"),
    ],
)
def test_arguments_that_cannot_be_used(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    assert check(*words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("words", [[], ["good.json", "--format", "xml"], ["--no-such-option"]])
def test_arguments_that_argparse_refuses(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        check(*words)
    assert caught.value.code == 2


@pytest.mark.usefixtures("here")
def test_rules_by_glob(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("bad.json", "--scope", "baseline", "--rules", "storage.*", "keys.*", "--format", "json") == 1
    themes = {f["rule"].partition(".")[0] for f in json.loads(capsys.readouterr().out)["findings"]}
    assert themes == {"storage", "keys"}


def test_output_goes_to_a_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert only("bad.json", "absent.json", "--format", "json", "--output", "report.json") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "absent.json" in captured.err
    report = json.loads((here / "report.json").read_text(encoding="utf-8"))
    assert [f["resource"] for f in report["findings"]] == ["Db"]
    assert report["summary"]["not_judged"] == ["absent.json: does not exist; name a template, a folder or a cdk.out"]


WAIVER = """[[waiver]]
rule = "logging.vpc-flow-logs"
resource = "Net"
reason = "The network of the workshop exists for an hour."
owner = "security"
decision = "docs/decisions/one.md"
expires = {expires}
"""


@pytest.fixture
def project(here: Path) -> Path:
    (here / "config").mkdir()
    (here / "config" / "owners.toml").write_text('[roles]\nsecurity = "Decides."\n', encoding="utf-8")
    (here / "docs" / "decisions").mkdir(parents=True)
    (here / "docs" / "decisions" / "one.md").write_text("# One\n", encoding="utf-8")
    write(here, net=SUBNET)
    return here


def waive(project: Path, days: int) -> None:
    expires = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)
    (project / "waivers.toml").write_text(WAIVER.format(expires=expires), encoding="utf-8")


def test_waived_findings_are_listed_with_their_waiver_and_do_not_fail(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("net.json", "--rules", "logging.vpc-flow-logs")
    assert check(*words) == 1
    waive(project, days=30)
    capsys.readouterr()
    assert check(*words, "--waivers", "waivers.toml") == 0
    assert capsys.readouterr().out.endswith(": 1 waived\n")
    assert check(*words, "--waivers", "waivers.toml", "-v") == 0
    assert "waived logging.vpc-flow-logs" in capsys.readouterr().out
    assert check(*words, "--waivers", "waivers.toml", "--format", "json") == 0
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["waiver"]["owner"], finding["waiver"]["decision"]) == ("security", "docs/decisions/one.md")


def test_waivers_that_are_expired_or_unused_fail(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waive(project, days=-1)
    assert check("net.json", "--waivers", "waivers.toml") == 2
    assert "expired on" in capsys.readouterr().err
    waive(project, days=30)
    assert check("good.json", "--waivers", "waivers.toml") == 2
    assert "matches no finding; remove the waiver" in capsys.readouterr().err
    assert only("good.json", "--waivers", "waivers.toml") == 0  # with some of the rules nobody can tell


def test_a_crash_of_the_command_is_no_finding(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*args: Any, **more: Any) -> Any:
        raise RuntimeError("out of order")

    monkeypatch.setattr(check_command, "report_on", crash)
    assert check(str(here / "good.json")) == 2
    assert "nexis check: crashed (RuntimeError: out of order)" in capsys.readouterr().err


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(cli.COMMANDS, "check", ("nexis.nothing_here", ""))
    assert check("x") == 2
    assert "'nexis.nothing_here' is not installed" in capsys.readouterr().err


def test_help_version_and_unknown_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert (cli.main([]), cli.main(["--help"]), cli.main(["--version"]), cli.main(["chekc"])) == (2, 0, 0, 2)
    captured = capsys.readouterr()
    assert all(f"  {name}" in captured.out for name in cli.COMMANDS)
    assert captured.out.endswith(f"nexis {__version__}\n")
    assert "there is no command 'chekc'" in captured.err


def test_every_command_has_a_module_with_the_three_parts() -> None:
    for module, _ in cli.COMMANDS.values():
        command = importlib.import_module(module)
        command.add_arguments(argparse.ArgumentParser())
        assert callable(command.run)


def test_rules_are_listed_with_their_severity(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules"]) == 0
    listed = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert listed == [[rule.id, rule.severity] for rule in all_rules()]


IMPORTS = """
import sys
from nexis.cli import main
code = main(["check", {file!r}, "--format", "json", "--output", {output!r}])
heavy = {{"yaml", "boto3", "botocore", "pydantic", "aws_cdk", "jsii", "constructs", "nexis.audit", "nexis.config",
         "nexis_constructs", "asyncio", "unittest", "http", "urllib.request", "traceback", "nexis.cdk"}}
print(code, sorted(heavy & set(sys.modules)))
"""


def test_check_imports_only_what_the_templates_at_hand_need(here: Path) -> None:
    code = IMPORTS.format(file="good.json", output=str(here / "report.json"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=here)
    assert done.stdout == "1 []\n"
    (here / "t.yaml").write_text("Resources: {}", encoding="utf-8")
    code = IMPORTS.format(file="t.yaml", output=str(here / "report.json"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=here)
    assert done.stdout == "0 ['yaml']\n"


def test_a_reader_that_has_gone_does_not_make_a_pass(here: Path) -> None:
    program = f"import sys; from nexis.cli import main; sys.exit(main(['check', {str(here)!r}]))"
    reading = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert reading.stdout is not None
    reading.stdout.close()
    _, told = reading.communicate(timeout=60)
    assert reading.returncode in (1, 2), told
    assert "Traceback" not in told


def test_the_same_file_named_twice_is_judged_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("bad.json", "./bad.json", str(here / "bad.json"), str(here))
    assert only(*words, "--format", "json") == 1
    found = [f["file"] for f in json.loads(capsys.readouterr().out)["findings"]]
    assert len([file for file in found if file.endswith("bad.json")]) == 1


def test_a_circle_is_an_error_and_its_findings_are_still_in_the_report(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = {"Type": CLUSTER, "Properties": {"StorageEncrypted": False}, "DependsOn": "Db"}
    write(here, circle={"Resources": {"Db": database}})
    assert only("circle.json", "--format", "json") == 2
    said = capsys.readouterr()
    assert said.err.startswith("nexis check: circle.json: the resources Db -> Db hang on each other")
    assert [f["resource"] for f in json.loads(said.out)["findings"]] == ["Db"]
