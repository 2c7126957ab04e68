"""RDS: what MiniStack's databases forget to keep or to show.

A record carries a field `_Shown`: the members of DBInstance or DBCluster that MiniStack knows nothing of, as boto3
shows them. They are laid over every answer that shows the record.

Source: RDS API Reference, CreateDBInstance, ModifyDBInstance, DeleteDBInstance, DBInstance, DBCluster.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2, rds, secretsmanager

from local_aws import api
from local_aws.faults import AwsError
from local_aws.managed_keys import key_arn, managed_key
from local_aws.mends import Answer, Call, Properties, changed, flag

Record = dict[str, Any]
DEFAULT_CA = "rds-ca-rsa2048-g1"  # Source: RDS User Guide, "Using SSL/TLS": the default certificate authority
CA_VALID_TILL = datetime(2061, 5, 25, 22, 59, 0, tzinfo=UTC)
PROTECTED = "Cannot delete protected {kind}, please disable deletion protection and try again."


def shown(record: Record) -> Record:
    """The members a record shows beyond what MiniStack knows.

    Args:
        record: A DB instance or cluster.
    """
    extra: Record = record.setdefault("_Shown", {})
    return extra


def ensure_admin_secret(record: Record, owner: str, key: str | None) -> str:
    """The secret RDS keeps the master password in; made once.

    Args:
        record: A DB instance or cluster.
        owner: `db` or `cluster`, a part of the secret's name on AWS.
        key: The KMS key that protects it; the account's own Secrets Manager key if absent.
    """
    if not record.get("MasterUserSecret"):
        identity = record.get("DbiResourceId") or record.get("DbClusterResourceId") or ""
        password = rds._generate_master_user_password()
        value = json.dumps({"username": record["MasterUsername"], "password": password})
        kind = "DB instance" if owner == "db" else "DB cluster"
        place = record.get("DBInstanceArn") or record.get("DBClusterArn")
        arn = secretsmanager.create_secret_in_process(
            f"rds!{owner}-{identity.split('-', 1)[-1].lower()}",
            value,
            description=f"The secret associated with the primary RDS {kind}: {place}",
        )
        record["_MasterUserPassword"] = password
        record["MasterUserSecret"] = {"SecretArn": arn, "SecretStatus": "active"}
        stored = secretsmanager._resolve(arn)[1]
        stored.update(RotationEnabled=True, OwningService="rds", RotationRules={"AutomaticallyAfterDays": 7})
    secret: Record = record["MasterUserSecret"]
    secret["KmsKeyId"] = key_arn(key) if key else managed_key("secretsmanager")
    secretsmanager._resolve(secret["SecretArn"])[1]["KmsKeyId"] = secret["KmsKeyId"]
    return str(secret["SecretArn"])


def drop_admin_secret(record: Record | None) -> None:
    """RDS deletes the secret it manages together with the database.

    Args:
        record: A DB instance or cluster, if it is still there.
    """
    secret = (record or {}).pop("MasterUserSecret", None)
    if secret:
        secretsmanager.delete_secret_in_process(secret["SecretArn"])


def _secret_key(asked: Properties) -> str | None:
    """The key of the managed secret, as the API or as CloudFormation spells it."""
    nested = asked.get("MasterUserSecret")
    key = asked.get("MasterUserSecretKmsKeyId") or (nested.get("KmsKeyId") if isinstance(nested, dict) else None)
    return str(key) if key else None


def _certificate(identifier: str) -> Record:
    return {"CAIdentifier": identifier, "ValidTill": CA_VALID_TILL}


def complete_instance(record: Record, old: Properties, new: Properties) -> None:
    """Keep what a request or template says about an instance and MiniStack forgets.

    Args:
        record: The stored instance.
        old: The properties before; empty at creation.
        new: The properties now.
    """
    extra = shown(record)
    cluster = rds._clusters.get(record.get("DBClusterIdentifier") or "")
    if cluster:
        _follow_cluster(record, cluster)
    if changed(old, new, "CACertificateIdentifier"):
        record["CACertificateIdentifier"] = new.get("CACertificateIdentifier") or DEFAULT_CA
    if changed(old, new, "EnableCloudwatchLogsExports"):
        extra["EnabledCloudwatchLogsExports"] = list(new.get("EnableCloudwatchLogsExports") or [])
    if changed(
        old, new, "EnablePerformanceInsights", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod"
    ):
        _set_insights(record, new)
    if changed(old, new, "StorageEncrypted", "KmsKeyId"):
        _set_storage_key(record, new)
    if changed(old, new, "DBName") and not record.get("DBClusterIdentifier"):
        record["DBName"] = new.get("DBName") or ""
    for name in ("Iops", "StorageThroughput"):
        if changed(old, new, name) and new.get(name):
            record[name] = int(new[name])
    for name in ("NetworkType", "BackupTarget", "LicenseModel"):
        if changed(old, new, name) and new.get(name):
            record[name] = new[name]
    for name in ("DedicatedLogVolume", "MultiTenant"):
        if changed(old, new, name):
            extra[name] = flag(new.get(name, False))
    for name, default in (
        ("DatabaseInsightsMode", "standard"),
        ("EngineLifecycleSupport", "open-source-rds-extended-support"),
    ):
        if changed(old, new, name):
            extra[name] = new.get(name) or default
    if changed(old, new, "MonitoringInterval", "MonitoringRoleArn"):
        record["MonitoringRoleArn"] = new.get("MonitoringRoleArn", "")
    if changed(old, new, "MultiAZ", "DBSubnetGroupName", "AvailabilityZone"):
        _set_zones(record, new)
    if flag(new.get("ManageMasterUserPassword")):
        ensure_admin_secret(record, "db", _secret_key(new))
    elif flag(old.get("ManageMasterUserPassword")):
        drop_admin_secret(record)


def _follow_cluster(record: Record, cluster: Record) -> None:
    """What a member of a cluster has from its cluster."""
    for name in (
        "Engine",
        "EngineVersion",
        "BackupRetentionPeriod",
        "PreferredBackupWindow",
        "IAMDatabaseAuthenticationEnabled",
        "MasterUsername",
    ):
        record[name] = cluster[name]
    record["Endpoint"]["Port"] = int(cluster["Port"])
    record["VpcSecurityGroups"] = cluster["VpcSecurityGroups"]
    record["DBName"] = cluster.get("DatabaseName") or ""
    record["DBSubnetGroup"] = rds._subnet_groups.get(cluster["DBSubnetGroup"]) or record["DBSubnetGroup"]
    record["AllocatedStorage"] = 1
    major = str(cluster["EngineVersion"]).split(".")[0]
    for group in record["DBParameterGroups"]:
        if str(group["DBParameterGroupName"]).startswith("default."):
            group["DBParameterGroupName"] = f"default.{cluster['Engine']}{major}"


def _set_insights(record: Record, asked: Properties) -> None:
    extra = shown(record)
    enabled = flag(asked.get("EnablePerformanceInsights", False))
    record["PerformanceInsightsEnabled"] = enabled
    extra["PerformanceInsightsEnabled"] = enabled
    extra["PerformanceInsightsKMSKeyId"] = None
    extra["PerformanceInsightsRetentionPeriod"] = None
    if enabled:
        key = asked.get("PerformanceInsightsKMSKeyId")
        extra["PerformanceInsightsKMSKeyId"] = key_arn(key) if key else managed_key("rds")
        extra["PerformanceInsightsRetentionPeriod"] = int(asked.get("PerformanceInsightsRetentionPeriod") or 7)


def _set_storage_key(record: Record, asked: Properties) -> None:
    cluster = rds._clusters.get(record.get("DBClusterIdentifier") or "")
    source: Record = cluster if cluster and "DBInstanceIdentifier" in record else record
    record["StorageEncrypted"] = flag(source.get("StorageEncrypted")) or flag(asked.get("StorageEncrypted"))
    record["KmsKeyId"] = ""
    if record["StorageEncrypted"]:
        key = asked.get("KmsKeyId") or (cluster or {}).get("KmsKeyId")
        record["KmsKeyId"] = key_arn(key) if key else managed_key("rds")


def subnet_zones(name: str) -> list[str]:
    """The zones of a DB subnet group, in order.

    Args:
        name: The group.
    """
    group = rds._subnet_groups.get(name) or rds._subnet_groups.get(name.lower()) or {}
    subnets = (ec2._subnets.get(subnet.get("SubnetIdentifier")) for subnet in group.get("Subnets", []))
    return sorted({str(subnet["AvailabilityZone"]) for subnet in subnets if subnet})


def _set_zones(record: Record, asked: Properties) -> None:
    zones = subnet_zones(str(asked.get("DBSubnetGroupName") or ""))
    if zones:
        record["AvailabilityZone"] = asked.get("AvailabilityZone") or zones[0]
    others = [zone for zone in zones if zone != record["AvailabilityZone"]]
    shown(record)["SecondaryAvailabilityZone"] = others[0] if record.get("MultiAZ") and others else None


def complete_cluster(record: Record, old: Properties, new: Properties) -> None:
    """Keep what a request or template says about a cluster and MiniStack forgets.

    Args:
        record: The stored cluster.
        old: The properties before; empty at creation.
        new: The properties now.
    """
    extra = shown(record)
    if changed(old, new, "DBClusterParameterGroupName"):
        group = new.get("DBClusterParameterGroupName")
        record["DBClusterParameterGroup"] = (
            group or f"default.{record['Engine']}{str(record['EngineVersion']).split('.')[0]}"
        )
    if changed(old, new, "EnableCloudwatchLogsExports"):
        extra["EnabledCloudwatchLogsExports"] = list(new.get("EnableCloudwatchLogsExports") or [])
    if changed(old, new, "StorageEncrypted", "KmsKeyId"):
        _set_storage_key(record, new)
    if changed(old, new, "Tags"):
        record["TagList"] = [{"Key": t["Key"], "Value": t.get("Value", "")} for t in new.get("Tags") or []]
    if changed(
        old,
        new,
        "EnablePerformanceInsights",
        "PerformanceInsightsEnabled",
        "PerformanceInsightsKMSKeyId",
        "PerformanceInsightsRetentionPeriod",
        "PerformanceInsightsKmsKeyId",
    ):
        enabled = new.get("PerformanceInsightsEnabled", new.get("EnablePerformanceInsights", False))
        key = new.get("PerformanceInsightsKmsKeyId") or new.get("PerformanceInsightsKMSKeyId")
        _set_insights(record, {**new, "EnablePerformanceInsights": enabled, "PerformanceInsightsKMSKeyId": key})
    for name in (
        "StorageType",
        "DBClusterInstanceClass",
        "MonitoringRoleArn",
        "NetworkType",
        "EngineLifecycleSupport",
        "DatabaseInsightsMode",
    ):
        if changed(old, new, name) and new.get(name):
            extra[name] = new[name]
    for name in ("Iops", "AllocatedStorage", "MonitoringInterval", "BacktrackWindow"):
        if changed(old, new, name) and new.get(name) is not None:
            extra[name] = int(new[name])
    for name in ("PubliclyAccessible", "AutoMinorVersionUpgrade", "DeletionProtection", "CopyTagsToSnapshot"):
        if changed(old, new, name) and name in new:
            record[name] = flag(new[name])
            extra[name] = record[name]
    zones = subnet_zones(str(new.get("DBSubnetGroupName") or ""))
    if zones and not old:
        record["AvailabilityZones"] = zones[:3]
    if flag(new.get("ManageMasterUserPassword")):
        ensure_admin_secret(record, "cluster", _secret_key(new))
    elif flag(old.get("ManageMasterUserPassword")):
        drop_admin_secret(record)


# ---- answers ----


def lay_over(view: Record, record: Record | None) -> Record:
    """An answer's DB instance or cluster with the members MiniStack left out.

    Args:
        view: What MiniStack answered.
        record: The stored record.
    """
    if record is None:
        return view
    view |= {
        name: value for name, value in shown(record).items() if name not in {"DeletionProtection", "CopyTagsToSnapshot"}
    }
    if "DBInstanceIdentifier" in view:
        identifier = record.get("CACertificateIdentifier") or DEFAULT_CA
        view["CertificateDetails"] = _certificate(identifier)
        view["CACertificateIdentifier"] = identifier
        if record.get("MasterUserSecret"):
            view["MasterUserSecret"] = record["MasterUserSecret"]
        if record.get("MonitoringInterval"):
            place = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:RDSOSMetrics:log-stream:"
            view["EnhancedMonitoringResourceArn"] = place + str(record.get("DbiResourceId"))
    # Members without a value are absent on AWS, not empty.
    return {name: value for name, value in view.items() if value not in ("", None)}


def _dress(answer: Record) -> Record:
    """Lay the missing members over whatever databases an answer shows."""
    if isinstance(answer.get("DBInstance"), dict):
        answer["DBInstance"] = lay_over(
            answer["DBInstance"], rds._instances.get(answer["DBInstance"]["DBInstanceIdentifier"])
        )
    if isinstance(answer.get("DBCluster"), dict):
        answer["DBCluster"] = lay_over(
            answer["DBCluster"], rds._clusters.get(answer["DBCluster"]["DBClusterIdentifier"])
        )
    if "DBInstances" in answer:
        answer["DBInstances"] = [
            lay_over(i, rds._instances.get(i["DBInstanceIdentifier"])) for i in answer["DBInstances"]
        ]
    if "DBClusters" in answer:
        answer["DBClusters"] = [lay_over(c, rds._clusters.get(c["DBClusterIdentifier"])) for c in answer["DBClusters"]]
    return answer


def show(call: Call) -> Record:
    """An operation that only shows databases."""
    return _dress(call.stock())


def create_instance(call: Call) -> Record:
    """CreateDBInstance: nothing asked for is lost."""
    answer = call.stock()
    complete_instance(rds._instances[answer["DBInstance"]["DBInstanceIdentifier"]], {}, call.parameters)
    return _again("DescribeDBInstances", "DBInstance", answer["DBInstance"]["DBInstanceIdentifier"])


def create_cluster(call: Call) -> Record:
    """CreateDBCluster: nothing asked for is lost."""
    answer = call.stock()
    complete_cluster(rds._clusters[answer["DBCluster"]["DBClusterIdentifier"]], {}, call.parameters)
    return _again("DescribeDBClusters", "DBCluster", answer["DBCluster"]["DBClusterIdentifier"])


def _again(operation: str, member: str, identity: str) -> Record:
    """The same database, freshly described."""
    answer = api.call("rds", operation, **{f"{member}Identifier": identity})
    return {member: answer[f"{member}s"][0]}


def _exports(record: Record, asked: Record) -> None:
    configuration = asked.get("CloudwatchLogsExportConfiguration") or {}
    kept = [
        name
        for name in shown(record).get("EnabledCloudwatchLogsExports") or []
        if name not in (configuration.get("DisableLogTypes") or [])
    ]
    added = [name for name in configuration.get("EnableLogTypes") or [] if name not in kept]
    shown(record)["EnabledCloudwatchLogsExports"] = kept + added


def ensure_default_group(name: str) -> None:
    """A family's default parameter group exists as soon as anybody names it, as on AWS.

    Args:
        name: `default.` and the family.
    """
    family = name.removeprefix("default.")
    if name.startswith("default.") and name not in rds._param_groups:
        rds._create_param_group(
            {
                "DBParameterGroupName": name,
                "DBParameterGroupFamily": family,
                "Description": f"Default parameter group for {family}",
            }
        )


def describe_parameters(call: Call) -> Record:
    """DescribeDBParameters and DescribeDBParameterGroups: default groups are there."""
    ensure_default_group(str(call.parameters.get("DBParameterGroupName") or ""))
    return call.stock()


def modify_instance(call: Call) -> Record:
    """ModifyDBInstance: the members MiniStack passes over as well."""
    asked = call.parameters
    identity = asked.get("DBInstanceIdentifier", "")
    record = rds._resolve_instance(identity)
    group = asked.get("DBParameterGroupName")
    ensure_default_group(str(group or ""))
    if record and group and group not in rds._param_groups:
        raise AwsError("DBParameterGroupNotFound", f"DBParameterGroup not found: {group}", 404)
    call.stock()
    if record is None:  # the stock answer was an error and has been raised
        raise AwsError("DBInstanceNotFound", f"DBInstance {identity} not found.", 404)
    if asked.get("DBPortNumber"):
        record["Endpoint"]["Port"] = int(asked["DBPortNumber"])
    if "CloudwatchLogsExportConfiguration" in asked:
        _exports(record, asked)
    if "EnablePerformanceInsights" in asked:
        _set_insights(record, asked)
    if "AutoMinorVersionUpgrade" in asked:
        record["AutoMinorVersionUpgrade"] = asked["AutoMinorVersionUpgrade"]
    if "MultiAZ" in asked and asked.get("ApplyImmediately"):
        _set_zones(
            record,
            {
                "DBSubnetGroupName": record["DBSubnetGroup"]["DBSubnetGroupName"],
                "AvailabilityZone": record["AvailabilityZone"],
            },
        )
    for name in ("StorageThroughput", "NetworkType"):
        if name in asked:
            record[name] = asked[name]
    if asked.get("ManageMasterUserPassword") or (
        record.get("MasterUserSecret") and asked.get("MasterUserSecretKmsKeyId")
    ):
        ensure_admin_secret(record, "db", _secret_key(asked))
    elif asked.get("ManageMasterUserPassword") is False:
        drop_admin_secret(record)
    return _again("DescribeDBInstances", "DBInstance", record["DBInstanceIdentifier"])


def modify_cluster(call: Call) -> Record:
    """ModifyDBCluster: the members MiniStack passes over as well."""
    asked = call.parameters
    answer = call.stock()
    record = rds._clusters[answer["DBCluster"]["DBClusterIdentifier"]]
    if "CloudwatchLogsExportConfiguration" in asked:
        _exports(record, asked)
    for name in (
        "StorageType",
        "DBClusterInstanceClass",
        "AutoMinorVersionUpgrade",
        "MonitoringInterval",
        "MonitoringRoleArn",
        "AllocatedStorage",
        "Iops",
    ):
        if name in asked:
            shown(record)[name] = asked[name]
    if "EnablePerformanceInsights" in asked:
        _set_insights(record, asked)
    if asked.get("ManageMasterUserPassword"):
        ensure_admin_secret(record, "cluster", _secret_key(asked))
    elif asked.get("ManageMasterUserPassword") is False:
        drop_admin_secret(record)
    return _again("DescribeDBClusters", "DBCluster", record["DBClusterIdentifier"])


def check_unprotected(kind: str, record: Record | None) -> None:
    """Refuse to delete a protected database, as RDS does.

    Args:
        kind: `DB Instance` or `DB Cluster`.
        record: The stored record, if it is still there.

    Raises:
        AwsError: If DeletionProtection is on.
    """
    if record and record.get("DeletionProtection"):
        raise AwsError("InvalidParameterCombination", PROTECTED.format(kind=kind))


def _delete(call: Call, *, kind: str, member: str) -> Record:
    identity = call.parameters.get(f"DB{member}Identifier", "")
    record = rds._instances.get(identity) if member == "Instance" else rds._clusters.get(identity)
    check_unprotected(kind, record)
    snapshot = call.parameters.get("FinalDBSnapshotIdentifier")
    alone = record is not None and not (member == "Instance" and record.get("DBClusterIdentifier"))
    if alone and not call.parameters.get("SkipFinalSnapshot") and not snapshot:
        raise AwsError(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
        )
    answer = call.stock()
    if member == "Cluster" and record is not None and snapshot:
        rds._create_cluster_snapshot_internal(snapshot, record)
    answer[f"DB{member}"] = lay_over(answer[f"DB{member}"], record)
    drop_admin_secret(record)
    return answer


ANSWERS: dict[tuple[str, str], Answer] = {
    ("rds", "DescribeDBInstances"): show,
    ("rds", "RebootDBInstance"): show,
    ("rds", "StopDBInstance"): show,
    ("rds", "StartDBInstance"): show,
    ("rds", "DescribeDBClusters"): show,
    ("rds", "DescribeDBParameters"): describe_parameters,
    ("rds", "DescribeDBParameterGroups"): describe_parameters,
    ("rds", "CreateDBInstance"): create_instance,
    ("rds", "CreateDBCluster"): create_cluster,
    ("rds", "ModifyDBInstance"): modify_instance,
    ("rds", "ModifyDBCluster"): modify_cluster,
    ("rds", "DeleteDBInstance"): partial(_delete, kind="DB Instance", member="Instance"),
    ("rds", "DeleteDBCluster"): partial(_delete, kind="DB Cluster", member="Cluster"),
}
