"""Templates and resources -> findings: the rules of `nexis check`, unchanged, on what a hook is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from functions.policy_hook.alone import Alone
from functions.policy_hook.reach import looks_further
from nexis.check import Judgement, Judging
from nexis.records import record
from nexis.rules.registry import rules_for
from nexis.templates.circles import refuse_oddities
from nexis.templates.load import with_stack
from nexis.templates.model import Assembly, Resource, Template, read_document
from nexis.templates.parse import parse
from nexis.templates.resolver import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from functions.policy_hook.event import Request
    from nexis.check import Finding

IMPORT: Final = "ImportValue"
EXPORTS: Final = "(exports)"
#: Types that no hook on a resource is invoked for: what only the stack is asked about is decided there.
NEVER_ALONE: Final = ("AWS::CloudFormation::", "Custom::", "Nexis::")


@record(kw_only=True)
class Policy:
    """How the rules are asked.

    Args:
        baseline: whether those that only our own baseline must keep are asked as well.
        strict: whether a parameter is open even if it has a default: a hook is not told the values of parameters.
    """

    baseline: bool
    strict: bool

    def judging(self, types: Collection[str]) -> Judging:
        """Give what judges resources of some types."""
        return Judging(rules_for(types), self.parameters, baseline=self.baseline)

    @property
    def parameters(self) -> ParameterSource:
        """Where parameters get their values."""
        return ParameterSource(strict=self.strict)


@record(kw_only=True)
class Judged:
    """What was found.

    Args:
        findings: warnings included.
        left: rule and resource of each judgement that is left to the other target: to the stack, because the rule
            looks further than the resource; to the resource, because a value is open until it is made.
    """

    findings: list[Finding]
    left: list[tuple[str, str]]


def judge_template(text: str, request: Request, policy: Policy, exports: Callable[[], Mapping[str, str]]) -> Judged:
    """Judge a template as `nexis check` does, with the stack's region and account.

    What hangs on an open value fails, unless its rule can judge the resource alone once the value is known.

    Args:
        text: JSON or YAML.
        request: what the template is for.
        policy: how the rules are asked.
        exports: gives the values of the region's exports; called only if the template imports any.

    Raises:
        TemplateError: it is no template.
    """
    document = parse(text.encode(), file=request.name)
    template = read_document(
        document,
        key=request.name,
        file=request.name,
        stack=request.stack,
        region=request.region,
        account=request.account,
        parameters=policy.parameters,
    )
    refuse_oddities(document, template)
    templates = {request.name: with_stack(template, construct=None)}
    if IMPORT in text:
        templates[EXPORTS] = _exported(exports(), template)
    types = {resource.type for made in templates.values() for resource in made.resources.values()}
    judged = Judged(findings=[], left=[])
    for made, resource, rule, verdict in policy.judging(types).verdicts(Assembly(templates=templates)):
        outcome, problems, crash = verdict
        if outcome == "unknown" and not resource.type.startswith(NEVER_ALONE) and not looks_further(rule):
            judged.left.append((rule.id, resource.logical_id))
        elif problems:
            judgement = Judgement(
                rule=rule, template=made, resource=resource, outcome=outcome, problems=problems, crash=crash
            )
            judged.findings.extend(judgement.findings())
    return judged


def _exported(values: Mapping[str, str], importer: Template) -> Template:
    """Write the exports of a region as one more template, in which imports find them."""
    outputs = {f"Export{n}": {"Value": values[name], "Export": {"Name": name}} for n, name in enumerate(values)}
    return Template(
        key=EXPORTS, file=EXPORTS, resources={}, outputs=outputs, region=importer.region, account=importer.account
    )


def judge_resource(request: Request, policy: Policy) -> Judged:
    """Judge one resource with the properties that CloudFormation has resolved.

    Args:
        request: the resource.
        policy: how the rules are asked.
    """
    resource = Resource(logical_id=request.name, type=request.type, properties=_without_nulls(request.properties))
    alone = Alone(
        resource,
        region=request.region,
        account=request.account,
        stack=request.stack,
        file=request.stack or "(Cloud Control)",
    )
    judged = Judged(findings=[], left=[])
    for rule in policy.judging((request.type,)).asked(request.type):
        judgement = alone.judge(rule, policy.parameters)
        if judgement is not None:
            judged.findings.extend(judgement.findings())
        elif looks_further(rule):
            judged.left.append((rule.id, request.name))
        else:  # the stack may have left it to this resource, so nobody would judge it
            raise RuntimeError(f"{rule.id} looked further than its code says")
    return judged


def _without_nulls(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out properties that are null: they are not set."""
    return {name: value for name, value in properties.items() if value is not None}
