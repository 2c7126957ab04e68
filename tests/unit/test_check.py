"""Templates and rules make verdicts; whatever a rule does wrong is a fatal finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nexis.check import Judging, judge, judge_resource
from nexis.report.json_report import render_json
from nexis.report.text_report import render_text
from nexis.rules.model import Problem, Rule, parts
from nexis.run import report_on
from nexis.templates.resolver import ParameterSource
from nexis.templates.views import Scene
from tests.support.templates import assembly, template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.check import Judgement
    from nexis.templates.model import Assembly
    from nexis.templates.scenarios import Choices
    from nexis.templates.views import View


def flag(view: View) -> Iterator[Problem]:
    if not view.flag("On", default=False):
        yield Problem("Properties.On", "is off")


def rule(check: Any = flag, **more: Any) -> Rule:
    fields = {"id": "engine.on", "severity": "error", "title": "t", "why": "w", "fix": "f", "source": "s"}
    return Rule(**{**fields, "types": ("A::B::C",), "check": check, **more})


def judged(properties: Any, made: Rule | None = None, *, strict: bool = False, **document: Any) -> Judgement:
    resource = {"Type": "A::B::C", "Properties": properties, **document.pop("more", {})}
    t = template({"Resources": {"It": resource}, **document})
    return judge_resource(assembly(t), t, t.resources["It"], made or rule(), ParameterSource(strict=strict))


SIZE = {"P": {"Type": "String", "AllowedValues": ["true", "false"]}}


def test_pass_and_fail() -> None:
    assert judged({"On": True}).outcome == "pass"
    failed = judged({"On": False})
    assert (failed.outcome, failed.problems) == ("fail", (Problem("Properties.On", "is off"),))


def test_an_open_value_is_unknown_and_says_what_it_hangs_on() -> None:
    found = judged({"On": {"Ref": "P"}}, Parameters={"P": {"Type": "String"}})
    assert found.outcome == "unknown"
    assert [(p.property, p.verdict) for p in found.problems] == [("Properties.On", "unknown")]
    assert "parameter P has no default" in found.problems[0].message


def test_allowed_values_that_agree_settle_the_matter_and_others_do_not() -> None:
    assert (
        judged({"On": {"Ref": "P"}}, Parameters={"P": {"Type": "String", "AllowedValues": ["false", "False"]}}).outcome
        == "fail"
    )
    found = judged({"On": {"Ref": "P"}}, Parameters=SIZE)
    assert (found.outcome, found.problems) == (
        "unknown",
        (Problem("Properties.On", "is off (when parameter P = 'false')", "unknown"),),
    )


def test_strict_parameters_do_not_trust_defaults() -> None:
    parameters = {"P": {**SIZE["P"], "Default": "true"}}
    assert judged({"On": {"Ref": "P"}}, Parameters=parameters).outcome == "pass"
    assert judged({"On": {"Ref": "P"}}, strict=True, Parameters=parameters).outcome == "unknown"


def test_a_resource_that_never_exists_is_not_judged() -> None:
    conditions = {"Never": {"Fn::Equals": ["a", "b"]}, "Maybe": {"Fn::Equals": [{"Ref": "P"}, "true"]}}
    assert judged({}, more={"Condition": "Never"}, Conditions=conditions).outcome == "not-applicable"
    maybe: dict[str, Any] = {"more": {"Condition": "Maybe"}, "Conditions": conditions, "Parameters": SIZE}
    assert judged({"On": {"Ref": "P"}}, **maybe).outcome == "pass"  # where it exists, P is true
    assert judged({}, **maybe).outcome == "fail"


def test_what_a_rule_does_not_apply_to_is_not_judged() -> None:
    narrow = rule(applies=lambda view: view.flag("Judged", default=False))
    assert judged({}, narrow).outcome == "not-applicable"
    assert judged({"Judged": True}, narrow).outcome == "fail"
    assert judged({"Judged": {"Ref": "P"}}, narrow, Parameters={"P": {"Type": "String"}}).outcome == "unknown"


def test_an_open_value_hides_no_failure() -> None:
    def check(view: View) -> Iterator[Problem]:
        yield from parts(lambda: flag(view), lambda: iter([Problem("Properties.Other", "is wrong")]))

    found = judged({"On": {"Ref": "P"}}, rule(check), Parameters={"P": {"Type": "String"}})
    assert found.outcome == "fail"
    assert [(p.property, p.verdict) for p in found.problems] == [
        ("Properties.On", "unknown"),
        ("Properties.Other", "fail"),
    ]


def test_too_many_scenarios_are_unknown() -> None:
    names = [f"P{n}" for n in range(9)]
    found = judged(
        {"On": {"Fn::Join": ["", [{"Ref": name} for name in names]]}}, Parameters=dict.fromkeys(names, SIZE["P"])
    )
    assert (found.outcome, [p.verdict for p in found.problems]) == ("unknown", ["unknown"])


def raising(problem: BaseException) -> Any:
    def check(view: View) -> Iterator[Problem]:
        yield Problem("Properties.On", "is said before the crash")
        raise problem

    return check


def endless(view: View) -> Iterator[Problem]:
    yield from endless(view)


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        (raising(ZeroDivisionError("x")), "ZeroDivisionError"),
        (raising(SystemExit(0)), "SystemExit"),
        (raising(AssertionError()), "AssertionError"),
        (endless, "RecursionError"),
        (lambda view: None, "TypeError"),
        (lambda view: ["text"], "AttributeError"),
        (lambda view: view.nothing, "AttributeError"),
    ],
)
def test_a_crash_of_a_rule_is_a_fatal_finding_of_the_engine(check: Any, kind: str) -> None:
    found = judged({}, rule(check, severity="warning"))
    (finding,) = found.findings()
    assert (finding.rule, finding.severity, finding.verdict, finding.resource) == (
        "engine.crash",
        "fatal",
        "fail",
        "It",
    )
    assert f"rule engine.on crashed: {kind}" in finding.message
    assert finding.counts


def test_a_crash_where_a_rule_looks_whether_it_applies() -> None:
    assert judged({}, rule(applies=lambda view: 1 / 0)).crash


def test_a_crash_does_not_stop_the_other_rules_and_resources() -> None:
    def one(view: View) -> Iterator[Problem]:
        if view.logical_id == "A":
            raise RuntimeError
        yield from flag(view)

    both = {name: {"Type": "A::B::C"} for name in "AB"}
    rules = [rule(one), rule(id="engine.two")]
    found = [
        (j.resource.logical_id, j.rule.id, bool(j.crash))
        for j in judge(assembly(template({"Resources": both})), rules=rules)
    ]
    assert found == [
        ("A", "engine.on", True),
        ("A", "engine.two", False),
        ("B", "engine.on", False),
        ("B", "engine.two", False),
    ]


def test_a_crash_of_the_engine_leaves_the_other_files(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Judging.findings

    def breaking(self: Judging, given: Assembly) -> Any:
        if "bad.json" in given.templates:
            raise RuntimeError("out of order")
        return real(self, given)

    monkeypatch.setattr(Judging, "findings", breaking)
    bad, good = (template({"Resources": {"It": {"Type": "A::B::C"}}}, name) for name in ("bad.json", "good.json"))
    report = report_on([assembly(bad), assembly(good)], rules=[rule()])
    assert [f.file for f in report.findings] == ["good.json"]
    assert report.exit_code == 2
    assert "bad.json: cannot be judged, the engine crashed: RuntimeError: out of order" in report.errors[0]


def test_exit_codes_follow_severity_waivers_and_errors() -> None:
    made = assembly(template({"Resources": {"It": {"Type": "A::B::C"}}}))
    codes = [report_on([made], rules=[rule(severity=s)]).exit_code for s in ("fatal", "error", "warning")]
    assert codes == [1, 1, 0]
    assert report_on([made], rules=[rule(severity="warning")], errors=["x.json: is empty"]).exit_code == 2
    assert report_on([], rules=[rule()]).exit_code == 0


def test_every_control_and_claim_is_told() -> None:
    made = rule(claims=("a",), controls={"SOC 2": ("CC6.1", "CC6.7"), "AWS FSBP": ("EC2.8",)})
    (finding,) = judged({}, made).findings()
    assert finding.claims == ("a",)
    assert finding.controls == ("SOC 2 CC6.1", "SOC 2 CC6.7", "AWS FSBP EC2.8")


def test_odd_characters_neither_steer_the_terminal_nor_break_a_report() -> None:
    odd = template({"Resources": {"It\x1b[2J\n\ud800": {"Type": "A::B::C"}}})
    report = report_on([assembly(odd)], rules=[rule()])
    text = render_text(report)
    assert "\x1b" not in text
    assert "It\\x1b[2J\\n\\ud800 (A::B::C)" in text
    assert "\\ud800" in render_json(report)


def test_all_rules_share_what_was_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    scenes: list[str] = []

    class Counted(Scene):
        def __init__(self, given: Any, parameters: Any, choices: Choices) -> None:
            super().__init__(given, parameters, choices)
            scenes.append(str(choices))

    monkeypatch.setattr("nexis.templates.views.Scene", Counted)
    resources = {f"R{n}": {"Type": "A::B::C", "Properties": {"On": True}} for n in range(5)}
    open_one = {"Type": "A::B::C", "Properties": {"On": {"Ref": "P"}}}
    document = {"Parameters": SIZE, "Resources": {**resources, "Open": open_one, "Too": open_one}}
    rules = [rule(), rule(id="engine.two")]
    outcomes = [j.outcome for j in judge(assembly(template(document)), rules=rules)]
    assert (outcomes.count("pass"), outcomes.count("unknown")) == (10, 4)
    assert scenes == ["", "parameter P = 'true'", "parameter P = 'false'"]
