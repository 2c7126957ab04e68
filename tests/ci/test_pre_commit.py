"""The pre-commit hook, by pre-commit itself: it installs nexis from a repository and judges what a commit changes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.actions import KEPT, ROOT
from tests.support.checkouts import copy_of_this_repository, git

HOOKS = ROOT / ".pre-commit-hooks.yaml"
OPEN = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}


def hook() -> dict[str, Any]:
    (found,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    made: dict[str, Any] = found
    return made


def pre_commit(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *words],
        cwd=folder,
        env={**kept, "HOME": str(folder.parent), "PRE_COMMIT_HOME": str(folder.parent / "pre-commit")},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.real
def test_the_manifest_is_one(tmp_path: Path) -> None:
    assert pre_commit(tmp_path, "validate-manifest", str(HOOKS)).returncode == 0
    (tmp_path / "odd.yaml").write_text("- id: nexis-check\n", encoding="utf-8")
    assert pre_commit(tmp_path, "validate-manifest", "odd.yaml").returncode == 1


def test_yaml_is_read_by_the_version_that_is_tested() -> None:
    pinned = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line.startswith("PyYAML==")]
    assert hook()["additional_dependencies"] == pinned


@pytest.mark.parametrize(
    ("file", "judged"),
    [
        ("templates/app.yaml", True),
        ("infra/cloudformation/a.json", True),
        ("cdk.out/Stack.template.json", True),
        ("service.template", True),
        ("service.template.yml", True),
        ("cdk.out/manifest.json", False),
        ("cdk.out/tree.json", False),
        ("cdk.out/Stack.assets.json", False),
        ("cdk.out/Stack.metadata.json", False),
        ("cdk.out/nexis-synthesis.json", False),
        ("cdk.out/asset.0123abcd/package.json", False),
        ("cdk.out/assembly-Stage/Stack.template.json", True),
        ("templates/nexis-baseline.json", False),
        ("package.json", False),
        ("templates/readme.md", False),
    ],
)
def test_which_files_are_taken_for_templates(file: str, judged: bool) -> None:
    taken = re.search(hook()["files"], file) is not None and re.search(hook()["exclude"], file) is None
    assert taken is judged


def template(*ingress: dict[str, Any]) -> str:
    egress = [{"CidrIp": "10.0.0.0/8", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}]
    group = {
        "GroupDescription": "a",
        "VpcId": "vpc-0123456789abcdef0",
        "SecurityGroupIngress": list(ingress),
        "SecurityGroupEgress": egress,
    }
    return json.dumps({"Resources": {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": group}}})


@pytest.mark.real
def test_a_commit_is_judged(tmp_path: Path) -> None:
    nexis = copy_of_this_repository(tmp_path / "nexis")
    project = tmp_path / "project"
    (project / "templates").mkdir(parents=True)
    git(project, "init", "--quiet")
    wanted = {"repo": str(nexis), "rev": git(nexis, "rev-parse", "HEAD"), "hooks": [{"id": "nexis-check"}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [wanted]}), encoding="utf-8")
    file = project / "templates" / "with space.yaml"
    file.write_text(template(OPEN), encoding="utf-8")
    (project / "package.json").write_text("{}", encoding="utf-8")
    git(project, "add", "--all")
    refused = pre_commit(project, "run")
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "network.no-ingress-from-anywhere" in refused.stdout
    assert "templates/with space.yaml" in refused.stdout
    file.write_text(template(), encoding="utf-8")
    git(project, "add", "--all")
    passed = pre_commit(project, "run")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed" in passed.stdout
    file.write_text("Resources: [", encoding="utf-8")
    git(project, "add", "--all")
    unreadable = pre_commit(project, "run")
    assert unreadable.returncode == 1
    assert "exit code: 2" in unreadable.stdout
