"""A role for another account asks for something that only the right caller knows.

Fails: a trust policy that allows a whole account, written out by its number, without a condition on an external id, a
second factor, an organisation or single principals. The own account passes; so does an account that a parameter gives,
which is chosen where the stack is deployed. Single roles and users of another account pass: they are named.

Source: IAM User Guide, "Access to AWS accounts owned by third parties". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.patterns import pattern
from nexis.rules._conditions import CALLERS_AND_NETWORKS, as_list
from nexis.rules.access._statements import asks_for, is_narrowed, judge_statements
from nexis.rules.model import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

ACCOUNT: Final = pattern(r"(?:arn:[^:]*:iam::)?([0-9]{12})(?::root)?")
ASKING: Final = ("sts:externalid", "aws:multifactorauthpresent", "aws:principaltag/", *CALLERS_AND_NETWORKS)


def _check(role: View) -> Iterator[Problem]:
    yield from judge_statements(role, ("AssumeRolePolicyDocument",), partial(_statement, role))


def _statement(role: View, statement: Statement) -> Iterator[Problem]:
    principal = statement.elements.get("Principal")
    if not statement.allows or not isinstance(principal, dict):
        return
    for item in as_list(principal.get("AWS")):
        found = ACCOUNT.fullmatch(str(item)) if isinstance(item, str) else None
        if found is None or found[1] == role.template.account:
            continue
        if not asks_for(statement, *ASKING) and not is_narrowed(statement):
            yield Problem(
                f"{statement.where}.Condition",
                f"lets all of account {found[1]} take on the role; expected a condition on sts:ExternalId, "
                "aws:MultiFactorAuthPresent or aws:PrincipalArn",
            )
            return


RULE = Rule(
    id="access.external-id",
    severity="error",
    title="A role for another account asks for an external id, a second factor or single principals",
    why="A company that works for many accounts can be sent to this one by any of its other customers.",
    fix="add the condition sts:ExternalId with an id of your own, or name the role instead of the account (CDK: "
    "Role(external_ids=[...]))",
    types=("AWS::IAM::Role",),
    check=_check,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.1", "CC6.3"), "NIST 800-53 r5": ("AC-3", "AC-6")},
    source="IAM User Guide, Access to AWS accounts owned by third parties",
    cdk="iam.Role(self, 'Monitoring', assumed_by=iam.AccountPrincipal('222222222222'), external_ids=['of-our-own'])",
    example={
        "Monitoring": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
                            "Action": "sts:AssumeRole",
                            "Condition": {"StringEquals": {"sts:ExternalId": "of-our-own"}},
                        }
                    ],
                }
            },
        }
    },
)
