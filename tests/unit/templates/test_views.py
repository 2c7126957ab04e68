"""Reading properties, and following links between resources."""

from __future__ import annotations

from typing import Any

import pytest

from nexis.templates.resolver import ParameterSource
from nexis.templates.scenarios import Choices
from nexis.templates.values import Reference, Text, Unknown
from nexis.templates.views import (
    ABSENT,
    SCENES_KEPT,
    Scenes,
    Undetermined,
    View,
    as_mapping,
    as_number,
    is_deferred,
    step_down,
    walk,
)
from tests.support.templates import assembly, scene, template, view

FREE = {"Free": {"Type": "String"}}


def properties(**given: Any) -> View:
    made = template({"Parameters": FREE, "Resources": {"It": {"Type": "A::B::C", "Properties": given}}})
    return view(scene(made), "It")


@pytest.mark.parametrize("value", [None, {"Ref": "AWS::NoValue"}])
def test_nothing_is_absent(value: Any) -> None:
    assert properties(A=value).get("A") is ABSENT
    assert properties().get("A", "B") is ABSENT
    assert properties(A={"B": None}).get("A", "B") is ABSENT
    assert properties(A=[]).get("A", 0) is ABSENT


def test_the_way_to_a_value() -> None:
    it = properties(A={"B": [{"C": 1}]}, Single={"C": 2})
    assert it.get("A", "B", 0, "C") == 1
    assert it.get("A", "B", 1, "C") is ABSENT
    assert it.get("Single", 0, "C") == 2  # a single value counts as a list of one
    assert it.get("A", "No", "C") is ABSENT
    assert it.peek() == {"A": {"B": [{"C": 1}]}, "Single": {"C": 2}}


def test_an_open_value_is_undetermined_with_its_path_and_reason() -> None:
    it = properties(A={"B": {"Ref": "Free"}}, List=[{"Ref": "Free"}, 1])
    for path in (("A", "B"), ("A", "B", "C"), ("List", 0)):
        with pytest.raises(Undetermined, match="parameter Free has no default") as caught:
            it.get(*path)
        assert caught.value.path == ".".join(map(str, ("Properties", *path)))
    assert isinstance(it.peek("A", "B"), Unknown)
    assert it.items("List")[1] == 1


def test_properties_that_a_macro_makes_are_open_but_those_written_are_known() -> None:
    it = properties(**{"Fn::Transform": {"Name": "AWS::Include"}, "A": 1})
    assert it.get("A") == 1
    with pytest.raises(Undetermined, match="Fn::Transform"):
        it.get("B")


@pytest.mark.parametrize(
    ("value", "text"), [("a", "a"), (True, "true"), (False, "false"), (443, "443"), (1.5, "1.5"), (None, ABSENT)]
)
def test_literal(value: Any, text: Any) -> None:
    assert properties(A=value).literal("A") == text


@pytest.mark.parametrize("value", [{"B": 1}, ["a"], {"Ref": "It"}, {"Fn::Sub": "x${It}"}, "{{resolve:ssm:/a}}"])
def test_what_is_no_literal_is_undetermined(value: Any) -> None:
    with pytest.raises(Undetermined):
        properties(A=value).literal("A")


@pytest.mark.parametrize(("value", "flag"), [(True, True), ("TRUE", True), ("false", False), (False, False)])
def test_flag(value: Any, flag: bool) -> None:
    assert properties(A=value).flag("A", default=not flag) is flag
    assert properties().flag("A", default=flag) is flag


@pytest.mark.parametrize("value", ["yes", 1, "", [True]])
def test_what_is_no_flag_is_undetermined(value: Any) -> None:
    with pytest.raises(Undetermined):
        properties(A=value).flag("A", default=True)


def test_number() -> None:
    assert properties(A="5").number("A") == 5
    assert properties(A=-1.5).number("A") == -1.5
    assert properties().number("A") is ABSENT


@pytest.mark.parametrize("value", ["nan", "inf", "-Infinity", "1_000", "five", "", " 5", "\u0665"])
def test_what_is_no_number_is_undetermined(value: str) -> None:
    assert as_number(value) is None
    with pytest.raises(Undetermined, match="expected a number"):
        properties(A=value).number("A")


