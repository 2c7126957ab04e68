"""Templates + rules + waivers -> findings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from nexis.records import as_dict, record
from nexis.rules.model import EVERY_TYPE, Problem, Rule, unknown
from nexis.rules.registry import all_rules, rules_by_type
from nexis.templates.resolver import ParameterSource
from nexis.templates.scenarios import Choices, Fork, TooManyScenarios, scenarios
from nexis.templates.views import Scenes, Undetermined

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from nexis.rules.model import Severity
    from nexis.templates.model import Assembly, Resource, Template
    from nexis.templates.views import View

Outcome = Literal["pass", "fail", "unknown", "not-applicable"]
Verdict = tuple[Outcome, tuple[Problem, ...], str]  # the last is what a rule that crashed said

CRASH = "engine.crash"
NO_CHOICES = Choices({})


@record(kw_only=True)
class Finding:
    """Something that does not hold, or cannot be known to hold, of one resource."""

    rule: str
    verdict: Literal["fail", "unknown"]
    severity: Severity
    file: str
    resource: str
    type: str
    property_path: str
    line: int | None = None
    construct: str | None = None
    source: str | None = None
    message: str
    fix: str
    claims: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    waiver: dict[str, Any] | None = None
    tool: str = "nexis"
    known: bool = False

    def as_json(self) -> dict[str, Any]:
        """Give the finding as the JSON report writes it."""
        fields = as_dict(self)
        return {"property" if name == "property_path" else name: value for name, value in fields.items()}

    @property
    def counts(self) -> bool:
        """Whether it fails the build."""
        return self.waiver is None and not self.known and self.severity != "warning"


@record(kw_only=True)
class Judgement:
    """What one rule says of one resource."""

    rule: Rule
    template: Template
    resource: Resource
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    crash: str = ""

    def findings(self) -> Iterator[Finding]:
        """Give the findings of the judgement, one per property."""
        for problem in self.problems:
            yield Finding(
                rule=CRASH if self.crash else self.rule.id,
                verdict=problem.verdict,
                severity="fatal" if self.crash else self.rule.severity,
                file=self.template.file,
                resource=self.resource.logical_id,
                type=self.resource.type,
                property_path=problem.property,
                construct=self.resource.construct,
                message=problem.message,
                fix="report the crash with the template; until then nothing can be said of this resource"
                if self.crash
                else self.rule.fix,
                claims=self.rule.claims,
                controls=tuple(f"{framework} {i}" for framework, ids in self.rule.controls.items() for i in ids),
            )


def judge(
    assembly: Assembly,
    *,
    rules: Sequence[Rule] | None = None,
    parameters: ParameterSource | None = None,
    baseline: bool = True,
) -> Iterator[Judgement]:
    """Judge every resource of an assembly by every rule for its type.

    Args:
        assembly: the templates judged together.
        rules: the rules; all of them when not given.
        parameters: where parameters get their values.
        baseline: whether the rules that only our own baseline must keep are asked as well.
    """
    judging = Judging(all_rules() if rules is None else rules, parameters or ParameterSource(), baseline=baseline)
    for template, resource, rule, (outcome, problems, crash) in judging.verdicts(assembly):
        yield Judgement(
            rule=rule, template=template, resource=resource, outcome=outcome, problems=problems, crash=crash
        )


def judge_resource(
    assembly: Assembly, template: Template, resource: Resource, rule: Rule, parameters: ParameterSource
) -> Judgement:
    """Judge one resource by one rule, in every scenario that its values leave open.

    Args:
        assembly: the templates judged together.
        template: where the resource stands.
        resource: the resource.
        rule: the rule.
        parameters: where parameters get their values.
    """
    outcome, problems, crash = _judge(Scenes(assembly, parameters), template, resource, rule)
    return Judgement(rule=rule, template=template, resource=resource, outcome=outcome, problems=problems, crash=crash)


class Judging:
    """What judges assemblies, one after the other, by the same rules.

    Args:
        rules: what is asked.
        parameters: where parameters get their values.
        baseline: whether the rules that only our own baseline must keep are asked as well.
    """

    def __init__(self, rules: Sequence[Rule], parameters: ParameterSource, *, baseline: bool) -> None:
        self._index = rules_by_type([rule for rule in rules if baseline or rule.scope == "everywhere"])
        self._asked: dict[str, tuple[Rule, ...]] = {}
        self._parameters = parameters
        self._known: dict[Hashable, bool | None] = {}

    def asked(self, resource_type: str) -> tuple[Rule, ...]:
        """Give the rules for a type, those for every type last."""
        found = self._asked.get(resource_type)
        if found is None:
            found = (*self._index.get(resource_type, ()), *self._index.get(EVERY_TYPE, ()))
            self._asked[resource_type] = found
        return found

    def verdicts(self, assembly: Assembly) -> Iterator[tuple[Template, Resource, Rule, Verdict]]:
        """Judge every resource of an assembly by every rule for its type."""
        scenes = Scenes(assembly, self._parameters, self._known)
        for template in assembly.templates.values():
            for resource in template.resources.values():
                for rule in self.asked(resource.type):
                    yield template, resource, rule, _judge(scenes, template, resource, rule)

    def findings(self, assembly: Assembly) -> tuple[list[Finding], int]:
        """Judge an assembly: what does not hold, and how often a rule judged a resource.

        Args:
            assembly: the templates judged together.
        """
        found: list[Finding] = []
        judged = 0
        for template, resource, rule, (outcome, problems, crash) in self.verdicts(assembly):
            judged += outcome != "not-applicable"
            if problems:  # most verdicts have none, and making judgements of them takes time
                found += Judgement(
                    rule=rule, template=template, resource=resource, outcome=outcome, problems=problems, crash=crash
                ).findings()
        return found, judged


def _evaluate(view: View, rule: Rule) -> tuple[Problem, ...] | None:
    """Ask a rule of a resource in one scenario; None where it does not apply."""
    found: list[Problem] = []
    try:
        if not view.exists or (rule.applies is not None and not rule.applies(view)):
            return None
        for problem in rule.check(view):  # what was said before a value turned out to be open is kept
            found.append(problem)
    except Undetermined as open_value:
        found.append(unknown(open_value))
    return tuple(found)


def _judge(scenes: Scenes, template: Template, resource: Resource, rule: Rule) -> Verdict:
    def evaluate(choices: Choices) -> tuple[Problem, ...] | None:
        return _evaluate(scenes.scene(choices).view(template, resource.logical_id), rule)

    try:
        if rule.glance is not None:
            seen = rule.glance(template, resource)
            exists = None if seen is None else scenes.may_exist(template, resource)
            if seen is not None and exists is not None:
                return (seen if exists else "not-applicable"), (), ""
        try:
            result = _evaluate(scenes.without_choices.view(template, resource.logical_id), rule)
        except Fork:
            pass  # it hangs on choices
        else:
            return (*_combine([] if result is None else [(NO_CHOICES, result)]), "")
        outcome, problems = _combine([(s.choices, s.result) for s in scenarios(evaluate) if s.result is not None])
    except TooManyScenarios as problem:
        return "unknown", (Problem("Properties", f"cannot be known here: {problem}", "unknown"),), ""
    except (Exception, SystemExit) as problem:  # whatever a rule does wrong must become a fatal finding
        text = f"rule {rule.id} crashed: {type(problem).__name__}: {problem} ({_place_of(problem)})"
        return "fail", (Problem("Properties", text),), text
    else:
        return outcome, problems, ""


def _place_of(crash: BaseException) -> str:
    import traceback  # only a crash pays for it

    frame = traceback.extract_tb(crash.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _combine(judged: list[tuple[Choices, tuple[Problem, ...]]]) -> tuple[Outcome, tuple[Problem, ...]]:
    """Make one verdict of the scenarios' verdicts: where they disagree, the answer is open."""
    if not judged:
        return "not-applicable", ()
    failing = [(c, p) for c, p in judged if any(problem.verdict == "fail" for problem in p)]
    if len(failing) == len(judged):
        return "fail", _unique(p for _, found in judged for p in found)
    opened = [(c, p) for c, p in judged if p]
    if not opened:
        return "pass", ()
    return "unknown", _unique(
        problem
        if problem.verdict == "unknown"
        else Problem(problem.property, f"{problem.message} (when {choices})", "unknown")
        for choices, found in opened
        for problem in found
    )


def _unique(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))
