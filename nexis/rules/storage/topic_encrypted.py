"""SNS topics encrypt messages at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules.model import Problem, Rule
from nexis.rules.storage._at_rest import is_named
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def check(topic: View) -> Iterator[Problem]:
    """Ask for a key: by id, ARN, alias, reference or parameter."""
    if not is_named(topic, "KmsMasterKeyId"):
        yield Problem(
            place("KmsMasterKeyId"), "is absent, and SNS then stores messages without a KMS key; expected a key"
        )


RULE = Rule(
    id="storage.topic-encrypted",
    severity="error",
    title="SNS topics encrypt messages at rest",
    why="Alarms and scaling events name hosts, zones and faults; without a key nobody controls who can read them.",
    fix="set KmsMasterKeyId to a KMS key, or to alias/aws/sns for AWS's own (CDK: master_key=key)",
    types=("AWS::SNS::Topic",),
    check=check,
    claims=("storage.at-rest",),
    controls={"SOC 2": ("CC6.1",), "NIST 800-53 r5": ("SC-28",)},
    source="SNS Developer Guide, Securing Amazon SNS data with server-side encryption",
    cdk='sns.Topic(self, "Alarms", master_key=key)',
    example={
        "Alarms": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}},
    },
)
