"""Whom a policy statement lets in, and whether a condition narrows it.

Source: IAM User Guide, "AWS JSON policy elements: Principal", read 2026-11-23.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nexis.rules._conditions import CALLERS_AND_NETWORKS, NETWORK_ADDRESSES, narrows
from nexis.templates.values import Unknown
from nexis.templates.views import Undetermined, walk

if TYPE_CHECKING:
    from nexis.rules._policy_documents import Statement


def is_all(text: str) -> bool:
    """Whether an action, principal or resource is nothing but wildcards.

    Args:
        text: such as `*` or `*:*`.
    """
    return re.fullmatch(r"[*?:]*\*[*?:]*", text.strip()) is not None


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
    return narrows(statement, CALLERS_AND_NETWORKS, NETWORK_ADDRESSES)


def open_element(statement: Statement) -> str:
    """Give the path of the element that lets everyone in."""
    return f"{statement.where}.{'NotPrincipal' if 'NotPrincipal' in statement.elements else 'Principal'}"
