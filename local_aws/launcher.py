"""Start, stop and recognise a local AWS; `running_local_aws` is the same for tests."""

from __future__ import annotations

import contextlib
import functools
import http.client
import importlib.metadata
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_aws.faults import LocalAwsError
from local_aws.processes import Process, end_processes, family, read_process, still_there
from local_aws.settings import (
    DEFAULT_ACCOUNT,
    DUMMY_SECRET,
    HOST,
    IDENTITY_PATH,
    PORT_VARIABLE,
    RESET_PATH,
    TESTED_MINISTACK,
    Settings,
    client_environment,
    server_environment,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START_SECONDS = 60.0
GRACE_SECONDS = 2.0
LOG_TAIL_LINES = 25

# The servers this very process started: kept, so that each one's exit code is taken in when it ends.
_children: dict[int, subprocess.Popen[bytes]] = {}


_session_lock = threading.Lock()


@functools.cache
def _session() -> Any:
    """One session for all clients: it reads each service's model once. Imported here, as the commands need none."""
    import boto3
    import botocore.session

    nowhere = (None, None, os.devnull, None)  # neither the caller's profile nor the caller's files
    variables = {"profile": (None, None, None, None), "config_file": nowhere, "credentials_file": nowhere}
    return boto3.session.Session(botocore_session=botocore.session.Session(session_vars=variables))


@functools.cache
def _client_config() -> Any:
    from botocore.config import Config

    return Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, proxies={})


@dataclass(frozen=True, slots=True)
class LocalAws:
    """A running server.

    Args:
        endpoint_url: Its address.
        region: Its default region.
        pid: Its process id.
        state: The folder it writes to.
    """

    endpoint_url: str
    region: str
    pid: int
    state: Path

    def environment(self, account: str = DEFAULT_ACCOUNT) -> dict[str, str]:
        """The variables for a subprocess or a boto3 session that should use this server.

        Args:
            account: Twelve digits: the account to work in.
        """
        return client_environment(self.endpoint_url, self.region, account)

    def client(self, service: str, *, account: str = DEFAULT_ACCOUNT, region: str | None = None) -> Any:
        """A boto3 client of this server, whatever the surroundings say.

        Args:
            service: The service's boto3 name.
            account: Twelve digits: the account to work in.
            region: Another region than the server's own.
        """
        with _session_lock:  # a session may not be shared between threads while it makes a client
            return _session().client(
                service,
                region_name=region or self.region,
                endpoint_url=self.endpoint_url,
                aws_access_key_id=account,
                aws_secret_access_key=DUMMY_SECRET,
                config=_client_config(),
            )

    def reset(self) -> None:
        """Forget everything in every account and region; takes milliseconds."""
        port = int(self.endpoint_url.rpartition(":")[2])
        status, _ = _request(port, "POST", RESET_PATH)
        if status != 200:
            raise LocalAwsError(
                f"The local AWS at {self.endpoint_url} did not reset: got HTTP status {status}, expected 200"
            )


