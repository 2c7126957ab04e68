"""Log groups keep their events for a year or longer."""

from __future__ import annotations

from typing import Final

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, at_least, requiring, types_of

#: A SOC 2 type 2 report covers up to a year.
LEAST_DAYS: Final = 365

REQUIREMENTS = (
    Requirement(
        type="AWS::Logs::LogGroup",
        path=("RetentionInDays",),
        accepts=at_least(LEAST_DAYS),
        expected=f"{LEAST_DAYS} or more, or nothing",
        absent="",  # without it events never expire, which is stricter
        source="CloudFormation resource reference, AWS::Logs::LogGroup RetentionInDays",
        as_of="2026-11-23",
    ),
)

RULE = Rule(
    id="logging.log-group-retention",
    severity="error",
    title="Log groups keep their events for a year or longer",
    why="An intrusion is found months later on average; by then the log of its first day must still be there.",
    fix="set RetentionInDays to 365 or more (CDK: retention=RetentionDays.ONE_YEAR)",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2", "CC7.3"), "AWS FSBP": ("CloudWatch.16",)},
    source="CloudWatch Logs User Guide, Working with log groups and log streams",
)
