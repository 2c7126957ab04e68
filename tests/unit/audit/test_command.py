from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nexis.audit import AuditError, AuditOutcome
from nexis.audit import run as audit_run
from nexis.audit.assemble import assemble
from nexis.audit.model import Live
from nexis.audit.scope import Listed
from nexis.audit.text import PLACEHOLDERS, render_audit
from nexis.cli import main
from nexis.run import report_on
from nexis.templates.model import Assembly
from nexis.waivers import Waiver
from tests.unit.audit.fake import ACCOUNT, REGION

KEY = Live(type="AWS::KMS::Key", identity="k-1", properties={"EnableKeyRotation": False})


def outcome(*, waivers: tuple[Waiver, ...] = (), **changes: Any) -> AuditOutcome:
    listed = Listed(stack="s", logical_id="K", type=KEY.type, identity="k-1", construct="Stack/Key", written={})
    deployed = assemble([KEY], [listed], judged=(), account=ACCOUNT, region=REGION)
    report = report_on([Assembly(templates={"live": deployed.template})], waivers=waivers, all_waivers_must_match=False)
    made = AuditOutcome(
        report=report,
        account=ACCOUNT,
        region=REGION,
        stacks=("s",),
        not_read={"AWS::Some::Thing": 2},
        placeholders=True,
        deployed=deployed,
    )
    return replace(made, **changes)


def answering(monkeypatch: pytest.MonkeyPatch, answer: AuditOutcome | AuditError) -> dict[str, Any]:
    asked: dict[str, Any] = {}

    def audit(**parameters: Any) -> AuditOutcome:
        asked.update(parameters)
        if isinstance(answer, AuditError):
            raise answer
        return answer

    monkeypatch.setattr(audit_run, "audit", audit)
    return asked


def test_findings_are_said_with_the_way_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = answering(monkeypatch, outcome())
    assert main(["audit", "--endpoint-url", "http://x", "--region", REGION, "--stack", "a", "b"]) == 1
    assert asked == {
        "endpoint_url": "http://x",
        "region": REGION,
        "stacks": ["a", "b"],
        "everything": False,
        "waivers": (),
    }
    said = capsys.readouterr().out
    assert "Stack/Key = k-1 (AWS::KMS::Key) in aws://111122223333/eu-central-1" in said
    assert "put back: aws kms enable-key-rotation --key-id k-1" in said
    assert "A redeploy does not put these back" in said
    assert "Not read, because no rule looks at them: 2 AWS::Some::Thing" in said
    assert PLACEHOLDERS in said


def test_the_json_report_keeps_to_its_schema(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answering(monkeypatch, outcome())
    file = tmp_path / "report.json"
    assert main(["audit", "--format", "json", "--output", str(file)]) == 1
    assert capsys.readouterr().out == ""
    report = json.loads(file.read_text())
    assert report["schema"] == "nexis-check/1"
    [finding] = report["findings"]
    assert (finding["rule"], finding["resource"], finding["construct"]) == ("keys.rotation", "k-1", "Stack/Key")
    assert "heal" not in finding


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_cannot_be_judged_is_2_with_every_reason(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, AuditError("kms describe-key: AWS denies it", "s3 list-buckets: AWS denies it"))
    assert main(["audit", "--format", form]) == 2
    out, err = capsys.readouterr()
    assert err.splitlines() == [
        "nexis audit: kms describe-key: AWS denies it",
        "nexis audit: s3 list-buckets: AWS denies it",
    ]
    if form == "json":
        assert json.loads(out)["summary"]["not_judged"] == [
            line.removeprefix("nexis audit: ") for line in err.splitlines()
        ]
    else:
        assert out == "nothing was judged\n"


def test_a_report_that_cannot_be_written_is_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answering(monkeypatch, outcome())
    assert main(["audit", "--output", str(tmp_path / "no" / "report")]) == 2
    assert "cannot write" in capsys.readouterr().err


def test_a_waivers_file_that_cannot_be_used_is_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["audit", "--waivers", str(tmp_path / "waivers.toml")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_waiver_by_construct_path_holds_for_what_is_deployed() -> None:
    waiver = Waiver(
        place="waivers.toml waiver 1",
        rule="keys.rotation",
        resource="Stack/Key",
        reason="The vendor rotates this key by hand every quarter.",
        owner="security",
        decision="docs/decisions/x.md",
        expires=dt.date(2027, 1, 31),
    )
    waived = outcome(waivers=(waiver,))
    assert waived.report.exit_code == 0
    text = render_audit(waived)
    assert "waived keys.rotation" in text
    assert "put back" not in text
