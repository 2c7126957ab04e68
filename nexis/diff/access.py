"""Permissions that grew: what identities may do, who may become them, and who may use a resource.

An identity's permissions are compared as a whole, inline and attached policies together, so that a statement that only
moves from one policy to another changes nothing. The policies of a resource are compared with the resource, so that
the policy may be renamed or split.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from nexis.diff.changes import Maker
from nexis.diff.grants import ANYONE, beyond, told
from nexis.diff.match import references
from nexis.diff.policies import (
    ALL,
    NONE,
    Access,
    document,
    event_bus_policy,
    function_url,
    lambda_permission,
    managed,
    share,
    together,
)
from nexis.diff.sides import OPEN
from nexis.rules.access._identity_documents import DOCUMENTS, IDENTITIES, PERMISSION_SET, SERVERLESS, documents
from nexis.rules.access._resource_documents import TYPES as RESOURCE_POLICY_TYPES
from nexis.rules.access._resource_documents import policies
from nexis.templates.views import Absent, Undetermined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nexis.diff.grants import Grant, Growth
    from nexis.diff.match import Entry, Pair
    from nexis.diff.model import Change
    from nexis.diff.sides import Side, Sides
    from nexis.templates.scenarios import Choices
    from nexis.templates.views import View

ROLE: Final = "AWS::IAM::Role"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
#: Policies of a resource that have rules of their own, and so stand in no table of these.
OWN_POLICIES: Final = {
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::KMS::ReplicaKey": "KeyPolicy",
    "AWS::ApiGateway::RestApi": "Policy",
    "AWS::Serverless::Api": "Auth",
}
#: What guards something that stands elsewhere: the property that names it.
GUARDS: Final = {
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::SQS::QueueInlinePolicy": "Queue",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::SNS::TopicInlinePolicy": "TopicArn",
    "AWS::SecretsManager::ResourcePolicy": "SecretId",
    "AWS::Lambda::Permission": "FunctionName",
    "AWS::Lambda::Url": "TargetFunctionArn",
    "AWS::Lambda::ResourcePolicy": "ResourceArn",
    "AWS::Kinesis::ResourcePolicy": "ResourceArn",
    "AWS::MSK::ClusterPolicy": "ClusterArn",
    "AWS::Events::EventBusPolicy": "EventBusName",
    "AWS::S3::AccessPointPolicy": "AccessPointName",
}
#: What shares something with others: the properties that list them, and what is shared.
SHARES: Final = {
    "AWS::RAM::ResourceShare": ("Principals", "ResourceArns"),
    "AWS::EC2::VPCEndpointServicePermissions": ("AllowedPrincipals", "ServiceId"),
    "AWS::Lambda::LayerVersionPermission": ("Principal", "LayerVersionArn"),
    "AWS::SSO::Assignment": ("PrincipalId", "PermissionSetArn"),
}
#: How a policy of its own type says to whom it belongs.
ATTACHED_BY: Final = {
    "AWS::IAM::Policy": ("Roles", "Users", "Groups"),
    "AWS::IAM::ManagedPolicy": ("Roles", "Users", "Groups"),
    "AWS::IAM::RolePolicy": ("RoleName",),
    "AWS::IAM::UserPolicy": ("UserName",),
    "AWS::IAM::GroupPolicy": ("GroupName",),
}
MANAGED_POLICY: Final = "AWS::IAM::ManagedPolicy"
BEARERS: Final = (*IDENTITIES, PERMISSION_SET, SERVERLESS)
TOKEN: Final = re.compile(r"\$\{#(\d+)((?:\.[A-Za-z0-9.]+)?)\}")
_MOST_LISTED: Final = 6

Compared = tuple[Any, ...]


def compare_access(sides: Sides) -> Iterator[Change]:
    """Compare what policies allow.

    Args:
        sides: both sides of the change.
    """
    guarded = _guarded(sides)
    for pair in sides.matching.pairs:
        if pair.type in BEARERS:
            yield from _bearer(sides, pair)
            yield from _boundary(sides, pair)
        if pair.type == ROLE:
            yield from _units(
                sides, pair, "assume", lambda side, view: document(side, view, "AssumeRolePolicyDocument")
            )
        elif pair.type in DOCUMENTS:
            yield from _units(sides, pair, "do", _unattached)
        elif pair.type in SHARES:
            yield from _units(sides, pair, "use", _shared)
        if pair.type == ENDPOINT:
            yield from _units(sides, pair, "through", _endpoint, only_both=True)
        guards = guarded.get(pair.number, ((), ()))
        if pair.type in OWN_POLICIES or any(guards) or (pair.type in RESOURCE_POLICY_TYPES and pair.type not in GUARDS):
            yield from _resource(sides, pair, guards)
        if pair.type in GUARDS:
            yield from _units(sides, pair, "use", _alone)


# ---- comparing ----


def _units(
    sides: Sides, pair: Pair, verb: str, facts: Callable[[Side, View], Access], *, only_both: bool = False
) -> Iterator[Change]:
    def of(side: Side, view: View | None, choices: Choices) -> Access:
        return NONE if view is None else facts(side, view)

    yield from _compared(sides, pair, verb, of, only_both=only_both)


def _compared(
    sides: Sides,
    pair: Pair,
    verb: str,
    facts: Callable[[Side, View | None, Choices], Access],
    *,
    only_both: bool = False,
) -> Iterator[Change]:
    """Compare what belongs to one resource on both sides."""
    maker = Maker(sides, pair, "access")
    name = _namer(sides)

    def evaluate(choices: Choices) -> frozenset[Compared]:
        before, after = sides.views(pair, choices)
        if (before is None and after is None) or (only_both and (before is None or after is None)):
            return frozenset()
        old, new = facts(sides.base, before, choices), facts(sides.head, after, choices)
        found: set[Compared] = set()
        for direction, less, more, here, there in (
            ("weaker", old, new, before, after),
            ("stronger", new, old, after, before),
        ):
            is_new = here is None and there is not None
            found |= {(direction, verb, "open", text) for text in more.opens - less.opens}
            grown = [part for part in beyond(less.allows, more.allows) if not _denied(part, more)]
            if is_new and verb in ("use", "assume"):
                grown = [part for part in grown if not _is_own(part, there)]
            found |= {(direction, verb, "allow", growth) for growth in told(grown, less.allows, name)}
            if there is not None:  # of what is gone nothing has to be denied any more
                undone = beyond(more.denies, less.denies)
                found |= {(direction, verb, "deny", growth) for growth in told(undone, more.denies, name)}
        return frozenset(found)

    what = pair.shown[1].logical_id

    def says(direction: str, verb: str, kind: str, growth: Any) -> str:
        if kind == "open":
            reason = growth.split(OPEN)[1] if OPEN in growth else growth
            now = "cannot be known" if direction == "weaker" else "no longer hangs on a value that cannot be known"
            return f"what the policies of {what} allow {now}: {reason}"
        return _denial(direction, what, verb, growth) if kind == "deny" else _sentence(direction, what, verb, growth)

    yield from maker.changes(evaluate, says)


def _denied(part: Grant, access: Access) -> bool:
    return any(denied.holds(part) for denied in access.denies)


def _is_own(part: Grant, view: View | None) -> bool:
    """Whether a part is for the resource's own account or a service of AWS: for a new resource nothing to tell."""
    account = None if view is None else view.template.account
    own = tuple(f"AWS:arn:-:iam::{name}:" for name in (account, "${AWS::AccountId}") if name)
    return not part.principals.negated and all(
        who.startswith(("Service:", "AWS:${#", *own)) for who in part.principals.patterns
    )