def test_items() -> None:
    it = properties(List=["a"], Single="a", Map={"a": 1})
    assert [it.items(n) for n in ("List", "Single", "Map", "No")] == [["a"], ["a"], [{"a": 1}], []]


BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "logs"}}


def linked(value: Any, **more: Any) -> View | None:
    """What a policy names."""
    policy = {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": value}}
    made = template({"Parameters": FREE, "Resources": {"Logs": BUCKET, "Policy": policy}, **more})
    return view(scene(made), "Policy").target("Bucket", types=("AWS::S3::Bucket",))


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Logs"},
        {"Fn::GetAtt": ["Logs", "Arn"]},
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Logs}"},
        {"Fn::Sub": "arn:aws:s3:::${Logs}/path/*"},
        {"Fn::Join": ["", [{"Fn::GetAtt": ["Logs", "Arn"]}, "/*"]]},
        "logs",
    ],
)
def test_links_by_reference_attribute_arn_and_name(value: Any) -> None:
    found = linked(value)
    assert found is not None
    assert found.logical_id == "Logs"


@pytest.mark.parametrize(
    "value",
    [
        None,
        "other",
        {"Fn::Sub": "${Logs}-archive"},
        {"Fn::Sub": "arn:aws:s3:::${Logs}-archive"},
        {"Fn::Sub": "archive-${Logs}"},
        {"Fn::Sub": "arn:aws:s3:::${Logs}/${Logs}"},
        {"Ref": "Policy"},
        {"Ref": "AWS::StackName"},
        ["logs"],
    ],
)
def test_what_names_something_else_is_no_link(value: Any) -> None:
    assert linked(value) is None


def test_an_open_link_is_undetermined() -> None:
    with pytest.raises(Undetermined):
        linked({"Ref": "Free"})


