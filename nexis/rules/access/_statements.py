"""Whom a policy statement lets in, and whether a condition narrows it.

Sources: IAM User Guide, "AWS JSON policy elements: Principal" and "Condition operators"; Amazon S3 User Guide, "The
meaning of 'public'" (which conditions keep a policy from being public). Read 2026-11-23.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from nexis.facts.cidr import opens_to_anyone, read_range
from nexis.templates.values import Unknown
from nexis.templates.views import Undetermined, walk

if TYPE_CHECKING:
    from nexis.rules._policy_documents import Statement

#: Condition keys that narrow a statement for everyone to callers somebody chose, in lower case.
NARROWING_KEYS: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:vpcsourceip",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)

#: Operators that hold only when the key is there and matches; `…IfExists` and `ForAllValues:` hold without the key too.
NARROWING_OPERATORS: Final = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"}
)


def is_all(text: str) -> bool:
    """Whether an action, principal or resource is nothing but wildcards.

    Args:
        text: such as `*` or `*:*`.
    """
    return re.fullmatch(r"[*:]*\*[*:]*", text.strip()) is not None


def is_anyone(statement: Statement) -> bool:
    """Whether the principal of a statement is everyone, signed in or not, or everyone but somebody.

    Args:
        statement: a statement of a resource, trust or endpoint policy.

    Raises:
        Undetermined: the principal is open.
    """
    if "NotPrincipal" in statement.elements:
        return True
    for path, value in walk(statement.elements.get("Principal"), ("Principal",)):
        if isinstance(value, Unknown):
            raise Undetermined(".".join((statement.where, *map(str, path))), value.reason)
        if is_all(str(value)):
            return True
    return False


def is_narrowed(statement: Statement) -> bool:
    """Whether a statement's condition narrows "everyone" to callers somebody chose.

    Args:
        statement: a statement.

    Raises:
        Undetermined: the condition is open.
    """
    return any(
        operator.lower().removeprefix("foranyvalue:") in NARROWING_OPERATORS
        and key in NARROWING_KEYS
        and values != []
        and not any(map(_is_everywhere, values))
        for operator, key, values in statement.conditions()
    )


def open_element(statement: Statement) -> str:
    """Give the path of the element that lets everyone in."""
    return f"{statement.where}.{'NotPrincipal' if 'NotPrincipal' in statement.elements else 'Principal'}"


def _is_everywhere(value: str) -> bool:
    """Whether a condition's value lets everyone match."""
    if is_all(value):
        return True
    try:
        return opens_to_anyone([read_range(value)])
    except ValueError:
        return False
