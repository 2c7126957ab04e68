"""What GitHub must ask before a change reaches an environment: as settings to apply, and as a check of what is set.

The settings live in GitHub, where an administrator changes them without a commit. So they are derived from the
configuration here, and compared with what GitHub answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nexis.facts.github_gate import PLAIN_RULES, PULL_REQUEST, REQUIRED_CHECKS, RULESET_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nexis.config.model import Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What stands between a change and an environment.

    Args:
        repository: owner and name.
        environment: the GitHub environment of the deploying job.
        branch: the only branch that deploys.
        reviewers: names of the teams of which one person approves; none asks for no approval.
    """

    repository: str
    environment: str
    branch: str
    reviewers: tuple[str, ...]

    @property
    def organisation(self) -> str:
        """The owner of the repository, whose teams the reviewers are."""
        return self.repository.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What GitHub answers about a gate; None stands for what is not there.

    Args:
        environment: of "Get an environment".
        branches: of "List deployment branch policies".
        rules: of "Get rules for a branch": those in force, each with the number of its ruleset.
        rulesets: of "Get a repository ruleset", for each number in `rules`.
    """

    environment: Any
    branches: Any
    rules: Any
    rulesets: Mapping[int, Any]


def gate_of(configuration: Configuration) -> Gate | None:
    """Give the gate of an environment; None where nothing but people deploys.

    Args:
        configuration: the environment's configuration.
    """
    changes = configuration.changes
    if changes is None:
        return None
    return Gate(
        repository=changes.repository,
        environment=configuration.environment,
        branch=changes.branch,
        reviewers=changes.reviewers,
    )


def environment_settings(gate: Gate, team_ids: Sequence[int]) -> dict[str, Any]:
    """Write the body of "Create or update an environment".

    Args:
        gate: what is wanted.
        team_ids: GitHub's numbers of the reviewing teams.
    """
    return {
        "wait_timer": 0,
        "prevent_self_review": bool(gate.reviewers),
        "reviewers": [{"type": "Team", "id": number} for number in team_ids] or None,
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    }


def ruleset_settings(gate: Gate) -> dict[str, Any]:
    """Write the body of "Create a repository ruleset" for the branch that deploys.

    Args:
        gate: what is wanted.
    """
    checks = [{"context": name} for name in REQUIRED_CHECKS]
    return {
        "name": RULESET_NAME,
        "target": "branch",
        "enforcement": "active",
        "bypass_actors": [],
        "conditions": {"ref_name": {"include": [f"refs/heads/{gate.branch}"], "exclude": []}},
        "rules": [
            *({"type": name} for name in PLAIN_RULES),
            {"type": "pull_request", "parameters": dict(PULL_REQUEST)},
            {
                "type": "required_status_checks",
                "parameters": {"strict_required_status_checks_policy": True, "required_status_checks": checks},
            },
        ],
    }


def problems(gate: Gate, settings: Settings) -> list[str]:
    """Say where what is set falls short of what is wanted; stricter settings are fine.

    Args:
        gate: what is wanted.
        settings: what GitHub answers; whatever has another shape than documented counts as not set.
    """
    return [*_of_environment(gate, settings), *_of_branch(gate, settings)]


def _of_environment(gate: Gate, settings: Settings) -> Iterator[str]:
    name = f"environment {gate.environment}"
    if not isinstance(settings.environment, dict):
        yield f"{name}: is not there, so GitHub makes one without any protection at the first deployment"
        return
    yield from _of_deploying_branches(gate, settings, name)
    if not gate.reviewers:
        return
    rules = [rule for rule in _maps(settings.environment.get("protection_rules")) if rule.get("type")]
    asked = [rule for rule in rules if rule["type"] == "required_reviewers"]
    if not asked:
        yield f"{name}: nobody has to approve; expected one of {', '.join(gate.reviewers)}"
        return
    if not all(rule.get("prevent_self_review") is True for rule in asked):
        yield f"{name}: whoever starts a deployment may approve it; expected prevent_self_review"
    named = [reviewer for rule in asked for reviewer in _maps(rule.get("reviewers"))]
    teams = {_slug(reviewer) for reviewer in named if reviewer.get("type") == "Team"} - {None}
    if not teams & set(gate.reviewers):
        yield f"{name}: no team of {', '.join(gate.reviewers)} is a reviewer"
    for reviewer in named:
        if reviewer.get("type") != "Team" or _slug(reviewer) not in gate.reviewers:
            who = _slug(reviewer) if reviewer.get("type") == "Team" else "a single person"
            yield f"{name}: {who} may approve; expected only {', '.join(gate.reviewers)}"
    if settings.environment.get("can_admins_bypass") is not False:
        yield (
            f"{name}: administrators may bypass the approval; clear `Allow administrators to bypass configured "
            "protection rules` on GitHub's page of the environment"
        )


def _of_deploying_branches(gate: Gate, settings: Settings, name: str) -> Iterator[str]:
    policy = settings.environment.get("deployment_branch_policy")
    if not isinstance(policy, dict) or policy.get("custom_branch_policies") is not True:
        yield f"{name}: other branches than {gate.branch} deploy; expected a deployment branch policy that names it"
        return
    answer = settings.branches if isinstance(settings.branches, dict) else {}
    patterns = {(entry.get("type", "branch"), entry.get("name")) for entry in _maps(answer.get("branch_policies"))}
    if len(patterns) < _number(answer.get("total_count")):
        yield f"{name}: the list of branches that deploy is cut off, so it cannot be judged"
    for kind, pattern in sorted(patterns - {("branch", gate.branch)}, key=str):
        yield f"{name}: {kind} {pattern} deploys as well; expected {gate.branch} alone"
    if ("branch", gate.branch) not in patterns:
        yield f"{name}: {gate.branch} does not deploy; expected it among the deployment branches"


def _of_branch(gate: Gate, settings: Settings) -> Iterator[str]:
    name = f"branch {gate.branch}"
    rules = [rule for rule in _maps(settings.rules) if not _can_be_bypassed(rule, settings.rulesets)]
    for number in sorted({_number(rule.get("ruleset_id")) for rule in _maps(settings.rules) if rule not in rules}):
        yield f"{name}: ruleset {number} is not active, or somebody may bypass it, so its rules do not count"
    by_type: dict[Any, list[dict[str, Any]]] = {}
    for rule in rules:
        found = rule.get("parameters")
        by_type.setdefault(rule.get("type"), []).append(found if isinstance(found, dict) else {})
    for kind in PLAIN_RULES:
        if kind not in by_type:
            yield f"{name}: has no rule {kind}; expected one"
    for parameter, wanted in PULL_REQUEST.items():
        if not any(_meets(found.get(parameter), wanted) for found in by_type.get("pull_request", [])):
            yield f"{name}: a pull request needs no {parameter}; expected {wanted if wanted is not True else 'it'}"
    checks = by_type.get("required_status_checks", [])
    contexts = {check.get("context") for found in checks for check in _maps(found.get("required_status_checks"))}
    for check in REQUIRED_CHECKS:
        if check not in contexts:
            yield f"{name}: is merged without the check {check!r}; expected it among the required status checks"


def _can_be_bypassed(rule: Mapping[str, Any], rulesets: Mapping[int, Any]) -> bool:
    ruleset = rulesets.get(_number(rule.get("ruleset_id")))
    return not isinstance(ruleset, dict) or ruleset.get("enforcement") != "active" or ruleset.get("bypass_actors") != []


def _meets(found: Any, wanted: Any) -> bool:
    return found is True if wanted is True else type(found) is int and found >= wanted


def _slug(reviewer: Mapping[str, Any]) -> str | None:
    team = reviewer.get("reviewer")
    slug = team.get("slug") if isinstance(team, dict) else None
    return slug if isinstance(slug, str) else None


def _maps(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _number(value: Any) -> int:
    return value if type(value) is int else 0
