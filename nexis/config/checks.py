"""What must hold between the values of a configuration, beyond their types.

Each function reads the raw document, because all problems are reported at once: a value of the wrong type elsewhere
must not hide them. A function that misses a value it needs, or finds another type, returns nothing: the model reports
that itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from nexis.config.problems import Problem, enumerate_words, nearest
from nexis.facts.addresses import AddressRangeError, split_subnets
from nexis.facts.github_gate import MOST_REVIEWERS
from nexis.facts.github_oidc import HOST, PLACEHOLDER_REPOSITORY, is_branch, is_repository
from nexis.facts.instance_types import (
    HOST_ARCHITECTURES,
    catalogue_source,
    encrypted_nvme_types,
    nearest_instance_types,
)
from nexis.facts.log_retention import MINIMUM_DAYS, long_enough_days, nearest_days
from nexis.facts.postgres_versions import SUPPORTED, nearest_major
from nexis.facts.rds_classes import classes_source, has_local_nvme, is_offered, nearest_classes
from nexis.facts.rds_limits import (
    HIGHEST_PORT,
    LARGEST_STORAGE_GIB,
    LEAST_BACKUP_DAYS,
    LOWEST_PORT,
    MANAGED_PORT,
    MOST_BACKUP_DAYS,
    POSTGRESQL_PORT,
    SMALLEST_STORAGE_GIB,
)
from nexis.facts.regions import APPROVED_REGIONS, is_approved, nearest_region
from nexis.facts.topology import HOSTS, LONGEST_ZONE_NAME, RESERVED_DNS_ZONES, ZONES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: The environments there are. `prod` is the one with every protection on, so a near miss of the word is refused.
ENVIRONMENTS: Final = ("dev", "staging", "prod")
#: What the policy hook may judge.
HOOKED: Final = ("baseline", "account")
PRODUCTION: Final = "prod"

#: An image id that stands for none.
_NO_IMAGE: Final = re.compile(r"ami-0+")
_IMAGE: Final = re.compile(r"ami-[0-9a-f]{8}(?:[0-9a-f]{9})?")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TRAIL: Final = re.compile(
    r"arn:aws:cloudtrail:(?P<region>[a-z]{2}(?:-[a-z]+)+-[0-9]):(?P<account>[0-9]{12}):trail/[A-Za-z0-9][A-Za-z0-9._-]{2,127}"
)


def problems(document: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Judge the values of a configuration document.

    Args:
        document: The document as `tomllib` reads it.

    Returns:
        Every problem found, in the order of the checks.
    """
    return tuple(problem for check in _CHECKS for problem in check(document))


def _value(document: Mapping[str, Any], kind: type, *place: str) -> Any:
    """Return a value of exactly this type, or None."""
    found: Any = document
    for key in place:
        found = found.get(key) if isinstance(found, dict) else None
    return found if type(found) is kind else None


def _production(document: Mapping[str, Any]) -> bool:
    return bool(_value(document, str, "environment") == PRODUCTION)


def _zones(document: Mapping[str, Any]) -> list[str]:
    """Return the zones, or none unless they are a list of strings."""
    zones = _value(document, list, "zones")
    return zones if zones and all(type(zone) is str for zone in zones) else []


def _environment(document: Mapping[str, Any]) -> Iterator[Problem]:
    environment = _value(document, str, "environment")
    if environment is not None and environment not in ENVIRONMENTS:
        yield Problem(
            ("environment",),
            repr(environment),
            enumerate_words(ENVIRONMENTS),
            f"use {nearest(environment, ENVIRONMENTS)!r}",
        )


def _account(document: Mapping[str, Any]) -> Iterator[Problem]:
    account = _value(document, str, "account")
    if account is None or _ACCOUNT.fullmatch(account):
        return
    digits = "".join(character for character in account if character in "0123456789")
    right = len(digits) == 12
    yield Problem(
        ("account",),
        f"{account!r}, {len(account)} characters",
        "an AWS account id: exactly 12 digits",
        f"use {digits!r}" if right else "write the id that `aws sts get-caller-identity` prints as Account",
    )


