"""Counting what a cloud assembly keeps running, and what that costs a month, roughly.

The templates are the one truth: quantities are read from them, prices from `nexis.facts.prices`. What cannot be counted
or has no known price is listed as such and left out of the total; nothing is guessed.

Source: AWS Cloud Development Kit, cloud assembly manifest; CloudFormation resource types.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nexis.facts import prices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from nexis.facts.prices import Price


class CostError(Exception):
    """The assembly could not be read; the message says what was got, what was expected and what to do."""


@dataclass(frozen=True, slots=True)
class StackTemplate:
    """One stack of a cloud assembly.

    Attributes:
        name: The stack's id in the manifest.
        account: Account it is for.
        region: Region it is for.
        resources: Its resources by logical id.
    """

    name: str
    account: str
    region: str
    resources: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that costs a fixed amount a month.

    Attributes:
        what: What it is, such as ``host i4i.2xlarge``.
        quantity: How many units; None if the template does not say.
        price: The unit price; None if none is known.
    """

    what: str
    quantity: float | None
    price: Price | None

    @property
    def total(self) -> float | None:
        """US dollars a month; None if the quantity or the price is unknown."""
        return None if self.quantity is None or self.price is None else self.quantity * self.price.usd


@dataclass(frozen=True, slots=True)
class Bill:
    """What an assembly costs.

    Attributes:
        items: The fixed monthly items.
        by_use: What is paid by use, in words.
    """

    items: tuple[Item, ...]
    by_use: tuple[str, ...]

    @property
    def total(self) -> float:
        """US dollars a month, of the items with a known quantity and price."""
        return sum(item.total for item in self.items if item.total is not None)

    @property
    def unknown(self) -> tuple[Item, ...]:
        """The items the total is without."""
        return tuple(item for item in self.items if item.total is None)


def read_assembly(folder: Path) -> tuple[StackTemplate, ...]:
    """Read every stack of a cloud assembly, nested assemblies included.

    Args:
        folder: The folder `cdk synth` wrote.

    Returns:
        The stacks, in the order of the manifests.

    Raises:
        CostError: If the folder is not a cloud assembly, has no stack, or a file in it cannot be read.
    """
    stacks = tuple(_stacks(folder))
    if not stacks:
        raise CostError(f"{folder}: got a cloud assembly without stacks; expected at least one; do: run `make synth`")
    return stacks


def _stacks(folder: Path) -> Iterator[StackTemplate]:
    for name, artifact in sorted(_json(folder / "manifest.json").get("artifacts", {}).items()):
        properties = artifact.get("properties", {})
        if artifact.get("type") == "cdk:cloud-assembly":
            yield from _stacks(folder / properties["directoryName"])
        elif artifact.get("type") == "aws:cloudformation:stack":
            account, _, region = artifact["environment"].removeprefix("aws://").partition("/")
            template = _json(folder / properties["templateFile"])
            yield StackTemplate(name, account, region, template.get("Resources", {}))


def _json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as problem:
        raise CostError(f"{path}: got no such file; expected a cloud assembly; do: run `make synth`") from problem
    except (OSError, ValueError) as problem:
        raise CostError(f"{path}: got {problem}; expected JSON; do: run `make synth` again") from problem
    if not isinstance(document, dict):
        raise CostError(f"{path}: got {type(document).__name__}; expected an object; do: run `make synth` again")
    return document


def bill(stacks: Iterable[StackTemplate]) -> Bill:
    """Count what the stacks keep running.

    Args:
        stacks: The stacks of an assembly.

    Returns:
        The fixed items, summed up by kind, and what is paid by use.
    """
    counted: list[Item] = []
    kinds: Counter[str] = Counter()
    for stack in stacks:
        for resource in stack.resources.values():
            kind = str(resource.get("Type"))
            kinds[kind] += 1
            if kind in _COUNTERS:
                counted += _COUNTERS[kind](resource.get("Properties", {}), stack)
    unjudged = sorted(kind for kind in kinds if kind not in _COUNTERS and kind not in prices.BY_USE)
    counted += [Item(kind, kinds[kind], None) for kind in unjudged if not _free(kind)]
    return Bill(_summed(counted), tuple(prices.BY_USE[kind] for kind in sorted(kinds) if kind in prices.BY_USE))


def _free(kind: str) -> bool:
    # A custom resource is a call of a function, which is counted by itself.
    return kind in prices.FREE or kind.startswith("Custom::")


def _summed(items: Sequence[Item]) -> tuple[Item, ...]:
    kinds = dict.fromkeys((item.what, item.price) for item in items)
    summed = []
    for what, price in kinds:
        quantities = [item.quantity for item in items if (item.what, item.price) == (what, price)]
        known = [quantity for quantity in quantities if quantity is not None]
        if known:
            summed.append(Item(what, sum(known), price))
        if len(known) < len(quantities):
            summed.append(Item(f"{what} ({len(quantities) - len(known)} that cannot be counted)", None, price))
    return tuple(summed)


