from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nexis.config import Configuration, load_configuration
from nexis.deployment.aws import Target, reach, refuse_placeholder_repository, refuse_placeholders, refuse_unfit_image
from nexis.deployment.errors import DeploymentError
from nexis.deployment.github_credentials import credentials

ROOT = Path(__file__).resolve().parents[3]
IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::{account}:user/x</Arn><UserId>x</UserId><Account>{account}</Account></GetCallerIdentityResult>
</GetCallerIdentityResponse>"""


@pytest.fixture
def configuration() -> Configuration:
    return load_configuration(ROOT / "config" / "prod.toml")


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials of the machine reach these tests."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """An STS on loopback that knows one account."""
    answer = {"account": "111111111111"}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = IDENTITY.format(**answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    yield answer
    server.shutdown()
    server.server_close()


def test_without_credentials_it_says_so_and_what_to_do(configuration: Configuration) -> None:
    with pytest.raises(DeploymentError, match=r"no AWS credentials.*111111111111.*AWS_PROFILE"):
        reach(configuration)


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_another_region_is_refused_before_anything_is_called(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "us-east-1")
    with pytest.raises(DeploymentError, match=r"region us-east-1.*eu-central-1"):
        reach(configuration)


def test_another_account_is_refused(configuration: Configuration, sts: dict[str, str]) -> None:
    sts["account"] = "222222222222"
    with pytest.raises(DeploymentError, match=r"account 222222222222.*111111111111"):
        reach(configuration)


def test_the_right_account_is_reached_in_the_configured_region(
    configuration: Configuration, sts: dict[str, str]
) -> None:
    assert sts["account"] == configuration.account
    assert reach(configuration).session.region_name == "eu-central-1"


def test_an_aws_that_does_not_answer_is_said_so(configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with pytest.raises(DeploymentError, match="does not answer"):
        reach(configuration)


class OneImage:
    """A session whose EC2 knows one image, or none."""

    region_name = "eu-central-1"

    def __init__(self, **image: str) -> None:
        self.image = image

    def client(self, _service: str, **_: object) -> OneImage:
        return self

    def describe_images(self, ImageIds: list[str]) -> dict[str, list[dict[str, str]]]:  # noqa: N803 - boto3's name
        return {"Images": [{"ImageId": ImageIds[0], **self.image}] if self.image else []}


FIT = {"RootDeviceName": "/dev/xvda", "Architecture": "x86_64", "RootDeviceType": "ebs"}


def target(configuration: Configuration, image_id: str | None = "ami-0123456789abcdef0", **image: str) -> Target:
    hosts = configuration.hosts.model_copy(update={"image_id": image_id})
    session: Any = OneImage(**image)
    return Target(configuration=configuration.model_copy(update={"hosts": hosts}), session=session)


def test_hosts_do_not_start_from_nothing_in_an_account(configuration: Configuration) -> None:
    with pytest.raises(DeploymentError, match=r"config/prod.toml hosts.image_id: names no image"):
        refuse_unfit_image(target(configuration, None))


def test_an_image_that_is_not_there_is_refused(configuration: Configuration) -> None:
    with pytest.raises(DeploymentError, match="ami-0123456789abcdef0 is not there"):
        refuse_unfit_image(target(configuration))


@pytest.mark.parametrize(
    ("name", "value"),
    [("RootDeviceName", "/dev/sda1"), ("Architecture", "arm64"), ("RootDeviceType", "instance-store")],
)
def test_an_image_that_does_not_fit_is_refused(configuration: Configuration, name: str, value: str) -> None:
    with pytest.raises(DeploymentError, match=f"has {name} '{value}', expected '{FIT[name]}'"):
        refuse_unfit_image(target(configuration, **{**FIT, name: value}))


def test_an_image_that_fits_is_not_refused(configuration: Configuration) -> None:
    refuse_unfit_image(target(configuration, **FIT))


def test_on_this_machine_no_host_starts(configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    refuse_unfit_image(target(configuration, None))


def test_a_repository_that_stands_for_none_is_let_in_nowhere(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DeploymentError, match="whoever owns that name"):
        refuse_placeholder_repository(target(configuration, None))
    assert configuration.changes is not None
    ours = configuration.changes.model_copy(update={"repository": "nexis-network/baseline"})
    for changes in (ours, None):
        refuse_placeholder_repository(target(configuration.model_copy(update={"changes": changes}), None))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    refuse_placeholder_repository(target(configuration, None))  # nobody is let in on this machine


def test_nothing_that_stands_for_something_else_is_deployed_from_github(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job asks for credentials with this configuration, and gets none."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    assert configuration.changes is not None
    ours = configuration.changes.model_copy(update={"repository": "nexis-network/baseline"})
    named = configuration.model_copy(
        update={"changes": ours, "hosts": configuration.hosts.model_copy(update={"image_id": "ami-0123456789abcdef0"})}
    )
    refuse_placeholders(named)
    for field, value, found in (
        ("changes", configuration.changes, "whoever owns that name"),
        ("hosts", named.hosts.model_copy(update={"image_id": None}), "names no image"),
    ):
        with pytest.raises(DeploymentError, match=found):
            credentials(named.model_copy(update={field: value}), {})
