"""A managed PostgreSQL database on RDS: TLS only, encrypted, isolated, backed up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, get_args

from aws_cdk import Aws, RemovalPolicy, Stack, Token
from aws_cdk import aws_rds as rds
from constructs import Construct

from nexis.facts.rds_classes import has_local_nvme, is_offered, nearest_classes
from nexis.facts.rds_limits import (
    HIGHEST_PORT,
    LARGEST_STORAGE_GIB,
    LEAST_BACKUP_DAYS,
    LOWEST_PORT,
    MANAGED_PORT,
    MOST_BACKUP_DAYS,
    POSTGRESQL_PORT,
    SMALLEST_STORAGE_GIB,
)
from nexis.facts.regions import is_approved
from nexis_constructs._backup_plan import BackupPlan
from nexis_constructs._checks import check_between, check_log_retention, check_matches, refusal
from nexis_constructs._database_names import check_clients
from nexis_constructs._log_groups import encrypted_log_group, path_name
from nexis_constructs._roles import allow, service_role
from nexis_constructs._security_groups import security_group, tcp_in
from nexis_constructs.customer_key import CustomerKey
from nexis_constructs.hardened_network import HardenedNetwork
from nexis_constructs.role_password import check_role
from nexis_constructs.tls_only_parameter_group import (
    MinimumTls,
    TlsOnlyParameterGroup,
    check_major,
    tls_only_parameters,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam

DEFAULT_INSTANCE_CLASS: Final = "db.m6gd.large"
"""The least expensive class with a local NVMe disk."""

CertificateAuthority = Literal["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"]
"""Source: Amazon RDS User Guide, "Certificate authorities"."""

LOG_EXPORTS: Final = ("iam-db-auth-error", "postgresql", "upgrade")
"""Every log that RDS for PostgreSQL exports. Source: Amazon RDS API Reference, EnableCloudwatchLogsExports."""

MONITORING_SECONDS: Final = 60
"""Seconds between two readings of the operating system. Source: Amazon RDS API Reference, MonitoringInterval."""

BACKUP_WINDOW: Final = "01:00-02:00"
MAINTENANCE_WINDOW: Final = "sun:03:00-sun:04:00"
"""UTC. Source: Amazon RDS User Guide, the two windows must not overlap."""


def check_instance_class(argument: str, instance_class: str, region: str) -> str:
    """Returns a DB instance class with a local NVMe disk, which RDS offers for PostgreSQL in the region.

    Args:
        argument: name of the argument, for the message.
        instance_class: the class found.
        region: the stack's region; a region known only at deployment is not judged.

    Raises:
        ValueError: if it has none or is not offered; the message names the closest classes.
    """
    judged = region if not Token.is_unresolved(region) and is_approved(region) else None
    if has_local_nvme(instance_class) and (judged is None or is_offered(instance_class, judged)):
        return instance_class
    where = f" that RDS offers for PostgreSQL in {judged}" if judged else ""
    raise refusal(
        argument,
        got=instance_class,
        expected=f"a DB instance class with a local NVMe disk{where}",
        do=f"The closest are {', '.join(nearest_classes(str(instance_class), region=judged))}.",
    )


def _default_identifier(scope: Construct, construct_id: str) -> str:
    path = f"{path_name(scope, construct_id)}".lower()
    return re.sub(r"[^a-z0-9]+", "-", path).strip("-")


class ManagedDatabase(Construct):
    """One Multi-AZ RDS for PostgreSQL instance that speaks TLS only, on a class with local NVMe.

    On RDS the data lies on EBS volumes and the local disk holds temporary objects, so both are encrypted: the volumes
    with a customer key, the disk by the instance itself. RDS makes, keeps and rotates the admin role's password.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        network: the network; one of its own by default.
        instance_class: DB instance class with a local NVMe disk.
        major: PostgreSQL major version.
        port: the port it listens on; not 5432.
        backup_retention_days: days RDS keeps its own backups, 14 to 35.
        clients: security groups that may reach it, by the name of who wears them.
        allocated_storage_gib: size of its storage in GiB.
        log_retention_days: days its logs are kept.
        retain: whether its keys, logs and backups outlive the stack, and a final snapshot is taken.
        ca: the certificate authority of its server certificate.
        identifier: its name; by default the stack's name and its path there.
        admin_role: name of the role that RDS makes and whose password it manages.
        extra_parameters: further parameters. A weaker value of a protected setting is refused.
        minimum_tls: the lowest TLS version that it accepts.

    Attributes:
        network: the network.
        identifier: its name.
        port: the port it listens on.
        parameter_group: its parameter group.
        security_group: its security group.
        storage_key: the key of its storage and snapshots.
        admin_key: the key of the admin role's password.
        resource: the RDS instance.
        backup_plan: its daily backups through AWS Backup.

    Raises:
        ValueError: if an argument is not as described.

    Source: Amazon RDS User Guide, "Security in Amazon RDS"; AWS Security Hub CSPM controls for Amazon RDS.

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import ManagedDatabase

        app = App()
        stack = Stack(app, "Billing")
        database = ManagedDatabase(stack, "Database", instance_class="db.r6gd.large", port=6543)
        assert database.parameter_group.parameters["rds.force_ssl"] == "1"
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        network: HardenedNetwork | None = None,
        instance_class: str = DEFAULT_INSTANCE_CLASS,
        major: int = 17,
        port: int = MANAGED_PORT,
        backup_retention_days: int = LEAST_BACKUP_DAYS,
        clients: Mapping[str, ec2.ISecurityGroup] | None = None,
        allocated_storage_gib: int = 100,
        log_retention_days: int = 365,
        retain: bool = True,
        ca: CertificateAuthority = "rds-ca-rsa2048-g1",
        identifier: str | None = None,
        admin_role: str = "nexis_admin",
        extra_parameters: Mapping[str, str] | None = None,
        minimum_tls: MinimumTls = "TLSv1.3",
    ) -> None:
        check_instance_class("instance_class", instance_class, Stack.of(scope).region)
        version = check_major("major", major)
        tls_only_parameters(extra_parameters=extra_parameters, minimum_tls=minimum_tls)
        _check_port(port)
        check_between(
            "backup_retention_days", backup_retention_days, least=LEAST_BACKUP_DAYS, most=MOST_BACKUP_DAYS, unit="days"
        )
        named_clients = check_clients("clients", clients)
        check_between(
            "allocated_storage_gib",
            allocated_storage_gib,
            least=SMALLEST_STORAGE_GIB,
            most=LARGEST_STORAGE_GIB,
            unit="GiB",
        )
        check_log_retention("log_retention_days", log_retention_days)
        if ca not in get_args(CertificateAuthority):
            raise refusal(
                "ca", got=ca, expected=", ".join(get_args(CertificateAuthority)), do="Clients trust the global bundle."
            )
        name = _check_identifier(identifier or _default_identifier(scope, construct_id))
        check_role("admin_role", admin_role)
        super().__init__(scope, construct_id)
        self.identifier = name
        self.port = port
        self._retain = retain
        self.network = network or HardenedNetwork(
            self, "Network", log_retention_days=log_retention_days, retain_logs=retain
        )
        self.parameter_group = TlsOnlyParameterGroup(
            self, "ParameterGroup", major=major, extra_parameters=extra_parameters, minimum_tls=minimum_tls
        )
        self.security_group = security_group(
            self,
            "SecurityGroup",
            vpc_id=self.network.vpc_id,
            description="Managed database: PostgreSQL from named clients",
            ingress=[
                tcp_in(port, f"PostgreSQL over TLS from {client}", group_id=group.security_group_id)
                for client, group in named_clients
            ],
        )
        self.storage_key = CustomerKey(self, "StorageKey", purpose="managed database storage", retain=retain)
        self.storage_key.allow_via_service("rds")
        self.admin_key = CustomerKey(self, "AdminPasswordKey", purpose="managed database admin password", retain=retain)
        self.admin_key.allow_via_service("secretsmanager")
        self.admin_key.allow_via_service("rds")
        subnet_group = rds.CfnDBSubnetGroup(
            self,
            "SubnetGroup",
            db_subnet_group_description="Isolated subnets of the network",
            subnet_ids=list(self.network.subnet_ids),
        )
        self.resource = rds.CfnDBInstance(
            self,
            "Resource",
            db_instance_identifier=name,
            db_instance_class=instance_class,
            engine="postgres",
            engine_version=version.rds_engine_version,
            allow_major_version_upgrade=False,
            auto_minor_version_upgrade=True,
            db_parameter_group_name=self.parameter_group.name,
            ca_certificate_identifier=ca,
            port=str(port),
            publicly_accessible=False,
            network_type="IPV4",
            db_subnet_group_name=subnet_group.ref,
            vpc_security_groups=[self.security_group.attr_group_id],
            multi_az=True,
            storage_type="gp3",
            allocated_storage=str(allocated_storage_gib),
            storage_encrypted=True,
            kms_key_id=self.storage_key.key_arn,
            master_username=admin_role,
            manage_master_user_password=True,
            master_user_secret=rds.CfnDBInstance.MasterUserSecretProperty(kms_key_id=self.admin_key.key_arn),
            enable_iam_database_authentication=True,
            enable_cloudwatch_logs_exports=list(LOG_EXPORTS),
            monitoring_interval=MONITORING_SECONDS,
            monitoring_role_arn=self._monitoring_role().attr_arn,
            backup_retention_period=backup_retention_days,
            preferred_backup_window=BACKUP_WINDOW,
            preferred_maintenance_window=MAINTENANCE_WINDOW,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not retain,
            deletion_protection=True,
        )
        self.resource.apply_removal_policy(RemovalPolicy.SNAPSHOT if retain else RemovalPolicy.DESTROY)
        self._make_log_groups(log_retention_days)
        self.backup_plan = BackupPlan(
            self, "BackupPlan", name=name, instance=self.resource, storage_key=self.storage_key, retain=retain
        )

    @property
    def instance_arn(self) -> str:
        """ARN of the RDS instance."""
        return self.resource.attr_db_instance_arn

    @property
    def endpoint_address(self) -> str:
        """DNS name that clients connect to, with `sslmode=verify-full`."""
        return self.resource.attr_endpoint_address

    @property
    def admin_secret_arn(self) -> str:
        """ARN of the secret that RDS keeps and rotates for the admin role."""
        return self.resource.attr_master_user_secret_secret_arn

    def _monitoring_role(self) -> iam.CfnRole:
        """Lets RDS write the operating system's metrics; it makes the log group itself, one for all instances.

        Source: Amazon RDS User Guide, "Setting up and enabling Enhanced Monitoring" (the managed policy it describes,
        narrowed to the one log group; the condition against confused deputies).
        """
        stack = Stack.of(self)
        # Pseudo parameters, so that a waiver names this policy alike in every account and region.
        group = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:RDSOSMetrics"
        instance = f"arn:{stack.partition}:rds:{stack.region}:{stack.account}:db:{self.identifier}"
        return service_role(
            self,
            "MonitoringRole",
            service="monitoring.rds.amazonaws.com",
            description="Writes the operating system metrics of one database to CloudWatch Logs",
            statements=[
                allow(["logs:CreateLogGroup", "logs:PutRetentionPolicy"], [group]),
                allow(
                    ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"],
                    [f"{group}:log-stream:*"],
                ),
            ],
            trust_conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": instance},
            },
        )

    def _make_log_groups(self, retention_days: int) -> None:
        """Makes the log groups before RDS would, which encrypts none and keeps logs for ever.

        Source: Amazon RDS User Guide, "Publishing PostgreSQL logs to Amazon CloudWatch Logs" (names of the groups).
        """
        key = CustomerKey(self, "LogsKey", purpose="managed database logs", retain=self._retain)
        for export in LOG_EXPORTS:
            group = encrypted_log_group(
                self,
                "LogGroup" + "".join(part.capitalize() for part in export.split("-")),
                name=f"/aws/rds/instance/{self.identifier}/{export}",
                key=key,
                retention_days=retention_days,
                retain=self._retain,
            )
            self.resource.add_resource_dependency(group)


def _check_port(port: int) -> None:
    check_between("port", port, least=LOWEST_PORT, most=HIGHEST_PORT, unit="ports")
    if port == POSTGRESQL_PORT:
        raise refusal(
            "port",
            got=port,
            expected=f"a port from {LOWEST_PORT} to {HIGHEST_PORT} other than PostgreSQL's own",
            do=f"Every scanner tries {port} first; choose another, such as {MANAGED_PORT}.",
        )


def _check_identifier(identifier: str) -> str:
    """Returns a name that both an RDS instance and a backup vault can have.

    Source: Amazon RDS API Reference, CreateDBInstance; AWS Backup API Reference, CreateBackupVault.
    """
    expected = "2 to 50 lower-case letters, digits and single inner hyphens, beginning with a letter"
    do = "Give the database a name with identifier=…."
    if Token.is_unresolved(identifier):
        # The names of its log groups, of its vault and of what may use their keys must be known before it exists.
        raise refusal("identifier", got="a value known only at deployment", expected=expected, do=do)
    return check_matches("identifier", identifier, r"(?=.{2,50}\Z)[a-z](?:-?[a-z0-9])*", expected=expected, do=do)
