"""Small tools to turn API answers into CloudFormation properties."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


def same(answer: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Keep members that CloudFormation calls by the same name.

    Args:
        answer: of the API.
        names: of the members; absent ones are left out.
    """
    return {name: answer[name] for name in names if answer.get(name) is not None}


def renamed(answer: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Keep members under CloudFormation's names.

    Args:
        answer: of the API.
        names: CloudFormation's name by the API's.
    """
    return {ours: answer[theirs] for theirs, ours in names.items() if answer.get(theirs) is not None}


def without_empty(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out empty texts and lists, which the API writes where nothing was set."""
    return {name: value for name, value in properties.items() if value not in ("", [], {}, None)}


def texts(properties: dict[str, Any], *names: str) -> dict[str, Any]:
    """Write some numbers as text, as CloudFormation does."""
    return {name: str(value) if name in names else value for name, value in properties.items()}


def policy(document: Any) -> Any:
    """Read a policy document; text that is no JSON stays as it is, for the rules to say so.

    Args:
        document: JSON text, or a document that boto3 has read already.
    """
    if not isinstance(document, str):
        return document
    try:
        return json.loads(document)
    except ValueError:
        return document


def tags(answer: Iterable[Mapping[str, str]] | None) -> dict[str, Any]:
    """Keep the tags that people gave; AWS's own begin with `aws:`."""
    kept = [
        {"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in answer or () if not tag["Key"].startswith("aws:")
    ]
    return {"Tags": kept} if kept else {}


def chunks(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """Cut items into sorted lists of a limited length.

    Args:
        items: such as the values of a filter.
        size: the most that AWS takes at once.
    """
    rest: Sequence[str] = sorted(items)
    while rest:
        yield list(rest[:size])
        rest = rest[size:]


def arn_tail(arn: str) -> str:
    """Give what follows region and account in an ARN."""
    return arn.split(":", 5)[-1]