def _request(port: int, method: str, path: str, seconds: float = 5.0) -> tuple[int, bytes]:
    """One plain HTTP request to 127.0.0.1, past any proxy."""
    connection = http.client.HTTPConnection(HOST, port, timeout=seconds)
    try:
        connection.request(method, path)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def port_in_use(port: int) -> bool:
    """Whether something listens on the port of 127.0.0.1.

    Args:
        port: The TCP port.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(2.0)
        return probe.connect_ex((HOST, port)) == 0


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def identity(port: int) -> dict[str, Any] | None:
    """What the server on the port says it is; None unless it is a local AWS.

    Args:
        port: The TCP port.
    """
    try:
        status, body = _request(port, "GET", IDENTITY_PATH)
        answer = json.loads(body)
    except (OSError, http.client.HTTPException, ValueError):
        return None
    if status != 200 or not isinstance(answer, dict) or answer.get("name") != "local_aws":
        return None
    return answer


def recorded_process(settings: Settings) -> Process | None:
    """The live process that the pid file names, if it still is the one that was started.

    Args:
        settings: The server.
    """
    try:
        record = json.loads(settings.pid_file.read_text(encoding="utf-8"))
        pid, started = int(record["pid"]), int(record["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    process = read_process(pid)
    if process is None or process.started != started or "local_aws" not in process.command:
        return None
    return process


def check_ministack() -> None:
    """Refuse another MiniStack than the one the mends were written for.

    Raises:
        LocalAwsError: If it is missing or has another version.
    """
    try:
        found = importlib.metadata.version("ministack")
    except importlib.metadata.PackageNotFoundError:
        found = "none"
    if found != TESTED_MINISTACK:
        raise LocalAwsError(
            f"The local AWS mends ministack {TESTED_MINISTACK} through private names, which other versions may have "
            f"moved: got {found}, expected {TESTED_MINISTACK}. Install it: pip install ministack=={TESTED_MINISTACK}"
        )


def _other_port(port: int) -> str:
    return f"Choose another port, e.g. {PORT_VARIABLE}={port + 1}, or end what uses {port}"


def find_running(settings: Settings) -> LocalAws | None:
    """The server of these settings, if it runs.

    Args:
        settings: The server.

    Raises:
        LocalAwsError: If the port belongs to something else, or to a local AWS of another folder or region.
    """
    if not port_in_use(settings.port):
        return None
    answer = identity(settings.port)
    if answer is None:
        raise LocalAwsError(
            f"Port {settings.port} on {HOST} is used by something that is not a local AWS. {_other_port(settings.port)}"
        )
    if answer.get("state") != str(settings.state):
        raise LocalAwsError(
            f"Port {settings.port} is used by the local AWS of another folder: got {answer.get('state')}, "
            f"expected {settings.state}. {_other_port(settings.port)}"
        )
    if answer.get("region") != settings.region:
        raise LocalAwsError(
            f"The local AWS on port {settings.port} runs with another region: got {answer.get('region')}, "
            f"expected {settings.region}. Stop it first: python -m local_aws stop --port {settings.port}"
        )
    return LocalAws(settings.endpoint_url, settings.region, int(answer["pid"]), settings.state)


def log_tail(settings: Settings) -> str:
    """The end of the server's log.

    Args:
        settings: The server.
    """
    try:
        lines = settings.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "(no log)"
    return "\n".join(f"    {line}" for line in lines[-LOG_TAIL_LINES:]) or "(the log is empty)"


def start(settings: Settings, tell: Callable[[str], None], *, watched: bool = False) -> tuple[LocalAws, bool]:
    """Start a detached server and wait until it answers; returns it, and whether it was started now.

    Args:
        settings: The server.
        tell: Called with each line of progress.
        watched: Whether the server ends by itself when this process does.

    Raises:
        LocalAwsError: If the port is taken, MiniStack is another version, or the server dies or stays silent.
    """
    check_ministack()
    running = find_running(settings)
    if running is not None:
        return running, False
    leftover = recorded_process(settings)  # alive, but deaf: a start that hangs or a stop that was interrupted
    if leftover is not None:
        end_processes(family(leftover.pid), GRACE_SECONDS)
    settings.state.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "local_aws", "serve", "--port", str(settings.port), "--region", settings.region]
    command += ["--state", str(settings.state), *(["--watch-parent"] if watched else [])]
    tell(f"Starting the local AWS on {settings.endpoint_url} ({settings.region}) …")
    with settings.log_file.open("wb") as log:
        child = subprocess.Popen(
            command,
            cwd=settings.state,
            env=server_environment(settings) | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children[child.pid] = child
    began = time.monotonic()
    told = began
    while True:
        answer = identity(settings.port) if port_in_use(settings.port) else None
        if answer is not None and answer.get("pid") == child.pid:
            return LocalAws(settings.endpoint_url, settings.region, child.pid, settings.state), True
        now = time.monotonic()
        if child.poll() is not None:
            _children.pop(child.pid, None)
            raise LocalAwsError(
                f"The local AWS on port {settings.port} died at start (exit code {child.returncode}). "
                f"The end of {settings.log_file}:\n{log_tail(settings)}"
            )
        if now - began > START_SECONDS:
            end_processes(family(child.pid), GRACE_SECONDS)
            child.wait()
            _children.pop(child.pid, None)
            raise LocalAwsError(
                f"The local AWS on port {settings.port} did not answer within {START_SECONDS:.0f} s. "
                f"The end of {settings.log_file}:\n{log_tail(settings)}"
            )
        if now - told > 2.0:
            told = now
            tell(f"  … waiting for it to answer, {now - began:.0f} s")
        time.sleep(0.05)


def stop(settings: Settings) -> bool:
    """End the server and every process it started; returns whether there was one.

    Args:
        settings: The server.

    Raises:
        LocalAwsError: If a process survived, or the port belongs to the local AWS of another folder.
    """
    process = recorded_process(settings)
    answer = identity(settings.port) if process is None and port_in_use(settings.port) else None
    if answer is not None:
        if answer.get("state") != str(settings.state):
            raise LocalAwsError(
                f"Nothing of {settings.state} is running, but port {settings.port} is used by the local AWS of "
                f"{answer.get('state')}. To stop that one: python -m local_aws stop --port {settings.port} "
                f"--state {answer.get('state')}"
            )
        named = read_process(int(answer["pid"]))  # its pid file is gone; it says itself that it is ours
        process = named if named is not None and "local_aws" in named.command else None
    members = family(process.pid) if process is not None else []
    if process is not None:
        survivors = end_processes(members, GRACE_SECONDS)
        survivors += [late for late in family(process.pid) if late not in survivors]
        survivors = end_processes(survivors, 0.0)
        if still_there(survivors):
            raise LocalAwsError(
                f"The local AWS on port {settings.port} did not end. Still there: "
                + ", ".join(f"{survivor.pid} ({' '.join(survivor.command)[:80]})" for survivor in survivors)
            )
        child = _children.pop(process.pid, None)
        if child is not None:
            child.wait()
    settings.pid_file.unlink(missing_ok=True)
    shutil.rmtree(settings.work, ignore_errors=True)
    return process is not None


@contextlib.contextmanager
def running_local_aws(*, region: str, state_dir: Path | None = None, port: int | None = None) -> Iterator[LocalAws]:
    """A local AWS of one's own, ended on leaving.

    Args:
        region: The default region.
        state_dir: The folder it writes to; a temporary one if absent.
        port: The TCP port; a free one if absent.

    Raises:
        LocalAwsError: If it does not start or does not end.
    """
    with contextlib.ExitStack() as cleanup:
        if state_dir is None:
            state_dir = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="local-aws-")))
        settings = Settings(port=port or free_port(), region=region, state=state_dir.resolve())
        try:
            server, started = start(settings, tell=lambda _: None, watched=True)
            if not started:
                raise LocalAwsError(f"A local AWS already runs on port {settings.port}: expected to start a new one")
            yield server
        finally:
            stop(settings)
