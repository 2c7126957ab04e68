"""Loops, written out; and macros, which are not."""

from __future__ import annotations

from typing import Any

import pytest

from nexis.templates import language_extensions
from nexis.templates.language_extensions import MOST_VALUES
from nexis.templates.model import Template, TemplateError
from nexis.templates.resolver import ParameterSource
from nexis.templates.values import Reference, Unknown
from nexis.templates.views import Undetermined
from tests.support.templates import every, resolved, scene, template, view

BUCKET: dict[str, Any] = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "logs-${Id}"}}}


def looped(collection: Any, body: Any = None, **sections: Any) -> dict[str, Any]:
    body = {"Bucket${Id}": BUCKET} if body is None else body
    return {
        "Transform": "AWS::LanguageExtensions",
        "Resources": {"Fn::ForEach::L": ["Id", collection, body]},
        **sections,
    }


def names(made: Template) -> list[str]:
    return [name for name, resource in made.resources.items() if resource.type != "Nexis::Macro"]


def listed(**more: Any) -> dict[str, Any]:
    return {"P": {"Type": "CommaDelimitedList", **more}}


def test_a_loop_makes_a_resource_of_each_item() -> None:
    made = template(looped(["A", "B"]))
    assert names(made) == ["BucketA", "BucketB"]
    assert [view(scene(made), n).get("BucketName") for n in names(made)] == ["logs-A", "logs-B"]


def test_a_loop_without_the_transform_is_written_out_all_the_same() -> None:
    document = looped(["A"])
    del document["Transform"]
    assert names(template(document)) == ["BucketA"]


@pytest.mark.parametrize(
    "collection",
    [
        ["A", "B"],
        {"Ref": "P"},
        {"Fn::Split": ["-", "A-B"]},
        {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "list"]},
        {"Fn::If": ["C", ["A", "B"], ["D"]]},
        [{"Ref": "One"}, "B"],
    ],
)
def test_collections(collection: Any) -> None:
    document = looped(
        collection,
        Parameters={**listed(Default="A,B"), "One": {"Type": "String", "Default": "A"}},
        Mappings={"M": {"eu-central-1": {"list": ["A", "B"]}}},
        Conditions={"C": {"Fn::Equals": ["a", "a"]}},
    )
    assert names(template(document, region="eu-central-1")) == ["BucketA", "BucketB"]


def test_a_given_value_wins_over_the_default() -> None:
    document = looped({"Ref": "P"}, Parameters=listed(Default="A,B"))
    assert names(template(document, parameters=ParameterSource(given={"P": "C"}))) == ["BucketC"]


@pytest.mark.parametrize("parameters", [ParameterSource(), ParameterSource(strict=True)])
def test_a_collection_that_is_not_known_leaves_one_example(parameters: ParameterSource) -> None:
    default = {"Default": "A"} if parameters.strict else {}
    policy = {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"Bucket": {"Ref": "Bucket${Id}"}, "Id": {"Ref": "Id"}, "Text": "for ${Id}"},
    }
    document = looped({"Ref": "P"}, {"Bucket${Id}": BUCKET, "Policy${Id}": policy}, Parameters=listed(**default))
    made = template(document, parameters=parameters)
    assert names(made) == ["Bucket${Id}", "Policy${Id}"]
    bucket, policy_view = (view(scene(made), name) for name in names(made))
    assert policy_view.target("Bucket") is not None
    assert bucket.stands("BucketName")
    for of, name in ((bucket, "BucketName"), (policy_view, "Id"), (policy_view, "Text")):
        with pytest.raises(Undetermined, match="the items of `Fn::ForEach::L` are not known: parameter P"):
            of.get(name)


def test_known_items_stand_beside_the_example() -> None:
    document = looped(["A", {"Ref": "One"}], Parameters={"One": {"Type": "String"}})
    assert names(template(document)) == ["BucketA", "Bucket${Id}"]


