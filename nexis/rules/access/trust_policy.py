"""A role can be taken on only by principals that its trust policy names."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.rules._policy_documents import statements
from nexis.rules.access._statements import is_anyone, is_narrowed, open_element
from nexis.rules.model import Problem, Rule, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View


def check(role: View) -> Iterator[Problem]:
    """Judge a role."""
    for statement in statements(role, "AssumeRolePolicyDocument"):
        yield from parts(partial(_statement, statement))


def _statement(statement: Statement) -> Iterator[Problem]:
    if not statement.allows:
        return
    if is_anyone(statement) and not is_narrowed(statement):
        yield Problem(
            open_element(statement), "lets everyone take on the role; expected named principals, or a condition on who"
        )
    actions = [action.lower() for action in statement.texts("Action")]
    if "sts:assumerolewithwebidentity" in actions and not statement.elements.get("Condition"):
        yield Problem(
            f"{statement.where}.Condition",
            "is absent, so everyone with an account at the identity provider can take on the role; "
            "expected conditions on the audience and the subject",
        )


RULE = Rule(
    id="access.trust-policy",
    severity="error",
    title="A role can be taken on only by principals that its trust policy names",
    why="Whoever can take on the role has all it may do, from any account in the world.",
    fix="name the service or role in AssumeRolePolicyDocument's Principal (CDK: assumed_by=ServicePrincipal(...)); for "
    "Principal * add a condition such as aws:PrincipalArn",
    types=("AWS::IAM::Role",),
    check=check,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.1", "CC6.3")},
    source="IAM User Guide, AWS JSON policy elements: Principal",
)
