"""Databases, search domains, queues and migrations send their logs where they are kept.

Source: CloudFormation resource reference of each type, read 2026-11-23. None of them sends anything by default.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from nexis.rules._listed import Entry, Holds, OneWay
from nexis.rules.model import Problem, Rule
from nexis.rules.requirements import Requirement, is_true, one_of, property_rule
from nexis.templates.values import Text, Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
BROKER: Final = "AWS::AmazonMQ::Broker"
DMS_TASK: Final = "AWS::DMS::ReplicationTask"
SETTINGS: Final = "ReplicationTaskSettings"
DOMAINS: Final = ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")
LOGS: Final = ("touchpoints.logs",)


def _exports(type_: str, needed: tuple[str, ...]) -> Holds:
    name = "EnableCloudwatchLogsExports" if type_ != "AWS::RedshiftServerless::Namespace" else "LogExports"
    return Holds(
        type=type_,
        path=(name,),
        accepts=None,
        needed=needed,
        expected=" and ".join(needed),
        absent="nothing is exported then",
        source=f"CloudFormation resource reference, {type_} {name}",
        as_of=AS_OF,
        example=list(needed),
    )


DOCDB = property_rule(
    rule_id="logging.docdb-exports",
    title="DocumentDB clusters send their audit log to CloudWatch Logs",
    why="The audit log tells who signed in and who created, changed or dropped what; without export nobody sees it.",
    requirements=(_exports("AWS::DocDB::DBCluster", ("audit",)),),
    fix="add audit to EnableCloudwatchLogsExports, and set audit_logs in the parameter group "
    "(CDK: export_audit_logs_to_cloud_watch=True)",
    cdk="docdb.CfnDBCluster(self, 'Documents', enable_cloudwatch_logs_exports=['audit', 'profiler'])",
    source="Amazon DocumentDB Developer Guide, Auditing Amazon DocumentDB events",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("DocumentDB.4",)},
)

DOCDB_AUDIT = property_rule(
    rule_id="logging.docdb-audit",
    title="DocumentDB parameter groups switch the audit log on",
    why="A cluster that exports an audit log that its parameter group keeps empty looks watched and is not.",
    requirements=(
        Requirement(
            type="AWS::DocDB::DBClusterParameterGroup",
            path=("Parameters", "audit_logs"),
            accepts=lambda text: bool(text.strip()) and text.strip().lower() not in ("disabled", "none"),
            expected="enabled, all, or the kinds to record (ddl, dml_read, dml_write)",
            absent="DocumentDB then takes disabled",
            source="Amazon DocumentDB Developer Guide, Amazon DocumentDB cluster parameters: audit_logs",
            as_of=AS_OF,
            example="enabled",
        ),
    ),
    fix="set audit_logs: enabled in Parameters",
    cdk="""
docdb.ClusterParameterGroup(self, "Parameters", family="docdb5.0", parameters={"audit_logs": "enabled"})
""",
    source="Amazon DocumentDB Developer Guide, Enabling auditing",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",)},
)

NEPTUNE = property_rule(
    rule_id="logging.neptune-exports",
    title="Neptune clusters send their audit log to CloudWatch Logs",
    why="The audit log tells which client ran which query; without export it goes with the instance.",
    requirements=(_exports("AWS::Neptune::DBCluster", ("audit",)),),
    fix="add audit to EnableCloudwatchLogsExports (CDK: cloudwatch_logs_exports=[LogType.AUDIT])",
    cdk="neptune.CfnDBCluster(self, 'Graph', enable_cloudwatch_logs_exports=['audit'])",
    source="Amazon Neptune User Guide, Publishing Neptune logs to Amazon CloudWatch Logs",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("Neptune.2",)},
)

NEPTUNE_AUDIT = property_rule(
    rule_id="logging.neptune-audit",
    title="Neptune parameter groups do not switch the audit log off",
    why="A cluster that exports an audit log that its parameter group keeps empty looks watched and is not.",
    requirements=(
        Requirement(
            type="AWS::Neptune::DBClusterParameterGroup",
            path=("Parameters", "neptune_enable_audit_log"),
            accepts=one_of("1"),
            expected="1",
            absent="",  # off by default, but no framework asks for it by name: judged where it is written
            source="Amazon Neptune User Guide, Neptune cluster parameters: neptune_enable_audit_log",
            as_of=AS_OF,
            example=1,
        ),
    ),
    fix="set neptune_enable_audit_log: 1 in Parameters",
    cdk="""
