"""Alarms tell somebody.

An alarm that something else in the templates goes by, such as a deployment that is rolled back, a composite alarm or a
scaling policy, has done its work without an action of its own.

Source: CloudFormation resource reference, AWS::CloudWatch::Alarm and AWS::CloudWatch::CompositeAlarm (ActionsEnabled
is true unless said otherwise), read 2026-11-23.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import something
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.model import Template
    from nexis.templates.views import View

ALARM: Final = "AWS::CloudWatch::Alarm"
COMPOSITE: Final = "AWS::CloudWatch::CompositeAlarm"
REFERENCES: Final = frozenset({"Ref", "Fn::GetAtt", "Fn::Sub"})
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
    name, template = alarm.logical_id, alarm.template
    named, begun = alarm.scene.once((_is_used, template.key), partial(_named_in, template))
    if not named.get(name, set()) <= {name}:
        return True
    at = bisect_left(begun, (name, ""))
    return any(owner != name for _, owner in takewhile(lambda each: each[0].startswith(name), begun[at:]))


def _named_in(template: Template) -> tuple[dict[str, set[str]], list[tuple[str, str]]]:
    """Give who names what by reference; and what stands after `${` in texts, sorted, each with its resource."""
    named: dict[str, set[str]] = {}
    begun: set[tuple[str, str]] = set()
    for owner, resource in template.resources.items():
        waiting: list[tuple[Any, bool]] = [(resource.properties, False)]
        while waiting:
            value, refers = waiting.pop()
            if isinstance(value, dict):
                waiting += [(item, refers or key in REFERENCES) for key, item in value.items()]
            elif isinstance(value, list):
                waiting += [(item, refers) for item in value]
            elif refers and isinstance(value, str):
                named.setdefault(value.partition(".")[0], set()).add(owner)
                begun |= {(rest, owner) for rest in value.split("${")[1:]}
    return named, sorted(begun)


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
