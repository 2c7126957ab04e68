"""Refreshing the instance catalogue: from EC2's answers to the file, and every way it is refused."""

from __future__ import annotations

import argparse
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from nexis.catalog import (
    CATALOGUE,
    CatalogueError,
    check_complete,
    describe,
    enabled_regions,
    merge,
    present_names,
    read_type,
    render,
    true_source,
    write_atomically,
)
from nexis.commands import catalog as command
from nexis.facts.instance_types import InstanceType, encrypted_nvme_types


def _answer(name: str = "i4i.2xlarge", **changes: Any) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "InstanceType": name,
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
        "VCpuInfo": {"DefaultVCpus": 8},
        "MemoryInfo": {"SizeInMiB": 65536},
        "InstanceStorageInfo": {
            "TotalSizeInGB": 1875,
            "Disks": [{"SizeInGB": 1875, "Count": 1, "Type": "ssd"}],
            "NvmeSupport": "required",
            "EncryptionSupport": "required",
        },
    }
    answer["InstanceStorageInfo"] |= changes.pop("storage", {})
    return answer | changes


@pytest.fixture(autouse=True)
def _no_real_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "000000000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="nexis catalog")
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def test_a_type_with_encrypted_nvme_is_read() -> None:
    assert read_type(_answer()) == InstanceType("i4i.2xlarge", "x86_64", 8, 65536, 1, 1875)


@pytest.mark.parametrize(
    ("storage", "why"),
    [
        ({"NvmeSupport": "unsupported"}, "old SSD"),
        ({"NvmeSupport": "supported"}, "may come without NVMe"),
        ({"EncryptionSupport": "unsupported"}, "not encrypted"),
        ({"Disks": [{"SizeInGB": 1980, "Count": 3, "Type": "hdd"}]}, "HDD, as D3 answers"),
        ({"Disks": []}, "no disk"),
    ],
)
def test_a_type_that_does_not_qualify_is_left_out(storage: dict[str, Any], why: str) -> None:
    assert read_type(_answer(storage=storage)) is None, why


def test_a_type_without_local_disks_is_left_out() -> None:
    answer = _answer()
    del answer["InstanceStorageInfo"]
    assert read_type(answer) is None


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (_answer(ProcessorInfo={"SupportedArchitectures": []}), r"i4i\.2xlarge: got 1 kinds of disk and the architect"),
        (
            _answer(ProcessorInfo={"SupportedArchitectures": ["arm64", "x86_64"]}),
            r"architectures \['arm64', 'x86_64'\]",
        ),
        (_answer(storage={"Disks": [{"SizeInGB": 1, "Count": 1, "Type": "ssd"}] * 2}), "got 2 kinds of disk"),
        (_answer(VCpuInfo={}), r"no usable 'DefaultVCpus'"),
        (_answer(MemoryInfo={"SizeInMiB": None}), "no usable"),
        (_answer(storage={"Disks": [{"Type": "ssd"}]}), r"no usable 'Count'"),
    ],
)
def test_an_answer_the_table_cannot_express_is_refused(answer: dict[str, Any], message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        read_type(answer)


def test_thirty_two_bit_support_beside_sixty_four_does_not_matter() -> None:
    found = read_type(_answer(ProcessorInfo={"SupportedArchitectures": ["i386", "x86_64"]}))
    assert found is not None
    assert found.architecture == "x86_64"


def test_regions_are_merged_and_sorted() -> None:
    table = merge([[_answer("i4i.large"), _answer("c6gd.large")], [_answer("i4i.large"), _answer("i3.large")]])
    assert list(table) == ["c6gd.large", "i3.large", "i4i.large"]


def test_regions_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(CatalogueError, match=r"two descriptions of i4i\.large"):
        merge([[_answer("i4i.large")], [_answer("i4i.large", VCpuInfo={"DefaultVCpus": 2})]])


def test_every_page_is_read() -> None:
    client = boto3.client("ec2", region_name="us-east-1")
    wanted = {"Filters": [{"Name": "instance-storage-supported", "Values": ["true"]}]}
    with Stubber(client) as stubber:
        stubber.add_response(
            "describe_instance_types", {"InstanceTypes": [_answer("i3.large")], "NextToken": "more"}, wanted
        )
        stubber.add_response(
            "describe_instance_types", {"InstanceTypes": [_answer("i4i.large")]}, wanted | {"NextToken": "more"}
        )
        assert [answer["InstanceType"] for answer in describe(client)] == ["i3.large", "i4i.large"]
        stubber.assert_no_pending_responses()


def test_the_enabled_regions_are_asked_for() -> None:
    client = boto3.client("ec2", region_name="us-east-1")
    with Stubber(client) as stubber:
        stubber.add_response("describe_regions", {"Regions": [{"RegionName": "b"}, {"RegionName": "a"}]}, {})
        assert enabled_regions(client) == ("a", "b")


def test_a_long_list_of_regions_is_counted_in_the_source() -> None:
    source = true_source("https://ec2.us-east-1.amazonaws.com", ["a", "b", "c", "d"], None)
    assert source == "EC2 DescribeInstanceTypes in 4 regions, answered by AWS (ec2.us-east-1.amazonaws.com)"


def _table(number: int) -> dict[str, InstanceType]:
    return {f"i{n}.large": InstanceType(f"i{n}.large", "arm64", 2, 1, 1, 1) for n in range(number)}


def test_an_empty_table_is_refused_even_when_there_is_none_yet() -> None:
    with pytest.raises(CatalogueError, match="got no instance type"):
        check_complete({}, ())


def test_a_much_smaller_table_is_refused_and_names_what_is_missing() -> None:
    with pytest.raises(CatalogueError, match=r"got 94 types, without 6 of the 100 .*expected at most 5% to go"):
        check_complete(_table(94), _table(100))


def test_as_many_new_types_do_not_make_up_for_lost_ones() -> None:
    with pytest.raises(CatalogueError, match="without 100 of the 100"):
        check_complete({f"z{name}": found for name, found in _table(200).items()}, _table(100))


@pytest.mark.parametrize("number", [95, 100, 300])
def test_a_few_may_go_and_any_number_may_come(number: int) -> None:
    check_complete(_table(number), _table(100))
    check_complete(_table(number), ())


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://ec2.eu-central-1.amazonaws.com",
        "https://ec2.us-east-1.api.aws",
        "https://vpce-1.ec2.eu-west-1.vpce.amazonaws.com",
    ],
)
def test_aws_itself_needs_no_statement(endpoint: str) -> None:
    assert "answered by AWS (" in true_source(endpoint, ["eu-central-1"], None)


