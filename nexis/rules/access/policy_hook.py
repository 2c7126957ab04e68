"""A hook that judges deployments stops what fails, and is switched on for whole templates and for every resource.

Sources: CloudFormation resource reference, AWS::CloudFormation::LambdaHook and AWS::CloudFormation::GuardHook; AWS
CloudFormation Hooks User Guide, "Concepts" and "Hook configuration schema syntax reference", read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

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
    """Judge a hook."""
    yield from parts(
        *(partial(requirement.problems, hook) for requirement in REQUIREMENTS[hook.type]),
        partial(_holds, hook, ("TargetOperations",), TARGETS),
        partial(_actions, hook),
    )


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
    why="A hook that only warns, is switched off, or is not asked about a target lets through what nobody checked in a "
    "pull request: the console, a script and another team's pipeline come this way too.",
    fix="set FailureMode: FAIL, HookStatus: ENABLED and TargetOperations: [RESOURCE, STACK, CHANGE_SET] (CDK: "
    "PolicyHook)",
    types=HOOKS,
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
