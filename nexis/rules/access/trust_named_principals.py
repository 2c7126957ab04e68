"""A role that trusts an account says which of its principals may take it on, and trusts no other account.

To trust an account is to trust whoever there may be given sts:AssumeRole. Asked of our own baseline: the condition
aws:PrincipalArn names who it is, by a name and not by a pattern that any role fits. (The role itself as principal would
have to exist first, and a role that is made anew under its name is another principal.) What another account's
principals are is decided there, so none of them is trusted, named or not. And a role that CloudFormation takes on
trusts nobody else: whoever may take it on as well does what a template may do, without one that anybody has seen.

Sources: IAM User Guide, "AWS JSON policy elements: Principal" (account principals, role principals) and "AWS global
condition context keys" (aws:PrincipalArn). Read 2026-11-23.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nexis.rules._conditions import ARNS, EXACT, as_list, open_name
from nexis.rules.access._service_principals import CLOUDFORMATION, is_cloudformations, services_of
from nexis.rules.access._statements import judge_statements
from nexis.rules.model import Problem, Rule
from nexis.templates.values import Unknown
from nexis.templates.views import Undetermined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

#: An account: by its id, by its root, or by the pseudo parameter.
ACCOUNT: Final = re.compile(r"(?:arn:.*:iam::)?(?:\d{12}|\$\{AWS::AccountId\})(?::root)?")
#: A field of an ARN that names one thing; a reference may have colons in it.
FIELD: Final = r"(?:\$\{[^}]*\}|[^:*?{}$])+"
#: The number of the account in an account or an ARN.
NUMBER: Final = re.compile(rf"(?:arn:{FIELD}:(?:iam|sts)::)?(\d{{12}})(?::.*)?")
CALLER: Final = "aws:principalarn"
#: A caller of one account of whose name at least the beginning is there.
ONE_CALLER: Final = re.compile(rf"arn:{FIELD}:(?:iam|sts)::{FIELD}:(?:role|user|assumed-role)/[^*?].*")


def _check(role: View) -> Iterator[Problem]:
    judge = partial(_statement, role, is_cloudformations(role))
    yield from judge_statements(role, ("AssumeRolePolicyDocument",), judge)


def _statement(role: View, for_cloudformation: bool, statement: Statement) -> Iterator[Problem]:
    if not statement.allows:
        return
    principal = statement.elements.get("Principal")
    if for_cloudformation:
        yield from _others(statement, principal)
    named = as_list(principal.get("AWS")) if isinstance(principal, dict) else []
    accounts = [item for item in named if isinstance(item, (str, int)) and ACCOUNT.fullmatch(str(item))]
    if accounts and not _names_callers(statement):
        yield Problem(
            f"{statement.where}.Condition",
            f"does not say who in the account {accounts[0]} may take on the role; expected the condition "
            "aws:PrincipalArn with the roles that may, each by its name",
        )
    yield from _other_accounts(role, statement, named)


def _others(statement: Statement, principal: Any) -> Iterator[Problem]:
    """Name who else takes on the role of CloudFormation; what cannot be read is somebody else."""
    services = services_of(statement)
    listed = as_list(principal.get("Service")) if isinstance(principal, dict) else []
    kinds = sorted(kind for kind in principal if kind != "Service") if isinstance(principal, dict) else [str(principal)]
    others = [*(name for name in services if not name.startswith(CLOUDFORMATION)), *kinds]
    if not others and len(listed) != len(services):
        others = ["a service that cannot be known here"]
    if others:
        yield Problem(
            f"{statement.where}.Principal",
            f"trusts {', '.join(others)} beside CloudFormation with a role that does what a template says; expected "
            f"{CLOUDFORMATION} alone, and a role of its own for each other",
        )


def _names_callers(statement: Statement) -> bool:
    for operator, key, values, _ in statement.asked():
        name = operator.lower().removeprefix("foranyvalue:")
        listed = [str(open_name(v)) if isinstance(v, Unknown) else str(v) for v in as_list(values)]
        if name in EXACT | ARNS and key.lower() == CALLER and listed and all(map(ONE_CALLER.fullmatch, listed)):
            return True
    return False


def _other_accounts(role: View, statement: Statement, named: list[Any]) -> Iterator[Problem]:
    own = role.template.account
    numbers = [found[1] for found in (NUMBER.fullmatch(str(item)) for item in named) if found]
    strange = next((number for number in numbers if number != own), None)
    if strange is None:
        return
    where = f"{statement.where}.Principal.AWS"
    if own is None:
        raise Undetermined(where, f"whether {strange} is its own account is not known; write AWS::AccountId for that")
    yield Problem(where, f"trusts the account {strange}, which decides itself who its roles are; expected {own} alone")


RULE = Rule(
    id="access.trust-named-principals",
    severity="error",
    title="A role that trusts an account names the principals that may take it on, of its own account",
    why="Anybody in the account who is given sts:AssumeRole, by whatever policy, takes on the role; nobody reads that "
    "in its trust policy. Who another account's principals are, nobody sees here at all; and who shares the role of "
    "CloudFormation needs no template for what it does.",
    fix="trust AWS::AccountId and add Condition: {ArnEquals: {aws:PrincipalArn: the role that may}} (CDK: "
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
