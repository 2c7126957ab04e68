from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, defaulted, either, opened

OTHER = not_applicable("another type", resources(It=resource("AWS::S3::Bucket")))
EXPORTS = ("Properties.EnableCloudwatchLogsExports",)


def exported(kind: str, *names: Any) -> dict[str, Any]:
    return resource(kind, EnableCloudwatchLogsExports=list(names))


DOCDB = "AWS::DocDB::DBCluster"
NEPTUNE = "AWS::Neptune::DBCluster"
NAMESPACE = "AWS::RedshiftServerless::Namespace"
REDSHIFT = "AWS::Redshift::Cluster"
BROKER_LOGS = ("Properties.LoggingInfo.BrokerLogs",)
SETTINGS = ("Properties.ReplicationTaskSettings",)


def group(value: Any) -> dict[str, Any]:
    return resource("AWS::DocDB::DBClusterParameterGroup", Parameters={"audit_logs": value, "tls": "enabled"})


AUDIT = ("Properties.Parameters.audit_logs",)


def activity(value: Any) -> dict[str, Any]:
    entry = {"ParameterName": "enable_user_activity_logging", "ParameterValue": value}
    return resource("AWS::Redshift::ClusterParameterGroup", Parameters=[entry])


ACTIVITY = ("Properties.Parameters.0.ParameterValue",)


def domain(logs: dict[str, Any], kind: str = "OpenSearchService") -> dict[str, Any]:
    options = {name: {"Enabled": value} for name, value in logs.items()}
    return resource(f"AWS::{kind}::Domain", LogPublishingOptions=options)


def published(rule: str, log: str) -> RuleCases:
    at = (f"Properties.LogPublishingOptions.{log}.Enabled",)
    return RuleCases(
        rule,
        (
            good("enabled", resources(It=domain({log: True}))),
            good("enabled, the older type", resources(It=domain({log: "true"}, "Elasticsearch"))),
            bad("absent", resources(It=resource("AWS::OpenSearchService::Domain")), at=at),
            bad("another log", resources(It=domain({"SEARCH_SLOW_LOGS": True})), at=at),
            bad("disabled", resources(It=domain({log: False}, "Elasticsearch")), at=at),
            OTHER,
            unknown("open", opened(It=domain({log: OPEN})), at=at),
        ),
    )


def brokers(**logs: Any) -> dict[str, Any]:
    return resource(
        "AWS::MSK::Cluster",
        LoggingInfo={"BrokerLogs": {name: {"Enabled": value} for name, value in logs.items()}},
    )


def broker(engine: Any, **logs: Any) -> dict[str, Any]:
    return resource("AWS::AmazonMQ::Broker", EngineType=engine, Logs=logs)


def task(settings: Any) -> dict[str, Any]:
    return resource("AWS::DMS::ReplicationTask", ReplicationTaskSettings=settings)


def cache(*logs: Any) -> dict[str, Any]:
    return resource("AWS::ElastiCache::ReplicationGroup", LogDeliveryConfigurations=[{"LogType": log} for log in logs])


NEPTUNE_GROUP = "AWS::Neptune::DBClusterParameterGroup"
NEPTUNE_AUDIT = ("Properties.Parameters.neptune_enable_audit_log",)


def neptune_group(value: Any) -> dict[str, Any]:
    return resource(NEPTUNE_GROUP, Parameters={"neptune_enable_audit_log": value})


