"""A hook that judges deployments stops what fails, and is switched on for whole templates and for every resource.

It may be for stacks of certain names, which the configuration chooses; every stack of the same assembly, account and
region is among them, except the one that makes the hook. `AWS::CloudFormation::HookTypeConfig` configures a hook that
another stack has made, so it is asked the same.

Sources: CloudFormation resource reference, AWS::CloudFormation::LambdaHook, AWS::CloudFormation::GuardHook and
AWS::CloudFormation::HookTypeConfig; AWS CloudFormation Hooks User Guide, "Concepts", "Hook configuration schema syntax
reference" and "Stack level filters", read 2026-11-23.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.globs import matches_glob
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import Requirement, one_of
from nexis.templates.values import Unknown
from nexis.templates.views import ABSENT, Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

LAMBDA_HOOK: Final = "AWS::CloudFormation::LambdaHook"
GUARD_HOOK: Final = "AWS::CloudFormation::GuardHook"
HOOKS: Final = (LAMBDA_HOOK, GUARD_HOOK)
TYPE_CONFIGURATION: Final = "AWS::CloudFormation::HookTypeConfig"
OWN_NAME: Final = "${AWS::StackName}"
TARGETS: Final = ("RESOURCE", "STACK", "CHANGE_SET")
ACTIONS: Final = ("CREATE", "UPDATE")

REQUIREMENTS: Final = {
    kind: tuple(
        Requirement(
            type=kind,
            path=(name,),
            accepts=one_of(good),
            expected=good,
            absent="the property is required",
            source=f"CloudFormation resource reference, {kind} {name}",
            as_of="2026-11-23",
        )
        for name, good in (("FailureMode", "FAIL"), ("HookStatus", "ENABLED"))
    )
    for kind in HOOKS
}


def check(hook: View) -> Iterator[Problem]:
    """Judge a hook, or what configures one."""
    if hook.type == TYPE_CONFIGURATION:
        yield from _configured(hook)
        return
    yield from parts(
        *(partial(requirement.problems, hook) for requirement in REQUIREMENTS[hook.type]),
        partial(_holds, hook, ("TargetOperations",), TARGETS),
        partial(_actions, hook),
        partial(_stacks, hook),
    )


def _configured(resource: View) -> Iterator[Problem]:
    """Look at a configuration that is written as JSON text; its filters are those of the stack that makes the hook."""
    where = place("Configuration")
    text = resource.literal("Configuration")
    try:
        document = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        document = None
    found: Any = document
    for name in ("CloudFormationConfiguration", "HookConfiguration"):
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        yield Problem(where, "is no configuration of a hook; expected JSON with CloudFormationConfiguration")
        return
    for name, good in (("FailureMode", "FAIL"), ("HookInvocationStatus", "ENABLED")):
        if found.get(name) != good:
            yield Problem(where, f"configures a hook with {name} {found.get(name)!r}, expected {good!r}")
    targets = found.get("TargetOperations")
    if not isinstance(targets, list) or any(target not in targets for target in TARGETS):
        yield Problem(where, f"configures a hook with TargetOperations {targets!r}, expected {', '.join(TARGETS)}")
    for name in ("StackFilters", "TargetFilters", "TargetStacks"):
        if found.get(name) not in (None, {}, "ALL"):
            yield Problem(where, f"narrows a hook by {name}; expected that in the stack that makes the hook")


def _actions(hook: View) -> Iterator[Problem]:
    """Look at the actions, if it is only asked about some."""
    if not isinstance(hook.get("TargetFilters", "Actions"), Absent):
        yield from _holds(hook, ("TargetFilters", "Actions"), ACTIONS)
    if not isinstance(hook.get("TargetFilters", "Targets"), Absent):
        yield Problem(place("TargetFilters", "Targets"), "narrows the hook to some types; expected it to see them all")
    names = [name for name in hook.items("TargetFilters", "TargetNames") if name != "*"]
    if names:
        yield Problem(
            place("TargetFilters", "TargetNames"), "narrows the hook to some types; expected it to see them all"
        )


def _stacks(hook: View) -> Iterator[Problem]:
    """Look at which stacks it leaves out."""
    for name in ("Include", "Exclude"):
        if hook.items("StackFilters", "StackRoles", name):
            yield Problem(
                place("StackFilters", "StackRoles", name),
                "leaves out who deploys with other roles; expected no filter by role",
            )
    left_out = hook.items("StackFilters", "StackNames", "Exclude")
    own = hook.template.stack
    for position, item in enumerate(left_out):
        where = place("StackFilters", "StackNames", "Exclude", position)
        if isinstance(item, Unknown):
            raise Undetermined(where, item.reason)
        text = str(item)
        alone = len(left_out) == 1 and own is None and not set(text) & set("*?")
        if text not in (own, OWN_NAME) and not alone:
            yield Problem(where, f"leaves out the stacks {text!r}; expected none but the stack that makes the hook")
    wanted = hook.items("StackFilters", "StackNames", "Include")
    open_name = next((name for name in wanted if isinstance(name, Unknown)), None)
    if not wanted or open_name is not None:
        if open_name is not None and hook.scene.resolver.parameters.strict:
            raise Undetermined(place("StackFilters", "StackNames", "Include"), open_name.reason)
        return
    missed = [name for name in _neighbours(hook) if not any(matches_glob(str(text), name) for text in wanted)]
    if missed:
        listed = ", ".join(missed[:3]) + (", …" if len(missed) > 3 else "")
        yield Problem(
            place("StackFilters", "StackNames", "Include"), f"does not name {listed}; expected every stack of the app"
        )


def _neighbours(hook: View) -> list[str]:
    """Give the names of the other stacks where the hook is."""
    own = hook.template
    return sorted(
        other.stack
        for other in hook.scene.assembly.templates.values()
        if other.stack and other.stack != own.stack and (other.account, other.region) == (own.account, own.region)
    )


def _holds(hook: View, path: tuple[str, ...], wanted: tuple[str, ...]) -> Iterator[Problem]:
    """Ask for the items that a list must hold."""
    found = hook.items(*path)
    missing = [item for item in wanted if item not in found]
    if not missing:
        return
    opened = next((item for item in found if isinstance(item, Unknown) or is_deferred(item)), ABSENT)
    if opened is not ABSENT:
        raise Undetermined(place(*path), getattr(opened, "reason", f"{opened} is known only after deployment"))
    yield Problem(place(*path), f"holds no {' and no '.join(missing)}; expected {', '.join(wanted)}")


RULE = Rule(
    id="access.policy-hook-fails-closed",
    severity="error",
    title="A hook that judges deployments stops what fails, whole templates and every resource",
    why="A hook that only warns, is switched off, or is not asked about a target or a stack lets through what nobody "
    "checked in a pull request: the console, a script and another team's pipeline come this way too.",
    fix="set FailureMode: FAIL, HookStatus: ENABLED and TargetOperations: [RESOURCE, STACK, CHANGE_SET], and "
    "leave out no stack but the one that makes the hook (CDK: PolicyHook)",
    types=(*HOOKS, TYPE_CONFIGURATION),
    check=check,
    claims=("touchpoints.changes",),
    controls={"SOC 2": ("CC8.1",)},
    source="AWS CloudFormation Hooks User Guide, Failure mode; Hook targets",
    cdk='PolicyHook(self, "Hook", stacks=["billing-*"])',
    example={
        "Hook": {
            "Type": LAMBDA_HOOK,
            "Properties": {
                "Alias": "Nexis::Baseline::Policy",
                "ExecutionRole": "arn:aws:iam::111111111111:role/policy-hook",
                "FailureMode": "FAIL",
                "HookStatus": "ENABLED",
                "LambdaFunction": "arn:aws:lambda:eu-central-1:111111111111:function:policy-hook",
                "TargetFilters": {"Actions": ["CREATE", "UPDATE"]},
                "TargetOperations": ["RESOURCE", "STACK", "CHANGE_SET"],
            },
        }
    },
    scope="baseline",
)
