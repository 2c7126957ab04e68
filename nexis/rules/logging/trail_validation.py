"""Trails sign their log files, so that a change is noticed."""

from __future__ import annotations

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, example_of, is_true, requiring, types_of

REQUIREMENTS = (
    Requirement(
        type="AWS::CloudTrail::Trail",
        path=("EnableLogFileValidation",),
        accepts=is_true,
        expected="true",
        absent="CloudTrail then signs nothing",
        source="CloudFormation resource reference, AWS::CloudTrail::Trail EnableLogFileValidation",
        as_of="2026-11-23",
        example=True,
    ),
)

RULE = Rule(
    id="logging.trail-validation",
    severity="error",
    title="Trails sign their log files, so that a change is noticed",
    why="A log that can be changed unnoticed proves nothing.",
    fix="set EnableLogFileValidation: true (CDK: enable_file_validation=True, or AuditTrail)",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("CloudTrail.4",)},
    source="CloudTrail User Guide, Validating CloudTrail log file integrity",
    cdk='cloudtrail.Trail(self, "Trail", enable_file_validation=True)',
    example=example_of(*REQUIREMENTS),
)