CASES = (
    RuleCases(
        "logging.docdb-exports",
        (
            good("audit", resources(It=exported(DOCDB, "audit", "profiler"))),
            bad("absent", resources(It=resource(DOCDB)), at=EXPORTS),
            bad("empty", resources(It=exported(DOCDB)), at=EXPORTS),
            bad("profiler only", resources(It=exported(DOCDB, "profiler")), at=EXPORTS),
            OTHER,
            unknown("an open name", opened(It=exported(DOCDB, OPEN)), at=EXPORTS),
            unknown(
                "sometimes",
                conditional(It=resource(DOCDB, EnableCloudwatchLogsExports=either(["audit"], NO_VALUE))),
                at=EXPORTS,
            ),
        ),
    ),
    RuleCases(
        "logging.docdb-audit",
        (
            good("enabled", resources(It=group("enabled"))),
            good("some kinds", resources(It=group("ddl,dml_write"))),
            bad("disabled", resources(It=group("disabled")), at=AUDIT),
            bad("absent", resources(It=group(NO_VALUE)), at=AUDIT),
            OTHER,
            unknown("open", opened(It=group(OPEN)), at=AUDIT),
        ),
    ),
    RuleCases(
        "logging.neptune-exports",
        (
            good("audit", resources(It=exported(NEPTUNE, "audit"))),
            bad("absent", resources(It=resource(NEPTUNE)), at=EXPORTS),
            bad("another", resources(It=exported(NEPTUNE, "slowquery")), at=EXPORTS),
            bad("a parameter's default", defaulted("slowquery", It=exported(NEPTUNE, OPEN)), at=EXPORTS),
            OTHER,
            unknown("open", opened(It=exported(NEPTUNE, OPEN)), at=EXPORTS),
        ),
    ),
    RuleCases(
        "logging.redshift-audit-logs",
        (
            good(
                "a bucket",
                resources(
                    It=resource(REDSHIFT, LoggingProperties={"BucketName": {"Ref": "B"}}), B=resource("AWS::S3::Bucket")
                ),
            ),
            good(
                "log groups", resources(It=resource(REDSHIFT, LoggingProperties={"LogDestinationType": "cloudwatch"}))
            ),
            bad("absent", resources(It=resource(REDSHIFT)), at=("Properties.LoggingProperties",)),
            bad(
                "a prefix alone",
                resources(It=resource(REDSHIFT, LoggingProperties={"S3KeyPrefix": "x"})),
                at=("Properties.LoggingProperties",),
            ),
            OTHER,
            unknown(
                "sometimes",
                conditional(It=resource(REDSHIFT, LoggingProperties=either({"BucketName": "b"}, NO_VALUE))),
                at=("Properties.LoggingProperties",),
            ),
        ),
    ),
    RuleCases(
        "logging.redshift-user-activity",
        (
            good("on", resources(It=activity("true"))),
            good("nothing said", resources(It=resource("AWS::Redshift::ClusterParameterGroup"))),
            bad("off", resources(It=activity("false")), at=ACTIVITY),
            OTHER,
            unknown("open", opened(It=activity(OPEN)), at=ACTIVITY),
        ),
    ),
    RuleCases(
        "logging.redshift-serverless-exports",
        (
            good("both", resources(It=resource(NAMESPACE, LogExports=["userlog", "connectionlog"]))),
            bad("one", resources(It=resource(NAMESPACE, LogExports=["userlog"])), at=("Properties.LogExports",)),
            bad("absent", resources(It=resource(NAMESPACE)), at=("Properties.LogExports",)),
            OTHER,
            unknown(
                "open", opened(It=resource(NAMESPACE, LogExports=["userlog", OPEN])), at=("Properties.LogExports",)
            ),
        ),
    ),
    published("logging.opensearch-audit-logs", "AUDIT_LOGS"),
    published("logging.opensearch-error-logs", "ES_APPLICATION_LOGS"),
    RuleCases(
        "logging.msk-logs",
        (
            good("log groups", resources(It=brokers(CloudWatchLogs=True, S3=False))),
            good("a bucket", resources(It=brokers(S3="true"))),
            good(
                "a connector",
                resources(
                    It=resource(
                        "AWS::KafkaConnect::Connector",
                        LogDelivery={"WorkerLogDelivery": {"Firehose": {"Enabled": True}}},
                    )
                ),
            ),
            bad("absent", resources(It=resource("AWS::MSK::Cluster")), at=BROKER_LOGS),
            bad("all off", resources(It=brokers(CloudWatchLogs=False, S3=False)), at=BROKER_LOGS),
            bad(
                "a connector without",
                resources(It=resource("AWS::KafkaConnect::Connector")),
                at=("Properties.LogDelivery.WorkerLogDelivery",),
            ),
            OTHER,
            unknown("open", opened(It=brokers(CloudWatchLogs=OPEN)), at=(BROKER_LOGS[0] + ".CloudWatchLogs.Enabled",)),
        ),
    ),
    RuleCases(
        "logging.mq-logs",
        (
            good("both", resources(It=broker("ACTIVEMQ", General=True, Audit=True))),
            good("RabbitMQ has no audit log", resources(It=broker("RabbitMQ", General=True))),
            bad("none", resources(It=broker("ACTIVEMQ")), at=("Properties.Logs.Audit", "Properties.Logs.General")),
            bad("no audit log", resources(It=broker("ActiveMQ", General=True)), at=("Properties.Logs.Audit",)),
            bad("RabbitMQ without", resources(It=broker("RABBITMQ", General=False)), at=("Properties.Logs.General",)),
            OTHER,
            unknown("open", opened(It=broker("RABBITMQ", General=OPEN)), at=("Properties.Logs.General",)),
        ),
    ),
    RuleCases(
        "logging.dms-task-logs",
        (
            good("on", resources(It=task('{"Logging": {"EnableLogging": true}}'))),
            good(
                "on, with a reference beside it",
                resources(It=task({"Fn::Sub": '{"Logging": {"EnableLogging": true}, "X": "${AWS::StackId}"}'})),
            ),
            bad("absent", resources(It=resource("AWS::DMS::ReplicationTask")), at=SETTINGS),
            bad("off", resources(It=task('{"Logging": {"EnableLogging": false}}')), at=SETTINGS),
            bad("other settings", resources(It=task('{"TargetMetadata": {}}')), at=SETTINGS),
            OTHER,
            unknown("open", opened(It=task(OPEN)), at=SETTINGS),
            unknown("no JSON", resources(It=task("{Logging")), at=SETTINGS),
        ),
    ),
    RuleCases(
        "logging.elasticache-logs",
        (
            good("the engine's", resources(It=cache("engine-log"))),
            bad(
                "absent",
                resources(It=resource("AWS::ElastiCache::ReplicationGroup")),
                at=("Properties.LogDeliveryConfigurations",),
            ),
            OTHER,
            unknown("open", opened(It=cache(OPEN)), at=("Properties.LogDeliveryConfigurations.0.LogType",)),
        ),
    ),
    RuleCases(
        "logging.neptune-audit",
        (
            good("on", resources(It=neptune_group(1))),
            good("on, as text", resources(It=neptune_group("1"))),
            good("nothing said", resources(It=resource(NEPTUNE_GROUP, Parameters={"neptune_query_timeout": 1}))),
            bad("off", resources(It=neptune_group(0)), at=NEPTUNE_AUDIT),
            bad("off behind a default", defaulted("0", It=neptune_group(OPEN)), at=NEPTUNE_AUDIT),
            not_applicable("a cluster", resources(It=resource("AWS::Neptune::DBCluster"))),
            unknown("open", opened(It=neptune_group(OPEN)), at=NEPTUNE_AUDIT),
        ),
    ),
)


@each_of(CASES)
def test_databases(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