def _region(document: Mapping[str, Any]) -> Iterator[Problem]:
    region = _value(document, str, "region")
    if region is not None and not is_approved(region):
        yield Problem(
            ("region",),
            repr(region),
            f"an approved region: {enumerate_words(APPROVED_REGIONS)}",
            f"use {nearest_region(region)!r}, or have the list in nexis/facts/regions.py changed in a review",
        )


def _zone_names(document: Mapping[str, Any]) -> Iterator[Problem]:
    zones = _value(document, list, "zones")
    region = _value(document, str, "region")
    if zones is None:
        return
    if len(zones) != ZONES:
        example = [f"{region}{letter}" for letter in "abc"] if region and is_approved(region) else None
        yield Problem(
            ("zones",),
            f"{len(zones)} zones",
            f"{ZONES} different zones of the region, so that a majority survives the loss of one",
            f"use {example}" if example else f"name {ZONES} zones of the region",
        )
    for position, zone in enumerate(zones):
        if type(zone) is not str:
            continue
        if zone in zones[:position]:
            free = _next_zone(zone, zones)
            yield Problem(
                ("zones", position), f"{zone!r} a second time", "different zones", f"use another zone, such as {free!r}"
            )
        elif region is not None and is_approved(region) and not re.fullmatch(rf"{re.escape(region)}[a-z]", zone):
            letter = zone[-1:] if zone[-1:].isascii() and zone[-1:].islower() else "abc"[position % 3]
            yield Problem(
                ("zones", position),
                repr(zone),
                f"a zone of {region}: its name and one letter",
                f"use {region + letter!r}",
            )


def _next_zone(zone: str, taken: list[Any]) -> str:
    return next(
        (zone[:-1] + letter for letter in "abcdefghijklmnopqrstuvwxyz" if zone[:-1] + letter not in taken), zone
    )


def _owners(document: Mapping[str, Any]) -> Iterator[Problem]:
    owners = _value(document, list, "owners")
    if owners is None:
        return
    if not owners:
        yield Problem(
            ("owners",),
            "no owner",
            "at least one team role from config/owners.toml",
            "name the team that answers for it",
        )
    for position, owner in enumerate(owners):
        if owner in owners[:position]:
            yield Problem(("owners", position), f"{owner!r} a second time", "each role once", "remove it")


def _address_range(document: Mapping[str, Any]) -> Iterator[Problem]:
    address_range = _value(document, str, "network", "address_range")
    if address_range is None:
        return
    try:
        split_subnets(address_range, ZONES)
    except AddressRangeError as problem:
        yield Problem(("network", "address_range"), problem.got, problem.expected, problem.do)


def _endpoint_zones(document: Mapping[str, Any]) -> Iterator[Problem]:
    endpoint_zones = _value(document, int, "network", "endpoint_zones")
    zones = _zones(document)
    if endpoint_zones is None or not zones:
        return
    place = ("network", "endpoint_zones")
    if not 1 <= endpoint_zones <= len(zones):
        valid = min(max(endpoint_zones, 1), len(zones))
        yield Problem(place, str(endpoint_zones), f"1 to {len(zones)}, the number of zones", f"use {valid}")
    elif _production(document) and endpoint_zones < len(zones):
        yield Problem(
            place,
            str(endpoint_zones),
            f"{len(zones)} in prod: an endpoint in every zone, so that the loss of a zone cuts nobody off from AWS",
            f"use {len(zones)}",
        )


