from __future__ import annotations

from typing import Any

import pytest

from nexis.audit.model import AuditError
from nexis.audit.scope import OURS, find_stacks, list_resources, listed_resources
from nexis.config import load_configuration
from tests.support.baseline import ROOT
from tests.unit.audit.fake import FakeAws


def stack(name: str, *, ours: bool = True, status: str = "CREATE_COMPLETE", **more: Any) -> dict[str, Any]:
    tags = [{"Key": OURS[0], "Value": OURS[1] if ours else "other"}]
    return {"StackName": name, "StackStatus": status, "Tags": tags, **more}


def aws_with(*stacks: dict[str, Any]) -> FakeAws:
    return FakeAws({("cloudformation", "describe_stacks"): list(stacks)})


def test_the_baselines_stacks_are_found_by_the_tag_the_configuration_gives() -> None:
    assert dict([OURS]).items() <= load_configuration(ROOT / "config" / "dev.toml").tags().items()
    aws = aws_with(
        stack("b"),
        stack("a", status="UPDATE_ROLLBACK_COMPLETE"),
        stack("foreign", ours=False),
        stack("dropped", status="DELETE_COMPLETE"),
        stack("nested", ParentId="arn:a"),
        {"StackName": "untagged", "StackStatus": "CREATE_COMPLETE"},
    )
    assert find_stacks(aws, None) == ("a", "b")
    assert find_stacks(aws_with(), None) == ()


def test_stacks_asked_for_by_name_must_exist() -> None:
    aws = aws_with(stack("a"), stack("foreign", ours=False))
    assert find_stacks(aws, ["foreign"]) == ("foreign",)
    with pytest.raises(
        AuditError, match=r"found no stack missing in aws://111122223333/eu-central-1.*there are a, for"
    ):
        find_stacks(aws, ["a", "missing"])


def summary(logical_id: str, kind: str, physical_id: str) -> dict[str, str]:
    return {
        "LogicalResourceId": logical_id,
        "ResourceType": kind,
        "PhysicalResourceId": physical_id,
        "ResourceStatus": "CREATE_COMPLETE",
    }


TEMPLATE = {
    "Resources": {
        "Topic": {"Type": "AWS::SNS::Topic", "Metadata": {"aws:cdk:path": "Stack/Topic"}},
        "Policy": {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [{"Ref": "Topic"}]}},
        "Group": {"Type": "AWS::RDS::DBParameterGroup", "DeletionPolicy": "Retain"},
    }
}


def test_what_a_stack_lists_gets_its_construct_and_an_id_that_others_know() -> None:
    found = listed_resources(
        "stack",
        [
            summary("Topic", "AWS::SNS::Topic", "arn:topic"),
            summary("Policy", "AWS::SNS::TopicPolicy", "stack-Policy-1A2B"),
            summary("Group", "AWS::RDS::DBParameterGroup", "Stack-Group-1A2B"),
        ],
        TEMPLATE,
    )
    assert [(one.identity, one.construct) for one in found] == [
        ("arn:topic", "Stack/Topic"),
        ("arn:topic", None),
        ("stack-group-1a2b", None),
    ]
    assert found[1].written["Properties"] == {"Topics": ["arn:topic"]}
    assert found[2].written["DeletionPolicy"] == "Retain"


def test_a_template_in_yaml_is_read_and_one_that_is_neither_is_an_error() -> None:
    yaml = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Metadata: {'aws:cdk:path': Stack/Topic}\n"
    [one] = listed_resources("stack", [summary("Topic", "AWS::SNS::Topic", "arn:topic")], yaml)
    assert one.construct == "Stack/Topic"
    with pytest.raises(AuditError, match="template of stack"):
        listed_resources("stack", [], "{ no: [template")


def test_nested_stacks_are_read_too() -> None:
    lists = {
        "outer": [summary("Inner", "AWS::CloudFormation::Stack", "arn:inner")],
        "arn:inner": [summary("Topic", "AWS::SNS::Topic", "arn:topic")],
    }
    aws = FakeAws(
        {
            ("cloudformation", "list_stack_resources"): lambda **p: lists[p["StackName"]],
            ("cloudformation", "get_template"): {"TemplateBody": TEMPLATE},
        }
    )
    found = list_resources(aws, ["outer"])
    assert [(one.stack, one.identity) for one in found] == [("outer", "arn:inner"), ("arn:inner", "arn:topic")]


def test_what_was_never_made_or_is_deleted_is_not_listed() -> None:
    summaries = [
        {**summary("Topic", "AWS::SNS::Topic", "arn:topic"), "ResourceStatus": "DELETE_COMPLETE"},
        {"LogicalResourceId": "Group", "ResourceType": "AWS::RDS::DBParameterGroup", "ResourceStatus": "CREATE_FAILED"},
    ]
    aws = FakeAws(
        {
            ("cloudformation", "list_stack_resources"): summaries,
            ("cloudformation", "get_template"): {"TemplateBody": TEMPLATE},
        }
    )
    assert list_resources(aws, ["stack"]) == []
