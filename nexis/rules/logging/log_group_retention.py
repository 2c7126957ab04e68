"""Log groups say how long they keep their events: a year or longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules.requirements import Requirement, at_least, property_rule

if TYPE_CHECKING:
    from nexis.rules.model import Rule

#: A SOC 2 type 2 report covers up to a year.
LEAST_DAYS: Final = 365

LOG_GROUP: Final = "AWS::Logs::LogGroup"
SOURCE: Final = "CloudFormation resource reference, AWS::Logs::LogGroup RetentionInDays"

LONG_ENOUGH = property_rule(
    rule_id="logging.log-group-retention",
    title="Log groups keep their events for a year or longer",
    why="An intrusion is found months later on average; by then the log of its first day must still be there.",
    requirements=(
        Requirement(
            type=LOG_GROUP,
            path=("RetentionInDays",),
            accepts=at_least(LEAST_DAYS),
            expected=f"{LEAST_DAYS} or more",
            absent="",  # events never expire then; that nobody decided so is the other rule's
            source=SOURCE,
            as_of="2026-11-23",
            example=LEAST_DAYS,
        ),
    ),
    fix="set RetentionInDays to 365 or more (CDK: retention=RetentionDays.ONE_YEAR)",
    cdk='logs.LogGroup(self, "Log", retention=logs.RetentionDays.ONE_YEAR)',
    source="CloudWatch Logs User Guide, Working with log groups and log streams",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2", "CC7.3"), "AWS FSBP": ("CloudWatch.16",)},
)

SET = property_rule(
    rule_id="logging.log-group-retention-set",
    title="Log groups say how long they keep their events",
    why="What nobody decided is kept for ever: personal data in a log outlives every promise to delete it.",
    requirements=(
        Requirement(
            type=LOG_GROUP,
            path=("RetentionInDays",),
            accepts=None,
            expected=f"a number of days, {LEAST_DAYS} or more",
            absent="CloudWatch Logs then keeps events for ever, which nobody decided",
            source=SOURCE,
            as_of="2026-11-23",
            example=LEAST_DAYS,
        ),
    ),
    fix="set RetentionInDays to 365 or more; 3653 are ten years (CDK: retention=RetentionDays.ONE_YEAR)",
    cdk='logs.LogGroup(self, "Log", retention=logs.RetentionDays.ONE_YEAR)',
    source="CloudWatch Logs User Guide, Working with log groups and log streams",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2", "C1.2")},
    scope="baseline",  # elsewhere, events that never expire are kept longer than anybody asks (FSBP CloudWatch.16)
)

RULES: tuple[Rule, ...] = (LONG_ENOUGH, SET)
