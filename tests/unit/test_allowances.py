"""What a recorded statement or firewall rule allows, wherever that is written: more of it is new, words are not."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from nexis import cli

IF_OPEN = "Open"


def template(resources: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return {
        "Parameters": {"Answer": {"Type": "String", "Default": "no"}, "May": {"Type": "String", "Default": "s3:List*"}},
        "Conditions": {IF_OPEN: {"Fn::Equals": [{"Ref": "Answer"}, "yes"]}},
        "Mappings": {"Rights": {"all": {"may": "s3:GetObject"}}},
        "Resources": resources,
        **sections,
    }


def bucket_policy(*statements: Any) -> dict[str, Any]:
    return template(
        {
            "Policy": {
                "Type": "AWS::S3::BucketPolicy",
                "Properties": {"Bucket": "exports", "PolicyDocument": {"Statement": list(statements)}},
            }
        }
    )


def everybody(action: Any = "s3:GetObject") -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "arn:aws:s3:::exports/*"}


def ingress(*rules: dict[str, Any]) -> dict[str, Any]:
    properties = {"GroupDescription": "old", "SecurityGroupIngress": list(rules)}
    return template({"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}})


def anyone(protocol: str, first: int = 22, last: int = 22, **more: Any) -> dict[str, Any]:
    return {"CidrIp": "0.0.0.0/0", "IpProtocol": protocol, "FromPort": first, "ToPort": last, **more}


def whole(resource_type: str, **properties: Any) -> dict[str, Any]:
    return template({"It": {"Type": resource_type, "Properties": properties}})


def acl(**properties: Any) -> dict[str, Any]:
    return whole(
        "AWS::EC2::NetworkAclEntry",
        NetworkAclId="acl-1",
        RuleNumber=1,
        RuleAction="allow",
        CidrBlock="::/0",
        **properties,
    )


def permission(action: str) -> dict[str, Any]:
    return whole("AWS::Lambda::Permission", FunctionName="exports", Principal="*", Action=action)


def but(document: dict[str, Any], *path: str, value: Any) -> dict[str, Any]:
    made = copy.deepcopy(document)
    inner = made
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return made


ONLY_IF_OPEN = {"Fn::If": [IF_OPEN, {**everybody(), "Principal": {"AWS": "111111111111"}}, {"Ref": "AWS::NoValue"}]}
BY_PARAMETER = bucket_policy(everybody({"Ref": "May"}))
BY_TEXT = bucket_policy(everybody({"Fn::Sub": "${ May }"}))
BY_MAPPING = bucket_policy(everybody({"Fn::FindInMap": ["Rights", "all", "may"]}))
BY_CONDITION = bucket_policy(everybody({"Fn::If": [IF_OPEN, "s3:PutObject", "s3:GetObject"]}))

MORE = {
    "the default of a parameter": (BY_PARAMETER, but(BY_PARAMETER, "Parameters", "May", "Default", value="s3:Put*")),
    "that default, in a text": (BY_TEXT, but(BY_TEXT, "Parameters", "May", "Default", value="s3:Put*")),
    "a mapping": (BY_MAPPING, but(BY_MAPPING, "Mappings", "Rights", "all", "may", value="s3:PutObject")),
    "what a condition hangs on": (BY_CONDITION, but(BY_CONDITION, "Parameters", "Answer", "Default", value="yes")),
    "the statement after one that is not there": (
        bucket_policy(ONLY_IF_OPEN, everybody()),
        bucket_policy(ONLY_IF_OPEN, everybody("s3:PutObject")),
    ),
    "ping, then every protocol": (ingress(anyone("icmp", 8, -1)), ingress(anyone("-1"))),
    "UDP, then TCP": (ingress(anyone("udp")), ingress(anyone("tcp"))),
    "every port of TCP, then every protocol": (ingress(anyone("tcp", 0, 65535)), ingress(anyone("-1"))),
    "pieces that let anyone in together": (
        ingress(anyone("tcp", CidrIp="0.0.0.0/1"), anyone("tcp", CidrIp="128.0.0.0/1")),
        ingress(anyone("-1", CidrIp="0.0.0.0/1"), anyone("-1", CidrIp="128.0.0.0/1")),
    ),
    "an entry of a network ACL": (
        acl(Ipv6CidrBlock="::/0", Protocol=6, PortRange={"From": 0, "To": 65535}),
        acl(Ipv6CidrBlock="::/0", Protocol=-1),
    ),
    "a permission of a function": (permission("lambda:InvokeFunction"), permission("lambda:*")),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(document: dict[str, Any], file: str = "t.json") -> None:
    Path(file).write_text(json.dumps(document), encoding="utf-8")


def check(*words: str) -> int:
    return cli.main(["check", *(words or ("t.json",)), "--baseline", "nexis-baseline.json"])


def record(document: dict[str, Any]) -> None:
    write(document)
    assert cli.main(["check", "t.json"]) == 1
    assert cli.main(["baseline", "t.json"]) == 0
    assert check() == 0


@pytest.mark.parametrize(("before", "after"), MORE.values(), ids=MORE)
def test_what_allows_more_in_the_same_words_is_new(
    before: dict[str, Any], after: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    record(before)
    write(after)
    capsys.readouterr()
    assert check("t.json", "--format", "json") == 2  # the entry of what it was is stale as well
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [finding for finding in findings if not finding["known"] and finding["severity"] != "warning"]


WORDS = {
    "the description of a rule": (ingress(anyone("tcp")), ingress(anyone("tcp", Description="the office"))),
    "the places of pieces that open it together": (
        ingress(anyone("tcp", CidrIp="0.0.0.0/1"), anyone("tcp", CidrIp="128.0.0.0/1")),
        ingress(anyone("tcp", CidrIp="0.0.0.0/1", Description="a half"), anyone("tcp", CidrIp="128.0.0.0/1")),
    ),
    "the Sid of a statement": (bucket_policy(everybody()), bucket_policy({**everybody(), "Sid": "Everybody"})),
    "a parameter that it does not use": (
        bucket_policy(everybody()),
        but(bucket_policy(everybody()), "Parameters", "May", "Default", value="s3:Put*"),
    ),
    "what a parameter may be, where its default counts": (
        BY_PARAMETER,
        but(BY_PARAMETER, "Parameters", "May", "AllowedValues", value=["s3:List*", "s3:Put*"]),
    ),
}


@pytest.mark.parametrize(("before", "after"), WORDS.values(), ids=WORDS)
def test_what_allows_the_same_is_known(before: dict[str, Any], after: dict[str, Any]) -> None:
    record(before)
    write(after)
    assert check() == 0


def test_a_value_given_by_hand_is_a_part_of_the_statement() -> None:
    record(BY_PARAMETER)
    Path("given.txt").write_text(json.dumps({"May": "s3:Put*"}), encoding="utf-8")
    assert check("t.json", "--parameters", "given.txt") == 2


def test_what_a_parent_hands_to_a_nested_stack_is_a_part_of_its_statements() -> None:
    def parent(action: str) -> dict[str, Any]:
        properties = {"TemplateURL": "inner.json", "Parameters": {"May": {"Ref": "Given"}}}
        return {
            "Parameters": {"Given": {"Type": "String", "Default": action}},
            "Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}},
        }

    write(BY_PARAMETER, "inner.json")
    record(parent("s3:GetObject"))
    write(parent("s3:PutObject"))
    assert check() == 2


def test_it_is_the_same_from_every_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    record(bucket_policy(ONLY_IF_OPEN, everybody({"Ref": "May"})))
    Path("deeper").mkdir()
    monkeypatch.chdir("deeper")
    assert cli.main(["check", "../t.json", "--baseline", "../nexis-baseline.json"]) == 0


def test_a_link_to_the_file_stays_one() -> None:
    record(BY_PARAMETER)
    Path("nexis-baseline.json").rename("elsewhere.json")
    Path("nexis-baseline.json").symlink_to("elsewhere.json")
    write(template({"Topic": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}))
    assert cli.main(["baseline", "t.json"]) == 0
    assert json.loads(Path("elsewhere.json").read_text(encoding="utf-8"))["findings"] == []
    assert Path("nexis-baseline.json").is_symlink()
