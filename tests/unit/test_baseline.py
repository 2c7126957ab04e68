"""A baseline file: what is new against it, what is stale, and that it only shrinks."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nexis import baseline, cli
from nexis.baseline import Baseline, BaselineError, Entry, added_since, read_baseline, render_baseline
from nexis.rules.registry import all_rules

GROUP = "AWS::EC2::SecurityGroup"
SSH = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
POSTGRES = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
HARMLESS = {"CidrIp": "10.1.0.0/16", "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
OLD: dict[str, Any] = {
    "Parameters": {"Range": {"Type": "String", "Default": "198.51.100.0/24"}},
    "Resources": {
        "Group": {"Type": GROUP, "Properties": {"GroupDescription": "old", "SecurityGroupIngress": [SSH]}},
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "Policy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": {
                    "Statement": [
                        {
                            "Sid": "Read",
                            "Effect": "Allow",
                            "Principal": "*",
                            "Action": "s3:GetObject",
                            "Resource": {"Fn::Sub": "${Bucket.Arn}/*"},
                        }
                    ]
                },
            },
        },
    },
}
FILE = "nexis-baseline.json"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An old repository that has just adopted the check."""
    monkeypatch.chdir(tmp_path)
    write(OLD)
    assert nexis("check", "t.json") == 1
    assert nexis("baseline", "t.json") == 0
    return tmp_path


def write(document: Any, file: str = "t.json") -> None:
    Path(file).write_text(json.dumps(document), encoding="utf-8")


def nexis(*words: str) -> int:
    return cli.main(list(words))


def check(*words: str) -> int:
    return nexis("check", *(words or ("t.json",)), "--baseline", FILE)


def changed(**sections: Any) -> dict[str, Any]:
    document = copy.deepcopy(OLD)
    for name, value in sections.items():
        document["Resources"][name] = value
    return document


