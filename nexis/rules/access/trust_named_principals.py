"""A role that trusts an account says which of its principals may take it on.

To trust an account is to trust whoever there may be given sts:AssumeRole. Asked of our own baseline: the condition
aws:PrincipalArn names who it is. (The role itself as principal would have to exist first, and a role that is made anew
under its name is another principal.)

Sources: IAM User Guide, "AWS JSON policy elements: Principal" (account principals, role principals) and "AWS global
condition context keys" (aws:PrincipalArn). Read 2026-11-23.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._conditions import as_list
from nexis.rules.access._statements import asks_for, judge_statements
from nexis.rules.model import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

#: An account: by its id, by its root, or by the pseudo parameter.
ACCOUNT: Final = re.compile(r"(?:arn:.*:iam::)?(?:\d{12}|\$\{AWS::AccountId\})(?::root)?")


def _check(role: View) -> Iterator[Problem]:
    yield from judge_statements(role, ("AssumeRolePolicyDocument",), partial(_statement))


def _statement(statement: Statement) -> Iterator[Problem]:
    if not statement.allows:
        return
    principal = statement.elements.get("Principal")
    named = as_list(principal.get("AWS")) if isinstance(principal, dict) else []
    accounts = [item for item in named if isinstance(item, (str, int)) and ACCOUNT.fullmatch(str(item))]
    if accounts and not asks_for(statement, "aws:principalarn"):
        yield Problem(
            f"{statement.where}.Condition",
            f"does not say who in the account {accounts[0]} may take on the role; expected the condition "
            "aws:PrincipalArn with the roles that may",
        )


RULE = Rule(
    id="access.trust-named-principals",
    severity="error",
    title="A role that trusts an account names the principals that may take it on",
    why="Anybody in the account who is given sts:AssumeRole, by whatever policy, takes on the role; nobody reads that "
    "in its trust policy.",
    fix="add Condition: {ArnEquals: {aws:PrincipalArn: the role that may}} (CDK: "
    "AccountPrincipal(account).with_conditions({...}))",
    types=("AWS::IAM::Role",),
    check=_check,
    claims=("touchpoints.changes", "touchpoints.identity"),
    controls={"SOC 2": ("CC6.3", "CC8.1"), "NIST 800-53 r5": ("AC-3", "AC-6")},
    source="IAM User Guide, AWS JSON policy elements: Principal; AWS global condition context keys",
    cdk="iam.Role(self, 'Deploy', assumed_by=iam.AccountPrincipal(self.account).with_conditions(\n"
    "    {'ArnEquals': {'aws:PrincipalArn': deployer.role_arn}}))",
    example={
        "Deploy": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": {"Ref": "AWS::AccountId"}},
                            "Action": "sts:AssumeRole",
                            "Condition": {
                                "ArnEquals": {
                                    "aws:PrincipalArn": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/deployer"}
                                }
                            },
                        }
                    ],
                }
            },
        }
    },
    scope="baseline",
)