def _private_dns_zone(document: Mapping[str, Any]) -> Iterator[Problem]:
    zone = _value(document, str, "network", "private_dns_zone")
    if zone is None:
        return
    place = ("network", "private_dns_zone")
    labels = zone.split(".")
    short = len(zone) <= LONGEST_ZONE_NAME
    if not (len(labels) > 1 and short and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()):
        yield Problem(
            place,
            repr(zone),
            "a lower-case DNS name of two labels or more (letters, digits and hyphens, RFC 1123 section 2.1), "
            f"{LONGEST_ZONE_NAME} characters at most, so that a host's name fits before it",
            f"use {_spelled(zone)!r}",
        )
        return
    for reserved in RESERVED_DNS_ZONES:
        if zone == reserved or zone.endswith("." + reserved):
            yield Problem(
                place,
                repr(zone),
                f"a name that does not hide others: {reserved} is answered by somebody else",
                f"use {(zone.removesuffix(reserved).strip('.') or 'db') + '.nexis.internal'!r}",
            )


def _spelled(zone: str) -> str:
    """Return the valid DNS name nearest to a text."""
    labels = [re.sub(r"[^a-z0-9-]+", "-", label).strip("-")[:63].strip("-") for label in zone.lower().split(".")]
    labels = [label for label in labels if label]
    if len(labels) < 2 or labels[-1].isdigit():
        labels = [*(labels or ["db"]), "internal"]
    while len(".".join(labels)) > LONGEST_ZONE_NAME:
        labels = labels[1:]
    return ".".join(labels)


def _host_type(document: Mapping[str, Any]) -> Iterator[Problem]:
    name = _value(document, str, "hosts", "instance_type")
    if name is None:
        return
    found = encrypted_nvme_types().get(name)
    if found is not None and found.architecture in HOST_ARCHITECTURES:
        return
    yield Problem(
        ("hosts", "instance_type"),
        f"{name!r}, which has no encrypted NVMe disks" if found is None else f"{name!r}, which runs macOS only",
        f"an EC2 type with encrypted NVMe disks, by the catalogue of {catalogue_source().date}",
        f"use {enumerate_words(nearest_instance_types(name))}",
    )


def _host_count(document: Mapping[str, Any]) -> Iterator[Problem]:
    count = _value(document, int, "hosts", "count")
    if count is not None and count != HOSTS:
        yield Problem(
            ("hosts", "count"),
            str(count),
            f"{HOSTS}: one host in each zone, so that a majority survives the loss of one",
            f"use {HOSTS}",
        )


def _image(document: Mapping[str, Any]) -> Iterator[Problem]:
    hosts = _value(document, dict, "hosts")
    if hosts is None:
        return
    image = hosts.get("image_id")
    expected = "the id of the image the hosts start from: ami- and 8 or 17 hexadecimal digits"
    if image is None:
        if _production(document):
            yield Problem(
                ("hosts", "image_id"),
                "nothing",
                f"in prod, {expected}",
                "pin the id of the image you have tested, so that a deploy never changes it by itself",
            )
    elif type(image) is str and not _IMAGE.fullmatch(image):
        lower = image.strip().lower()
        yield Problem(
            ("hosts", "image_id"),
            repr(image),
            expected,
            f"use {lower!r}" if _IMAGE.fullmatch(lower) else "copy it from `aws ec2 describe-images`",
        )
    elif type(image) is str and _NO_IMAGE.fullmatch(image) and _production(document):
        yield Problem(
            ("hosts", "image_id"),
            f"{image!r}, which stands for no image",
            f"in prod, {expected}",
            "pin the id of the image you have tested",
        )


def _major(document: Mapping[str, Any]) -> Iterator[Problem]:
    major = _value(document, int, "postgresql", "major")
    if major is not None and major not in SUPPORTED:
        yield Problem(
            ("postgresql", "major"),
            str(major),
            f"a supported PostgreSQL major: {enumerate_words(map(str, SUPPORTED))}",
            f"use {nearest_major(major)}",
        )


