"""What a policy statement lets in, allows and reaches, and whether a condition narrows it.

Sources: IAM User Guide, "AWS JSON policy elements: Principal", and "Resource"; "Policies and permissions in IAM" (an
explicit deny wins). Read 2026-11-23.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.globs import matches_glob
from nexis.patterns import pattern
from nexis.records import replace
from nexis.rules._conditions import CALLERS_AND_NETWORKS, EXACT, NETWORK_ADDRESSES, narrows, open_name
from nexis.rules._policy_documents import statements
from nexis.rules.model import parts
from nexis.templates.values import OPEN_PART, Unknown
from nexis.templates.views import Undetermined, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.rules.model import Problem
    from nexis.templates.views import View

#: `Deny` with one of these on a narrowing key refuses everyone but somebody. (With …IfExists, also those without it.)
ALL_BUT: Final = {
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
}


ALL: Final = pattern(r"[*?:]*\*[*?:]*")
WHOLE_SERVICE: Final = pattern(r"[^:*?]+:[*?]*\*[*?]*")
#: The beginning of the ARN of a principal in any account.
ANY_ACCOUNT: Final = pattern(r"arn:[^:]*:(?:iam|sts)::[*?]*\*[*?]*:")
REFERENCE: Final = pattern(r"\$\{[^}]*\}")
ALL_OF_A_SERVICE: Final = pattern(r"[*?/:]*\*[*?/:]*")
ALL_OF_A_KIND: Final = pattern(r"[A-Za-z-]+[/:][*?/:]*\*[*?/:]*")


def is_all(text: str) -> bool:
    """Whether an action, principal or resource is nothing but wildcards.

    Args:
        text: such as `*` or `*:*`.
    """
    return ALL.fullmatch(text.strip()) is not None


def is_whole_service(action: str) -> bool:
    """Whether an action is every action of one service.

    Args:
        action: such as `s3:*`.
    """
    return WHOLE_SERVICE.fullmatch(action.strip()) is not None


def is_anyone(statement: Statement) -> bool:
    """Whether the principal of a statement is everyone, signed in or not, or everyone but somebody.

    A principal that a parameter without a default or an import gives, as in `{"AWS": {"Ref": "ReaderArn"}}`, is
    somebody, except where parameters are taken strictly. Where the whole element is open, it may be `*`.

    Args:
        statement: a statement of a resource, trust or endpoint policy.

    Raises:
        Undetermined: the principal is open.
    """
    if "NotPrincipal" in statement.elements:
        return True
    found: Unknown | None = None
    place: tuple[str, ...] = ()
    for path, value in walk(statement.elements.get("Principal"), ("Principal",)):
        if isinstance(value, Unknown):
            if not is_somebody(value, statement, whole=len(path) == 1):
                found, place = found or value, place or tuple(map(str, path))
        elif is_all(str(value)) or ANY_ACCOUNT.match(str(value)):
            return True
    if found is not None:
        raise Undetermined(".".join((statement.where, *place)), found.reason)
    return False


def is_somebody(value: Unknown, statement: Statement, *, whole: bool = False) -> bool:
    """Whether an open value is taken for a name: what templates leave open is a name, unless asked to doubt it.

    Args:
        value: an open value.
        statement: where it stands.
        whole: whether it is all of an element, so that nothing tells what it is.
    """
    return not statement.strict and ((value.stands and not whole) or is_partly_named(value))


def is_left_open(resource: View, *path: str | int) -> bool:
    """Whether a property is a name that the template leaves open, as a parameter without a default does.

    Args:
        resource: the resource.
        path: of the property, from `Properties` down.
    """
    value = resource.peek(*path)
    return isinstance(value, Unknown) and value.stands and not resource.scene.resolver.parameters.strict


def is_partly_named(value: Unknown) -> bool:
    """Whether the known part of an open text names something, such as `arn:aws:iam::` before an account.

    Args:
        value: an open value.
    """
    return re.search(r"[A-Za-z0-9]", value.text.replace(OPEN_PART, "")) is not None


def is_narrowed(statement: Statement) -> bool:
    """Whether a statement's condition narrows "everyone" to callers somebody chose.

    Args:
        statement: a statement.

    Raises:
        Undetermined: the condition is open.
    """
    return narrows(statement, CALLERS_AND_NETWORKS, NETWORK_ADDRESSES)


def others_are_denied(listed: Iterable[Statement]) -> bool:
    """Whether a policy denies everyone but callers somebody chose, so that `Allow` for everyone is only for these.

    Args:
        listed: the statements of the policy.
    """
    for statement in listed:
        try:
            if statement.denies and is_anyone(statement) and narrows(_turned(statement), _KEYS, NETWORK_ADDRESSES):
                return True
        except Undetermined:
            continue  # what cannot be known denies nobody
    return False


_KEYS: Final = CALLERS_AND_NETWORKS


def _turned(statement: Statement) -> Statement:
    """Write "not these" as "these", to ask whether these are somebody."""
    condition = statement.elements.get("Condition")
    if not isinstance(condition, dict) or len(condition) != 1:
        return replace(statement, elements={})  # all conditions of a statement must hold: two deny less than one
    operator, keys = next(iter(condition.items()))
    name = str(operator).lower().removesuffix("ifexists")
    if name not in ALL_BUT or not isinstance(keys, dict) or len(keys) != 1:
        return replace(statement, elements={})
    return replace(statement, elements={"Condition": {ALL_BUT[name]: keys}})


def open_element(statement: Statement) -> str:
    """Give the path of the element that lets everyone in."""
    return f"{statement.where}.{'NotPrincipal' if 'NotPrincipal' in statement.elements else 'Principal'}"


def is_unbounded(resource: str) -> bool:
    """Whether a resource is everything, or everything of a service.

    Args:
        resource: such as `*` or `arn:aws:s3:::*`.
    """
    if is_all(resource):
        return True
    if not resource.startswith("arn:"):
        return False
    fields = _fields(resource)
    return "*" in fields[-1] if len(fields) < 6 else ALL_OF_A_SERVICE.fullmatch(fields[5]) is not None


def is_of_one_place(resource: str) -> bool:
    """Whether an ARN names its region and its account, and may leave open only which of their resources it means.

    Args:
        resource: such as `arn:aws:logs:eu-central-1:111111111111:*`.
    """
    fields = _fields(resource)
    return len(fields) == 6 and all(field and not set(field) & set("*?") for field in fields[2:5])


def may_be_of(resource: str, service: str) -> bool:
    """Whether a resource may be one of a service: `arn:aws:s3:::bucket/*` is no role.

    Args:
        resource: an ARN or `*`.
        service: as the ARNs of the service write it, such as `iam`.
    """
    fields = _fields(resource)
    return len(fields) < 3 or fields[2] == "-" or matches_glob(fields[2], service)


def is_any_of_its_kind(resource: str) -> bool:
    """Whether a resource is everything of its kind, or more.

    Args:
        resource: such as `arn:aws:iam::111111111111:role/*`.
    """
    if is_unbounded(resource):
        return True
    fields = _fields(resource)
    return len(fields) == 6 and ALL_OF_A_KIND.fullmatch(fields[5]) is not None


def _fields(resource: str) -> list[str]:
    # A reference such as ${AWS::Region} is one field, or a part of one.
    return REFERENCE.sub("-", resource).split(":", 5)


def readable(statement: Statement, name: str, *, in_part: bool = True) -> Iterator[str]:
    """Give an element's texts, the known ones first.

    Args:
        statement: a statement.
        name: of the element, such as `Resource`.
        in_part: whether open texts are given too: what cannot be known stands in them as a name would.

    Raises:
        Undetermined: at the end, an item is open, or no text.
    """
    opened: Undetermined | None = None
    value = statement.elements.get(name)
    for item in value if isinstance(value, list) else [] if value is None else [value]:
        if isinstance(item, str):
            yield item
        elif in_part and isinstance(item, Unknown) and is_somebody(item, statement):
            yield str(open_name(item))
        elif opened is None:
            reason = item.reason if isinstance(item, Unknown) else f"found a {type(item).__name__}, expected text"
            opened = Undetermined(f"{statement.where}.{name}", reason)
    if opened is not None:
        raise opened


def known_actions(statement: Statement) -> list[str]:
    """Give the actions that are known and neither everything nor a whole service.

    access.exact-resources judges the others: what is open or too wide is said once.

    Args:
        statement: a statement.
    """
    value = statement.elements.get("Action")
    found = [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]
    return [action for action in found if not is_all(action) and not is_whole_service(action)]


def matches(pattern: str, action: str) -> bool:
    """Whether an action of a policy covers another.

    Args:
        pattern: as a policy writes it, such as `iam:Pass*`.
        action: a whole action, in lower case.
    """
    return matches_glob(pattern.strip().lower(), action)


def judge_statements(
    resource: View, path: tuple[str | int, ...], judge: Callable[[Statement], Iterator[Problem]]
) -> Iterator[Problem]:
    """Judge each statement of a policy document by itself.

    Args:
        resource: the resource that holds the document.
        path: of the document, from `Properties` down.
        judge: gives what is wrong with a statement.

    Raises:
        Undetermined: the document is open or none.
    """
    for statement in statements(resource, *path):
        yield from parts(partial(judge, statement))


def asks_for(statement: Statement, *keys: str) -> bool:
    """Whether a statement's condition asks for a certain value of one of some keys.

    Args:
        statement: a statement.
        keys: condition keys, in lower case; one that ends in `/` stands for all that begin with it.

    Raises:
        Undetermined: the condition is open or has another shape.
    """
    for operator, key, values, _ in statement.asked():
        name = operator.lower().removeprefix("foranyvalue:").removeprefix("forallvalues:")
        if not any(key.lower() == one or (one.endswith("/") and key.lower().startswith(one)) for one in keys):
            continue
        listed: list[Any] = values if isinstance(values, list) else [values]
        if name == "bool" and [str(value).lower() for value in listed] == ["true"]:
            return True
        if name in EXACT and listed and not any(isinstance(value, str) and is_all(value) for value in listed):
            return True
    return False
