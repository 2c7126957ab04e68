"""Which RDS DB instance classes have a local NVMe disk.

No RDS API reports local disks. A class has one when the EC2 type of the same name (without `db.`) has encrypted NVMe,
and RDS offers the class for PostgreSQL. On RDS the data itself stays on EBS volumes and the local disk holds temporary
objects (Optimized Reads), so a local-NVMe class never replaces `StorageEncrypted`.

Source: RDS User Guide, "Improving query performance for RDS for PostgreSQL with Amazon RDS Optimized Reads" and "DB
instance classes"; the classes offered are in `data/rds_classes.json`, dated and sourced there.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.facts._names import nearest_names
from nexis.facts.instance_types import CatalogueSource, has_encrypted_nvme

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX: Final = "db."

#: Families with local NVMe that RDS offers for PostgreSQL.
#: Source: RDS User Guide, "DB instance classes" (hardware specifications), 2026-10-20.
LOCAL_NVME_FAMILIES: Final = frozenset(
    {"m5d", "m6gd", "m6id", "m6idn", "m8gd", "r5d", "r6gd", "r6id", "r6idn", "r8gd", "x2idn", "x2iedn"}
)


@cache
def _table() -> tuple[CatalogueSource, Mapping[str, frozenset[str]]]:
    document = json.loads(Path(__file__).with_name("data").joinpath("rds_classes.json").read_text(encoding="utf-8"))
    classes = {name: frozenset(regions) for name, regions in document["classes"].items()}
    return CatalogueSource(document["date"], document["source"]), MappingProxyType(classes)


def classes_source() -> CatalogueSource:
    """Return the date and the true source of the table of classes that RDS offers for PostgreSQL."""
    return _table()[0]


def postgresql_classes() -> Mapping[str, frozenset[str]]:
    """Return every class RDS offers for PostgreSQL, with the approved regions that offer it.

    Returns:
        A read-only mapping from class (``db.m6gd.large``) to region names.

    Source: see `classes_source`.
    """
    return _table()[1]


@cache
def local_nvme_classes() -> frozenset[str]:
    """Return the DB instance classes for PostgreSQL that have a local, encrypted NVMe disk."""
    return frozenset(name for name in postgresql_classes() if _qualifies(name))


def _qualifies(db_class: str) -> bool:
    ec2_name = db_class.removeprefix(_PREFIX)
    return ec2_name.partition(".")[0] in LOCAL_NVME_FAMILIES and has_encrypted_nvme(ec2_name)


def has_local_nvme(db_class: str) -> bool:
    """Say whether a DB instance class has a local, encrypted NVMe disk.

    Args:
        db_class: The class, such as ``db.m6gd.large``.

    Returns:
        True if RDS offers it for PostgreSQL and EC2 reports encrypted NVMe for it; False for any other text.
    """
    return db_class in local_nvme_classes()


def is_offered(db_class: str, region: str) -> bool:
    """Say whether RDS offers a class for PostgreSQL in an approved region.

    Args:
        db_class: The class, such as ``db.m6gd.large``.
        region: An approved region, such as ``eu-central-1``.

    Returns:
        False also for a class or a region that the table does not know.
    """
    return region in postgresql_classes().get(db_class, frozenset())


def nearest_classes(db_class: str, count: int = 3, *, region: str | None = None) -> tuple[str, ...]:
    """Return the classes nearest to a name that do have local NVMe.

    Args:
        db_class: The class that was asked for, such as ``db.m7g.large``.
        count: How many to return, at most.
        region: If given, only classes offered in this approved region.

    Returns:
        Class names, nearest first.
    """
    wanted = db_class.strip().lower().removeprefix(_PREFIX)
    offered = [c.removeprefix(_PREFIX) for c in local_nvme_classes() if region is None or is_offered(c, region)]
    return tuple(_PREFIX + name for name in nearest_names(wanted, offered, count))
