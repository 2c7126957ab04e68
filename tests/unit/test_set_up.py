from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, in a folder of its own."""
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "scripts" / "set_up.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements.txt", "requirements-local.txt", "requirements-dev.txt", "pyproject.toml"):
        (tmp_path / name).write_text(f"# {name}\n", encoding="utf-8")
    (tmp_path / ".make").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "STAMPS", tmp_path / ".make")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return module


def stamp(set_up: ModuleType, level: str) -> str:
    return str(set_up.digest(*sorted(set(set_up.REQUIREMENTS.values())), "pyproject.toml", level))


def test_what_was_never_installed_is_not_done(set_up: ModuleType) -> None:
    assert not set_up.is_done("packages-local", stamp(set_up, "local"))


def test_what_was_installed_for_these_pins_is_done(set_up: ModuleType) -> None:
    (set_up.STAMPS / "packages-local").write_text(stamp(set_up, "local"))
    assert set_up.is_done("packages-local", stamp(set_up, "local"))


def test_a_higher_level_holds_the_lower_ones_and_not_the_reverse(set_up: ModuleType) -> None:
    (set_up.STAMPS / "packages-local").write_text(stamp(set_up, "local"))
    assert set_up.is_done("packages-aws", stamp(set_up, "aws"))
    assert not set_up.is_done("packages-dev", stamp(set_up, "dev"))


def test_other_pins_are_not_done(set_up: ModuleType) -> None:
    (set_up.STAMPS / "packages-dev").write_text(stamp(set_up, "dev"))
    (set_up.ROOT / "requirements.txt").write_text("boto3==2.0\n")
    assert not set_up.is_done("packages-dev", stamp(set_up, "dev"))
    assert not set_up.is_done("packages-aws", stamp(set_up, "aws"))


def test_without_its_python_nothing_is_done(set_up: ModuleType) -> None:
    (set_up.STAMPS / "packages-dev").write_text(stamp(set_up, "dev"))
    set_up.PYTHON.unlink()
    assert not set_up.is_done("packages-dev", stamp(set_up, "dev"))


def test_without_the_cli_node_is_not_done(set_up: ModuleType) -> None:
    wanted = set_up.digest("package.json")
    (set_up.STAMPS / "node").write_text(wanted)
    assert not set_up.is_done("node", wanted)


def test_a_failing_step_shows_its_output(set_up: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-c", "print('no such package'); raise SystemExit(3)"]
    assert set_up.run("Python packages", command) is False
    told = capsys.readouterr()
    assert "no such package" in told.err
    assert "ended with 3" in told.err


def test_without_node_it_says_what_is_missing(set_up: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(set_up.ROOT))
    assert "node is not on PATH" in set_up.missing_prerequisite()


def test_an_unknown_level_is_refused(set_up: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert set_up.main(["everything"]) == 1
    assert "got everything, expected one of aws, local, dev" in capsys.readouterr().err


def test_make_alone_lists_its_commands() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for command in ("deploy", "destroy", "audit", "synth", "check", "cost", "test", "test-fast", "lint"):
        assert f"make {command} " in listed
