"""Which EC2 instance types have local NVMe disks that are always encrypted.

The table is `data/instance_types.json`, written by `nexis catalog refresh` from EC2's own answer to
DescribeInstanceTypes: never a guess from the letter d in a name. A type is in it when `InstanceStorageInfo` says
`NvmeSupport=required` and `EncryptionSupport=required` and every local disk is an SSD. (D3 and D3en answer `required`
twice as well, but their disks are HDDs.)

Source: EC2 API Reference, InstanceStorageInfo; EC2 User Guide, "Data protection in Amazon EC2", encryption at rest.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.facts._names import nearest_names
from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Processor architectures on which a database host of ours can boot. (EC2's `mac` types have encrypted NVMe too.)
HOST_ARCHITECTURES: Final = frozenset({"arm64", "x86_64"})


@record
class InstanceType:
    """One EC2 instance type with encrypted local NVMe disks.

    Attributes:
        name: The type's name, such as ``i4i.2xlarge``.
        architecture: ``x86_64``, ``arm64``, or ``arm64_mac`` as EC2 names it.
        vcpus: Default number of virtual CPUs.
        memory_mib: Memory in MiB.
        disks: Number of local disks.
        disk_gb: Size of each disk in GB (10^9 bytes), as EC2 reports it.
    """

    name: str
    architecture: str
    vcpus: int
    memory_mib: int
    disks: int
    disk_gb: int


@record
class CatalogueSource:
    """Where a table came from.

    Attributes:
        date: Day on which the answer was taken, ISO 8601.
        source: Who answered what, in words.
    """

    date: str
    source: str


@cache
def _table() -> tuple[CatalogueSource, Mapping[str, InstanceType]]:
    document = json.loads(Path(__file__).with_name("data").joinpath("instance_types.json").read_text(encoding="utf-8"))
    types = {name: InstanceType(name=name, **facts) for name, facts in document["types"].items()}
    return CatalogueSource(document["date"], document["source"]), MappingProxyType(types)


def encrypted_nvme_types() -> Mapping[str, InstanceType]:
    """Return every EC2 type whose local disks are NVMe SSDs and always encrypted, by name.

    Returns:
        A read-only mapping, sorted by name.

    Source: EC2 DescribeInstanceTypes, see `catalogue_source`.
    """
    return _table()[1]


def has_encrypted_nvme(name: str) -> bool:
    """Say whether an EC2 type has local NVMe disks that are always encrypted.

    Args:
        name: The type's name, such as ``i4i.2xlarge``; EC2 names are lower-case.

    Returns:
        True if the catalogue lists it; False for every other name, known to EC2 or not.
    """
    return name in encrypted_nvme_types()


@lru_cache(maxsize=64)  # the hosts of a template are seldom of many types
def nearest_instance_types(name: str, count: int = 3) -> tuple[str, ...]:
    """Return the types nearest to a name that do have encrypted NVMe and can run a database host.

    Args:
        name: The name that was asked for, such as ``m7g.large``.
        count: How many to return, at most.

    Returns:
        Type names, nearest first: same purpose, processor and size before others.
    """
    hosts = [t.name for t in encrypted_nvme_types().values() if t.architecture in HOST_ARCHITECTURES]
    return nearest_names(name, hosts, count)


def catalogue_source() -> CatalogueSource:
    """Return the date and the true source of the instance catalogue."""
    return _table()[0]
