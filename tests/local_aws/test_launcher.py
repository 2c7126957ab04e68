"""Starting, recognising and ending the server; nothing of it outside loopback, its folder, or its lifetime."""

from __future__ import annotations

import importlib.metadata
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local_aws import launcher
from local_aws.faults import LocalAwsError
from local_aws.launcher import check_ministack, free_port, identity, port_in_use, recorded_process, running_local_aws
from local_aws.processes import all_processes, end_processes, family, read_process
from local_aws.registry import borrowed_names, missing_names
from local_aws.settings import Settings
from tests.local_aws.cloud import REGION, Cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_aws.launcher import LocalAws

pytestmark = pytest.mark.real


class Commands:
    """`python -m local_aws …` in a folder and on a port of its own, with an empty home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.state = folder / ".local-aws"
        self.home = folder / "home"
        self.home.mkdir()

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        surroundings = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LOCAL_AWS_PORT": str(self.port),
            "AWS_REGION": REGION,
        }
        return subprocess.run(
            [sys.executable, "-m", "local_aws", *arguments],
            cwd=self.folder,
            env=surroundings | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def pid(self) -> int:
        return int(json.loads((self.state / f"server-{self.port}.json").read_text())["pid"])


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Commands]:
    commands = Commands(tmp_path)
    yield commands
    commands("stop")
    process = recorded_process(Settings(commands.port, REGION, commands.state))
    if process is not None:
        end_processes(family(process.pid), 0.1)


def test_start_status_stop_and_each_again(command: Commands) -> None:
    endpoint = f"http://127.0.0.1:{command.port}"
    started = command("start")
    assert (started.returncode, started.stdout.count(endpoint), len(started.stdout.splitlines())) == (0, 1, 1), started
    assert "Starting" in started.stderr, "the wait shows on standard error"
    first = command.pid()
    again = command("start")
    assert (again.returncode, "already runs" in again.stdout, command.pid()) == (0, True, first), again
    status = command("status")
    assert (status.returncode, endpoint in status.stdout) == (0, True), status
    members = family(first)
    stopped = command("stop")
    assert (stopped.returncode, "is stopped" in stopped.stdout) == (0, True), stopped
    assert [member for member in members if read_process(member.pid)] == []
    assert not port_in_use(command.port)
    once_more = command("stop")
    assert (once_more.returncode, "Nothing is running" in once_more.stdout) == (0, True), once_more
    assert command("status").returncode == 1


def test_all_it_writes_is_under_its_folder(command: Commands, tmp_path: Path) -> None:
    command("start")
    server = launcher.LocalAws(f"http://127.0.0.1:{command.port}", REGION, command.pid(), command.state)
    own_name = f"kept-{os.getpid()}-{command.port}"
    server.client("s3").create_bucket(Bucket=own_name, CreateBucketConfiguration={"LocationConstraint": REGION})
    server.client("s3").put_object(Bucket=own_name, Key="k", Body=b"x" * 100_000)
    opened = {str(link.readlink()) for link in Path(f"/proc/{command.pid()}/fd").iterdir() if link.exists()}
    written = {name for name in opened if name.startswith("/") and not name.startswith(("/dev/", "/proc/"))}
    environment = Path(f"/proc/{command.pid()}/environ").read_bytes().decode()
    assert all(Path(name).is_relative_to(command.state) for name in written if os.access(name, os.W_OK)), written
    for variable in ("HOME", "TMPDIR", "S3_DATA_DIR", "STATE_DIR"):
        assert f"{variable}={command.state}/" in environment, f"{variable} points outside the state folder"
    assert list(command.home.iterdir()) == [], "the caller's home is left alone"
    command("stop")
    left = sorted(path.name for path in command.state.iterdir())
    assert left == [f"server-{command.port}.log"], "after the end only the log remains"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".local-aws", "home"]


def listeners(pids: set[int]) -> set[tuple[str, int]]:
    """The (address, port) pairs these processes listen on, from /proc."""
    sockets = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            target = str(link.readlink()) if link.is_symlink() else ""
            if target.startswith("socket:["):
                sockets.add(target[8:-1])
    found = set()
    for table, size in (("tcp", 4), ("tcp6", 16), ("udp", 4), ("udp6", 16)):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            listening = fields[3] == "0A" or table.startswith("udp")
            if fields[9] in sockets and listening:
                address, _, port = fields[1].partition(":")
                raw = bytes.fromhex(address)
                words = b"".join(raw[i : i + 4][::-1] for i in range(0, size, 4))
                found.add((socket.inet_ntop(socket.AF_INET if size == 4 else socket.AF_INET6, words), int(port, 16)))
    return found


def test_it_listens_on_one_loopback_port_only(aws: LocalAws) -> None:
    cloud = Cloud(aws, "999999999999")
    database = {
        "Engine": "postgres",
        "DBInstanceClass": "db.t3.micro",
        "AllocatedStorage": "20",
        "MasterUsername": "x",
        "MasterUserPassword": "a-password",
    }
    cloud.deploy("with-database", {"D": {"Type": "AWS::RDS::DBInstance", "Properties": database}})
    cloud.client("rds").create_db_instance(
        DBInstanceIdentifier="by-hand",
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="x",
        MasterUserPassword="a-password",
    )
    port = int(aws.endpoint_url.rpartition(":")[2])
    assert listeners({member.pid for member in family(aws.pid)}) == {("127.0.0.1", port)}


def test_the_probe_sees_a_listener_on_all_addresses() -> None:
    """The test above could not fail otherwise."""
    with socket.create_server(("0.0.0.0", 0)) as server:
        assert ("0.0.0.0", server.getsockname()[1]) in listeners({os.getpid()})


class Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"name": "somebody else"}')

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stranger() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_port_of_somebody_else_is_left_alone(command: Commands, stranger: int) -> None:
    refused = command("start", LOCAL_AWS_PORT=str(stranger))
    assert refused.returncode == 1
    assert f"Port {stranger}" in refused.stderr
    assert f"LOCAL_AWS_PORT={stranger + 1}" in refused.stderr, "it says how to choose another"
    stopped = command("stop", LOCAL_AWS_PORT=str(stranger))
    assert (stopped.returncode, "Nothing is running" in stopped.stdout) == (0, True), stopped
    assert port_in_use(stranger), "the stranger lives on"


def test_a_stale_pid_file_never_ends_a_stranger(command: Commands) -> None:
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        process = read_process(sleeper.pid)
        assert process is not None
        command.state.mkdir()
        record = command.state / f"server-{command.port}.json"
        for started in (process.started, process.started - 1):  # the same process, or one whose pid was used again
            record.write_text(
                json.dumps({"pid": sleeper.pid, "started": started, "port": command.port, "region": REGION})
            )
            stopped = command("stop")
            assert (stopped.returncode, "Nothing is running" in stopped.stdout) == (0, True), stopped
            assert sleeper.poll() is None, "somebody else's process was ended"
            assert not record.exists(), "the stale file is gone"
    finally:
        sleeper.kill()
        sleeper.wait()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1}'])
def test_a_broken_pid_file_stands_in_nobodys_way(command: Commands, content: str) -> None:
    command.state.mkdir()
    (command.state / f"server-{command.port}.json").write_text(content)
    assert command("stop").returncode == 0


def test_the_server_of_another_folder_is_not_taken_over(command: Commands, aws: LocalAws) -> None:
    port = aws.endpoint_url.rpartition(":")[2]
    for verb in ("start", "stop"):
        refused = command(verb, "--port", port)
        assert refused.returncode == 1, refused
        assert str(aws.state) in refused.stderr, "it names the folder whose server that is"
    assert identity(int(port)) is not None


def test_another_region_needs_a_stop_first(command: Commands) -> None:
    command("start")
    refused = command("start", "--region", "eu-west-1")
    assert (refused.returncode, "got eu-central-1, expected eu-west-1" in refused.stderr) == (1, True), refused


def test_a_server_that_dies_at_start_shows_the_end_of_its_log(command: Commands) -> None:
    command.state.mkdir()
    (command.state / f"work-{command.port}").write_text("a file where the folder should be")
    died = command("start")
    assert died.returncode == 1
    assert "died at start" in died.stderr
    assert "Error" in died.stderr, "the log's end is told"
    assert f"work-{command.port}" in died.stderr


@pytest.mark.parametrize("port", ["0", "70000", "abc"])
def test_a_port_that_is_none_is_refused(command: Commands, port: str) -> None:
    refused = command("start", LOCAL_AWS_PORT=port)
    assert (refused.returncode, repr(port) in refused.stderr) == (1, True), refused


def test_a_killed_server_is_started_anew(command: Commands) -> None:
    command("start")
    first = command.pid()
    os.kill(first, signal.SIGKILL)
    while port_in_use(command.port):
        time.sleep(0.02)
    again = command("start")
    assert (again.returncode, command.pid() != first) == (0, True), again


def test_a_server_that_hangs_is_ended_all_the_same(command: Commands) -> None:
    command("start")
    pid = command.pid()
    os.kill(pid, signal.SIGSTOP)
    stopped = command("stop")
    assert (stopped.returncode, "is stopped" in stopped.stdout, read_process(pid)) == (0, True, None), stopped


def test_two_servers_know_nothing_of_each_other(aws: LocalAws, tmp_path: Path) -> None:
    with running_local_aws(region="eu-west-1", state_dir=tmp_path) as other:
        other.client("sns").create_topic(Name="only-here")
        names = [
            topic["TopicArn"]
            for topic in aws.client("sns", account="999999999998", region="eu-west-1").list_topics()["Topics"]
        ]
        assert names == []
        assert (
            other.client("sns").list_topics()["Topics"][0]["TopicArn"].startswith("arn:aws:sns:eu-west-1:000000000000:")
        )
        other.reset()
        assert other.client("sns").list_topics()["Topics"] == []
    assert read_process(other.pid) is None
    assert not port_in_use(int(other.endpoint_url.rpartition(":")[2]))


def test_the_environment_is_enough_for_a_program(aws: LocalAws, tmp_path: Path) -> None:
    program = (
        "import boto3\n"
        "print(boto3.client('sts').get_caller_identity()['Account'], boto3.session.Session().region_name)\n"
    )
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **aws.environment("123456789012")}
    shown = subprocess.run(
        [sys.executable, "-c", program], env=surroundings, capture_output=True, text=True, check=True
    )
    assert shown.stdout.split() == ["123456789012", REGION]


def test_a_server_ends_with_the_test_that_forgot_it(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys\n"
        "from local_aws.launcher import running_local_aws\n"
        f"with running_local_aws(region='{REGION}', state_dir=pathlib.Path({str(tmp_path)!r})) as aws:\n"
        "    print(aws.pid, flush=True)\n"
        "    os._exit(1)\n"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    pid = int(shown.stdout)
    deadline = time.monotonic() + 10
    while read_process(pid) is not None:
        assert time.monotonic() < deadline, "the orphan lives on"
        time.sleep(0.05)


def test_another_ministack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "9.9.9")
    with pytest.raises(LocalAwsError, match=r"got 9\.9\.9, expected 1\.5\.33.*pip install ministack==1\.5\.33"):
        check_ministack()


def test_every_private_name_that_is_used_exists() -> None:
    assert missing_names() == []


def test_private_names_are_found_in_the_source() -> None:
    source = "from ministack.services import ec2\nimport ministack.app\n"
    source += "x = ec2._gone['a']\ny = ministack.app.SERVICE_HANDLERS\n"
    names = borrowed_names(source)
    assert ("ministack.services.ec2", "_gone") in names
    assert ("ministack.app", "SERVICE_HANDLERS") in names


def test_no_server_of_these_tests_is_left_behind(aws: LocalAws) -> None:
    ours = [p for p in all_processes() if "local_aws" in p.command and "serve" in p.command and p.parent == os.getpid()]
    assert {process.pid for process in ours} == {aws.pid}
