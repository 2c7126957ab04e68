"""A rule that cannot be read stops the build; it never drops out of it."""

from __future__ import annotations

import importlib
import importlib.resources
import sys
from typing import TYPE_CHECKING

import pytest

from nexis.rules import registry
from nexis.rules.model import THEMES, Rule
from nexis.rules.registry import INDEX, RegistryError, all_rules, index_text, rules_by_type, rules_for, severities

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = """
from nexis.rules.model import Rule
RULE = Rule(id="{id}", severity="error", title="t", why="w", fix="f", source="s", types=("A::B::C",),
            check=lambda view: ())
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of rules that takes the place of ours."""
    package = importlib.import_module("nexis.rules")
    kept = {name: module for name, module in sys.modules.items() if name.startswith("nexis.rules.")}
    for name in kept:
        if name.split(".")[2] in THEMES:
            del sys.modules[name]
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # a file that changes within a second would be read as before
    folder = tmp_path / "rules"
    for theme in ("tls", "keys"):
        (folder / theme).mkdir(parents=True)
        (folder / theme / "__init__.py").write_text("")
        write(folder, f"{theme}/one.py", TEXT.format(id=f"{theme}.one"))
    monkeypatch.setattr(package, "__path__", [str(folder)])
    monkeypatch.setattr(registry, "__file__", str(folder / "registry.py"))
    all_rules.cache_clear()
    registry._index.cache_clear()
    importlib.invalidate_caches()
    yield folder
    for name in [name for name in sys.modules if name.startswith("nexis.rules.")]:
        del sys.modules[name]
    sys.modules.update(kept)
    all_rules.cache_clear()
    registry._index.cache_clear()


def write(rules: Path, name: str, text: str) -> None:
    (rules / name).parent.mkdir(exist_ok=True, parents=True)
    (rules / name).write_text(text, encoding="utf-8")
    importlib.invalidate_caches()


def test_rules_are_found_and_sorted(rules: Path) -> None:
    write(rules, "keys/_helper.py", "raise RuntimeError")
    assert [rule.id for rule in all_rules()] == ["keys.one", "tls.one"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("tls/two.py", "import nothing_of_the_kind", "nexis.rules.tls.two cannot be read: ModuleNotFoundError"),
        ("tls/two.py", "def", "nexis.rules.tls.two cannot be read: SyntaxError"),
        ("tls/two.py", "raise SystemExit(0)", "nexis.rules.tls.two cannot be read: SystemExit"),
        ("tls/two.py", TEXT.format(id="nowhere.two"), "rule id 'nowhere.two': expected theme.name"),
        ("tls/two.py", TEXT.format(id="tls."), "rule id 'tls.': expected theme.name"),
        ("tls/two.py", TEXT.format(id="tls.two").replace('fix="f"', 'fix=" "'), "`fix` is empty"),
        ("tls/two.py", TEXT.format(id="tls.two").replace('("A::B::C",)', "()"), "`types` is empty"),
        ("tls/two.py", "", "nexis.rules.tls.two has no `RULE`"),
        ("tls/two.py", "RULE = 'tls.two'", "nexis.rules.tls.two has no `RULE`"),
        ("tls/two.py", TEXT.format(id="tls.one"), "rule id tls.one is defined twice"),
        ("tls/two.py", TEXT.format(id="keys.two"), "rule keys.two stands in the folder of tls"),
        ("tls/two/__init__.py", "", "nexis.rules.tls.two has no `RULE`"),
        ("cloud/two.py", TEXT.format(id="tls.two"), "cloud is no theme, so its rules would not run"),
    ],
)
def test_what_cannot_be_used_is_an_error(rules: Path, name: str, text: str, said: str) -> None:
    write(rules, name, text)
    with pytest.raises(RegistryError) as caught:
        all_rules()
    assert said in str(caught.value)