def test_a_link_into_another_template() -> None:
    policy = {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Fn::ImportValue": "logs"}}}
    both = scene(
        template({"Resources": {"Policy": policy}}, "b.json"),
        template(
            {"Resources": {"Logs": BUCKET}, "Outputs": {"O": {"Value": {"Ref": "Logs"}, "Export": {"Name": "logs"}}}},
            "a.json",
        ),
    )
    bucket, other = view(both, "Logs", "a.json"), view(both, "Policy", "b.json")
    assert other.target("Bucket") is bucket
    assert list(bucket.referrers("AWS::S3::BucketPolicy", "Bucket")) == [other]
    assert bucket.is_named_by(Reference("a.json", "Logs"))
    assert not bucket.is_named_by(Reference("b.json", "Logs"))


def test_referrers_exist_and_name_by_any_item_of_a_list() -> None:
    kind = "AWS::SNS::TopicPolicy"
    resources = {
        "It": {"Type": "AWS::SNS::Topic"},
        "ByList": {"Type": kind, "Properties": {"Topics": ["x", {"Ref": "It"}]}},
        "ByValue": {"Type": kind, "Properties": {"Topics": {"Ref": "It"}}},
        "Gone": {"Type": kind, "Condition": "Never", "Properties": {"Topics": [{"Ref": "It"}]}},
        "Elsewhere": {"Type": kind, "Properties": {"Topics": [{"Ref": "ByList"}]}},
        "Open": {"Type": kind, "Properties": {"Topics": {"Ref": "Free"}}},
    }
    conditions = {"Never": {"Fn::Equals": ["a", "b"]}}
    made = scene(template({"Resources": resources, "Conditions": conditions, "Parameters": FREE}))
    assert [v.logical_id for v in view(made, "It").referrers(kind, "Topics")] == ["ByList", "ByValue"]
    assert [v.logical_id for v in made.views(kind)] == ["ByList", "ByValue", "Elsewhere", "Open"]


def test_resources_that_name_something_else_do_not_multiply_scenarios() -> None:
    kind = "AWS::S3::BucketPolicy"
    resources = {f"P{n}": {"Type": kind, "Condition": f"C{n}", "Properties": {"Bucket": "other"}} for n in range(20)}
    made = scene(template({"Resources": {"Logs": BUCKET, **resources}}))  # no choice can be made here
    assert list(view(made, "Logs").referrers(kind, "Bucket")) == []


def test_step_down_stops_at_the_first_open_value() -> None:
    assert step_down(Unknown("x"), ("a",)) == Unknown("x")
    assert isinstance(step_down({"a": Reference("t", "It")}, ("a", "b")), Unknown)
    assert step_down("text", ("a",)) is ABSENT
    assert step_down([1], ("a",)) is ABSENT


def test_walk_and_as_mapping() -> None:
    assert list(walk({"a": [1, {"b": 2}]})) == [(("a", 0), 1), (("a", 1, "b"), 2)]
    assert as_mapping({"a": 1}) == {"a": 1}
    assert as_mapping(["a"]) == {}


def test_is_deferred() -> None:
    reference = Reference("t", "It")
    assert [is_deferred(v) for v in (reference, Text((reference, "x")), "{{resolve:ssm:/a}}", "a", 1)] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_scenes_are_kept_by_their_choices_and_not_without_end() -> None:
    scenes = Scenes(assembly(template({})), ParameterSource())
    first = scenes.scene(Choices({"a": 1}))
    assert scenes.scene(Choices({"a": 1})) is first
    assert scenes.scene(Choices({"a": "1"})) is not first
    assert scenes.scene(Choices({"a": True})) is not first
    for n in range(SCENES_KEPT):
        scenes.scene(Choices({"n": n}))
    assert scenes.scene(Choices({"a": 1})) is not first


# ---- names ----


def naming(resources: dict[str, Any], value: Any, *types: str, **known: Any) -> str | None:
    """The logical id of what a topic's property names."""
    asking = {"Type": "Asking", "Properties": {"Value": value}}
    made = template({"Parameters": FREE, "Resources": {**resources, "Asking": asking}}, **known)
    found = view(scene(made), "Asking").target("Value", types=types)
    return None if found is None else found.logical_id


def one(kind: str, **given: Any) -> dict[str, Any]:
    return {"It": {"Type": kind, "Properties": given}}


@pytest.mark.parametrize(
    ("resources", "value"),
    [
        (one("AWS::S3::Bucket", BucketName="logs"), "arn:aws:s3:::logs"),
        (one("AWS::S3::Bucket", BucketName="logs"), "arn:aws:s3:::logs/AWSLogs/*"),
        (one("AWS::S3::Bucket", BucketName="logs"), {"Fn::Sub": "arn:${AWS::Partition}:s3:::logs/*"}),
        (one("AWS::S3::Bucket", BucketName={"Fn::Sub": "${AWS::AccountId}-x"}), {"Fn::Sub": "${AWS::AccountId}-x"}),
        (
            one("AWS::S3::Bucket", BucketName={"Fn::Sub": "${AWS::StackName}-x"}),
            {"Fn::Sub": "arn:${AWS::Partition}:s3:::${AWS::StackName}-x/*"},
        ),
        (one("AWS::S3::Bucket", BucketName={"Fn::Join": ["-", ["a", "b"]]}), "a-b"),
        (one("AWS::SNS::Topic", TopicName="t"), "arn:aws:sns:eu-west-1:111111111111:t"),
        (one("AWS::SNS::Topic", TopicName="t"), {"Fn::Sub": "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:t"}),
        (one("AWS::IAM::Role", RoleName="r"), "arn:aws:iam::111111111111:role/path/r"),
        (one("AWS::Lambda::Function", FunctionName="f"), "arn:aws:lambda:eu-west-1:111111111111:function:f:live"),
        (one("AWS::Logs::LogGroup", LogGroupName="/a/b"), "arn:aws:logs:eu-west-1:111111111111:log-group:/a/b:*"),
        (one("AWS::SecretsManager::Secret", Name="s"), "arn:aws:secretsmanager:eu-west-1:111111111111:secret:s-AbCdEf"),
        (one("AWS::DynamoDB::Table", TableName="t"), "arn:aws:dynamodb:eu-west-1:111111111111:table/t/index/*"),
        (one("AWS::RDS::DBCluster", DBClusterIdentifier="c"), "arn:aws:rds:eu-west-1:111111111111:cluster:c"),
        (one("AWS::KMS::Alias", AliasName="alias/k"), "arn:aws:kms:eu-west-1:111111111111:alias/k"),
        (one("AWS::ECS::Service", ServiceName="s"), "arn:aws:ecs:eu-west-1:111111111111:service/c/s"),
        (one("AWS::Redshift::ClusterParameterGroup", ParameterGroupName="g"), "g"),
        (one("AWS::EC2::SecurityGroup", GroupName="g"), {"Fn::GetAtt": ["It", "GroupId"]}),
        (one("AWS::SSM::Parameter", Name=5), "5"),
    ],
)
def test_names_and_arns_lead_to_what_they_name(resources: dict[str, Any], value: Any) -> None:
    assert naming(resources, value, resources["It"]["Type"]) == "It"
    assert naming(resources, value) == "It"


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ("arn:aws:s3:::logs-archive/*", {}),
        ("arn:aws:sns:::logs", {}),
        ("arn:aws:s3", {}),
        ("arn:aws:s3:us-east-1::logs", {"region": "eu-central-1"}),
        ("arn:aws:s3::222222222222:logs", {"account": "111111111111"}),
        ({"Fn::Sub": "${AWS::StackName}-logs"}, {}),
    ],
)
def test_arns_of_something_else(value: Any, known: dict[str, Any]) -> None:
    assert naming(one("AWS::S3::Bucket", BucketName="logs"), value, **known) is None


