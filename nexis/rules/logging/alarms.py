"""Alarms tell somebody.

An alarm that something else in the templates goes by, such as a deployment that is rolled back, a composite alarm or a
scaling policy, has done its work without an action of its own.

Source: CloudFormation resource reference, AWS::CloudWatch::Alarm and AWS::CloudWatch::CompositeAlarm (ActionsEnabled
is true unless said otherwise), read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import something
from nexis.templates.views import Absent, place, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

ALARM: Final = "AWS::CloudWatch::Alarm"
COMPOSITE: Final = "AWS::CloudWatch::CompositeAlarm"
ACTIONS: Final = ("AlarmActions", "InsufficientDataActions", "OKActions")


def _check(alarm: View) -> Iterator[Problem]:
    yield from parts(partial(_enabled, alarm), partial(_has_action, alarm))


def _enabled(alarm: View) -> Iterator[Problem]:
    if not alarm.flag("ActionsEnabled", default=True):
        yield Problem(place("ActionsEnabled"), "found false, and the alarm then tells nobody; expected true")


def _has_action(alarm: View) -> Iterator[Problem]:
    if all(isinstance(something(alarm, (name,)), Absent) for name in ACTIONS) and not _is_used(alarm):
        yield Problem(
            place("AlarmActions"), "is empty or absent, and the alarm then tells nobody; expected a topic or an action"
        )


def _is_used(alarm: View) -> bool:
    """Whether another resource of the template names the alarm."""
    name = alarm.logical_id
    return any(
        isinstance(value, str) and _is_reference(path) and (value.partition(".")[0] == name or f"${{{name}" in value)
        for logical_id, other in alarm.template.resources.items()
        if logical_id != name
        for path, value in walk(other.properties)
    )


def _is_reference(path: tuple[str | int, ...]) -> bool:
    return any(part in ("Ref", "Fn::GetAtt", "Fn::Sub") for part in path)


RULE = Rule(
    id="logging.alarm-actions",
    severity="error",
    title="Alarms tell somebody",
    why="An alarm that nobody hears is a line in a console, and the night it was made for passes unnoticed.",
    fix="set AlarmActions to a topic, and leave ActionsEnabled out or true (CDK: alarm.add_alarm_action(...))",
    types=(ALARM, COMPOSITE),
    check=_check,
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2", "CC7.3"), "NIST 800-53 r5": ("AU-6", "SI-4")},
    source="Amazon CloudWatch User Guide, Using Amazon CloudWatch alarms (alarm actions)",
    cdk="alarm.add_alarm_action(cloudwatch_actions.SnsAction(topic))",
    example={
        "Alarm": {
            "Type": ALARM,
            "Properties": {"AlarmActions": ["arn:aws:sns:eu-central-1:111111111111:alarms"]},
        }
    },
)
