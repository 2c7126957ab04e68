"""The policy of a KMS key names who may use it."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._policy_documents import Statement, statements
from nexis.rules.model import Problem, Rule, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.templates.views import View

#: Operators that must match for the statement to hold. The …IfExists forms hold without the key, the negative ones for
#: everybody else, and ForAllValues for nobody at all. Source: IAM User Guide, IAM JSON policy elements: Condition
#: operators.
EXACT: Final = ("stringequals", "stringequalsignorecase", "arnequals", "arnlike", "stringlike")
#: Of these, the ones in which `*` and `?` are wildcards. (ArnEquals and ArnLike are the same.)
WITH_WILDCARDS: Final = ("arnequals", "arnlike", "stringlike")


def _is_whole(value: str) -> bool:
    return bool(value) and not set(value) & set("*?")


def _names_account(arn: str) -> bool:
    # A reference reads as ${…} and may have colons in it.
    fields = re.sub(r"\$\{[^}]*\}", "reference", arn).split(":")
    if len(fields) < 6:
        return fields == ["reference"]
    return _is_whole(fields[4])


#: Condition keys that narrow "everyone" down, and when a value with wildcards still does. kms:ViaService alone does
#: not: it says through which service, not who. Source: KMS Developer Guide, Condition keys for AWS KMS; IAM User Guide,
#: AWS global condition context keys.
NARROWING: Final[dict[str, Callable[[str], bool]]] = {
    "aws:principalaccount": _is_whole,
    "aws:principalarn": _names_account,
    "aws:principalorgid": _is_whole,
    "aws:principalorgpaths": lambda value: _is_whole(value.split("/")[0]),
    "aws:sourceaccount": _is_whole,
    "aws:sourcearn": _names_account,
    "kms:calleraccount": _is_whole,
}


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
    elif statement.is_for_everyone() and not _is_narrowed(statement):
        yield Problem(
            f"{statement.where}.Principal",
            "allows everyone, in any account; expected named principals, or a condition such as StringEquals "
            "kms:CallerAccount with this account",
        )


def _is_narrowed(statement: Statement) -> bool:
    return any(_narrows(*condition) for condition in statement.conditions())


def _narrows(operator: str, key: str, values: list[str]) -> bool:
    name = operator.lower().removeprefix("foranyvalue:")
    narrow = NARROWING.get(key)
    if name not in EXACT or narrow is None or not values:
        return False
    return name not in WITH_WILDCARDS or all(narrow(value) for value in values)


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
