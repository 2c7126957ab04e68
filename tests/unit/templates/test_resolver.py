"""Every intrinsic function, and every way in which a value can stay open."""

from __future__ import annotations

import base64
import itertools
from typing import Any

import pytest

from nexis.templates.resolver import equality, partition, url_suffix
from nexis.templates.scenarios import Choices, TooManyScenarios
from nexis.templates.values import NO_VALUE, DynamicReference, Reference, Text, Unknown
from tests.support.templates import ACCOUNT, REGION, every, resolved, scene, template

BUCKET = {"Resources": {"Logs": {"Type": "AWS::S3::Bucket"}, "Other": {"Type": "AWS::S3::Bucket"}}}


def parameter(kind: str = "String", **more: Any) -> dict[str, Any]:
    return {"Parameters": {"P": {"Type": kind, **more}}}


def open_reason(value: Any) -> str:
    assert isinstance(value, Unknown), value
    return value.reason


def test_plain_values_stay_what_they_are() -> None:
    for value in ("a", 1, 1.5, True, None, [1, ["a"]], {"a": {"b": [1]}}):
        assert resolved(value) == value


def test_ref_of_a_resource_is_a_reference() -> None:
    found = resolved({"Ref": "Logs"}, BUCKET)
    assert isinstance(found, Reference)
    assert (found.stack, found.logical_id, found.attribute, str(found)) == ("t.json", "Logs", "", "${Logs}")


@pytest.mark.parametrize("name", ["Nothing", 5, ["Logs"], None, {"Ref": "Logs"}])
def test_ref_of_nothing_is_unknown(name: Any) -> None:
    open_reason(resolved({"Ref": name}, BUCKET))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS::Region", REGION),
        ("AWS::AccountId", ACCOUNT),
        ("AWS::StackName", "Stack"),
        ("AWS::Partition", "aws"),
        ("AWS::URLSuffix", "amazonaws.com"),
    ],
)
def test_pseudo_parameters_are_known_where_the_stack_is(name: str, value: str) -> None:
    assert resolved({"Ref": name}, region=REGION, account=ACCOUNT, stack="Stack") == value
    found = resolved({"Ref": name})
    assert isinstance(found, Reference)
    assert not found.is_resource


def test_pseudo_parameters_known_only_to_aws_are_references() -> None:
    assert isinstance(resolved({"Ref": "AWS::StackId"}, region=REGION), Reference)
    (arn,) = resolved({"Ref": "AWS::NotificationARNs"}, region=REGION)
    assert isinstance(arn, Reference)


def test_partitions() -> None:
    assert [partition(r) for r in ("eu-west-1", "cn-north-1", "us-gov-west-1", None)] == [
        "aws",
        "aws-cn",
        "aws-us-gov",
        None,
    ]
    assert [url_suffix(r) for r in ("eu-west-1", "cn-north-1", None)] == ["amazonaws.com", "amazonaws.com.cn", None]


def test_no_value_takes_a_property_or_an_item_away() -> None:
    none = {"Ref": "AWS::NoValue"}
    assert resolved({"a": none, "b": [none, 1]}) == {"b": [1]}
    assert resolved(none) is NO_VALUE


@pytest.mark.parametrize("argument", [["Logs", "Arn"], "Logs.Arn"])
def test_get_att_is_a_reference_with_its_attribute(argument: Any) -> None:
    found = resolved({"Fn::GetAtt": argument}, BUCKET)
    assert isinstance(found, Reference)
    assert (found.logical_id, found.attribute) == ("Logs", "Arn")


@pytest.mark.parametrize("argument", ["Logs", ["Logs"], ["Logs", "A", "B"], [1, "A"], ["No", "Arn"], {}, ["Logs", []]])
def test_get_att_of_nothing_is_unknown(argument: Any) -> None:
    open_reason(resolved({"Fn::GetAtt": argument}, BUCKET))


def test_get_att_with_an_attribute_by_parameter() -> None:
    document = {**BUCKET, **parameter(Default="Arn")}
    assert resolved({"Fn::GetAtt": ["Logs", {"Ref": "P"}]}, document).attribute == "Arn"
    open_reason(resolved({"Fn::GetAtt": ["Logs", {"Ref": "P"}]}, {**BUCKET, **parameter()}))


def test_sub_short_form_fills_in_names_attributes_and_pseudo_parameters() -> None:
    found = resolved({"Fn::Sub": "arn:${AWS::Partition}:s3:::${Logs}/${Logs.Arn}/${!Literal}"}, BUCKET, region=REGION)
    assert isinstance(found, Text)
    assert str(found) == "arn:aws:s3:::${Logs}/${Logs.Arn}/${Literal}"
    assert [(r.logical_id, r.attribute) for r in found.references] == [("Logs", ""), ("Logs", "Arn")]


