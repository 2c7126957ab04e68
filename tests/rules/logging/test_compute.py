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
from tests.support.rule_templates import OPEN, defaulted, opened

OTHER = not_applicable("another type", resources(It=resource("AWS::S3::Bucket")))


def eks(*types: Any) -> dict[str, Any]:
    enabled = [{"Type": name} for name in types]
    return resource("AWS::EKS::Cluster", Logging={"ClusterLogging": {"EnabledTypes": enabled}})


TYPES = ("Properties.Logging.ClusterLogging.EnabledTypes",)


def insights(value: Any) -> dict[str, Any]:
    return resource("AWS::ECS::Cluster", ClusterSettings=[{"Name": "containerInsights", "Value": value}])


INSIGHTS = ("Properties.ClusterSettings.0.Value",)


def exec_logs(value: Any) -> dict[str, Any]:
    return resource("AWS::ECS::Cluster", Configuration={"ExecuteCommandConfiguration": {"Logging": value}})


EXEC = ("Properties.Configuration.ExecuteCommandConfiguration.Logging",)


def task(*containers: dict[str, Any]) -> dict[str, Any]:
    return resource("AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers))


AWSLOGS = {"Name": "a", "LogConfiguration": {"LogDriver": "awslogs"}}
ROUTER = {"Name": "r", "FirelensConfiguration": {"Type": "fluentbit"}}


def project(**logs: Any) -> dict[str, Any]:
    return resource("AWS::CodeBuild::Project", LogsConfig={name: {"Status": status} for name, status in logs.items()})


STATUS = ("Properties.LogsConfig.CloudWatchLogs.Status",)


def machine(**logging: Any) -> dict[str, Any]:
    return resource("AWS::StepFunctions::StateMachine", LoggingConfiguration=logging)


LEVEL = ("Properties.LoggingConfiguration.Level",)


def environment(value: Any, **more: Any) -> dict[str, Any]:
    option = {"Namespace": "aws:elasticbeanstalk:cloudwatch:logs", "OptionName": "StreamLogs", "Value": value}
    return resource("AWS::ElasticBeanstalk::Environment", OptionSettings=[option], **more)


def health(value: Any) -> dict[str, Any]:
    system = "aws:elasticbeanstalk:healthreporting:system"
    option = {"Namespace": system, "OptionName": "SystemType", "Value": value}
    return resource(BEANSTALK, OptionSettings=[option])


BEANSTALK = "AWS::ElasticBeanstalk::Environment"
CONTINUOUS = ("Properties.DefaultArguments.--enable-continuous-cloudwatch-log",)


def job(value: Any) -> dict[str, Any]:
    return resource("AWS::Glue::Job", DefaultArguments={"--enable-continuous-cloudwatch-log": value})


CASES = (
    RuleCases(
        "logging.eks-audit-logs",
        (
            good("audit among others", resources(It=eks("api", "audit"))),
            bad("absent", resources(It=resource("AWS::EKS::Cluster")), at=TYPES),
            bad("others only", resources(It=eks("api", "scheduler")), at=TYPES),
            bad("none", resources(It=eks()), at=TYPES),
            OTHER,
            unknown("an open type", opened(It=eks("api", OPEN)), at=(TYPES[0] + ".1.Type",)),
        ),
    ),
    RuleCases(
        "logging.ecs-container-insights",
        (
            good("enabled", resources(It=insights("enabled"))),
            good("enhanced", resources(It=insights("enhanced"))),
            bad("disabled", resources(It=insights("disabled")), at=INSIGHTS),
            bad("absent", resources(It=resource("AWS::ECS::Cluster")), at=("Properties.ClusterSettings",)),
            bad("a parameter's default", defaulted("disabled", It=insights(OPEN)), at=INSIGHTS),
            OTHER,
            unknown("open", opened(It=insights(OPEN)), at=INSIGHTS),
        ),
    ),
    RuleCases(
        "logging.ecs-exec-logs",
        (
            good("nothing said", resources(It=resource("AWS::ECS::Cluster"))),
            good("its own log group", resources(It=exec_logs("OVERRIDE"))),
            bad("none", resources(It=exec_logs("NONE")), at=EXEC),
            OTHER,
            unknown("open", opened(It=exec_logs(OPEN)), at=EXEC),
        ),
    ),
    RuleCases(
        "logging.ecs-container-logs",
        (
            good("every container", resources(It=task(AWSLOGS, AWSLOGS))),
            good("beside a log router", resources(It=task(AWSLOGS, ROUTER))),
            bad(
                "one without",
                resources(It=task(AWSLOGS, {"Name": "b"})),
                at=("Properties.ContainerDefinitions.1.LogConfiguration",),
            ),
            bad(
                "an empty one",
                resources(It=task({"Name": "b", "LogConfiguration": {}})),
                at=("Properties.ContainerDefinitions.0.LogConfiguration",),
            ),
            bad(
                "Docker's driver that keeps nothing",
                resources(It=task({"Name": "b", "LogConfiguration": {"LogDriver": "none"}})),
                at=("Properties.ContainerDefinitions.0.LogConfiguration",),
            ),
            good("a driver that is handed in", opened(It=task({"Name": "b", "LogConfiguration": {"LogDriver": OPEN}}))),
            OTHER,
            unknown(
                "open containers",
                opened(It=resource("AWS::ECS::TaskDefinition", ContainerDefinitions=OPEN)),
                at=("Properties.ContainerDefinitions",),
            ),
        ),
    ),
    RuleCases(
        "logging.codebuild-logs",
        (
            good("nothing said", resources(It=resource("AWS::CodeBuild::Project"))),
            good("enabled", resources(It=project(CloudWatchLogs="ENABLED"))),
            bad("disabled", resources(It=project(CloudWatchLogs="DISABLED")), at=STATUS),
            bad("both disabled", resources(It=project(CloudWatchLogs="DISABLED", S3Logs="DISABLED")), at=STATUS),
            not_applicable("in S3", resources(It=project(CloudWatchLogs="DISABLED", S3Logs="ENABLED"))),
            unknown("open", opened(It=project(CloudWatchLogs=OPEN)), at=STATUS),
        ),
    ),
    RuleCases(
        "logging.stepfunctions-logs",
        (
            good("everything", resources(It=machine(Level="ALL"))),
            good("failures", resources(It=machine(Level="FATAL"))),
            good("SAM", resources(It=resource("AWS::Serverless::StateMachine", Logging={"Level": "ERROR"}))),
            bad("off", resources(It=machine(Level="OFF")), at=LEVEL),
            bad("no level", resources(It=machine(IncludeExecutionData=True)), at=LEVEL),
            bad("absent", resources(It=resource("AWS::StepFunctions::StateMachine")), at=LEVEL),
            OTHER,
            unknown("open", opened(It=machine(Level=OPEN)), at=LEVEL),
        ),
    ),
    RuleCases(
        "logging.beanstalk-logs",
        (
            good("streamed", resources(It=environment("true"))),
            bad("not streamed", resources(It=environment("false")), at=("Properties.OptionSettings.0.Value",)),
            bad("absent", resources(It=resource(BEANSTALK)), at=("Properties.OptionSettings",)),
            bad(
                "a saved configuration without",
                resources(It=resource("AWS::ElasticBeanstalk::ConfigurationTemplate")),
                at=("Properties.OptionSettings",),
            ),
            not_applicable("from a saved configuration", resources(It=resource(BEANSTALK, TemplateName="saved"))),
            unknown("open", opened(It=environment(OPEN)), at=("Properties.OptionSettings.0.Value",)),
        ),
    ),
    RuleCases(
        "logging.beanstalk-health",
        (
            good("enhanced", resources(It=health("enhanced"))),
            bad("basic", resources(It=health("basic")), at=("Properties.OptionSettings.0.Value",)),
            bad("absent", resources(It=resource(BEANSTALK)), at=("Properties.OptionSettings",)),
            not_applicable("from a saved configuration", resources(It=resource(BEANSTALK, TemplateName="saved"))),
            unknown("open", opened(It=health(OPEN)), at=("Properties.OptionSettings.0.Value",)),
        ),
    ),
    RuleCases(
        "logging.emr-logs",
        (
            good("a location", resources(It=resource("AWS::EMR::Cluster", LogUri="s3://logs/"))),
            bad("absent", resources(It=resource("AWS::EMR::Cluster")), at=("Properties.LogUri",)),
            OTHER,
            unknown(
                "open",
                opened(It=resource("AWS::EMR::Cluster", LogUri=OPEN)),
                at=("Properties.LogUri",),
                strict=True,
            ),
        ),
    ),
    RuleCases(
        "logging.glue-job-logs",
        (
            good("on", resources(It=job("true"))),
            good("nothing said", resources(It=resource("AWS::Glue::Job"))),
            bad("off", resources(It=job("false")), at=CONTINUOUS),
            bad("a parameter's default", defaulted("false", It=job(OPEN)), at=CONTINUOUS),
            OTHER,
            unknown("open", opened(It=job(OPEN)), at=CONTINUOUS),
        ),
    ),
)


@each_of(CASES)
def test_compute(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
