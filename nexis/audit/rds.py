"""RDS: instances, clusters, parameter groups, subnet groups.

Source: RDS API Reference, the operations called here; CloudFormation resource reference, AWS::RDS::*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import renamed, same, tags, texts, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nexis.audit.model import Aws, Wanted

INSTANCE: Final = "AWS::RDS::DBInstance"
CLUSTER: Final = "AWS::RDS::DBCluster"
PARAMETER_GROUP: Final = "AWS::RDS::DBParameterGroup"
CLUSTER_PARAMETER_GROUP: Final = "AWS::RDS::DBClusterParameterGroup"
SUBNET_GROUP: Final = "AWS::RDS::DBSubnetGroup"
TYPES: Final = (INSTANCE, CLUSTER, PARAMETER_GROUP, CLUSTER_PARAMETER_GROUP, SUBNET_GROUP)

DEFAULT_GROUP: Final = "default."
"""AWS's own parameter groups begin so; nobody can change them, and a template can only name them."""

PENDING: Final = "pending-reboot"
"""Source: RDS User Guide, "Working with DB parameter groups": what changed is in force after the next reboot."""
WAITS: Final = "waits for a reboot: until then not all settings of its parameter group {group} are in force"

#: Members that mean the same for instances and clusters, CloudFormation's name by the API's.
COMMON: Final[Mapping[str, str]] = {
    "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "BackupRetentionPeriod": "BackupRetentionPeriod",
    "CopyTagsToSnapshot": "CopyTagsToSnapshot",
    "DatabaseInsightsMode": "DatabaseInsightsMode",
    "DeletionProtection": "DeletionProtection",
    "EnabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "Engine": "Engine",
    "EngineVersion": "EngineVersion",
    "IAMDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "Iops": "Iops",
    "KmsKeyId": "KmsKeyId",
    "MasterUsername": "MasterUsername",
    "MonitoringInterval": "MonitoringInterval",
    "MonitoringRoleArn": "MonitoringRoleArn",
    "NetworkType": "NetworkType",
    "PreferredMaintenanceWindow": "PreferredMaintenanceWindow",
    "PubliclyAccessible": "PubliclyAccessible",
    "StorageEncrypted": "StorageEncrypted",
    "StorageType": "StorageType",
}
INSTANCE_ONLY: Final[Mapping[str, str]] = {
    "AllocatedStorage": "AllocatedStorage",
    "AvailabilityZone": "AvailabilityZone",
    "CACertificateIdentifier": "CACertificateIdentifier",
    "DBClusterIdentifier": "DBClusterIdentifier",
    "DBInstanceClass": "DBInstanceClass",
    "DBInstanceIdentifier": "DBInstanceIdentifier",
    "DBName": "DBName",
    "MultiAZ": "MultiAZ",
    "PerformanceInsightsEnabled": "EnablePerformanceInsights",
    "PerformanceInsightsKMSKeyId": "PerformanceInsightsKMSKeyId",
    "PreferredBackupWindow": "PreferredBackupWindow",
    "ReadReplicaSourceDBInstanceIdentifier": "SourceDBInstanceIdentifier",
    "StorageThroughput": "StorageThroughput",
}
CLUSTER_ONLY: Final[Mapping[str, str]] = {
    "AllocatedStorage": "AllocatedStorage",
    "DBClusterIdentifier": "DBClusterIdentifier",
    "DBClusterInstanceClass": "DBClusterInstanceClass",
    "DBClusterParameterGroup": "DBClusterParameterGroupName",
    "DBSubnetGroup": "DBSubnetGroupName",
    "DatabaseName": "DatabaseName",
    "EngineMode": "EngineMode",
    "PerformanceInsightsEnabled": "PerformanceInsightsEnabled",
    "PerformanceInsightsKMSKeyId": "PerformanceInsightsKmsKeyId",
    "Port": "Port",
    "PreferredBackupWindow": "PreferredBackupWindow",
    "ReplicationSourceIdentifier": "ReplicationSourceIdentifier",
}


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read databases by name and by network, and groups by name.

    Args:
        aws: who is asked.
        wanted: resources by id, and VPCs of which everything inside is wanted.
    """
    jobs = (
        lambda: _databases(aws, wanted),
        lambda: _parameter_groups(aws, wanted, PARAMETER_GROUP, "DBParameterGroup", "db_parameter"),
        lambda: _parameter_groups(
            aws, wanted, CLUSTER_PARAMETER_GROUP, "DBClusterParameterGroup", "db_cluster_parameter"
        ),
        lambda: _subnet_groups(aws, wanted),
    )
    return [live for found in aws.each(lambda job: job(), jobs) for live in found]


def _databases(aws: Aws, wanted: Wanted) -> list[Live]:
    names = {name.lower() for name in wanted.of(INSTANCE, CLUSTER)}
    if not names and not wanted.vpcs and not wanted.everything:
        return []
    instances = aws.pages("rds", "describe_db_instances", "DBInstances")
    clusters = aws.pages("rds", "describe_db_clusters", "DBClusters")
    inside = {a["DBClusterIdentifier"] for a in instances if a.get("DBClusterIdentifier") and _is_inside(a, wanted)}
    return [
        *(db_instance(a) for a in instances if a["DBInstanceIdentifier"] in names or _is_inside(a, wanted)),
        *(
            db_cluster(a)
            for a in clusters
            if wanted.everything or a["DBClusterIdentifier"] in names or a["DBClusterIdentifier"] in inside
        ),
    ]


def _is_inside(answer: Mapping[str, Any], wanted: Wanted) -> bool:
    return wanted.everything or (answer.get("DBSubnetGroup") or {}).get("VpcId") in wanted.vpcs


def db_instance(answer: Mapping[str, Any]) -> Live:
    """Read an instance as DescribeDBInstances answers it."""
    properties = renamed(answer, COMMON) | renamed(answer, INSTANCE_ONLY)
    port = (answer.get("Endpoint") or {}).get("Port") or answer.get("DbInstancePort")
    if port:
        properties["Port"] = port
    properties["VPCSecurityGroups"] = _groups(answer)
    subnet_group = answer.get("DBSubnetGroup") or {}
    if subnet_group.get("DBSubnetGroupName"):
        properties["DBSubnetGroupName"] = subnet_group["DBSubnetGroupName"]
    trouble = ""
    for group in answer.get("DBParameterGroups") or ():
        properties["DBParameterGroupName"] = group["DBParameterGroupName"]
        if group.get("ParameterApplyStatus") == PENDING:
            trouble = WAITS.format(group=group["DBParameterGroupName"])
    if properties.get("MultiAZ"):
        properties.pop("AvailabilityZone", None)  # a template cannot set both
    properties |= admin_secret(answer)
    return Live(
        type=INSTANCE,
        identity=answer["DBInstanceIdentifier"],
        properties=texts(without_empty(properties), "AllocatedStorage", "Port") | tags(answer.get("TagList")),
        attributes={answer["DBInstanceArn"]: "DBInstanceArn"},
        trouble=trouble,
    )


def db_cluster(answer: Mapping[str, Any]) -> Live:
    """Read a cluster as DescribeDBClusters answers it."""
    properties = renamed(answer, COMMON) | renamed(answer, CLUSTER_ONLY)
    properties["VpcSecurityGroupIds"] = _groups(answer)
    properties |= admin_secret(answer)
    members = answer.get("DBClusterMembers") or ()
    waits = any(member.get("DBClusterParameterGroupStatus") == PENDING for member in members)
    identity = answer["DBClusterIdentifier"]
    return Live(
        type=CLUSTER,
        identity=identity,
        name=f"cluster:{identity}",
        properties=without_empty(properties) | tags(answer.get("TagList")),
        attributes={answer["DBClusterArn"]: "DBClusterArn"},
        trouble=WAITS.format(group=answer.get("DBClusterParameterGroup", "")) if waits else "",
    )


def _groups(answer: Mapping[str, Any]) -> list[str]:
    return [
        group["VpcSecurityGroupId"]
        for group in answer.get("VpcSecurityGroups") or ()
        if group.get("Status") not in ("removing", "removed")
    ]


def admin_secret(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Read whether RDS manages the admin password.

    Args:
        answer: of DescribeDBInstances or DescribeDBClusters.
    """
    secret = answer.get("MasterUserSecret")
    if not secret:
        return {}
    return {"ManageMasterUserPassword": True, "MasterUserSecret": same(secret, "SecretArn", "KmsKeyId")}


