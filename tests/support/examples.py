"""How much is tried: everything in `make test` and in continuous integration, a part of it in `make test-fast`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

FAST_PROFILE: Final = "fast"
EVERYTHING: Final = 100  # examples of a test, unless it says another number
FAST: Final = 25


def register() -> None:
    """Make the profile of `make test-fast` known; `--hypothesis-profile` chooses it."""
    settings.register_profile(FAST_PROFILE, max_examples=FAST)


def examples(count: int) -> int:
    """Give the number of examples of a test that says its own: as many, or the part that the profile tries."""
    return max(1, count * _tried() // EVERYTHING)


def some(values: Sequence[T], turn: int) -> Sequence[T]:
    """Give the values to try in one of many places: all of them, or every fourth, beginning elsewhere each turn."""
    step = EVERYTHING // _tried()
    return values[turn % step :: step]


def _tried() -> int:
    return min(settings().max_examples, EVERYTHING)  # a new one has the values of the profile in use
