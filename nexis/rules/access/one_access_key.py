"""A user has at most one active access key.

Source: CIS Amazon Web Services Foundations Benchmark, "Ensure there is only one active access key available for any
single IAM user"; IAM User Guide, "Manage access keys for IAM users". Read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

KEY: Final = "AWS::IAM::AccessKey"


def _check(key: View) -> Iterator[Problem]:
    if not _is_active(key):
        return
    user = key.get("UserName")
    earlier = []
    for other in key.scene.views(KEY):
        if other.is_same(key):
            break
        if other.peek("UserName") == user and _is_active(other):
            earlier.append(other.logical_id)
    if earlier:
        yield Problem(place("UserName"), f"the user already has the key {earlier[0]}; expected one active key")


def _is_active(key: View) -> bool:
    status = key.literal("Status")
    return isinstance(status, Absent) or status != "Inactive"


RULE = Rule(
    id="access.one-access-key",
    severity="error",
    title="A user has at most one active access key",
    why="Of two keys one is forgotten, and a forgotten key is neither changed nor missed when it is stolen.",
    fix="remove the second AWS::IAM::AccessKey, or set its Status to Inactive; better, use a role (CDK: "
    "AccessKey(status=AccessKeyStatus.INACTIVE))",
    types=(KEY,),
    check=_check,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.1",), "NIST 800-53 r5": ("AC-2", "IA-5")},
    source="CIS Amazon Web Services Foundations Benchmark; IAM User Guide, Manage access keys for IAM users",
    cdk="iam.AccessKey(self, 'Key', user=user)",
    example={
        "Key": {"Type": KEY, "Properties": {"UserName": {"Ref": "User"}}},
        "User": {"Type": "AWS::IAM::User"},
    },
)
