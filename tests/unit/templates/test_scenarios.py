from __future__ import annotations

import pytest

from nexis.templates.scenarios import MOST_SCENARIOS, Choices, Fork, TooManyScenarios, scenarios


def test_an_evaluation_without_choices_runs_once() -> None:
    assert [(str(s.choices), s.result) for s in scenarios(lambda choices: 5)] == [("", 5)]


def test_every_option_is_evaluated_in_order() -> None:
    found = [s.result for s in scenarios(lambda c: (c.pick("size", ("s", "l")), c.pick("count", (1, 2))))]
    assert found == [("s", 1), ("s", 2), ("l", 1), ("l", 2)]


def test_choices_that_are_not_reached_are_not_made() -> None:
    found = [
        (str(s.choices), s.result)
        for s in scenarios(lambda c: c.pick("count", (1, 2)) if c.pick("big", (True, False)) else 0)
    ]
    assert found == [("big is true, count = 1", 1), ("big is true, count = 2", 2), ("big is false", 0)]


def test_a_choice_once_made_stays() -> None:
    assert all(s.result for s in scenarios(lambda c: c.pick("a", (1, 2)) == c.pick("a", (1, 2))))


def test_a_single_option_is_no_choice() -> None:
    assert Choices({}).pick("size", ("s",)) == "s"
    with pytest.raises(Fork):
        Choices({}).pick("size", ("s", "l"))


def test_as_many_scenarios_as_allowed_and_not_one_more() -> None:
    options = tuple(range(MOST_SCENARIOS))
    assert [s.result for s in scenarios(lambda c: c.pick("n", options))] == list(options)
    with pytest.raises(TooManyScenarios):
        list(scenarios(lambda c: c.pick("n", (*options, -1))))
