"""Every mutant is caught by its rule; the same indirections around the good value raise nothing.

`pytest -s tests/mutants` prints the escape rate and the false-alarm rate.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nexis.check import judge
from nexis.rules.registry import all_rules
from nexis.templates.resolver import ParameterSource
from tests.deploy.weaken import weakenings
from tests.mutants.mutate import baseline, good_mutants, weak_mutants

if TYPE_CHECKING:
    from nexis.templates.model import Assembly
    from tests.mutants.mutate import Mutant

ROOT = Path(__file__).resolve().parents[2]
WAIVED = {
    (waiver["rule"], waiver["resource"])
    for waiver in tomllib.loads((ROOT / "waivers.toml").read_text(encoding="utf-8"))["waiver"]
}
RULES = {rule.id: rule for rule in all_rules()}
LINES = list(enumerate(weakenings()))
pytestmark = pytest.mark.long

FEWEST = 600  # "several hundred", so that a broken generator does not pass as a perfect score


def is_caught(mutant: Mutant) -> bool:
    """Whether the right rule names the right construct."""
    return any(
        judgement.resource.construct == mutant.line.must_name
        and any(problem.verdict in mutant.verdicts for problem in judgement.problems)
        for judgement in judge(
            mutant.assembly, rules=[RULES[mutant.line.rule]], parameters=ParameterSource(strict=mutant.strict)
        )
    )


def test_no_mutant_escapes() -> None:
    mutants = [mutant for number, line in LINES for mutant in weak_mutants(number, line)]
    escaped = [str(mutant) for mutant in mutants if not is_caught(mutant)]
    print(f"\n{len(mutants)} mutants, {len(escaped)} escaped: {len(escaped) / len(mutants):.2%}")
    assert escaped == []
    assert len(mutants) > FEWEST


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_unchanged_templates_raise_nothing(environment: str) -> None:
    assert found(baseline(environment)) == []


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_good_value_said_differently_raises_nothing(environment: str) -> None:
    alarms = []
    count = 0
    for name, assembly in good_mutants(environment):
        count += 1
        alarms += [f"{name} -> {finding}" for finding in found(assembly)]
    print(f"\n{count} good mutants in {environment}, {len(alarms)} false alarms: {len(alarms) / count:.2%}")
    assert alarms == []
    assert count > FEWEST // 2


def found(assembly: Assembly) -> list[str]:
    """What any rule says of an assembly, but for what our waivers name."""
    return [
        f"{finding.rule} {finding.construct} {finding.property_path} {finding.message}"
        for judgement in judge(assembly)
        for finding in judgement.findings()
        if (finding.rule, finding.construct) not in WAIVED
    ]