def _number(value: object) -> float | None:
    """Read a number as CloudFormation does: also from a string. None for a reference."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _endpoint(properties: Mapping[str, Any], stack: StackTemplate) -> list[Item]:
    del stack
    if properties.get("VpcEndpointType", "Gateway") == "Gateway":
        return []
    subnets = properties.get("SubnetIds")
    zones = len(subnets) if isinstance(subnets, list) else None
    return [Item(f"{str(properties['VpcEndpointType']).lower()} endpoint", zones, prices.INTERFACE_ENDPOINT)]


def _hosts(properties: Mapping[str, Any], stack: StackTemplate) -> list[Item]:
    number = _number(properties.get("DesiredCapacity", properties.get("MinSize")))
    data = _launch_template(properties.get("LaunchTemplate"), stack).get("LaunchTemplateData", {})
    instance_type = data.get("InstanceType")
    if not isinstance(instance_type, str):
        return [Item("host of a type the template does not say", number, None)]
    items = [Item(f"host {instance_type}", number, prices.host(instance_type))]
    for mapping in data.get("BlockDeviceMappings", ()):
        size = _number(mapping.get("Ebs", {}).get("VolumeSize"))
        total = None if number is None or size is None else number * size
        items.append(Item("volume of a host", total, prices.EBS_GP3_GIB))
    if _true(data.get("Monitoring", {}).get("Enabled")):
        items.append(Item("detailed monitoring of a host", number, prices.DETAILED_MONITORING))
    return items


def _launch_template(reference: object, stack: StackTemplate) -> Mapping[str, Any]:
    """Return the properties of the launch template that a group names in its own stack; nothing if it is elsewhere."""
    identity = reference.get("LaunchTemplateId") if isinstance(reference, dict) else None
    if not isinstance(identity, dict):
        return {}
    attribute = identity.get("Fn::GetAtt")
    if isinstance(attribute, str):
        attribute = attribute.split(".")
    if isinstance(attribute, list) and attribute[1:] != ["LaunchTemplateId"]:
        return {}
    name = attribute[0] if isinstance(attribute, list) else identity.get("Ref")
    found: Mapping[str, Any] = stack.resources.get(str(name), {}).get("Properties", {})
    return found


def _database(properties: Mapping[str, Any], stack: StackTemplate) -> list[Item]:
    del stack
    zones = 2 if _true(properties.get("MultiAZ")) else 1
    db_class = properties.get("DBInstanceClass")
    size = _number(properties.get("AllocatedStorage"))
    gp3 = properties.get("StorageType") == "gp3"
    if isinstance(db_class, str):
        items = [Item(f"managed database {db_class}", zones, prices.database(db_class))]
    else:
        items = [Item("managed database of a class the template does not say", zones, None)]
    items.append(
        Item(
            "storage of a managed database",
            None if size is None else size * zones,
            prices.RDS_GP3_GIB if gp3 else None,
        )
    )
    if _true(properties.get("ManageMasterUserPassword")):
        items.append(Item("secret", 1, prices.SECRET))
    return items


def _one(what: str, price: Price) -> Callable[[Mapping[str, Any], StackTemplate], list[Item]]:
    def count(properties: Mapping[str, Any], stack: StackTemplate) -> list[Item]:
        del properties, stack
        return [Item(what, 1, price)]

    return count


_COUNTERS: Mapping[str, Callable[[Mapping[str, Any], StackTemplate], list[Item]]] = {
    "AWS::AutoScaling::AutoScalingGroup": _hosts,
    "AWS::CloudWatch::Alarm": _one("alarm", prices.ALARM),
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::KMS::Key": _one("customer key", prices.KMS_KEY),
    "AWS::RDS::DBInstance": _database,
    "AWS::Route53::HostedZone": _one("private DNS zone", prices.HOSTED_ZONE),
    "AWS::SecretsManager::Secret": _one("secret", prices.SECRET),
}


def render(found: Bill) -> str:
    """Write a bill as a table for people.

    Args:
        found: The bill.

    Returns:
        Several lines of text, without a final line end.
    """
    rows = [("fixed items, per month", "quantity", "unit", "USD/unit", "USD", "source")]
    for item in sorted(found.items, key=lambda item: (item.total is None, -(item.total or 0.0), item.what)):
        quantity = "unknown" if item.quantity is None else f"{item.quantity:g}"
        if item.price is None:
            rows.append((item.what, quantity, "", "", "", "no price known"))
        else:
            approximately = "~" if item.price.estimate else ""
            total = "" if item.total is None else f"{approximately}{item.total:.2f}"
            rows.append(
                (item.what, quantity, item.price.unit, f"{approximately}{item.price.usd:.2f}", total, item.price.source)
            )
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join([_cell(row, column, widths) for column in range(5)] + [row[5]]).rstrip() for row in rows]
    lines.append(f"Total of the fixed items: about {found.total:.0f} USD a month.")
    if found.unknown:
        lines.append(f"The total is WITHOUT: {'; '.join(item.what for item in found.unknown)}.")
    if found.by_use:
        lines += ["Paid by use, not in the total:", *(f"  - {text}" for text in dict.fromkeys(found.by_use))]
    lines.append(
        f"List prices of {prices.REGION}, put together {prices.AS_OF}; other regions cost up to about a quarter more. "
        "~ marks an estimate."
    )
    return "\n".join(lines)


def _cell(row: tuple[str, ...], column: int, widths: Sequence[int]) -> str:
    text, width = row[column], widths[column]
    return text.rjust(width) if column in (1, 3, 4) else text.ljust(width)
