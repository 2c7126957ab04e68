"""`nexis gate`: GitHub must ask for a second person, and keeps to it."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.cli import main
from nexis.config import load_configuration
from nexis.deployment.second_person import Gate, Settings, gate_of, problems
from nexis.facts.github_gate import PLAIN_RULES, PULL_REQUEST, REQUIRED_CHECKS, RULESET_NAME
from tests.support.github import GitHub

ROOT = Path(__file__).resolve().parents[3]
GATE = Gate(repository="example-org/example-repo", environment="prod", branch="main", reviewers=("security",))
ENVIRONMENT = {
    "name": "prod",
    "can_admins_bypass": False,
    "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    "protection_rules": [
        {"id": 1, "type": "branch_policy"},
        {
            "id": 2,
            "type": "required_reviewers",
            "prevent_self_review": True,
            "reviewers": [{"type": "Team", "reviewer": {"id": 7, "slug": "security"}}],
        },
    ],
}
BRANCHES = {"total_count": 1, "branch_policies": [{"id": 3, "name": "main", "type": "branch"}]}
RULES: list[dict[str, Any]] = [
    *({"type": name, "ruleset_id": 40} for name in PLAIN_RULES),
    {"type": "pull_request", "ruleset_id": 40, "parameters": dict(PULL_REQUEST)},
    {
        "type": "required_status_checks",
        "ruleset_id": 40,
        "parameters": {"required_status_checks": [{"context": name} for name in REQUIRED_CHECKS]},
    },
]
RULESETS = {40: {"id": 40, "enforcement": "active", "bypass_actors": []}}
GOOD = Settings(environment=ENVIRONMENT, branches=BRANCHES, rules=RULES, rulesets=RULESETS)


def weaker(part: str, *path: str | int, value: Any) -> Settings:
    """Change one thing of the good settings; `...` takes it away."""
    made = {name: copy.deepcopy(getattr(GOOD, name)) for name in ("environment", "branches", "rules", "rulesets")}
    if not path:
        made[part] = value
        return Settings(**made)
    here = made[part]
    for step in path[:-1]:
        here = here[step]
    if value is ...:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return Settings(**made)


def test_what_the_configuration_of_production_asks_for() -> None:
    gate = gate_of(load_configuration(ROOT / "config" / "prod.toml"))
    assert gate is not None
    assert (gate.environment, gate.branch, gate.reviewers) == ("prod", "main", ("security",))


def test_good_settings_have_no_problem() -> None:
    assert problems(GATE, GOOD) == []


def test_stricter_settings_are_fine() -> None:
    assert problems(GATE, weaker("rules", 2, "parameters", "required_approving_review_count", value=2)) == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (weaker("environment", value=None), "environment prod: is not there"),
        (weaker("environment", "protection_rules", value=[]), "nobody has to approve; expected one of security"),
        (weaker("environment", "protection_rules", 1, "prevent_self_review", value=False), "may approve it"),
        (weaker("environment", "protection_rules", 1, "prevent_self_review", value=...), "may approve it"),
        (weaker("environment", "protection_rules", 1, "reviewers", value=[]), "no team of security is a reviewer"),
        (
            weaker(
                "environment", "protection_rules", 1, "reviewers", 0, value={"type": "User", "reviewer": {"login": "x"}}
            ),
            "a single person may approve",
        ),
        (
            weaker(
                "environment", "protection_rules", 1, "reviewers", 0, "reviewer", value={"id": 8, "slug": "everybody"}
            ),
            "everybody may approve; expected only security",
        ),
        (weaker("environment", "can_admins_bypass", value=True), "administrators may bypass"),
        (weaker("environment", "can_admins_bypass", value=...), "administrators may bypass"),
        (weaker("environment", "deployment_branch_policy", value=None), "other branches than main deploy"),
        (
            weaker(
                "environment",
                "deployment_branch_policy",
                value={"protected_branches": True, "custom_branch_policies": False},
            ),
            "other branches than main deploy",
        ),
        (weaker("branches", "branch_policies", 0, "name", value="*"), "branch * deploys as well"),
        (weaker("branches", "branch_policies", 0, "type", value="tag"), "tag main deploys as well"),
        (weaker("branches", value=None), "main does not deploy"),
        (weaker("branches", "total_count", value=31), "is cut off"),
        (weaker("rules", value=None), "has no rule deletion"),
        (weaker("rules", 0, value={"type": "creation", "ruleset_id": 40}), "has no rule deletion"),
        (weaker("rules", 1, value={"type": "creation", "ruleset_id": 40}), "has no rule non_fast_forward"),
        *(
            (weaker("rules", 2, "parameters", name, value=0 if wanted == 1 and wanted is not True else False), name)
            for name, wanted in PULL_REQUEST.items()
        ),
        (weaker("rules", 3, "parameters", "required_status_checks", 0, "context", value="lint"), "without the check"),
        (weaker("rulesets", 40, "bypass_actors", value=[{"actor_type": "Team", "actor_id": 7}]), "may bypass it"),
        (weaker("rulesets", 40, "bypass_actors", value=...), "may bypass it"),
        (weaker("rulesets", 40, "enforcement", value="evaluate"), "is not active"),
        (weaker("rulesets", value={}), "is not active, or somebody may bypass it"),
    ],
)
def test_weaker_settings_are_named(settings: Settings, says: str) -> None:
    assert [line for line in problems(GATE, settings) if says in line], problems(GATE, settings)


def test_without_reviewers_only_the_branch_counts() -> None:
    gate = Gate(repository=GATE.repository, environment="dev", branch="main", reviewers=())
    assert problems(gate, weaker("environment", "protection_rules", value=[])) == []
    assert problems(gate, weaker("branches", "branch_policies", 0, "name", value="*"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(JSON, JSON, JSON, JSON)
def test_whatever_github_answers_only_the_whole_gate_passes(
    environment: Any, branches: Any, rules: Any, one: Any
) -> None:
    found = problems(GATE, Settings(environment=environment, branches=branches, rules=rules, rulesets={40: one}))
    assert any(line.startswith("environment prod") for line in found)
    assert any(line.startswith("branch main") for line in found)


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitHub:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    return GitHub(folder)


def test_apply_sets_everything_but_what_only_the_page_can(github: GitHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", "--environment", "prod"]) == 1
    assert "environment prod: is not there" in capsys.readouterr().out
    assert main(["gate", "--environment", "prod", "--apply"]) == 1
    out = capsys.readouterr().out
    assert "administrators may bypass" in out
    assert "1 missing in example-org/example-repo; the rest is set on GitHub's pages" in out
    state = github.state
    state["environments"]["prod"]["can_admins_bypass"] = False
    github.state = state
    assert main(["gate", "--environment", "prod"]) == 0
    assert "main alone deploys prod; a second person of security approves" in capsys.readouterr().out


def test_apply_again_makes_no_second_ruleset_and_takes_other_branches_away(
    github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["gate", "--environment", "prod", "--apply"])
    state = github.state
    state["environments"]["prod"]["can_admins_bypass"] = False
    state["environments"]["prod"]["policies"].append({"id": 9, "name": "hotfix/*", "type": "branch"})
    github.state = state
    assert main(["gate", "--environment", "prod"]) == 1
    assert "hotfix/* deploys as well" in capsys.readouterr().out
    assert main(["gate", "--environment", "prod", "--apply"]) == 0
    assert [ruleset["name"] for ruleset in github.state["rulesets"].values()] == [RULESET_NAME]
    assert [policy["name"] for policy in github.state["environments"]["prod"]["policies"]] == ["main"]


def test_a_check_reads_only(github: GitHub) -> None:
    main(["gate", "--environment", "prod"])
    assert {method for method, _ in github.state["calls"]} == {"GET"}


def test_a_team_that_is_not_there(github: GitHub, capsys: pytest.CaptureFixture[str]) -> None:
    github.state = {**github.state, "teams": {}}
    assert main(["gate", "--environment", "prod", "--apply"]) == 2
    assert "example-org has no team security" in capsys.readouterr().err
    assert github.state["environments"] == {}


def test_a_refusal_of_github_is_told(github: GitHub, capsys: pytest.CaptureFixture[str]) -> None:
    github.state = {**github.state, "forbidden": True}
    assert main(["gate", "--environment", "prod", "--apply"]) == 2
    assert "HTTP 403" in capsys.readouterr().err


def test_a_repository_that_is_not_there_is_no_verdict(github: GitHub, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path("config/prod.toml")
    file.write_text(file.read_text("utf-8").replace("example-org/example-repo", "example-org/other"), "utf-8")
    assert main(["gate", "--environment", "prod"]) == 2
    assert "example-org/other: is not there" in capsys.readouterr().err


def test_without_the_program(
    github: GitHub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert main(["gate", "--environment", "prod"]) == 2
    assert "install GitHub's command line" in capsys.readouterr().err


def test_without_the_section_there_is_no_gate(github: GitHub, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path("config/dev.toml")
    file.write_text(file.read_text("utf-8").partition("[changes]")[0], "utf-8")
    assert main(["gate"]) == 2
    assert "has no section [changes]" in capsys.readouterr().err


def test_the_required_checks_are_jobs_of_our_workflow() -> None:
    import yaml

    def jobs(file: str) -> dict[str, Any]:
        found: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / file).read_text("utf-8"))["jobs"]
        return found

    names = set()
    for name, job in jobs("ci.yml").items():
        inner = jobs(Path(job["uses"]).name) if "uses" in job else None
        names |= {f"{name} / {called}" for called in inner} if inner else {name}
    assert names >= set(REQUIRED_CHECKS)
