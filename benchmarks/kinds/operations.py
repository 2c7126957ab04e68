"""Watching, recording and building."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_ssm as ssm

from benchmarks.kinds.common import log_group, usually

if TYPE_CHECKING:
    from random import Random

    from constructs import Construct


def alarms(scope: Construct, choose: Random) -> None:
    """Alarms, their topic and a dashboard."""
    topic = sns.Topic(scope, "Alarms", enforce_ssl=usually(choose))
    board = cloudwatch.Dashboard(scope, "Board")
    for place in range(choose.randint(8, 24)):
        metric = cloudwatch.Metric(
            namespace=choose.choice(("AWS/Lambda", "AWS/SQS", "AWS/RDS")),
            metric_name=choose.choice(("Errors", "Throttles", "CPUUtilization", "ApproximateAgeOfOldestMessage")),
            dimensions_map={"Name": f"part-{place}"},
            period=Duration.minutes(5),
        )
        alarm = cloudwatch.Alarm(
            scope,
            f"Alarm{place}",
            metric=metric,
            threshold=choose.randint(1, 90),
            evaluation_periods=choose.randint(1, 5),
            alarm_description="Somebody must look",
        )
        alarm.add_alarm_action(actions.SnsAction(topic))
        board.add_widgets(cloudwatch.GraphWidget(left=[metric], title=f"Part {place}"))


def trail(scope: Construct, choose: Random) -> None:
    """A record of what is called."""
    key = kms.Key(scope, "Key", enable_key_rotation=usually(choose))
    place = s3.Bucket(
        scope,
        "Records",
        enforce_ssl=True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        versioned=usually(choose),
        encryption=s3.BucketEncryption.KMS,
        encryption_key=key,
    )
    cloudtrail.Trail(
        scope,
        "Trail",
        bucket=place,
        is_multi_region_trail=usually(choose),
        enable_file_validation=usually(choose),
        send_to_cloud_watch_logs=True,
        cloud_watch_log_group=log_group(scope, choose),
    )


def pipeline(scope: Construct, choose: Random) -> None:
    """Projects that build and test."""
    for place in range(choose.randint(2, 5)):
        codebuild.Project(
            scope,
            f"Build{place}",
            build_spec=codebuild.BuildSpec.from_object(
                {"version": "0.2", "phases": {"build": {"commands": ["make test", f"make part-{place}"]}}}
            ),
            environment=codebuild.BuildEnvironment(
                build_image=codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0, privileged=not usually(choose)
            ),
            logging=codebuild.LoggingOptions(
                cloud_watch=codebuild.CloudWatchLoggingOptions(log_group=log_group(scope, choose, f"Logs{place}"))
            ),
            encryption_key=kms.Key(scope, f"Key{place}", enable_key_rotation=usually(choose)),
            timeout=Duration.minutes(choose.choice((15, 30, 60))),
        )


def settings(scope: Construct, choose: Random) -> None:
    """Settings of a service."""
    for place in range(choose.randint(8, 30)):
        ssm.StringParameter(
            scope,
            f"Setting{place}",
            parameter_name=f"/part-{choose.randrange(1000)}/setting-{place}",
            string_value=str(choose.randrange(100_000)),
            description="Read at start-up",
        )
