"""Machines with local disks that a deployment would replace, and the one thing that nobody may waive.

Local NVMe disks die with their machine. A database on them lives as long as one machine of its cluster does, so one
deployment must never replace two of them at the same time. CloudFormation works on everything that does not depend on
each other at once, and what depends on each other it only puts in order: it does not wait until a replica has caught
up. What is deleted, or replaced by a new resource, goes at the end of the update, all of it together.

Sources: CloudFormation User Guide, "UpdatePolicy attribute", "Update behaviors of stack resources" and "DependsOn
attribute"; EC2 User Guide, "SSD instance store volumes"; Auto Scaling User Guide, "Add and remove Availability Zones"
and "Replace Auto Scaling instances based on maximum instance lifetime"; docs/decisions/replacing-hosts.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from nexis.diff.changes import Maker
from nexis.diff.order import Order
from nexis.diff.replacement import KEPT, Fates
from nexis.facts.instance_types import encrypted_nvme_types
from nexis.facts.tags import CLUSTER_TAG, ENVIRONMENT_TAG
from nexis.rules._database_hosts import belongs_to_cluster
from nexis.rules._launch import AUTO_SCALING_GROUP, INSTANCE, LAUNCH_TEMPLATE, MACHINE
from nexis.rules._launches import launched_from
from nexis.rules._tags import tag_values
from nexis.rules.hosts.no_rolling_update import REPLACING, ROLLING
from nexis.rules.network._group_users import named_groups
from nexis.templates.resolver import scalar_text
from nexis.templates.scenarios import TooManyScenarios
from nexis.templates.values import NO_VALUE, Reference, Unknown
from nexis.templates.views import Absent, Undetermined, as_mapping, as_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nexis.diff.match import Pair
    from nexis.diff.model import Change
    from nexis.diff.sides import Side, Sides
    from nexis.templates.scenarios import Choices
    from nexis.templates.views import View

HOSTS: Final = (AUTO_SCALING_GROUP, INSTANCE)
#: Properties of an instance whose change stops it, which clears its local disks as an end does.
#: Source: CloudFormation resource reference, AWS::EC2::Instance ("some interruptions"). Read 2026-11-23.
STOPPING: Final = ("EbsOptimized", "InstanceType", "KernelId", "RamdiskId", "Tenancy", "UserData")
#: Endings that dependencies between the hosts put in order.
IN_ORDER: Final = frozenset({"rolled", "stopped"})
#: Parts of an update policy that replace no machine.
HARMLESS: Final = frozenset({"AutoScalingScheduledAction", ROLLING, REPLACING})
VERSIONS: Final = ("LatestVersionNumber", "DefaultVersionNumber")
ADVICE: Final = (
    "deploy one host at a time, each when the others are healthy and have caught up: leave the update policy away, "
    "keep the logical ids, retain the groups (docs/decisions/replacing-hosts.md)"
)


@dataclass(frozen=True, slots=True)
class Ending:
    """A machine, or a group of them, that a deployment would end.

    Args:
        number: of its pair.
        how: in which phase: rolled, stopped, moved, replaced or deleted.
        why: what in the templates makes it happen.
        cluster: the cluster's name, for reports.
    """

    number: int
    how: str
    why: str
    cluster: str


def compare_hosts(sides: Sides) -> Iterator[Change]:
    """Compare what a deployment does to machines with local disks.

    Args:
        sides: both sides of the change.
    """
    hosts = [pair for pair in sides.matching.pairs if pair.type in HOSTS and pair.base is not None]
    if not hosts:
        return
    order = Order(sides)

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        fates = Fates(sides, choices)
        found: list[tuple[View, Ending]] = []
        said: set[tuple[Any, ...]] = set()
        for pair in hosts:
            before, after = sides.views(pair, choices)
            if before is None or not has_local_disks(before):
                continue
            ending, left = _ending(sides, fates, pair, before, after)
            if ending is not None:
                found.append((before, ending))
                said.add(("weaker", "ends", pair.number, ending.why, _machines(before)))
            said |= left
        for members in _clusters(sides.base, found):
            said |= _together(members, order)
        return frozenset(said)

    yield from _changes(sides, hosts, evaluate)


def _changes(sides: Sides, hosts: Sequence[Pair], evaluate: Any) -> Iterator[Change]:
    from nexis.diff.sides import in_every_scenario

    by_number = {pair.number: pair for pair in hosts}
    try:
        outcomes = list(in_every_scenario(evaluate))
    except TooManyScenarios as problem:
        if not all(Maker(sides, pair, "hosts").is_untouched() for pair in hosts):
            yield Maker(sides, hosts[0], "hosts", "fatal").change("weaker", f"hosts cannot be compared: {problem}")
        return
    fatal = {number for o in outcomes if o.found[1] in ("fatal", "ordered") for number, _ in o.found[3]}
    for outcome in sorted(outcomes, key=lambda o: (o.found[1] != "fatal", str(o.found))):
        direction, kind = outcome.found[:2]
        when = f" (when {outcome.when})" if outcome.when else ""
        if kind in ("fatal", "ordered"):
            _, _, cluster, ends = outcome.found
            first = by_number[ends[0][0]]
            severity = "fatal" if kind == "fatal" else "error"
            message = _cluster_sentence(kind, cluster, [(by_number[n].shown[1].logical_id, why) for n, why in ends])
            yield Maker(sides, first, "hosts").change("weaker", message + when, severity=severity, advice=ADVICE)
        elif kind == "ends":
            _, _, number, why, machines = outcome.found
            if number not in fatal:
                name = by_number[number].shown[1].logical_id
                text = f"{machines} of {name} would be replaced or ended: {why}; what is on its local disks is lost"
                yield Maker(sides, by_number[number], "hosts").change("weaker", text + when, advice=ADVICE)
        else:
            _, _, number, text = outcome.found
            severity = "warning"
            yield Maker(sides, by_number[number], "hosts").change(direction, text + when, severity=severity)


def _cluster_sentence(kind: str, cluster: str, ends: Sequence[tuple[str, str]]) -> str:
    listed = "; ".join(f"{name} ({why})" for name, why in ends)
    count = len(ends)
    if kind == "fatal":
        return (
            f"one deployment could replace or end {count} hosts of the cluster {cluster} at the same time, and what "
            f"lies on their local disks would be gone together: {listed}"
        )
    return (
        f"one deployment would replace or end {count} hosts of the cluster {cluster} one after the other, without "
        f"waiting until a new one has caught up: {listed}"
    )


def _machines(view: View) -> str:
    return "the machine" if view.type == INSTANCE else "the machines"


# ---- what has local disks, and what belongs together ----


def has_local_disks(host: View) -> bool:
    """Whether the data of a machine or a group lies on local NVMe: by its type, or as a host of a database cluster.

    Args:
        host: an instance or an Auto Scaling group.
    """
    known = encrypted_nvme_types()
    return any(name in known for name in _types(host)) or belongs_to_cluster(host)


def _types(host: View) -> Iterator[str]:
    for machine in _machines_of(host):
        value = machine.peek(*MACHINE[machine.type], "InstanceType")
        if isinstance(value, str):
            yield value
    overrides = host.peek("MixedInstancesPolicy", "LaunchTemplate", "Overrides")
    for item in overrides if isinstance(overrides, list) else []:
        if isinstance(value := as_mapping(item).get("InstanceType"), str):
            yield value


def _machines_of(host: View) -> list[View]:
    try:
        sources = list(launched_from(host))
    except Undetermined:
        sources = []
    return [host, *sources] if host.type == INSTANCE else sources


def _clusters(side: Side, found: Sequence[tuple[View, Ending]]) -> Iterator[list[Ending]]:
    """Put the hosts of one cluster together."""
    names = [(_tags(view), _likeness(side, view)) for view, _ in found]
    cluster = list(range(len(found)))
    for i, j in combinations(range(len(found)), 2):
        (ours, alike), (theirs, others) = names[i], names[j]
        same = bool(ours & theirs) if ours and theirs else not (ours or theirs) and bool(alike & others)
        if same and _may_be_in_one_place(found[i][0], found[j][0]):
            cluster = [cluster[i] if c == cluster[j] else c for c in cluster]
    for name in dict.fromkeys(cluster):
        members = [ending for (_, ending), c in zip(found, cluster, strict=True) if c == name]
        if len(members) > 1:
            yield members


def _tags(host: View) -> frozenset[tuple[str, str]]:
    """Give the cluster that a host says it belongs to, with its environment."""
    views = [host, *_machines_of(host)]
    clusters = {str(value) for view in views for value in tag_values(view, CLUSTER_TAG)}
    environments = {str(value) for view in views for value in tag_values(view, ENVIRONMENT_TAG)} or {""}
    return frozenset((cluster, environment) for cluster in clusters for environment in environments)


def _likeness(side: Side, host: View) -> frozenset[str]:
    """Give what hosts of one cluster have in common where no tag says so: construct, name, network, template."""
    found = {f"launch {m.template.key} {m.logical_id}" for m in _machines_of(host) if not m.is_same(host)}
    for view in (host, *_machines_of(host)):
        found |= {f"group {side.plain(value)}" for _, value in named_groups(view)}
    construct = (host.resource.construct or "").rsplit("/", 2)
    if len(construct) == 3 and "/" in construct[0]:
        found.add(f"construct {construct[0]}")
    stem = re.sub(r"[0-9A-F]{8}$", "", host.logical_id)
    stem = re.sub(r"\d+|(?<![A-Z])[A-F](?=$|[A-Z])", "#", stem)
    return frozenset({*found, f"name {host.template.key} {host.type} {stem}"})


def _may_be_in_one_place(one: View, other: View) -> bool:
    places = ((one.template.region, other.template.region), (one.template.account, other.template.account))
    return all(a is None or b is None or a == b for a, b in places)


def _together(members: Sequence[Ending], order: Order) -> set[tuple[Any, ...]]:
    """Say what it means that several hosts of a cluster end in one deployment."""
    ends = tuple((ending.number, ending.why) for ending in members)
    cluster = members[0].cluster
    at_once = any(
        not ({one.how, other.how} <= IN_ORDER and order.is_settled(one.number, other.number))
        for one, other in combinations(members, 2)
    )
    return {("weaker", "fatal" if at_once else "ordered", cluster, ends)}


# ---- what happens to one host ----


def _ending(
    sides: Sides, fates: Fates, pair: Pair, before: View, after: View | None
) -> tuple[Ending | None, set[tuple[Any, ...]]]:
    """Say whether a deployment ends a host, and what else there is to know."""
    tags = sorted(_tags(before))
    cluster = tags[0][0] if tags else "that they form"

    def made(how: str, why: str) -> tuple[Ending, set[tuple[Any, ...]]]:
        return Ending(pair.number, how, why, cluster), set()

    name = pair.shown[1].logical_id
    fate = fates.of(pair)
    if fate is not None and (fate.how != "may be replaced" or pair.type == INSTANCE):
        if fate.policy in KEPT:
            text = f"{name}: {fate.why}; what runs there stays behind, unmanaged (Retain)"
            return None, {("weaker", "left", pair.number, text)}
        return made("deleted" if fate.how == "deleted" else "replaced", fate.why)
    if after is None:
        return None, set()
    if pair.type == INSTANCE:
        changed = [n for n in STOPPING if _differ(sides, fates, before.peek(n), after.peek(n))]
        return made("stopped", f"{', '.join(changed)} changed, which stops it") if changed else (None, set())
    for how, why in (*_moved(sides, fates, before, after), *_shrunk(before, after)):
        return made(how, why)
    if not _launches_differently(sides, fates, before, after):
        return None, set()
    rolled = _update(after)
    if rolled is not None:
        return made(*rolled)
    text = f"{name}: the new settings wait; a running host stays until it is replaced for another reason"
    return None, {("note", "waits", pair.number, text)}


def _differ(sides: Sides, fates: Fates, old: Any, new: Any) -> bool:
    return bool(fates.plain(sides.base, old) != fates.plain(sides.head, new))


def _moved(sides: Sides, fates: Fates, before: View, after: View) -> Iterator[tuple[str, str]]:
    """Say whether Auto Scaling would move hosts: out of a subnet or zone that is no longer the group's."""
    for name in ("VPCZoneIdentifier", "AvailabilityZones"):
        old = {str(fates.plain(sides.base, item)) for item in _listed(before.peek(name))}
        new = {str(fates.plain(sides.head, item)) for item in _listed(after.peek(name))}
        if new and old - new:
            yield "moved", f"{name} changed, so Auto Scaling starts hosts elsewhere and ends those that run"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if isinstance(value, Absent) else [value]


