"""The keys AWS keeps for an account (`aws/rds`, `aws/s3`, …): made when a service first needs one, as on AWS."""

from __future__ import annotations

from ministack.services import kms

from local_aws import api


def managed_key(service: str) -> str:
    """The ARN of the account's AWS managed key for a service.

    Args:
        service: The name behind `alias/aws/`, e.g. `rds`.

    Source: KMS Developer Guide, "AWS managed keys": yearly rotation, cannot be changed by the account.
    """
    alias = kms._alias_arn(f"alias/aws/{service}")
    known = kms._aliases.get(alias)
    record = kms._resolve_key(known) if known else None
    if record is None:
        answer = api.call(
            "kms", "CreateKey", Description=f"Default key that protects my {service} data when no other key is defined"
        )
        record = kms._resolve_key(answer["KeyMetadata"]["KeyId"])
        record["KeyManager"] = "AWS"
        record["KeyRotationEnabled"] = True
        record["RotationPeriodInDays"] = 365
        kms._aliases[alias] = record["KeyId"]
        kms._stamp_alias(alias, created=True)
    return str(record["Arn"])


def key_arn(reference: str) -> str:
    """The ARN of the key that an id, an ARN or an alias names; an unknown reference stays as it is.

    Args:
        reference: What a template or a request says.
    """
    if reference.startswith("alias/aws/"):
        return managed_key(reference.removeprefix("alias/aws/"))
    record = kms._resolve_key(reference)
    return str(record["Arn"]) if record else reference
