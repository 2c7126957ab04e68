"""Findings of a real synthesis, ours and others', at the line of the app that made the resource."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[2]
CDK = ROOT / "node_modules" / ".bin" / "cdk"

APP = """
from aws_cdk import App, CfnResource, Environment, NestedStack, Stack, Stage, Validations
from aws_cdk import aws_s3 as s3
from cdk_nag import AwsSolutionsChecks
from parts import add_queue

EUROPE = Environment(account="000000000000", region="eu-central-1")
app = App(analytics_reporting=False)
stack = Stack(app, "Only", env=EUROPE)
inner = NestedStack(stack, "Inner")
later = Stack(Stage(app, "Later"), "Inside", env=EUROPE)
bucket = s3.Bucket(inner, "Bucket")
add_queue(later)
CfnResource(stack, "Database", type="AWS::RDS::DBCluster", properties={"Engine": "aurora-postgresql"})
"""
PARTS = """
from aws_cdk import aws_sqs as sqs


def add_queue(stack):
    return sqs.Queue(stack, "Queue")
"""
ALONE = "Validations.of(app).add_plugins(AwsSolutionsChecks(app))\napp.synth()\n"
BUCKET, QUEUE, DATABASE = "app.py:12", "parts.py:6", "app.py:14"


def written(folder: Path, ending: str, app: str = APP) -> Path:
    (folder / "app.py").write_text(app + ending, encoding="utf-8")
    (folder / "parts.py").write_text(PARTS, encoding="utf-8")
    return folder


def run(folder: Path, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A program in the app's folder, with a home of its own."""
    (folder / "home").mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment = {**kept, "HOME": str(folder / "home"), "TMPDIR": str(folder / "home"), **variables}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def synth(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    words = (*words, "synth", "--no-notices", "--quiet", "--app", f"{sys.executable} app.py")
    return run(folder, CDK, *words, **variables)


def checked(folder: Path, path: str = "cdk.out") -> tuple[subprocess.CompletedProcess[str], list[dict[str, Any]]]:
    """`nexis check` in the app's folder, and its findings."""
    done = run(folder, sys.executable, "-m", "nexis.cli", "check", path, "--format", "json")
    return done, json.loads(done.stdout)["findings"]


def places(findings: list[dict[str, Any]]) -> set[tuple[str, str, str | None]]:
    return {(f["tool"], f["construct"], f["source"]) for f in findings if f["resource"] != "(stack)"}


def test_the_traces_of_the_cdk_name_the_line_and_one_report_says_everything(tmp_path: Path) -> None:
    synth(written(tmp_path, ALONE), "--debug")
    done, findings = checked(tmp_path)
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    found = places(findings)
    assert ("nexis", "Only/Database", DATABASE) in found
    assert ("nexis", "Only/Inner/Bucket/Resource", BUCKET) in found
    assert ("AwsSolutions", "Only/Inner/Bucket/Resource", BUCKET) in found  # in a nested stack
    assert ("AwsSolutions", "Later/Inside/Queue/Resource", QUEUE) in found  # in a stage, made by a part of the app
    assert {tool for tool, _, _ in found} >= {"nexis", "AwsSolutions"}
    for finding in findings:
        if finding["line"] is not None:
            text = (tmp_path / finding["file"]).read_text(encoding="utf-8").splitlines()[finding["line"] - 1]
            assert finding["resource"] in text or finding["property"].rpartition(".")[2] in text
    assert all(f["line"] for f in findings if f["tool"] == "AwsSolutions")
    _, of_the_stage = checked(tmp_path, "cdk.out/assembly-Later")
    assert {f["construct"].partition("/")[0] for f in of_the_stage} == {"Later"}
    assert ("AwsSolutions", "Later/Inside/Queue/Resource", QUEUE) in places(of_the_stage)


def test_python_alone_names_the_line_with_one_variable_and_no_line_without(tmp_path: Path) -> None:
    quick = APP.replace("App(", "App(builtin_cloud_formation_validation=False, ")
    written(tmp_path, ALONE, quick)
    run(tmp_path, sys.executable, "app.py", CDK_OUTDIR="cdk.out", JSII_HOST_STACK_TRACES="1")
    assert ("AwsSolutions", "Later/Inside/Queue/Resource", QUEUE) in places(checked(tmp_path)[1])
    run(tmp_path, sys.executable, "app.py", CDK_OUTDIR="plain.out")
    done, findings = checked(tmp_path, "plain.out")
    assert done.returncode == 1, done.stderr
    assert {f["source"] for f in findings} == {None}
    assert len([f for f in findings if f["tool"] == "AwsSolutions"]) > 2


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("app.synth()\n", "has no validation-report.json"),
        (
            """
import jsii
from aws_cdk import IPolicyValidationPlugin

@jsii.implements(IPolicyValidationPlugin)
class Broken:
    @property
    def name(self):
        return "Broken"

    def validate(self, context):
        raise RuntimeError("out of ink")

Validations.of(app).add_plugins(Broken())
app.synth()
""",
            "plugin Broken crashed or did not conclude",
        ),
    ],
    ids=["nobody was asked", "a plugin that crashed"],
)
def test_what_nobody_validated_cannot_pass(tmp_path: Path, ending: str, said: str) -> None:
    """Even where the CDK's own command is content: it exits 0 in both cases."""
    quick = APP.replace("App(", "App(builtin_cloud_formation_validation=False, ")
    assert synth(written(tmp_path, ending, quick)).returncode == 0
    done, findings = checked(tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Only/Database" in {f["construct"] for f in findings}  # the templates are judged all the same


OURS = """
import nexis.cdk
nexis.cdk.synthesize(app, packs=(AwsSolutionsChecks,))
"""


def test_an_app_under_our_policies_names_the_line_by_itself(tmp_path: Path) -> None:
    """The refusal, the report it leaves, and a later check say the same."""
    app = "import nexis.cdk\n" + APP.replace("App(a", "nexis.cdk.baseline_app(").replace("nalytics_reporting=False", "")
    app = app.replace("baseline_app()", "baseline_app(builtin_cloud_formation_validation=False)")
    refused = run(written(tmp_path, OURS, app), sys.executable, "app.py")
    assert refused.returncode == 1
    assert "Only/Database = Database (AWS::RDS::DBCluster) in cdk.out/Only.template.json:" in refused.stderr
    below = {"bucket": "app.py:13", "queue": QUEUE, "database": "app.py:15"}  # there is one more import
    assert f", made at {below['database']}\n" in refused.stderr
    assert f", made at {below['queue']}\n  ERROR AwsSolutions-" in refused.stderr
    report = json.loads((tmp_path / "cdk.out" / "nexis-report.json").read_bytes())
    _, findings = checked(tmp_path)
    for told in (report["findings"], findings):
        assert ("nexis", "Only/Database", below["database"]) in places(told)
        assert ("nexis", "Only/Inner/Bucket/Resource", below["bucket"]) in places(told)
    assert ("AwsSolutions", "Later/Inside/Queue/Resource", below["queue"]) in places(findings)
    assert [f for f in findings if f["resource"] == "(stack)" and f["source"] is None] == []
    (tmp_path / "cdk.out" / "Only.template.json").write_text('{"Resources": {}}', encoding="utf-8")
    changed, _ = checked(tmp_path)
    assert changed.returncode == 2
    assert "Only.template.json: has changed since the synthesis judged it" in changed.stderr
