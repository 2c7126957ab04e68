"""Templates and resources -> findings: the rules of `nexis check`, unchanged, on what a hook is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from functions.policy_hook.alone import Alone
from nexis.check import judge
from nexis.rules.model import EVERY_TYPE
from nexis.rules.registry import all_rules, rules_by_type
from nexis.templates.circles import refuse_oddities
from nexis.templates.load import with_stack
from nexis.templates.model import Assembly, Resource, Template, read_document
from nexis.templates.parse import parse
from nexis.templates.resolver import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from functions.policy_hook.event import Request
    from nexis.check import Finding
    from nexis.rules.model import Rule

IMPORT: Final = "ImportValue"
EXPORTS: Final = "(exports)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How the rules are asked.

    Args:
        baseline: whether those that only our own baseline must keep are asked as well.
        strict: whether a parameter is open even if it has a default: a hook is not told the values of parameters.
    """

    baseline: bool
    strict: bool

    def rules(self) -> tuple[Rule, ...]:
        """Give the rules that are asked."""
        return tuple(rule for rule in all_rules() if self.baseline or rule.scope == "everywhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was found.

    Args:
        findings: warnings included.
        left: how many judgements were left to the stack, because their rules look further than one resource.
    """

    findings: list[Finding]
    left: int = 0


def judge_template(text: str, request: Request, policy: Policy, exports: Callable[[], Mapping[str, str]]) -> Judged:
    """Judge a template as `nexis check` does, with the stack's region and account.

    Args:
        text: JSON or YAML.
        request: what the template is for.
        policy: how the rules are asked.
        exports: gives the values of the region's exports; called only if the template imports any.

    Raises:
        TemplateError: it is no template.
    """
    parameters = ParameterSource(strict=policy.strict)
    document = parse(text.encode(), file=request.name)
    template = read_document(
        document,
        key=request.name,
        file=request.name,
        stack=request.stack,
        region=request.region,
        account=request.account,
        parameters=parameters,
    )
    refuse_oddities(document, template)
    templates = {request.name: with_stack(template, construct=None)}
    if IMPORT in text:
        templates[EXPORTS] = _exported(exports(), template)
    judgements = judge(Assembly(templates=templates), parameters=parameters, baseline=policy.baseline)
    return Judged(findings=[finding for judgement in judgements for finding in judgement.findings()])


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
    index = rules_by_type(policy.rules())
    findings: list[Finding] = []
    left = 0
    for rule in (*index.get(request.type, ()), *index.get(EVERY_TYPE, ())):
        judgement = alone.judge(rule, ParameterSource(strict=policy.strict))
        if judgement is None:
            left += 1
        else:
            findings.extend(judgement.findings())
    return Judged(findings=findings, left=left)


def _without_nulls(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out properties that are null: they are not set."""
    return {name: value for name, value in properties.items() if value is not None}
