"""What the baseline stores is encrypted with a customer key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules import _launch, _rds
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.templates.views import View

Path = tuple[str | int, ...]

MANAGES = "ManageMasterUserPassword"


def _storage(database: View) -> Iterator[Path]:
    # Replicas and restores have the key of what they come from, and a member that of its cluster.
    if _rds.decides_for_itself(database) and not (_rds.source_property(database) or _rds.snapshot_property(database)):
        yield ("KmsKeyId",)


def _database(database: View) -> Iterator[Path]:
    yield from _storage(database)
    if not _rds.is_cluster_member(database) and database.flag(MANAGES, default=False):
        yield ("MasterUserSecret", "KmsKeyId")


def _machine(machine: View) -> Iterator[Path]:
    for path, _ in _launch.disks(machine):
        yield (*path, "KmsKeyId")


def _always(*path: str) -> Callable[[View], Iterator[Path]]:
    def places(resource: View) -> Iterator[Path]:
        yield path

    return places


#: Where each type names its key. Source: CloudFormation resource reference of each type, 2026-11-23. (A launch
#: configuration cannot name one.)
KEYS: Final[dict[str, Callable[[View], Iterator[Path]]]] = {
    "AWS::Backup::BackupVault": _always("EncryptionKeyArn"),
    "AWS::CloudTrail::Trail": _always("KMSKeyId"),
    _launch.INSTANCE: _machine,
    _launch.LAUNCH_TEMPLATE: _machine,
    _rds.CLUSTER: _database,
    _rds.INSTANCE: _database,
    "AWS::SecretsManager::Secret": _always("KmsKeyId"),
}


def applies(resource: View) -> bool:
    """Judge what has a place for a key: not members of a cluster, copies, or machines without volumes of their own."""
    return any(True for _ in KEYS[resource.type](resource))


def check(resource: View) -> Iterator[Problem]:
    """Ask for a key at every place."""
    for path in KEYS[resource.type](resource):
        yield from parts(partial(_key, resource, path))


def _key(resource: View, path: Path) -> Iterator[Problem]:
    found = resource.get(*path)
    if isinstance(found, Absent):
        yield Problem(
            place(*path),
            "is absent, so AWS's key is used or none, and nobody here decides who may decrypt; expected a customer key",
        )
    elif not isinstance(found, str) or not found.strip():
        yield Problem(place(*path), f"found {found!r}, expected the id or ARN of a customer key")
    elif "alias/aws/" in found.lower():
        yield Problem(place(*path), f"found AWS's own key {str(found)!r}, expected a customer key")


RULE = Rule(
    id="keys.customer-key",
    severity="error",
    title="Databases, secrets, root volumes, backups and trails are encrypted with a customer key",
    why="With AWS's own keys there is no policy to say who may decrypt, and no way to take that back.",
    fix="name a KMS key of your own: KmsKeyId, MasterUserSecret.KmsKeyId, Ebs.KmsKeyId, EncryptionKeyArn, KMSKeyId "
    "(CDK: storage_encryption_key=…, encryption_key=…)",
    types=tuple(KEYS),
    check=check,
    applies=applies,
    claims=("touchpoints.keys", "storage.at-rest"),
    controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("CloudTrail.2",), "CIS AWS Foundations 3.0": ("3.5",)},
    source="KMS Developer Guide, AWS KMS keys: customer managed keys and AWS managed keys",
    cdk='key = CustomerKey(self, "Key", purpose="secrets")\n'
    'secretsmanager.Secret(self, "Secret", encryption_key=key.as_key())',
    example={
        "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"KmsKeyId": {"Ref": "Key"}}},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}},
    },
    # AWS encrypts all of these with keys of its own; who may decrypt is what the baseline wants to decide.
    scope="baseline",
)