def _sentence(direction: str, what: str, verb: str, growth: Growth) -> str:
    newly = "may newly" if direction == "weaker" else "may no longer"
    if verb == "do":
        said = f"{what} {newly} do {_listed(growth.actions)} on {_listed(growth.resources)}"
    elif verb == "assume":
        said = f"{growth.principals} {newly} assume {what}" + (
            "" if all("assumerole" in action.lower() for action in growth.actions) else f" ({_listed(growth.actions)})"
        )
    elif verb == "through":
        said = f"{growth.principals} {newly} do {_listed(growth.actions)} on {_listed(growth.resources)} through {what}"
    else:
        where = "" if growth.resources in ((what,), ("everything",)) else f" ({_listed(growth.resources)})"
        said = f"{growth.principals} {newly} do {_listed(growth.actions)} on {what}{where}"
    asked = f", when {'; '.join(growth.tests)}" if growth.tests else ""
    why = {"conditions": "; a condition is dropped or wider", "resources": "; on more resources"}.get(growth.why, "")
    return said + asked + (why if direction == "weaker" else "")


def _denial(direction: str, what: str, verb: str, growth: Growth) -> str:
    who = "" if verb in ("do", "assume") and growth.principals == "everyone" else f" to {growth.principals}"
    newly = "no longer denies" if direction == "weaker" else "newly denies"
    asked = f", when {'; '.join(growth.tests)}" if growth.tests else ""
    return f"{what} {newly} {_listed(growth.actions)} on {_listed(growth.resources)}{who}{asked}"


