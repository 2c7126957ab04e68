"""Resource policies list the actions they allow.

Fails: `Allow` with `NotAction` or `NotResource` in any resource policy; with `*` in any, and with a whole service in
the policies of buckets, messages, images and secrets, whose `…:*` covers taking the policy over. A search domain's
`es:*` is not judged: its domain holds nothing else.

Sources: IAM User Guide, "IAM JSON policy elements: Action" and "NotAction". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.access._resource_documents import TYPES, has_policy, policies
from nexis.rules.access._statements import is_all, is_whole_service, judge_statements, readable
from nexis.rules.model import Problem, Rule, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

#: Types in whose policies a whole service is too much.
LISTED: Final = frozenset(
    {
        "AWS::ECR::Repository",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::TopicInlinePolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueueInlinePolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SecretsManager::ResourcePolicy",
    }
)


def _check(resource: View) -> Iterator[Problem]:
    for path, _ in policies(resource):
        yield from parts(partial(judge_statements, resource, path, partial(_statement, resource)))


def _statement(resource: View, statement: Statement) -> Iterator[Problem]:
    if not statement.allows:
        return
    for element in ("NotAction", "NotResource"):
        if element in statement.elements:
            yield Problem(f"{statement.where}.{element}", f"allows everything but a list; expected {element[3:]}")
    for action in readable(statement, "Action", in_part=False):
        if is_all(action) or (resource.type in LISTED and is_whole_service(action)):
            yield Problem(f"{statement.where}.Action", f"found {action!r}, expected the actions that are needed")


RULE = Rule(
    id="access.resource-policy-actions",
    severity="error",
    title="Resource policies list the actions they allow",
    why="Whoever may do everything to a resource may also rewrite its policy, delete it, or give it away.",
    fix="list the actions in Action instead of NotAction or a wildcard (CDK: PolicyStatement(actions=[...]), or a "
    "grant method)",
    types=TYPES,
    check=_check,
    applies=has_policy,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.1", "CC6.3"), "NIST 800-53 r5": ("AC-3", "AC-6")},
    source="IAM User Guide, IAM JSON policy elements: Action, and NotAction",
    cdk="bucket.grant_read(reader)",
    example={
        "Policy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": {"Fn::GetAtt": ["Reader", "Arn"]}},
                            "Action": "s3:GetObject",
                            "Resource": {"Fn::Sub": "${Bucket.Arn}/*"},
                        }
                    ],
                },
            },
        },
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Reader": {"Type": "AWS::IAM::Role"},
    },
)
