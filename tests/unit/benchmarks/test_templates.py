"""The benchmark's templates: the same bytes every time, as many as promised, and shaped as the CDK writes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import templates
from benchmarks.kinds import BLOCK, KINDS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The first six templates."""
    return templates.many(tmp_path_factory.mktemp("made"), 6)


def test_the_same_templates_are_made_every_time(made: list[Path], tmp_path: Path) -> None:
    again = templates.many(tmp_path, 6)
    assert [file.name for file in again] == [file.name for file in made]
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in made]


def test_as_many_are_made_as_were_asked_for_and_each_is_a_template(made: list[Path]) -> None:
    assert [file.name.split(".")[0] for file in made] == [f"T{n:04}-{kind}" for n, kind in enumerate([*KINDS][:6])]
    for file in made:
        resources = json.loads(file.read_bytes())["Resources"]
        assert len(resources) > 2
        assert all(set(resource) >= {"Type", "Metadata"} for resource in resources.values()), file
        assert all("aws:cdk:path" in r["Metadata"] for r in resources.values() if "Analytics" not in str(r)), file
        assert sum(resource["Type"] == "AWS::CDK::Metadata" for resource in resources.values()) == 1, file


def test_one_template_of_many_resources_has_exactly_as_many(tmp_path: Path) -> None:
    one = templates.one(tmp_path / "one", blocks=1, resources=100)
    assert templates.count_resources([one]) == 100
    alone = templates.one(tmp_path / "alone", blocks=1)
    twice = templates.one(tmp_path / "twice", blocks=2)
    assert templates.count_resources([twice]) == 2 * templates.count_resources([alone]), "blocks are equal"
    assert set(BLOCK) <= set(KINDS)


def test_too_many_blocks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 blocks have 82 resources, expected at most 10"):
        templates.one(tmp_path, blocks=1, resources=10)


def test_what_is_kept_hangs_on_the_code_that_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = templates.digest()
    assert templates.digest() == before
    monkeypatch.setattr(templates, "version", lambda _: "0.0.0")
    assert templates.digest() != before