def _listed(items: tuple[str, ...]) -> str:
    shown = ", ".join(items[:_MOST_LISTED])
    return shown + (f" and {len(items) - _MOST_LISTED} more" if len(items) > _MOST_LISTED else "")


def _namer(sides: Sides) -> Callable[[str], str]:
    """Give words for principals and resources."""

    def name(text: str) -> str:
        if text == ANYONE:
            return "everyone"
        kind, colon, rest = text.partition(":")
        if colon and kind in ("AWS", "Service", "Federated", "CanonicalUser"):
            text = rest
        text = TOKEN.sub(lambda m: sides.matching.pairs[int(m[1])].shown[1].logical_id, text)
        if OPEN in text:
            return f"something that cannot be known ({text.split(OPEN)[1]})"
        return text.replace("arn:-:", "arn:aws:", 1)

    return name


# ---- identities ----


def _bearer(sides: Sides, pair: Pair) -> Iterator[Change]:
    attached = {side: side.naming(pair, ATTACHED_BY) for side in (sides.base, sides.head)}

    def of(side: Side, view: View | None, choices: Choices) -> Access:
        return NONE if view is None else _of_bearer(side, view, attached[side], choices)

    yield from _compared(sides, pair, "do", of)


def _of_bearer(side: Side, bearer: View, attached: Iterable[Entry], choices: Choices) -> Access:
    found = [_own_documents(side, bearer)]
    for name in ("ManagedPolicyArns", "ManagedPolicies", "CustomerManagedPolicyReferences", "Groups"):
        found += [_linked(side, bearer, item) for item in _items(bearer, name)]
    if bearer.type == SERVERLESS:
        found += [managed(str(side.plain(item))) for item in _items(bearer, "Policies") if not isinstance(item, dict)]
    for entry in attached:
        policy = side.view(entry, choices)
        names = ATTACHED_BY[policy.type]
        if any(bearer.is_named_by(item) for name in names for item in _items(policy, name)) and policy.exists:
            found.append(_own_documents(side, policy))
    return together(found)


def _own_documents(side: Side, resource: View) -> Access:
    try:
        return together(document(side, resource, *path) for path in documents(resource))
    except Undetermined as problem:
        return Access(opens=frozenset({f"{OPEN}{problem.reason}"}))


def _items(resource: View, name: str) -> list[Any]:
    value = resource.peek(name)
    return value if isinstance(value, list) else [] if isinstance(value, Absent) else [value]


def _linked(side: Side, bearer: View, item: Any) -> Access:
    """Give what an attached policy says, or that a group is joined."""
    policy = bearer.named(item, MANAGED_POLICY) if isinstance(item, str) else None
    if policy is not None:
        return _own_documents(side, policy) if policy.exists else NONE
    return managed(str(side.plain(item)))


def _unattached(side: Side, policy: View) -> Access:
    """Read a policy that belongs to no identity of these templates; the others are told with their bearers."""
    for name in ATTACHED_BY[policy.type]:
        for item in _items(policy, name):
            if isinstance(item, str) and policy.named(item, *IDENTITIES) is not None:
                return NONE
    for bearer in policy.scene.views(*IDENTITIES):
        if any(policy.is_named_by(item) for item in _items(bearer, "ManagedPolicyArns")):
            return NONE
    return _own_documents(side, policy)


