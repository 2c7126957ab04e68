"""A rule that cannot be read stops the build; it never drops out of it."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from nexis.rules import registry
from nexis.rules.model import THEMES, Rule
from nexis.rules.registry import RegistryError, all_rules, rules_by_type

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
    for theme in ("tls", "keys"):
        (tmp_path / theme).mkdir()
        (tmp_path / theme / "__init__.py").write_text("")
        write(tmp_path, f"{theme}/one.py", TEXT.format(id=f"{theme}.one"))
    monkeypatch.setattr(package, "__path__", [str(tmp_path)])
    monkeypatch.setattr(registry, "__file__", str(tmp_path / "registry.py"))
    all_rules.cache_clear()
    importlib.invalidate_caches()
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("nexis.rules.")]:
        del sys.modules[name]
    sys.modules.update(kept)
    all_rules.cache_clear()


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
