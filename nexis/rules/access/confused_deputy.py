"""A service that acts for anybody may use a bucket, topic or queue only for the resources of its owner.

Fails: `Allow` for such a service principal without a condition on whose resource it acts for (aws:SourceArn,
aws:SourceAccount, aws:SourceOrgID). Roles are not judged: a service takes on a role only for the account it is in.

Source: IAM User Guide, "The confused deputy problem: cross-service confused deputy prevention". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nexis.rules._conditions import as_list
from nexis.rules.access._resource_documents import has_policy, policies
from nexis.rules.access._service_principals import deputy
from nexis.rules.access._statements import is_narrowed, judge_statements
from nexis.rules.model import Problem, Rule, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

TYPES: Final = (
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicInlinePolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueueInlinePolicy",
    "AWS::SQS::QueuePolicy",
)


def _check(resource: View) -> Iterator[Problem]:
    for path, _ in policies(resource):
        yield from parts(partial(judge_statements, resource, path, _statement))


def _statement(statement: Statement) -> Iterator[Problem]:
    principal: Any = statement.elements.get("Principal")
    services = as_list(principal.get("Service")) if isinstance(principal, dict) else []
    deputies = [item for item in services if isinstance(item, str) and deputy(item)]
    if deputies and statement.allows and not is_narrowed(statement):
        yield Problem(
            f"{statement.where}.Condition",
            f"lets {deputies[0]} in for anybody's account; expected a condition such as aws:SourceArn or "
            "aws:SourceAccount",
        )


RULE = Rule(
    id="access.confused-deputy",
    severity="error",
    title="AWS services use buckets, topics and queues only for their owner",
    why="A service does what any account asks of it: without a condition a stranger's trail writes into this bucket, "
    "and a stranger's topic into this queue.",
    fix="add the condition aws:SourceArn with the resource the service acts for, or aws:SourceAccount with the own "
    "account (CDK: PolicyStatement(conditions={'StringEquals': {'aws:SourceAccount': stack.account}}))",
    types=TYPES,
    check=_check,
    applies=has_policy,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.1", "CC6.3"), "NIST 800-53 r5": ("AC-3", "AC-6")},
    source="IAM User Guide, The confused deputy problem: cross-service confused deputy prevention",
    cdk="queue.add_to_resource_policy(iam.PolicyStatement(\n"
    "    actions=['sqs:SendMessage'], resources=[queue.queue_arn],\n"
    "    principals=[iam.ServicePrincipal('sns.amazonaws.com')],\n"
    "    conditions={'ArnEquals': {'aws:SourceArn': topic.topic_arn}}))",
    example={
        "Policy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Queue"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "sns.amazonaws.com"},
                            "Action": "sqs:SendMessage",
                            "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
                            "Condition": {"ArnEquals": {"aws:SourceArn": {"Ref": "Topic"}}},
                        }
                    ],
                },
            },
        },
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Topic": {"Type": "AWS::SNS::Topic"},
    },
)