def test_sub_long_form_prefers_its_own_names() -> None:
    value = {"Fn::Sub": ["${Region}-${Number}-${Flag}", {"Region": {"Ref": "AWS::Region"}, "Number": 5, "Flag": True}]}
    assert resolved(value, region=REGION) == f"{REGION}-5-true"


def test_sub_of_one_reference_is_that_reference() -> None:
    assert isinstance(resolved({"Fn::Sub": "${Logs}"}, BUCKET), Reference)


@pytest.mark.parametrize("argument", ["${Nothing}", ["${A}", 5], 5, [5, {}], ["${A}", {"A": [1]}], "${AWS::NoValue}"])
def test_sub_of_what_is_not_there_is_unknown(argument: Any) -> None:
    open_reason(resolved({"Fn::Sub": argument}, BUCKET))


def test_join() -> None:
    assert resolved({"Fn::Join": ["-", ["a", 1, True]]}) == "a-1-true"
    assert resolved({"Fn::Join": ["", []]}) == ""
    assert str(resolved({"Fn::Join": [":", ["arn", {"Ref": "Logs"}]]}, BUCKET)) == "arn:${Logs}"
    assert resolved({"Fn::Join": [",", {"Ref": "P"}]}, parameter("CommaDelimitedList", Default="a, b")) == "a,b"


@pytest.mark.parametrize("argument", ["a", ["a"], [1, []], [",", "a"], [",", [["a"]]], [",", [{"Ref": "No"}]]])
def test_join_of_what_cannot_be_joined_is_unknown(argument: Any) -> None:
    open_reason(resolved({"Fn::Join": argument}))


def test_text_does_not_grow_beyond_what_a_template_can_hold() -> None:
    assert "longer" in open_reason(resolved({"Fn::Join": ["", ["x" * 600_000, "x" * 600_000]]}))


def test_split_and_select() -> None:
    assert resolved({"Fn::Split": [",", "a,b,c"]}) == ["a", "b", "c"]
    assert resolved({"Fn::Select": ["1", {"Fn::Split": [",", "a,b,c"]}]}) == "b"
    assert resolved({"Fn::Select": [{"Ref": "P"}, ["a", "b"]]}, parameter("Number", Default=1)) == "b"


def test_a_part_of_a_reference_does_not_name_the_resource() -> None:
    found = resolved({"Fn::Select": [0, {"Fn::Split": ["/", {"Ref": "Logs"}]}]}, BUCKET)
    assert isinstance(found, Reference)
    assert not found.is_resource


@pytest.mark.parametrize("argument", ["a", [0], [0, "a"], [2, ["a", "b"]], [-1, ["a"]], ["x", ["a"]], [[], ["a"]]])
def test_select_of_nothing_is_unknown(argument: Any) -> None:
    open_reason(resolved({"Fn::Select": argument}))


@pytest.mark.parametrize("argument", ["a", ["", "a"], [",", ["a"]], ["-", {"Fn::Sub": "x-${Logs}"}], [1, "a"]])
def test_split_of_what_cannot_be_split_is_unknown(argument: Any) -> None:
    open_reason(resolved({"Fn::Split": argument}, BUCKET))


MAPPINGS = {"Mappings": {"Sizes": {"eu-central-1": {"size": "m7gd.large", "zones": ["a", "b"]}, "true": {"size": 1}}}}


