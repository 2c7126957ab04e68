"""KMS keys rotate by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, is_true, requiring, types_of
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from nexis.templates.views import View

REQUIREMENTS = (
    Requirement(
        type="AWS::KMS::Key",
        path=("EnableKeyRotation",),
        accepts=is_true,
        expected="true",
        absent="KMS then keeps the same key material for ever",
        source="CloudFormation reference, AWS::KMS::Key EnableKeyRotation",
        as_of="2026-11-23",
    ),
)

#: What KMS can rotate by itself. Source: KMS Developer Guide, Rotating AWS KMS keys, 2026-11-23.
ROTATABLE = {"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS"}


def applies(key: View) -> bool:
    """Leave out asymmetric and HMAC keys, imported key material, and keys in custom key stores."""
    if str(key.peek("EnableKeyRotation")).lower() == "true":
        return True  # KMS takes it for no other kind of key
    found = ((key.literal(name), default) for name, default in ROTATABLE.items())
    return all(isinstance(value, Absent) or value == default for value, default in found)


RULE = Rule(
    id="keys.rotation",
    severity="error",
    title="KMS keys rotate by themselves",
    why="The longer the same key material is used, the more data one leak or one mistake lays open.",
    fix="set EnableKeyRotation: true (CDK: enable_key_rotation=True)",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    applies=applies,
    claims=("touchpoints.keys",),
    controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("KMS.4",), "CIS AWS Foundations 3.0": ("3.6",)},
    source="KMS Developer Guide, Rotating AWS KMS keys",
    cdk='kms.Key(self, "Key", enable_key_rotation=True)',
    example={"Key": {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}}},
)