def _parameter_groups(aws: Aws, wanted: Wanted, kind: str, member: str, operation: str) -> list[Live]:
    names = {name.lower() for name in wanted.of(kind) if not name.startswith(DEFAULT_GROUP)}
    if not names and not wanted.everything:
        return []
    answers = [
        answer
        for answer in aws.pages("rds", f"describe_{operation}_groups", f"{member}s")
        if not answer[f"{member}Name"].startswith(DEFAULT_GROUP)
        and (wanted.everything or answer[f"{member}Name"] in names)
    ]

    def ask(answer: Mapping[str, Any]) -> Live:
        parameters = aws.pages(
            "rds", f"describe_{operation}s", "Parameters", **{f"{member}Name": answer[f"{member}Name"]}, Source="user"
        )
        return parameter_group(answer, parameters, kind, member)

    return list(aws.each(ask, answers))


def parameter_group(answer: Mapping[str, Any], parameters: Iterable[Mapping[str, Any]], kind: str, member: str) -> Live:
    """Read a parameter group with the parameters that somebody set; what has the engine's default is absent.

    Args:
        answer: of DescribeDBParameterGroups or DescribeDBClusterParameterGroups.
        parameters: of DescribeDBParameters or DescribeDBClusterParameters.
        kind: the CloudFormation type.
        member: `DBParameterGroup` or `DBClusterParameterGroup`.
    """
    name = answer[f"{member}Name"]
    settings = {
        parameter["ParameterName"]: str(parameter["ParameterValue"])
        for parameter in parameters
        if parameter.get("ParameterValue") is not None and parameter.get("Source", "user") == "user"
    }
    return Live(
        type=kind,
        identity=name,
        name=f"{'pg' if kind == PARAMETER_GROUP else 'cluster-pg'}:{name}",
        properties={
            f"{member}Name": name,
            "Family": answer["DBParameterGroupFamily"],
            "Description": answer.get("Description", ""),
            "Parameters": dict(sorted(settings.items())),
        },
        attributes={answer[f"{member}Arn"]: ""} if answer.get(f"{member}Arn") else {},
    )


def _subnet_groups(aws: Aws, wanted: Wanted) -> list[Live]:
    names = {name.lower() for name in wanted.of(SUBNET_GROUP)}
    if not names and not wanted.everything:
        return []
    answers = aws.pages("rds", "describe_db_subnet_groups", "DBSubnetGroups")
    return [subnet_group(a) for a in answers if wanted.everything or a["DBSubnetGroupName"] in names]


def subnet_group(answer: Mapping[str, Any]) -> Live:
    """Read a subnet group as DescribeDBSubnetGroups answers it."""
    name = answer["DBSubnetGroupName"]
    return Live(
        type=SUBNET_GROUP,
        identity=name,
        name=f"subgrp:{name}",
        properties={
            "DBSubnetGroupName": name,
            "DBSubnetGroupDescription": answer.get("DBSubnetGroupDescription", ""),
            "SubnetIds": [subnet["SubnetIdentifier"] for subnet in answer.get("Subnets") or ()],
        },
    )
