"""A waiver waives exactly what it says, for as long as it says, or the file is refused."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from nexis.check import Finding
from nexis.run import waiver_policy
from nexis.waivers import LONGEST, WaiverError, WaiverPolicy, apply_waivers, read_owners, read_waivers, too_broad

if TYPE_CHECKING:
    from pathlib import Path

    from nexis.waivers import Waiver

TODAY = dt.date(2026, 7, 1)
SEVERITIES = {"keys.rotation": "error", "tls.bucket-policy": "fatal", "hosts.noted": "warning"}
ENTRY = {
    "rule": '"keys.rotation"',
    "resource": '"Stack/Key/Resource"',
    "reason": '"The partner rotates this key by hand every month."',
    "owner": '"security"',
    "decision": '"docs/decisions/one.md"',
    "expires": "2026-12-28",
}


@pytest.fixture
def policy(tmp_path: Path) -> WaiverPolicy:
    (tmp_path / "docs" / "decisions").mkdir(parents=True)
    (tmp_path / "docs" / "decisions" / "one.md").write_text("# One\n")
    return WaiverPolicy(severities=SEVERITIES, owners=("security", "network"), root=tmp_path, today=TODAY)


def text(**changed: str | None) -> str:
    entry = {name: value for name, value in {**ENTRY, **changed}.items() if value is not None}
    return "[[waiver]]\n" + "".join(f"{name} = {value}\n" for name, value in entry.items())


def read(policy: WaiverPolicy, content: str | bytes) -> tuple[Waiver, ...]:
    file = policy.root / "waivers.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_waivers(file, policy)


def refused(policy: WaiverPolicy, content: str | bytes) -> str:
    with pytest.raises(WaiverError) as caught:
        read(policy, content)
    return str(caught.value)


def finding(**changed: Any) -> Finding:
    fields: dict[str, Any] = {
        "rule": "keys.rotation",
        "verdict": "fail",
        "severity": "error",
        "file": "t.json",
        "resource": "Key123",
        "type": "AWS::KMS::Key",
        "property_path": "Properties.EnableKeyRotation",
        "construct": "Stack/Key/Resource",
        "message": "is false",
        "fix": "set it",
    }
    return Finding(**{**fields, **changed})


def test_a_waiver_in_order(policy: WaiverPolicy) -> None:
    (waiver,) = read(policy, text(ticket='"PLAT-1"'))
    assert (waiver.rule, waiver.resource, waiver.ticket) == ("keys.rotation", "Stack/Key/Resource", "PLAT-1")
    assert waiver.as_json()["expires"] == "2026-12-28"
    assert waiver.place.endswith("waivers.toml waiver 1")


def test_an_empty_file_waives_nothing(policy: WaiverPolicy) -> None:
    assert read(policy, "# none\n") == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        *(({name: None}, f"`{name}` is missing") for name in ENTRY),
        *(({name: '""'}, f"{name} is '', expected text") for name in ENTRY if name != "expires"),
        *(({name: "5"}, f"{name} is 5, expected text") for name in ENTRY if name != "expires"),
        ({"ticket": '" "'}, "ticket is ' ', expected text"),
        ({"severity": '"low"'}, "found `severity`, expected only"),
        ({"place": '"x"'}, "found `place`, expected only"),
        ({"expires": '"2026-12-28"'}, "expected a date without quotes"),
        ({"expires": "2026-12-28T00:00:00Z"}, "expected a date without quotes"),
        ({"rule": '"keys.*"'}, "too broad or misspelt"),
        ({"rule": '"keys"'}, "neither a rule of ours nor of a cdk-nag pack"),
        ({"rule": '"keys.rotations"'}, "there is no rule 'keys.rotations'"),
        ({"rule": '"keys.rotation[x]"'}, "there is no rule 'keys.rotation[x]'"),
        ({"rule": '"engine.crash"'}, "there is no rule 'engine.crash'"),
        ({"rule": '"tls.bucket-policy"'}, "tls.bucket-policy is fatal and cannot be waived"),
        ({"resource": '"Stack/*"'}, "resource 'Stack/*' is too broad"),
        ({"resource": '"Stack/Key?"'}, "too broad"),
        ({"resource": '"/Stack/Key"'}, "too broad"),
        ({"resource": '"Stack/"'}, "too broad"),
        ({"reason": '"because we say so"'}, "is no explanation"),
        ({"owner": '"somebody"'}, "owner 'somebody' is not in config/owners.toml; expected one of network, security"),
        ({"decision": '"docs/decisions/two.md"'}, "docs/decisions/two.md does not exist"),
        ({"decision": '"docs/decisions/../../etc/passwd.md"'}, "expected the path of a record"),
        ({"decision": '"README.md"'}, "expected the path of a record"),
        ({"expires": "2026-06-30"}, "expired on 2026-06-30"),
        ({"expires": "2026-12-29"}, "at most 180 days ahead (2026-12-28)"),
    ],
)
def test_what_is_refused(policy: WaiverPolicy, changed: dict[str, str | None], said: str) -> None:
    assert said in refused(policy, text(**changed))


@pytest.mark.parametrize("day", [TODAY, TODAY + dt.timedelta(days=LONGEST)])
def test_a_waiver_holds_on_its_last_day_and_180_days_ahead(policy: WaiverPolicy, day: dt.date) -> None:
    assert len(read(policy, text(expires=str(day)))) == 1


@pytest.mark.parametrize(
    "rule",
    [
        "AwsSolutions-S1",
        "AwsSolutions-IAM5[Resource::*]",
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:rds:<AWS::Region>:snapshot:awsbackup:*]",
        "NIST.800.53.R5-S3BucketReplicationEnabled",
        "PCI.DSS.321-VPCFlowLogsEnabled",
    ],
)
def test_rules_of_every_cdk_nag_pack_can_be_named(policy: WaiverPolicy, rule: str) -> None:
    assert read(policy, text(rule=f'"{rule}"'))[0].rule == rule


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[waiver]\n", "is not valid TOML"),
        (b"\xff\xfe", "is not valid TOML"),
        ("[waiver]\nrule = 'x'\n", "write [[waiver]] before each"),
        ("waiver = 5\n", "write [[waiver]] before each"),
        ("waiver = [5]\n", "write [[waiver]] before each"),
        ("[[waivers]]\n", "found `waivers`, expected only [[waiver]] tables"),
        (text() + text(expires="2026-12-01"), "waiver 2: repeats"),
    ],
)
def test_a_file_out_of_order_is_refused_as_a_whole(policy: WaiverPolicy, content: str | bytes, said: str) -> None:
    assert said in refused(policy, content)


def test_every_problem_is_told_at_once(policy: WaiverPolicy) -> None:
    told = refused(policy, text(owner='"nobody"') + text(rule='"keys.*"', reason=None)).splitlines()
    assert [line.partition("waivers.toml ")[2][:8] for line in told] == ["waiver 1", "waiver 2"]


def test_a_missing_file_is_refused(policy: WaiverPolicy) -> None:
    with pytest.raises(WaiverError, match="cannot be read"):
        read_waivers(policy.root / "absent.toml", policy)


def applied(policy: WaiverPolicy, content: str, *findings: Finding) -> tuple[list[bool], list[str]]:
    marked, unused = apply_waivers(findings, read(policy, content))
    assert all(f.counts is (f.waiver is None) for f in marked)
    return [f.waiver is not None for f in marked], [waiver.resource for waiver in unused]


def test_a_waiver_matches_its_rule_at_its_resource_by_path_or_logical_id(policy: WaiverPolicy) -> None:
    others = (finding(rule="keys.other"), finding(construct="Stack/Key", resource="Key9"), finding(construct=None))
    assert applied(policy, text(), finding(), *others) == ([True, False, False, False], [])
    assert applied(policy, text(resource='"Key123"'), finding(), *others) == ([True, False, False, True], [])


def test_a_waiver_reaches_every_property_of_its_resource(policy: WaiverPolicy) -> None:
    assert applied(policy, text(), finding(), finding(property_path="Properties.B")) == ([True, True], [])


def test_a_waiver_that_nothing_needs_is_unused(policy: WaiverPolicy) -> None:
    assert applied(policy, text(), finding(rule="keys.other")) == ([False], ["Stack/Key/Resource"])


def test_a_fatal_finding_is_never_waived(policy: WaiverPolicy) -> None:
    assert applied(policy, text(), finding(severity="fatal")) == ([False], ["Stack/Key/Resource"])


def test_a_waived_finding_says_by_whom(policy: WaiverPolicy) -> None:
    ((marked,), _) = apply_waivers([finding()], read(policy, text()))
    assert marked.waiver is not None
    assert {k: marked.waiver[k] for k in ("owner", "decision", "expires")} == {
        "owner": "security",
        "decision": "docs/decisions/one.md",
        "expires": "2026-12-28",
    }


def test_a_logical_id_in_two_templates_is_too_broad(policy: WaiverPolicy) -> None:
    two = [finding(construct=None), finding(construct=None, file="other.json")]
    marked, _ = apply_waivers(two, read(policy, text(resource='"Key123"')))
    (problem,) = too_broad(marked)
    assert "reaches other.json#Key123, t.json#Key123; expected one resource" in problem
    one, _ = apply_waivers([finding(), finding(property_path="Properties.B")], read(policy, text()))
    assert too_broad(one) == []


@pytest.mark.parametrize("content", ["", "roles = 'security'", "roles = ['security']", "[roles", b"\xff"])
def test_owners_that_cannot_be_read_are_refused(tmp_path: Path, content: str | bytes) -> None:
    file = tmp_path / "owners.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(WaiverError, match="roles"):
        read_owners(file)
    with pytest.raises(WaiverError, match="roles"):
        read_owners(tmp_path / "absent.toml")


def test_the_policy_of_a_project_stands_beside_its_waivers(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "owners.toml").write_text('[roles]\nsecurity = "Decides."\n')
    found = waiver_policy(tmp_path / "waivers.toml", today=TODAY)
    assert (found.owners, found.root, found.today) == (("security",), tmp_path.resolve(), TODAY)
    assert found.severities["keys.rotation"] == "error"
    assert waiver_policy(tmp_path / "waivers.toml").today == dt.datetime.now(dt.UTC).date()