@pytest.mark.parametrize(
    "endpoint",
    ["http://127.0.0.1:4566", "http://localhost:4566", "http://[::1]:1", "https://amazonaws.com.example", "http://aws"],
)
def test_anyone_else_must_be_stated_and_is_named(endpoint: str) -> None:
    with pytest.raises(CatalogueError, match=r"not AWS.*--source"):
        true_source(endpoint, ["us-east-1"], None)
    source = true_source(endpoint, ["us-east-1", "us-west-2"], "recorded answers")
    assert source.startswith("EC2 DescribeInstanceTypes in us-east-1, us-west-2, not answered by AWS but by ")
    assert source.endswith(": recorded answers")


def test_the_file_has_one_type_a_line_and_can_be_read_back(tmp_path: Path) -> None:
    file = tmp_path / "types.json"
    write_atomically(file, render(_table(3), 'a "source"', date(2026, 1, 2)))
    assert [line for line in file.read_text("utf-8").splitlines() if "large" in line][1] == (
        '    "i1.large": {"architecture": "arm64", "vcpus": 2, "memory_mib": 1, "disks": 1, "disk_gb": 1},'
    )
    document = json.loads(file.read_text("utf-8"))
    assert (document["date"], document["source"]) == ("2026-01-02", 'a "source"')
    assert present_names(file) == ("i0.large", "i1.large", "i2.large")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "types.json"
    file.write_text("old", "utf-8")

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(file, "new")
    assert [(found.name, found.read_text("utf-8")) for found in tmp_path.iterdir()] == [("types.json", "old")]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"types": 3}', "not json"])
def test_a_file_that_is_not_a_catalogue_is_not_taken_for_an_empty_one(tmp_path: Path, text: str) -> None:
    file = tmp_path / "types.json"
    file.write_text(text, "utf-8")
    with pytest.raises(CatalogueError, match="not a catalogue"):
        present_names(file)


def test_no_file_means_no_present_names(tmp_path: Path) -> None:
    assert present_names(tmp_path / "none.json") == ()


@pytest.mark.long
@mock_aws
def test_the_table_in_the_project_is_what_the_command_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same recorded answers give the same table; only date and source may differ."""
    output = tmp_path / "types.json"
    output.write_bytes(CATALOGUE.read_bytes())
    assert _run("refresh", "--region", "eu-central-1", "--output", str(output)) == 0
    written = json.loads(output.read_text("utf-8"))
    assert written["types"] == json.loads(CATALOGUE.read_text("utf-8"))["types"]
    assert written["date"] == datetime.now(UTC).date().isoformat()
    assert "DescribeInstanceTypes in eu-central-1, answered by AWS" in written["source"]
    assert re.search(r"types\.json: 526 types with encrypted NVMe, 0 new, 0 gone\.", capsys.readouterr().out)


def test_an_endpoint_that_is_not_aws_is_not_even_asked_without_a_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "types.json"
    assert _run("refresh", "--endpoint-url", "http://127.0.0.1:9", "--output", str(output)) == 2
    assert "expected to know where its answers come from" in capsys.readouterr().err
    assert not output.exists()


def test_the_endpoint_of_the_environment_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert _run("refresh", "--output", str(tmp_path / "types.json")) == 2
    assert "got the endpoint http://127.0.0.1:9, which is not AWS" in capsys.readouterr().err


def test_an_endpoint_that_does_not_answer_leaves_the_table_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    output = tmp_path / "types.json"
    output.write_bytes(CATALOGUE.read_bytes())
    words = ("--endpoint-url", "http://127.0.0.1:9", "--source", "nobody", "--output", str(output))
    assert _run("refresh", *words) == 2
    assert "Could not connect" in capsys.readouterr().err
    assert output.read_bytes() == CATALOGUE.read_bytes()


def test_show_prints_the_facts_of_a_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("show", "i4i.2xlarge") == 0
    assert "i4i.2xlarge: x86_64, 8 vCPUs, 64 GiB, 1 x 1875 GB encrypted NVMe SSD" in capsys.readouterr().out


def test_show_names_the_nearest_types_and_fails_for_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("show", "m7g.large") == 1
    assert "Nearest types that have them: m7gd.large, " in capsys.readouterr().out


def test_the_shipped_table_is_the_one_the_facts_read() -> None:
    assert present_names(CATALOGUE) == tuple(encrypted_nvme_types())
