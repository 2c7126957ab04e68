"""Whether a condition narrows "everyone" to callers somebody chose.

Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" and "AWS global condition context keys"; Amazon
S3 User Guide, "The meaning of 'public'" (which keys keep a policy from being public, and that a value with wildcards
does not). Read 2026-11-23.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.cidr import Range, opens_to_anyone, read_range
from nexis.rules._policy_documents import texts
from nexis.templates.values import OPEN_PART, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nexis.rules._policy_documents import Statement

#: Operators that must match for the statement to hold. The …IfExists forms hold without the key, the negative ones for
#: everybody else, and ForAllValues for nobody at all.
EXACT: Final = frozenset({"stringequals", "stringequalsignorecase", "arnequals", "arnlike", "stringlike"})
#: Of these, the ones in which `*` and `?` are wildcards. (ArnEquals and ArnLike are the same.)
WITH_WILDCARDS: Final = frozenset({"arnequals", "arnlike", "stringlike"})
ARNS: Final = frozenset({"arnequals", "arnlike"})
ADDRESSES: Final = "ipaddress"


def _is_whole(value: str) -> bool:
    return bool(value) and not set(value) & set("*?")


def _names_account(arn: str) -> bool:
    if _is_whole(arn):
        return True
    # A reference reads as ${…} and may have colons in it.
    fields = re.sub(r"\$\{[^}]*\}", "reference", arn).split(":", 5)
    # The name of a bucket belongs to one account, and its ARN has none.
    return len(fields) == 6 and (_is_whole(fields[4]) or (fields[2] == "s3" and _is_whole(fields[5].split("/")[0])))


def _first(separator: str) -> Callable[[str], bool]:
    return lambda value: _is_whole(value.split(separator)[0])


#: Keys that say who calls, or for whom a service calls, and whether a value with wildcards still narrows.
CALLERS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "aws:principalaccount": _is_whole,
        "aws:principalarn": _names_account,
        "aws:principalorgid": _is_whole,
        "aws:principalorgpaths": _first("/"),
        "aws:sourceaccount": _is_whole,
        "aws:sourcearn": _names_account,
        "aws:sourceorgid": _is_whole,
        "aws:sourceorgpaths": _first("/"),
        "kms:calleraccount": _is_whole,
    }
)

#: Keys that also narrow in the policies of other resources: by network, by session, by access point.
CALLERS_AND_NETWORKS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        **CALLERS,
        "aws:principalservicename": _is_whole,
        "aws:sourceowner": _is_whole,
        "aws:sourcevpc": _is_whole,
        "aws:sourcevpce": _is_whole,
        "aws:userid": _first(":"),
        "s3:dataaccesspointaccount": _is_whole,
        "s3:dataaccesspointarn": _names_account,
    }
)
NETWORK_ADDRESSES: Final = frozenset({"aws:sourceip", "aws:vpcsourceip"})


def narrows(statement: Statement, keys: Mapping[str, Callable[[str], bool]], addresses: Iterable[str] = ()) -> bool:
    """Whether a statement's condition narrows "everyone" to callers somebody chose.

    Args:
        statement: a statement.
        keys: condition keys that narrow, in lower case, each with whether a value with wildcards still does.
        addresses: condition keys that hold address ranges, in lower case.

    Raises:
        Undetermined: the condition is open.
    """
    held = frozenset(addresses)
    for operator, key, values, where in statement.asked():
        name, key = operator.lower().removeprefix("foranyvalue:"), key.lower()
        if not values:
            continue
        if name in EXACT and key in keys:
            # Without wildcards any value names somebody, also one that cannot be known here; and so does an open ARN.
            if name not in WITH_WILDCARDS or (name in ARNS and isinstance(values, Unknown) and not statement.strict):
                return True
            if all(map(keys[key], _known(values, where, in_part=not statement.strict))):
                return True
        if name == ADDRESSES and key in held and not opens_to_anyone(_ranges(texts(values, where))):
            return True
    return False


def _known(values: Any, where: str, *, in_part: bool) -> list[str]:
    """Give the texts; what cannot be known of them stands there as a name would."""
    return texts([open_name(v) if in_part and isinstance(v, Unknown) else v for v in as_list(values)], where)


def open_name(value: Unknown) -> Any:
    """Give an open value as the name that a template leaves open; as it is where it may be nothing at all.

    Args:
        value: such as a parameter without a default, or a text with one in it.
    """
    return value.text or (OPEN_PART if value.stands else value)


def as_list(value: Any) -> list[Any]:
    """Give a list; a single value counts as a list of one.

    Args:
        value: a resolved value.
    """
    return value if isinstance(value, list) else [value]


def _ranges(values: Sequence[str]) -> list[Range]:
    found = []
    for value in values:
        try:
            found.append(read_range(value if "/" in value else f"{value}/{128 if ':' in value else 32}"))
        except ValueError:
            continue  # a reference to something of a template, or nothing that matches
    return found
