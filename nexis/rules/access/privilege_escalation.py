"""No policy, and no identity with all its policies, can give itself the permissions of others.

The combinations are in `nexis.facts.iam_escalation`. Each document is judged by itself; an identity is judged by the
documents that the assembly attaches to it, for what no single one of them allows. `*` and `service:*` as actions are
judged by access.exact-resources. What a document denies without a condition is not counted.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from nexis.facts.iam_escalation import ESCALATIONS, TAMED_BY, Escalation
from nexis.records import record
from nexis.rules._policy_documents import statements
from nexis.rules.access._identity_documents import DOCUMENTS, IDENTITIES, PERMISSION_SET, SERVERLESS, Path, documents
from nexis.rules.access._statements import (
    asks_for,
    is_all,
    is_any_of_its_kind,
    is_unbounded,
    known_actions,
    matches,
    may_be_of,
    readable,
)
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Scene, Undetermined, View, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement

#: Policies by the identity that they name, each by template and logical id.
Policies = dict[tuple[str, str], list[tuple[str, str]]]

#: Services whose resources are chosen by their path: everything of a kind is as much as everything.
BY_KIND: Final = ("iam", "lambda")

#: The property of a policy that attaches it, by type of policy and type of identity.
ATTACHED_BY: Final = {
    "AWS::IAM::Role": (
        ("AWS::IAM::Policy", "Roles"),
        ("AWS::IAM::ManagedPolicy", "Roles"),
        ("AWS::IAM::RolePolicy", "RoleName"),
    ),
    "AWS::IAM::User": (
        ("AWS::IAM::Policy", "Users"),
        ("AWS::IAM::ManagedPolicy", "Users"),
        ("AWS::IAM::UserPolicy", "UserName"),
    ),
    "AWS::IAM::Group": (
        ("AWS::IAM::Policy", "Groups"),
        ("AWS::IAM::ManagedPolicy", "Groups"),
        ("AWS::IAM::GroupPolicy", "GroupName"),
    ),
}


@record
class _Found:
    """Which actions of escalations a document allows, with the place of the statement, and what remains open.

    What is open is kept as (path, reason): an exception would hold on to the scene it was raised in.
    """

    allowed: dict[str, str]
    opened: list[tuple[str, str]]


#: What the documents of a resource allow, and which policies are attached to each identity of a scene: the same policy
#: is asked for once by itself and once for each identity that has it.
_FOUND: Final[WeakKeyDictionary[View, dict[Path, _Found]]] = WeakKeyDictionary()
_POLICIES: Final[WeakKeyDictionary[Scene, dict[str, Policies]]] = WeakKeyDictionary()


def _check(resource: View) -> Iterator[Problem]:
    own: list[dict[str, str]] = []
    yield from parts(partial(_documents, resource, own))
    if resource.type in IDENTITIES:
        yield from parts(partial(_together, resource, own))


def _documents(resource: View, own: list[dict[str, str]]) -> Iterator[Problem]:
    for path in documents(resource):
        yield from parts(partial(_document, resource, path, own))


def _document(resource: View, path: Path, own: list[dict[str, str]]) -> Iterator[Problem]:
    found = _allowed(resource, path)
    own.append(found.allowed)
    by_place: dict[str, list[Escalation]] = {}
    for escalation in _complete(found.allowed):
        by_place.setdefault(found.allowed[escalation.actions[-1]], []).append(escalation)
    for where, escalations in by_place.items():
        yield Problem(f"{where}.Action", f"lets whoever has it {_words(escalations)}")
    for path_of_it, reason in found.opened:
        raise Undetermined(path_of_it, reason)


def _together(resource: View, own: list[dict[str, str]]) -> Iterator[Problem]:
    each = [*own, *_attached(resource)]
    if sum(map(bool, each)) < 2:
        return  # what one allows alone is said of it
    together: dict[str, str] = {}
    for allowed in each:
        together.update(allowed)
    alone = {escalation for allowed in each for escalation in _complete(allowed)}
    new = [escalation for escalation in _complete(together) if escalation not in alone]
    if new:
        yield Problem(place(), f"has policies that together let it {_words(new)}")


def _attached(resource: View) -> Iterator[dict[str, str]]:
    policies = [policy for policy in _naming(resource) if policy.exists]
    listed: Any = resource.peek("ManagedPolicyArns")
    for item in listed if isinstance(listed, list) else []:
        policy = resource.named(item, "AWS::IAM::ManagedPolicy")
        if policy is not None and policy.exists:
            policies.append(policy)
    for policy in policies:
        try:
            yield _allowed(policy, ("PolicyDocument",)).allowed
        except Undetermined:
            continue  # said of the policy itself


def _naming(identity: View) -> list[View]:
    """Give the policies that name an identity, whether or not they exist."""
    scene = identity.scene
    by_type = _POLICIES.setdefault(scene, {})
    if identity.type not in by_type:
        named: Policies = {}
        for kind, name in ATTACHED_BY[identity.type]:
            for policy in scene.declared(kind):
                value = policy.peek(name)
                meant = [
                    identity.named(item, identity.type) for item in (value if isinstance(value, list) else [value])
                ]
                for one in dict.fromkeys((view.template.key, view.logical_id) for view in meant if view is not None):
                    named.setdefault(one, []).append((policy.template.key, policy.logical_id))
        by_type[identity.type] = named
    templates = scene.assembly.templates
    found = by_type[identity.type].get((identity.template.key, identity.logical_id), [])
    return [scene.view(templates[stack], logical_id) for stack, logical_id in found]


def _complete(allowed: dict[str, str]) -> Iterator[Escalation]:
    for escalation in ESCALATIONS if allowed else ():
        if all(action in allowed for action in escalation.actions):
            yield escalation


def _words(escalations: list[Escalation]) -> str:
    ways = [f"{escalation.how} ({' and '.join(escalation.actions)})" for escalation in escalations]
    more = f", and in {len(ways) - 3} more ways" if len(ways) > 3 else ""
    return f"{', '.join(ways[:3])}{more}; expected chosen resources, or a condition such as iam:PermissionsBoundary"


def _allowed(resource: View, path: Path) -> _Found:
    kept = _FOUND.setdefault(resource, {})
    if path not in kept:
        kept[path] = _read(resource, path)
    return kept[path]


def _read(resource: View, path: Path) -> _Found:
    found = _Found({}, [])
    denied: list[str] = []
    for statement in statements(resource, *path):
        try:
            if statement.allows:
                found.allowed.update(dict.fromkeys(_dangerous(statement), statement.where))
            elif _denies_everywhere(statement):
                denied += statement.texts("Action")
        except Undetermined as opened:
            found.opened.append((opened.path, opened.reason))
    for action in [action for action in found.allowed if any(matches(pattern, action) for pattern in denied)]:
        del found.allowed[action]
    return found


def _denies_everywhere(statement: Statement) -> bool:
    unconditional = statement.denies and not statement.elements.get("Condition")
    return unconditional and any(is_all(text) for text in readable(statement, "Resource"))


def _dangerous(statement: Statement) -> Iterator[str]:
    covered = {action for pattern in known_actions(statement) for action in _covered(pattern)}
    actions = [action for action in _ACTIONS if action in covered]
    if not actions:
        return
    resources = list(readable(statement, "Resource"))
    for action in actions:
        service = action.partition(":")[0]
        if service in BY_KIND:
            wide = any(is_any_of_its_kind(resource) and may_be_of(resource, service) for resource in resources)
        else:
            wide = any(map(is_unbounded, resources))
        if (wide or action in _COMPANIONS) and not _is_tamed(statement, action):
            yield action


@lru_cache(maxsize=8192)
def _covered(pattern: str) -> tuple[str, ...]:
    return tuple(action for action in _ACTIONS if matches(pattern, action))


def _is_tamed(statement: Statement, action: str) -> bool:
    return asks_for(statement, *TAMED_BY.get(action, ()), "aws:resourcetag/", "ssm:resourcetag/", "iam:resourcetag/")


_ACTIONS: Final = tuple(dict.fromkeys(action for escalation in ESCALATIONS for action in escalation.actions))
#: Whoever may pass any role needs only one place to run it.
_COMPANIONS: Final = frozenset(a for e in ESCALATIONS if len(e.actions) > 1 for a in e.actions[1:]) - frozenset(
    e.actions[0] for e in ESCALATIONS
)


RULE = Rule(
    id="access.privilege-escalation",
    severity="error",
    title="No policy lets its holder take more permissions than it gives",
    why="With the right two or three actions a small role becomes an administrator, and the audit of its policy shows "
    "nothing.",
    fix="name the resources of the actions, split them over identities, or add the condition iam:PermissionsBoundary "
    "or iam:PassedToService (CDK: PolicyStatement(resources=[...], conditions={...}))",
    types=(*DOCUMENTS, *IDENTITIES, PERMISSION_SET, SERVERLESS),
    check=_check,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.1", "CC6.3"), "NIST 800-53 r5": ("AC-5", "AC-6")},
    source="Rhino Security Labs, AWS IAM privilege escalation methods and mitigation; Service Authorization Reference",
    cdk="task_role.grant_pass_role(deployer)\n"
    "deployer.add_to_policy(iam.PolicyStatement(actions=['ecs:RunTask'], resources=[task.task_definition_arn]))",
    example={
        "Deploy": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "iam:PassRole",
                            "Resource": {"Fn::GetAtt": ["TaskRole", "Arn"]},
                        },
                        {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": {"Ref": "Task"}},
                    ],
                }
            },
        },
        "TaskRole": {"Type": "AWS::IAM::Role"},
        "Task": {"Type": "AWS::ECS::TaskDefinition"},
    },
)
