"""Hosts have no SSH key pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules._launch import LAUNCH_TEMPLATE
from nexis.rules._launches import HOST_TYPES
from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

KEY_NAME: Final = "KeyName"


def check(host: View) -> Iterator[Problem]:
    """Judge an instance, a launch template or a launch configuration."""
    path = ("LaunchTemplateData", KEY_NAME) if host.type == LAUNCH_TEMPLATE else (KEY_NAME,)
    found = host.get(*path)
    if not isinstance(found, Absent) and found != "":
        yield Problem(place(*path), f"found {str(found)!r}, expected no key pair; use Session Manager to log in")


RULE = Rule(
    id="hosts.no-key-pair",
    severity="error",
    title="Hosts have no SSH key pair",
    why="A key pair is a password shared by copying a file: it names nobody, is written to no log and never expires.",
    fix="leave KeyName out (CDK: no key_pair, no key_name) and log in with Session Manager",
    types=HOST_TYPES,
    check=check,
    controls={"SOC 2": ("CC6.1", "CC6.2")},
    source="Systems Manager User Guide, AWS Systems Manager Session Manager",
    scope="baseline",
    cdk='ec2.LaunchTemplate(self, "Host", instance_type=ec2.InstanceType("m7gd.large"))',
    example={"Host": {"Type": LAUNCH_TEMPLATE, "Properties": {"LaunchTemplateData": {"InstanceType": "m7gd.large"}}}},
)
