"""Hosts, containers and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as steps
from aws_cdk import aws_stepfunctions_tasks as tasks

from benchmarks.kinds.common import log_group, network_of, program, usually

if TYPE_CHECKING:
    from random import Random

    from constructs import Construct


def _disks(choose: Random) -> list[ec2.BlockDevice]:
    volume = ec2.BlockDeviceVolume.ebs(choose.choice((20, 50, 100)), encrypted=usually(choose))
    return [ec2.BlockDevice(device_name="/dev/xvda", volume=volume)]


def web_host(scope: Construct, choose: Random) -> None:
    """Hosts that stand alone, with their role and group."""
    network = network_of(scope, choose)
    role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name("AmazonSSMManagedInstanceCore"))
    group = ec2.SecurityGroup(scope, "Group", vpc=network, description="Hosts")
    group.add_ingress_rule(ec2.Peer.ipv4("10.0.0.0/8"), ec2.Port.tcp(443))
    for place in range(choose.randint(2, 8)):
        host = ec2.Instance(
            scope,
            f"Host{place}",
            vpc=network,
            role=role,
            security_group=group,
            instance_type=ec2.InstanceType(choose.choice(("m7g.large", "c7g.xlarge", "t4g.medium"))),
            machine_image=ec2.MachineImage.latest_amazon_linux2023(),
            require_imdsv2=usually(choose),
            detailed_monitoring=usually(choose),
            block_devices=_disks(choose),
        )
        host.user_data.add_commands("dnf --assumeyes install nginx", f"echo {place} > /etc/host-number")


def scaling_group(scope: Construct, choose: Random) -> None:
    """Groups of hosts that grow and shrink."""
    network = network_of(scope, choose)
    role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    for place in range(choose.randint(1, 3)):
        template = ec2.LaunchTemplate(
            scope,
            f"Template{place}",
            instance_type=ec2.InstanceType(choose.choice(("m7g.large", "i4g.xlarge", "c7gd.large"))),
            machine_image=ec2.MachineImage.latest_amazon_linux2023(),
            role=role,
            require_imdsv2=usually(choose),
            security_group=ec2.SecurityGroup(scope, f"Group{place}", vpc=network, description="Workers"),
            block_devices=_disks(choose),
        )
        group = autoscaling.AutoScalingGroup(
            scope,
            f"Workers{place}",
            vpc=network,
            launch_template=template,
            min_capacity=1,
            max_capacity=choose.randint(2, 12),
            health_checks=autoscaling.HealthChecks.ec2(grace_period=Duration.minutes(5)),
        )
        group.scale_on_cpu_utilization("Busy", target_utilization_percent=60)
        group.scale_on_schedule("Night", schedule=autoscaling.Schedule.cron(hour="22", minute="0"), min_capacity=1)


def container_service(scope: Construct, choose: Random) -> None:
    """Services of containers without hosts."""
    network = network_of(scope, choose)
    insights = ecs.ContainerInsights.ENABLED if usually(choose) else ecs.ContainerInsights.DISABLED
    cluster = ecs.Cluster(scope, "Cluster", vpc=network, container_insights_v2=insights)
    images = ecr.Repository(
        scope, "Images", image_scan_on_push=usually(choose), image_tag_mutability=ecr.TagMutability.IMMUTABLE
    )
    for place in range(choose.randint(1, 3)):
        task = ecs.FargateTaskDefinition(scope, f"Task{place}", cpu=512, memory_limit_mib=1024)
        task.add_container(
            "Main",
            image=ecs.ContainerImage.from_ecr_repository(images, f"v{choose.randint(1, 99)}"),
            logging=ecs.LogDrivers.aws_logs(stream_prefix="main", log_group=log_group(scope, choose, f"Logs{place}")),
            readonly_root_filesystem=usually(choose),
            port_mappings=[ecs.PortMapping(container_port=8443)],
            environment={"PART": str(place), "LOG_LEVEL": "INFO"},
        )
        service = ecs.FargateService(
            scope,
            f"Service{place}",
            cluster=cluster,
            task_definition=task,
            desired_count=choose.randint(1, 4),
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
        )
        service.auto_scale_task_count(max_capacity=8).scale_on_cpu_utilization("Busy", target_utilization_percent=60)


def function(scope: Construct, choose: Random) -> None:
    """Functions with what they may read."""
    for place in range(choose.randint(2, 5)):
        made = program(scope, choose, f"Function{place}", PART=str(place))
        made.add_to_role_policy(
            iam.PolicyStatement(
                actions=["ssm:GetParameter", "ssm:GetParametersByPath"],
                resources=[f"arn:aws:ssm:*:000000000000:parameter/service/{place}/*"] if usually(choose) else ["*"],
            )
        )
        lambda_.Alias(scope, f"Live{place}", alias_name="live", version=made.current_version)


def scheduled_function(scope: Construct, choose: Random) -> None:
    """Functions that run by the clock."""
    for place in range(choose.randint(2, 4)):
        made = program(scope, choose, f"Job{place}")
        dropped = sqs.Queue(scope, f"Dropped{place}", enforce_ssl=usually(choose))
        events.Rule(
            scope,
            f"Clock{place}",
            schedule=events.Schedule.rate(Duration.hours(choose.randint(1, 24))),
            targets=[targets.LambdaFunction(made, dead_letter_queue=dropped, retry_attempts=2)],
        )


def workflow(scope: Construct, choose: Random) -> None:
    """A workflow of functions."""
    chain: steps.Chain | None = None
    for place in range(choose.randint(3, 5)):
        step = tasks.LambdaInvoke(
            scope, f"Step{place}", lambda_function=program(scope, choose, f"Program{place}"), output_path="$.Payload"
        )
        step.add_retry(max_attempts=3)
        chain = steps.Chain.start(step) if chain is None else chain.next(step)
    assert chain is not None
    steps.StateMachine(
        scope,
        "Workflow",
        definition_body=steps.DefinitionBody.from_chainable(chain),
        tracing_enabled=usually(choose),
        logs=steps.LogOptions(destination=log_group(scope, choose), level=steps.LogLevel.ALL),
    )
