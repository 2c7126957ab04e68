"""Resource policies as rules read them: statements with lists, whether written as a map or as JSON text.

Source: IAM User Guide, "IAM JSON policy element reference".
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.globs import matches_glob
from nexis.patterns import pattern
from nexis.records import record
from nexis.templates.values import OPEN_PART, Reference, Text, Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nexis.templates.views import View

_PARTITION: Final = pattern(r"^arn:(?:\$\{[^}]*\}|[^:]*):")


@record
class Statement:
    """One statement of a policy.

    Args:
        where: its place, for reports ("Properties.PolicyDocument.Statement.0").
        elements: its elements, by name.
        strict: whether a part of a text that cannot be known may be anything, wildcards included; otherwise it is
            taken for a name, which is what templates leave open.
    """

    where: str
    elements: Mapping[str, Any]
    strict: bool = False

    def texts(self, name: str) -> list[str]:
        """Give an element's texts; one text counts as a list of one, nothing as an empty list.

        Args:
            name: of the element, such as `Action`.

        Raises:
            Undetermined: one of them is open, or no text.
        """
        return texts(self.elements.get(name), f"{self.where}.{name}")

    def listed(self, name: str) -> list[Any]:
        """Give an element's items as they are, open ones included; one item counts as a list of one.

        Args:
            name: of the element, such as `Resource`.

        Raises:
            Undetermined: the element as a whole is open.
        """
        value = self.elements.get(name)
        if isinstance(value, Unknown) and not value.text:
            raise Undetermined(f"{self.where}.{name}", value.reason)
        return value if isinstance(value, list) else [] if value is None else [value]

    @property
    def allows(self) -> bool:
        """Whether it allows."""
        return self._effect() == "Allow"

    @property
    def denies(self) -> bool:
        """Whether it denies."""
        return self._effect() == "Deny"

    def _effect(self) -> str:
        effect = self.elements.get("Effect")
        if isinstance(effect, Unknown):
            raise Undetermined(f"{self.where}.Effect", effect.reason)
        return effect if isinstance(effect, str) else ""

    def is_for_everyone(self) -> bool:
        """Whether its principal is everyone: `*`, or `*` as an AWS principal.

        Raises:
            Undetermined: a principal is open.
        """
        principal = self.elements.get("Principal")
        where = f"{self.where}.Principal"
        if isinstance(principal, dict):
            return any("*" in texts(names, f"{where}.{kind}") for kind, names in principal.items() if kind == "AWS")
        return "*" in texts(principal, where)

    def conditions(self) -> list[tuple[str, str, list[str]]]:
        """Give its conditions as (operator, key in lower case, values).

        Raises:
            Undetermined: something in them is open or has another shape.
        """
        return [(operator, key.lower(), texts(values, where)) for operator, key, values, where in self.asked()]

    def asked(self) -> list[tuple[str, str, Any, str]]:
        """Give its conditions as (operator, key, values as they are, place); values may be open.

        Raises:
            Undetermined: an operator or its keys are open or have another shape.
        """
        where = f"{self.where}.Condition"
        found = _map(self.elements.get("Condition"), where)
        return [
            (str(operator), str(key), values, f"{where}.{operator}.{key}")
            for operator, keys in found.items()
            for key, values in _map(keys, f"{where}.{operator}").items()
        ]


def statements(resource: View, *path: str | int) -> list[Statement]:
    """Give the statements of a policy.

    Args:
        resource: the resource that holds the policy.
        path: of the policy document, from `Properties` down.

    Returns:
        The statements; none when there is no policy.

    Raises:
        Undetermined: the document or its list of statements is open, or is no policy.
    """
    document = policy_document(resource, *path)
    where = place(*path, "Statement")
    found = document.get("Statement")
    if isinstance(found, Unknown):
        raise Undetermined(where, found.reason)
    listed = found if isinstance(found, list) else [] if found is None else [found]
    made: list[Statement] = []
    for position, item in enumerate(listed):
        here = f"{where}.{position}"
        if isinstance(item, Unknown):
            raise Undetermined(here, item.reason)
        if not isinstance(item, dict):
            raise Undetermined(here, f"found a {type(item).__name__}, expected a statement (a map)")
        made.append(Statement(here, item, resource.scene.resolver.parameters.strict))
    return made


def policy_document(resource: View, *path: str | int) -> Mapping[str, Any]:
    """Read a JSON document that may be written as text; an empty map when there is none.

    Args:
        resource: the resource that holds it.
        path: of the document, from `Properties` down.

    Raises:
        Undetermined: it is open, or no map.
    """
    value = resource.peek(*path)
    if isinstance(value, Unknown):
        value = _open_parts(value, place(*path))
    if isinstance(value, Absent):
        return {}
    if isinstance(value, str):
        value = _parsed(value, place(*path))
    if not isinstance(value, dict):
        raise Undetermined(place(*path), f"found a {type(value).__name__}, expected a policy (a map)")
    return value


def _open_parts(value: Unknown, where: str) -> Any:
    """Read JSON text of which some parts cannot be known; the texts in it that hold such a part are open."""
    try:
        return _reopened(json.loads(value.text), value.reason)
    except (ValueError, RecursionError):
        raise Undetermined(where, value.reason) from None


def _reopened(value: Any, reason: str) -> Any:
    if isinstance(value, dict):
        return {key: _reopened(item, reason) for key, item in value.items()}
    if isinstance(value, list):
        return [_reopened(item, reason) for item in value]
    return Unknown(reason, stands=True, text=value) if isinstance(value, str) and OPEN_PART in value else value


def texts(value: Any, where: str) -> list[str]:
    """Give a value's texts; one text counts as a list of one, nothing as an empty list.

    Args:
        value: a resolved value.
        where: its place, for reports.

    Raises:
        Undetermined: one of them is open, or no text.
    """
    found: list[str] = []
    for item in value if isinstance(value, list) else [] if value is None else [value]:
        if isinstance(item, Unknown):
            raise Undetermined(where, item.reason)
        if isinstance(item, bool):
            found.append("true" if item else "false")
        elif isinstance(item, (int, float)):
            found.append(str(item))
        elif isinstance(item, str):
            found.append(item)
        else:
            raise Undetermined(where, f"found a {type(item).__name__}, expected text")
    return found


def named_as(value: str, subject: View, names: Mapping[str, str]) -> str:
    """Write a text with every reference to a resource replaced by that resource's name.

    Args:
        value: a literal, a reference, or a text with references in it.
        subject: the resource.
        names: what to write for each of its attributes (`""` for `Ref`).
    """

    def written(part: str) -> str:
        reference = _as_reference(part)
        if reference is None or not subject.is_named_by(reference):
            return str(part)
        return names.get(reference.attribute, str(part))

    parts: Sequence[str] = value.parts if isinstance(value, Text) else (value,)
    return "".join(written(part) for part in parts)


def covers(pattern: str, arn: str) -> bool:
    """Whether a pattern with `*` and `?` covers an ARN, whatever the partition.

    Args:
        pattern: from a policy or a selection.
        arn: the ARN.
    """
    return matches_glob(_any_partition(pattern), _any_partition(arn))


def covers_all_below(pattern: str, arn: str) -> bool:
    """Whether a pattern covers everything that begins with an ARN.

    Args:
        pattern: from a policy.
        arn: the beginning ("arn:aws:s3:::bucket/").
    """
    # A last `*` takes up whatever follows once the pattern has reached the end of the beginning.
    return pattern.endswith("*") and covers(pattern, arn)


def _any_partition(text: str) -> str:
    return _PARTITION.sub("arn:-:", text, count=1)


def _as_reference(part: str) -> Reference | None:

    return part if isinstance(part, Reference) and part.is_resource else None


def _map(value: Any, where: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if isinstance(value, Unknown):
        raise Undetermined(where, value.reason)
    if not isinstance(value, dict):
        raise Undetermined(where, f"found a {type(value).__name__}, expected a map")
    return value


def _parsed(text: str, where: str) -> Any:
    """Read JSON text and put the references that stood in it back in their places."""
    if is_deferred(text) and not isinstance(text, Text):
        raise Undetermined(where, f"{text!r} is known only after deployment")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Undetermined(where, "found text that is no JSON, expected a policy") from None
    references = {str(part): part for part in text.references} if isinstance(text, Text) else {}
    return _restored(value, references) if references else value


def _restored(value: Any, references: Mapping[str, Reference]) -> Any:
    if isinstance(value, dict):
        return {key: _restored(item, references) for key, item in value.items()}
    if isinstance(value, list):
        return [_restored(item, references) for item in value]
    if not isinstance(value, str):
        return value
    pieces = re.split("(" + "|".join(map(re.escape, references)) + ")", value)
    parts = tuple(references.get(piece, piece) for piece in pieces if piece)
    if not any(piece in references for piece in pieces):
        return value
    return parts[0] if len(parts) == 1 else Text(parts)
