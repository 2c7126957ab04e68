"""The GitLab example, played through: its lines are read out of the file and run in a merge request's checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.actions import KEPT, ROOT
from tests.support.checkouts import copy_of_this_repository, git

pytestmark = pytest.mark.real

OPEN = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}


def template(*ingress: dict[str, object]) -> str:
    group = {"GroupDescription": "a", "VpcId": "vpc-0123456789abcdef0", "SecurityGroupIngress": list(ingress)}
    group["SecurityGroupEgress"] = [{"CidrIp": "10.0.0.0/8", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}]
    return json.dumps({"Resources": {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": group}}})


def test_a_merge_request_that_opens_a_port_fails(tmp_path: Path) -> None:
    nexis = copy_of_this_repository(tmp_path / "nexis of somebody")
    project = tmp_path / "project"
    (project / "templates").mkdir(parents=True)
    git(project, "init", "--quiet")
    shas = []
    for text in (template(), template(OPEN)):
        (project / "templates" / "a.json").write_text(text, encoding="utf-8")
        git(project, "add", "--all")
        git(project, "commit", "--quiet", "--message", "a change")
        shas.append(git(project, "rev-parse", "HEAD"))
    job = yaml.safe_load((ROOT / "ci" / "gitlab-ci.example.yml").read_text(encoding="utf-8"))["nexis"]
    known = {"$CI_MERGE_REQUEST_DIFF_BASE_SHA": shas[0]}
    variables = {name: known.get(value, value) for name, value in job["variables"].items()}
    variables |= {"NEXIS_REPOSITORY": nexis.as_uri(), "NEXIS_REF": git(nexis, "rev-parse", "HEAD")}
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "python").symlink_to(sys.executable)
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    # The image is replaced: its folder for temporary files by ours, and its `python` by this one.
    script = "\n".join(["set -eo pipefail", *job["script"]]).replace("/tmp/nexis", f"{tmp_path}/image-nexis")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=project,
        env={**kept, **variables, "HOME": str(tmp_path), "PATH": f"{commands}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    for kind, file in job["artifacts"]["reports"].items():
        assert (project / file).stat().st_size > 10, kind
    (issue,) = json.loads((project / "nexis-reports" / "codequality.json").read_text(encoding="utf-8"))
    assert issue["location"]["path"] == "templates/a.json"
    assert "makes something weaker" in done.stdout
