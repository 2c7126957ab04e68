"""Clusters, containers, builds and workflows record what they do.

Source: CloudFormation resource reference of each type, read 2026-11-23. Lambda functions always write to CloudWatch
Logs and are not judged here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._listed import Entry
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import Requirement, is_true, one_of, property_rule, row, something
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
LOGS: Final = ("touchpoints.logs",)
ECS_CLUSTER: Final = "AWS::ECS::Cluster"
TASK: Final = "AWS::ECS::TaskDefinition"
#: Docker's driver that keeps nothing.
NO_DRIVER: Final = "none"
PROJECT: Final = "AWS::CodeBuild::Project"
GLUE_JOB: Final = "AWS::Glue::Job"
ENVIRONMENT: Final = "AWS::ElasticBeanstalk::Environment"
BEANSTALK_TEMPLATE: Final = "AWS::ElasticBeanstalk::ConfigurationTemplate"

EKS = property_rule(
    rule_id="logging.eks-audit-logs",
    title="EKS clusters send their audit log to CloudWatch Logs",
    why="The audit log is the only record of who did what through the Kubernetes API.",
    requirements=(
        Entry(
            type="AWS::EKS::Cluster",
            path=("Logging", "ClusterLogging", "EnabledTypes"),
            named=(("Type", "audit"),),
            field="Type",
            accepts=None,
            expected="an entry with Type audit",
            absent="EKS then records nothing of it",
            source="CloudFormation resource reference, AWS::EKS::Cluster ClusterLogging",
            as_of=AS_OF,
            example=[{"Type": "api"}, {"Type": "audit"}, {"Type": "authenticator"}],
        ),
    ),
    fix="add Type: audit to Logging.ClusterLogging.EnabledTypes (CDK: cluster_logging=[ClusterLoggingTypes.AUDIT])",
    cdk="""
eks.Cluster(
    self, "Cluster", version=eks.KubernetesVersion.V1_33, kubectl_layer=layer,
    cluster_logging=[
        eks.ClusterLoggingTypes.API, eks.ClusterLoggingTypes.AUDIT, eks.ClusterLoggingTypes.AUTHENTICATOR,
    ],
)
""",
    source="Amazon EKS User Guide, Send control plane logs to CloudWatch Logs",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("EKS.8",), "NIST 800-53 r5": ("AU-2", "AU-12")},
)

CONTAINER_INSIGHTS = property_rule(
    rule_id="logging.ecs-container-insights",
    title="ECS clusters collect Container Insights",
    why="A container that mines coins, or dies and restarts all night, shows in these figures and nowhere else.",
    requirements=(
        Entry(
            type=ECS_CLUSTER,
            path=("ClusterSettings",),
            named=(("Name", "containerInsights"),),
            accepts=one_of("enabled", "enhanced"),
            expected="enabled or enhanced",
            absent="the account's default counts then, which is off unless somebody changed it",
            source="CloudFormation resource reference, AWS::ECS::Cluster ClusterSettings",
            as_of=AS_OF,
            example=[{"Name": "containerInsights", "Value": "enhanced"}],
        ),
    ),
    fix="add the cluster setting containerInsights: enhanced (CDK: container_insights_v2=ContainerInsights.ENHANCED)",
    cdk="ecs.Cluster(self, 'Cluster', vpc=vpc, container_insights_v2=ecs.ContainerInsights.ENHANCED)",
    source="Amazon ECS Developer Guide, Monitor Amazon ECS containers using Container Insights",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("ECS.12",)},
)

ECS_EXEC = property_rule(
    rule_id="logging.ecs-exec-logs",
    title="Commands run in containers by ECS Exec are recorded",
    why="ECS Exec is a shell in production; who typed what there must not be switched off.",
    requirements=(
        Requirement(
            type=ECS_CLUSTER,
            path=("Configuration", "ExecuteCommandConfiguration", "Logging"),
            accepts=one_of("DEFAULT", "OVERRIDE"),
            expected="DEFAULT or OVERRIDE",
            absent="",  # DEFAULT: the container's own log configuration
            source="Amazon ECS API reference, ExecuteCommandConfiguration logging",
            as_of=AS_OF,
            example="DEFAULT",
        ),
    ),
    fix="leave Configuration.ExecuteCommandConfiguration.Logging out, or set it to OVERRIDE with a LogConfiguration",
    cdk="""