def _shrunk(before: View, after: View) -> Iterator[tuple[str, str]]:
    """Say whether the group gets too small for the hosts in it, or ends them by age."""
    for name in ("MaxSize", "DesiredCapacity"):
        old, new = _size(before.peek(name)), _size(after.peek(name))
        if old is not None and new is not None and new < old:
            yield "moved", f"{name} goes from {old:g} to {new:g}"
    old, new = _size(before.peek("MaxInstanceLifetime")), after.peek("MaxInstanceLifetime")
    limit = _size(new)
    if isinstance(new, Unknown) and not isinstance(before.peek("MaxInstanceLifetime"), Unknown):
        yield "moved", f"MaxInstanceLifetime cannot be known: {new.reason}"
    elif limit and (not old or limit < old):
        yield "moved", f"MaxInstanceLifetime is now {limit:g} seconds, and older hosts are replaced"


def _size(value: Any) -> float | None:
    return as_number(scalar_text(value)) if isinstance(value, (str, int, float)) else None


def _launches_differently(sides: Sides, fates: Fates, before: View, after: View) -> bool:
    return _launch(sides.base, fates, before) != _launch(sides.head, fates, after)


def _launch(side: Side, fates: Fates, group: View) -> list[Any]:
    """Write what a group launches; a version that follows its template changes with it."""
    found = [fates.plain(side, group.peek(n)) for n in ("LaunchTemplate", "LaunchConfigurationName")]
    mixed = group.peek("MixedInstancesPolicy")
    found.append(fates.plain(side, mixed))
    for value in _leaves([group.peek("LaunchTemplate"), mixed]):
        if isinstance(value, Reference) and value.attribute in VERSIONS:
            template = group.named(value, LAUNCH_TEMPLATE)
            if template is not None:
                found.append(fates.plain(side, template.peek("LaunchTemplateData")))
    return found


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _update(group: View) -> tuple[str, str] | None:
    """Say how CloudFormation replaces the hosts of a group that launches differently; None where it does not."""
    raw = group.resource.update_policy
    found = None if raw is None else group.resolve(raw)
    if isinstance(found, Unknown):
        return "replaced", f"it launches differently, and its update policy cannot be known: {found.reason}"
    policy = as_mapping(None if found is NO_VALUE else found)
    will = as_mapping(policy.get(REPLACING)).get("WillReplace")
    if will is not None and scalar_text(will).lower() != "false":
        return "replaced", "it launches differently, and its update policy replaces the group"
    if policy.get(ROLLING) is not None:
        return "rolled", "it launches differently, and its update policy replaces running hosts"
    other = sorted(set(policy) - HARMLESS)
    return ("replaced", f"it launches differently, and its update policy has {', '.join(other)}") if other else None
