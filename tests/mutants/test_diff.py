"""Whatever weakens our templates so that a rule fails is weaker in the comparison; the same said otherwise is nothing.

A sample of the mutants: each line of the weakening table, in one of the ways a template can say it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nexis.diff.compare import compare
from nexis.templates.resolver import ParameterSource
from tests.deploy.weaken import weakenings
from tests.mutants.mutate import baseline, good_mutants, weak_mutants

if TYPE_CHECKING:
    from nexis.diff.model import Comparison
    from tests.mutants.mutate import Mutant

LINES = list(enumerate(weakenings()))
#: Of many mutants that say the same value differently, every so many is compared.
EVERY = 29
ACTS = ("hosts", "data")  # deployments that replace or delete are told both ways
pytestmark = pytest.mark.long


def change_to(mutant: Mutant) -> Comparison:
    source = ParameterSource(strict=mutant.strict)
    return compare([baseline(mutant.line.environment)], [mutant.assembly], parameters=source, baseline=True)


def test_every_weakening_is_weaker_by_the_rule_that_must_stop_it() -> None:
    missed = []
    compared = 0
    for number, line in LINES:
        mutants = list(weak_mutants(number, line))
        for mutant in mutants[number % max(1, len(mutants)) :][:1]:
            compared += 1
            if line.rule not in {change.rule for change in change_to(mutant).weaker}:
                missed.append(str(mutant))
    assert missed == []
    assert compared > len(LINES) * 0.9


def test_taking_a_weakening_back_is_stronger() -> None:
    for number, line in LINES[::7]:
        for mutant in list(weak_mutants(number, line))[:1]:
            base = baseline(line.environment)
            there = compare([base], [mutant.assembly], baseline=True)
            back = compare([mutant.assembly], [base], baseline=True)
            weaker = {(c.section, c.rule) for c in there.changes if c.direction == "weaker" and c.section not in ACTS}
            stronger = {(c.section, c.rule) for c in back.changes if c.direction == "stronger"}
            assert (str(mutant), weaker) == (str(mutant), stronger)


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_same_value_said_differently_changes_nothing(environment: str) -> None:
    base = baseline(environment)
    alarms = [
        f"{name}: {change.message}"
        for name, assembly in list(good_mutants(environment))[::EVERY]
        for change in compare([base], [assembly], baseline=True).changes
    ]
    assert alarms == []