ecs.Cluster(
    self, "Cluster", vpc=vpc,
    execute_command_configuration=ecs.ExecuteCommandConfiguration(logging=ecs.ExecuteCommandLogging.DEFAULT),
)
""",
    source="Amazon ECS Developer Guide, Monitor Amazon ECS containers with ECS Exec",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",)},
)


def _check_task(task: View) -> Iterator[Problem]:
    count = len(task.items("ContainerDefinitions"))
    yield from parts(*(partial(_container, task, ("ContainerDefinitions", position)) for position in range(count)))


def _container(task: View, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if not isinstance(task.get(*path, "FirelensConfiguration"), Absent):
        return  # the router that carries the others' logs
    driver = something(task, (*path, "LogConfiguration", "LogDriver"))
    if isinstance(driver, Absent) or driver == NO_DRIVER:
        said = "names no LogDriver" if isinstance(driver, Absent) else f"has the LogDriver {NO_DRIVER!r}"
        yield Problem(
            place(*path, "LogConfiguration"),
            f"{said}, and what the container prints is lost with it; expected one, such as awslogs",
        )


ECS_CONTAINERS = Rule(
    id="logging.ecs-container-logs",
    severity="error",
    title="Every container of a task has a log configuration",
    why="What a container prints is lost when it stops; after an attack that is the one thing asked for.",
    fix="set LogConfiguration of every container definition (CDK: logging=ecs.LogDrivers.aws_logs(stream_prefix=...))",
    types=(TASK,),
    check=_check_task,
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("ECS.9",), "NIST 800-53 r5": ("AU-2", "AU-12")},
    source="Amazon ECS Developer Guide, Send Amazon ECS logs to CloudWatch",
    cdk="""
task.add_container("App", image=image, logging=ecs.LogDrivers.aws_logs(stream_prefix="app"))
""",
    example={
        "Task": {
            "Type": TASK,
            "Properties": {
                "ContainerDefinitions": [
                    {
                        "Name": "app",
                        "Image": "app",
                        "LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": "app"}},
                    }
                ]
            },
        }
    },
)


def keeps_no_log_in_s3(project: View) -> bool:
    """Whether a build project writes no log to S3, so that its log group is the only place."""
    return project.literal("LogsConfig", "S3Logs", "Status") != "ENABLED"


CODEBUILD = property_rule(
    rule_id="logging.codebuild-logs",
    title="Builds write their log to CloudWatch Logs or to S3",
    why="A build runs whatever a commit tells it to, with the rights to deploy; its log is the record of that.",
    requirements=(
        Requirement(
            type=PROJECT,
            path=("LogsConfig", "CloudWatchLogs", "Status"),
            accepts=one_of("ENABLED"),
            expected="ENABLED, or S3Logs with the status ENABLED",
            absent="",  # CodeBuild writes to CloudWatch Logs unless told not to
            source="AWS CodeBuild User Guide, Create a build project (logs)",
            as_of=AS_OF,
            example="ENABLED",
            when=keeps_no_log_in_s3,
        ),
    ),
    fix="leave LogsConfig out, or set CloudWatchLogs.Status or S3Logs.Status to ENABLED",
    cdk="""
codebuild.Project(
    self, "Build", source=source,
    logging=codebuild.LoggingOptions(cloud_watch=codebuild.CloudWatchLoggingOptions(log_group=log_group)),
)
""",
    source="AWS CodeBuild User Guide, Monitoring CodeBuild builds",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("CodeBuild.4",)},
)


def _level(type_: str, name: str) -> Requirement:
    return row(
        type_,
        name,
        "Level",
        as_of=AS_OF,
        accepts=one_of("ALL", "ERROR", "FATAL"),
        expected="ALL, ERROR or FATAL",
        absent="Step Functions then records nothing (OFF)",
        example="ALL",
    )


STEP_FUNCTIONS = property_rule(
    rule_id="logging.stepfunctions-logs",
    title="State machines record their executions",
    why="The history of an execution is deleted after 90 days, of an express one it is never kept.",
    requirements=(
        _level("AWS::StepFunctions::StateMachine", "LoggingConfiguration"),
        _level("AWS::Serverless::StateMachine", "Logging"),
    ),
    fix="set LoggingConfiguration.Level to ALL, ERROR or FATAL, with a log group in Destinations",
    cdk="""
stepfunctions.StateMachine(
    self, "Flow", definition_body=definition,
    logs=stepfunctions.LogOptions(destination=log_group, level=stepfunctions.LogLevel.ALL),
)
""",
    source="AWS Step Functions Developer Guide, Using CloudWatch Logs to log execution history",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("StepFunctions.1",)},
)


def _has_options_of_its_own(environment: View) -> bool:
    """Whether an environment takes its options from no saved configuration, which is judged where it stands."""
    return environment.type != ENVIRONMENT or isinstance(environment.peek("TemplateName"), Absent)


BEANSTALK = property_rule(
    rule_id="logging.beanstalk-logs",
    title="Elastic Beanstalk environments stream their logs to CloudWatch Logs",
    why="The instances come and go, and their logs with them.",
    requirements=tuple(
        Entry(
            type=kind,
            path=("OptionSettings",),
            named=(("Namespace", "aws:elasticbeanstalk:cloudwatch:logs"), ("OptionName", "StreamLogs")),
            accepts=is_true,
            expected="true",
            absent="the logs then stay on the instances",
            source="AWS Elastic Beanstalk Developer Guide, General options: aws:elasticbeanstalk:cloudwatch:logs",
            as_of=AS_OF,
            example=[
                {"Namespace": "aws:elasticbeanstalk:cloudwatch:logs", "OptionName": "StreamLogs", "Value": "true"}
            ],
            when=_has_options_of_its_own,
        )
        for kind in (ENVIRONMENT, BEANSTALK_TEMPLATE)
    ),
    fix="add the option StreamLogs: true of the namespace aws:elasticbeanstalk:cloudwatch:logs",
    cdk="""
