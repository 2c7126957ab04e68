"""Policies of secrets, topics, queues and backup vaults let in nobody they do not name."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.rules._policy_documents import statements
from nexis.rules.access._statements import is_anyone, is_narrowed, open_element
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

#: Where each type holds the policy. Buckets, keys, roles and endpoints have rules of their own.
POLICIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AWS::Backup::BackupVault": "AccessPolicy",
        "AWS::SNS::TopicPolicy": "PolicyDocument",
        "AWS::SQS::QueuePolicy": "PolicyDocument",
        "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
    }
)


def _applies(resource: View) -> bool:
    return not isinstance(resource.get(POLICIES[resource.type]), Absent)


def _check(resource: View) -> Iterator[Problem]:
    for statement in statements(resource, POLICIES[resource.type]):
        yield from parts(partial(_statement, statement))


def _statement(statement: Statement) -> Iterator[Problem]:
    if statement.allows and is_anyone(statement) and not is_narrowed(statement):
        yield Problem(
            open_element(statement),
            "lets everyone in; expected named principals, or a condition such as aws:SourceArn",
        )


RULE = Rule(
    id="access.no-public-policy",
    severity="fatal",
    title="Policies of secrets, topics, queues and backup vaults name who they let in",
    why="A policy that allows everyone hands secrets, messages and backups to any AWS account in the world.",
    fix="name the principals in the policy's Principal, or add a condition such as aws:SourceArn or aws:PrincipalOrgID "
    "(CDK: PolicyStatement(principals=[...]))",
    types=tuple(POLICIES),
    check=_check,
    applies=_applies,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.1", "CC6.3", "CC6.6"), "AWS FSBP": ("SNS.4", "SQS.3")},
    source="IAM User Guide, AWS JSON policy elements: Principal; AWS Security Hub User Guide, SNS.4 and SQS.3",
)
