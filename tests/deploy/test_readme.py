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


OWNERS = '[roles]\nplatform-engineering = "Runs the platform."\n'


def soon() -> str:
    """A day that a waiver may name, whenever the test runs."""
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)).isoformat()


def synthesized(folder: Path) -> subprocess.CompletedProcess[str]:
    """What becomes of the app in a folder."""
    return subprocess.run(
        [sys.executable, "app.py"], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.real
def test_the_example_synthesizes_as_the_text_says(tmp_path: Path) -> None:
    (waiver,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    first, database = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    app = tmp_path / "app.py"
    app.write_text(first, encoding="utf-8")
    refused = synthesized(tmp_path)
    assert refused.returncode == 1
    assert "1 finding; nothing may be deployed" in refused.stderr
    assert "NIST.800.53.R5-LambdaInsideVPC" in refused.stderr
    # Then with the waiver, the owner and the record that the text asks for.
    (tmp_path / "waivers.toml").write_text(re.sub(r"expires = .*", f"expires = {soon()}", waiver), encoding="utf-8")
    decision = "closing-the-default-group.md"
    for folder, name, text in (("config", "owners.toml", OWNERS), ("docs/decisions", decision, "# Yes\n")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    agreed = synthesized(tmp_path)
    assert agreed.returncode == 0, agreed.stderr
    assert json.loads((tmp_path / "cdk.out" / "nexis-report.json").read_text())["summary"]["resources"] > 20
    # And the database brings two more.
    app.write_text(first.replace("synthesize(app)  #", f"{database}\nsynthesize(app)  #"), encoding="utf-8")
    more = synthesized(tmp_path)
    assert more.returncode == 1
    assert "2 findings; nothing may be deployed" in more.stderr
    for place in ("Billing/Database/BackupPlan/RolePolicy", "Billing/Database/MonitoringRolePolicy"):
        assert place in more.stderr


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