def _database_class(document: Mapping[str, Any]) -> Iterator[Problem]:
    name = _value(document, str, "managed_database", "instance_class")
    region = _value(document, str, "region")
    if name is None:
        return
    place = ("managed_database", "instance_class")
    where = region if region is not None and is_approved(region) else None
    valid = enumerate_words(nearest_classes(name, region=where))
    if not has_local_nvme(name):
        yield Problem(
            place,
            f"{name!r}, which has no local NVMe disk or is not offered for PostgreSQL",
            f"an RDS class with a local NVMe disk, by the table of {classes_source().date}",
            f"use {valid}",
        )
    elif where is not None and not is_offered(name, where):
        yield Problem(
            place,
            f"{name!r}, which RDS does not offer in {where}",
            f"a class with a local NVMe disk that is offered there, by the table of {classes_source().date}",
            f"use {valid}",
        )


def _port(document: Mapping[str, Any]) -> Iterator[Problem]:
    port = _value(document, int, "managed_database", "port")
    if port is None:
        return
    place = ("managed_database", "port")
    if port == POSTGRESQL_PORT:
        yield Problem(
            place,
            f"{port}, the port every scanner tries first",
            f"{LOWEST_PORT} to {HIGHEST_PORT}, but not PostgreSQL's own port (AwsSolutions-RDS11)",
            f"use {MANAGED_PORT}",
        )
    elif not LOWEST_PORT <= port <= HIGHEST_PORT:
        yield Problem(
            place,
            str(port),
            f"{LOWEST_PORT} to {HIGHEST_PORT}, which is what RDS accepts for PostgreSQL",
            f"use {min(max(port, LOWEST_PORT), HIGHEST_PORT)}",
        )


def _between(
    *place: str, least: int, most: int, unit: str, why: str = ""
) -> Callable[[Mapping[str, Any]], Iterator[Problem]]:
    def check(document: Mapping[str, Any]) -> Iterator[Problem]:
        value = _value(document, int, *place)
        if value is not None and not least <= value <= most:
            yield Problem(
                place, f"{value} {unit}", f"{least} to {most} {unit}{why}", f"use {min(max(value, least), most)}"
            )

    return check


def _retention(document: Mapping[str, Any]) -> Iterator[Problem]:
    days = _value(document, int, "logs", "retention_days")
    if days is not None and days not in long_enough_days():
        yield Problem(
            ("logs", "retention_days"),
            f"{days} days",
            f"{MINIMUM_DAYS} days or more, and a period CloudWatch Logs knows: "
            f"{enumerate_words(map(str, long_enough_days()))}",
            f"use {nearest_days(days)}",
        )


def _trail(document: Mapping[str, Any]) -> Iterator[Problem]:
    existing = _value(document, str, "trail", "existing")
    if not existing:
        return
    place = ("trail", "existing")
    account = _value(document, str, "account")
    found = _TRAIL.fullmatch(existing)
    if found is None:
        region = nearest_region(_value(document, str, "region") or "")
        owner = account if account is not None and _ACCOUNT.fullmatch(account) else "ACCOUNT"
        yield Problem(
            place,
            repr(existing),
            "the ARN of a trail, or no key at all to have one created",
            f"use 'arn:aws:cloudtrail:{region}:{owner}:trail/NAME'",
        )
    elif account is not None and found["account"] != account:
        yield Problem(
            place,
            f"a trail of the account {found['account']}",
            f"a trail of this configuration's account, {account}",
            f"use {existing.replace(found['account'], account, 1)!r}, or correct the account",
        )


def _changes(document: Mapping[str, Any]) -> Iterator[Problem]:
    repository = _value(document, str, "changes", "repository")
    if repository is not None and not is_repository(repository):
        yield Problem(
            ("changes", "repository"),
            repr(repository),
            "one repository on GitHub: its owner and its name, without wildcards",
            f"write it as {PLACEHOLDER_REPOSITORY!r}",
        )
    branch = _value(document, str, "changes", "branch")
    if branch is not None and not is_branch(branch):
        short = branch.removeprefix("refs/heads/")
        yield Problem(
            ("changes", "branch"),
            repr(branch),
            "one branch by its name, without wildcards",
            f"use {short if is_branch(short) else 'main'!r}",
        )
    yield from _numbers(document)
    yield from _provider(document)
    yield from _reviewers(document)