def group(*ingress: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Type": GROUP, "Properties": {"GroupDescription": "old", "SecurityGroupIngress": list(ingress)}, **more}


def statement(**more: Any) -> dict[str, Any]:
    policy = copy.deepcopy(OLD["Resources"]["Policy"])
    policy["Properties"]["PolicyDocument"]["Statement"][0].update(more)
    return changed(Policy=policy)


def recorded() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(Path(FILE).read_text(encoding="utf-8"))["findings"]
    return listed


@pytest.mark.usefixtures("here")
def test_what_is_recorded_does_not_fail_and_stands_in_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert check("t.json", "--format", "json") == 0
    told = capsys.readouterr()
    findings = json.loads(told.out)["findings"]
    assert findings
    assert all(finding["known"] for finding in findings if finding["severity"] != "warning")
    assert "that are fatal" in told.err  # a promise that is broken is never quiet


SAME = {
    "as it was": OLD,
    "another resource beside it": changed(Aaa={"Type": "AWS::CloudFormation::WaitConditionHandle"}),
    "a harmless rule before the open one moves it in the list": changed(Group=group(HARMLESS, SSH)),
    "the name of a statement": statement(Sid="Readers"),
    "a tag beside the finding": changed(
        Bucket={"Type": "AWS::S3::Bucket", "Properties": {"Tags": [{"Key": "a", "Value": "b"}]}}
    ),
    "sections in another order": {"Resources": dict(reversed(OLD["Resources"].items())), **OLD},
}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("document", SAME.values(), ids=SAME)
def test_what_is_unrelated_makes_nothing_new(document: dict[str, Any]) -> None:
    Path("t.json").write_text(json.dumps(document, indent=7), encoding="utf-8")  # every line is another one
    assert check() == 0


NEW = {
    "a second port on the same group": changed(Group=group(SSH, POSTGRES)),
    "the same port a second time": changed(Group=group(SSH, SSH)),
    "more addresses of the other kind": changed(Group=group(SSH, {**SSH, "CidrIpv6": "::/0", "CidrIp": "10.0.0.0/8"})),
    "the same group again under another name": changed(Group2=group(SSH)),
}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("document", NEW.values(), ids=NEW)
def test_what_is_new_fails(document: dict[str, Any]) -> None:
    write(document)
    assert check() == 1


WORSE = {
    "the port is wider": changed(Group=group({**SSH, "ToPort": 5432})),
    "every port": changed(Group=group({"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"})),
    "everybody may write as well": statement(Action=["s3:GetObject", "s3:PutObject"]),
    "everybody may read another bucket": statement(Resource="arn:aws:s3:::other/*"),
    "the value hangs on a parameter now": changed(Group=group({**SSH, "CidrIp": {"Ref": "Elsewhere"}})),
}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("document", WORSE.values(), ids=WORSE)
def test_a_worse_value_at_the_same_place_is_new_and_leaves_a_stale_entry(
    document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    write(document)
    capsys.readouterr()
    assert check("t.json", "--format", "json") == 2
    told = capsys.readouterr()
    assert [f for f in json.loads(told.out)["findings"] if not f["known"] and f["severity"] != "warning"]
    assert "is recorded, and is not found like this any more" in told.err


@pytest.mark.usefixtures("here")
def test_an_entry_that_matches_nothing_stops_the_build_until_it_is_taken_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = recorded()
    write(changed(Group=group(HARMLESS)))
    assert check() == 2
    assert f"take it out with `nexis baseline PATH… --file {FILE}`" in capsys.readouterr().err
    assert nexis("baseline", "t.json") == 0
    assert [entry for entry in before if entry not in recorded()] == [e for e in before if e["resource"] == "Group"]
    assert check() == 0


@pytest.mark.usefixtures("here")
def test_where_a_file_exists_nothing_is_ever_added(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path(FILE).read_bytes()
    write(changed(Group=group(SSH, POSTGRES)))
    assert nexis("baseline", "t.json") == 1
    assert "on port 5432 (PostgreSQL)" in capsys.readouterr().out
    assert Path(FILE).read_bytes() == before
    Path(FILE).unlink()  # on purpose
    assert nexis("baseline", "t.json") == 0
    assert len(recorded()) == len(json.loads(before)["findings"]) + 1


@pytest.mark.usefixtures("here")
def test_taking_out_and_new_at_once() -> None:
    before = recorded()
    write(changed(Group=group(POSTGRES)))
    assert nexis("baseline", "t.json") == 1
    assert [e for e in before if e not in recorded()] == [e for e in before if "port 22" in e["found"]]
    assert all(entry in before for entry in recorded())


def test_another_logical_id_at_the_same_construct_path_is_another_resource(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bucket = {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "Old/Data/Resource"}}
    write({"Resources": {"Data1": bucket}})
    assert nexis("baseline", "t.json") == 0
    assert check() == 0
    write({"Resources": {"Data2": bucket}})
    assert check() == 2
    assert nexis("baseline", "t.json") == 1


@pytest.mark.usefixtures("here")
def test_other_files_and_other_rules_are_not_taken_for_stale(tmp_path: Path) -> None:
    write(OLD, "other.json")
    assert nexis("baseline", "t.json", "other.json", "--file", "both.json") == 0
    assert nexis("check", "t.json", "--baseline", "both.json") == 0  # says nothing of other.json
    assert nexis("check", str(tmp_path / "other.json"), "--baseline", str(tmp_path / "both.json")) == 0
    assert nexis("check", "t.json", "--baseline", "both.json", "--rules", "network.*") == 0
    write(changed(Group=group(HARMLESS)), "other.json")
    assert nexis("check", "t.json", "--baseline", "both.json") == 0
    assert nexis("check", "t.json", "other.json", "--baseline", "both.json", "--rules", "storage.*") == 0
    assert nexis("check", "t.json", "other.json", "--baseline", "both.json") == 2
    Path("other.json").unlink()
    assert nexis("check", "t.json", "--baseline", "both.json") == 2  # it can never be found again
    assert nexis("baseline", "t.json", "--file", "both.json") == 0
    assert nexis("check", "t.json", "--baseline", "both.json") == 0


def test_the_file_may_lie_among_the_templates_and_be_named_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "with space" / "templates"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    write(OLD, "tü.json")
    assert nexis("baseline", ".") == 0
    assert {entry["file"] for entry in recorded()} == {"tü.json"}
    assert nexis("check", ".", "--baseline", FILE) == 0
    monkeypatch.chdir(tmp_path)
    assert nexis("check", "with space", "--baseline", f"with space/templates/{FILE}") == 0
    assert nexis("baseline", str(inside), "--file", str(inside / FILE)) == 0
    (inside / "tü.json").unlink()
    write(OLD, str(inside / "z.json"))
    assert nexis("check", "with space", "--baseline", f"with space/templates/{FILE}") == 2


@pytest.mark.usefixtures("here")
def test_what_could_not_be_judged_is_never_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    Path("broken.json").write_text("{", encoding="utf-8")
    for words in (("t.json", "broken.json", "--file", "new.json"), ("t.json", "broken.json")):
        before = Path(FILE).read_bytes()
        assert nexis("baseline", *words) == 2
        assert "not everything could be judged, so nothing is written" in capsys.readouterr().err
        assert Path(FILE).read_bytes() == before
    assert not Path("new.json").exists()
    assert check("t.json", "broken.json") == 2
    assert "is recorded" not in capsys.readouterr().err


def test_a_crash_of_a_rule_is_never_recorded(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = next(rule for rule in all_rules() if "AWS::S3::Bucket" in rule.types)

    def crash(_: Any) -> Any:
        raise RuntimeError("out of order")

    monkeypatch.setattr(type(rule), "check", property(lambda _: crash), raising=False)
    assert nexis("baseline", "t.json", "--file", str(here / "new.json")) == 2
    assert "crashed: RuntimeError: out of order" in capsys.readouterr().err
    assert not (here / "new.json").exists()


def test_waived_findings_are_not_recorded(here: Path) -> None:
    (here / "config").mkdir()
    (here / "config" / "owners.toml").write_text('[roles]\nsecurity = "Decides."\n', encoding="utf-8")
    (here / "docs" / "decisions").mkdir(parents=True)
    (here / "docs" / "decisions" / "one.md").write_text("# One\n", encoding="utf-8")
    ends = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=20)
    (here / "waivers.toml").write_text(
        '[[waiver]]\nrule = "logging.bucket-access-logs"\nresource = "Bucket"\nowner = "security"\n'
        'reason = "The bucket of the workshop exists for an hour."\ndecision = "docs/decisions/one.md"\n'
        f"expires = {ends}\n",
        encoding="utf-8",
    )
    assert check("t.json", "--waivers", "waivers.toml") == 2  # recorded and waived: one is too many
    assert nexis("baseline", "t.json", "--waivers", "waivers.toml") == 0
    assert "logging.bucket-access-logs" not in {entry["rule"] for entry in recorded()}
    assert check("t.json", "--waivers", "waivers.toml") == 0


def test_a_repository_without_findings_needs_no_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write({"Resources": {}})
    assert nexis("baseline", "t.json") == 0
    assert Path(FILE).read_text(encoding="utf-8") == '{\n  "schema": "nexis-baseline/1",\n  "findings": []\n}\n'
    assert check() == 0
    write(OLD)
    assert check() == 1


@pytest.mark.usefixtures("here")
def test_a_file_that_has_grown_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    Path("before.json").write_bytes(Path(FILE).read_bytes())
    assert nexis("baseline", "--compare-with", "before.json") == 0
    write(changed(Group=group(SSH, POSTGRES)))
    Path(FILE).unlink()
    assert nexis("baseline", "t.json") == 0
    assert nexis("baseline", "--compare-with", "before.json") == 1
    assert "port 5432 (PostgreSQL)" in capsys.readouterr().out
    assert nexis("baseline", "--compare-with", FILE, "--file", "before.json") == 0  # fewer is fine
    assert nexis("baseline", "--compare-with", "absent.json") == 2
    assert nexis("baseline", "t.json", "--compare-with", "before.json") == 2
    assert nexis("baseline") == 2


@pytest.mark.usefixtures("here")
def test_the_file_is_one_sorted_line_per_finding_and_the_same_every_time() -> None:
    text = Path(FILE).read_text(encoding="utf-8")
    assert text.isascii()
    assert len(text.splitlines()) == len(recorded()) + 5
    places = [(entry["file"], entry["resource"], entry["rule"]) for entry in recorded()]
    assert places == sorted(places)
    assert nexis("baseline", "t.json", "--file", "again.json") == 0
    assert Path("again.json").read_text(encoding="utf-8") == text


def schema() -> Draft202012Validator:
    file = Path(baseline.__file__).with_name("nexis-baseline-1.schema.json")
    return Draft202012Validator(json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.usefixtures("here")
def test_the_file_holds_to_its_schema() -> None:
    document = json.loads(Path(FILE).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema().schema)
    schema().validate(document)
    assert {entry["statement"] == "" for entry in document["findings"]} == {True, False}
    for wrong in ({"more": 1}, {"severity": "warning"}, {"digest": "x"}):
        document["findings"][0] = {**document["findings"][0], **wrong}
        assert not schema().is_valid(document)


BY_HAND = {
    "a word of the message": (lambda d: d["findings"][0].update(found="is fine"), "was changed by hand"),
    "another resource": (lambda d: d["findings"][0].update(resource="Other"), "was changed by hand"),
    "a lesser severity": (lambda d: d["findings"][-1].update(severity="warning"), "expected one of fatal, error"),
    "a verdict": (lambda d: d["findings"][0].update(verdict="pass"), "expected one of"),
    "a field more": (lambda d: d["findings"][0].update(reason="later"), "found `reason`, expected only"),
    "a field less": (lambda d: d["findings"][0].pop("tool"), "tool is None, expected text"),
    "a number": (lambda d: d["findings"][0].update(rule=5), "rule is 5, expected text"),
    "no map": (lambda d: d["findings"].append("x"), "is a str, expected a map"),
    "another schema": (lambda d: d.update(schema="nexis-baseline/2"), "found 'nexis-baseline/2'"),
    "a section more": (lambda d: d.update(notes=[]), "found `notes`"),
    "no list": (lambda d: d.update(findings={}), "findings of type dict"),
}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("edit", "said"), BY_HAND.values(), ids=BY_HAND)
def test_a_file_that_was_changed_by_hand_is_refused(edit: Any, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(Path(FILE).read_text(encoding="utf-8"))
    edit(document)
    write(document, FILE)
    before = Path(FILE).read_bytes()
    assert check() == 2
    assert said in capsys.readouterr().err
    assert nexis("baseline", "t.json") == 2
    assert Path(FILE).read_bytes() == before


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "is not valid JSON"),
        (b"<<<<<<< main\n", "is not valid JSON"),
        (b"[]", "found 'list', expected a baseline file"),
        (b'{"schema": "nexis-baseline/1", "schema": "nexis-baseline/1"}', "'schema' stands twice"),
        (b"\xff\xfe", "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_baseline_file_is_refused(text: bytes | None, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(FILE).unlink()
    if text is not None:
        Path(FILE).write_bytes(text)
    assert check() == 2
    assert said in capsys.readouterr().err


def test_the_lines_of_another_system_are_read(here: Path) -> None:
    (here / FILE).write_bytes((here / FILE).read_bytes().replace(b"\n", b"\r\n"))
    assert check() == 0


TEXT = st.text(max_size=8)
ENTRIES = st.lists(
    st.builds(
        Entry,
        file=TEXT,
        resource=TEXT,
        rule=TEXT,
        path=TEXT,
        found=TEXT,
        statement=TEXT,
        severity=st.sampled_from(baseline.SEVERITIES),
        verdict=st.sampled_from(baseline.VERDICTS),
        tool=TEXT,
    ),
    max_size=6,
)


@given(ENTRIES)
@settings(deadline=None)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]) -> None:
    file = tmp_path_factory.mktemp("b") / FILE
    file.write_text(render_baseline(entries), encoding="utf-8")
    assert list(read_baseline(file).entries) == sorted(entries)


@given(ENTRIES, ENTRIES)
def test_only_what_is_more_is_added(base: list[Entry], head: list[Entry]) -> None:
    def made(entries: list[Entry]) -> Baseline:
        return Baseline(file=Path(FILE), entries=tuple(entries))

    assert added_since(made(base), made(base[1:])) == []
    added = added_since(made(base), made([*base, *head]))
    assert Counter(added) == Counter(head)


@given(st.binary(max_size=80))
@settings(deadline=None)
def test_whatever_the_file_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.mktemp("b") / FILE
    file.write_bytes(content)
    with pytest.raises(BaselineError):
        read_baseline(file)
