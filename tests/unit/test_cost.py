"""What an assembly costs: counted from its templates, never guessed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from nexis.commands import cost as command
from nexis.cost import Bill, CostError, Item, StackTemplate, bill, read_assembly, render
from nexis.facts import prices


def _stack(**resources: tuple[str, dict[str, Any]]) -> StackTemplate:
    return StackTemplate(
        "Stack",
        "000000000000",
        "eu-central-1",
        {name: {"Type": kind, "Properties": properties} for name, (kind, properties) in resources.items()},
    )


def _items(*stacks: StackTemplate) -> dict[str, tuple[Any, Any]]:
    return {item.what: (item.quantity, item.total) for item in bill(stacks).items}


def test_an_interface_endpoint_costs_for_every_subnet() -> None:
    endpoint = ("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Interface", "SubnetIds": [{"Ref": "A"}, {"Ref": "B"}]})
    assert _items(_stack(One=endpoint, Two=endpoint)) == {
        "interface endpoint": (4, pytest.approx(4 * 0.01 * 730)),
    }


@pytest.mark.parametrize("properties", [{"VpcEndpointType": "Gateway"}, {}])
def test_a_gateway_endpoint_is_free(properties: dict[str, Any]) -> None:
    assert _items(_stack(S3=("AWS::EC2::VPCEndpoint", properties))) == {}


def test_an_endpoint_whose_subnets_are_a_reference_cannot_be_counted() -> None:
    endpoint = ("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Interface", "SubnetIds": {"Ref": "Subnets"}})
    assert _items(_stack(Kms=endpoint)) == {"interface endpoint (1 that cannot be counted)": (None, None)}


def test_keys_secrets_zones_and_alarms_are_counted_over_all_stacks() -> None:
    stack = _stack(
        Key=("AWS::KMS::Key", {}),
        Secret=("AWS::SecretsManager::Secret", {}),
        Zone=("AWS::Route53::HostedZone", {}),
        Alarm=("AWS::CloudWatch::Alarm", {}),
    )
    assert _items(stack, stack, stack) == {
        "customer key": (3, pytest.approx(3.0)),
        "secret": (3, pytest.approx(1.2)),
        "private DNS zone": (3, pytest.approx(1.5)),
        "alarm": (3, pytest.approx(0.3)),
    }


def _hosts(instance_type: object = "i4i.2xlarge", **group: Any) -> StackTemplate:
    return _stack(
        Template=(
            "AWS::EC2::LaunchTemplate",
            {
                "LaunchTemplateData": {
                    "InstanceType": instance_type,
                    "Monitoring": {"Enabled": True},
                    "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 16}}],
                }
            },
        ),
        Group=(
            "AWS::AutoScaling::AutoScalingGroup",
            {"MinSize": "2", "MaxSize": "2", "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}}, **group},
        ),
    )


def test_a_group_costs_its_hosts_their_volumes_and_their_monitoring() -> None:
    assert _items(_hosts()) == {
        "host i4i.2xlarge": (2, pytest.approx(2 * 0.688 * 730)),
        "volume of a host": (32, pytest.approx(32 * 0.08)),
        "detailed monitoring of a host": (2, pytest.approx(4.2)),
    }


@pytest.mark.parametrize(
    "identity",
    [
        {"Ref": "Template"},
        {"Fn::GetAtt": ["Template", "LaunchTemplateId"]},
        {"Fn::GetAtt": "Template.LaunchTemplateId"},
    ],
)
def test_a_launch_template_is_found_however_it_is_referred_to(identity: dict[str, Any]) -> None:
    assert "host i4i.2xlarge" in _items(_hosts(LaunchTemplate={"LaunchTemplateId": identity}))


def test_the_desired_number_counts_before_the_least() -> None:
    assert _items(_hosts(DesiredCapacity="5"))["host i4i.2xlarge"][0] == 5


def test_a_host_type_without_a_price_is_named_and_not_in_the_total() -> None:
    found = bill([_hosts("i4i.metal")])
    assert ("host i4i.metal", 2, None) in [(item.what, item.quantity, item.price) for item in found.items]
    assert found.total == pytest.approx(32 * 0.08 + 4.2)
    text = render(found)
    assert "no price known" in text
    assert "The total is WITHOUT: host i4i.metal." in text


@pytest.mark.parametrize(
    "stack",
    [
        _hosts({"Ref": "InstanceType"}),
        _hosts(LaunchTemplate={"LaunchTemplateName": "elsewhere", "Version": "1"}),
        _hosts(LaunchTemplate={"LaunchTemplateId": {"Fn::ImportValue": "x"}}),
        _hosts(LaunchTemplate={"LaunchTemplateId": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]}}),
        _hosts(LaunchTemplate={"LaunchTemplateId": "lt-0123456789abcdef0"}),
        _hosts(LaunchTemplate={"Ref": "x"}),
    ],
)
def test_hosts_of_an_unknown_type_are_named_as_such(stack: StackTemplate) -> None:
    assert _items(stack) == {"host of a type the template does not say": (2, None)}


def test_a_group_of_unknown_size_cannot_be_counted() -> None:
    assert _items(_hosts(MinSize={"Ref": "Size"}))["host i4i.2xlarge (1 that cannot be counted)"] == (None, None)


def _database(**changes: Any) -> StackTemplate:
    properties = {
        "DBInstanceClass": "db.m6gd.large",
        "MultiAZ": True,
        "AllocatedStorage": "20",
        "StorageType": "gp3",
        "ManageMasterUserPassword": True,
    }
    return _stack(Database=("AWS::RDS::DBInstance", properties | changes))


def test_a_multi_az_database_costs_twice_and_its_managed_secret_too() -> None:
    assert _items(_database()) == {
        "managed database db.m6gd.large": (2, pytest.approx(2 * 2 * 0.0904 * 730)),
        "storage of a managed database": (40, pytest.approx(40 * 0.115)),
        "secret": (1, pytest.approx(0.4)),
    }


def test_a_database_in_one_zone_costs_once() -> None:
    found = _items(_database(MultiAZ=False, ManageMasterUserPassword=False))
    assert found["managed database db.m6gd.large"][0] == 1
    assert found["storage of a managed database"][0] == 20
    assert "secret" not in found


def test_a_database_without_known_class_or_storage_is_named_as_such() -> None:
    assert _items(_database(DBInstanceClass={"Ref": "Class"}, StorageType="io2")) == {
        "managed database of a class the template does not say": (2, None),
        "storage of a managed database": (40, None),
        "secret": (1, pytest.approx(0.4)),
    }
    assert _items(_database(DBInstanceClass="db.m7g.large"))["managed database db.m7g.large"] == (2, None)


def test_a_resource_type_nobody_has_judged_is_named_and_not_in_the_total() -> None:
    free: dict[str, tuple[str, dict[str, Any]]] = {"Vpc": ("AWS::EC2::VPC", {}), "Mine": ("Custom::Mine", {})}
    found = bill([_stack(Gateway=("AWS::EC2::NatGateway", {}), **free)])
    assert found.items == (Item("AWS::EC2::NatGateway", 1, None),)
    assert "The total is WITHOUT: AWS::EC2::NatGateway." in render(found)


def test_what_is_paid_by_use_is_said_once_and_not_in_the_total() -> None:
    logs: tuple[str, dict[str, Any]] = ("AWS::Logs::LogGroup", {})
    found = bill([_stack(A=logs, B=logs, Trail=("AWS::CloudTrail::Trail", {}))])
    assert found == Bill((), (prices.BY_USE["AWS::CloudTrail::Trail"], prices.BY_USE["AWS::Logs::LogGroup"]))
    assert render(found).count("about 0.50 per GB written") == 1
    assert "Total of the fixed items: about 0 USD" in render(found)


def test_the_table_shows_quantity_price_total_and_source() -> None:
    text = render(bill([_database()]))
    (line,) = [line for line in text.splitlines() if line.startswith("managed database")]
    assert line.split()[3:9] == ["2", "instance", "and", "zone", "~131.98", "~263.97"]
    assert line.endswith("estimate: twice the EC2 price of the same type, 2026-01-19")
    assert "Total of the fixed items: about 269 USD a month." in text
    assert prices.AS_OF in text
    assert "WITHOUT" not in text


def test_the_total_is_the_sum_of_the_lines() -> None:
    found = bill([_hosts(), _database()])
    assert found.total == pytest.approx(sum(item.total or 0 for item in found.items))
    assert found.unknown == ()


def _assembly(folder: Path, *, account: str = "000000000000") -> Path:
    nested = folder / "assembly-dev"
    nested.mkdir(parents=True)
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://{account}/eu-central-1",
        "properties": {"templateFile": "one.template.json"},
    }
    (nested / "manifest.json").write_text(json.dumps({"artifacts": {"One": stack, "Tree": {"type": "cdk:tree"}}}))
    (nested / "one.template.json").write_text(json.dumps({"Resources": {"Key": {"Type": "AWS::KMS::Key"}}}))
    inner = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-dev"}}
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {"dev": inner}}))
    return folder


def test_nested_assemblies_are_read(tmp_path: Path) -> None:
    (stack,) = read_assembly(_assembly(tmp_path / "cdk.out"))
    assert (stack.name, stack.account, stack.region) == ("One", "000000000000", "eu-central-1")
    assert list(stack.resources) == ["Key"]


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("manifest.json", None, r"no such file; expected a cloud assembly; do: run `make synth`"),
        ("manifest.json", "{", r"expected JSON"),
        ("manifest.json", "[]", r"got list; expected an object"),
        ("manifest.json", '{"artifacts": {}}', r"without stacks"),
        ("assembly-dev/one.template.json", None, r"one\.template\.json: got no such file"),
        ("assembly-dev/one.template.json", "nonsense", r"one\.template\.json: got .*expected JSON"),
    ],
)
def test_what_is_not_an_assembly_is_refused(tmp_path: Path, file: str, text: str | None, message: str) -> None:
    folder = _assembly(tmp_path / "cdk.out")
    if text is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(text, "utf-8")
    with pytest.raises(CostError, match=message):
        read_assembly(folder)


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="nexis cost")
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


_DEV = str(Path(__file__).parents[2] / "config" / "dev.toml")


def test_the_command_prints_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--assembly", str(_assembly(tmp_path / "cdk.out")), "--config", _DEV) == 0
    printed = capsys.readouterr().out
    assert "customer key" in printed
    assert "about 1 USD a month" in printed


def test_the_command_refuses_an_assembly_of_another_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("--assembly", str(_assembly(tmp_path / "cdk.out", account="1" * 12)), "--config", _DEV) == 2
    refusal = capsys.readouterr()
    assert "got the stack One for 111111111111/eu-central-1; expected 000000000000/eu-central-1" in refusal.err
    assert refusal.out == ""


def test_the_command_refuses_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--assembly", str(tmp_path)) == 2
    assert "expected a cloud assembly" in capsys.readouterr().err
    assert _run("--assembly", str(_assembly(tmp_path / "cdk.out")), "--config", str(tmp_path / "none.toml")) == 2
    assert "no such file" in capsys.readouterr().err
