"""The policies of resources, as the table in `nexis.facts.access_policies` finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.access_policies import BUCKET_POLICIES, RESOURCE_POLICIES
from nexis.templates.values import Unknown
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

Path = tuple[str | int, ...]

#: Every type whose policy is a document, buckets and access points among them.
TYPES = tuple(dict.fromkeys((*(policy.type for policy in RESOURCE_POLICIES), *BUCKET_POLICIES)))


def policies(resource: View) -> Iterator[tuple[Path, str]]:
    """Give the path of each policy that a resource has, with what it guards.

    Args:
        resource: of one of `TYPES`.

    Raises:
        Undetermined: a list on the way is open.
    """
    if resource.type in BUCKET_POLICIES:
        yield from ((path, "objects") for path in _present(resource, (), (BUCKET_POLICIES[resource.type],)))
    for policy in RESOURCE_POLICIES:
        if policy.type == resource.type:
            yield from ((path, policy.guards) for path in _present(resource, (), policy.path))


def _present(resource: View, done: Path, left: tuple[str, ...]) -> Iterator[Path]:
    if "*" not in left:
        if not isinstance(resource.peek(*done, *left), Absent):
            yield (*done, *left)
        return
    star = left.index("*")
    here = (*done, *left[:star])
    value = resource.peek(*here)
    if isinstance(value, Unknown):
        yield here  # reading it says what it hangs on
        return
    for position in range(len(resource.items(*here))):
        yield from _present(resource, (*here, position), left[star + 1 :])


def has_policy(resource: View) -> bool:
    """Whether a resource has a policy of its own, or one that cannot be known."""
    return next(policies(resource), None) is not None