def test_an_alias_stands_for_its_key() -> None:
    resources = {
        "Key": {"Type": "AWS::KMS::Key"},
        "Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/k", "TargetKeyId": {"Ref": "Key"}}},
        "Loop": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/l", "TargetKeyId": {"Ref": "Loop"}}},
    }
    for value in ("alias/k", {"Ref": "Alias"}, {"Ref": "Key"}, {"Fn::GetAtt": ["Key", "Arn"]}):
        assert naming(resources, value, "AWS::KMS::Key") == "Key"
    assert naming(resources, {"Ref": "Alias"}, "AWS::KMS::Alias") == "Alias"
    assert naming(resources, {"Ref": "Alias"}) == "Alias"
    assert naming(resources, {"Ref": "Alias"}, "AWS::S3::Bucket") is None
    assert naming(resources, {"Ref": "Loop"}, "AWS::KMS::Key") is None


def test_a_stacks_own_name_is_not_anothers() -> None:
    name = {"Fn::Sub": "${AWS::StackName}-logs"}
    both = scene(
        template({"Resources": one("AWS::S3::Bucket", BucketName=name)}, "a.json"),
        template({"Resources": one("AWS::S3::BucketPolicy", Bucket=name)}, "b.json"),
    )
    assert view(both, "It", "b.json").target("Bucket") is None


def test_whether_something_stands_there() -> None:
    it = properties(A={"Ref": "Free"}, B={"Ref": "AWS::NoValue"}, C={"D": {"Ref": "Free"}}, E={"Fn::Odd": 1}, F=1)
    assert [it.stands(*path) for path in (("A",), ("B",), ("C", "D"), ("C", "X"), ("F",), ("G",))] == [
        True,
        False,
        True,
        False,
        True,
        False,
    ]
    for path in (("E",), ("A", "B")):
        with pytest.raises(Undetermined):
            it.stands(*path)


def test_properties_that_are_chosen_as_a_whole() -> None:
    made = template(
        {
            "Conditions": {"C": {"Fn::Equals": ["a", "a"]}},
            "Resources": {"It": {"Type": "x", "Properties": {"Fn::If": ["C", {"A": 1}, {"A": 2}]}}},
        }
    )
    assert view(scene(made), "It").get("A") == 1
    assert view(scene(made), "It").get("B") is ABSENT


def test_a_macro_may_change_every_property_and_an_included_file_only_adds_some() -> None:
    assert properties(**{"Fn::Transform": {"Name": "AWS::Include"}, "A": 1}).get("A") == 1
    for transform in ({"Name": "Own"}, {}, "Own"):
        with pytest.raises(Undetermined, match="may change it"):
            properties(**{"Fn::Transform": transform, "A": 1}).get("A")


def test_resolve_reads_what_stands_beside_the_properties() -> None:
    assert properties().resolve({"Fn::Sub": "a${AWS::NoValue}"}) is not None
    assert properties().resolve({"Fn::Join": ["-", ["a", "b"]]}) == "a-b"
