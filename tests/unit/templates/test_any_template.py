"""Whatever a template says, the resolver answers, in bounded time, and never better than the truth."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nexis.check import judge_resource
from nexis.rules.model import Problem, Rule
from nexis.templates.model import Assembly, TemplateError, read_document
from nexis.templates.parse import parse
from nexis.templates.resolver import FUNCTIONS, ParameterSource
from nexis.templates.scenarios import TooManyScenarios, scenarios
from nexis.templates.values import DynamicReference, Reference, Text, Unknown
from nexis.templates.views import Scene, View
from tests.support.examples import examples
from tests.support.templates import assembly, template

if TYPE_CHECKING:
    from nexis.templates.scenarios import Choices

NAMES = st.sampled_from(["A", "B", "C", "AWS::Region", "AWS::NoValue", "A.Arn", "In", "In.Outputs.A", "Outputs.A"])
KEYS = st.sampled_from([*sorted(FUNCTIONS), "Condition", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Fn::Odd", "x"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 300),
    st.floats(allow_nan=False),
    NAMES,
    st.sampled_from(["", ",", "a,b", "${A}-${B.Arn}", "${!A}", "{{resolve:ssm:/a}}", "10.0.0.0/16"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(KEYS, inner, max_size=2),
        st.builds(lambda key, value: {key: value}, KEYS, inner),
    ),
    max_leaves=20,
)
SECTION = st.dictionaries(st.sampled_from("ABC"), VALUES, max_size=3)
PARAMETERS = st.dictionaries(
    st.sampled_from("ABC"),
    st.one_of(
        VALUES,
        st.fixed_dictionaries(
            {"Type": st.sampled_from(["String", "Number", "CommaDelimitedList", "List<Number>"])},
            optional={"Default": VALUES, "AllowedValues": st.lists(SCALARS, max_size=3)},
        ),
    ),
    max_size=3,
)
OUTPUTS = st.dictionaries(
    st.sampled_from("ABC"),
    st.one_of(
        VALUES,
        st.fixed_dictionaries({"Value": VALUES}, optional={"Export": st.fixed_dictionaries({"Name": VALUES})}),
    ),
    max_size=3,
)


def sections(resource_type: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "Parameters": PARAMETERS,
            "Conditions": SECTION,
            "Mappings": SECTION,
            "Outputs": OUTPUTS,
            "Resources": st.fixed_dictionaries(
                {"In": st.fixed_dictionaries({"Type": st.just(resource_type), "Properties": SECTION})}
            ),
        }
    )


def only_known_kinds(value: Any) -> bool:
    if isinstance(value, dict):
        return all(only_known_kinds(item) for item in value.values())
    if isinstance(value, list):
        return all(only_known_kinds(item) for item in value)
    return value is None or isinstance(value, (str, int, float, bool, Unknown, Reference, Text, DynamicReference))


@settings(max_examples=examples(150), deadline=None)
@given(outer=sections("AWS::CloudFormation::Stack"), inner=sections("A::B::C"), value=VALUES, strict=st.booleans())
def test_the_resolver_answers_whatever_the_templates_say(
    outer: dict[str, Any], inner: dict[str, Any], value: Any, strict: bool
) -> None:
    passed = {"Parameters": outer["Resources"]["In"]["Properties"]}
    outer["Resources"]["In"]["Properties"] = passed
    parent = template(outer)
    child = template(inner, "t.json#In", nested_in=("t.json", "In"))
    both = assembly(parent, child)
    source = ParameterSource(strict=strict)

    def in_both(choices: Choices) -> list[Any]:
        resolver = Scene(both, source, choices).resolver
        return [resolver.resolve(where, [value]) for where in (parent, child)]

    with suppress(TooManyScenarios):
        for found in scenarios(in_both):
            assert only_known_kinds(found.result)


@settings(max_examples=examples(150), deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_a_template_or_refused(data: bytes) -> None:
    for file in ("t.json", "t.yaml"):
        with suppress(TemplateError):
            assert read_document(parse(data, file=file), key=file, file=file).file == file


# ---- never better than the truth ----


def check(view: View) -> Any:
    """Ask for `Setting` to be "on"."""
    if view.literal("Setting") != "on":
        yield Problem("Properties.Setting", "is not on")


RULE = Rule(id="engine.on", severity="error", title="t", why="w", fix="f", source="s", types=("A::B::C",), check=check)
OPTIONS = ("on", "off", "other")
ALLOWED = st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=3, unique=True)
COMPARISON = st.builds(
    lambda name, text: {"Fn::Equals": [{"Ref": name}, text]}, st.sampled_from("PQ"), st.sampled_from(OPTIONS)
)
CONDITIONS = st.recursive(
    st.one_of(COMPARISON, st.just({"Condition": "D"})),
    lambda inner: st.one_of(
        st.builds(lambda part: {"Fn::Not": [part]}, inner),
        st.builds(
            lambda kind, parts: {kind: parts},
            st.sampled_from(["Fn::And", "Fn::Or"]),
            st.lists(inner, min_size=2, max_size=3),
        ),
    ),
    max_leaves=5,
)
SETTINGS = st.recursive(
    st.one_of(
        st.sampled_from(OPTIONS),
        st.sampled_from([{"Ref": "P"}, {"Ref": "Q"}, {"Fn::Sub": "${P}"}, {"Fn::FindInMap": ["M", {"Ref": "P"}, "k"]}]),
    ),
    lambda inner: st.one_of(
        st.builds(lambda name, yes, no: {"Fn::If": [name, yes, no]}, st.sampled_from("CD"), inner, inner),
        st.builds(lambda a, b: {"Fn::Select": [0, [a, b]]}, inner, inner),
        st.builds(lambda a: {"Fn::Join": ["", [a]]}, inner),
    ),
    max_leaves=5,
)
MAPPINGS = st.fixed_dictionaries({o: st.fixed_dictionaries({"k": st.sampled_from(OPTIONS)}) for o in OPTIONS})


def decided(expression: Any, document: Any, chosen: dict[str, str]) -> bool:
    """What a condition is, by the book."""
    ((name, argument),) = expression.items()
    if name == "Condition":
        return decided(document["Conditions"][argument], document, chosen)
    if name == "Fn::Equals":
        return bool(chosen[argument[0]["Ref"]] == argument[1])
    if name == "Fn::Not":
        return not decided(argument[0], document, chosen)
    return (all if name == "Fn::And" else any)(decided(part, document, chosen) for part in argument)


def meant(value: Any, document: Any, chosen: dict[str, str]) -> str:
    """What a value is, by the book."""
    if isinstance(value, str):
        return value
    ((name, argument),) = value.items()
    if name == "Ref":
        return chosen[argument]
    if name == "Fn::Sub":
        return chosen["P"]
    if name == "Fn::FindInMap":
        return str(document["Mappings"]["M"][chosen["P"]]["k"])
    if name == "Fn::If":
        return meant(
            argument[1 if decided(document["Conditions"][argument[0]], document, chosen) else 2], document, chosen
        )
    return meant(argument[1][0], document, chosen)


@settings(max_examples=examples(150), deadline=None)
@given(
    allowed=st.fixed_dictionaries({"P": ALLOWED, "Q": ALLOWED}),
    condition=CONDITIONS,
    setting=SETTINGS,
    mapping=MAPPINGS,
    exists=st.sampled_from([None, "C", "D"]),
)
def test_the_verdict_is_what_brute_force_over_the_allowed_values_says(
    allowed: dict[str, list[str]], condition: Any, setting: Any, mapping: Any, exists: str | None
) -> None:
    resource = {"Type": "A::B::C", "Properties": {"Setting": setting}, **({"Condition": exists} if exists else {})}
    document = {
        "Parameters": {name: {"Type": "String", "AllowedValues": options} for name, options in allowed.items()},
        "Conditions": {"C": condition, "D": {"Fn::Equals": [{"Ref": "Q"}, "on"]}},
        "Mappings": {"M": mapping},
        "Resources": {"It": resource},
    }
    every = [dict(zip("PQ", pair, strict=True)) for pair in itertools.product(allowed["P"], allowed["Q"])]
    judged = [c for c in every if exists is None or decided(document["Conditions"][exists], document, c)]
    truths = {meant(setting, document, chosen) == "on" for chosen in judged}
    expected = {(): "not-applicable", (True,): "pass", (False,): "fail"}.get(tuple(truths), "unknown")
    made = template(document)
    found = judge_resource(
        Assembly(templates={made.key: made}), made, made.resources["It"], RULE, ParameterSource(strict=True)
    )
    assert (found.outcome, found.crash) == (expected, "")


@settings(max_examples=examples(100), deadline=None)
@given(setting=SETTINGS, condition=CONDITIONS, mapping=MAPPINGS, p=st.sampled_from(OPTIONS), q=st.sampled_from(OPTIONS))
def test_free_parameters_never_pass_what_some_value_would_fail(
    setting: Any, condition: Any, mapping: Any, p: str, q: str
) -> None:
    document = {
        "Parameters": {"P": {"Type": "String"}, "Q": {"Type": "String"}},
        "Conditions": {"C": condition, "D": {"Fn::Equals": [{"Ref": "Q"}, "on"]}},
        "Mappings": {"M": mapping},
        "Resources": {"It": {"Type": "A::B::C", "Properties": {"Setting": setting}}},
    }
    made = template(document)
    found = judge_resource(
        Assembly(templates={made.key: made}), made, made.resources["It"], RULE, ParameterSource()
    ).outcome
    truth = meant(setting, document, {"P": p, "Q": q}) == "on"
    assert found in (("pass", "unknown") if truth else ("fail", "unknown"))
