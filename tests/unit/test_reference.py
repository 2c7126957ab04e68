"""The rule reference and the construct pages: complete, and never stale."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import nexis_constructs
from nexis.cli import main
from nexis.reference.rules import ABOUT, explain, pages
from nexis.rules.model import EVERY_TYPE, THEMES
from nexis.rules.registry import all_rules

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


@cache
def write_docs() -> ModuleType:
    """The script that writes the pages."""
    spec = importlib.util.spec_from_file_location("write_docs", ROOT / "scripts" / "write_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def all_pages() -> dict[Path, str]:
    """Every page as it would be written, made once: each construct is synthesized for its page."""
    made: dict[Path, str] = write_docs().all_pages()
    return made


def test_no_page_is_stale() -> None:
    expected = all_pages()
    stale = [
        str(path)
        for path, text in expected.items()
        if not (DOCS / path).is_file() or (DOCS / path).read_text("utf-8") != text
    ]
    assert stale == [], "run `make docs`"
    folders = {path.parent for path in expected}
    left_over = {p.relative_to(DOCS) for folder in folders for p in (DOCS / folder).glob("*.md")} - set(expected)
    assert left_over == set(), "run `make docs`"


def test_every_rule_stands_on_the_page_of_its_theme_with_all_that_is_known_of_it() -> None:
    made = pages(all_rules())
    for rule in all_rules():
        theme = rule.id.partition(".")[0]
        assert f"]({theme}.md#{rule.id.replace('.', '')})" in made["README.md"]
        part = made[f"{theme}.md"].partition(f"\n## {rule.id}\n")[2].partition("\n## ")[0]
        for text in (
            rule.title,
            rule.why,
            rule.fix,
            rule.cdk.strip(),
            *rule.claims,
            *(kind for kind in rule.types if kind != EVERY_TYPE),
        ):
            assert text in part, f"{rule.id}: {text}"
        for framework, ids in rule.controls.items():
            assert f"| {framework} | {', '.join(ids)} |" in part


def test_every_theme_is_described() -> None:
    assert set(ABOUT) == set(THEMES)


def test_every_public_construct_has_a_page_with_its_arguments_and_resources() -> None:
    made = {path.name: text for path, text in all_pages().items() if path.parent == Path("constructs")}
    page = made["CustomerKey.md"]
    assert {"README.md", "AuditTrail.md", "DatabaseCluster.md", "HardenedNetwork.md", "ManagedDatabase.md"} <= set(made)
    assert set(made) - {"README.md"} <= {f"{name}.md" for name in nexis_constructs.__all__}
    assert "| `purpose` |" in page
    assert "| 1 | `AWS::KMS::Key` | " in page
    assert "keys.rotation" in page


def test_explain_tells_all_of_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "storage.rds-encrypted"]) == 0
    told = capsys.readouterr().out
    for text in (
        "storage.rds-encrypted",
        "cannot be waived",
        "every template",
        "RDS.3",
        "StorageEncrypted",
        "AWS::RDS::DBCluster",
    ):
        assert text in told
    rule = next(rule for rule in all_rules() if rule.id == "storage.rds-encrypted")
    assert told == explain(rule)


def test_explain_takes_patterns_and_writes_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "keys.*", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [rule["id"] for rule in told] == [rule.id for rule in all_rules() if rule.id.startswith("keys.")]
    assert told[0]["cloudformation"]["Resources"]


def test_explain_names_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "storage.rds-encryptd"]) == 2
    assert "did you mean storage.rds-encrypted" in capsys.readouterr().err
    assert main(["explain", "0"]) == 2
    assert "`nexis rules` lists them" in capsys.readouterr().err


def test_rules_lists_a_theme_and_marks_those_of_the_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--theme", "keys"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in all_rules() if rule.id.startswith("keys.")]
    assert main(["rules", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(rule["id"], rule["scope"]) for rule in told] == [(rule.id, rule.scope) for rule in all_rules()]
    assert main(["rules"]) == 0
    marked = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.endswith("(baseline)")}
    assert marked == {rule.id for rule in all_rules() if rule.scope == "baseline"}
