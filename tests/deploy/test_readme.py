"""What the README shows is run."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nexis.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


OWNERS = '[roles]\ndatabase-operations = "Runs PostgreSQL."\n'


def soon() -> str:
    """A day that a waiver may name, whenever the test runs."""
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)).isoformat()


@pytest.mark.real
@pytest.mark.parametrize("with_database", [False, True], ids=["the example", "the example with the database"])
def test_the_example_synthesizes_as_the_text_says(tmp_path: Path, *, with_database: bool) -> None:
    (waiver,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    first, database = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    program = first.replace("synthesize(app)  #", f"{database}\nsynthesize(app)  #") if with_database else first
    (tmp_path / "app.py").write_text(program, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "app.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    if not with_database:
        assert result.returncode == 0, result.stderr
        assert json.loads((tmp_path / "cdk.out" / "nexis-report.json").read_text())["summary"]["resources"] > 20
        return
    assert result.returncode == 1
    assert "1 finding; nothing may be deployed" in result.stderr
    assert "Billing/Database/BackupPlan/RolePolicy" in result.stderr
    assert "snapshot:awsbackup:*" in result.stderr
    # Then with the waiver, the owner and the record that the text asks for.
    (tmp_path / "waivers.toml").write_text(re.sub(r"expires = .*", f"expires = {soon()}", waiver), encoding="utf-8")
    for folder, name, text in (("config", "owners.toml", OWNERS), ("docs/decisions", "backup-snapshots.md", "# Yes\n")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    again = subprocess.run(
        [sys.executable, "app.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert again.returncode == 0, again.stderr


def test_each_command_it_names_exists() -> None:
    named = set(re.findall(r"\bnexis ([a-z]+)\b", README)) - {"check"}
    assert named <= set(COMMANDS), f"the README names {sorted(named - set(COMMANDS))}"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make ([a-z-]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"


def test_each_link_leads_somewhere() -> None:
    for file in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        for link in re.findall(r"\]\(([^)#]+)\)", file.read_text(encoding="utf-8")):
            assert "://" in link or (file.parent / link).exists(), f"{file.name}: {link}"
