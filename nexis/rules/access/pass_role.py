"""Nobody may pass any role to a service.

Fails: `iam:PassRole` (also by a pattern such as `iam:Pass*`) on `*` or on every role of an account, unless a condition
says to which service (`iam:PassedToService`) or for which resource. `iam:*` and `*` are judged by
access.exact-resources.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.facts.iam_escalation import TAMED_BY
from nexis.rules.access._identity_documents import DOCUMENTS, IDENTITIES, PERMISSION_SET, SERVERLESS, documents
from nexis.rules.access._statements import (
    asks_for,
    is_any_of_its_kind,
    judge_statements,
    known_actions,
    matches,
    may_be_of,
    readable,
)
from nexis.rules.model import Problem, Rule, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

PASSING = "iam:passrole"


def _check(resource: View) -> Iterator[Problem]:
    for path in documents(resource):
        yield from parts(partial(judge_statements, resource, path, _statement))


def _statement(statement: Statement) -> Iterator[Problem]:
    if not statement.allows or not any(matches(action, PASSING) for action in known_actions(statement)):
        return
    for resource in readable(statement, "Resource"):
        if may_be_of(resource, "iam") and is_any_of_its_kind(resource) and not asks_for(statement, *TAMED_BY[PASSING]):
            yield Problem(
                f"{statement.where}.Resource",
                f"found {resource!r} for iam:PassRole, so any role can be passed; expected the roles that are needed, "
                "or the condition iam:PassedToService",
            )
            return


RULE = Rule(
    id="access.pass-role",
    severity="error",
    title="Only chosen roles can be passed to a service",
    why="Who may pass any role starts a host or a function with the strongest one, and has its permissions.",
    fix="name the roles in the Resource of iam:PassRole, and the service in the condition iam:PassedToService (CDK: "
    "role.grant_pass_role(identity))",
    types=(*DOCUMENTS, *IDENTITIES, PERMISSION_SET, SERVERLESS),
    check=_check,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.1", "CC6.3"), "NIST 800-53 r5": ("AC-6",)},
    source="IAM User Guide, Grant a user permissions to pass a role to an AWS service",
    cdk="task_role.grant_pass_role(deployer)",
    example={
        "Deploy": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "iam:PassRole",
                            "Resource": {"Fn::GetAtt": ["TaskRole", "Arn"]},
                            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
                        }
                    ],
                }
            },
        },
        "TaskRole": {"Type": "AWS::IAM::Role"},
    },
)
