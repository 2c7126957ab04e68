from __future__ import annotations

from collections import Counter

import pytest

from nexis.facts.postgres_settings import PARAMETERS, Setting
from nexis.rules._postgres_parameters import GROUP_TYPES, SCOPES, SETTINGS_BY_RULE
from nexis.rules.registry import all_rules
from tests.support.rule_cases import RuleCases as Cases
from tests.support.rule_cases import bad, hold, resource, resources

FAMILIES = {"instance": "postgres17", "cluster": "aurora-postgresql17"}


def test_every_protected_setting_belongs_to_exactly_one_rule() -> None:
    owners = Counter(name for names in SETTINGS_BY_RULE.values() for name in names)
    assert owners == Counter(list(PARAMETERS))


def test_every_rule_of_the_table_exists_and_judges_parameter_groups() -> None:
    rules = {rule.id: rule for rule in all_rules()}
    for rule_id in SETTINGS_BY_RULE:
        assert set(GROUP_TYPES) <= set(rules[rule_id].types), rule_id


@pytest.mark.parametrize("setting", PARAMETERS.values(), ids=lambda setting: setting.name)
@pytest.mark.parametrize("kind", GROUP_TYPES)
def test_a_weak_value_is_found_in_both_kinds_of_group(setting: Setting, kind: str) -> None:
    rule_id = next(rule_id for rule_id, names in SETTINGS_BY_RULE.items() if setting.name in names)
    strong = {name: PARAMETERS[name].value for name in SETTINGS_BY_RULE[rule_id]}
    group = resource(kind, Family=FAMILIES[SCOPES[kind]], Parameters={**strong, setting.name: "weak"})
    case = bad("a weak value", resources(It=group), at=(f"Properties.Parameters.{setting.name}",))
    hold(Cases(rule_id, (case,)), case)