def test_names_without_what_no_name_holds() -> None:
    body = {"Bucket&{Id}": {"Type": "AWS::S3::Bucket", "Properties": {"A": "${Id}", "B": "&{Id}", "C": {"Ref": "Id"}}}}
    made = template(looped(["eu-west-1", 8], body))
    assert names(made) == ["Bucketeuwest1", "Bucket8"]
    first, second = (view(scene(made), name) for name in names(made))
    assert [first.get(n) for n in "ABC"] == ["eu-west-1", "euwest1", "eu-west-1"]
    assert [second.get(n) for n in "ABC"] == ["8", "8", "8"]


def test_loops_in_loops() -> None:
    inner = {"Fn::ForEach::M": ["Stage", ["Dev", "Prod"], {"Bucket${Id}${Stage}": BUCKET}]}
    assert names(template(looped(["A", "B"], inner))) == ["BucketADev", "BucketAProd", "BucketBDev", "BucketBProd"]
    by_outer = {"Fn::ForEach::M": ["Stage", {"Fn::FindInMap": ["M", {"Ref": "Id"}, "k"]}, {"B${Id}${Stage}": BUCKET}]}
    mappings = {"M": {"A": {"k": ["x", "y"]}, "B": {"k": ["z"]}}}
    assert names(template(looped(["A", "B"], by_outer, Mappings=mappings))) == ["BAx", "BAy", "BBz"]
    open_outer = template(looped({"Ref": "P"}, inner, Parameters=listed()))
    assert names(open_outer) == ["Bucket${Id}Dev", "Bucket${Id}Prod"]


def test_loops_in_conditions_and_outputs() -> None:
    document = looped(
        ["a", "b"],
        {"Bucket${Id}": {**BUCKET, "Condition": "Is${Id}"}},
        Parameters={"P": {"Type": "String", "Default": "a"}},
        Conditions={"Fn::ForEach::C": ["Id", ["a", "b"], {"Is${Id}": {"Fn::Equals": [{"Ref": "P"}, {"Ref": "Id"}]}}]},
        Outputs={
            "Fn::ForEach::O": [
                "Id",
                ["a", "b"],
                {
                    "Arn${Id}": {
                        "Value": {"Fn::GetAtt": [{"Fn::Sub": "Bucket${Id}"}, "Arn"]},
                        "Export": {"Name": {"Fn::Sub": "arn-${Id}"}},
                    }
                },
            ]
        },
    )
    made = template(document)
    found = scene(made)
    assert [view(found, name).exists for name in ("Bucketa", "Bucketb")] == [True, False]
    arn = found.resolver.resolve(made, {"Fn::ImportValue": "arn-b"})
    assert isinstance(arn, Reference)
    assert (arn.logical_id, arn.attribute) == ("Bucketb", "Arn")


def test_the_name_of_a_condition_in_a_choice_is_filled_in() -> None:
    value = {"Fn::If": ["Is${Id}", {"Fn::Sub": "yes ${Id}"}, "no"]}
    body = {"Bucket${Id}": {"Type": "AWS::S3::Bucket", "Properties": {"A": value}}}
    made = template(looped(["x"], body, Conditions={"Isx": {"Fn::Equals": ["a", "a"]}}))
    assert view(scene(made), "Bucketx").get("A") == "yes x"


