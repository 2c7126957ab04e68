"""Transfers, contact centres, queries and pipelines record what they do.

Source: CloudFormation resource reference of each type, read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules._listed import OneWay
from nexis.rules.requirements import Requirement, is_true, one_of, property_rule
from nexis.templates.views import ABSENT

if TYPE_CHECKING:
    from nexis.rules.model import Rule
    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
LOGS: Final = ("touchpoints.logs",)
AIRFLOW: Final = "AWS::MWAA::Environment"
AIRFLOW_LOGS: Final = "LoggingConfiguration"
LOG_GROUP_ARN: Final = "arn:aws:logs:eu-central-1:111111111111:log-group:it"
ROLE_ARN: Final = "arn:aws:iam::111111111111:role/logs"

DATASYNC = property_rule(
    rule_id="logging.datasync-logs",
    title="DataSync tasks record what they copy",
    why="A task that skips files, or copies more than meant, says so in its log only.",
    requirements=(
        Requirement(
            type="AWS::DataSync::Task",
            path=("CloudWatchLogGroupArn",),
            accepts=None,
            expected="the ARN of a log group",
            absent="DataSync then records nothing",
            source="CloudFormation resource reference, AWS::DataSync::Task CloudWatchLogGroupArn",
            as_of=AS_OF,
            example=LOG_GROUP_ARN,
        ),
        Requirement(
            type="AWS::DataSync::Task",
            path=("Options", "LogLevel"),
            accepts=one_of("BASIC", "TRANSFER"),
            expected="BASIC or TRANSFER",
            absent="",  # what CloudFormation leaves out is judged by the log group alone
            source="AWS DataSync API reference, Options LogLevel",
            as_of=AS_OF,
            example="TRANSFER",
        ),
    ),
    fix="set CloudWatchLogGroupArn, and Options.LogLevel to BASIC or TRANSFER",
    cdk="""
datasync.CfnTask(
    self, "Copy", source_location_arn=source, destination_location_arn=target,
    cloud_watch_log_group_arn=log_group.log_group_arn, options={"logLevel": "TRANSFER"},
)
""",
    source="AWS DataSync User Guide, Monitoring data transfers with Amazon CloudWatch Logs",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("DataSync.1",)},
)

TRANSFER_CONNECTOR = property_rule(
    rule_id="logging.transfer-connector-logs",
    title="Transfer Family connectors record what they send and fetch",
    why="Files that leave for a partner's server must leave a trace here.",
    requirements=(
        Requirement(
            type="AWS::Transfer::Connector",
            path=("LoggingRole",),
            accepts=None,
            expected="the ARN of a role that may write to CloudWatch Logs",
            absent="the connector then records nothing",
            source="CloudFormation resource reference, AWS::Transfer::Connector LoggingRole",
            as_of=AS_OF,
            example=ROLE_ARN,
        ),
    ),
    fix="set LoggingRole to a role that may write to CloudWatch Logs",
    cdk="transfer.CfnConnector(self, 'Partner', access_role=role, url=url, logging_role=log_role.role_arn)",
    source="AWS Transfer Family User Guide, Amazon CloudWatch logging for AWS Transfer Family",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("Transfer.3",)},
)

TRANSFER_SERVER = property_rule(
    rule_id="logging.transfer-server-logs",
    title="Transfer Family servers record who signs in and what is transferred",
    why="A server that takes files from outside must be able to say from whom.",
    requirements=(
        OneWay(
            type="AWS::Transfer::Server",
            path=(),
            accepts=None,
            ways=(("StructuredLogDestinations",), ("LoggingRole",)),
            expected="one of them",
            absent="the server then records nothing",
            source="CloudFormation resource reference, AWS::Transfer::Server LoggingRole",
            as_of=AS_OF,
        ),
    ),
    fix="set StructuredLogDestinations to a log group, or LoggingRole",
    cdk="transfer.CfnServer(self, 'Files', structured_log_destinations=[log_group.log_group_arn])",
    source="AWS Transfer Family User Guide, Amazon CloudWatch logging for AWS Transfer Family",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",)},
    example={"Files": {"Type": "AWS::Transfer::Server", "Properties": {"StructuredLogDestinations": [LOG_GROUP_ARN]}}},
)

CONNECT = property_rule(
    rule_id="logging.connect-contact-flow-logs",
    title="Connect instances record their contact flows",
    why="Without the flow logs nobody can say which callers reached what.",
    requirements=(
        Requirement(
            type="AWS::Connect::Instance",
            path=("Attributes", "ContactflowLogs"),
            accepts=is_true,
            expected="true",
            absent="Connect then records no flow",
            source="CloudFormation resource reference, AWS::Connect::Instance Attributes",
            as_of=AS_OF,
            example=True,
        ),
    ),
    fix="set Attributes.ContactflowLogs: true",
    cdk="""