def test_find_in_map() -> None:
    by_region = {"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "size"]}
    assert resolved(by_region, MAPPINGS, region=REGION) == "m7gd.large"
    assert resolved({"Fn::FindInMap": ["Sizes", REGION, "zones"]}, MAPPINGS) == ["a", "b"]
    assert resolved({"Fn::FindInMap": ["Sizes", True, "size"]}, MAPPINGS) == 1
    assert resolved({"Fn::FindInMap": ["Sizes", "no", "size", {"DefaultValue": "d"}]}, MAPPINGS) == "d"


@pytest.mark.parametrize("key", [{"Ref": "AWS::Region"}, {"Fn::Sub": "x-${AWS::Region}"}, {"Ref": "P"}])
def test_a_key_that_is_not_known_is_each_key_of_the_map_or_another(key: Any) -> None:
    document = {**MAPPINGS, **parameter()}
    assert every({"Fn::FindInMap": ["Sizes", key, "size"]}, document) == ["m7gd.large", 1]
    with_default = {"Fn::FindInMap": ["Sizes", key, "size", {"DefaultValue": "d"}]}
    assert every(with_default, document) == ["m7gd.large", 1, "d"]
    inner = {"Fn::FindInMap": ["Sizes", REGION, key]}
    assert every(inner, document) == ["m7gd.large", ["a", "b"]]
    document["Parameters"]["Q"] = {"Type": "String"}
    both = {"Fn::FindInMap": ["Sizes", key, {"Ref": "Q"}]}
    assert {str(found) for found in every(both, document)} >= {"m7gd.large", "['a', 'b']", "1"}


def test_where_every_key_says_the_same_there_is_no_choice() -> None:
    document = {"Mappings": {"M": {n: {"k": "same", "l": n} for n in "abc"}}}
    assert resolved({"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "k"]}, document) == "same"


def test_one_value_is_one_key_in_every_map_and_condition() -> None:
    maps = {name: {key: {"k": f"{name}{key}"} for key in keys} for name, keys in {"M": "abc", "N": "cab"}.items()}
    both = [{"Fn::FindInMap": [name, {"Ref": "P"}, "k"]} for name in "MN"]
    is_a = {"Fn::If": ["C", "a", "not a"]}
    document = {**parameter(), "Mappings": maps, "Conditions": {"C": {"Fn::Equals": ["a", {"Ref": "P"}]}}}
    others = [[f"M{key}", f"N{key}", "not a"] for key in "bc"]
    assert every([*both, is_a], document) == [["Ma", "Na", "a"], *others]
    assert every([is_a, *both], document) == [["a", "Ma", "Na"], *([c, a, b] for a, b, c in others)]


def test_a_map_with_other_keys_is_asked_again() -> None:
    document = {**parameter(), "Mappings": {"M": {"a": {"k": 1}, "b": {"k": 2}}, "N": {"c": {"k": 3}, "d": {"k": 4}}}}
    found = every([{"Fn::FindInMap": [name, {"Ref": "P"}, "k"]} for name in "MN"], document)
    assert found == [[1, 3], [1, 4], [2, 3], [2, 4]]


@pytest.mark.parametrize("key", [["a"], {"a": "b"}])
def test_what_is_no_key_finds_nothing(key: Any) -> None:
    open_reason(resolved({"Fn::FindInMap": ["Sizes", key, "size", {"DefaultValue": "d"}]}, MAPPINGS))


def test_a_map_with_very_many_keys_is_not_tried_out() -> None:
    document = {"Mappings": {"M": {f"k{n}": {"k": n} for n in range(100)}}}
    open_reason(resolved({"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "k"]}, document))


def test_a_map_that_a_macro_makes_may_hold_more() -> None:
    document = {"Mappings": {"M": {"Fn::Transform": {"Name": "AWS::Include"}, "a": {"k": 1}}}}
    assert resolved({"Fn::FindInMap": ["M", "a", "k"]}, document) == 1
    open_reason(resolved({"Fn::FindInMap": ["M", "b", "k", {"DefaultValue": "d"}]}, document))


@pytest.mark.parametrize(
    "argument", ["a", ["Sizes", REGION], ["Sizes", "no", "size"], ["Sizes", REGION, "no"], ["No"] * 3]
)
def test_find_in_map_of_nothing_is_unknown(argument: Any) -> None:
    open_reason(resolved({"Fn::FindInMap": argument}, MAPPINGS))


def test_functions_have_no_place_in_mappings() -> None:
    loop = {"Mappings": {"M": {"a": {"b": {"Fn::FindInMap": ["M", "a", "b"]}}}}}
    open_reason(resolved({"Fn::FindInMap": ["M", "a", "b"]}, loop))


def test_base64_cidr_length_and_to_json() -> None:
    assert base64.b64decode(resolved({"Fn::Base64": "echo"})) == b"echo"
    assert isinstance(resolved({"Fn::Base64": {"Ref": "Logs"}}, BUCKET), Reference)
    assert resolved({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}) == ["10.0.0.0/24", "10.0.1.0/24"]
    assert resolved({"Fn::Length": {"Fn::Split": [",", "a,b"]}}) == 2
    assert resolved({"Fn::ToJsonString": {"a": [1, "b"]}}) == '{"a":[1,"b"]}'


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Base64": ["a"]},
        {"Fn::Base64": {"Ref": "AWS::NoValue"}},
        {"Fn::Cidr": ["10.0.0.0/16"]},
        {"Fn::Cidr": ["no", 1, 8]},
        {"Fn::Cidr": ["10.0.0.0/16", 1, 99]},
        {"Fn::Cidr": ["10.0.0.0/16", 300, 16]},
        {"Fn::Cidr": [{"Ref": "P"}, 1, 8]},
        {"Fn::Cidr": "x"},
        {"Fn::Length": "ab"},
        {"Fn::Length": {"Ref": "P"}},
        {"Fn::ToJsonString": {"Ref": "AWS::NoValue"}},
        {"Fn::ToJsonString": {"a": {"Ref": "P"}}},
        {"Fn::Transform": {"Name": "AWS::Include"}},
        {"Fn::Nothing": 1},
        {"Fn::If": ["A", 1]},
        {"Fn::If": "A"},
        {"Fn::If": [["A"], 1, 2]},
        {"Fn::Transform": {"Name": "AWS::Include"}, "Beside": 1},
    ],
)
def test_what_cannot_be_known_is_unknown(value: Any) -> None:
    open_reason(resolved(value, parameter()))


def test_dynamic_references_are_told_from_text() -> None:
    assert isinstance(resolved("{{resolve:ssm:/a}}"), DynamicReference)
    assert isinstance(resolved({"Fn::Join": ["", ["{{", "resolve:ssm:/a}}"]]}), DynamicReference)
    assert type(resolved("resolve")) is str


def test_zones_of_the_region_are_a_reference() -> None:
    assert isinstance(resolved({"Fn::GetAZs": ""}), Reference)


# ---- parameters ----


def test_a_default_counts_unless_strict() -> None:
    assert resolved({"Ref": "P"}, parameter(Default="a")) == "a"
    assert "any value" in open_reason(resolved({"Ref": "P"}, parameter(Default="a"), strict=True))
    assert "no default" in open_reason(resolved({"Ref": "P"}, parameter()))


def test_given_values_win() -> None:
    assert resolved({"Ref": "P"}, parameter(Default="a"), given={"P": "b"}) == "b"
    assert resolved({"Ref": "P"}, parameter(Default="a"), given={"P": "b"}, strict=True) == "b"
    assert resolved({"Ref": "P"}, parameter("CommaDelimitedList"), given={"P": "a,b"}) == ["a", "b"]
    assert resolved({"Ref": "P"}, parameter("CommaDelimitedList"), given={"P": ["a", "b"]}) == ["a", "b"]
    assert resolved({"Ref": "P"}, parameter(), given={"P": ["a", 1]}) == "a,1"


def test_a_given_value_outside_the_allowed_ones_settles_nothing() -> None:
    document = parameter(AllowedValues=["a", 1])
    assert resolved({"Ref": "P"}, document, given={"P": "1"}) == "1"
    assert "not among" in open_reason(resolved({"Ref": "P"}, document, given={"P": "c"}))


def test_allowed_values_are_each_a_scenario() -> None:
    assert every({"Ref": "P"}, parameter(AllowedValues=["a", "b"])) == ["a", "b"]
    assert every({"Ref": "P"}, parameter(AllowedValues=["a"])) == ["a"]
    assert every({"Ref": "P"}, parameter(AllowedValues=["a", "b"], Default="a")) == ["a"]
    assert every({"Ref": "P"}, parameter(AllowedValues=["a", "b"], Default="a"), strict=True) == ["a", "b"]
    assert every([{"Ref": "P"}, {"Ref": "P"}], parameter(AllowedValues=["a", "b"])) == [["a", "a"], ["b", "b"]]


@pytest.mark.parametrize("allowed", [[], "a", [["a"]], [None], {"a": 1}])
def test_allowed_values_that_are_none_leave_the_parameter_open(allowed: Any) -> None:
    open_reason(resolved({"Ref": "P"}, parameter(AllowedValues=allowed)))


def test_a_list_of_allowed_values_can_be_any_combination() -> None:
    document = parameter("CommaDelimitedList", AllowedValues=["a", "b"])
    open_reason(resolved({"Ref": "P"}, document))


@pytest.mark.parametrize("given", [None, {"P": "/name"}])
def test_parameters_of_the_parameter_store_are_open_whatever_is_given(given: Any) -> None:
    document = parameter("AWS::SSM::Parameter::Value<String>", Default="/name", AllowedValues=["/name"])
    assert "SSM" in open_reason(resolved({"Ref": "P"}, document, given=given))


@pytest.mark.parametrize(
    ("kind", "default", "expected"),
    [
        ("CommaDelimitedList", "a, b", ["a", "b"]),
        ("List<Number>", "1,2", ["1", "2"]),
        ("List<AWS::EC2::Subnet::Id>", "subnet-1", ["subnet-1"]),
        ("CommaDelimitedList", 5, ["5"]),
        ("Number", 5, 5),
    ],
)
def test_list_parameters_are_split(kind: str, default: Any, expected: Any) -> None:
    assert resolved({"Ref": "P"}, parameter(kind, Default=default)) == expected


@pytest.mark.parametrize("declared", ["String", None, {"Type": ["String"]}, {"Type": "String", "Default": ["a"]}])
def test_odd_declarations_leave_the_parameter_open(declared: Any) -> None:
    open_reason(resolved({"Ref": "P"}, {"Parameters": {"P": declared}}))


# ---- conditions ----


def condition(expression: Any, **more: Any) -> dict[str, Any]:
    return {"Conditions": {"C": expression, **more.pop("conditions", {})}, **more}


IF = {"Fn::If": ["C", "yes", "no"]}
TRUE = {"Fn::Equals": ["a", "a"]}
FALSE = {"Fn::Equals": ["a", "b"]}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (TRUE, "yes"),
        (FALSE, "no"),
        ({"Fn::Not": [TRUE]}, "no"),
        ({"Fn::And": [TRUE, FALSE]}, "no"),
        ({"Fn::And": [TRUE, TRUE]}, "yes"),
        ({"Fn::Or": [FALSE, TRUE]}, "yes"),
        ({"Fn::Or": [FALSE, FALSE]}, "no"),
        ({"Condition": "D"}, "yes"),
        ({"Fn::Equals": [True, "true"]}, "yes"),
        ({"Fn::Equals": [1, "1"]}, "yes"),
        ({"Fn::Equals": [True, 1]}, "no"),
        ({"Fn::Equals": [{"Ref": "AWS::Region"}, REGION]}, "yes"),
        ({"Fn::Equals": [["a"], ["a"]]}, "yes"),
        ({"Fn::Equals": [{"Ref": "Logs"}, {"Ref": "Logs"}]}, "yes"),
    ],
)
def test_conditions_that_can_be_decided(expression: Any, expected: str) -> None:
    document = {**BUCKET, **condition(expression, conditions={"D": TRUE})}
    assert every(IF, document, region=REGION) == [expected]


@pytest.mark.parametrize(
    "expression",
    [
        {"Fn::Equals": [{"Ref": "Free"}, "a"]},
        {"Fn::Equals": [{"Ref": "Logs"}, "a"]},
        {"Fn::Equals": [{"Ref": "Logs"}, {"Ref": "Other"}]},
        {"Fn::Equals": [{"Ref": "Logs"}, {"Fn::Sub": "${!Logs}"}]},
        {"Fn::Equals": [[{"Ref": "Free"}], ["a"]]},
        {"Fn::Equals": ["a", None]},
        {"Fn::Equals": ["a", {"Ref": "AWS::NoValue"}]},
        {"Fn::Equals": ["a"]},
        {"Condition": "Nowhere"},
        {"Condition": "C"},
        {"Fn::Not": "x"},
        {"Fn::And": []},
        True,
        "true",
        None,
        [],
        {"Fn::Contains": [["a"], "a"]},
        {"Fn::Equals": ["{{resolve:ssm:/a}}", "a"]},
    ],
)
def test_conditions_that_cannot_be_decided_are_two_scenarios(expression: Any) -> None:
    document = {**BUCKET, **condition(expression, Parameters={"Free": {"Type": "String"}})}
    assert sorted(every(IF, document)) == ["no", "yes"]


def test_conditions_on_one_parameter_never_contradict_each_other() -> None:
    document = {
        **parameter(AllowedValues=["dev", "prod"]),
        "Conditions": {
            "IsProd": {"Fn::Equals": [{"Ref": "P"}, "prod"]},
            "IsDev": {"Fn::Not": [{"Condition": "IsProd"}]},
        },
    }
    value = [{"Fn::If": ["IsProd", 1, 0]}, {"Fn::If": ["IsDev", 1, 0]}]
    assert every(value, document) == [[0, 1], [1, 0]]


def test_the_same_open_comparison_is_decided_once_wherever_it_stands() -> None:
    same = {"Fn::Equals": [{"Ref": "P"}, "a"]}
    document = {**parameter(), "Conditions": {"A": same, "B": same}}
    assert every([{"Fn::If": ["A", 1, 0]}, {"Fn::If": ["B", 1, 0]}], document) == [[1, 1], [0, 0]]


def test_conditions_in_a_circle_end() -> None:
    circle = {"A": {"Fn::Not": [{"Condition": "B"}]}, "B": {"Condition": "A"}}
    assert sorted(every({"Fn::If": ["A", "yes", "no"]}, {"Conditions": circle})) == ["no", "yes"]


def test_conditions_that_share_parts_are_decided_in_little_time() -> None:
    names = [f"C{n}" for n in range(45)]
    chain = {name: {"Fn::And": [{"Condition": below}] * 2} for name, below in itertools.pairwise(names)}
    assert every({"Fn::If": ["C0", 1, 0]}, {"Conditions": {**chain, names[-1]: TRUE}}) == [1]


def test_too_many_open_values_are_said_to_be_too_many() -> None:
    document = {"Parameters": {f"P{n}": {"Type": "String", "AllowedValues": ["a", "b"]} for n in range(9)}}
    with pytest.raises(TooManyScenarios, match="256 combinations"):
        every([{"Ref": f"P{n}"} for n in range(9)], document)


def test_deep_nesting_is_unknown() -> None:
    value: Any = "x"
    for _ in range(400):
        value = {"Fn::Join": ["", [value]]}
    assert "deeper" in open_reason(resolved(value))
    expression: Any = TRUE
    for _ in range(400):
        expression = {"Fn::Not": [expression]}
    assert sorted(every(IF, condition(expression))) == ["no", "yes"]


def test_equality_of_texts_by_their_parts() -> None:
    here, there = Reference("a", "Logs"), Reference("b", "Logs")
    assert equality(here, here) is True
    assert equality(here, there) is None
    assert equality(Text((here, "/x")), Text((here, "/x"))) is True
    assert equality(Text((here, "/x")), Text((there, "/x"))) is None
    assert equality({"a": Unknown("b")}, {"a": Unknown("b")}) is None
    assert equality({"a": 1}, {"a": 2}) is False


# ---- between templates ----


def producer(value: Any = "made", **more: Any) -> Any:
    outputs = {"Out": {"Value": value, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-out"}}, **more}}
    return template({**BUCKET, "Outputs": outputs}, "a.json", stack="A")


def test_import_value_reaches_into_the_other_template() -> None:
    consumer = template({}, "b.json")
    both = scene(producer({"Fn::GetAtt": ["Logs", "Arn"]}), consumer)
    found = both.resolver.resolve(consumer, {"Fn::ImportValue": "A-out"})
    assert isinstance(found, Reference)
    assert (found.stack, found.logical_id, found.attribute) == ("a.json", "Logs", "Arn")
    assert "export" in open_reason(both.resolver.resolve(consumer, {"Fn::ImportValue": "B-out"}))
    open_reason(both.resolver.resolve(consumer, {"Fn::ImportValue": ["A-out"]}))


def test_an_export_that_its_condition_takes_away_is_not_there() -> None:
    made = template(
        {"Conditions": {"C": FALSE}, "Outputs": {"O": {"Value": 1, "Condition": "C", "Export": {"Name": "o"}}}}
    )
    open_reason(scene(made).resolver.resolve(made, {"Fn::ImportValue": "o"}))


def test_exports_that_hang_on_themselves_are_unknown() -> None:
    outputs = {
        f"O{n}": {"Value": {"Fn::ImportValue": "o0"}, "Export": {"Name": name}}
        for n, name in enumerate(["o0", *({"Fn::Sub": ["${V}", {"V": {"Fn::ImportValue": "o0"}}]},) * 50])
    }
    made = template({"Outputs": outputs})
    assert "itself" in open_reason(scene(made).resolver.resolve(made, {"Fn::ImportValue": "o0"}))


def nested(parameters: Any, inner: dict[str, Any], **outer: Any) -> tuple[Any, Any]:
    parent = template(
        {"Resources": {"In": {"Type": "AWS::CloudFormation::Stack", "Properties": {"Parameters": parameters}}}, **outer}
    )
    return parent, template(inner, "inner.json#In", nested_in=("t.json", "In"))


def test_a_nested_stack_takes_its_parents_values() -> None:
    parent, inner = nested(
        {"P": {"Ref": "Q"}}, parameter(Default="d"), Parameters={"Q": {"Type": "String", "Default": "from above"}}
    )
    assert scene(parent, inner).resolver.resolve(inner, {"Ref": "P"}) == "from above"


@pytest.mark.parametrize(
    ("parameters", "expected"), [({}, "d"), (None, "d"), ({"Q": 1}, "d"), ({"P": ["a", "b"]}, "a,b")]
)
def test_a_nested_stack_keeps_a_default_that_nobody_can_change(parameters: Any, expected: Any) -> None:
    parent, inner = nested(parameters, parameter(Default="d"))
    assert scene(parent, inner, strict=True, given={"P": "x"}).resolver.resolve(inner, {"Ref": "P"}) == expected


def test_a_nested_list_parameter_of_joined_references_is_a_list_of_references() -> None:
    joined = {"Fn::Join": [",", [{"Ref": "In"}, {"Fn::GetAtt": ["In", "Arn"]}, "sg-1"]]}
    parent, inner = nested({"P": joined}, parameter("List<String>"))
    found = scene(parent, inner).resolver.resolve(inner, {"Ref": "P"})
    assert [isinstance(item, Reference) for item in found] == [True, True, False]
    assert [str(item) for item in found] == ["${In}", "${In.Arn}", "sg-1"]


def test_the_parameters_of_a_nested_stack_may_be_chosen_as_a_whole() -> None:
    parent, inner = nested({"Fn::If": ["C", {"P": "a"}, {"P": "b"}]}, parameter(Default="d"), Conditions={"C": FALSE})
    assert scene(parent, inner).resolver.resolve(inner, {"Ref": "P"}) == "b"


@pytest.mark.parametrize("passed", [{"a": 1}, [["a"]], {"Ref": "Nowhere"}, {"Ref": "AWS::NoValue"}])
def test_what_no_parent_can_pass_is_unknown(passed: Any) -> None:
    parent, inner = nested({"P": passed}, parameter())
    open_reason(scene(parent, inner).resolver.resolve(inner, {"Ref": "P"}))


def test_outputs_of_a_nested_stack_are_followed() -> None:
    parent, inner = nested({}, {**BUCKET, "Outputs": {"Name": {"Value": {"Ref": "Logs"}}, "Map": {"Value": {"a": 1}}}})
    resolver = scene(parent, inner).resolver
    found = resolver.resolve(parent, {"Fn::GetAtt": ["In", "Outputs.Name"]})
    assert (found.stack, found.logical_id) == ("inner.json#In", "Logs")
    open_reason(resolver.resolve(parent, {"Fn::GetAtt": ["In", "Outputs.No"]}))
    open_reason(resolver.resolve(parent, {"Fn::GetAtt": ["In", "Outputs.Map"]}))


def test_a_nested_stack_that_hangs_on_its_own_output_ends() -> None:
    twice = {"Fn::Join": ["", [{"Fn::GetAtt": ["In", "Outputs.O"]}] * 2]}
    parent, inner = nested({"P": twice}, {**parameter(), "Outputs": {"O": {"Value": {"Ref": "P"}}}})
    assert "itself" in open_reason(scene(parent, inner).resolver.resolve(inner, {"Ref": "P"}))


def test_a_choice_inside_an_export_is_asked_again_in_the_next_scenario() -> None:
    document = {
        **parameter(AllowedValues=["a", "b"]),
        "Outputs": {"O": {"Value": "made", "Export": {"Name": {"Ref": "P"}}}},
    }
    found = every({"Fn::ImportValue": "a"}, document)
    assert found[0] == "made"
    open_reason(found[1])


def test_the_same_template_nested_twice_has_two_sets_of_parameters() -> None:
    two = {
        n: {"Type": "AWS::CloudFormation::Stack", "Properties": {"Parameters": {"P": {"Ref": n + "P"}}}} for n in "AB"
    }
    parameters = {n + "P": {"Type": "String", "AllowedValues": ["x", "y"]} for n in "AB"}
    parent = template({"Resources": two, "Parameters": parameters})
    inner = [template(parameter(), f"t.json#{n}", nested_in=("t.json", n)) for n in "AB"]
    made = scene(parent, *inner)
    made.resolver.choices = Choices({"parameter AP of t.json": "x", "parameter BP of t.json": "y"})
    assert [made.resolver.resolve(i, {"Ref": "P"}) for i in inner] == ["x", "y"]


# ---- what follows from the template ----


def test_an_attribute_that_is_a_property_is_its_value() -> None:
    document = {
        "Parameters": {"Free": {"Type": "String"}},
        "Resources": {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": {"Fn::Sub": "10.0.0.0/16"}}},
            "Open": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": {"Ref": "Free"}}},
            "Own": {"Type": "AWS::EC2::VPC", "Properties": {"Ipv4IpamPoolId": "pool"}},
            "Net": {
                "Type": "AWS::EC2::Subnet",
                "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": {"Fn::GetAtt": ["Net", "CidrBlock"]}},
            },
            "Db": {"Type": "AWS::RDS::DBInstance", "Properties": {"Port": "5433"}},
        },
    }
    assert resolved({"Fn::GetAtt": "Vpc.CidrBlock"}, document) == "10.0.0.0/16"
    assert resolved({"Fn::Sub": "${Db.Endpoint.Port}"}, document) == "5433"
    vpc = resolved({"Fn::GetAtt": ["Net", "VpcId"]}, document)
    assert (str(vpc), isinstance(vpc, Reference)) == ("${Vpc}", True)
    for name, attribute in (
        ("Open", "CidrBlock"),
        ("Own", "CidrBlock"),
        ("Net", "CidrBlock"),
        ("Db", "Endpoint.Address"),
    ):
        found = resolved({"Fn::GetAtt": [name, attribute]}, document)
        assert isinstance(found, Reference)
        assert (found.logical_id, found.attribute) == (name, attribute)


def test_a_property_that_hangs_on_its_own_attribute_ends() -> None:
    twice = {"Fn::Join": ["", [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}] * 2]}
    document = {"Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": twice}}}}
    assert "${Vpc.CidrBlock}" in str(resolved(twice, document))


