"""Block device mappings: the EBS volumes that a machine, a fleet or a recipe starts with.

Sources: CloudFormation reference, BlockDeviceMapping of each type; EBS User Guide, "Amazon EBS encryption". As of
2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, parts
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

BY_DEFAULT: Final = "EBS then encrypts only if the account is set to, or the snapshot is encrypted"


def unencrypted_mappings(resource: View, path: tuple[str | int, ...]) -> Iterator[Problem]:
    """Judge every EBS volume in a list of block device mappings; which device it is does not matter.

    Args:
        resource: the resource.
        path: of the list, from `Properties` down.
    """
    count = len(resource.items(*path))
    yield from parts(*(partial(_mapping, resource, (*path, position)) for position in range(count)))


def _mapping(resource: View, here: tuple[str | int, ...]) -> Iterator[Problem]:
    if not isinstance(resource.get(*here), dict):
        raise Undetermined(place(*here), "found no map, expected a block device mapping")
    found = resource.get(*here, "Ebs")
    if isinstance(found, Absent):
        return  # an instance store volume, or a device that is left out
    if not isinstance(found, dict):
        yield Problem(place(*here, "Ebs"), "found no map, expected the volume's settings with Encrypted: true")
    else:
        yield from unencrypted(resource, (*here, "Ebs"))


def unencrypted(resource: View, path: tuple[str | int, ...]) -> Iterator[Problem]:
    """Judge the settings of one EBS volume.

    Args:
        resource: the resource.
        path: of the settings, from `Properties` down.
    """
    if not resource.flag(*path, "Encrypted", default=False):
        yield Problem(place(*path, "Encrypted"), f"is not true: {BY_DEFAULT}; expected true")
