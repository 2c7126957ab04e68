"""What a mend is: the declarations that `types/` and `answers/` make and that `registry` puts into MiniStack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local_aws.wire import Reply

Properties = Mapping[str, Any]
Attributes = dict[str, Any]


def flag(value: object) -> bool:
    """CloudFormation passes booleans as true or "true".

    Args:
        value: A template's value.
    """
    return str(value).lower() == "true"


def pick(properties: Properties, *names: str) -> dict[str, Any]:
    """The properties of these names that are there.

    Args:
        properties: A resource's properties.
        *names: The names wanted.
    """
    return {name: properties[name] for name in names if name in properties}


def changed(old: Properties, new: Properties, *names: str) -> bool:
    """Whether an update touches one of the properties; what it leaves alone keeps the drift it has, as on AWS.

    Args:
        old: The properties before; empty at creation.
        new: The properties now.
        *names: The names in question.
    """
    return any(old.get(name) != new.get(name) for name in names) or not old


def as_list(value: Any) -> list[Any]:
    """A list, whether one value was given or several, or none.

    Args:
        value: A template's value.
    """
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource stands in its stack.

    Args:
        stack: The stack's name.
        logical_id: The resource's name in the template.
    """

    stack: str
    logical_id: str


@dataclass(frozen=True, slots=True)
class NewType:
    """A CloudFormation type that MiniStack refuses.

    Args:
        create: Makes it: (properties, place) -> (physical id, attributes).
        delete: Ends it: (physical id, properties). What is already gone counts as deleted.
        update: Changes it in place: (physical id, old, new) -> attributes. Without it an update makes a new one and
            deletes the old one.
        replaces: Properties whose change needs a new resource.
    """

    create: Callable[[Properties, Place], tuple[str, Attributes]]
    delete: Callable[[str, Properties], None]
    update: Callable[[str, Properties, Properties], Attributes] | None = None
    replaces: tuple[str, ...] = ()


def _same(identity: str, _properties: Properties) -> str:
    return identity


def _nothing(_identity: str, _properties: Properties) -> None:
    return None


@dataclass(frozen=True, slots=True)
class MendedType:
    """A type whose stock handler forgets properties or allows what AWS refuses.

    Args:
        finish: Does what the stock handler forgot: (physical id, old, new) -> more attributes. `old` is empty at
            creation.
        refuse: Raises if AWS would refuse to delete it: (physical id, properties).
        before_delete: What AWS deletes with it: (physical id, properties).
        replaces: Properties whose change needs a new resource, beside those MiniStack knows.
        shown_id: The physical id AWS gives, from MiniStack's: (physical id, properties). `finish` and the others see
            AWS's.
        stock_id: The way back.
    """

    finish: Callable[[str, Properties, Properties], Attributes] | None = None
    refuse: Callable[[str, Properties], None] = _nothing
    before_delete: Callable[[str, Properties], None] = _nothing
    replaces: tuple[str, ...] = ()
    shown_id: Callable[[str, Properties], str] = _same
    stock_id: Callable[[str, Properties], str] = _same


@dataclass(frozen=True, slots=True)
class Call:
    """A request of an action-style service, before its answer.

    Args:
        service: The boto3 name.
        operation: The operation's name.
        parameters: As the client passed them to boto3.
        stock: MiniStack's own handling.
    """

    service: str
    operation: str
    parameters: dict[str, Any]
    stock: Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RestCall:
    """A request of a service that speaks in paths.

    Args:
        method: The HTTP method.
        path: The path.
        headers: The headers, lower-case names.
        query: The query string's parameters.
        body: The body.
        stock: MiniStack's own handling.
    """

    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, list[str]]
    body: bytes
    stock: Callable[[], Reply]


Answer = Callable[[Call], dict[str, Any]]
RestAnswer = Callable[[RestCall], Reply | None]
