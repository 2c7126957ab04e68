"""AWS::RDS::DBInstance and DBCluster: nothing of the template is lost, nothing protected is deleted."""

from __future__ import annotations

from typing import Any

from ministack.services import rds

from local_aws.answers.rds import check_unprotected, complete_cluster, complete_instance, drop_admin_secret
from local_aws.mends import Attributes, MendedType, Properties, changed


def _secret_attribute(record: dict[str, Any]) -> Attributes:
    secret = record.get("MasterUserSecret")
    return {"MasterUserSecret.SecretArn": secret["SecretArn"]} if secret else {}


def _set_tags(record: dict[str, Any], arn: str, old: Properties, new: Properties) -> None:
    """The template's tags where DescribeDB… and ListTagsForResource look for them; others, made by hand, stay."""
    if changed(old, new, "Tags"):
        asked = [{"Key": tag["Key"], "Value": str(tag.get("Value", ""))} for tag in new.get("Tags") or []]
        known = {tag["Key"] for tag in [*(old.get("Tags") or []), *asked]}
        others = [tag for tag in rds._tags.get(arn) or [] if tag["Key"] not in known] if old else []
        record["TagList"] = rds._tags[arn] = [*others, *asked]


def finish_instance(identity: str, old: Properties, new: Properties) -> Attributes:
    """Certificate authority, log exports, insights, keys, zones, admin secret."""
    record = rds._instances[identity]
    complete_instance(record, old, new)
    _set_tags(record, record["DBInstanceArn"], old, new)
    return _secret_attribute(record)


def finish_cluster(identity: str, old: Properties, new: Properties) -> Attributes:
    """Parameter group, log exports, insights, keys, zones, admin secret."""
    record = rds._clusters[identity]
    complete_cluster(record, old, new)
    _set_tags(record, record["DBClusterArn"], old, new)
    return _secret_attribute(record)


def refuse_instance(identity: str, properties: Properties) -> None:
    """DeletionProtection holds against CloudFormation too."""
    del properties
    check_unprotected("DB Instance", rds._instances.get(identity))


def refuse_cluster(identity: str, properties: Properties) -> None:
    """DeletionProtection holds against CloudFormation too."""
    del properties
    check_unprotected("DB Cluster", rds._clusters.get(identity))


def drop_instance_secret(identity: str, properties: Properties) -> None:
    """The managed secret goes with the instance."""
    del properties
    drop_admin_secret(rds._instances.get(identity))


def drop_cluster_secret(identity: str, properties: Properties) -> None:
    """The managed secret goes with the cluster."""
    del properties
    drop_admin_secret(rds._clusters.get(identity))


MENDED_TYPES = {
    "AWS::RDS::DBInstance": MendedType(finish_instance, refuse_instance, drop_instance_secret),
    "AWS::RDS::DBCluster": MendedType(finish_cluster, refuse_cluster, drop_cluster_secret),
}
