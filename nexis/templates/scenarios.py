"""Evaluating something under every value that a template leaves open.

A resolver that meets a choice (an allowed value of a parameter, the outcome of a condition that cannot be decided)
asks `Choices.pick`. When the choice has not been made yet, the evaluation is abandoned and run again once for each
option. So a rule is written as if every value were known, and two conditions on one parameter never contradict
each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

T = TypeVar("T")

MOST_SCENARIOS = 256


class Fork(Exception):
    """A choice that has not been made."""

    def __init__(self, key: Hashable, options: Sequence[Any]) -> None:
        super().__init__(key)
        self.key = key
        self.options = options


class TooManyScenarios(Exception):
    """More combinations than can be evaluated."""


class Choices:
    """The choices of one scenario.

    Args:
        made: what was chosen, by key; keys read as a sentence says them ("parameter Size").
        decided: what followed of fewer of these choices; it is added to.
    """

    __slots__ = ("decided", "known", "made")

    def __init__(self, made: Mapping[Hashable, Any], decided: dict[Hashable, bool] | None = None) -> None:
        self.made = made
        self.decided: dict[Hashable, bool] = {} if decided is None else decided
        self.known: Mapping[Hashable, str] | None = None  # what follows of them, for `nexis.templates.open_values`

    def pick(self, key: Hashable, options: Sequence[Any]) -> Any:
        """Give the chosen option.

        Args:
            key: names the choice.
            options: what can be chosen; at least one.

        Raises:
            Fork: nothing has been chosen yet.
        """
        if len(options) == 1:
            return options[0]
        if key not in self.made:
            raise Fork(key, options)
        return self.made[key]

    def __str__(self) -> str:
        return ", ".join(_said(key, value) for key, value in self.made.items())


def _said(key: Hashable, value: Any) -> str:
    """Say a choice as a reader of reports does: `condition IsProduction is false`."""
    if isinstance(value, bool):
        text = str(key)
        if " equals " in text:
            return text.replace(" equals ", " is " if value else " is not ", 1)
        return f"{text} is {str(value).lower()}"
    return f"{key} = {value!r}"


class Scenario(Generic[T]):
    """What an evaluation gave under one set of choices."""

    __slots__ = ("choices", "result")

    def __init__(self, choices: Choices, result: T) -> None:
        self.choices = choices
        self.result = result


def scenarios(evaluate: Callable[[Choices], T]) -> Iterator[Scenario[T]]:
    """Evaluate under every combination of the choices that the evaluation asks for.

    Args:
        evaluate: a pure function of the choices.

    Raises:
        TooManyScenarios: after `MOST_SCENARIOS` evaluations.
    """
    waiting: list[Choices] = [Choices({})]
    evaluated = 0
    while waiting:
        choices = waiting.pop()
        try:
            result = evaluate(choices)
        except Fork as fork:
            waiting.extend(
                Choices({**choices.made, fork.key: option}, dict(choices.decided)) for option in reversed(fork.options)
            )
            if len(waiting) + evaluated > MOST_SCENARIOS:
                raise TooManyScenarios(f"more than {MOST_SCENARIOS} combinations of open values") from None
            continue
        evaluated += 1
        yield Scenario(choices, result)
