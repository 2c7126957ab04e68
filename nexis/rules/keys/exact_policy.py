"""The policy of a KMS key names who may use it.

`kms:ViaService` alone narrows nothing: it says through which service a call comes, not whose it is. Source: KMS
Developer Guide, "AWS KMS condition keys", read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.rules._conditions import CALLERS, narrows
from nexis.rules._policy_documents import Statement, statements
from nexis.rules.model import Problem, Rule, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def check(key: View) -> Iterator[Problem]:
    """Look at every statement that allows something. A key without a policy gets KMS's own, for the account only."""
    yield from parts(*(partial(_statement, statement) for statement in statements(key, "KeyPolicy")))


def _statement(statement: Statement) -> Iterator[Problem]:
    if not statement.allows:
        return
    if "NotPrincipal" in statement.elements:
        yield Problem(
            f"{statement.where}.NotPrincipal", "allows everyone but a few; expected Principal with those who may"
        )
    elif statement.is_for_everyone() and not narrows(statement, CALLERS):
        yield Problem(
            f"{statement.where}.Principal",
            "allows everyone, in any account; expected named principals, or a condition such as StringEquals "
            "kms:CallerAccount with this account",
        )


RULE = Rule(
    id="keys.exact-policy",
    severity="fatal",
    title="The policy of a KMS key names who may use it",
    why="A key that everyone may use encrypts nothing from anyone: any AWS account could decrypt with it.",
    fix="name the principals in KeyPolicy, or add the condition StringEquals kms:CallerAccount with your account to a "
    "statement for Principal * (CDK: CustomerKey, or key.grant_…)",
    types=("AWS::KMS::Key", "AWS::KMS::ReplicaKey"),
    check=check,
    claims=("touchpoints.keys", "storage.at-rest"),
    controls={"SOC 2": ("CC6.1", "CC6.3"), "AWS FSBP": ("KMS.5",)},
    source="KMS Developer Guide, Key policies in AWS KMS: allowing multiple IAM principals, and Condition keys",
)
