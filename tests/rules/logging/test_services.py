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
from tests.support.rule_templates import NO_VALUE, OPEN, defaulted, opened

OTHER = not_applicable("another type", resources(It=resource("AWS::S3::Bucket")))
TASK = "AWS::DataSync::Task"
CONNECTOR = "AWS::Transfer::Connector"
SERVER = "AWS::Transfer::Server"
METRICS = ("Properties.WorkGroupConfiguration.PublishCloudWatchMetricsEnabled",)
FLOWS = ("Properties.Attributes.ContactflowLogs",)
AIRFLOW_LOGS = ("Properties.LoggingConfiguration",)
SCHEDULER = ("Properties.LoggingConfiguration.SchedulerLogs.Enabled",)


def workgroup(value: Any) -> dict[str, Any]:
    return resource("AWS::Athena::WorkGroup", WorkGroupConfiguration={"PublishCloudWatchMetricsEnabled": value})


def airflow(scheduler: Any, **more: Any) -> dict[str, Any]:
    others = {f"{kind}Logs": {"Enabled": "true"} for kind in ("DagProcessing", "Task", "Webserver", "Worker")}
    logs = {**others, "SchedulerLogs": {"Enabled": scheduler}, **more}
    return resource("AWS::MWAA::Environment", LoggingConfiguration=logs)


def calls(**attributes: Any) -> dict[str, Any]:
    return resource("AWS::Connect::Instance", Attributes=attributes)


CASES = (
    RuleCases(
        "logging.datasync-logs",
        (
            good("a log group", resources(It=resource(TASK, CloudWatchLogGroupArn="arn"))),
            bad("absent", resources(It=resource(TASK)), at=("Properties.CloudWatchLogGroupArn",)),
            bad(
                "off",
                resources(It=resource(TASK, CloudWatchLogGroupArn="arn", Options={"LogLevel": "OFF"})),
                at=("Properties.Options.LogLevel",),
            ),
            OTHER,
            unknown(
                "open",
                opened(It=resource(TASK, CloudWatchLogGroupArn="arn", Options={"LogLevel": OPEN})),
                at=("Properties.Options.LogLevel",),
            ),
        ),
    ),
    RuleCases(
        "logging.transfer-connector-logs",
        (
            good("a role", resources(It=resource(CONNECTOR, LoggingRole="arn"))),
            bad("absent", resources(It=resource(CONNECTOR)), at=("Properties.LoggingRole",)),
            OTHER,
            unknown(
                "open",
                opened(It=resource(CONNECTOR, LoggingRole=OPEN)),
                at=("Properties.LoggingRole",),
                strict=True,
            ),
        ),
    ),
    RuleCases(
        "logging.transfer-server-logs",
        (
            good("a role", resources(It=resource(SERVER, LoggingRole="arn"))),
            good("a log group", resources(It=resource(SERVER, StructuredLogDestinations=["arn"]))),
            good("a role that is handed in", opened(It=resource(SERVER, LoggingRole=OPEN))),
            bad("neither", resources(It=resource(SERVER)), at=("Properties",)),
            bad("an empty list", resources(It=resource(SERVER, StructuredLogDestinations=[])), at=("Properties",)),
            OTHER,
            unknown(
                "open",
                opened(It=resource(SERVER, LoggingRole=OPEN)),
                at=("Properties.LoggingRole",),
                strict=True,
            ),
        ),
    ),
    RuleCases(
        "logging.connect-contact-flow-logs",
        (
            good("on", resources(It=calls(ContactflowLogs=True))),
            bad("off", resources(It=calls(ContactflowLogs=False)), at=FLOWS),
            bad("absent", resources(It=calls(InboundCalls=True)), at=FLOWS),
            OTHER,
            unknown("open", opened(It=calls(ContactflowLogs=OPEN)), at=FLOWS),
        ),
    ),
    RuleCases(
        "logging.athena-metrics",
        (
            good("on", resources(It=workgroup(True))),
            good("nothing said", resources(It=resource("AWS::Athena::WorkGroup", Name="x"))),
            bad("off", resources(It=workgroup("false")), at=METRICS),
            OTHER,
            unknown("open", opened(It=workgroup(OPEN)), at=METRICS),
        ),
    ),
    RuleCases(
        "logging.mwaa-logs",
        (
            good("on", resources(It=airflow(True))),
            good("all but those of the workflows' parser", resources(It=airflow(True, DagProcessingLogs=NO_VALUE))),
            bad("absent", resources(It=resource("AWS::MWAA::Environment", Name="x")), at=AIRFLOW_LOGS),
            bad("empty", resources(It=resource("AWS::MWAA::Environment", LoggingConfiguration={})), at=AIRFLOW_LOGS),
            bad("off", resources(It=airflow(False)), at=SCHEDULER),
            bad("one absent", resources(It=airflow(NO_VALUE)), at=SCHEDULER),
            bad("a parameter's default", defaulted("false", It=airflow(OPEN)), at=SCHEDULER),
            OTHER,
            unknown("open", opened(It=airflow(OPEN)), at=SCHEDULER),
        ),
    ),
)


@each_of(CASES)
def test_services(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
