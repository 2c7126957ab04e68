"""Trails record every region."""

from __future__ import annotations

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, example_of, is_true, requiring, types_of

REQUIREMENTS = (
    Requirement(
        type="AWS::CloudTrail::Trail",
        path=("IsMultiRegionTrail",),
        accepts=is_true,
        expected="true",
        absent="CloudTrail then records its own region only",
        source="CloudTrail API reference, CreateTrail IsMultiRegionTrail",
        as_of="2026-11-23",
        example=True,
    ),
)

RULE = Rule(
    id="logging.trail-multi-region",
    severity="error",
    title="Trails record every region",
    why="An intruder with credentials works where nobody looks: in a region the trail does not record.",
    fix="set IsMultiRegionTrail: true (CDK: is_multi_region_trail=True, or AuditTrail)",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("CloudTrail.1",)},
    source="CloudTrail User Guide, Understanding multi-Region trails",
    cdk='cloudtrail.Trail(self, "Trail", is_multi_region_trail=True)',
    example=example_of(*REQUIREMENTS),
)
