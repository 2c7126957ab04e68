"""What deploys is what was approved: the shell of the deployment workflow, played through with a real assembly."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.token_services import RIGHT, Servers

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[2]
# Stands for the CDK CLI: says what it was asked, and asks the SDK for credentials as the CLI does.
CDK = """#!{python}
import json, os, sys
from pathlib import Path
import boto3
app = Path(sys.argv[sys.argv.index("--app") + 1])
found = boto3.Session().get_credentials()
Path({seen!r}).write_text(json.dumps({{
    "arguments": sys.argv[1:], "stacks": sorted(p.name for p in app.glob("*.template.json")),
    "key": found.access_key, "method": found.method, "region": boto3.Session().region_name,
    "environment": sorted(os.environ),
}}))
"""


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own app, synthesized."""
    folder = tmp_path_factory.mktemp("assembly")
    made = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "CDK_OUTDIR": str(folder / "cdk.out"), "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return folder / "cdk.out"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that is set up, with a stand-in for the CDK CLI."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "ci", folder / "ci")
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copytree(ROOT / "docs" / "decisions", folder / "docs" / "decisions")
    shutil.copy(ROOT / "waivers.toml", folder)
    (folder / "Makefile").write_text("setup-aws:\n\t@echo set up\n", "utf-8")
    _program(folder / ".venv/bin/nexis", f'#!/bin/sh\nexec {sys.executable} -m nexis.cli "$@"\n')
    _program(folder / "node_modules/.bin/cdk", CDK.format(python=sys.executable, seen=str(folder / "seen.json")))
    return folder


@pytest.fixture
def services() -> Iterator[Servers]:
    running = Servers()
    yield running
    running.stop()


