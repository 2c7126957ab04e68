"""Choices about a value that is not known: what it equals, and which key of a map it is.

Both are named by the expression that stands for the value, so that the same value is never two things in one scenario.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from nexis.templates.scenarios import Choices

MOST_KEYS: Final = 48  # more than AWS has regions


class Other:
    """The choice of a key that a map has not."""

    def __repr__(self) -> str:
        return "another"


OTHER: Final = Other()


@record
class Compared:
    """Whether an open value equals a text.

    Args:
        value: the expression, as JSON.
        text: what it is compared with.
        where: the template, in an assembly of several.
    """

    value: str
    text: str
    where: str

    def __str__(self) -> str:
        return f"{_plain(self.value)} equals {self.text!r}{self.where}"


@record
class Key:
    """Which key of a map an open value is.

    Args:
        value: the expression, as JSON.
        where: the template, in an assembly of several; and the map, where another map has other keys.
    """

    value: str
    where: str

    def __str__(self) -> str:
        return f"{_plain(self.value)}{self.where}"


def _plain(value: str) -> str:
    """Say a reference by its name alone."""
    return value.removeprefix('{"Ref": "').removesuffix('"}') if value.startswith('{"Ref": ') else value


def choose_equal(choices: Choices, value: str, text: str, where: str) -> bool:
    """Choose whether an open value equals a text, in keeping with what was chosen before.

    Args:
        choices: the choices of the scenario.
        value: the expression, as JSON.
        text: what it is compared with.
        where: the template, in an assembly of several.
    """
    known = chosen(choices, value, where)
    if known is not None:
        return known == text
    return bool(choices.pick(Compared(value, text, where), (True, False)))


def choose_key(choices: Choices, value: str, keys: Sequence[str], where: str, table: str, *, other: bool) -> str | None:
    """Choose which key an open value is, in keeping with what was chosen before.

    Args:
        choices: the choices of the scenario.
        value: the expression, as JSON.
        keys: those of the map.
        where: the template, in an assembly of several.
        table: the name of the map.
        other: whether it may be none of them.

    Returns:
        The key; None for another.
    """
    known: str | Other | None = chosen(choices, value, where)
    if known is None:
        out = set(_excluded(choices, value, where))
        options = [key for key in keys if key not in out] or list(keys)
        known = choices.pick(Key(value, where), (*options, *((OTHER,) if other else ())))
    if isinstance(known, str) and known in keys:
        return known
    if other:
        return None
    # A map with other keys: no stack is deployed with a key that it has not.
    return str(choices.pick(Key(value, f"{where} in {table}"), tuple(keys)))


def chosen(choices: Choices, value: str, where: str) -> str | None:
    """Give what an open value was chosen to be, if anything.

    Args:
        choices: the choices of the scenario.
        value: the expression, as JSON.
        where: the template, in an assembly of several.
    """
    if not choices.made:
        return None
    if choices.known is None:
        choices.known = _known(choices)
    return choices.known.get((value, where))


def _known(choices: Choices) -> dict[Hashable, str]:
    """Give the texts that open values were chosen to be: the key of a map first, then what they are equal to."""
    known: dict[Hashable, str] = {}
    for made, outcome in choices.made.items():
        if isinstance(made, Compared) and outcome:
            known.setdefault((made.value, made.where), made.text)
    for made, outcome in choices.made.items():
        if isinstance(made, Key) and isinstance(outcome, str):
            known[made.value, made.where] = outcome
    return known


def _excluded(choices: Choices, value: str, where: str) -> Iterator[str]:
    return (c.text for c, yes in _compared(choices, value, where) if not yes)


def _compared(choices: Choices, value: str, where: str) -> Iterator[tuple[Compared, bool]]:
    for made, outcome in choices.made.items():
        if isinstance(made, Compared) and (made.value, made.where) == (value, where):
            yield made, bool(outcome)
