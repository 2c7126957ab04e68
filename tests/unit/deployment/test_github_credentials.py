"""A job on GitHub gets credentials for an hour, from its identity token alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.cli import main
from nexis.config import load_configuration
from nexis.deployment.errors import DeploymentError
from nexis.deployment.github_credentials import credentials, identity_token, session_name
from tests.support.token_services import RIGHT, TOKEN, Servers

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    running = Servers()
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{running.url}/token?api-version=2.0")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", RIGHT)
    monkeypatch.setenv("GITHUB_RUN_ID", "123")
    monkeypatch.setenv("GITHUB_RUN_ATTEMPT", "2")
    yield running
    running.stop()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_role_of_the_environment_is_taken_on_for_an_hour(
    servers: Servers, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["github-credentials", "--environment", "prod"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == {
        "Version": 1,
        "AccessKeyId": "ASIA",
        "SecretAccessKey": "secret",
        "SessionToken": "session",
        "Expiration": "2100-01-01T00:00:00+00:00",
    }
    (asked,) = servers.asked
    assert asked["RoleArn"] == "arn:aws:iam::111111111111:role/nexis-prod-deployment"
    assert asked["RoleSessionName"] == "github-123-2"
    assert asked["DurationSeconds"] == "3600"


def test_an_sdk_gets_them_through_a_profile(servers: Servers, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    import boto3

    config = project / "aws-config"
    program = f"{sys.executable} -m nexis.cli github-credentials --environment prod"
    config.write_text(f"[default]\ncredential_process = {program}\n", "utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    found = boto3.Session(region_name="eu-central-1").get_credentials()
    assert found is not None
    assert (found.access_key, found.method) == ("ASIA", "custom-process")
    assert len(servers.asked) == 1


def test_what_aws_refuses_is_told_with_what_to_do(
    servers: Servers, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    servers.refuses = True
    assert main(["github-credentials", "--environment", "prod"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nexis-prod-deployment: An error occurred (AccessDenied)" in captured.err
    assert "change [changes] in config/prod.toml" in captured.err
    assert RIGHT not in captured.err
    assert TOKEN not in captured.err


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"value": ""}', b'{"value": 1}', b"{", b'{"values": "x"}'])
def test_an_answer_without_a_token_is_refused(servers: Servers, answer: bytes) -> None:
    servers.token_answer = answer
    with pytest.raises(DeploymentError, match="Try again"):
        credentials(load_configuration(ROOT / "config" / "prod.toml"), _job(servers))
    assert servers.asked == []


def test_a_wrong_right_gets_no_token(servers: Servers) -> None:
    with pytest.raises(DeploymentError, match="HTTP Error 401"):
        identity_token({**_job(servers), "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "another"})


@pytest.mark.parametrize("missing", ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
def test_outside_a_job_there_is_no_token(servers: Servers, missing: str) -> None:
    with pytest.raises(DeploymentError, match="id-token: write"):
        identity_token({**_job(servers), missing: ""})


def test_the_right_is_sent_over_https_alone() -> None:
    with pytest.raises(DeploymentError, match="expected https"):
        identity_token(
            {"ACTIONS_ID_TOKEN_REQUEST_URL": "http://192.0.2.1/token", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": RIGHT}
        )


@given(st.text(), st.text())
def test_any_run_has_a_name_that_sts_takes(run: str, attempt: str) -> None:
    import re

    assert re.fullmatch(r"[\w+=,.@-]{2,64}", session_name({"GITHUB_RUN_ID": run, "GITHUB_RUN_ATTEMPT": attempt}), re.A)


def _job(servers: Servers) -> dict[str, str]:
    return {"ACTIONS_ID_TOKEN_REQUEST_URL": f"{servers.url}/token", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": RIGHT}
