"""Of all rules: their ids, their words, their cases, and that odd values never make them crash."""

from __future__ import annotations

import copy
import importlib
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexis.check import judge_resource
from nexis.records import replace
from nexis.rules.model import THEMES
from nexis.rules.registry import all_rules
from nexis.templates.model import Assembly, TemplateError, read_document
from nexis.templates.resolver import ParameterSource
from tests.support.examples import examples, some
from tests.support.rule_cases import Case, RuleCases

ROOT = Path(__file__).resolve().parents[2]
RULES = {rule.id: rule for rule in all_rules()}
IDS = ROOT / "tests" / "rules" / "rule_ids.txt"

# Kinds that a rule cannot have in a template that stands alone.
EXCUSED = {
    "engine.macro": {"bad": "what a macro makes is known or not; asking for one is never wrong"},
    "engine.nested-template": {
        "good": "takes a second template; its test module judges an assembly",
        "bad": "whether the template is there is known or not; it is never wrong",
    },
}


def test_a_rule_id_is_for_ever() -> None:
    pinned = IDS.read_text(encoding="utf-8").split()
    assert pinned == sorted(set(pinned))
    assert list(RULES) == pinned, "an id that was published stays; add new ones to tests/rules/rule_ids.txt"


@cache
def modules() -> dict[str, str]:
    """The theme and module of each rule, by id."""
    folder = ROOT / "nexis" / "rules"
    names = [f"{path.parent.name}.{path.stem}" for path in sorted(folder.glob("*/[!_]*.py"))]
    found = {}
    for name in names:
        module = importlib.import_module(f"nexis.rules.{name}")
        for rule in (module.RULE,) if hasattr(module, "RULE") else module.RULES:
            found[rule.id] = name
    return found


@cache
def cases_of(rule_id: str) -> RuleCases:
    """The cases that a rule's test module declares, in `CASES`: one RuleCases, or a tuple of them for a table's."""
    for cases in cases_in(modules()[rule_id]):
        if cases.rule == rule_id:
            return cases
    raise AssertionError(f"{rule_id} has no cases; add RuleCases to the tests of nexis.rules.{modules()[rule_id]}")


@cache
def cases_in(module_name: str) -> tuple[RuleCases, ...]:
    """The cases of a test module."""
    theme, _, name = module_name.partition(".")
    path = ROOT / "tests" / "rules" / theme / f"test_{name}.py"
    assert path.is_file(), f"nexis.rules.{module_name} has no test module; expected {path.relative_to(ROOT)}"
    spec = importlib.util.spec_from_file_location(f"cases_of_{theme}_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    cases = module.CASES if isinstance(module.CASES, tuple) else (module.CASES,)
    assert all(isinstance(each, RuleCases) for each in cases)
    return tuple(cases)


@pytest.mark.parametrize("rule_id", RULES)
def test_every_rule_has_cases_of_every_kind(rule_id: str) -> None:
    cases = cases_of(rule_id)
    assert cases.rule == rule_id
    expected = {"good", "bad", "not-applicable", "unknown"} - set(EXCUSED.get(rule_id, {}))
    if cases.no_unknown:
        assert len(cases.no_unknown.split()) > 4, "say why no value of this rule can be open"
        expected -= {"unknown"}
    assert {case.kind for case in cases.cases} >= expected


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_speaks_to_whoever_meets_it(rule_id: str) -> None:
    rule = RULES[rule_id]
    name = rule.id.partition(".")[2]
    assert name.replace("-", "").isalnum()
    assert name == name.lower()
    assert rule.id.partition(".")[0] in THEMES
    assert rule.severity in ("fatal", "error", "warning")
    assert rule.claims or rule.controls, "name the promise it keeps, or a control that it serves"
    assert len(set(rule.types)) == len(rule.types)
    for text in (rule.title, rule.why, rule.fix, rule.source):
        assert text == text.strip()
        assert "\n" not in text
        assert len(text.split()) > 2, text


@pytest.mark.parametrize("rule_id", RULES)
def test_the_example_of_a_rule_passes(rule_id: str) -> None:
    rule = RULES[rule_id]
    assert rule.cdk, "say in Python how aws-cdk-lib or our constructs make it so"
    compile(rule.cdk, rule_id, "exec")
    assert rule.example, "give the resources of a template that passes"
    read = read_document({"Resources": rule.example}, key="t", file="t.json", region="eu-central-1", account="1" * 12)
    # a nested stack of an example has its template among those judged
    nested = {("t", name): "t" for name, r in read.resources.items() if r.type == "AWS::CloudFormation::Stack"}
    assembly = Assembly(templates={"t": read}, nested=nested)
    outcomes = {
        name: judge_resource(assembly, read, resource, rule, ParameterSource()).outcome
        for name, resource in read.resources.items()
        if rule.judges(resource.type)
    }
    assert "pass" in outcomes.values(), outcomes
    assert set(outcomes.values()) <= {"pass", "not-applicable"}, outcomes


# ---- odd shapes ----

JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    0.5,
    "",
    "x",
    "*",
    [],
    [None],
    ["x"],
    [[]],
    {},
    {"x": "y"},
    {"Ref": "X"},
    {"Ref": "Free"},
    {"Ref": "AWS::NoValue"},
    {"Ref": "AWS::Region"},
    {"Fn::GetAtt": ["It", "Arn"]},
    {"Fn::Sub": "${Free}-${AWS::Region}"},
    {"Fn::If": ["Maybe", "x", ["y"]]},
    {"Fn::Odd": "x"},
    {"Fn::Transform": {"Name": "x"}},
    "{{resolve:ssm:/x}}",
    "\ud800\x00",
    "9" * 400,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every node below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in ((*path, key), *places(item, (*path, key)))]


