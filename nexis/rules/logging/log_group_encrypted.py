"""Log groups are encrypted with a customer key."""

from __future__ import annotations

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, requiring, types_of

REQUIREMENTS = (
    Requirement(
        type="AWS::Logs::LogGroup",
        path=("KmsKeyId",),
        accepts=None,
        expected="the ARN of a KMS key",
        absent="CloudWatch Logs then uses a key of its own that nobody here can withdraw",
        source="CloudFormation resource reference, AWS::Logs::LogGroup KmsKeyId",
        as_of="2026-11-23",
    ),
)

RULE = Rule(
    id="logging.log-group-encrypted",
    severity="error",
    title="Log groups are encrypted with a customer key",
    why="Logs tell who did what with the database; whoever may read them is decided by the key as well as by IAM.",
    fix="set KmsKeyId to a key whose policy lets CloudWatch Logs use it for this log group (CDK: encryption_key=...)",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    claims=("touchpoints.logs", "touchpoints.keys"),
    controls={"SOC 2": ("CC6.1",)},
    source="CloudWatch Logs User Guide, Encrypt log data in CloudWatch Logs using AWS KMS",
)