elasticbeanstalk.CfnEnvironment(
    self, "Web", application_name="web",
    option_settings=[
        {"namespace": "aws:elasticbeanstalk:cloudwatch:logs", "optionName": "StreamLogs", "value": "true"}
    ],
)
""",
    source="AWS Elastic Beanstalk Developer Guide, Using Elastic Beanstalk with Amazon CloudWatch Logs",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("ElasticBeanstalk.3",)},
)

BEANSTALK_HEALTH = property_rule(
    rule_id="logging.beanstalk-health",
    title="Elastic Beanstalk environments report their health in full",
    why="Basic health says that the load balancer gets answers; failing requests show in enhanced health only.",
    requirements=tuple(
        Entry(
            type=kind,
            path=("OptionSettings",),
            named=(("Namespace", "aws:elasticbeanstalk:healthreporting:system"), ("OptionName", "SystemType")),
            accepts=one_of("enhanced"),
            expected="enhanced",
            absent="health is then reported as the platform's older versions do (basic)",
            source="AWS Elastic Beanstalk Developer Guide, General options for all environments (healthreporting)",
            as_of=AS_OF,
            example=[
                {
                    "Namespace": "aws:elasticbeanstalk:healthreporting:system",
                    "OptionName": "SystemType",
                    "Value": "enhanced",
                }
            ],
            when=_has_options_of_its_own,
        )
        for kind in (ENVIRONMENT, BEANSTALK_TEMPLATE)
    ),
    fix="add the option SystemType: enhanced of the namespace aws:elasticbeanstalk:healthreporting:system",
    cdk="""
elasticbeanstalk.CfnEnvironment(
    self, "Web", application_name="web",
    option_settings=[
        {"namespace": "aws:elasticbeanstalk:healthreporting:system", "optionName": "SystemType", "value": "enhanced"}
    ],
)
""",
    source="AWS Elastic Beanstalk Developer Guide, Enhanced health reporting and monitoring",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("ElasticBeanstalk.1",)},
)

EMR = property_rule(
    rule_id="logging.emr-logs",
    title="EMR clusters archive their logs in S3",
    why="A cluster's logs lie on its nodes and go with them.",
    requirements=(
        Requirement(
            type="AWS::EMR::Cluster",
            path=("LogUri",),
            accepts=None,
            expected="an S3 location",
            absent="EMR then archives nothing",
            source="CloudFormation resource reference, AWS::EMR::Cluster LogUri",
            as_of=AS_OF,
            example="s3://logs/emr/",
        ),
    ),
    fix="set LogUri to a location in S3",
    cdk="emr.CfnCluster(self, 'Jobs', name='jobs', instances=nodes, job_flow_role=r, service_role=s, log_uri='s3://logs/')",
    source="Amazon EMR Management Guide, Configure Amazon EMR cluster logging and debugging",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",)},
)

GLUE = property_rule(
    rule_id="logging.glue-job-logs",
    title="Glue jobs do not switch their continuous log off",
    why="A job that dies half-way has written nothing else of what it read and changed.",
    requirements=(
        Requirement(
            type=GLUE_JOB,
            path=("DefaultArguments", "--enable-continuous-cloudwatch-log"),
            accepts=is_true,
            expected="true",
            absent="",  # the driver's output still goes to CloudWatch Logs when the job ends
            source="AWS Glue Developer Guide, Using job parameters in AWS Glue jobs",
            as_of=AS_OF,
            example="true",
        ),
    ),
    fix="set --enable-continuous-cloudwatch-log: 'true' in DefaultArguments, or leave it out",
    cdk="""
glue.CfnJob(
    self, "Job", role=role.role_arn, command={"name": "glueetl", "scriptLocation": script},
    default_arguments={"--enable-continuous-cloudwatch-log": "true"},
)
""",
    source="AWS Glue Developer Guide, Enabling continuous logging for AWS Glue jobs",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",)},
)

RULES: tuple[Rule, ...] = (
    EKS,
    CONTAINER_INSIGHTS,
    ECS_EXEC,
    ECS_CONTAINERS,
    CODEBUILD,
    STEP_FUNCTIONS,
    BEANSTALK,
    BEANSTALK_HEALTH,
    EMR,
    GLUE,
)