def _reviewers(document: Mapping[str, Any]) -> Iterator[Problem]:
    section = _value(document, dict, "changes")
    reviewers = _value(document, list, "changes", "reviewers")
    if section is None:
        return
    if not reviewers and ("reviewers" not in section or reviewers is not None):
        if _value(document, str, "environment") == PRODUCTION:
            yield Problem(
                ("changes", "reviewers"),
                "nobody",
                "at least one team role, so that a second person approves each deployment to production",
                "name a role of config/owners.toml that is a team on GitHub, such as 'security'",
            )
        return
    for position, reviewer in enumerate(reviewers or ()):
        if reviewer in (reviewers or ())[:position]:
            yield Problem(
                ("changes", "reviewers", position), f"{reviewer!r} a second time", "each role once", "remove it"
            )
    if len(reviewers or ()) > MOST_REVIEWERS:
        yield Problem(
            ("changes", "reviewers"),
            f"{len(reviewers or ())} roles",
            f"at most {MOST_REVIEWERS}, as GitHub allows",
            "name fewer, or a team that holds several",
        )


def _hook(document: Mapping[str, Any]) -> Iterator[Problem]:
    stacks = _value(document, str, "hook", "stacks")
    if stacks is not None and stacks not in HOOKED:
        yield Problem(("hook", "stacks"), repr(stacks), enumerate_words(HOOKED), f"use {nearest(stacks, HOOKED)!r}")


def _numbers(document: Mapping[str, Any]) -> Iterator[Problem]:
    names = ("owner_id", "repository_id")
    found = {name: _value(document, int, "changes", name) for name in names}
    for name, other in (names, names[::-1]):
        number = found[name]
        if number is None:
            continue
        where = "`gh api repos/OWNER/REPOSITORY --jq '.owner.id, .id'`"
        if number < 1:
            yield Problem(("changes", name), str(number), "a positive number", f"copy it from {where}")
        section = _value(document, dict, "changes") or {}
        if other not in section:
            yield Problem(
                ("changes", name),
                f"{number} without {other}",
                "both numbers, since a subject carries both or none",
                f"add {other}, from {where}",
            )


def _provider(document: Mapping[str, Any]) -> Iterator[Problem]:
    provider = _value(document, str, "changes", "existing_provider")
    if provider is None:
        return
    account = _value(document, str, "account")
    owner = account if account is not None and _ACCOUNT.fullmatch(account) else "ACCOUNT"
    expected = f"arn:aws:iam::{owner}:oidc-provider/{HOST}"
    if owner == "ACCOUNT":
        fits = re.fullmatch(rf"arn:aws:iam::[0-9]{{12}}:oidc-provider/{re.escape(HOST)}", provider) is not None
    else:
        fits = provider == expected
    if not fits:
        yield Problem(
            ("changes", "existing_provider"),
            repr(provider),
            "the ARN of this account's identity provider for GitHub, or no key at all to have one created",
            f"use {expected!r}",
        )


_CHECKS: Final[tuple[Callable[[Mapping[str, Any]], Iterator[Problem]], ...]] = (
    _environment,
    _account,
    _region,
    _zone_names,
    _owners,
    _address_range,
    _endpoint_zones,
    _private_dns_zone,
    _host_type,
    _host_count,
    _image,
    _major,
    _database_class,
    _port,
    _between(
        "managed_database",
        "backup_retention_days",
        least=LEAST_BACKUP_DAYS,
        most=MOST_BACKUP_DAYS,
        unit="days",
        why=", the longest that RDS keeps automated backups",
    ),
    _between(
        "managed_database",
        "allocated_storage_gib",
        least=SMALLEST_STORAGE_GIB,
        most=LARGEST_STORAGE_GIB,
        unit="GiB",
        why=", the sizes of a gp3 volume for PostgreSQL",
    ),
    _retention,
    _trail,
    _changes,
    _hook,
)
