"""The third moment says what the others say: hook and `nexis check` on the same templates, and on our own baseline."""

from __future__ import annotations

import copy
import importlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from functions.policy_hook.alone import Alone
from functions.policy_hook.reach import looks_further
from nexis.check import judge_resource
from nexis.rules.registry import all_rules
from nexis.run import report_on
from nexis.templates.load import STACK_ID, load
from nexis.templates.model import Assembly, TemplateError, read_document
from nexis.templates.resolver import ParameterSource
from tests.deploy.weaken import DROPPED, Added, weakenings
from tests.mutants import mutate
from tests.support.baseline import synthesized_baseline
from tests.support.hook_asked import ACCOUNT, about_resource, about_stack, rules_told
from tests.support.physical import physical_properties

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.deploy.weaken import Weakening

ROOT = Path(__file__).resolve().parents[3]
EVERY_NTH_CASE = 5
RULES = {rule.id: rule for rule in all_rules()}
BASELINE = {"SCOPE": "baseline"}


def checked(
    template: Mapping[str, Any], folder: Path, *, baseline: bool, account: str = ACCOUNT
) -> set[tuple[str, str, str]] | None:
    """What fails by `nexis check --strict-parameters`: rule, resource and verdict; None where it cannot judge.

    Where the stack is deployed is known, as it is of a cloud assembly.
    """
    file = folder / "template.json"
    file.write_text(json.dumps(template), encoding="utf-8")
    strict = ParameterSource(strict=True)
    loaded = load([file], strict)
    place: dict[str, Any] = {"stack": "MyStack", "region": "eu-central-1", "account": account}
    (assembly,) = loaded.assemblies
    placed = replace(assembly, templates={key: replace(t, **place) for key, t in assembly.templates.items()})
    report = report_on([placed], parameters=strict, errors=list(map(str, loaded.errors)), baseline=baseline)
    return None if report.errors else {(finding.rule, finding.resource, finding.verdict) for finding in report.failing}


def hooked(
    template: Mapping[str, Any], capsys: pytest.CaptureFixture[str], **changes: Any
) -> set[tuple[str, str, str]] | None:
    """What the hook refuses or leaves to the resource, where it will be known; None where it cannot judge.

    Where a stack is deployed stands in no template.
    """
    capsys.readouterr()
    if about_stack(template, **changes).get("errorCode") == "InternalFailure":
        return None
    line = capsys.readouterr().out
    left = {(left["rule"], left["resource"]) for left in json.loads(line)["left_to_resources"]}
    assert not any(looks_further(RULES[rule]) for rule, _ in left), "it decides on the stack"
    refused = {told for told in rules_told(line) if told[1] != STACK_ID}
    assert not left & {(rule, resource) for rule, resource, _ in refused}
    counted = {(rule, resource) for rule, resource in left if RULES[rule].severity != "warning"}
    return refused | {(rule, resource, "unknown") for rule, resource in counted}


def case_groups() -> Iterator[Any]:
    """The rules' own cases."""
    for file in sorted((ROOT / "tests" / "rules").glob("*/test_*.py")):
        module = importlib.import_module(f"tests.rules.{file.parent.name}.{file.stem}")
        for value in list(vars(module).values()):
            found = value if isinstance(value, (list, tuple)) else [value]
            yield from (cases for cases in found if type(cases).__name__ == "RuleCases")


def case_templates() -> Iterator[Any]:
    """The templates of the rules' own cases."""
    return (case.template for cases in case_groups() for case in cases.cases)


