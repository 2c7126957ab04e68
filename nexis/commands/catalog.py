"""`nexis catalog`: refresh the table of EC2 types with encrypted NVMe, or look a type up in it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nexis.facts.instance_types import catalogue_source, encrypted_nvme_types, nearest_instance_types

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

#: Where the list of enabled regions is asked for.
FIRST_REGION = "us-east-1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of `nexis catalog`.

    Args:
        parser: The subcommand's parser.
    """
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="print what is known of a type, or the nearest types with encrypted NVMe")
    show.add_argument("type", help="an EC2 instance type, such as i4i.2xlarge")
    refresh = actions.add_parser("refresh", help="ask EC2 DescribeInstanceTypes and rewrite the table")
    refresh.add_argument("--endpoint-url", help="the endpoint to ask; default: AWS_ENDPOINT_URL, else AWS itself")
    refresh.add_argument("--region", action="append", help="a region to ask (repeatable); default: all enabled ones")
    refresh.add_argument("--source", help="where the answers come from; required if the endpoint is not AWS")
    refresh.add_argument("--output", type=Path, help="the file to write; default: the table of this installation")


def run(arguments: argparse.Namespace) -> int:
    """Run `nexis catalog`.

    Args:
        arguments: What `add_arguments` declared.

    Returns:
        0 if done; 1 if the type shown has no encrypted NVMe; 2 if the table could not be refreshed.
    """
    return _show(arguments.type) if arguments.action == "show" else _refresh(arguments)


def _show(name: str) -> int:
    source = catalogue_source()
    found = encrypted_nvme_types().get(name)
    if found is None:
        print(f"{name}: no encrypted NVMe disks, by the table of {source.date}.")
        print(f"Nearest types that have them: {', '.join(nearest_instance_types(name))}.")
        return 1
    print(
        f"{found.name}: {found.architecture}, {found.vcpus} vCPUs, {found.memory_mib / 1024:g} GiB, "
        f"{found.disks} x {found.disk_gb} GB encrypted NVMe SSD"
    )
    print(f"As of {source.date}: {source.source}.")
    return 0


def _refresh(arguments: argparse.Namespace) -> int:
    # boto3 takes a quarter of a second to import and is needed here only.
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    from nexis import catalog

    output: Path = arguments.output or catalog.CATALOGUE
    first = arguments.region[0] if arguments.region else FIRST_REGION
    try:
        client = boto3.client("ec2", region_name=first, endpoint_url=arguments.endpoint_url)
        # Asked before anything else, so that nobody waits for answers that cannot be used.
        catalog.true_source(client.meta.endpoint_url, [first], arguments.source)
        present = catalog.present_names(output)
        regions: Sequence[str] = arguments.region or catalog.enabled_regions(client)
        answers = []
        for name in regions:
            print(f"Asking EC2 in {name} ...", file=sys.stderr)
            answers.append(catalog.describe(boto3.client("ec2", region_name=name, endpoint_url=arguments.endpoint_url)))
        table = catalog.merge(answers)
        source = catalog.true_source(client.meta.endpoint_url, regions, arguments.source)
        catalog.check_complete(table, present)
        catalog.write_atomically(output, catalog.render(table, source, datetime.now(UTC).date()))
    except (catalog.CatalogueError, BotoCoreError, ClientError, OSError) as problem:
        print(f"nexis catalog refresh: {problem}", file=sys.stderr)
        return 2
    lost = sorted(set(present) - set(table))
    print(f"{output}: {len(table)} types with encrypted NVMe, {len(set(table) - set(present))} new, {len(lost)} gone.")
    if lost:
        print(f"Gone: {', '.join(lost)}.")
    print(f"Source: {source}.")
    return 0
