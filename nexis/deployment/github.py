"""GitHub's settings, read and written with the `gh` program, which knows who you are."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nexis.deployment.second_person import Gate, Settings, environment_settings, ruleset_settings
from nexis.facts.github_gate import RULESET_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class GitHubError(Exception):
    """GitHub cannot be asked, or refuses; the text says what to do."""


def call(path: str, *, method: str = "GET", body: Mapping[str, Any] | None = None) -> Any:
    """Call GitHub's REST API; None where nothing is there.

    Args:
        path: from the root of the API, such as `repos/example-org/example-repo`.
        method: of HTTP.
        body: sent as JSON.

    Raises:
        GitHubError: `gh` is not installed, not signed in, or GitHub refuses.
    """
    command = ["gh", "api", "--method", method, "-H", "X-GitHub-Api-Version: 2022-11-28", path]
    try:
        done = subprocess.run(
            [*command, *(() if body is None else ("--input", "-"))],
            input=None if body is None else json.dumps(body),
            stdin=subprocess.DEVNULL if body is None else None,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as problem:
        raise GitHubError(
            f"`gh` cannot be run ({problem.strerror}); install GitHub's command line and sign in with `gh auth login`"
        ) from None
    if done.returncode:
        if method == "GET" and "HTTP 404" in done.stderr:
            return None
        raise GitHubError(f"{method} {path}: {done.stderr.strip() or f'gh ended with {done.returncode}'}")
    try:
        return json.loads(done.stdout) if done.stdout.strip() else None
    except ValueError:
        raise GitHubError(f"{method} {path}: the answer is no JSON: {done.stdout[:200]!r}") from None


def read(gate: Gate) -> Settings:
    """Read the settings of a gate.

    Args:
        gate: names the repository, environment and branch.

    Raises:
        GitHubError: they cannot be read, or the repository is not there for whoever asks.
    """
    repository = f"repos/{gate.repository}"
    if call(repository) is None:
        raise GitHubError(f"{gate.repository}: is not there, or you may not see it; sign in as its administrator")
    environment = f"{repository}/environments/{gate.environment}"
    rules = call(f"{repository}/rules/branches/{quote(gate.branch, safe='')}?per_page=100")
    numbers = {rule.get("ruleset_id") for rule in rules or () if isinstance(rule, dict)}
    return Settings(
        environment=call(environment),
        branches=call(f"{environment}/deployment-branch-policies?per_page=100"),
        rules=rules,
        rulesets={number: call(f"{repository}/rulesets/{number}") for number in numbers if type(number) is int},
    )


def apply(gate: Gate) -> Iterator[str]:
    """Put the settings of a gate in force, and say what was done.

    Args:
        gate: what is wanted.

    Raises:
        GitHubError: GitHub refuses, or a team is not there.
    """
    repository = f"repos/{gate.repository}"
    environment = f"{repository}/environments/{gate.environment}"
    teams = [_team(gate, name) for name in gate.reviewers]
    call(environment, method="PUT", body=environment_settings(gate, teams))
    yield f"environment {gate.environment}: reviewers {', '.join(gate.reviewers) or 'nobody'}"
    policies = call(f"{environment}/deployment-branch-policies?per_page=100") or {}
    there = False
    for policy in policies.get("branch_policies", ()):
        if (policy.get("type", "branch"), policy.get("name")) == ("branch", gate.branch):
            there = True
        else:
            call(f"{environment}/deployment-branch-policies/{policy['id']}", method="DELETE")
            yield f"environment {gate.environment}: {policy.get('name')} deploys no more"
    if not there:
        body = {"name": gate.branch, "type": "branch"}
        call(f"{environment}/deployment-branch-policies", method="POST", body=body)
        yield f"environment {gate.environment}: {gate.branch} deploys"
    rulesets = call(f"{repository}/rulesets?per_page=100") or ()
    number = next((ruleset["id"] for ruleset in rulesets if ruleset.get("name") == RULESET_NAME), None)
    place, method = (f"{repository}/rulesets", "POST") if number is None else (f"{repository}/rulesets/{number}", "PUT")
    call(place, method=method, body=ruleset_settings(gate))
    yield f"branch {gate.branch}: ruleset {RULESET_NAME!r} in force"


def _team(gate: Gate, name: str) -> int:
    team = call(f"orgs/{gate.organisation}/teams/{name}")
    if not isinstance(team, dict) or type(team.get("id")) is not int:
        raise GitHubError(f"{gate.organisation} has no team {name}; make it, or name another in config/")
    number: int = team["id"]
    return number
