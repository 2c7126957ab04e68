"""What was read and what stacks list -> one template, as the rules see it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from nexis.audit.links import Linker, logical_ids
from nexis.audit.model import AWS_MANAGED_KEY
from nexis.audit.read import ONLY_WRITTEN, READ_TYPES
from nexis.audit.scope import NESTED
from nexis.facts.tags import PLACEHOLDER, PROGRAM_TAG
from nexis.rules.engine.missing import LISTED_TYPE
from nexis.templates.load import with_stack
from nexis.templates.model import Resource, Template

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from nexis.audit.model import Key, Live
    from nexis.audit.scope import Listed

PLACEHOLDER_TAG: Final = (PROGRAM_TAG, PLACEHOLDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What is deployed, ready to be judged.

    Args:
        template: every resource in CloudFormation's shape.
        live: what was read, by the name that findings use.
        stacks: the stack that lists a resource, by the name that findings use.
        written: the properties that the deployed template gives a resource, by the name that findings use.
        real: for the pseudo resources of what is missing, (identity, type) by their name.
        not_read: how many listed resources of which types were not read, because no rule looks at them.
    """

    template: Template
    live: Mapping[str, Live]
    stacks: Mapping[str, str]
    written: Mapping[str, Mapping[str, Any]]
    real: Mapping[str, tuple[str, str]]
    not_read: Mapping[str, int]

    @property
    def placeholders(self) -> bool:
        """Whether some host runs no database yet, by its tag."""
        return any(_is_placeholder(live.properties) for live in self.live.values())


def assemble(
    read: Sequence[Live], listed: Sequence[Listed], *, judged: Collection[str], account: str, region: str
) -> Deployed:
    """Make one template of what is deployed.

    Args:
        read: every resource that was read.
        listed: every resource that stacks list.
        judged: the types that some rule looks at.
        account: the audited account.
        region: the audited region.
    """
    resources: dict[str, Resource] = {}
    live_by_name: dict[str, Live] = {}
    stacks: dict[str, str] = {}
    own = [live for live in read if live.type != AWS_MANAGED_KEY]
    names = logical_ids(own)
    linker = Linker(read, names)
    listing = {resource.key: resource for resource in listed}
    for live in own:
        name = names[live.key]
        entry = _entry(listing, live)
        live_by_name[name] = live
        if entry is not None:
            stacks[name] = entry.stack
        resources[name] = _resource(name, live, linker.properties(live), entry)
    real: dict[str, tuple[str, str]] = {}
    for identity, kind, pseudo in _missing(own, listed, judged):
        name = pseudo.logical_id
        while name in resources:
            name += " (listed)"
        resources[name] = _renamed(pseudo, name)
        real[name] = (identity, kind)
        if pseudo.properties.get("Stack"):
            stacks[name] = pseudo.properties["Stack"]
    template = Template(
        key="live", file=f"aws://{account}/{region}", resources=resources, region=region, account=account
    )
    return Deployed(
        template=with_stack(template, construct=None),
        live=live_by_name,
        stacks=stacks,
        real=real,
        written={
            names[live.key]: properties
            for live in own
            if (entry := _entry(listing, live)) is not None
            and isinstance(properties := entry.written.get("Properties"), dict)
        },
        not_read=dict(sorted(Counter(r.type for r in listed if r.type not in {*READ_TYPES, *judged, NESTED}).items())),
    )


def _entry(listing: Mapping[Key, Listed], live: Live) -> Listed | None:
    """What a stack lists of a resource; `lt-1:3` belongs to `lt-1`."""
    return listing.get(live.key) or listing.get((live.type, live.identity.partition(":")[0]))


def _resource(name: str, live: Live, properties: dict[str, Any], entry: Listed | None) -> Resource:
    written: Mapping[str, Any] = {} if entry is None else entry.written
    template_properties = written.get("Properties")
    if isinstance(template_properties, dict):
        for only in ONLY_WRITTEN.get(live.type, ()):
            if only in template_properties:
                properties[only] = template_properties[only]
    return Resource(
        logical_id=name,
        type=live.type,
        properties=properties,
        construct=None if entry is None else entry.construct,
        deletion_policy=written.get("DeletionPolicy"),
        update_policy=written.get("UpdatePolicy"),
        update_replace_policy=written.get("UpdateReplacePolicy"),
    )


def _missing(
    read: Sequence[Live], listed: Sequence[Listed], judged: Collection[str]
) -> Iterator[tuple[str, str, Resource]]:
    """Give a pseudo resource for each that is listed and gone, cannot be read, or does not do its work."""
    present: set[Key] = {key for live in read for key in (live.key, *live.stands_for)}
    broken = {live.key: live for live in read if live.trouble}
    for entry in listed:
        if entry.type in READ_TYPES:
            if entry.key not in present:
                yield entry.identity, entry.type, _pseudo(entry, "gone", "")
        elif entry.type in judged:
            yield entry.identity, entry.type, _pseudo(entry, "unread", "")
        live = broken.pop(entry.key, None)
        if live is not None:
            yield live.name or live.identity, live.type, _pseudo(entry, "broken", live.trouble)
    for live in broken.values():
        name = live.name or live.identity
        properties = {"Type": live.type, "State": "broken", "Trouble": live.trouble}
        yield name, live.type, Resource(logical_id=name, type=LISTED_TYPE, properties=properties)


def _pseudo(entry: Listed, state: str, trouble: str) -> Resource:
    return Resource(
        logical_id=entry.identity,
        type=LISTED_TYPE,
        properties={
            "Type": entry.type,
            "Stack": entry.stack,
            "LogicalId": entry.logical_id,
            "State": state,
            **({"Trouble": trouble} if trouble else {}),
        },
        construct=entry.construct,
    )


def _renamed(resource: Resource, name: str) -> Resource:
    return Resource(logical_id=name, type=resource.type, properties=resource.properties, construct=resource.construct)


def _is_placeholder(value: Any) -> bool:
    key, wanted = PLACEHOLDER_TAG
    if isinstance(value, dict):
        return (value.get("Key"), value.get("Value")) == (key, wanted) or any(map(_is_placeholder, value.values()))
    return isinstance(value, list) and any(map(_is_placeholder, value))
