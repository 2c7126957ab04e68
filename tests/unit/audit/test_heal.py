from __future__ import annotations

import re
import shlex
from functools import cache
from typing import Any

import botocore.session
import pytest

from nexis.audit.assemble import Deployed, assemble
from nexis.audit.heal import BY_RULE, COMMANDS, MISSING_COMMANDS, PARAMETER_GROUPS, heal
from nexis.audit.model import Live
from nexis.audit.scope import Listed
from nexis.check import Finding
from nexis.rules.registry import all_rules
from tests.unit.audit.fake import ACCOUNT, REGION

service_model = cache(botocore.session.get_session().get_service_model)
EVERY_COMMAND = sorted(
    {
        *COMMANDS.values(),
        *BY_RULE.values(),
        *PARAMETER_GROUPS.values(),
        *(command for commands in MISSING_COMMANDS.values() for command in commands),
    }
)


def finding(rule: str, kind: str, resource: str, path: str, message: str = "") -> Finding:
    return Finding(
        rule=rule,
        verdict="fail",
        severity="error",
        file="aws://x/y",
        resource=resource,
        type=kind,
        property_path=path,
        message=message,
        fix="set it as it should be",
    )


def deployed(*read: Live, **written: Any) -> Deployed:
    listing = [
        Listed(
            stack="stack",
            logical_id="It",
            type=live.type,
            identity=live.identity,
            construct=None,
            written={"Properties": written},
        )
        for live in read
    ]
    return assemble(read, listing, judged=(), account=ACCOUNT, region=REGION)


@pytest.mark.parametrize("command", EVERY_COMMAND)
def test_every_command_exists_with_all_its_options(command: str) -> None:
    """The AWS CLI makes its commands of botocore's models, so these say whether a command can be typed."""
    service, operation, *rest = shlex.split(re.sub(r"\{\w+\}", "x", command))
    model = service_model({"s3api": "s3"}.get(service, service))
    names = {botocore.xform_name(name, "-"): name for name in model.operation_names}
    assert operation in names
    shape = model.operation_model(names[operation]).input_shape
    assert shape is not None
    members = {botocore.xform_name(name, "-"): member for name, member in shape.members.items()}
    for option in (word for word in rest if word.startswith("--")):
        name = option.removeprefix("--")
        switch = members.get(name.removeprefix("no-")) if name not in members else members[name]
        assert switch is not None, option
        is_switch = switch.type_name == "boolean" or list(getattr(switch, "members", ())) == ["Value"]
        takes_value = rest.index(option) + 1 < len(rest) and not rest[rest.index(option) + 1].startswith("--")
        assert takes_value != is_switch, option
    given = {word.removeprefix("--") for word in rest if word.startswith("--")}
    required = {botocore.xform_name(name, "-") for name in shape.required_members}
    assert required <= given, f"{operation} needs {required - given} too"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_every_rule_says_how_to_put_it_back(rule: Any) -> None:
    for kind in rule.types:
        live = Live(type=kind, identity="it-1", properties={})
        lines = heal(finding(rule.id, kind, "it-1", "Properties"), deployed(live))
        assert all(lines), lines
        assert any("it-1" in line for line in lines), lines


def test_the_command_names_the_physical_id() -> None:
    key = Live(type="AWS::KMS::Key", identity="k-1", properties={})
    found = finding("keys.rotation", key.type, "k-1", "Properties.EnableKeyRotation")
    assert heal(found, deployed(key)) == ["aws kms enable-key-rotation --key-id k-1"]


def test_a_setting_is_put_back_in_its_group_also_from_the_database() -> None:
    group = Live(type="AWS::RDS::DBParameterGroup", identity="tls", name="pg:tls", properties={"Parameters": {}})
    database = Live(type="AWS::RDS::DBInstance", identity="db", properties={"DBParameterGroupName": "tls"})
    command = (
        "aws rds modify-db-parameter-group --db-parameter-group-name tls "
        "--parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate"
    )
    at_group = finding("tls.postgres-force-ssl", group.type, "pg:tls", "Properties.Parameters.rds.force_ssl")
    message = "its parameter group pg:tls: Parameters.rds.force_ssl found '0', expected '1'"
    at_database = finding(at_group.rule, database.type, "db", "Properties.DBParameterGroupName", message)
    for found in (at_group, at_database):
        assert heal(found, deployed(group, database)) == [command]


