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