def test_no_rules_at_all_are_an_error(rules: Path) -> None:
    for theme in ("tls", "keys"):
        (rules / theme / "one.py").unlink()
    with pytest.raises(RegistryError, match="holds no rule"):
        all_rules()


def test_rules_by_type() -> None:
    made = Rule(
        id="tls.x", severity="error", title="t", why="w", fix="f", source="s", types=("A", "B"), check=lambda view: ()
    )
    assert rules_by_type([made]) == {"A": [made], "B": [made]}


def test_the_index_is_not_stale() -> None:
    written = importlib.resources.files("nexis.rules").joinpath(INDEX).read_text(encoding="utf-8")
    assert written == index_text(), "`make docs` writes it"


def test_the_index_leaves_no_rule_out() -> None:
    for kind in {kind for rule in all_rules() for kind in rule.types} | {"A::New::One"}:
        wanted = [rule.id for rule in all_rules() if rule.judges(kind)]
        assert [rule.id for rule in rules_for([kind]) if rule.judges(kind)] == wanted, kind
    chosen = "passwords.no-literal-secrets"
    assert [rule.id for rule in rules_for(["AWS::RDS::DBInstance"], chosen.__eq__)] == [chosen]


def test_the_index_knows_every_severity() -> None:
    assert severities() == {rule.id: rule.severity for rule in all_rules()}


@pytest.fixture
def indexed(rules: Path) -> Path:
    """The folder with an index, and facts beside it."""
    (rules.parent / "facts").mkdir()
    write(rules, "keys/other.py", TEXT.format(id="keys.other").replace("A::B::C", "A::B::D"))
    write(rules, INDEX, index_text())
    for name in ("nexis.rules.keys.one", "nexis.rules.keys.other", "nexis.rules.tls.one"):
        sys.modules.pop(name, None)
    return rules


def test_only_the_modules_that_are_needed_are_read(indexed: Path) -> None:
    assert [rule.id for rule in rules_for(["A::B::C"])] == ["keys.one", "tls.one"]
    assert "nexis.rules.keys.other" not in sys.modules
    assert [rule.id for rule in rules_for(["A::B::C"], lambda identity: identity.startswith("tls."))] == ["tls.one"]
    assert rules_for(["A::New::One"]) == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("keys/new.py", TEXT.format(id="keys.new")),
        ("keys/other.py", TEXT.format(id="keys.other").replace('"A::B::C"', '"A::B::C", "A::B::D"')),
        ("keys/_helper.py", "TYPES = ()"),
        ("../facts/types.py", "TYPES = ()"),
        ("keys/folder/__init__.py", TEXT.format(id="keys.new")),
        (INDEX, "{}"),
        (INDEX, "nothing"),
    ],
)
def test_an_index_that_may_be_stale_is_not_believed(indexed: Path, name: str, text: str) -> None:
    write(indexed, name, text)
    assert rules_for(["A::B::C"]) == all_rules()
    assert "keys.other" in {rule.id for rule in all_rules()}
    assert severities() == {rule.id: rule.severity for rule in all_rules()}


def test_an_index_that_tells_something_else_than_a_module_is_not_believed(indexed: Path) -> None:
    same_size = TEXT.format(id="tls.one").replace("A::B::C", "A::B::E")
    write(indexed, "tls/one.py", same_size)
    assert [rule.id for rule in rules_for(["A::B::C"])] == ["keys.one", "keys.other", "tls.one"]


def test_no_index_is_an_index_that_is_not_believed(indexed: Path) -> None:
    (indexed / INDEX).unlink()
    assert [rule.id for rule in rules_for(["A::B::C"])] == ["keys.one", "keys.other", "tls.one"]


@pytest.mark.parametrize("name", ["cloud/two.py", "tls/two.py"])
def test_what_the_index_does_not_know_stops_the_build(indexed: Path, name: str) -> None:
    write(indexed, name, "raise SystemExit(0)")
    with pytest.raises(RegistryError):
        rules_for(["A::B::D"])
