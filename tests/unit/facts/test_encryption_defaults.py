from __future__ import annotations

from datetime import date

import pytest

from nexis.check import judge_resource
from nexis.facts.encryption_defaults import AS_OF, ENCRYPTED_BY_DEFAULT
from nexis.rules.registry import all_rules
from nexis.templates.model import Assembly, read_document
from nexis.templates.resolver import ParameterSource

STORAGE = [rule for rule in all_rules() if rule.id.startswith("storage.") and rule.scope == "everywhere"]


def storage_findings(kind: str, properties: dict[str, object]) -> list[str]:
    """The paths that rules about storage find in a resource."""
    document = {"Resources": {"It": {"Type": kind, "Properties": properties}}}
    read = read_document(document, key="t", file="t.json", region="eu-central-1", account="1" * 12)
    return [
        problem.property
        for rule in STORAGE
        if kind in rule.types
        for problem in judge_resource(
            Assembly(templates={"t": read}), read, read.resources["It"], rule, ParameterSource()
        ).problems
    ]


@pytest.mark.parametrize("kind", ENCRYPTED_BY_DEFAULT)
def test_what_aws_encrypts_by_itself_passes_without_a_word_about_it(kind: str) -> None:
    assert storage_findings(kind, {}) == []


@pytest.mark.parametrize("kind", [kind for kind, fact in ENCRYPTED_BY_DEFAULT.items() if fact.switched_off_by])
def test_switching_it_off_is_found(kind: str) -> None:
    name = ENCRYPTED_BY_DEFAULT[kind].switched_off_by
    assert storage_findings(kind, {name: False}) == [f"Properties.{name}"]


def test_every_fact_is_dated_and_sourced() -> None:
    read = date.fromisoformat(AS_OF)
    for fact in ENCRYPTED_BY_DEFAULT.values():
        assert "," in fact.source
        assert not fact.since or date.fromisoformat(fact.since) < read
