"""Which resources use a security group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexis.facts.network_security_groups import SECURITY_GROUP_PATHS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

Path = tuple[str | int, ...]


def named_groups(resource: View) -> Iterator[tuple[Path, Any]]:
    """Give what a resource names as its security groups, each with its path, as far as that can be read.

    Args:
        resource: of any type.
    """
    for written in SECURITY_GROUP_PATHS.get(resource.type, ()):
        first, *rest = written.split(".")
        yield from _values(resource.peek(first), tuple(rest), (first,))


def _values(value: Any, path: tuple[str, ...], done: Path) -> Iterator[tuple[Path, Any]]:
    if path and path[0] != "*":
        if isinstance(value, dict):
            yield from _values(value.get(path[0]), path[1:], (*done, path[0]))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _values(item, path[1:], (*done, position))
    elif path:
        yield from _values(value, path[1:], done)
    elif isinstance(value, str):
        yield done, value


def users_of(group: View) -> Iterator[View]:
    """Give the resources that use a security group of the assembly.

    Args:
        group: an AWS::EC2::SecurityGroup.
    """
    for resource in group.scene.views(*SECURITY_GROUP_PATHS):
        if any(group.is_named_by(value) for _, value in named_groups(resource)):
            yield resource
