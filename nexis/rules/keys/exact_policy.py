"""The policy of a KMS key names who may use it.

`kms:ViaService` alone narrows nothing: it says through which service a call comes, not whose it is. Source: KMS
Developer Guide, "AWS KMS condition keys", read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.patterns import pattern
from nexis.rules._conditions import CALLERS, narrows
from nexis.rules._policy_documents import Statement, statements
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.values import OPEN_PART, Unknown
from nexis.templates.views import Undetermined, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

#: Principals that belong to no account in particular.
ANY_ACCOUNT: Final = pattern(r"arn:[^:]*:(?:iam|sts)::[*?]*\*[*?]*:")


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
    elif _is_for_everyone(statement) and not narrows(statement, CALLERS):
        yield Problem(
            f"{statement.where}.Principal",
            "allows everyone, in any account; expected named principals, or a condition such as StringEquals "
            "kms:CallerAccount with this account",
        )


def _is_for_everyone(statement: Statement) -> bool:
    """Whether a principal is everyone."""
    opened: tuple[str, Unknown] | None = None
    for path, value in walk(statement.elements.get("Principal"), ("Principal",)):
        if isinstance(value, Unknown):
            if not _is_somebody(statement, value, whole=len(path) == 1):
                opened = opened or (".".join((statement.where, *map(str, path))), value)
        elif str(value).strip() == "*" or ANY_ACCOUNT.match(str(value)):
            return True
    if opened is not None:
        raise Undetermined(opened[0], opened[1].reason)
    return False


def _is_somebody(statement: Statement, value: Unknown, *, whole: bool) -> bool:
    """Whether an open value is taken for a name: an account's id in an ARN, a role that a parameter or an import names.

    Where every value counts (`--strict-parameters`), it may be `*`; and so may a whole `Principal`.
    """
    if statement.strict:
        return False
    return bool(value.text.replace(OPEN_PART, "").strip("*? ")) or (value.stands and not whole)


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
    cdk='key = CustomerKey(self, "Key", purpose="database storage")\nkey.allow_via_service("rds")',
    example={
        "Key": {
            "Type": "AWS::KMS::Key",
            "Properties": {
                "EnableKeyRotation": True,
                "KeyPolicy": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
                            "Action": "kms:*",
                            "Resource": "*",
                        }
                    ],
                },
            },
        }
    },
)
