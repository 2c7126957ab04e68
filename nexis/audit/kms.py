"""KMS keys.

Source: KMS API Reference, DescribeKey, GetKeyPolicy, GetKeyRotationStatus; KMS Developer Guide, "Key states";
CloudFormation resource reference, AWS::KMS::Key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import AWS_MANAGED_KEY, Live
from nexis.audit.shapes import policy, same

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from nexis.audit.model import Aws, Wanted

KEY: Final = "AWS::KMS::Key"
TYPES: Final = (KEY,)

GONE: Final = ("NotFoundException",)
CANNOT_ROTATE: Final = ("UnsupportedOperationException", "KMSInvalidStateException")


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read keys by id or alias; in everything, those of the account.

    Args:
        aws: who is asked.
        wanted: resources by id.
    """
    keys = set(wanted.of(KEY))
    if wanted.everything:
        keys |= {answer["KeyId"] for answer in aws.pages("kms", "list_keys", "Keys")}
    if not keys:
        return []
    found = aws.each(lambda identity: _key(aws, identity), sorted(keys))
    read = [live for live in found if live is not None]
    if not any(live.type == AWS_MANAGED_KEY for live in read):
        return read
    aliases = {a.get("TargetKeyId"): a["AliasName"] for a in aws.pages("kms", "list_aliases", "Aliases")}
    return [_aliased(live, aliases) if live.type == AWS_MANAGED_KEY else live for live in read]


def _key(aws: Aws, identity: str) -> Live | None:
    answer = aws.call("kms", "describe_key", KeyId=identity, absent=GONE)
    if answer is None:
        return None
    metadata = answer["KeyMetadata"]
    asked_as = () if identity == metadata["KeyId"] else (identity,)
    if metadata.get("KeyManager") == "AWS":
        return Live(
            type=AWS_MANAGED_KEY,
            identity=metadata["KeyId"],
            properties={},
            attributes=dict.fromkeys((metadata["KeyId"], metadata["Arn"], *asked_as), ""),
        )
    document = aws.call("kms", "get_key_policy", KeyId=metadata["KeyId"], PolicyName="default")
    rotation = aws.call("kms", "get_key_rotation_status", KeyId=metadata["KeyId"], absent=CANNOT_ROTATE)
    return key(metadata, document["Policy"], rotation or {}, asked_as)


def _aliased(live: Live, aliases: Mapping[Any, str]) -> Live:
    alias = aliases.get(live.identity, "")
    return Live(
        type=live.type,
        identity=live.identity,
        properties={"AliasName": alias} if alias else {},
        attributes=live.attributes,
    )


def key(
    metadata: Mapping[str, Any], document: str, rotation: Mapping[str, Any], asked_as: Collection[str] = ()
) -> Live:
    """Read a key.

    Args:
        metadata: of DescribeKey.
        document: of GetKeyPolicy.
        rotation: of GetKeyRotationStatus; empty for a key that cannot rotate.
        asked_as: an alias by which others name it.
    """
    identity = metadata["KeyId"]
    properties = same(metadata, "Description", "Enabled", "KeySpec", "KeyUsage", "MultiRegion", "Origin")
    properties["KeyPolicy"] = policy(document)
    properties["EnableKeyRotation"] = bool(rotation.get("KeyRotationEnabled"))
    properties |= same(rotation, "RotationPeriodInDays")
    return Live(
        type=KEY,
        identity=identity,
        properties=properties,
        attributes={identity: "", metadata["Arn"]: "Arn", **dict.fromkeys(asked_as, "")},
        trouble=state_trouble(metadata),
    )


def state_trouble(metadata: Mapping[str, Any]) -> str:
    """Say why a key cannot be used; empty if it can.

    Args:
        metadata: of DescribeKey.
    """
    state = metadata.get("KeyState", "Enabled")
    if state in ("Enabled", "Creating", "Updating"):
        return ""
    if state in ("PendingDeletion", "PendingReplicaDeletion"):
        when = f" on {metadata['DeletionDate']:%Y-%m-%d}" if metadata.get("DeletionDate") else ""
        return f"is going to be deleted{when}; whatever it encrypts is lost then"
    if state == "Disabled":
        return "is disabled; whatever it encrypts cannot be read or written"
    return f"is in state {state}, expected Enabled; it cannot be used"