connect.CfnInstance(
    self, "Calls", identity_management_type="CONNECT_MANAGED",
    attributes={"inboundCalls": True, "outboundCalls": False, "contactflowLogs": True},
)
""",
    source="Amazon Connect Administrator Guide, Use flow logs to track events in Amazon Connect flows",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("Connect.2",)},
)

ATHENA = property_rule(
    rule_id="logging.athena-metrics",
    title="Athena workgroups publish their query metrics",
    why="Who suddenly reads a hundred times as much as yesterday shows in these figures first.",
    requirements=(
        Requirement(
            type="AWS::Athena::WorkGroup",
            path=("WorkGroupConfiguration", "PublishCloudWatchMetricsEnabled"),
            accepts=is_true,
            expected="true",
            absent="",  # judged where it is written
            source="CloudFormation resource reference, AWS::Athena::WorkGroup WorkGroupConfiguration",
            as_of=AS_OF,
            example=True,
        ),
    ),
    fix="set WorkGroupConfiguration.PublishCloudWatchMetricsEnabled: true",
    cdk="""
athena.CfnWorkGroup(
    self, "Analysts", name="analysts", work_group_configuration={"publishCloudWatchMetricsEnabled": True}
)
""",
    source="Amazon Athena User Guide, Monitor Athena query metrics with CloudWatch",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("Athena.4",)},
)


def _sends_some(environment: View) -> bool:
    return environment.peek(AIRFLOW_LOGS) not in (ABSENT, {})


MWAA = property_rule(
    rule_id="logging.mwaa-logs",
    title="Airflow environments send their logs to CloudWatch Logs",
    why="Airflow runs code with wide rights on a schedule; its logs are the record of what it ran.",
    requirements=(
        Requirement(
            type=AIRFLOW,
            path=(AIRFLOW_LOGS,),
            accepts=None,
            expected="SchedulerLogs, TaskLogs, WebserverLogs and WorkerLogs with Enabled: true",
            absent="Airflow then sends none",
            source="CloudFormation resource reference, AWS::MWAA::Environment LoggingConfiguration",
            as_of=AS_OF,
        ),
        *(
            Requirement(
                type=AIRFLOW,
                path=(AIRFLOW_LOGS, kind, "Enabled"),
                accepts=is_true,
                expected="true",
                absent="Airflow then does not send it",
                source="CloudFormation resource reference, AWS::MWAA::Environment LoggingConfiguration",
                as_of=AS_OF,
                example=True,
                when=_sends_some,
            )
            for kind in ("SchedulerLogs", "TaskLogs", "WebserverLogs", "WorkerLogs")
        ),
        Requirement(
            type=AIRFLOW,
            path=(AIRFLOW_LOGS, "DagProcessingLogs", "Enabled"),
            accepts=is_true,
            expected="true",
            absent="",  # tells of faulty workflows rather than of what was run: judged where it is written
            source="CloudFormation resource reference, AWS::MWAA::Environment LoggingConfiguration",
            as_of=AS_OF,
            example=True,
        ),
    ),
    fix="set Enabled: true for SchedulerLogs, TaskLogs, WebserverLogs and WorkerLogs of LoggingConfiguration",
    cdk="""
logged = mwaa.CfnEnvironment.ModuleLoggingConfigurationProperty(enabled=True, log_level="INFO")
mwaa.CfnEnvironment(
    self, "Airflow", name="airflow",
    logging_configuration={
        "schedulerLogs": logged, "taskLogs": logged, "webserverLogs": logged, "workerLogs": logged,
    },
)
""",
    source="Amazon MWAA User Guide, Viewing Airflow logs in Amazon CloudWatch",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",)},
)

RULES: tuple[Rule, ...] = (DATASYNC, TRANSFER_CONNECTOR, TRANSFER_SERVER, CONNECT, ATHENA, MWAA)
