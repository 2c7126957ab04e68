"""Verdicts that changed, and who answers for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from nexis.diff.compare import compare
from nexis.waivers import Waiver
from tests.support.changes import resource
from tests.support.templates import assembly, template

if TYPE_CHECKING:
    from nexis.diff.model import Comparison

RULE = "storage.queue-encrypted"
OPEN = {"Parameters": {"On": {"Type": "String"}}}


def queue(value: Any = None, **more: Any) -> dict[str, Any]:
    properties = {} if value is None else {"SqsManagedSseEnabled": value}
    return {"Q": resource("SQS::Queue", **properties, **more)}


def judged(before: dict[str, Any], after: dict[str, Any], *waivers: Waiver, scope: bool = False) -> Comparison:
    sides = [[assembly(template({"Resources": found, **OPEN}))] for found in (before, after)]
    return compare(sides[0], sides[1], waivers=waivers, baseline=scope)


def verdicts(found: Comparison, rule: str = RULE) -> list[tuple[str, str]]:
    return [(c.direction, c.message.partition(":")[0]) for c in found.changes if c.rule == rule]


UNKNOWN = {"Ref": "On"}


@pytest.mark.parametrize(
    ("before", "after", "direction", "opening"),
    [
        (queue(True), queue(False), "weaker", "passed and now fails"),
        (queue(True), queue(UNKNOWN), "weaker", "passed and now cannot be known"),
        (queue(UNKNOWN), queue(False), "weaker", "could not be known and now fails"),
        (queue(False), queue(True), "stronger", "failed and now passes"),
        (queue(UNKNOWN), queue(True), "stronger", "could not be known and now passes"),
        ({}, queue(False), "weaker", "is new, and fails"),
        ({}, queue(UNKNOWN), "weaker", "is new, and cannot be known"),
        (queue(False), {}, "stronger", "its finding is gone with it"),
    ],
)
def test_each_change(before: Any, after: Any, direction: str, opening: str) -> None:
    assert verdicts(judged(before, after)) == [(direction, opening)]


@pytest.mark.parametrize("value", [True, False, UNKNOWN])
def test_the_same_verdict_is_no_change(value: Any) -> None:
    assert verdicts(judged(queue(value), queue(value))) == []


def waiver(rule: str = RULE, on: str = "Q") -> Waiver:
    return Waiver(
        place="waivers.toml waiver 1",
        rule=rule,
        resource=on,
        reason="Somebody decided it and wrote down why.",
        owner="platform-engineering",
        decision="docs/decisions/x.md",
        expires=dt.date(2030, 1, 1),
    )


def test_a_waiver_marks_what_is_weaker_and_it_does_not_count() -> None:
    found = judged(queue(True), queue(False), waiver())
    assert [change.rule for change in found.waived] == [RULE]
    assert found.waived[0].waiver is not None
    assert [change.rule for change in found.weaker if change.rule == RULE] == []
    assert judged(queue(True), queue(False), waiver(on="Other")).waived == []


def test_nobody_waives_what_is_fatal() -> None:
    open_group = {
        "G": resource("EC2::SecurityGroup", SecurityGroupIngress=[{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}])
    }
    found = judged({"G": resource("EC2::SecurityGroup")}, open_group, waiver("network.no-ingress-from-anywhere", "G"))
    assert [c.severity for c in found.weaker if c.rule == "network.no-ingress-from-anywhere"] == ["fatal"]
    assert found.waived == []


def test_what_only_our_baseline_must_keep_is_asked_when_asked_for() -> None:
    before, after = ({"L": resource("Logs::LogGroup", **key)} for key in ({"KmsKeyId": "arn:aws:kms:::key/k"}, {}))
    rule = "logging.log-group-encrypted"
    assert verdicts(judged(before, after), rule) == []
    assert verdicts(judged(before, after, scope=True), rule) == [("weaker", "passed and now fails")]


def test_a_mark_of_the_baseline_that_goes_does_not_take_its_rules_with_it() -> None:
    made = [
        assembly(template({"Resources": {"L": resource("Logs::LogGroup", **key)}})) for key in ({"KmsKeyId": "k"}, {})
    ]
    found = compare([replace(made[0], baseline=True)], [made[1]])
    assert verdicts(found, "logging.log-group-encrypted") == [("weaker", "passed and now fails")]


def test_more_findings_of_the_same_rule_are_weaker() -> None:
    def function(*names: str) -> dict[str, Any]:
        disks = [{"DeviceName": name, "Ebs": {"Encrypted": False}} for name in names]
        return {"H": resource("EC2::Instance", BlockDeviceMappings=disks)}

    found = judged(function("/dev/xvda", "/dev/sdb"), function("/dev/xvda", "/dev/sdb", "/dev/sdc"))
    assert any(c.message.startswith("fails in more places") for c in found.weaker)
    back = judged(function("/dev/xvda", "/dev/sdb", "/dev/sdc"), function("/dev/xvda", "/dev/sdb"))
    assert not [c for c in back.weaker if c.section == "protection"]
