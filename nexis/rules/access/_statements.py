"""Statements of IAM policy documents, read from every shape in which a template writes them.

Source: IAM User Guide, "IAM JSON policy element reference"; Amazon S3 User Guide, "The meaning of 'public'" (which
conditions keep a policy from being public). Read 2026-11-23.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.cidr import opens_to_anyone, read_range
from nexis.templates.values import DynamicReference, Unknown
from nexis.templates.views import Absent, Undetermined, place, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.templates.views import View

Path = tuple[str | int, ...]

#: Condition keys that narrow a statement for everyone to callers somebody chose, in lower case.
NARROWING_KEYS: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalserviceName".lower(),
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

#: Operators that hold only when the key is there and matches. `…IfExists` and `ForAllValues:` also hold without the key.
NARROWING_OPERATORS: Final = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"}
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy document.

    Args:
        path: where it stands.
        body: its elements, resolved.
    """

    path: Path
    body: Mapping[str, Any]

    @property
    def allows(self) -> bool:
        """Whether it allows.

        Raises:
            Undetermined: its effect is open.
        """
        return self.one("Effect") != "Deny"

    def has(self, element: str) -> bool:
        """Whether an element is there."""
        return element in self.body

    def one(self, element: str) -> Any:
        """Give an element's value.

        Raises:
            Undetermined: it is open.
        """
        value = self.body.get(element)
        if isinstance(value, Unknown):
            raise Undetermined(self.place(element), value.reason)
        return value

    def texts(self, element: str) -> list[str]:
        """Give an element that is a text or a list of texts.

        Raises:
            Undetermined: it, or an item of it, is open.
        """
        value = self.one(element)
        items = value if isinstance(value, list) else [] if value is None else [value]
        for item in items:
            if isinstance(item, Unknown):
                raise Undetermined(self.place(element), item.reason)
            if isinstance(item, DynamicReference):
                raise Undetermined(self.place(element), f"{str(item)!r} is known only after deployment")
        return [str(item) for item in items]

    def place(self, *element: str) -> str:
        """Write the path of an element."""
        return place(*self.path, *element)


def statements(resource: View, *path: str | int) -> Iterator[Statement]:
    """Give the statements of a policy document: a map, or JSON text; one statement, or a list of them.

    Args:
        resource: where the document stands.
        path: of the document.

    Raises:
        Undetermined: the document, or the list of statements, is open or cannot be read.
    """
    document = resource.get(*path)
    if isinstance(document, Absent):
        return
    if isinstance(document, str):
        try:
            document = json.loads(str(document))
        except ValueError:
            raise Undetermined(place(*path), "found text that is no JSON document") from None
    if not isinstance(document, dict):
        raise Undetermined(place(*path), f"found a {type(document).__name__}, expected a policy document")
    found = document.get("Statement")
    if isinstance(found, Unknown):
        raise Undetermined(place(*path, "Statement"), found.reason)
    for position, body in enumerate(found if isinstance(found, list) else [] if found is None else [found]):
        here: Path = (*path, "Statement", position) if isinstance(found, list) else (*path, "Statement")
        if isinstance(body, Unknown):
            raise Undetermined(place(*here), body.reason)
        if not isinstance(body, dict):
            raise Undetermined(place(*here), f"found {body!r}, expected a statement")
        yield Statement(here, body)


def is_anyone(statement: Statement) -> bool:
    """Whether the principal of a statement is everyone, signed in or not.

    Args:
        statement: a statement of a resource, trust or endpoint policy.

    Raises:
        Undetermined: the principal is open.
    """
    if statement.has("NotPrincipal"):
        return True
    principal = statement.one("Principal")
    for path, value in walk(principal):
        if isinstance(value, Unknown):
            raise Undetermined(statement.place("Principal", *map(str, path)), value.reason)
        if is_all(str(value)):
            return True
    return False


def is_all(text: str) -> bool:
    """Whether an action, principal or resource is nothing but wildcards."""
    return re.fullmatch(r"[*:]*\*[*:]*", text.strip()) is not None


def is_narrowed(statement: Statement) -> bool:
    """Whether a statement's condition narrows "everyone" to callers somebody chose.

    Args:
        statement: a statement.

    Raises:
        Undetermined: the condition is open.
    """
    condition = statement.one("Condition")
    if not isinstance(condition, dict):
        return False
    return any(_narrows(statement, str(operator), tests) for operator, tests in condition.items())


def _narrows(statement: Statement, operator: str, tests: Any) -> bool:
    if isinstance(tests, Unknown):
        raise Undetermined(statement.place("Condition", operator), tests.reason)
    name = operator.lower().removeprefix("foranyvalue:")
    if name not in NARROWING_OPERATORS or not isinstance(tests, dict):
        return False
    for key, values in tests.items():
        if str(key).lower() in NARROWING_KEYS:
            listed = values if isinstance(values, list) else [values]
            if listed and not any(_is_everywhere(value) for value in listed):
                return True
    return False


def _is_everywhere(value: Any) -> bool:
    """Whether a condition's value lets everyone match; an open value is somebody's choice still to be made."""
    if isinstance(value, Unknown):
        return False
    text = str(value)
    if is_all(text):
        return True
    try:
        return opens_to_anyone([read_range(text)])
    except ValueError:
        return False
