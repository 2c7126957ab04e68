"""SNS topics encrypt messages at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def check(topic: View) -> Iterator[Problem]:
    """Ask for a key: by id, ARN, alias or reference."""
    found = topic.get("KmsMasterKeyId")
    if isinstance(found, Absent):
        yield Problem(
            place("KmsMasterKeyId"), "is absent, and SNS then stores messages without a KMS key; expected a key"
        )
    elif not isinstance(found, str) or not found.strip():
        yield Problem(place("KmsMasterKeyId"), f"found {found!r}, expected a key's id, ARN or alias")


RULE = Rule(
    id="storage.topic-encrypted",
    severity="error",
    title="SNS topics encrypt messages at rest",
    why="Alarms and scaling events name hosts, zones and faults; without a key nobody controls who can read them.",
    fix="set KmsMasterKeyId to a KMS key (CDK: master_key=key)",
    types=("AWS::SNS::Topic",),
    check=check,
    claims=("storage.at-rest",),
    controls={"SOC 2": ("CC6.1",)},
    source="SNS Developer Guide, Securing Amazon SNS data with server-side encryption",
)