def replaced(document: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """A copy of a document with junk in one place; it shares the rest, since whoever judges changes nothing."""
    if not path:
        return junk
    made = copy.copy(document)
    made[path[0]] = replaced(document[path[0]], path[1:], junk)
    return made


def assert_no_crash(rule_id: str, case: Case, template: Any, *, strict: bool) -> None:
    odd = {
        **template,
        "Parameters": {**(template.get("Parameters") or {}), "Free": {"Type": "String"}},
        "Conditions": {**(template.get("Conditions") or {}), "Maybe": {"Fn::Equals": [{"Ref": "Free"}, "x"]}},
    }
    try:
        read = read_document(odd, key="case", file="case.json", region=case.region, account="111111111111")
    except TemplateError:
        return  # the file would have been refused as a whole
    rule = RULES[rule_id]
    closely = replace(rule, glance=None)
    assembly, source = Assembly(templates={"case": read}), ParameterSource(strict=strict)
    for resource in read.resources.values():
        if rule.judges(resource.type):
            judgement = judge_resource(assembly, read, resource, closely, source)
            assert not judgement.crash, judgement.crash
            if rule.glance is not None:
                seen = judge_resource(assembly, read, resource, rule, source)
                assert (seen.outcome, seen.problems) == (judgement.outcome, judgement.problems), "a look is not enough"


def nodes(case: Case) -> list[tuple[Any, ...]]:
    """The paths in a case's template where junk may stand."""
    sections = {name: case.template[name] for name in ("Resources", "Parameters", "Mappings") if name in case.template}
    return [path for path in places(sections) if len(path) > 2 and path[2] != "Type"]


@pytest.mark.parametrize("rule_id", RULES)
@settings(
    max_examples=examples(20),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(data=st.data())
def test_odd_values_anywhere_in_a_case_never_crash_a_rule(rule_id: str, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from([case for case in cases_of(rule_id).cases if nodes(case)]), label="case")
    kind = data.draw(st.sampled_from(RULES[rule_id].types), label="type")  # also a type that no case has
    template = replaced(case.template, ("Resources", case.resource, "Type"), kind)
    for _ in range(data.draw(st.integers(1, 2), label="places")):
        paths = [path for path in places({"Resources": template["Resources"]}) if len(path) > 2 and path[2] != "Type"]
        if paths:
            path = data.draw(st.sampled_from(paths), label="path")
            template = replaced(template, path, data.draw(st.sampled_from(JUNK), label="junk"))
    assert_no_crash(rule_id, case, template, strict=data.draw(st.booleans(), label="strict"))


@pytest.mark.parametrize("rule_id", RULES)
def test_each_property_of_the_cases_may_be_junk(rule_id: str) -> None:
    seen: set[str] = set()
    before = copy.deepcopy((cases_of(rule_id).cases, JUNK))
    for case in cases_of(rule_id).cases:
        if case.kind == "not-applicable":
            continue
        for path in nodes(case):
            place = ".".join(str(part) for part in path[2:] if not isinstance(part, int))
            if path[0] != "Resources" or place in seen:
                continue
            seen.add(place)
            for junk in some(JUNK, len(seen)):
                assert_no_crash(rule_id, case, replaced(case.template, path, junk), strict=False)
    assert (cases_of(rule_id).cases, JUNK) == before, "judging changed the template"
