"""Log groups are encrypted with a customer key."""

from __future__ import annotations

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, example_of, requiring, types_of

REQUIREMENTS = (
    Requirement(
        type="AWS::Logs::LogGroup",
        path=("KmsKeyId",),
        accepts=None,
        expected="the ARN of a KMS key",
        absent="CloudWatch Logs then uses a key of its own that nobody here can withdraw",
        source="CloudFormation resource reference, AWS::Logs::LogGroup KmsKeyId",
        as_of="2026-11-23",
        example="arn:aws:kms:eu-central-1:111111111111:key/11111111-2222-3333-4444-555555555555",
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
    cdk='logs.LogGroup(self, "Log", encryption_key=key, retention=logs.RetentionDays.ONE_YEAR)',
    example=example_of(*REQUIREMENTS),
    scope="baseline",  # CloudWatch Logs always encrypts, by default with a key of its own
)
