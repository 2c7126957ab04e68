"""The definitions that others run are what their systems expect, and give nobody more than they need."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.support.actions import ACTION, EXPRESSION, REUSABLE, ROOT, read, triggers

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9/_.-]+@[0-9a-f]{40}")
#: What whoever opens a pull request writes: never part of a script, and never passed on.
WRITTEN_BY_ANYBODY = re.compile(
    r"github\.(head_ref|event\.(pull_request\.(title|body|head\.(ref|label))|issue|comment))"
)


def vendored(name: str) -> Draft7Validator:
    """A schema of SchemaStore or GitLab, as check-jsonschema carries it."""
    text = (files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{name}.json").read_text(encoding="utf-8")
    return Draft7Validator(json.loads(text))


def wrong(name: str, document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in vendored(name).iter_errors(document)]


def plain(file: Path) -> Any:
    """Read YAML as JSON has it: keys are text, `on` too."""
    document: dict[Any, Any] = read(file)
    return json.loads(json.dumps({"on" if key is True else key: value for key, value in document.items()}))


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_the_action_holds_to_its_schema() -> None:
    assert wrong("github-actions", plain(ACTION)) == []
    assert wrong("github-actions", {**plain(ACTION), "runs": {"using": "composite"}}) != []


@pytest.mark.parametrize("file", WORKFLOWS, ids=names(WORKFLOWS))
def test_workflows_hold_to_their_schema(file: Path) -> None:
    assert wrong("github-workflows", plain(file)) == []
    assert wrong("github-workflows", {**plain(file), "jobs": {"a": {"steps": []}}}) != []


def test_the_gitlab_example_holds_to_its_schema() -> None:
    document = plain(ROOT / "ci" / "gitlab-ci.example.yml")
    assert wrong("gitlab-ci", document) == []
    assert wrong("gitlab-ci", {"nexis": {**document["nexis"], "script": 5}}) != []


def jobs() -> list[Any]:
    return [
        pytest.param(file, name, job, id=f"{file.name}-{name}")
        for file in WORKFLOWS
        for name, job in read(file)["jobs"].items()
    ]


@pytest.mark.parametrize("file", WORKFLOWS, ids=names(WORKFLOWS))
def test_no_workflow_runs_the_code_of_a_stranger_with_rights(file: Path) -> None:
    events = triggers(read(file))
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(events)
    assert read(file)["permissions"] == {}  # each job says what it needs
    assert not WRITTEN_BY_ANYBODY.search(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("file", "name", "job"), jobs())
def test_every_job_says_its_rights_and_ends(file: Path, name: str, job: dict[str, Any]) -> None:
    allowed = {"contents": {"read"}, "security-events": {"write"}, "id-token": {"write"}}
    assert job["permissions"], f"{name} in {file.name} takes the rights of whoever calls it"
    for right, given in job["permissions"].items():
        assert given in allowed.get(right, set()), f"{name} may {given} {right}"
    if "uses" not in job:
        assert job["timeout-minutes"], f"{name} in {file.name} may run for six hours"


def test_findings_are_uploaded_by_a_job_that_runs_nothing_of_the_change() -> None:
    uploading = {
        name: [step.get("uses", "run").partition("@")[0] for step in job.get("steps", [])]
        for file in WORKFLOWS
        for name, job in read(file)["jobs"].items()
        if "security-events" in job["permissions"]
    }
    assert uploading == {"code-scanning": ["actions/download-artifact", "github/codeql-action/upload-sarif"]}


def steps() -> list[dict[str, Any]]:
    found = [step for file in WORKFLOWS for job in read(file)["jobs"].values() for step in job.get("steps", [])]
    return [*found, *read(ACTION)["runs"]["steps"]]


def test_what_others_wrote_is_pinned_to_a_commit() -> None:
    used = [step["uses"] for step in steps() if "uses" in step]
    used += [job["uses"] for file in WORKFLOWS for job in read(file)["jobs"].values() if "uses" in job]
    assert used
    assert [name for name in used if not name.startswith("./") and not PINNED.fullmatch(name)] == []


def test_no_script_has_an_expression_in_it() -> None:
    scripts = [step["run"] for step in steps() if "run" in step]
    assert scripts
    assert [script for script in scripts if EXPRESSION.search(script)] == []


def test_a_checkout_leaves_no_credentials_behind() -> None:
    checkouts = [step for step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert [step for step in checkouts if step["with"].get("persist-credentials") is not False] == []


def test_the_reusable_workflow_asks_for_what_the_action_takes() -> None:
    own = {"nexis-repository", "nexis-ref", "timeout-minutes"}
    asked = set(triggers(read(REUSABLE))["workflow_call"]["inputs"]) - own
    (step,) = (s for s in read(REUSABLE)["jobs"]["check"]["steps"] if s.get("uses") == "./.nexis-action")
    assert set(step["with"]) == asked
    assert asked <= set(read(ACTION)["inputs"])
    assert set(read(ACTION)["inputs"]) - asked == {"base", "python-version"}  # the event and the default know better


def test_this_repository_checks_itself_as_others_do() -> None:
    (ours,) = (job for file in WORKFLOWS for job in read(file)["jobs"].values() if "check.yml" in job.get("uses", ""))
    assert ours["uses"] == "./.github/workflows/check.yml"
    assert set(ours["with"]) <= set(triggers(read(REUSABLE))["workflow_call"]["inputs"])
    assert (ours["with"]["path"], ours["with"]["synth"]) == ("cdk.out", "make synth")


def test_every_input_reaches_the_script() -> None:
    (check,) = (step for step in read(ACTION)["runs"]["steps"] if step.get("id") == "check")
    script = (ROOT / "ci" / "check_change.sh").read_text(encoding="utf-8")
    assert {name for name in check["env"] if not re.search(rf"\$\{{{name}[:}}]", script)} == set()
    used = {found for value in check["env"].values() for found in re.findall(r"inputs\.([a-z-]+)", value)}
    assert used | {"python-version"} == set(read(ACTION)["inputs"])


def test_the_gitlab_example_names_what_the_script_reads() -> None:
    job = yaml.safe_load((ROOT / "ci" / "gitlab-ci.example.yml").read_text(encoding="utf-8"))["nexis"]
    script = (ROOT / "ci" / "check_change.sh").read_text(encoding="utf-8")
    own = {"NEXIS_REPOSITORY", "NEXIS_REF"}
    asked = {name for name in job["variables"] if name.startswith("NEXIS_")} - own
    assert {name for name in asked if f"${{{name}:-" not in script} == set()
    assert set(job["artifacts"]["reports"].values()) == {"nexis-reports/codequality.json", "nexis-reports/findings.xml"}


def test_what_can_be_deployed_is_what_has_a_configuration() -> None:
    asked = triggers(read(ROOT / ".github/workflows/deploy.yml"))["workflow_dispatch"]["inputs"]["environment"]
    configurations = {file.stem for file in (ROOT / "config").glob("*.toml")} - {"owners"}
    assert set(asked["options"]) == configurations
