"""Where data lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_backup as backup
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_efs as efs
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3

from benchmarks.kinds.common import network_of, usually

if TYPE_CHECKING:
    from random import Random

    from constructs import Construct


def bucket(scope: Construct, choose: Random) -> None:
    """Buckets with their log bucket, and who may read them."""
    logs = s3.Bucket(
        scope,
        "AccessLogs",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        encryption=s3.BucketEncryption.S3_MANAGED,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
        lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(choose.choice((90, 365))))],
    )
    reader = iam.Role(scope, "Reader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    for place in range(choose.randint(1, 5)):
        made = s3.Bucket(
            scope,
            f"Bucket{place}",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=usually(choose),
            encryption=s3.BucketEncryption.KMS if choose.random() < 0.4 else s3.BucketEncryption.S3_MANAGED,
            versioned=usually(choose),
            server_access_logs_bucket=logs if usually(choose) else None,
            server_access_logs_prefix=f"bucket-{place}/",
            removal_policy=RemovalPolicy.RETAIN,
        )
        made.grant_read(reader)


def website(scope: Construct, choose: Random) -> None:
    """Websites behind a content delivery network."""
    for place in range(choose.randint(1, 3)):
        made = s3.Bucket(
            scope, f"Pages{place}", block_public_access=s3.BlockPublicAccess.BLOCK_ALL, enforce_ssl=usually(choose)
        )
        cloudfront.Distribution(
            scope,
            f"Site{place}",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(made),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                response_headers_policy=cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
            ),
            default_root_object="index.html",
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        )


def table(scope: Construct, choose: Random) -> None:
    """Tables with indexes, and their readers."""
    for place in range(choose.randint(3, 8)):
        made = dynamodb.Table(
            scope,
            f"Table{place}",
            partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="at", type=dynamodb.AttributeType.NUMBER),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED if usually(choose) else dynamodb.TableEncryption.DEFAULT,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=usually(choose)
            ),
            deletion_protection=usually(choose),
        )
        made.add_global_secondary_index(
            index_name="by-owner",
            partition_key=dynamodb.Attribute(name="owner", type=dynamodb.AttributeType.STRING),
        )
        made.grant_read_write_data(
            iam.Role(scope, f"Writer{place}", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        )


def postgres(scope: Construct, choose: Random) -> None:
    """A PostgreSQL database with replicas and the settings they have."""
    network = network_of(scope, choose)
    engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17)
    settings = rds.ParameterGroup(
        scope,
        "Settings",
        engine=engine,
        parameters={"rds.force_ssl": "1" if usually(choose) else "0", "log_connections": "1"},
    )
    group = ec2.SecurityGroup(scope, "Group", vpc=network, description="PostgreSQL", allow_all_outbound=False)
    main = rds.DatabaseInstance(
        scope,
        "Main",
        engine=engine,
        vpc=network,
        security_groups=[group],
        parameter_group=settings,
        instance_type=ec2.InstanceType(choose.choice(("m6gd.large", "r6gd.xlarge", "m7g.large"))),
        multi_az=usually(choose),
        storage_encrypted=usually(choose),
        backup_retention=Duration.days(choose.choice((7, 14, 30))),
        deletion_protection=usually(choose),
        cloudwatch_logs_exports=["postgresql", "upgrade"],
        port=choose.choice((5432, 6432)),
    )
    main.connections.allow_default_port_from(ec2.Peer.ipv4("10.0.0.0/16"), "The network")
    for place in range(choose.randint(0, 2)):
        rds.DatabaseInstanceReadReplica(
            scope,
            f"Replica{place}",
            source_database_instance=main,
            vpc=network,
            instance_type=ec2.InstanceType("m7g.large"),
            parameter_group=settings,
            storage_encrypted=True,
            security_groups=[group],
        )


def aurora(scope: Construct, choose: Random) -> None:
    """A cluster of Aurora with readers."""
    network = network_of(scope, choose)
    engine = rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_16_6)
    size = ec2.InstanceType(choose.choice(("r6g.large", "r7g.xlarge")))
    rds.DatabaseCluster(
        scope,
        "Cluster",
        engine=engine,
        vpc=network,
        writer=rds.ClusterInstance.provisioned("Writer", instance_type=size),
        readers=[
            rds.ClusterInstance.provisioned(f"Reader{place}", instance_type=size)
            for place in range(choose.randint(1, 3))
        ],
        parameter_group=rds.ParameterGroup(scope, "Settings", engine=engine, parameters={"rds.force_ssl": "1"}),
        storage_encrypted=usually(choose),
        iam_authentication=usually(choose),
        deletion_protection=usually(choose),
        backup=rds.BackupProps(retention=Duration.days(14)),
        cloudwatch_logs_exports=["postgresql"],
    )


def cache(scope: Construct, choose: Random) -> None:
    """A cache with its group and subnets."""
    network = network_of(scope, choose)
    for place in range(choose.randint(2, 5)):
        group = ec2.SecurityGroup(scope, f"Group{place}", vpc=network, description="Cache")
        group.add_ingress_rule(ec2.Peer.ipv4("10.0.0.0/16"), ec2.Port.tcp(6379))
        subnets = elasticache.CfnSubnetGroup(
            scope,
            f"Subnets{place}",
            description="Private subnets",
            subnet_ids=[subnet.subnet_id for subnet in network.private_subnets],
        )
        elasticache.CfnReplicationGroup(
            scope,
            f"Cache{place}",
            replication_group_description="Sessions",
            engine="valkey",
            cache_node_type="cache.r7g.large",
            num_cache_clusters=2,
            automatic_failover_enabled=usually(choose),
            multi_az_enabled=True,
            at_rest_encryption_enabled=usually(choose),
            transit_encryption_enabled=usually(choose),
            cache_subnet_group_name=subnets.ref,
            security_group_ids=[group.security_group_id],
        )


def file_system(scope: Construct, choose: Random) -> None:
    """Shared files with their doors."""
    made = efs.FileSystem(
        scope,
        "Files",
        vpc=network_of(scope, choose),
        encrypted=usually(choose),
        kms_key=kms.Key(scope, "Key", enable_key_rotation=usually(choose)),
        lifecycle_policy=efs.LifecyclePolicy.AFTER_30_DAYS,
        enable_automatic_backups=usually(choose),
    )
    for place in range(choose.randint(2, 8)):
        made.add_access_point(
            f"Door{place}",
            path=f"/part-{place}",
            create_acl=efs.Acl(owner_uid="1000", owner_gid="1000", permissions="750"),
            posix_user=efs.PosixUser(uid="1000", gid="1000"),
        )


def backup_plan(scope: Construct, choose: Random) -> None:
    """Plans and vaults of backups."""
    for place in range(choose.randint(1, 3)):
        key = kms.Key(scope, f"Key{place}", enable_key_rotation=usually(choose))
        vault = backup.BackupVault(scope, f"Vault{place}", encryption_key=key)
        plan = backup.BackupPlan(scope, f"Plan{place}", backup_vault=vault)
        plan.add_rule(
            backup.BackupPlanRule(
                schedule_expression=events.Schedule.cron(hour=str(choose.randrange(24)), minute="0"),
                delete_after=Duration.days(choose.choice((35, 90, 365))),
            )
        )
        plan.add_selection("Tagged", resources=[backup.BackupResource.from_tag("backup", "daily")])
