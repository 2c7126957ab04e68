"""Where a server listens and writes, and the environment it runs in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
DEFAULT_PORT = 4566
PORT_VARIABLE = "LOCAL_AWS_PORT"
DEFAULT_REGION = "eu-central-1"
DEFAULT_ACCOUNT = "000000000000"
DUMMY_SECRET = "local"  # noqa: S105  any text will do: the server checks no signature
DEFAULT_STATE = Path(".local-aws")
TESTED_MINISTACK = "1.5.33"
IDENTITY_PATH = "/_local_aws/identity"
RESET_PATH = "/_ministack/reset"

# What a child needs of the caller's surroundings. Everything else stays out, credentials and proxies above all.
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "NODE_PATH")

# Set to `enforced`, callers may do what their policies allow; the account itself, by its access key, may do everything.
IAM_VARIABLE = "LOCAL_AWS_IAM"
ENFORCED = "enforced"


@dataclass(frozen=True, slots=True)
class Settings:
    """One server.

    Args:
        port: The TCP port on 127.0.0.1.
        region: The region of every request that names none.
        state: The folder everything is written to, absolute.
    """

    port: int
    region: str
    state: Path

    @property
    def endpoint_url(self) -> str:
        """The address to give to AWS_ENDPOINT_URL."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid_file(self) -> Path:
        """The file that says which process serves this port."""
        return self.state / f"server-{self.port}.json"

    @property
    def log_file(self) -> Path:
        """The server's output."""
        return self.state / f"server-{self.port}.log"

    @property
    def work(self) -> Path:
        """The folder for what the server itself writes; emptied at every start."""
        return self.state / f"work-{self.port}"


def server_environment(settings: Settings) -> dict[str, str]:
    """The whole environment of a server process and of the Lambda workers it starts.

    Args:
        settings: The server.
    """
    kept = {name: os.environ[name] for name in (*KEPT_VARIABLES, IAM_VARIABLE) if name in os.environ}
    work = settings.work
    return kept | {
        "GATEWAY_PORT": str(settings.port),
        "BIND_HOST": HOST,  # MiniStack listens on every address otherwise
        "MINISTACK_HOST": HOST,  # so that a custom resource answers to an address that needs no name lookup
        "IOT_MTLS_ENABLED": "0",  # and opens an MQTT port
        "SFTP_ENABLED": "0",
        "MINISTACK_REGION": settings.region,
        "MINISTACK_ACCOUNT_ID": DEFAULT_ACCOUNT,
        "AUTH": "true" if kept.get(IAM_VARIABLE) == ENFORCED else "false",
        "PERSIST_STATE": "0",
        "S3_PERSIST": "0",
        "S3_DATA_DIR": str(work / "s3"),
        "STATE_DIR": str(work / "state"),
        "TMPDIR": str(work / "tmp"),
        "HOME": str(work / "home"),
        "DOCKER_HOST": f"unix://{work / 'no-docker.sock'}",  # never start a container, even where Docker runs
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(work / "home" / "no-aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(work / "home" / "no-aws-credentials"),
        "AWS_SECRET_ACCESS_KEY": DUMMY_SECRET,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }


def client_environment(endpoint_url: str, region: str, account: str) -> dict[str, str]:
    """The variables that turn the AWS CLI, the CDK CLI and every SDK towards a server.

    Args:
        endpoint_url: The server's address.
        region: The region to work in.
        account: Twelve digits: the access key, which the server takes as the account id.
    """
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": DUMMY_SECRET,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "2",
        "CDK_DEFAULT_ACCOUNT": account,
        "CDK_DEFAULT_REGION": region,
        "NO_PROXY": HOST,
        "no_proxy": HOST,
    }
