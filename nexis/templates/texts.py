"""Texts with references in them: taking them apart, and writing values as JSON."""

from __future__ import annotations

import json
from typing import Any, Final

from nexis.patterns import pattern
from nexis.records import record
from nexis.templates.values import NO_VALUE, OPEN_PART, Reference, Text, Unknown, joined

#: Pseudo parameters whose text holds nothing but letters, digits, hyphens and dots.
PLAIN_PSEUDO: Final = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackName", "AWS::URLSuffix"})
PLAIN_CHARACTERS: Final = pattern(r"[A-Za-z0-9.-]")
#: What a name or an ARN does not hold.
SEPARATORS: Final = frozenset(",;|\n\t ")
#: The attribute of a reference that stands for a whole list, joined.
JOINED: Final = "joined"

_MARK: Final = pattern("\ue000([0-9]{1,6})\ue001")


@record
class Beginning:
    """The items of a text that is split, up to a reference that may hold the delimiter.

    Args:
        certain: the items before it.
        goes_on: the reference.
    """

    certain: list[str]
    goes_on: Reference


def split_text(text: Text, delimiter: str) -> list[str] | Beginning:
    """Split a text with references in it.

    Args:
        text: the text.
        delimiter: not empty.
    """
    items: list[list[str]] = [[]]
    for part in text.parts:
        if isinstance(part, Reference):
            if not _is_whole(part, delimiter):
                return Beginning([_one_text(item) for item in items[:-1]], part)
            items[-1].append(part)
            continue
        first, *more = part.split(delimiter)
        items[-1].append(first)
        items += [[piece] for piece in more]
    return [_one_text(item) for item in items]


def _is_whole(reference: Reference, delimiter: str) -> bool:
    """Whether the text of a reference cannot hold a delimiter."""
    if reference.attribute == JOINED or reference.logical_id in ("AWS::AvailabilityZones", "AWS::NotificationARNs"):
        return False
    if set(delimiter) & SEPARATORS:
        return True
    return reference.logical_id in PLAIN_PSEUDO and not all(PLAIN_CHARACTERS.match(c) for c in delimiter)


def _one_text(parts: list[str]) -> str:
    text = joined(part for part in parts if part != "")
    assert isinstance(text, str)
    return text


def json_text(value: Any) -> str | Unknown:
    """Write a resolved value as JSON; references in it stay references, and what is open in it open.

    Args:
        value: a resolved value.
    """
    references: list[Reference] = []
    opened: list[Unknown] = []
    try:
        marked = _marked(value, references, opened)
    except _NotKnownError as problem:
        return Unknown(str(problem))
    if opened:
        return Unknown(opened[0].reason, text=_dumped(_named(marked, references)))
    pieces = _MARK.split(_dumped(marked))
    parts = [references[int(p)] if n % 2 and int(p) < len(references) else p for n, p in enumerate(pieces)]
    return joined(part for part in parts if part != "")


def _dumped(value: Any) -> str:
    """Write JSON as `Fn::ToJsonString` does, without blanks. Source: its examples in the Template Reference."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _NotKnownError(Exception):
    """A value that has no JSON text."""


def _named(value: Any, references: list[Reference]) -> Any:
    """Put the names of references in the places of their marks."""
    if isinstance(value, dict):
        return {key: _named(item, references) for key, item in value.items()}
    if isinstance(value, list):
        return [_named(item, references) for item in value]
    if not isinstance(value, str):
        return value
    return _MARK.sub(lambda mark: str(references[int(mark[1])]) if int(mark[1]) < len(references) else mark[0], value)


def _marked(value: Any, references: list[Reference], opened: list[Unknown]) -> Any:
    """Put a mark in the place of each reference, and `OPEN_PART` in that of each value that is open."""
    if isinstance(value, dict):
        return {str(key): _marked(item, references, opened) for key, item in value.items()}
    if isinstance(value, list):
        return [_marked(item, references, opened) for item in value]
    if value is NO_VALUE:
        raise _NotKnownError("an Fn::ToJsonString of nothing")
    if isinstance(value, Unknown):
        opened.append(value)
        return value.text or OPEN_PART
    if not isinstance(value, Reference | Text):
        return value
    made = []
    for part in value.parts if isinstance(value, Text) else (value,):
        if isinstance(part, Reference):
            made.append(f"\ue000{len(references)}\ue001")
            references.append(part)
        else:
            made.append(part)
    return "".join(made)
