"""Secrets Manager: secrets without their values, resource policies, rotation schedules.

How a secret was generated is in no answer of AWS: `GenerateSecretString` comes from the deployed template. Values are
never read.

Source: Secrets Manager API Reference, DescribeSecret, GetResourcePolicy; CloudFormation resource reference,
AWS::SecretsManager::*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import arn_tail, policy, renamed, same, tags, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.audit.model import Aws, Wanted

SECRET: Final = "AWS::SecretsManager::Secret"  # noqa: S105  a type, not a secret
RESOURCE_POLICY: Final = "AWS::SecretsManager::ResourcePolicy"
ROTATION: Final = "AWS::SecretsManager::RotationSchedule"
TYPES: Final = (SECRET, RESOURCE_POLICY, ROTATION)


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read secrets by ARN; those that a service keeps for itself are left to it.

    Args:
        aws: who is asked.
        wanted: resources by id.
    """
    arns = set(wanted.of(SECRET, RESOURCE_POLICY, ROTATION))
    if wanted.everything:
        arns |= {answer["ARN"] for answer in aws.pages("secretsmanager", "list_secrets", "SecretList")}

    def ask(arn: str) -> list[Live]:
        answer = aws.call("secretsmanager", "describe_secret", SecretId=arn, absent=("ResourceNotFoundException",))
        if answer is None or answer.get("OwningService"):
            return []
        attached = None
        if not answer.get("DeletedDate"):
            attached = aws.call("secretsmanager", "get_resource_policy", SecretId=arn).get("ResourcePolicy")
        return list(secret(answer, attached))

    return [live for found in aws.each(ask, sorted(arns)) for live in found]


def secret(answer: Mapping[str, Any], document: str | None) -> Iterator[Live]:
    """Read a secret with its policy and rotation.

    Args:
        answer: of DescribeSecret.
        document: of GetResourcePolicy, if there is one.
    """
    arn = answer["ARN"]
    tail = arn_tail(arn)
    properties = same(answer, "Name", "Description", "KmsKeyId") | tags(answer.get("Tags"))
    replicas = [same(replica, "Region", "KmsKeyId") for replica in answer.get("ReplicationStatus") or ()]
    if replicas:
        properties["ReplicaRegions"] = replicas
    deleted = answer.get("DeletedDate")
    yield Live(
        type=SECRET,
        identity=arn,
        name=tail,
        properties=without_empty(properties),
        attributes={arn: ""},
        trouble=f"was deleted on {deleted:%Y-%m-%d} and can be restored for a while only" if deleted else "",
    )
    if document:
        yield Live(
            type=RESOURCE_POLICY,
            identity=arn,
            name=f"{tail}/policy",
            properties={"SecretId": arn, "ResourcePolicy": policy(document)},
        )
    if answer.get("RotationEnabled"):
        schedule = renamed(answer, {"RotationLambdaARN": "RotationLambdaARN", "RotationRules": "RotationRules"})
        yield Live(type=ROTATION, identity=arn, name=f"{tail}/rotation", properties={"SecretId": arn, **schedule})
