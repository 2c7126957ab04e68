"""What the audit reads: live resources in CloudFormation's shape, and what is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

Key = tuple[str, str]
"""A resource type and a physical id, as CloudFormation lists them."""

AWS_MANAGED_KEY: Final = "(AWS managed key)"
"""Type of a key that AWS made for a service: no resource of anybody's template, but it has an alias to be named by."""


class AuditError(Exception):
    """The audit cannot judge.

    Args:
        problems: each says what was found, what was expected and what to do.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """One resource that AWS has now.

    Args:
        type: the CloudFormation type.
        identity: the physical id, as CloudFormation lists it.
        properties: in CloudFormation's shape; what belongs to other resources still stands as plain text.
        name: how findings name it, where the identity is long or shared with another type; the identity when empty.
        attributes: what others write to name it, with the attribute that gives it (empty: `Ref`).
        stands_for: resources that CloudFormation lists by themselves and that this one contains.
        trouble: why it does not do its work although it exists.
        handles: for the commands that mend it: what AWS calls a part of it, by property path.
    """

    type: str
    identity: str
    properties: Mapping[str, Any]
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    stands_for: tuple[Key, ...] = ()
    trouble: str = ""
    handles: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Its type and identity."""
        return self.type, self.identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one round of reading asks for.

    Args:
        ids: physical ids by resource type.
        vpcs: networks of which everything inside is wanted.
        databases: ARNs of databases whose backups are wanted.
        everything: whether the whole region is wanted.
    """

    ids: Mapping[str, Collection[str]] = field(default_factory=dict)
    vpcs: Collection[str] = ()
    databases: Collection[str] = ()
    everything: bool = False

    def of(self, *types: str) -> frozenset[str]:
        """The physical ids of some types."""
        return frozenset(identity for kind in types for identity in self.ids.get(kind, ()))

    def has(self, kind: str, identity: str) -> bool:
        """Whether one resource is wanted."""
        return self.everything or identity in self.ids.get(kind, ())


class Aws(Protocol):
    """How the audit asks AWS; `nexis.audit.session` has the real one."""

    account: str
    region: str

    def call(self, service: str, operation: str, /, *, absent: Collection[str] = (), **parameters: Any) -> Any:
        """One request; None if AWS answers with one of the error codes in `absent`."""

    def pages(
        self, service: str, operation: str, member: str, /, *, absent: Collection[str] = (), **parameters: Any
    ) -> list[Any]:
        """All items of a list that comes in pages."""

    def each(self, function: Any, items: Iterable[Any]) -> list[Any]:
        """Apply a function to items, several at a time, and keep the order."""
