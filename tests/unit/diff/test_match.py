"""What is which: a change that only renames changes nothing."""

from __future__ import annotations

from typing import Any

from nexis.diff.compare import compare
from nexis.diff.match import match_resources, match_templates
from tests.support.changes import compared, resource
from tests.support.templates import assembly, template


def app(prefix: str = "", *, described: str = "x") -> dict[str, Any]:
    """Things that hold no data, and refer to each other; the names begin with a prefix."""
    p = prefix
    trust = {
        "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    }
    bucket = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${Kept.Arn}/*"}}]}
    return {
        "Kept": resource("S3::Bucket"),
        f"{p}Clients": resource("EC2::SecurityGroup", GroupDescription=f"{described} clients"),
        f"{p}Servers": resource(
            "EC2::SecurityGroup",
            GroupDescription=f"{described} servers",
            SecurityGroupIngress=[{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/8"}],
        ),
        f"{p}Way": resource(
            "EC2::SecurityGroupIngress",
            GroupId={"Fn::GetAtt": [f"{p}Servers", "GroupId"]},
            SourceSecurityGroupId={"Fn::GetAtt": f"{p}Clients.GroupId"},
            IpProtocol="tcp",
            FromPort=22,
            ToPort=22,
        ),
        f"{p}Role": resource("IAM::Role", AssumeRolePolicyDocument=trust),
        f"{p}Policy": resource("IAM::Policy", PolicyName="p", Roles=[{"Ref": f"{p}Role"}], PolicyDocument=bucket),
        f"{p}Function": resource(
            "Lambda::Function",
            Role={"Fn::GetAtt": [f"{p}Role", "Arn"]},
            VpcConfig={"SecurityGroupIds": [{"Ref": f"{p}Clients"}]},
        ),
    }


def test_renaming_everything_without_data_makes_nothing_weaker_or_stronger() -> None:
    assert compared(app(), app("New")).changes == ()
    assert compared(app(), app("New", described="new words")).changes == ()


def test_a_renamed_resource_that_grew_is_compared_with_what_it_was() -> None:
    after = app("New")
    rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8"}
    after["NewServers"]["Properties"]["SecurityGroupIngress"].append(rule)
    weaker = [change for change in compared(app(), after).changes if change.direction == "weaker"]
    assert [change.message for change in weaker] == [
        "10.0.0.0/8 (16,777,216 addresses) can newly reach NewServers (worn by nothing here) on TCP 80"
    ]
    assert (weaker[0].place.resource, weaker[0].place.before) == ("NewServers", "Servers")


def pairs(before: dict[str, Any], after: dict[str, Any]) -> set[tuple[str | None, str | None, bool]]:
    sides = [[assembly(template({"Resources": found}))] for found in (before, after)]
    matching = match_resources(match_templates(sides[0], sides[1], lambda one: one.file))
    return {
        (
            pair.base[1].logical_id if pair.base is not None else None,
            pair.head[1].logical_id if pair.head is not None else None,
            pair.stays,
        )
        for pair in matching.pairs
    }


def test_logical_id_then_construct_path_then_equal_properties() -> None:
    def at(path: str, **properties: Any) -> dict[str, Any]:
        return resource("SQS::Queue", **properties, at_Metadata={"aws:cdk:path": path})

    before = {"Same": at("S/A", FifoQueue=True), "Old": at("S/B"), "Gone": at("S/C", DelaySeconds=5)}
    after = {"Same": at("S/X"), "New": at("S/B", FifoQueue=True), "Moved": at("S/D", DelaySeconds=5)}
    assert pairs(before, after) == {("Same", "Same", True), ("Old", "New", False), ("Gone", "Moved", False)}


def test_equal_resources_are_paired_however_many_there_are() -> None:
    queues = {f"Q{n}": resource("SQS::Queue", DelaySeconds=5) for n in range(3)}
    renamed = {f"R{n}": resource("SQS::Queue", DelaySeconds=5) for n in range(3)}
    assert all(one is not None and other is not None for one, other, _ in pairs(queues, renamed))


def test_another_type_is_never_the_same() -> None:
    assert pairs({"It": resource("SQS::Queue")}, {"It": resource("SNS::Topic")}) == {
        ("It", None, False),
        (None, "It", False),
    }


def test_stacks_are_matched_by_name_then_construct_then_file() -> None:
    def stack(name: str | None, key: str, region: str = "eu-central-1") -> Any:
        return template({"Resources": {"Q": resource("SQS::Queue")}}, key=key, stack=name, region=region)

    base = [assembly(stack("one", "a.json"), stack("two", "b.json"), stack(None, "c.json"))]
    head = [assembly(stack("two", "a.json"), stack("one", "x.json"), stack(None, "c.json"))]
    found = {
        (pair.base.key if pair.base else None, pair.head.key if pair.head else None, pair.stays)
        for pair in match_templates(base, head, lambda one: one.file)
    }
    assert found == {("a.json", "x.json", True), ("b.json", "a.json", True), ("c.json", "c.json", True)}
    moved = match_templates([assembly(stack("one", "a.json"))], [assembly(stack("one", "a.json", "us-east-1"))], str)
    assert [pair.stays for pair in moved] == [False]


def test_a_nested_stack_that_is_renamed_takes_its_resources_with_it() -> None:
    def nesting(name: str) -> Any:
        parent = template({"Resources": {name: resource("CloudFormation::Stack", TemplateURL="inner.json")}}, key="p")
        inner = template({"Resources": {"B": resource("S3::Bucket")}}, key=f"p#{name}", nested_in=("p", name))
        return assembly(parent, inner)

    assert compare([nesting("In")], [nesting("In")]).changes == ()
    (change,) = [c for c in compare([nesting("In")], [nesting("New")]).changes if c.section == "data"]
    assert change.message.startswith("B, which holds objects, would be deleted: ")