def test_texts_are_split_where_no_reference_can_hide_the_delimiter() -> None:
    by_comma = resolved({"Fn::Split": [",", {"Fn::Sub": "a,${Logs},${AWS::Region}-b"}]}, BUCKET)
    assert [str(item) for item in by_comma] == ["a", "${Logs}", "${AWS::Region}-b"]
    assert isinstance(by_comma[1], Reference)
    arn = {"Fn::Split": [":", {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Logs}:x"}]}
    assert str(resolved({"Fn::Select": [1, arn]}, BUCKET)) == "${AWS::Partition}"
    assert resolved({"Fn::Select": [2, arn]}, BUCKET) == "s3"
    after = resolved({"Fn::Select": [6, arn]}, BUCKET)
    assert isinstance(after, Reference)
    assert not after.is_resource
    assert "index -1" in open_reason(resolved({"Fn::Select": [-1, {"Fn::Split": [",", "a"]}]}))


def test_lists_that_only_the_deployment_knows_are_passed_on() -> None:
    zones = {"Fn::GetAZs": {"Ref": "AWS::Region"}}
    joined = resolved({"Fn::Join": [",", zones]})
    assert isinstance(joined, Reference)
    assert isinstance(resolved({"Fn::Select": [0, {"Fn::Split": [",", {"Fn::Join": [",", zones]}]}]}), Reference)
    assert isinstance(resolved({"Fn::Cidr": [{"Fn::GetAtt": ["Logs", "CidrBlock"]}, 2, 8]}, BUCKET), Reference)


def test_json_text_keeps_its_references() -> None:
    value = {"Fn::ToJsonString": {"Resource": [{"Fn::GetAtt": ["Logs", "Arn"]}, {"Fn::Sub": "${Logs}/*"}], "é": 1}}
    found = resolved(value, BUCKET)
    assert isinstance(found, Text)
    assert str(found) == '{"Resource":["${Logs.Arn}","${Logs}/*"],"é":1}'
    assert [str(r) for r in found.references] == ["${Logs.Arn}", "${Logs}"]
    assert isinstance(resolved({"Fn::ToJsonString": ["{{resolve:ssm:/a}}"]}), DynamicReference)


def test_what_is_given_for_a_pseudo_parameter_holds_where_the_template_does_not_say() -> None:
    given = {"AWS::Region": "cn-north-1", "AWS::AccountId": ACCOUNT}
    text = {"Fn::Sub": "${AWS::Region} ${AWS::Partition} ${AWS::URLSuffix} ${AWS::AccountId}"}
    assert resolved(text, given=given) == f"cn-north-1 aws-cn amazonaws.com.cn {ACCOUNT}"
    assert resolved({"Ref": "AWS::Region"}, given=given, region=REGION) == REGION


STANDING: tuple[Any, ...] = (
    {"Ref": "P"},
    {"Fn::ImportValue": "x"},
    {"Fn::Sub": "${P}"},
    {"Fn::FindInMap": ["M", "a", "b"]},
)
PERHAPS: tuple[Any, ...] = ({"Fn::Transform": {}}, {"Fn::If": ["C", 1]}, {"Fn::Odd": 1, "a": 1})


def test_a_value_that_is_not_known_may_be_known_to_stand_there() -> None:
    assert [resolved(value, parameter()).stands for value in STANDING] == [True] * len(STANDING)
    assert [resolved(value, parameter()).stands for value in PERHAPS] == [False] * len(PERHAPS)


def test_the_output_of_another_stack() -> None:
    def found(argument: Any, **known: Any) -> Any:
        consumer = template({}, "b.json", region=known.get("region"))
        producing = (
            producer({"Ref": "Logs"})
            if not known
            else template(
                {**BUCKET, "Outputs": {"Out": {"Value": {"Ref": "Logs"}}}}, "a.json", stack="A", region="eu-west-1"
            )
        )
        return scene(producing, consumer).resolver.resolve(consumer, {"Fn::GetStackOutput": argument})

    assert str(found({"StackName": "A", "OutputName": "Out"})) == "${Logs}"
    assert (
        str(found({"StackName": "A", "OutputName": "Out", "Region": "eu-west-1"}, region="eu-central-1")) == "${Logs}"
    )
    for argument in (
        {"StackName": "B", "OutputName": "Out"},
        {"StackName": "A", "OutputName": "Nothing"},
        {"StackName": "A", "OutputName": "Out", "RoleArn": "arn:aws:iam::1:role/r"},
        {"StackName": {"Ref": "Nobody"}, "OutputName": "Out"},
        {"StackName": "A", "OutputName": ["Out"]},
        ["A", "Out"],
    ):
        open_reason(found(argument))
    open_reason(found({"StackName": "A", "OutputName": "Out"}, region="eu-central-1"))


def test_exports_are_of_one_region_and_made_once() -> None:
    def exporting(key: str, region: str | None, stack: str | None = None) -> Any:
        outputs = {"O": {"Value": key, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-o"} if stack else "o"}}}
        return template({"Outputs": outputs}, key, region=region, stack=stack)

    both = [exporting("west", "eu-west-1"), exporting("east", "us-east-1")]
    here = template({}, "here", region="us-east-1")
    assert scene(*both, here).resolver.resolve(here, {"Fn::ImportValue": "o"}) == "east"
    somewhere = template({}, "somewhere")
    twice = scene(*both, somewhere).resolver.resolve(somewhere, {"Fn::ImportValue": "o"})
    assert "more than one template" in open_reason(twice)
    unnamed = template({"Outputs": {"O": {"Value": 1, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-o"}}}}}, "u")
    other = template({}, "other")
    mine = {"Fn::ImportValue": {"Fn::Sub": "${AWS::StackName}-o"}}
    open_reason(scene(unnamed, other).resolver.resolve(other, mine))


def test_lists_and_maps_are_compared_item_by_item() -> None:
    assert equality([443, {"a": True}], ["443", {"a": "true"}]) is True
    assert equality([443], [443, 1]) is False
    assert equality({"a": 1}, {"b": 1}) is False
    assert equality(["a"], "a") is False
