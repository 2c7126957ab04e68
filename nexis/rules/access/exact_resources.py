"""Policies allow exact actions on exact resources.

Fails: `*` or `service:*` as an action; `*`, or an ARN whose resource part is only `*`, as a resource of an action that
can be narrowed; `NotAction` and `NotResource`; the managed policy AdministratorAccess. A wildcard inside a name
(`bucket/*`, `instance/*`) passes. `Resource: "*"` passes for the actions in `_unscoped_actions`, and where a condition
asks for a tag of the resource (`aws:ResourceTag/…`), which names resources just as well.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._policy_documents import statements
from nexis.rules.access._statements import is_all
from nexis.rules.access._unscoped_actions import needs_any_resource
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

#: Where each type holds a policy document of its own.
DOCUMENTS: Final = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
#: Types with inline policies in `Policies`.
IDENTITIES: Final = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")

ADMINISTRATOR: Final = re.compile(r"arn:[^:]*:iam::aws:policy/AdministratorAccess$")


def check(resource: View) -> Iterator[Problem]:
    """Judge a policy, or the inline policies of an identity."""
    if resource.type in DOCUMENTS:
        yield from parts(partial(_document, resource, ("PolicyDocument",)))
        return
    yield from parts(partial(_inline, resource), partial(_attached, resource))


def _inline(resource: View) -> Iterator[Problem]:
    for position in range(len(resource.items("Policies"))):
        yield from parts(partial(_document, resource, ("Policies", position, "PolicyDocument")))


def _attached(resource: View) -> Iterator[Problem]:
    for position, arn in enumerate(resource.items("ManagedPolicyArns")):
        if isinstance(arn, str) and ADMINISTRATOR.match(arn.replace("${AWS::Partition}", "aws")):
            yield Problem(
                place("ManagedPolicyArns", position),
                "found AdministratorAccess, which allows everything on everything; expected exact policies",
            )


def _document(resource: View, path: tuple[str | int, ...]) -> Iterator[Problem]:
    for statement in statements(resource, *path):
        yield from parts(partial(_statement, statement))


def _statement(statement: Statement) -> Iterator[Problem]:
    if not statement.allows:
        return
    for element in ("NotAction", "NotResource"):
        if element in statement.elements:
            yield Problem(f"{statement.where}.{element}", f"allows everything but a list; expected {element[3:]}")
    yield from parts(partial(_actions, statement), partial(_resources, statement))


def _actions(statement: Statement) -> Iterator[Problem]:
    for action in statement.texts("Action"):
        if is_all(action) or (re.fullmatch(r"[^:*?]+:[*?]*\*[*?]*", action.strip()) and not needs_any_resource(action)):
            yield Problem(f"{statement.where}.Action", f"found {action!r}, expected the actions that are needed")


def _resources(statement: Statement) -> Iterator[Problem]:
    wide = [text for text in statement.texts("Resource") if _is_unbounded(text)]
    if not wide or _is_narrowed_by_tag(statement):
        return
    narrowable = [action for action in statement.texts("Action") if not needs_any_resource(action)]
    if narrowable or "NotAction" in statement.elements:
        actions = ", ".join(narrowable[:3]) + (", …" if len(narrowable) > 3 else "") if narrowable else "every action"
        yield Problem(
            f"{statement.where}.Resource", f"found {wide[0]!r} for {actions}; expected the resources that are needed"
        )


def _is_unbounded(resource: str) -> bool:
    if is_all(resource):
        return True
    if not resource.startswith("arn:"):
        return False
    # A reference such as ${AWS::Region} is one field, or a part of one.
    fields = re.sub(r"\$\{[^}]*\}", "-", resource).split(":", 5)
    return "*" in fields[-1] if len(fields) < 6 else re.fullmatch(r"[*?/:]*\*[*?/:]*", fields[5]) is not None


def _is_narrowed_by_tag(statement: Statement) -> bool:
    return any(
        operator.lower() in ("stringequals", "stringequalsignorecase") and "resourcetag/" in key
        for operator, key, _ in statement.conditions()
    )


RULE = Rule(
    id="access.exact-resources",
    severity="error",
    title="Policies allow exact actions on exact resources",
    why="What a role may do beyond its task is what an intruder may do with it.",
    fix="list the actions in Action and the ARNs in Resource; where IAM knows no resource for an action, give it a "
    "statement of its own (CDK: PolicyStatement(actions=[...], resources=[thing.arn]))",
    types=(*DOCUMENTS, *IDENTITIES),
    check=check,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.1", "CC6.3"), "AWS FSBP": ("IAM.1", "IAM.21")},
    source="IAM User Guide, Security best practices (least privilege); Service Authorization Reference",
)