@pytest.mark.parametrize("scope", ["everywhere", "baseline"])
def test_every_example_of_a_rule_is_judged_alike(
    scope: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for rule in all_rules():
        template = {"Resources": dict(rule.example)}
        expected = checked(template, tmp_path, baseline=scope == "baseline")
        assert hooked(template, capsys, environment={"SCOPE": scope}) == expected, rule.id


def test_the_rules_own_cases_are_judged_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = list(case_templates())[::EVERY_NTH_CASE]
    assert len(sample) > 300
    refused = 0
    for template in sample:
        expected = checked(template, tmp_path, baseline=True)
        assert hooked(template, capsys, environment=BASELINE) == expected, template
        refused += bool(expected)
    assert 100 < refused < len(sample), "some pass and some do not"


# ---- our own baseline ----


def exports_of(environment: str) -> dict[str, str]:
    """A value for everything that our stacks import from each other."""
    text = json.dumps(synthesized_baseline(environment))
    return dict.fromkeys(re.findall(r'"Fn::ImportValue": "([^"]+)"', text), "subnet-0123456789abcdef0")


def of_the_project(folder: Path) -> Path:
    """The project's waivers as the bundle lays them out, with an end that lies ahead."""
    for name in ("config/owners.toml", *(f"docs/decisions/{p.name}" for p in (ROOT / "docs/decisions").glob("*.md"))):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    (folder / "waivers.toml").write_bytes((ROOT / "waivers.toml").read_bytes())
    return folder


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_our_own_stacks_pass_with_their_waivers(environment: str, tmp_path: Path) -> None:
    exports, waivers = exports_of(environment), of_the_project(tmp_path)
    for name, template in synthesized_baseline(environment).items():
        part = re.sub("([A-Z])", r"-\1", name).lower()
        stack = f"nexis-{environment}{part}"
        answer = about_stack(template, stack=stack, environment=BASELINE, exports=lambda _: exports, waivers=waivers)
        assert answer["hookStatus"] == "SUCCESS", f"{name}: {answer['message']}"


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_every_resource_of_ours_passes_with_the_values_that_it_is_made_with(environment: str, tmp_path: Path) -> None:
    """Names and ARNs stand where the template refers: no rule takes them for something weaker."""
    waivers = of_the_project(tmp_path)
    judged = 0
    for resource, properties in physical_properties(environment):
        answer = about_resource(
            resource.type, properties, logical_id=resource.logical_id, environment=BASELINE, waivers=waivers
        )
        assert answer["hookStatus"] == "SUCCESS", f"{resource.logical_id}: {answer['message']}"
        judged += 1
    assert judged > 90


LINES = [line for line in weakenings() if line.type != "Nexis::Stack" and not isinstance(line.weak, Added)]


@pytest.mark.parametrize("line", LINES, ids=str)
def test_every_weakening_of_ours_is_refused_by_its_rule(
    line: Weakening, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = line.construct.split("/")[0]
    template = copy.deepcopy(synthesized_baseline(line.environment)[stack])
    logical_id, resource = mutate._find(template, line.construct)
    if line.weak == DROPPED:
        del template["Resources"][logical_id]
    else:
        for path, weak in mutate._weak_values(line).items():
            mutate._put(resource, mutate._steps(path), weak)
    account = mutate.ACCOUNTS[line.environment]
    exports = exports_of(line.environment)
    found = hooked(template, capsys, environment=BASELINE, account=account, exports=lambda _: exports)
    expected = checked(template, tmp_path, baseline=True, account=account)
    assert found is not None
    assert expected is not None
    assert found >= {told for told in expected if told[2] == "fail"}
    if line.must_name.split("/")[0] == stack:  # a hook is given one stack
        named, _ = mutate._find(template, line.must_name)
        assert (line.rule, named) in {(rule, resource) for rule, resource, _ in found}


def test_a_resource_alone_never_fails_where_its_template_passes() -> None:
    """Nor is anything left open: what a rule needs more than the resource for, it leaves to the stack."""
    strict = ParameterSource(strict=True)
    for rule in all_rules():
        template = read_document({"Resources": dict(rule.example)}, key="s", file="s", region="eu-central-1")
        together = Assembly(templates={"s": template})
        for resource in template.resources.values():
            if (
                not rule.judges(resource.type)
                or "Fn::" in str(resource.properties)
                or "'Ref'" in str(resource.properties)
            ):
                continue
            alone = Alone(resource, region="eu-central-1", account=None, stack="s", file="s").judge(rule, strict)
            whole = judge_resource(together, template, resource, rule, strict)
            assert alone is None or alone.outcome == whole.outcome, (rule.id, resource.logical_id)


def judged_alone() -> Iterator[tuple[Any, bool]]:
    """Every rule on every resource of its examples and cases: whether it looked further than the resource."""
    templates = [(rule, {"Resources": dict(rule.example)}) for rule in all_rules()]
    templates += [(RULES[cases.rule], case.template) for cases in case_groups() for case in cases.cases]
    for rule, document in templates:
        if "Fn::" in str(document) or "'Ref'" in str(document):
            continue  # the reader looks for what they name; at the resource there are none
        try:
            resources = read_document(document, key="s", file="s").resources.values()
        except TemplateError:
            continue
        for resource in resources:
            if rule.judges(resource.type) and isinstance(resource.properties, dict):
                alone = Alone(resource, region="eu-central-1", account=ACCOUNT, stack="s", file="s")
                yield rule, alone.judge(rule, ParameterSource(strict=True)) is None


def test_no_rule_is_seen_to_look_further_than_its_code_says() -> None:
    """And the code is not read too timidly: most rules are about one resource."""
    seen = [(rule, further) for rule, further in judged_alone()]
    assert {rule.id for rule, further in seen if further and not looks_further(rule)} == set()
    watched = {rule.id for rule, further in seen if further}
    by_code = {rule.id for rule in all_rules() if looks_further(rule)}
    assert len(seen) > 1000
    assert 50 < len(watched) <= len(by_code) < len(RULES) / 2
