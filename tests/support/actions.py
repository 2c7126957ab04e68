"""Plays a workflow of GitHub on this machine: reads the steps out of the YAML, and runs their shell as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parents[2]
ACTION: Final = ROOT / "action.yml"
REUSABLE: Final = ROOT / ".github" / "workflows" / "check.yml"
EXPRESSION: Final = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
NAME: Final = re.compile(r"[a-z_]+(\.[A-Za-z0-9_-]+)+")
KEPT: Final = ("PATH", "LANG", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_FIND_LINKS", "PIP_NO_INDEX", "UV_INDEX_URL")


class NotUnderstood(Exception):
    """An expression that this player does not know; it must learn it, not guess."""


@dataclass(slots=True)
class Step:
    """What a step that was run did."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


@dataclass(slots=True)
class Run:
    """What the steps of an action did."""

    steps: dict[str, Step] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> int:
        """The exit code of the last step."""
        return list(self.steps.values())[-1].code

    @property
    def log(self) -> str:
        """What the last step wrote."""
        return list(self.steps.values())[-1].log

    @property
    def reports(self) -> Path:
        """The folder of the reports."""
        return Path(self.outputs["reports"])


def read(file: Path) -> dict[str, Any]:
    """Read a workflow or an action."""
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def triggers(workflow: Mapping[Any, Any]) -> dict[str, Any]:
    """Give `on`, which YAML 1.1 takes for a boolean."""
    found: dict[str, Any] = workflow[True]
    return found


def evaluate(text: Any, contexts: Mapping[str, Any]) -> str:
    """Evaluate the expressions in a text: names and `||`, and nothing else."""
    if isinstance(text, bool):
        return str(text).lower()
    return EXPRESSION.sub(lambda match: _value(match.group(1), contexts), str(text))


def _value(expression: str, contexts: Mapping[str, Any]) -> str:
    for part in (part.strip() for part in expression.split("||")):
        if not NAME.fullmatch(part):
            raise NotUnderstood(expression)
        value: Any = contexts
        for name in part.split("."):
            value = value.get(name, "") if isinstance(value, dict) else ""
        if value != "":
            return str(value).lower() if isinstance(value, bool) else str(value)
    return ""


def asked_by_a_caller(given: Mapping[str, Any], github: Mapping[str, Any]) -> dict[str, str]:
    """Give the inputs of the action for a caller of the reusable workflow."""
    workflow = read(REUSABLE)
    declared = triggers(workflow)["workflow_call"]["inputs"]
    unknown = set(given) - set(declared)
    missing = {name for name, one in declared.items() if one.get("required")} - set(given)
    if unknown or missing:
        raise NotUnderstood(f"unknown {unknown}, missing {missing}")
    inputs = {name: given.get(name, one.get("default")) for name, one in declared.items()}
    (step,) = (s for s in workflow["jobs"]["check"]["steps"] if s.get("uses") == "./.nexis-action")
    return {name: evaluate(value, {"inputs": inputs, "github": github}) for name, value in step["with"].items()}


def play_action(
    *,
    given: Mapping[str, str],
    github: Mapping[str, Any],
    workspace: Path,
    scratch: Path,
    done: Mapping[str, Step] | None = None,
    more: Mapping[str, str] | None = None,
) -> Run:
    """Run the steps of the composite action.

    Args:
        given: its inputs.
        github: the context of that name.
        workspace: the checkout of the change.
        scratch: a folder for the files of the runner.
        done: steps that were run before, by id, and are not run again.
        more: variables of the environment.
    """
    action = read(ACTION)
    declared = action["inputs"]
    if set(given) - set(declared):
        raise NotUnderstood(f"unknown {set(given) - set(declared)}")
    inputs = {name: given.get(name, one.get("default", "")) for name, one in declared.items()}
    steps: dict[str, Any] = {}
    run = Run()
    contexts: dict[str, Any] = {"inputs": inputs, "github": github, "steps": steps}
    for number, step in enumerate(action["runs"]["steps"]):
        identity = step.get("id", f"step-{number}")
        if "uses" in step:
            if not step["uses"].startswith("actions/setup-python@"):
                raise NotUnderstood(step["uses"])
            steps[identity] = {"outputs": {"python-path": sys.executable}}
            continue
        known = (done or {}).get(identity)
        result = known or run_step(step, contexts, workspace=workspace, scratch=scratch, more=more or {})
        steps[identity] = {"outputs": result.outputs}
        run.steps[identity] = result
        if result.code:
            break
    run.outputs = {name: evaluate(output["value"], contexts) for name, output in action["outputs"].items()}
    return run


def run_step(
    step: Mapping[str, Any], contexts: Mapping[str, Any], *, workspace: Path, scratch: Path, more: Mapping[str, str]
) -> Step:
    """Run the shell of one step as the runner does.

    Source: GitHub Docs, "Workflow syntax", jobs.<job_id>.steps[*].shell (bash).
    """
    if set(step) - {"name", "id", "shell", "env", "run"} or step["shell"] != "bash":
        raise NotUnderstood(str(step))
    if EXPRESSION.search(step["run"]):
        raise NotUnderstood("an expression in a script is a way for names to become commands")
    folder = scratch / f"step-{step.get('id', 'x')}-{len(list(scratch.iterdir()))}"
    folder.mkdir()
    script, outputs, summary = folder / "script.sh", folder / "outputs", folder / "summary"
    script.write_text(step["run"], encoding="utf-8")
    for file in (outputs, summary):
        file.touch()
    environment = {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "HOME": str(scratch),
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_WORKSPACE": str(workspace),
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_REF": str(contexts["github"].get("ref", "")),
        "GITHUB_SHA": str(contexts["github"].get("sha", "")),
        "GITHUB_EVENT_NAME": str(contexts["github"].get("event_name", "")),
        "RUNNER_TEMP": str(scratch),
        **{name: evaluate(value, contexts) for name, value in step.get("env", {}).items()},
        **more,
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=workspace,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=600,
    )
    lines = outputs.read_text(encoding="utf-8").splitlines()
    return Step(
        code=done.returncode,
        log=done.stdout.decode("utf-8", errors="backslashreplace"),
        outputs=dict(line.split("=", 1) for line in lines),
        summary=summary.read_text(encoding="utf-8"),
    )