neptune.CfnDBClusterParameterGroup(
    self, "Parameters", family="neptune1.4", description="audited", parameters={"neptune_enable_audit_log": 1}
)
""",
    source="Amazon Neptune User Guide, Enabling Neptune audit logs",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",)},
)

REDSHIFT = property_rule(
    rule_id="logging.redshift-audit-logs",
    title="Redshift clusters send their audit logs out",
    why="The connection and user logs tell who signed in and what was changed; inside the cluster they last days.",
    requirements=(
        OneWay(
            type="AWS::Redshift::Cluster",
            path=("LoggingProperties",),
            accepts=None,
            ways=(("BucketName",), ("LogDestinationType",)),
            expected="a BucketName, or LogDestinationType cloudwatch",
            absent="Redshift then sends no audit log",
            source="CloudFormation resource reference, AWS::Redshift::Cluster LoggingProperties",
            as_of=AS_OF,
            example={"LogDestinationType": "cloudwatch", "LogExports": ["connectionlog", "userlog"]},
        ),
    ),
    fix="set LoggingProperties with a BucketName, or with LogDestinationType: cloudwatch and LogExports",
    cdk="redshift.CfnCluster(self, 'Warehouse', logging_properties={'bucketName': bucket.bucket_name})",
    source="Amazon Redshift Management Guide, Database audit logging",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("Redshift.4",)},
)

REDSHIFT_ACTIVITY = property_rule(
    rule_id="logging.redshift-user-activity",
    title="Redshift parameter groups do not switch the log of queries off",
    why="The connection log tells who came; only the user activity log tells what they asked for.",
    requirements=(
        Entry(
            type="AWS::Redshift::ClusterParameterGroup",
            path=("Parameters",),
            named=(("ParameterName", "enable_user_activity_logging"),),
            field="ParameterValue",
            accepts=is_true,
            expected="true",
            absent="",  # off by default, but no framework asks for it by name: judged where it is written
            source="Amazon Redshift Management Guide, Enabling logging: enable_user_activity_logging",
            as_of=AS_OF,
            example=[{"ParameterName": "enable_user_activity_logging", "ParameterValue": "true"}],
        ),
    ),
    fix="set enable_user_activity_logging: true in Parameters",
    cdk="""
redshift.CfnClusterParameterGroup(
    self, "Parameters", description="audited", parameter_group_family="redshift-2.0",
    parameters=[{"parameterName": "enable_user_activity_logging", "parameterValue": "true"}],
)
""",
    source="Amazon Redshift Management Guide, Database audit logging",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",)},
)

REDSHIFT_SERVERLESS = property_rule(
    rule_id="logging.redshift-serverless-exports",
    title="Redshift Serverless namespaces export who connects and what is done to users",
    why="Without these logs nobody can say afterwards who signed in to the warehouse, or who made themselves a user.",
    requirements=(_exports("AWS::RedshiftServerless::Namespace", ("userlog", "connectionlog")),),
    fix="set LogExports to userlog and connectionlog (and useractivitylog for the queries themselves)",
    cdk="""
redshiftserverless.CfnNamespace(
    self, "Warehouse", namespace_name="warehouse", log_exports=["userlog", "connectionlog", "useractivitylog"]
)
""",
    source="Amazon Redshift Management Guide, Audit logging for Amazon Redshift Serverless",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("RedshiftServerless.6",)},
)


def _published(log: str, default: str) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(
            type=kind,
            path=("LogPublishingOptions", log, "Enabled"),
            accepts=is_true,
            expected="true",
            absent=default,
            source=f"CloudFormation resource reference, {kind} LogPublishingOption",
            as_of=AS_OF,
            example=True,
        )
        for kind in DOMAINS
    )


OPENSEARCH_AUDIT = property_rule(
    rule_id="logging.opensearch-audit-logs",
    title="OpenSearch domains publish their audit log",
    why="The audit log tells who signed in, who was refused, and which index was read.",
    requirements=_published("AUDIT_LOGS", "the domain then publishes no audit log"),
    fix="set LogPublishingOptions.AUDIT_LOGS.Enabled: true with a CloudWatchLogsLogGroupArn "
    "(CDK: LoggingOptions(audit_log_enabled=True))",
    cdk="""