def _program(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    file.chmod(0o755)


def _run(checkout: Path, *words: str, services: Servers | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(checkout), "LANG": "C.UTF-8", **more}
    if services is not None:
        environment |= {
            "AWS_ENDPOINT_URL": services.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{services.url}/token?v=1",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": RIGHT,
            "GITHUB_RUN_ID": "77",
            "GITHUB_RUN_ATTEMPT": "1",
        }
    return subprocess.run(
        ["bash", *words], cwd=checkout, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def _pack(checkout: Path, assembly: Path, name: str = "assembly.tar") -> str:
    output = checkout / f"{name}.output"
    packed = _run(checkout, "ci/pack_assembly.sh", str(assembly), name, GITHUB_OUTPUT=str(output))
    assert packed.returncode == 0, packed.stderr
    return output.read_text("utf-8").strip().removeprefix("digest=")


def test_the_same_files_have_the_same_digest(checkout: Path, assembly: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(assembly, again, copy_function=shutil.copy)  # other times, another order
    digest = _pack(checkout, assembly)
    assert len(digest) == 64
    assert _pack(checkout, again, "again.tar") == digest
    (again / "manifest.json").write_text((again / "manifest.json").read_text("utf-8") + "\n", "utf-8")
    assert _pack(checkout, again, "other.tar") != digest


def test_what_was_not_synthesized_under_the_policies_is_not_packed(
    checkout: Path, assembly: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(assembly, bare)
    (bare / "nexis-report.json").unlink()
    packed = _run(checkout, "ci/pack_assembly.sh", str(bare), "bare.tar")
    assert packed.returncode == 2
    assert "run `make synth`" in packed.stderr
    assert not (checkout / "bare.tar").exists()


def test_the_approved_assembly_is_deployed_with_credentials_of_an_hour(
    checkout: Path, assembly: Path, services: Servers
) -> None:
    digest = _pack(checkout, assembly)
    done = _run(checkout, "ci/deploy_assembly.sh", "assembly.tar", digest, "dev", services=services)
    assert done.returncode == 0, done.stdout + done.stderr
    seen: dict[str, Any] = json.loads((checkout / "seen.json").read_text("utf-8"))
    assert "Network.template.json" in seen["stacks"]
    assert (seen["key"], seen["method"], seen["region"]) == ("ASIA", "custom-process", "eu-central-1")
    assert "deploy" in seen["arguments"]
    assert not {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} & set(seen["environment"])
    role = "arn:aws:iam::000000000000:role/nexis-dev-deployment"
    assert [asked["RoleArn"] for asked in services.asked] == [role] * 2  # by the script first, then by the CLI
    assert [asked["RoleSessionName"] for asked in services.asked] == ["github-77-1"] * 2


def test_another_assembly_than_the_approved_one_is_refused(checkout: Path, assembly: Path, services: Servers) -> None:
    _pack(checkout, assembly)
    for digest in ("0" * 64, ""):
        done = _run(checkout, "ci/deploy_assembly.sh", "assembly.tar", digest, "dev", services=services)
        assert done.returncode == 2
        assert "nothing is deployed" in done.stderr
    assert not (checkout / "seen.json").exists()
    assert services.asked == []


def test_an_assembly_that_was_weakened_after_its_synthesis_is_refused(
    checkout: Path, assembly: Path, tmp_path: Path, services: Servers
) -> None:
    weaker = tmp_path / "weaker"
    shutil.copytree(assembly, weaker)
    file = weaker / "ManagedDatabase.template.json"
    file.write_text(file.read_text("utf-8").replace('"rds.force_ssl": "1"', '"rds.force_ssl": "0"'), "utf-8")
    digest = _pack(checkout, weaker)
    done = _run(checkout, "ci/deploy_assembly.sh", "assembly.tar", digest, "dev", services=services)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "tls.postgres-force-ssl" in done.stdout
    assert "ManagedDatabase.template.json: has changed since the synthesis judged it" in done.stderr
    assert not (checkout / "seen.json").exists()


def test_a_job_that_aws_does_not_let_in_deploys_nothing(checkout: Path, assembly: Path, services: Servers) -> None:
    services.refuses = True
    done = _run(checkout, "ci/deploy_assembly.sh", "assembly.tar", _pack(checkout, assembly), "dev", services=services)
    assert done.returncode not in (0, None)
    assert "nexis-dev-deployment" in done.stdout + done.stderr
    assert not (checkout / "seen.json").exists()


def test_wrong_arguments_are_refused(checkout: Path) -> None:
    for script in ("ci/pack_assembly.sh", "ci/deploy_assembly.sh"):
        done = _run(checkout, script, "one")
        assert (done.returncode, "expected" in done.stderr) == (2, True)


def test_the_workflow_runs_these_scripts_and_gives_the_right_to_a_token_to_one_job() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/deploy.yml").read_text("utf-8"))
    runs = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in workflow["jobs"].items()}
    assert "ci/pack_assembly.sh cdk.out assembly.tar" in runs["assembly"]
    assert runs["deploy"] == ['ci/deploy_assembly.sh assembly.tar "$DIGEST" "$ENV"']
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "assembly": {"contents": "read"},
        "deploy": {"contents": "read", "id-token": "write"},
    }
    assert workflow["jobs"]["deploy"]["environment"] == "${{ inputs.environment }}"
    assert not any("${{" in run for steps in runs.values() for run in steps), "texts from outside come by `env` alone"


def test_the_owners_of_the_code_are_roles_and_every_path_is_there() -> None:
    import tomllib

    roles = tomllib.loads((ROOT / "config/owners.toml").read_text("utf-8"))["roles"]
    lines = [line.split() for line in (ROOT / ".github/CODEOWNERS").read_text("utf-8").splitlines()]
    owned = {line[0]: line[1:] for line in lines if line and not line[0].startswith("#")}
    assert {owner.removeprefix("@example-org/") for owners in owned.values() for owner in owners} <= set(roles)
    assert [path for path in owned if path != "*" and not (ROOT / path.strip("/")).exists()] == []
    for path in ("/nexis/rules/", "/waivers.toml", "/config/", "/.github/", "/bootstrap/"):
        assert owned[path] == ["@example-org/security"]