def _boundary(sides: Sides, pair: Pair) -> Iterator[Change]:
    """Compare the permissions boundary: without one, or with another, an identity may do more."""
    maker = Maker(sides, pair, "access")
    name = _namer(sides)

    def evaluate(choices: Choices) -> frozenset[Compared]:
        before, after = sides.views(pair, choices)
        if before is None or after is None:
            return frozenset()
        old = sides.base.plain(before.peek("PermissionsBoundary"))
        new = sides.head.plain(after.peek("PermissionsBoundary"))
        if old == new:
            return frozenset()
        found: set[Compared] = set()
        if old is not None:
            found.add(("weaker", str(old), "" if new is None else str(new)))
        if new is not None:
            found.add(("stronger", str(new), "" if old is None else str(old)))
        return frozenset(found)

    what = pair.shown[1].logical_id

    def says(direction: str, held: str, other: str) -> str:
        if direction == "stronger":
            return f"{what} newly has the permissions boundary {name(held)}"
        instead = f"; {name(other)} stands in its place, which may allow more" if other else ""
        return f"{what} loses the permissions boundary {name(held)}{instead}"

    yield from maker.changes(evaluate, says)


# ---- resources ----


def _guarded(sides: Sides) -> dict[int, tuple[list[Entry], list[Entry]]]:
    """Give the policies that guard each resource, before and after, by the number of its pair."""
    found: dict[int, tuple[list[Entry], list[Entry]]] = {}
    for pair in sides.matching.pairs:
        if pair.type in GUARDS:
            for n, (side, entry) in enumerate(((sides.base, pair.base), (sides.head, pair.head))):
                for number in _targets(side, entry) if entry is not None else ():
                    found.setdefault(number, ([], []))[n].append(entry)  # type: ignore[arg-type]
    return found


def _targets(side: Side, entry: Entry) -> set[int]:
    """Give the pairs that a policy may guard: all that the property which says so refers to."""
    template, resource = entry
    names = (n for n in references(resource.properties.get(GUARDS[resource.type])) if isinstance(n, str))
    return {pair.number for name in names if (pair := side.pairs.get((template.key, name))) is not None}


def _guarded_by(side: Side, policy: View) -> set[int]:
    """Give the pairs that a policy guards in a scenario, of those that it is written to guard."""
    found = {
        side.pair(named).number
        for item in _items(policy, GUARDS[policy.type])
        if isinstance(item, str) and (named := policy.named(item)) is not None and named.exists
    }
    return found & _targets(side, (policy.template, policy.resource))


def _alone(side: Side, policy: View) -> Access:
    """Read a policy that guards nothing of these templates; the others are told with what they guard."""
    return NONE if _guarded_by(side, policy) else _separate(side, policy)


def _resource(sides: Sides, pair: Pair, guards: tuple[Iterable[Entry], Iterable[Entry]]) -> Iterator[Change]:
    def of(side: Side, view: View | None, choices: Choices) -> Access:
        if view is None:
            return NONE
        entries = guards[0] if side is sides.base else guards[1]
        views = [side.view(entry, choices) for entry in entries]
        ours = (policy for policy in views if policy.exists and pair.number in _guarded_by(side, policy))
        return together([_inline(side, view), *(_separate(side, policy) for policy in ours)])

    yield from _compared(sides, pair, "use", of)


def _inline(side: Side, resource: View) -> Access:
    found = []
    if resource.type in OWN_POLICIES and not isinstance(resource.peek(OWN_POLICIES[resource.type]), Absent):
        found.append(document(side, resource, OWN_POLICIES[resource.type]))
    if resource.type in RESOURCE_POLICY_TYPES and resource.type not in GUARDS:
        found.append(_listed_documents(side, resource))
    return together(found)


def _listed_documents(side: Side, resource: View) -> Access:
    try:
        return together(document(side, resource, *path) for path, _ in policies(resource))
    except Undetermined as problem:
        return Access(opens=frozenset({f"{OPEN}{problem.reason}"}))


def _separate(side: Side, policy: View) -> Access:
    if policy.type == "AWS::Lambda::Permission":
        return lambda_permission(side, policy)
    if policy.type == "AWS::Lambda::Url":
        return function_url(side, policy)
    if policy.type == "AWS::Events::EventBusPolicy":
        return event_bus_policy(side, policy)
    return _listed_documents(side, policy)


def _shared(side: Side, resource: View) -> Access:
    return share(side, resource, *SHARES[resource.type])


def _endpoint(side: Side, endpoint: View) -> Access:
    """Read a VPC endpoint: without a policy of its own it lets every call through."""
    if isinstance(endpoint.peek("PolicyDocument"), Absent):
        return ALL
    return document(side, endpoint, "PolicyDocument")
