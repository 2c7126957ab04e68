"""Refreshing the instance catalogue from EC2's own answer.

`nexis catalog refresh` asks DescribeInstanceTypes, keeps the types whose local disks are encrypted NVMe SSDs, and
writes `nexis/facts/data/instance_types.json`. It refuses to replace the table by one that lost many types: a wrong
endpoint, a missing permission or a half answer must not open or close the gate unnoticed.

Source: EC2 API Reference, DescribeInstanceTypes.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

from nexis.facts.instance_types import InstanceType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

#: The largest share of the present table that a refresh may drop without being told to.
MOST_LOST: Final = 0.05

#: So many regions are named in the file; more are counted.
MOST_NAMED: Final = 3

#: The table that ships with the package.
CATALOGUE: Final = Path(__file__).parent / "facts" / "data" / "instance_types.json"


class CatalogueError(Exception):
    """The catalogue could not be refreshed; the message says what was got, what was expected and what to do."""


class _Paginator(Protocol):
    def paginate(self, **arguments: Any) -> Iterable[Mapping[str, Any]]: ...


class InstanceTypesClient(Protocol):
    """The part of a boto3 EC2 client that is used here."""

    def get_paginator(self, operation_name: Any, /) -> Any:
        """Return a paginator for an operation."""


def describe(client: InstanceTypesClient) -> tuple[Mapping[str, Any], ...]:
    """Ask EC2 for every instance type that has local disks.

    Args:
        client: A boto3 EC2 client of one region.

    Returns:
        The `InstanceTypes` of all pages.
    """
    paginator: _Paginator = client.get_paginator("describe_instance_types")
    pages = paginator.paginate(Filters=[{"Name": "instance-storage-supported", "Values": ["true"]}])
    return tuple(answer for page in pages for answer in page.get("InstanceTypes", ()))


def enabled_regions(client: Any) -> tuple[str, ...]:
    """Ask EC2 for the regions that are enabled for the account; no single region offers every type.

    Args:
        client: A boto3 EC2 client of any region.

    Returns:
        The regions' names, sorted.
    """
    return tuple(sorted(region["RegionName"] for region in client.describe_regions()["Regions"]))


def read_type(answer: Mapping[str, Any]) -> InstanceType | None:
    """Read one entry of DescribeInstanceTypes.

    Args:
        answer: The entry.

    Returns:
        The type if all its local disks are encrypted NVMe SSDs; None otherwise.

    Raises:
        CatalogueError: If a qualifying entry lacks a figure, or has several architectures or kinds of disk, which the
            table cannot express.
    """
    storage = answer.get("InstanceStorageInfo") or {}
    disks = storage.get("Disks") or ()
    if storage.get("NvmeSupport") != "required" or storage.get("EncryptionSupport") != "required":
        return None
    if not disks or any(disk.get("Type") != "ssd" for disk in disks):
        return None
    name = answer.get("InstanceType")
    # A type that can also run 32-bit programs says i386 as well; every present NVMe type is 64-bit only.
    architectures = [a for a in (answer.get("ProcessorInfo") or {}).get("SupportedArchitectures", ()) if a != "i386"]
    try:
        if len(disks) != 1 or len(architectures) != 1:
            raise CatalogueError(
                f"{name}: got {len(disks)} kinds of disk and the architectures {architectures}; "
                "expected one of each; do: extend InstanceType before refreshing"
            )
        return InstanceType(
            name=str(answer["InstanceType"]),
            architecture=str(architectures[0]),
            vcpus=int(answer["VCpuInfo"]["DefaultVCpus"]),
            memory_mib=int(answer["MemoryInfo"]["SizeInMiB"]),
            disks=int(disks[0]["Count"]),
            disk_gb=int(disks[0]["SizeInGB"]),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise CatalogueError(
            f"{name}: the answer has no usable {problem}; expected name, processor, memory and disks; "
            "do: check what answers at the endpoint"
        ) from problem


def merge(answers: Iterable[Iterable[Mapping[str, Any]]]) -> dict[str, InstanceType]:
    """Merge the answers of several regions into one table.

    Args:
        answers: The entries of each region.

    Returns:
        The qualifying types by name, sorted.

    Raises:
        CatalogueError: If two regions describe the same type differently.
    """
    table: dict[str, InstanceType] = {}
    for region in answers:
        for answer in region:
            found = read_type(answer)
            if found is None:
                continue
            if table.setdefault(found.name, found) != found:
                raise CatalogueError(
                    f"got two descriptions of {found.name}: {table[found.name]} and {found}; expected one; "
                    "do: refresh from one region and report the difference to AWS"
                )
    return dict(sorted(table.items()))


def check_complete(new: Mapping[str, InstanceType], present: Iterable[str]) -> None:
    """Refuse a table that is empty or lost many of the types of the present one.

    Args:
        new: The refreshed table.
        present: Names in the present table; none if there is no table yet.

    Raises:
        CatalogueError: If the new table is empty, or lacks more than 5 % of the present names.
    """
    if not new:
        raise CatalogueError(
            "got no instance type with encrypted NVMe; expected hundreds; do: check the endpoint, the region and the "
            "permission ec2:DescribeInstanceTypes"
        )
    names = sorted(present)
    lost = [name for name in names if name not in new]
    if len(lost) > MOST_LOST * len(names):
        raise CatalogueError(
            f"got {len(new)} types, without {len(lost)} of the {len(names)} known ones ({', '.join(lost[:3])}, ...); "
            f"expected at most {MOST_LOST:.0%} to go; do: refresh from more regions (--region, repeatable), or delete "
            "the present file if AWS really withdrew them"
        )


def true_source(endpoint_url: str, regions: Iterable[str], stated: str | None) -> str:
    """Say in words who answered.

    Args:
        endpoint_url: The endpoint the client really called.
        regions: The regions that were asked.
        stated: What the caller says the source is; needed when the endpoint is not AWS.

    Returns:
        The sentence for the file: always says if the answer did not come from AWS itself.

    Raises:
        CatalogueError: If the endpoint is not AWS and the caller states no source.
    """
    asked = tuple(regions)
    where = f"EC2 DescribeInstanceTypes in {', '.join(asked) if len(asked) <= MOST_NAMED else f'{len(asked)} regions'}"
    host = urlsplit(endpoint_url).hostname or ""
    if host.endswith((".amazonaws.com", ".api.aws", ".amazonaws.com.cn")):
        return f"{where}, answered by AWS ({host})" + (f"; {stated}" if stated else "")
    if not stated:
        raise CatalogueError(
            f"got the endpoint {endpoint_url}, which is not AWS; expected to know where its answers come from; "
            "do: say so with --source, for example --source 'the table of moto 5.2.5, released 2026-10-27'"
        )
    return f"{where}, not answered by AWS but by {host}: {stated}"


def render(table: Mapping[str, InstanceType], source: str, today: date) -> str:
    """Write the catalogue as JSON, one type per line, so that a refresh is a readable diff.

    Args:
        table: The types, sorted by name.
        source: Who answered.
        today: The day of the answer, UTC.
    """
    lines = []
    for name, found in table.items():
        facts = {key: value for key, value in asdict(found).items() if key != "name"}
        lines.append(f"    {json.dumps(name)}: {json.dumps(facts)}")
    head = f'{{\n  "date": {json.dumps(today.isoformat())},\n  "source": {json.dumps(source)},\n  "types": {{\n'
    return head + ",\n".join(lines) + "\n  }\n}\n"


def present_names(path: Path) -> tuple[str, ...]:
    """Read the names in the present file; none if there is no such file.

    Args:
        path: The catalogue.

    Raises:
        CatalogueError: If the file is there but cannot be read.
    """
    if not path.exists():
        return ()
    try:
        types = json.loads(path.read_text("utf-8"))["types"]
        return tuple(types)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise CatalogueError(
            f"got {path}, which is not a catalogue ({problem!r}); expected JSON with `types`; do: delete it or name "
            "another file with --output"
        ) from problem


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader sees either the old or the new text, never a part.

    Args:
        path: The file to write.
        text: Its new content.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