opensearch.Domain(
    self, "Search", version=opensearch.EngineVersion.OPENSEARCH_2_19,
    logging=opensearch.LoggingOptions(audit_log_enabled=True, app_log_enabled=True),
)
""",
    source="Amazon OpenSearch Service Developer Guide, Monitoring audit logs in Amazon OpenSearch Service",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("ES.5", "Opensearch.5")},
)

OPENSEARCH_ERRORS = property_rule(
    rule_id="logging.opensearch-error-logs",
    title="OpenSearch domains publish their error log",
    why="Refused requests, failing scripts and full disks show in the error log first.",
    requirements=_published("ES_APPLICATION_LOGS", "the domain then publishes no error log"),
    fix="set LogPublishingOptions.ES_APPLICATION_LOGS.Enabled: true with a CloudWatchLogsLogGroupArn "
    "(CDK: LoggingOptions(app_log_enabled=True))",
    cdk="""
opensearch.Domain(
    self, "Search", version=opensearch.EngineVersion.OPENSEARCH_2_19,
    logging=opensearch.LoggingOptions(app_log_enabled=True),
)
""",
    source="Amazon OpenSearch Service Developer Guide, Monitoring OpenSearch logs with Amazon CloudWatch Logs",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("ES.4", "Opensearch.4")},
)

MSK = property_rule(
    rule_id="logging.msk-logs",
    title="MSK clusters and connectors send their logs out",
    why="Broker logs tell which clients were refused and which topics changed; on the broker nobody can read them.",
    requirements=(
        OneWay(
            type="AWS::MSK::Cluster",
            path=("LoggingInfo", "BrokerLogs"),
            accepts=is_true,
            ways=(("CloudWatchLogs", "Enabled"), ("S3", "Enabled"), ("Firehose", "Enabled")),
            expected="Enabled: true for one of them",
            absent="the brokers then send no log",
            source="CloudFormation resource reference, AWS::MSK::Cluster LoggingInfo",
            as_of=AS_OF,
            example={"CloudWatchLogs": {"Enabled": True, "LogGroup": "brokers"}},
        ),
        OneWay(
            type="AWS::KafkaConnect::Connector",
            path=("LogDelivery", "WorkerLogDelivery"),
            accepts=is_true,
            ways=(("CloudWatchLogs", "Enabled"), ("S3", "Enabled"), ("Firehose", "Enabled")),
            expected="Enabled: true for one of them",
            absent="the workers then send no log",
            source="CloudFormation resource reference, AWS::KafkaConnect::Connector LogDelivery",
            as_of=AS_OF,
            example={"CloudWatchLogs": {"Enabled": True, "LogGroup": "workers"}},
        ),
    ),
    fix="set LoggingInfo.BrokerLogs (connectors: LogDelivery.WorkerLogDelivery) with Enabled: true for CloudWatchLogs, "
    "S3 or Firehose",
    cdk="""
msk.CfnCluster(
    self, "Stream", cluster_name="stream", kafka_version="3.8.x", number_of_broker_nodes=3,
    broker_node_group_info=nodes,
    logging_info={"brokerLogs": {"cloudWatchLogs": {"enabled": True, "logGroup": log_group.log_group_name}}},
)
""",
    source="Amazon MSK Developer Guide, MSK logging",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("MSK.5",)},
)


def is_activemq(broker: View) -> bool:
    """Whether a broker is ActiveMQ; RabbitMQ has no audit log.

    Source: Amazon MQ Developer Guide, "Configuring Amazon MQ for RabbitMQ logs".
    """
    return str(broker.literal("EngineType")).lower() != "rabbitmq"


MQ = property_rule(
    rule_id="logging.mq-logs",
    title="Message brokers send their general log, and ActiveMQ its audit log, to CloudWatch Logs",
    why="The audit log tells who changed users, queues and topics in the broker's own console, which no trail records.",
    requirements=(
        Requirement(
            type=BROKER,
            path=("Logs", "General"),
            accepts=is_true,
            expected="true",
            absent="the broker then sends no log",
            source="CloudFormation resource reference, AWS::AmazonMQ::Broker LogList",
            as_of=AS_OF,
            example=True,
        ),
        Requirement(
            type=BROKER,
            path=("Logs", "Audit"),
            accepts=is_true,
            expected="true",
            absent="the broker then sends no audit log",
            source="CloudFormation resource reference, AWS::AmazonMQ::Broker LogList",
            as_of=AS_OF,
            example=True,
            when=is_activemq,
        ),
    ),
    fix="set Logs.General: true, and for ActiveMQ Logs.Audit: true",
    cdk="""