def test_the_deployed_template_says_what_was_there() -> None:
    database = Live(
        type="AWS::RDS::DBInstance", identity="db", properties={"DBParameterGroupName": "default.postgres17"}
    )
    found = finding("tls.postgres-force-ssl", database.type, "db", "Properties.DBParameterGroupName", "default group")
    [command] = heal(found, deployed(database, DBParameterGroupName="tls"))
    assert command.endswith("--apply-immediately --db-parameter-group-name tls")
    logs = Live(type="AWS::Logs::LogGroup", identity="/app", properties={})
    short = finding("logging.log-group-retention", logs.type, "/app", "Properties.RetentionInDays")
    assert heal(short, deployed(logs, RetentionInDays=400)) == [
        "aws logs put-retention-policy --log-group-name /app --retention-in-days 400"
    ]
    # A value that the template does not give plainly is left to the reader, with the place to look it up.
    assert heal(short, deployed(logs, RetentionInDays={"Ref": "Days"})) == [
        "aws logs put-retention-policy --log-group-name /app --retention-in-days VALUE",
        "what was deployed: aws cloudformation get-template --stack-name stack",
    ]


def test_only_the_rule_at_fault_is_revoked() -> None:
    group = Live(
        type="AWS::EC2::SecurityGroup",
        identity="sg-1",
        properties={},
        handles={
            "SecurityGroupIngress.0": "sgr-a",
            "SecurityGroupIngress.1": "sgr-b",
            "SecurityGroupEgress.0": "sgr-c",
        },
    )

    def revoked(path: str) -> list[str]:
        found = heal(finding("network.no-ingress-from-anywhere", group.type, "sg-1", path), deployed(group))
        return [line.rpartition(" ")[2] for line in found]

    assert revoked("Properties.SecurityGroupIngress.1.CidrIp") == ["sgr-b"]
    assert revoked("Properties.SecurityGroupIngress") == ["sgr-a", "sgr-b"]


def test_the_gateway_that_is_attached_is_detached() -> None:
    vpc = Live(type="AWS::EC2::VPC", identity="vpc-1", properties={}, attributes={"vpc-1": ""})
    attachment = Live(
        type="AWS::EC2::VPCGatewayAttachment",
        identity="IGW|vpc-1",
        properties={"InternetGatewayId": "igw-1", "VpcId": "vpc-1"},
    )
    found = finding("network.no-internet-gateway", vpc.type, "vpc-1", "Properties")
    assert heal(found, deployed(vpc, attachment)) == [
        "aws ec2 detach-internet-gateway --vpc-id vpc-1 --internet-gateway-id igw-1"
    ]


@pytest.mark.parametrize(
    ("message", "commands"),
    [
        ("AWS::KMS::Key is disabled; whatever", ["enable-key"]),
        ("AWS::KMS::Key is going to be deleted on 2026-12-01", ["cancel-key-deletion", "enable-key"]),
    ],
)
def test_a_key_is_brought_back_as_far_as_it_is_gone(message: str, commands: list[str]) -> None:
    key = Live(type="AWS::KMS::Key", identity="k-1", properties={}, trouble="x")
    lines = heal(finding("engine.missing", key.type, "k-1", "Properties", message), deployed(key))
    assert lines == [f"aws kms {command} --key-id k-1" for command in commands]


def test_what_is_gone_for_good_is_said_so() -> None:
    found = finding("engine.missing", "AWS::EC2::FlowLog", "fl-1", "Properties", "is gone")
    assert heal(found, deployed()) == ["fl-1: set it as it should be"]