def test_properties_by_a_loop() -> None:
    def bucket(collection: Any) -> dict[str, Any]:
        loop = {"Fn::ForEach::P": ["Id", collection, {"${Id}A": {"B": {"Ref": "Id"}}}], "Own": 1}
        return {
            "Transform": ["AWS::LanguageExtensions"],
            "Parameters": listed(),
            "Resources": {"It": {"Type": "AWS::S3::Bucket", "Properties": loop}},
        }

    it = view(scene(template(bucket(["x", "y"]))), "It")
    assert it.peek() == {"xA": {"B": "x"}, "yA": {"B": "y"}, "Own": 1}
    it = view(scene(template(bucket({"Ref": "P"}))), "It")
    assert it.get("Own") == 1
    assert isinstance(it.peek(), Unknown)
    with pytest.raises(Undetermined, match="Fn::ForEach::P makes properties"):
        it.get("xA")


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        ({"Fn::ForEach::L": {}}, "is no loop"),
        ({"Fn::ForEach::L": ["Id", ["a"]]}, "is no loop"),
        ({"Fn::ForEach::L": [["Id"], ["a"], {}]}, "is no loop"),
        ({"Fn::ForEach::L": ["Id", ["a"], []]}, "is no loop"),
        ({"Fn::ForEach::L": ["Id", ["a"], {"Ref": "Id"}]}, "is no loop"),
        ({"Fn::ForEach::L": ["Id", ["a", "b"], {"Bucket": BUCKET}]}, "makes 'Bucket' a second time"),
        ({"Bucketa": BUCKET, "Fn::ForEach::L": ["Id", ["a"], {"Bucket${Id}": BUCKET}]}, "makes 'Bucketa' a second"),
        ({"Fn::ForEach::L": ["Id", ["a"], {"Bucket${Id}": []}]}, "`Resources.Bucketa` is a list"),
        ({"Fn::ForEach::L": ["Id", ["a"], {"Fn::Transform": {}, "Fn::If": {}}]}, "is a function that makes no"),
    ],
)
def test_what_is_no_loop_is_refused(resources: Any, said: str) -> None:
    with pytest.raises(TemplateError, match=said):
        template({"Resources": resources})


@pytest.mark.parametrize("most", [10_000, pytest.param(MOST_VALUES, marks=pytest.mark.long)])
def test_loops_do_not_grow_without_end(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_extensions, "MOST_VALUES", most)
    body: dict[str, Any] = {"${A}${B}${C}${D}": {"Type": "x", "Properties": {"P": ["x"] * 10}}}
    for name in "ABCD":
        body = {f"Fn::ForEach::{name}": [name, [f"{name}{n}" for n in range(100)], body]}
    with pytest.raises(TemplateError, match=f"more than {most:,} values"):
        template({"Resources": body})


def test_a_loop_nested_too_deeply_is_refused() -> None:
    body: Any = "x"
    for _ in range(300):
        body = [body]
    with pytest.raises(TemplateError, match="levels"):
        template(looped(["a"], {"B${Id}": {"Type": "x", "Properties": {"P": body}}}))


def test_other_extensions_of_the_language() -> None:
    document = {**BUCKETS, "Parameters": {"P": {"Type": "String", "Default": "Logs"}}}
    assert str(resolved({"Ref": {"Fn::Sub": "${P}"}}, document)) == "${Logs}"
    assert str(resolved({"Fn::GetAtt": [{"Ref": "P"}, "Arn"]}, document)) == "${Logs.Arn}"
    assert isinstance(resolved({"Ref": {"Ref": "Nobody"}}, document), Unknown)
    it = template({"Resources": {"It": {"Type": "x", "DeletionPolicy": {"Fn::If": ["C", "Retain", "Delete"]}}}})
    assert view(scene(it), "It").resource.deletion_policy == {"Fn::If": ["C", "Retain", "Delete"]}


BUCKETS = {"Resources": {"Logs": {"Type": "AWS::S3::Bucket"}}}


def test_macros_are_pseudo_resources() -> None:
    made = template(
        {
            "Transform": ["AWS::Serverless-2016-10-31", {"Name": "AWS::Include", "Parameters": {}}],
            "Resources": {"Fn::Transform": {"Name": "Own"}, "Made": {"Fn::Transform": {"Name": "Mine"}}},
        }
    )
    assert {name: resource.properties for name, resource in made.resources.items()} == {
        "(Transform.0)": {"Name": "AWS::Serverless-2016-10-31"},
        "(Transform.1)": {"Name": "AWS::Include"},
        "Fn::Transform": {"Name": "Own"},
        "Made": {"Name": "Mine"},
    }
    assert {resource.type for resource in made.resources.values()} == {"Nexis::Macro"}


def test_conditions_that_a_file_brings_are_open() -> None:
    document = {"Conditions": {"Fn::Transform": {"Name": "AWS::Include"}}}
    assert every({"Fn::If": ["C", 1, 2]}, document) == [1, 2]
