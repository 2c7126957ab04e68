"""The whole path for real, as `make` runs it: deploy, read back, deploy again, destroy, nothing left."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[2]
STACKS = tuple(
    f"nexis-dev-{part}" for part in ("database", "deployment-access", "managed-database", "network", "trail")
)


@dataclass(frozen=True)
class Place:
    """A port and a home of our own, so that nothing else on this machine is met."""

    port: int
    home: Path

    def make(self, *words: str, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run make with the set-up taken as done: it is what these tests run in."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return subprocess.run(
            ["make", "--no-print-directory", "-o", "setup-local", "-o", "setup-aws", *words],
            cwd=ROOT,
            env={**inherited, "HOME": str(self.home), "LOCAL_AWS_PORT": str(self.port), **environment},
            stdin=subprocess.DEVNULL if stdin is None else None,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def client(self, service: str) -> Any:
        """Give an AWS client that knows nothing of the project: any secret will do."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name="eu-central-1",
            aws_access_key_id="000000000000",
            aws_secret_access_key="anything",
        )

    def listeners(self) -> list[str]:
        """Give the command lines of processes that were started for this port."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if folder.name.isdigit() and f"--port {self.port}" in command and "local_aws" in command:
                found.append(command)
        return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Place(port=port, home=tmp_path_factory.mktemp("home"))
    yield made
    made.make("destroy")


@pytest.fixture(scope="module")
def first(place: Place) -> subprocess.CompletedProcess[str]:
    return place.make("deploy")


def test_the_deployment_ends_well_and_sums_up(first: subprocess.CompletedProcess[str]) -> None:
    assert first.returncode == 0, first.stdout + first.stderr
    for name in STACKS:
        assert re.search(rf"{name} +created", first.stdout), first.stdout
    assert "nothing fails" in first.stdout
    assert "everything holds" in first.stdout
    assert "placeholders" in first.stdout
    assert "make destroy" in first.stdout


def test_the_readme_shows_what_is_printed(first: subprocess.CompletedProcess[str], place: Place) -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("<!-- summary")[1].split("```")[1]
    shown = shown.removeprefix("text\n").strip()
    printed = first.stdout[first.stdout.index("Nexis Network baseline") :].strip()
    assert steady(shown) == steady(printed.replace(f":{place.port}", ":4566"))


def steady(text: str) -> str:
    """Leave out the figures and the length of the rule under the title."""
    return re.sub(r"\d+", "N", re.sub("─+", "─", text))


def test_an_independent_client_reads_what_was_promised(first: subprocess.CompletedProcess[str], place: Place) -> None:
    assert first.returncode == 0
    database = place.client("rds").describe_db_instances()["DBInstances"][0]
    promised = {
        "StorageEncrypted": True,
        "PubliclyAccessible": False,
        "MultiAZ": True,
        "DeletionProtection": True,
        "CopyTagsToSnapshot": True,
        "DBInstanceClass": "db.m6gd.large",
        "Engine": "postgres",
    }
    assert {name: database[name] for name in promised} == promised
    assert database["Endpoint"]["Port"] == 6432
    assert database["BackupRetentionPeriod"] >= 14
    assert database["MasterUserSecret"]["KmsKeyId"]
    group = database["DBParameterGroups"][0]["DBParameterGroupName"]
    pages = place.client("rds").get_paginator("describe_db_parameters").paginate(DBParameterGroupName=group)
    parameters = {p["ParameterName"]: p.get("ParameterValue") for page in pages for p in page["Parameters"]}
    assert parameters["rds.force_ssl"] == "1"
    assert parameters["ssl_min_protocol_version"] == "TLSv1.3"
    groups = place.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    assert [(g["MinSize"], g["MaxSize"], g["DesiredCapacity"]) for g in groups] == [(1, 1, 1)] * 3
    assert len({zone for g in groups for zone in g["AvailabilityZones"]}) == 3


def test_a_second_deployment_changes_nothing_and_says_so(first: subprocess.CompletedProcess[str], place: Place) -> None:
    assert first.returncode == 0
    before = stack_times(place)
    second = place.make("deploy")
    assert second.returncode == 0, second.stdout + second.stderr
    for name in STACKS:
        assert re.search(rf"{name} +no change", second.stdout), second.stdout
    assert "Nothing was changed" in second.stdout
    assert stack_times(place) == before


def stack_times(place: Place) -> dict[str, Any]:
    stacks = place.client("cloudformation").describe_stacks()["Stacks"]
    return {s["StackName"]: s.get("LastUpdatedTime", s["CreationTime"]) for s in stacks}


def test_a_drift_fails_the_audit_with_the_rule_and_the_way_back(
    first: subprocess.CompletedProcess[str], place: Place
) -> None:
    assert first.returncode == 0
    rds = place.client("rds")
    group = rds.describe_db_instances()["DBInstances"][0]["DBParameterGroups"][0]["DBParameterGroupName"]

    def force_ssl(value: str) -> None:
        setting = {"ParameterName": "rds.force_ssl", "ParameterValue": value, "ApplyMethod": "immediate"}
        rds.modify_db_parameter_group(DBParameterGroupName=group, Parameters=[setting])

    force_ssl("0")
    try:
        audit = place.make("audit")
    finally:
        force_ssl("1")
    assert audit.returncode != 0
    assert "tls.postgres-force-ssl" in audit.stdout
    assert "ManagedDatabase/Database/ParameterGroup" in audit.stdout
    assert f"modify-db-parameter-group --db-parameter-group-name {group}" in audit.stdout
    assert place.make("audit").returncode == 0


def test_production_deploys_to_the_same_aws(place: Place, first: subprocess.CompletedProcess[str]) -> None:
    assert first.returncode == 0
    prod = place.make("deploy", ENV="prod")
    assert prod.returncode == 0, prod.stdout + prod.stderr
    assert re.search(r"nexis-prod-network +created", prod.stdout), prod.stdout
    assert "111111111111" in prod.stdout
    gone = place.make("destroy", ENV="prod")
    assert gone.returncode == 0, gone.stdout + gone.stderr
    assert "Left behind, because something is in it: AWS::EC2::VPC" in gone.stdout, "retained groups keep their VPC"
    place.make("deploy")  # destroy stopped the local AWS; the last test wants something to remove


def test_destroying_leaves_what_aws_keeps_and_no_process(
    first: subprocess.CompletedProcess[str], place: Place, tmp_path: Path
) -> None:
    assert first.returncode == 0
    removed = remove_and_look(place)
    assert removed["stacks"] == ["CDKToolkit"]
    assert removed["databases"] == []
    assert removed["vpcs"] == removed["default vpcs"]
    kept = ("access-logs", "assets")
    assert removed["buckets"] == [f"cdk-hnb659fds-{name}-000000000000-eu-central-1" for name in kept]
    assert set(removed["keys"]) <= {"PendingDeletion"}
    gone = place.make("destroy")
    assert gone.returncode == 0, gone.stdout + gone.stderr
    assert place.listeners() == []
    again = place.make("destroy")
    assert again.returncode == 0
    assert "not running" in again.stdout


def remove_and_look(place: Place) -> dict[str, list[Any]]:
    """Remove the stacks as `make destroy` does, and look before the local AWS is stopped."""
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{place.port}",
        "AWS_ACCESS_KEY_ID": "000000000000",
        "AWS_SECRET_ACCESS_KEY": "local",
        "PATH": os.environ["PATH"],
        "HOME": str(place.home),
    }
    command = [str(ROOT / ".venv/bin/nexis"), "destroy", "--environment", "dev", "--yes"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    vpcs = place.client("ec2").describe_vpcs()["Vpcs"]
    kms = place.client("kms")
    keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    return {
        "stacks": [s["StackName"] for s in place.client("cloudformation").describe_stacks()["Stacks"]],
        "databases": place.client("rds").describe_db_instances()["DBInstances"],
        "vpcs": [v["VpcId"] for v in vpcs],
        "default vpcs": [v["VpcId"] for v in vpcs if v["IsDefault"]],
        "buckets": [b["Name"] for b in place.client("s3").list_buckets()["Buckets"]],
        "keys": [k["KeyState"] for k in keys if k["KeyManager"] == "CUSTOMER" and "Nexis" in k.get("Description", "")],
    }


def test_without_credentials_a_real_deployment_says_so(place: Place, tmp_path: Path) -> None:
    nothing = str(tmp_path / "none")
    result = place.make(
        "deploy",
        "TARGET=aws",
        "ENV=prod",
        AWS_SHARED_CREDENTIALS_FILE=nothing,
        AWS_CONFIG_FILE=nothing,
        AWS_EC2_METADATA_DISABLED="true",
    )
    assert result.returncode != 0
    assert "There are no AWS credentials" in result.stderr
    assert "111111111111" in result.stderr
    assert "local AWS" not in result.stdout


def test_an_unknown_target_is_refused(place: Place) -> None:
    result = place.make("deploy", "TARGET=azure")
    assert result.returncode != 0
    assert "expected local or aws" in result.stderr
