"""Verdicts against brute force: a tiny evaluator that knows nothing of the resolver tries every assignment.

Of parameters with allowed values the verdict must be exactly what all assignments say together. Of free parameters, and
where some assignment could never be deployed, it may say `unknown`, but never `pass` where one fails or `fail` where
one passes.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nexis.check import judge_resource
from nexis.rules.model import Problem, Rule
from nexis.templates.model import Assembly
from nexis.templates.resolver import ParameterSource
from tests.support.examples import examples
from tests.support.templates import template

if TYPE_CHECKING:
    from nexis.templates.views import View


class Undeployable(Exception):
    """CloudFormation would refuse it."""


def check(view: View) -> Any:
    """Ask for `Setting` to be "on"."""
    if view.literal("Setting") != "on":
        yield Problem("Properties.Setting", "is not on")


RULE = Rule(id="engine.on", severity="error", title="t", why="w", fix="f", source="s", types=("A::B::C",), check=check)

TEXTS = ("on", "off", "o", "n", "on,off", "off,on", "true", "0", "1")
PARAMETERS = ("P", "Q", "R")
REGION = "AWS::Region"
text = st.sampled_from(TEXTS)
names = st.sampled_from(PARAMETERS)
refs = st.builds(lambda name: {"Ref": name}, st.sampled_from((*PARAMETERS, REGION)))


def single(key: str) -> Any:
    return lambda *arguments: {key: list(arguments)}


KEYS = st.one_of(text, refs)
found_in_map = st.one_of(
    st.builds(lambda key: {"Fn::FindInMap": ["M", key, "k"]}, KEYS),
    st.builds(lambda one, two: {"Fn::FindInMap": ["N", one, two]}, KEYS, KEYS),
    st.builds(lambda key, value: {"Fn::FindInMap": ["M", key, "k", {"DefaultValue": value}]}, KEYS, text),
)
values = st.recursive(
    st.one_of(
        text,
        refs,
        st.just({"Ref": "AWS::NoValue"}),
        found_in_map,
        st.builds(lambda a, b: {"Fn::Sub": "${" + a + "}" + b}, names, st.sampled_from(["", "n", "${Q}", "${!P}"])),
    ),
    lambda inner: st.one_of(
        st.builds(single("Fn::If"), st.sampled_from("CDE"), inner, inner),
        st.builds(lambda a, b: {"Fn::Sub": ["${X}${P}", {"X": a, "P": b}]}, inner, inner),
        st.builds(lambda d, items: {"Fn::Join": [d, items]}, st.sampled_from(["", ","]), st.lists(inner, max_size=3)),
        st.builds(
            lambda n, items: {"Fn::Select": [n, items]}, st.integers(0, 2), st.lists(inner, min_size=1, max_size=3)
        ),
        st.builds(lambda n, a: {"Fn::Select": [n, {"Fn::Split": [",", a]}]}, st.sampled_from([0, "1"]), inner),
        st.builds(lambda n, items: {"Fn::Select": [n, items]}, refs, st.lists(inner, min_size=1, max_size=2)),
    ),
    max_leaves=6,
)
comparisons = st.builds(single("Fn::Equals"), values, values)
conditions = st.recursive(
    st.one_of(comparisons, st.builds(single("Fn::Equals"), refs, text), st.just({"Condition": "E"})),
    lambda inner: st.one_of(
        st.builds(single("Fn::Not"), inner),
        st.builds(single("Fn::And"), inner, inner),
        st.builds(single("Fn::Or"), inner, inner, inner),
    ),
    max_leaves=4,
)
mappings = st.fixed_dictionaries(
    {
        "M": st.dictionaries(text, st.fixed_dictionaries({"k": text}), min_size=1, max_size=4),
        "N": st.dictionaries(text, st.dictionaries(text, text, min_size=1, max_size=3), min_size=1, max_size=3),
    }
)
documents = st.fixed_dictionaries(
    {
        "Conditions": st.fixed_dictionaries(
            {"C": conditions, "D": comparisons, "E": st.builds(single("Fn::Equals"), refs, text)}
        ),
        "Mappings": mappings,
        "Resources": st.fixed_dictionaries(
            {
                "It": st.fixed_dictionaries(
                    {"Type": st.just("A::B::C"), "Properties": st.fixed_dictionaries({"Setting": values})},
                    optional={"Condition": st.sampled_from("CDE")},
                )
            }
        ),
    }
)


class Book:
    """CloudFormation by the book, for one assignment."""

    def __init__(self, document: Any, assigned: dict[str, str]) -> None:
        self.document = document
        self.assigned = assigned
        self.deciding: list[str] = []

    def condition(self, expression: Any) -> bool:
        ((name, argument),) = expression.items()
        if name == "Condition":
            return self.named(argument)
        if name == "Fn::Equals":
            left, right = map(self.value, argument)
            if left is None or right is None:
                raise Undeployable
            return bool(left == right)
        if name == "Fn::Not":
            return not self.condition(argument[0])
        parts = [self.condition(part) for part in argument]
        return all(parts) if name == "Fn::And" else any(parts)

    def named(self, name: str) -> bool:
        if name in self.deciding:
            raise Undeployable
        self.deciding.append(name)
        try:
            return self.condition(self.document["Conditions"][name])
        finally:
            self.deciding.pop()

    def value(self, expression: Any) -> Any:
        if isinstance(expression, str):
            return expression
        if isinstance(expression, list):
            return [item for item in map(self.value, expression) if item is not None]
        ((name, argument),) = expression.items()
        return getattr(self, f"_{name.removeprefix('Fn::').lower()}")(argument)

    def text(self, expression: Any) -> str:
        found = self.value(expression)
        if not isinstance(found, str):
            raise Undeployable
        return found

    def _ref(self, name: str) -> Any:
        return None if name == "AWS::NoValue" else self.assigned[name]

    def _if(self, argument: Any) -> Any:
        return self.value(argument[1 if self.named(argument[0]) else 2])

    def _sub(self, argument: Any) -> str:
        written, own = (argument, {}) if isinstance(argument, str) else argument

        def filled(match: re.Match[str]) -> str:
            name = match[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            return self.text(own[name]) if name in own else self.assigned[name]

        return re.sub(r"\$\{([^}]*)\}", filled, written)

    def _join(self, argument: Any) -> str:
        items = self.value(argument[1])
        if not all(isinstance(item, str) for item in items):
            raise Undeployable
        return str(argument[0].join(items))

    def _split(self, argument: Any) -> list[str]:
        return self.text(argument[1]).split(argument[0])

    def _select(self, argument: Any) -> Any:
        number = self.value(argument[0]) if isinstance(argument[0], dict) else str(argument[0])
        items = self.value(argument[1])
        if not number.isdecimal() or int(number) >= len(items):
            raise Undeployable
        return items[int(number)]

    def _findinmap(self, argument: Any) -> Any:
        table, *keys = (self.text(part) for part in argument[:3])
        found = self.document["Mappings"][table].get(keys[0], {}).get(keys[1])
        if found is None and len(argument) < 4:
            raise Undeployable
        return self.value(argument[3]["DefaultValue"]) if found is None else found

    def verdict(self) -> str | None:
        """Whether the setting is on; None when the resource is not made."""
        it = self.document["Resources"]["It"]
        if "Condition" in it and not self.named(it["Condition"]):
            return None
        for name in "CDE":
            self.named(name)  # CloudFormation evaluates every condition
        return "pass" if self.value(it["Properties"]["Setting"]) == "on" else "fail"


def outcome(document: Any, source: ParameterSource) -> str:
    made = template(document)
    found = judge_resource(Assembly(templates={made.key: made}), made, made.resources["It"], RULE, source)
    assert not found.crash, found.crash
    return found.outcome


def truths(document: Any, domains: dict[str, tuple[str, ...]]) -> tuple[set[str | None], bool]:
    """The verdicts of every assignment, and whether each could be deployed."""
    found: set[str | None] = set()
    whole = True
    for assignment in itertools.product(*domains.values()):
        try:
            found.add(Book(document, dict(zip(domains, assignment, strict=True))).verdict())
        except Undeployable:
            whole = False
    return found, whole


allowed_values = st.lists(text, min_size=1, max_size=3, unique=True)
declarations = st.fixed_dictionaries({"AllowedValues": allowed_values, "has_default": st.booleans()})


@settings(max_examples=examples(100), deadline=None)
@given(
    document=documents,
    declared=st.fixed_dictionaries(dict.fromkeys(PARAMETERS, declarations)),
    region=text,
    strict=st.booleans(),
)
def test_with_allowed_values_the_verdict_is_what_brute_force_says(
    document: Any, declared: Any, region: str, strict: bool
) -> None:
    domains = {
        name: tuple(d["AllowedValues"] if strict or not d["has_default"] else d["AllowedValues"][:1])
        for name, d in declared.items()
    }
    parameters = {
        name: {
            "Type": "String",
            "AllowedValues": d["AllowedValues"],
            **({"Default": d["AllowedValues"][0]} if d["has_default"] else {}),
        }
        for name, d in declared.items()
    }
    found, whole = truths(document, {**domains, REGION: (region,)})
    said = outcome({"Parameters": parameters, **document}, ParameterSource(strict=strict, given={REGION: region}))
    judged = found - {None}
    if whole:
        expected = "not-applicable" if not judged else judged.pop() if len(judged) == 1 else "unknown"
        assert said == expected
    else:
        assert said == "unknown" or judged <= {said}


@settings(max_examples=examples(100), deadline=None)
@given(document=documents, free=st.sets(st.sampled_from((*PARAMETERS, REGION)), min_size=1))
def test_with_free_parameters_no_verdict_is_better_or_worse_than_some_assignment(document: Any, free: set[str]) -> None:
    every = (*TEXTS, "something else")
    domains: dict[str, tuple[str, ...]] = {name: every if name in free else ("on",) for name in (*PARAMETERS, REGION)}
    if len(free) > 2:  # as many assignments as can be tried quickly
        domains = {name: domain[:4] for name, domain in domains.items()}
    parameters = {name: {"Type": "String", **({} if name in free else {"Default": "on"})} for name in PARAMETERS}
    found, _ = truths(document, domains)
    given_region = {} if REGION in free else {REGION: "on"}
    said = outcome({"Parameters": parameters, **document}, ParameterSource(given=given_region))
    judged = found - {None}
    assert said == "unknown" or judged <= {said}