broker = amazonmq.CfnBroker(
    self, "Broker", broker_name="orders", engine_type="ACTIVEMQ", host_instance_type="mq.m5.large",
    deployment_mode="ACTIVE_STANDBY_MULTI_AZ", publicly_accessible=False, users=[],
    logs={"general": True, "audit": True},
)
""",
    source="Amazon MQ Developer Guide, Configuring Amazon MQ logs",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("MQ.2",)},
)


def _check_dms(task: View) -> Iterator[Problem]:
    found = task.get(SETTINGS)
    settings: object = found
    if isinstance(found, str):
        if is_deferred(found) and not isinstance(found, Text):
            raise Undetermined(place(SETTINGS), f"{str(found)!r} is known only after deployment")
        try:
            settings = json.loads(found)
        except (ValueError, RecursionError):
            raise Undetermined(place(SETTINGS), "found text that is no JSON, expected the task's settings") from None
    logging = settings.get("Logging") if isinstance(settings, dict) else None
    enabled = logging.get("EnableLogging") if isinstance(logging, dict) else None
    if isinstance(enabled, Unknown):
        raise Undetermined(place(SETTINGS, "Logging", "EnableLogging"), enabled.reason)
    if str(enabled).lower() == "true":
        return
    said = "is absent, and DMS then records nothing" if isinstance(found, Absent) else f"has EnableLogging {enabled!r}"
    yield Problem(place(SETTINGS), f"{said}; expected Logging.EnableLogging true")


DMS = Rule(
    id="logging.dms-task-logs",
    severity="error",
    title="Migration tasks record what they copy",
    why="A migration that drops rows, or copies tables nobody meant, shows it in the task's log only.",
    fix='set ReplicationTaskSettings to JSON with {"Logging": {"EnableLogging": true}}',
    types=(DMS_TASK,),
    check=_check_dms,
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("DMS.7", "DMS.8")},
    source="AWS Database Migration Service User Guide, Logging task settings",
    cdk="""
dms.CfnReplicationTask(
    self, "Copy", migration_type="full-load", replication_instance_arn=instance.ref, source_endpoint_arn=source.ref,
    target_endpoint_arn=target.ref, table_mappings=mappings,
    replication_task_settings='{"Logging": {"EnableLogging": true}}',
)
""",
    example={
        "Copy": {
            "Type": DMS_TASK,
            "Properties": {
                "MigrationType": "full-load",
                SETTINGS: '{"Logging": {"EnableLogging": true}}',
            },
        }
    },
)

ELASTICACHE = property_rule(
    rule_id="logging.elasticache-logs",
    title="Redis and Valkey groups deliver their logs",
    why="The engine log tells of failed logins and failovers; on the node it is gone with the node.",
    requirements=(
        Requirement(
            type="AWS::ElastiCache::ReplicationGroup",
            path=("LogDeliveryConfigurations", "*", "LogType"),
            accepts=one_of("slow-log", "engine-log"),
            expected="engine-log or slow-log",
            absent="the entry then delivers nothing",
            empty="no log is delivered then",
            source="CloudFormation resource reference, AWS::ElastiCache::ReplicationGroup LogDeliveryConfigurations",
            as_of=AS_OF,
            example="engine-log",
        ),
    ),
    fix="add an entry with LogType engine-log to LogDeliveryConfigurations",
    cdk="""
elasticache.CfnReplicationGroup(
    self, "Cache", replication_group_description="sessions",
    log_delivery_configurations=[
        {
            "logType": "engine-log",
            "logFormat": "json",
            "destinationType": "cloudwatch-logs",
            "destinationDetails": {"cloudWatchLogsDetails": {"logGroup": log_group.log_group_name}},
        }
    ],
)
""",
    source="Amazon ElastiCache User Guide, Log delivery",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",)},
    scope="baseline",  # no framework asks for it
)

RULES: tuple[Rule, ...] = (
    DOCDB,
    DOCDB_AUDIT,
    NEPTUNE,
    NEPTUNE_AUDIT,
    REDSHIFT,
    REDSHIFT_ACTIVITY,
    REDSHIFT_SERVERLESS,
    OPENSEARCH_AUDIT,
    OPENSEARCH_ERRORS,
    MSK,
    MQ,
    DMS,
    ELASTICACHE,
)
