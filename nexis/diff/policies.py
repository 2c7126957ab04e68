"""Reading policies of templates as grants.

Sources: AWS CloudFormation Template Reference (where each type keeps its policies); AWS Lambda Developer Guide,
"Resource-based policies" and "Function URLs"; IAM User Guide, "AWS JSON policy elements: Principal" (the id of an
account means its root). Read 2026-11-23.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from nexis.diff.grants import ANYONE, Choice, Condition, Grant
from nexis.diff.sides import OPEN
from nexis.rules._policy_documents import policy_document
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, Undetermined, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nexis.diff.sides import Side
    from nexis.templates.views import View

Path = tuple[str | int, ...]
EVERYTHING: Final = Choice(frozenset((ANYONE,)))
ADMINISTRATOR: Final = ":iam::aws:policy/AdministratorAccess"
ACCOUNT: Final = re.compile(r"(?:\d{12}|\$\{AWS::AccountId\})")
PARTITION: Final = re.compile(r"^arn:(?:\$\{[^}]*\}|[^:]*):")


@dataclass(frozen=True, slots=True)
class Access:
    """What policies say.

    Args:
        allows: what they allow.
        denies: what they deny.
        opens: what cannot be known of them.
    """

    allows: tuple[Grant, ...] = ()
    denies: tuple[Grant, ...] = ()
    opens: frozenset[str] = frozenset()

    def __add__(self, other: Access) -> Access:
        """Put the policies of one thing together."""
        return Access(self.allows + other.allows, self.denies + other.denies, self.opens | other.opens)


NONE: Final = Access()
ALL: Final = Access((Grant(EVERYTHING, EVERYTHING, EVERYTHING),))


def together(found: Iterable[Access]) -> Access:
    """Put the policies of one thing together."""
    whole = NONE
    for one in found:
        whole += one
    return whole


def document(side: Side, resource: View, *path: str | int) -> Access:
    """Read a policy document of a resource.

    Args:
        side: the side it stands on.
        resource: the resource.
        path: of the document, from `Properties` down.
    """
    try:
        found = policy_document(resource, *path).get("Statement")
    except Undetermined as problem:
        return _open(problem.reason, side.plain(resource.peek(*path)))
    if isinstance(found, Unknown):
        return _open(found.reason, side.plain(found))
    return together(
        statement(side, item) for item in (found if isinstance(found, list) else [] if found is None else [found])
    )


def _open(reason: str, written: Any) -> Access:
    return Access(opens=frozenset({f"{OPEN}{reason}{OPEN}{written}"}))


def statement(side: Side, item: Any) -> Access:
    """Read one statement.

    Args:
        side: the side it stands on.
        item: the resolved statement.
    """
    if not isinstance(item, dict):
        reason = item.reason if isinstance(item, Unknown) else "a statement is no map"
        return _open(reason, side.plain(item))
    effect = item.get("Effect")
    grant = Grant(
        _principals(side, item),
        _choice(side, item, "Action", lower=True),
        _choice(side, item, "Resource"),
        frozenset(_tests(side, item.get("Condition"))),
    )
    if effect == "Allow":
        return Access(allows=(grant,))
    if effect == "Deny":
        return Access(denies=(grant,))
    reason = effect.reason if isinstance(effect, Unknown) else f"the effect is {effect!r}"
    return _open(reason, side.plain(item))


def _texts(side: Side, value: Any) -> list[str]:
    """Write the values of an element; a part that cannot be known keeps its place, and what it hangs on."""
    written = side.plain(value)
    listed = written if isinstance(written, list) else [] if written is None else [written]
    return [PARTITION.sub("arn:-:", item if isinstance(item, str) else str(item), count=1) for item in listed]


def _choice(side: Side, item: dict[str, Any], name: str, *, lower: bool = False) -> Choice:
    negated = f"Not{name}" in item
    found = _texts(side, item.get(f"Not{name}" if negated else name))
    if lower:
        found = [text if OPEN in text else text.strip().lower() for text in found]
    patterns = frozenset(re.sub(r"\*{2,}", "*", text) for text in found)
    if ANYONE in patterns or (lower and "*:*" in patterns):
        patterns = frozenset((ANYONE,))
    return Choice(patterns, negated) if patterns or negated else EVERYTHING


def _principals(side: Side, item: dict[str, Any]) -> Choice:
    """Read who a statement is about; a policy of an identity names nobody, and means its bearer."""
    negated = "NotPrincipal" in item
    value = item.get("NotPrincipal" if negated else "Principal")
    if value is None and not negated:
        return EVERYTHING
    found: set[str] = set()
    for kind, names in value.items() if isinstance(value, dict) else (("AWS", value),):
        for text in _texts(side, names):
            found.add(_principal(str(kind), text))
    return Choice(frozenset((ANYONE,)) if ANYONE in found and not negated else frozenset(found), negated)


def _principal(kind: str, text: str) -> str:
    if text == ANYONE:
        return ANYONE if kind == "AWS" else f"{kind}:*"
    if ACCOUNT.fullmatch(text):
        text = f"arn:-:iam::{text}:root"
    return f"{kind}:{text}"


def _tests(side: Side, condition: Any) -> Iterator[Condition]:
    if isinstance(condition, Unknown):
        yield Condition(f"{OPEN}{condition.reason}", "", frozenset())
    for operator, keys in as_mapping(condition).items():
        if isinstance(keys, Unknown):
            yield Condition(str(operator).lower(), f"{OPEN}{keys.reason}", frozenset())
        for key, values in as_mapping(keys).items():
            yield Condition(str(operator).lower(), str(key).lower(), frozenset(_texts(side, values)))


def managed(arn: str) -> Access:
    """Give what a managed policy that stands in none of the templates allows: only its name is known.

    Args:
        arn: its ARN, as `Side.plain` writes it.
    """
    text = PARTITION.sub("arn:-:", arn, count=1)
    if text.endswith(ADMINISTRATOR):
        return ALL
    if OPEN in text:
        return Access(opens=frozenset({text}))
    name = text.rpartition(":policy/")[2] or text
    return Access((Grant(EVERYTHING, Choice(frozenset((f"(managed policy {name})",))), EVERYTHING),))


def lambda_permission(side: Side, permission: View) -> Access:
    """Read an AWS::Lambda::Permission.

    Args:
        side: the side it stands on.
        permission: the resource.
    """
    (principal,) = _texts(side, permission.peek("Principal")) or [ANYONE]
    kind = "Service" if "." in principal and not principal.startswith("arn:") and OPEN not in principal else "AWS"
    tests = []
    for name, operator, key in (
        ("SourceArn", "arnlike", "aws:sourcearn"),
        ("SourceAccount", "stringequals", "aws:sourceaccount"),
        ("PrincipalOrgID", "stringequals", "aws:principalorgid"),
        ("EventSourceToken", "stringequals", "lambda:eventsourcetoken"),
        ("FunctionUrlAuthType", "stringequals", "lambda:functionurlauthtype"),
    ):
        if not isinstance(value := permission.peek(name), Absent):
            tests.append(Condition(operator, key, frozenset(_texts(side, value))))
    actions = Choice(frozenset(text.lower() for text in _texts(side, permission.peek("Action"))))
    return Access((Grant(Choice(frozenset((_principal(kind, principal),))), actions, EVERYTHING, frozenset(tests)),))


def function_url(side: Side, url: View) -> Access:
    """Read an AWS::Lambda::Url: without authentication everyone may call it."""
    kind = side.plain(url.peek("AuthType"))
    if isinstance(kind, str) and OPEN in kind:
        return Access(opens=frozenset({kind}))
    if kind != "NONE":
        return NONE
    return Access((Grant(EVERYTHING, Choice(frozenset(("lambda:invokefunctionurl",))), EVERYTHING),))


def event_bus_policy(side: Side, policy: View) -> Access:
    """Read an AWS::Events::EventBusPolicy, whose one statement may be written as properties."""
    inline = policy.peek("Statement")
    if not isinstance(inline, Absent):
        return statement(side, inline)
    condition = as_mapping(policy.peek("Condition"))
    operator, key = str(condition.get("Type", "")), str(condition.get("Key", ""))
    made = {
        "Effect": "Allow",
        "Principal": policy.peek("Principal"),
        "Action": policy.peek("Action"),
        **({"Condition": {operator: {key: condition.get("Value")}}} if operator else {}),
    }
    return statement(side, made)


def share(side: Side, resource: View, principals: str, what: str) -> Access:
    """Read a resource that shares others with principals it lists.

    Args:
        side: the side it stands on.
        resource: the resource.
        principals: the property that lists them.
        what: the property that names what is shared.
    """
    who = frozenset(_principal("AWS", text) for text in _texts(side, resource.peek(principals)))
    where = Choice(frozenset(_texts(side, resource.peek(what))))
    return Access((Grant(Choice(who), Choice(frozenset(("(use what is shared)",))), where),)) if who else NONE
