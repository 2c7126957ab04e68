"""One report says everything: what the CDK's plugins found stands beside our findings, or nothing is judged sound."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis import cli
from nexis.synthesis import record_problems, write_record
from nexis.templates.load import load
from nexis.validation_report import Told, read_report

HANDLE = "AWS::CloudFormation::WaitConditionHandle"
ONLY = {
    "Resources": {
        "Queue": {"Type": HANDLE, "Properties": {"Name": "q"}, "Metadata": {"aws:cdk:path": "Only/Queue/Resource"}},
        "Inner": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": "inner.json"},
            "Metadata": {"aws:asset:path": "inner.json", "aws:cdk:path": "Only/Inner.NestedStack/Resource"},
        },
    }
}
INNER = {"Resources": {"Deep": {"Type": HANDLE, "Metadata": {"aws:cdk:path": "Only/Inner/Deep"}}}}
LATER = {"Resources": {"Topic": {"Type": HANDLE, "Metadata": {"aws:cdk:path": "Later/Inside/Topic"}}}}


def stack(file: str, name: str) -> dict[str, Any]:
    return {
        "type": "aws:cloudformation:stack",
        "environment": "aws://111111111111/eu-central-1",
        "properties": {"templateFile": file},
        "displayName": name,
        "metadata": {f"/{name}": [{"type": "aws:cdk:templateFile", "data": file}]},
    }


def violation(rule: str = "Pack-One", *constructs: dict[str, Any], **more: Any) -> dict[str, Any]:
    entry = {"ruleName": rule, "description": "is odd", "severity": "error", "violatingConstructs": list(constructs)}
    return {**entry, **more}


def at(path: str, **more: Any) -> dict[str, Any]:
    return {"constructPath": path, "constructFqn": "aws-cdk-lib.aws_sqs.CfnQueue", **more}


def plugin(*violations: Any, name: str = "Pack", conclusion: str = "failure", **more: Any) -> dict[str, Any]:
    return {"pluginName": name, "conclusion": conclusion, "violations": list(violations), **more}


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An assembly with a nested stack and a stage, without a report, in the current directory."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "cdk.out"
    stage = folder / "assembly-Later"
    stage.mkdir(parents=True)
    artifacts = {
        "Only": stack("only.json", "Only"),
        "assembly-Later": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Later"}},
    }
    for place, document in {
        folder / "manifest.json": {"artifacts": artifacts},
        folder / "only.json": ONLY,
        folder / "inner.json": INNER,
        stage / "manifest.json": {"artifacts": {"Inside": stack("later.json", "Later/Inside")}},
        stage / "later.json": LATER,
    }.items():
        place.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return folder


def report(folder: Path, *plugins: Any) -> None:
    document = {"version": "55.0.0", "title": "Validation Report", "pluginReports": list(plugins)}
    (folder / "validation-report.json").write_text(json.dumps(document), encoding="utf-8")


def check(*words: str | Path) -> int:
    return cli.main(["check", *map(str, words)])


def findings(capsys: pytest.CaptureFixture[str], *words: str | Path) -> list[dict[str, Any]]:
    """The findings of others; which of our own there are is not asked here."""
    capsys.readouterr()
    check(*words, "--format", "json")
    found = json.loads(capsys.readouterr().out)["findings"]
    return [finding for finding in found if finding["tool"] != "nexis"]


def test_an_empty_report_is_in_order(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report(out)
    assert check(out, "--rules", "tls.*") == 0
    assert capsys.readouterr().err == ""


def test_without_its_report_an_assembly_is_judged_but_cannot_pass(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(out, "--rules", "tls.*") == 2
    said = capsys.readouterr()
    assert "cdk.out: has no validation-report.json" in said.err
    assert "run `cdk synth` with aws-cdk-lib 2.275.0 or later" in said.err
    assert "nexis check" in said.err.split("themselves: ")[1]
    assert "3 templates" in said.out
    assert check(out / "only.json", "--rules", "tls.*") == 0  # by itself a template owes no report


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"pluginReports": null}',
        b'{"pluginReports": {}}',
        b'{"pluginReports": [5]}',
        b'{"pluginReports": [{}]}',
        b'{"pluginReports": [{"pluginName": "A"}]}',
        b'{"pluginReports": [{"pluginName": 1, "conclusion": "success"}]}',
        b'{"pluginReports": [{"pluginName": "A", "conclusion": "failure", "violations": {"a": 1}}]}',
        b'{"pluginReports": [{"pluginName": "A", "conclusion": "failure", "violations": [{}]}]}',
        b'{"pluginReports": [{"pluginName": "A", "conclusion": "failure", "violations": ["x"]}]}',
        b"\xff\xff",
        b'{"pluginReports": ' + b"[" * 100_000,
    ],
)
def test_a_report_of_another_shape_cannot_pass(out: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (out / "validation-report.json").write_bytes(content)
    assert check(out, "--rules", "tls.*") == 2
    said = capsys.readouterr().err
    assert "validation-report.json" in said
    assert "cdk synth" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("conclusion", ["failure", "", "error", "crashed"])
def test_a_plugin_that_did_not_conclude_cannot_pass(
    out: Path, conclusion: str, capsys: pytest.CaptureFixture[str]
) -> None:
    crashed = plugin(name="Broken", conclusion=conclusion, metadata={"error": "out of ink"})
    report(out, plugin(violation("Pack-One", at("Only/Queue/Resource"))), crashed)
    assert check(out) == 2
    said = capsys.readouterr()
    assert "plugin Broken crashed or did not conclude" in said.err
    assert "out of ink" in said.err
    assert "Pack-One" in said.out  # and what another plugin found is told


@pytest.mark.parametrize("conclusion", ["", "error", "crashed", "Success"])
def test_a_plugin_that_found_something_and_did_not_conclude_cannot_pass(
    out: Path, conclusion: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = violation("Pack-One", at("Only/Queue/Resource"), severity="warning")
    report(out, plugin(found, name="Broken", conclusion=conclusion))
    assert check(out) == 2
    said = capsys.readouterr()
    assert "plugin Broken crashed or did not conclude" in said.err
    assert "Pack-One" in said.out


def test_a_plugin_that_failed_fails_whatever_it_calls_what_it_found(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mild = violation("Pack-Mild", at("Only/Queue/Resource"), severity="info")
    worse = violation("Pack-Worse", at("Only/Queue/Resource"), severity="fatal")
    for plugins, told in (
        ([plugin(mild, conclusion="failure")], ["error"]),
        ([plugin(mild, conclusion="success")], ["warning"]),
        ([plugin(mild, worse, conclusion="failure")], ["warning", "fatal"]),  # the other one is why
    ):
        report(out, *plugins)
        assert [finding["severity"] for finding in findings(capsys, out)] == told
        assert check(out) == (told != ["warning"])


def test_findings_of_others_stand_where_the_assembly_says(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    by_template = {"templatePath": "assembly-Later/later.json", "logicalId": "Topic"}
    report(
        out,
        plugin(
            violation("Pack-One", at("Only/Queue/Resource"), at("Only/Inner/Deep"), suggestedFix="make it even"),
            violation("Pack-Two", at("Later/Inside/Topic", cloudFormationResource=by_template)),
            violation("Pack-Three", at("", cloudFormationResource=by_template)),
            violation("Pack-Four", at("Only/Queue")),
            violation("Pack-Five", at("Only"), at("Later"), at("")),
        ),
        plugin(
            violation(
                "W1",
                at(
                    "Only/Queue/Resource",
                    cloudFormationResource={
                        "templatePath": "only.json",
                        "logicalId": "Queue",
                        "propertyPaths": ["Properties.Name", "Properties.Absent"],
                    },
                ),
                severity="warning",
            ),
            name="CloudFormation Validate",
            conclusion="success",
        ),
    )
    found = [
        (f["tool"], f["rule"], f["file"].removeprefix(f"{out}/"), f["resource"], f["property"], f["line"])
        for f in findings(capsys, out)
    ]
    built_in = "CloudFormation Validate"
    assert found == [
        ("Pack", "Pack-One", "only.json", "Queue", "Properties", 3),
        ("Pack", "Pack-One", "inner.json", "Deep", "Properties", 3),
        ("Pack", "Pack-Two", "assembly-Later/later.json", "Topic", "Properties", 3),
        ("Pack", "Pack-Three", "assembly-Later/later.json", "Topic", "Properties", 3),
        ("Pack", "Pack-Four", "only.json", "", "", None),  # a construct that is no resource, in the stack's template
        ("Pack", "Pack-Five", "only.json", "(stack)", "Properties", None),
        ("Pack", "Pack-Five", "validation-report.json", "", "", None),  # a stage, which has no template
        ("Pack", "Pack-Five", "validation-report.json", "", "", None),  # the app
        (built_in, "W1", "only.json", "Queue", "Properties.Name", 6),
        (built_in, "W1", "only.json", "Queue", "Properties.Absent", 3),
    ]
    one, *_ = findings(capsys, out)
    assert (one["construct"], one["type"], one["fix"], one["verdict"], one["waiver"]) == (
        "Only/Queue/Resource",
        HANDLE,
        "make it even",
        "fail",
        None,
    )


@pytest.mark.parametrize(
    ("severity", "told", "code"),
    [
        ("fatal", "fatal", 1),
        ("error", "error", 1),
        ("warning", "warning", 0),
        ("info", "warning", 0),
        ("custom", "error", 1),
        ("serious", "error", 1),
        (None, "error", 1),
    ],
)
def test_severities(out: Path, severity: str | None, told: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    entry = violation("Pack-One", at("Only/Queue/Resource"), severity=severity)
    if severity is None:
        del entry["severity"]
    report(out, plugin(entry, conclusion="failure" if code else "success"))
    assert check(out, "--format", "json") == code
    assert [f["severity"] for f in json.loads(capsys.readouterr().out)["findings"]] == [told]


def test_what_is_acknowledged_stands_there_with_its_reason(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = {"acknowledgedId": "Pack::Pack-One", "acknowledgedAt": "Only", "reason": "It is for a day."}
    acknowledged = violation("Pack-One", at("Only/Queue/Resource"), **said)
    silent = violation("Pack-Two", at("Only/Inner/Deep"))
    fatal = violation("Pack-Three", at("Only/Queue/Resource"), severity="fatal", **said)
    report(out, plugin(conclusion="success", suppressedViolations=[acknowledged, silent]))
    assert check(out) == 0
    waivers = [f["waiver"] for f in findings(capsys, out)]
    assert [(w["resource"], w["reason"], w["expires"]) for w in waivers] == [
        ("Only", "It is for a day.", ""),
        ("Only/Inner/Deep", "(no reason was given)", ""),
    ]
    assert check(out, "-v") == 0
    assert "acknowledged at Only: It is for a day." in capsys.readouterr().out
    report(out, plugin(conclusion="success", suppressedViolations=[fatal]))  # which the CDK itself refuses to hide
    assert check(out) == 1


def test_our_own_plugin_is_not_repeated_and_nobody_hides_behind_its_name(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = violation("tls.queue-policy", at("Only/Queue/Resource"), severity="fatal")
    report(out, plugin(ours, violation("Pack-One", at("Only/Queue/Resource")), name="Nexis"))
    assert [f["rule"] for f in findings(capsys, out)] == ["Pack-One"]


def test_rules_by_glob_hold_for_others_too(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = at("Only/Queue/Resource")
    report(out, plugin(violation("Pack-One", one), violation("Pack-another-policy", one)))
    chosen = ("--rules", "tls.*", "*-policy")
    assert [f["rule"] for f in findings(capsys, out, *chosen)] == ["Pack-another-policy"]
    assert check(out, "--rules", "tls.*") == 0


@pytest.mark.parametrize(
    "stranger",
    [
        at("Gone/Queue/Resource"),
        at("Only/Queue/Resource", cloudFormationResource={"templatePath": "gone.json", "logicalId": "Queue"}),
        at("", cloudFormationResource={"templatePath": "only.json", "logicalId": "Gone"}),
    ],
)
def test_a_report_that_names_what_is_not_there_is_of_another_synthesis(
    out: Path, stranger: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    report(out, plugin(violation("Pack-One", stranger)))
    known = stranger["constructPath"] == "Only/Queue/Resource"
    assert check(out) == (1 if known else 2)  # a plugin may misname the template of a construct that is there
    assert ("so it is of another synthesis" in capsys.readouterr().err) is not known


def test_a_stage_is_judged_by_itself_with_the_report_of_the_app(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = out / "assembly-Later"
    assert check(stage) == 2
    assert "has no validation-report.json" in capsys.readouterr().err
    report(out, plugin(violation("Pack-One", at("Only/Queue/Resource"), at("Later/Inside/Topic"))))
    assert [f["construct"] for f in findings(capsys, stage)] == ["Later/Inside/Topic"]
    assert check(stage) == 1
    monkeypatch.chdir(stage)
    assert check(".") == 1
    (out / "validation-report.json").unlink()
    (out / "manifest.json").write_text('{"artifacts": {}}', encoding="utf-8")
    assert check(".") == 2  # what lies above is no app with this stage


WAIVER = """[[waiver]]
rule = "{rule}"
resource = "{resource}"
reason = "The queue of the workshop exists for an hour only."
owner = "security"
decision = "docs/decisions/one.md"
expires = {expires}
"""


def waivers(folder: Path, *aims: tuple[str, str]) -> Path:
    (folder / "config").mkdir(exist_ok=True)
    (folder / "config" / "owners.toml").write_text('[roles]\nsecurity = "Decides."\n', encoding="utf-8")
    (folder / "docs" / "decisions").mkdir(parents=True, exist_ok=True)
    (folder / "docs" / "decisions" / "one.md").write_text("# One\n", encoding="utf-8")
    expires = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    file = folder / "waivers.toml"
    text = "".join(WAIVER.format(rule=rule, resource=resource, expires=expires) for rule, resource in aims)
    file.write_text(text, encoding="utf-8")
    return file


IAM5 = "AwsSolutions-IAM5[Resource::*]"


def test_waivers_aim_at_findings_of_others_exactly(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = "AwsSolutions-IAM5[Resource::arn:*]"
    queue = at("Only/Queue/Resource")
    acknowledged = violation(IAM5, at("Only/Inner/Deep"), reason="r", acknowledgedAt="Only/Inner/Deep")
    report(out, plugin(violation(IAM5, queue), violation(other, queue), suppressedViolations=[acknowledged]))
    file = waivers(tmp_path, (IAM5, "Queue"), (IAM5, "Only/Inner/Deep"))
    found = findings(capsys, out, "--waivers", file)
    assert [(f["rule"], f["construct"], (f["waiver"] or {}).get("owner")) for f in found] == [
        (IAM5, "Only/Queue/Resource", "security"),
        (other, "Only/Queue/Resource", None),
        (IAM5, "Only/Inner/Deep", "security"),  # ours says more than what the code acknowledges
    ]


def test_a_waiver_for_others_that_nothing_needs_is_an_error_where_the_report_is_read(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = waivers(tmp_path, (IAM5, "Only/Queue/Resource"))
    report(out)
    assert check(out, "--waivers", file) == 2
    assert f"waiver 1: {IAM5} at Only/Queue/Resource matches no finding; remove the waiver" in capsys.readouterr().err
    check(out / "only.json", "--waivers", file)
    assert "matches no finding" not in capsys.readouterr().err  # nobody can tell without the report
    (out / "validation-report.json").unlink()
    check(out, "--waivers", file)
    assert "matches no finding" not in capsys.readouterr().err


def test_a_fatal_finding_of_others_cannot_be_waived(out: Path, tmp_path: Path) -> None:
    report(out, plugin(violation(IAM5, at("Only/Queue/Resource"), severity="fatal")))
    assert check(out, "--waivers", waivers(tmp_path, (IAM5, "Only/Queue/Resource"))) == 2


# ---- what nexis.cdk.synthesize made ----


def marked(out: Path, *plugins: Any) -> Path:
    """The assembly as `nexis.cdk.synthesize` leaves it."""
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["artifacts"]["Only"]["metadata"]["/Only"].append({"type": "nexis:baseline", "data": "1"})
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    report(out, *plugins)
    (out / "nexis-report.json").write_text("{}", encoding="utf-8")
    write_record(out, files=list(out.rglob("*.json")), sources={"Only/Queue": "stacks/only.py:7"}, project=out.parent)
    return out


def test_an_assembly_of_ours_is_whole_and_says_which_line_made_what(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    marked(out, plugin(violation("Pack-One", at("Only/Queue/Resource"))))
    assert check(out) == 1
    (one,) = findings(capsys, out)
    assert one["source"] == "stacks/only.py:7"  # the construct above the resource, which JavaScript made
    (out.parent / "stacks").mkdir()
    (out.parent / "stacks" / "only.py").write_text("", encoding="utf-8")
    monkeypatch.chdir(out.parent / "stacks")
    (one,) = findings(capsys, out)
    assert one["source"] == "only.py:7"  # named from the current directory
    monkeypatch.chdir(out)
    (one,) = findings(capsys, out)
    assert one["source"] == f"{out.parent}/stacks/only.py:7"  # which is not below it


@pytest.mark.parametrize("name", ["only.json", "inner.json", "manifest.json", "assembly-Later/later.json"])
def test_a_template_that_changed_after_the_synthesis_is_told(
    out: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = marked(out) / name
    changed.write_text(changed.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert check(out, "--rules", "tls.*") == 2
    assert f"{changed}: has changed since the synthesis judged it; synthesize" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nexis-report.json", "nexis-report.json: is missing, though it was there at the synthesis"),
        ("validation-report.json", "validation-report.json: is missing"),
        ("nexis-synthesis.json", "its nexis-synthesis.json is missing: the synthesis did not end"),
    ],
)
def test_what_the_synthesis_wrote_must_be_there(
    out: Path, name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    marked(out).joinpath(name).unlink()
    assert check(out, "--rules", "tls.*") == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"schema": "other", "files": {}}', '{"schema": 5}'])
def test_a_record_that_is_none_is_told(out: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    marked(out).joinpath("nexis-synthesis.json").write_text(content, encoding="utf-8")
    assert check(out, "--rules", "tls.*") == 2
    assert "nexis-synthesis.json: is not what was written" in capsys.readouterr().err


def test_a_template_that_the_synthesis_did_not_see_is_told(out: Path) -> None:
    marked(out)
    (out / "more.json").write_text("{}", encoding="utf-8")
    (problem,) = record_problems(out, [out / "more.json"])
    assert "more.json: is not what was judged at the synthesis" in problem


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("pluginReports", "pluginName", "conclusion", "violations", "suppressedViolations", "ruleName"),
                    *("violatingConstructs", "constructPath", "cloudFormationResource", "templatePath", "logicalId"),
                    *("propertyPaths", "severity", "reason"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
)


@given(document=JSON, plugins=st.lists(JSON, max_size=2))
def test_whatever_a_report_says_it_is_read_or_refused(
    document: Any, plugins: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("out")
    for content in (document, {"pluginReports": plugins}):
        (folder / "validation-report.json").write_text(json.dumps(content), encoding="utf-8")
        told = read_report(folder, None, own_rules=())
        assert isinstance(told, Told)
        if content != {"pluginReports": []}:
            named = isinstance(content, dict) and isinstance(content.get("pluginReports"), list)
            assert told.problems or told.findings or (named and _all_said_nothing(content["pluginReports"]))


def _all_said_nothing(plugins: list[Any]) -> bool:
    return all(p["conclusion"] == "success" for p in plugins)


def test_an_assembly_carries_its_folder(out: Path) -> None:
    assert [assembly.folder for assembly in load([out]).assemblies] == [out]
    assert [assembly.folder for assembly in load([out / "only.json"]).assemblies] == [None]
