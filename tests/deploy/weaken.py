"""The weakening table: every protected property with a weak value and the rule that must stop it.

Its keys are those of `nexis.facts.protected_properties.PROTECTED`: a property without a line here, and a line without
a property there, fail the tests. Each line is run through the real synthesis by `test_weaken.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.github_oidc import HOST as GITHUB
from nexis.facts.postgres_settings import PARAMETERS
from nexis.facts.protected_properties import RESOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REMOVED: Final = "(removed)"
DROPPED: Final = "(the resource is dropped)"


@dataclass(frozen=True, slots=True)
class Added:
    """A resource that is added to the stack of the line's construct; `${Name}` texts stay intrinsic functions."""

    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakening:
    """One line of the table.

    `construct` is the path of the weakened resource, or, for an added one, of the resource that must be named.
    """

    type: str
    path: str
    construct: str
    weak: Any
    rule: str
    environment: str = "dev"
    named: str = field(default="")

    @property
    def must_name(self) -> str:
        """The construct path that the message must hold."""
        return self.named or self.construct

    def __str__(self) -> str:
        weak = self.weak if isinstance(self.weak, str) else type(self.weak).__name__
        return f"{self.type} {self.path} {self.construct} {weak[:30]} {self.rule}"


VPC = "Network/Network/Vpc"
NETWORK = "Network/Network"
QUEUE = f"{NETWORK}/CloseDefaultSecurityGroupFailures"
CLUSTER = "Database/Cluster"
HOSTS_GROUP = f"{CLUSTER}/Shared/SecurityGroup"
LAUNCH = f"{CLUSTER}/Host1/LaunchTemplate"
SCALING = f"{CLUSTER}/Host2/Group"
TOPIC = f"{CLUSTER}/Shared/Topic"
DATABASE = "ManagedDatabase/Database/Resource"
DATABASE_GROUP = "ManagedDatabase/Database/SecurityGroup"
PARAMETER_GROUP = "ManagedDatabase/Database/ParameterGroup/Resource"
DEPLOYER = "DeploymentAccess/Role/Resource"
BACKUP = "ManagedDatabase/Database/BackupPlan"
SECRET = "Database/ReplicationPassword/Resource"
TRAIL = "Trail/Trail/Resource"
HOOK = "PolicyHook/Hook/Hook"
BUCKET = "Trail/Trail/Bucket/Resource"
ACCESS_LOG_BUCKET = "Trail/Trail/AccessLogBucket/Resource"
KEY = f"{CLUSTER}/Shared/VolumeKey/Resource"

ANYONE = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
FULL_ACCESS = {"Version": "2012-10-17", "Statement": [ANYONE]}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
SSH_FROM_ANYWHERE = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}

#: A weak value of every PostgreSQL setting of the facts table, and of those with several, each.
WEAK_SETTINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "rds.force_ssl": ("0", REMOVED),
    "ssl_min_protocol_version": ("TLSv1.1", REMOVED),
    "password_encryption": ("md5",),
    "rds.accepted_password_auth_method": ("md5+scram", REMOVED),
    "log_connections": ("0", REMOVED),
    "log_disconnections": ("0", REMOVED),
    "log_statement": ("ddl", "all"),
    "log_min_error_statement": ("error", REMOVED),
    "pg_stat_statements.track_utility": ("on", REMOVED),
}

_LAUNCH = "LaunchTemplateData"
_DISK = f"{_LAUNCH}.BlockDeviceMappings.*.Ebs"
_NVME = "storage.nvme-host-type"
_SSE = "BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.SSEAlgorithm"


def weakenings() -> Iterator[Weakening]:
    """Give every line of the table."""
    yield from _network()
    yield from _security_groups()
    yield from _hosts()
    yield from _access()
    yield from _changes()
    yield from _managed_database()
    yield from _policy_hook()
    yield from _secrets_and_keys()
    yield from _trail()


def _line(type_: str, path: str, construct: str, weak: Any, rule: str, **more: Any) -> Weakening:
    return Weakening(type=type_, path=path, construct=construct, weak=weak, rule=rule, **more)


def _network() -> Iterator[Weakening]:
    out = {"RouteTableId": {"Ref": "NetworkRouteTable1CC35909E"}, "DestinationCidrBlock": "0.0.0.0/0"}
    gateway = {"GatewayId": "igw-0123456789abcdef0"}
    no_way_out = "network.no-internet-gateway"
    attached = {"VpcId": {"Ref": "NetworkVpcFAC8F4A5"}, "InternetGatewayId": "igw-0123456789abcdef0"}
    nat = {"SubnetId": {"Ref": "NetworkSubnet18D1B2567"}, "AllocationId": "eipalloc-0123456789abcdef0"}
    yield _line("AWS::EC2::InternetGateway", RESOURCE, VPC, Added(attached), no_way_out)
    yield _line("AWS::EC2::NatGateway", RESOURCE, VPC, Added(nat), no_way_out)
    yield _line("AWS::EC2::Route", RESOURCE, VPC, Added({**out, **gateway}), no_way_out)
    subnet = "AWS::EC2::Subnet"
    yield _line(subnet, "MapPublicIpOnLaunch", f"{NETWORK}/Subnet1", True, "network.subnet-no-public-address")
    endpoint, policy = "AWS::EC2::VPCEndpoint", "access.endpoint-policy"
    for name in ("S3Endpoint", "SecretsmanagerEndpoint"):
        yield _line(endpoint, "PolicyDocument", f"{NETWORK}/{name}", FULL_ACCESS, f"{policy}-open")
        yield _line(endpoint, "PolicyDocument", f"{NETWORK}/{name}", REMOVED, policy)
    flow, flow_logs = "AWS::EC2::FlowLog", "logging.vpc-flow-logs"
    yield _line(flow, RESOURCE, f"{NETWORK}/FlowLog", DROPPED, flow_logs, named=VPC)
    yield _line(flow, "ResourceId", f"{NETWORK}/FlowLog", "vpc-0123456789abcdef0", flow_logs, named=VPC)
    yield _line(flow, "ResourceType", f"{NETWORK}/FlowLog", "Subnet", flow_logs, named=VPC)
    yield _line(flow, "TrafficType", f"{NETWORK}/FlowLog", "ACCEPT", flow_logs, named=VPC)
    logs, group = "AWS::Logs::LogGroup", f"{NETWORK}/FlowLogGroup"
    yield _line(logs, "KmsKeyId", group, REMOVED, "logging.log-group-encrypted")
    yield _line(logs, "RetentionInDays", group, 30, "logging.log-group-retention")
    custom, closing = "AWS::CloudFormation::CustomResource", f"{NETWORK}/CloseDefaultSecurityGroup"
    closed = "network.default-security-group-closed"
    yield _line(custom, RESOURCE, closing, DROPPED, closed, named=VPC)
    yield _line(custom, "SecurityGroupId", closing, "sg-0123456789abcdef0", closed, named=VPC)
    yield _line("AWS::SQS::Queue", "SqsManagedSseEnabled", QUEUE, False, "storage.queue-encrypted")
    policy, tls = "AWS::SQS::QueuePolicy", "tls.queue-policy"
    open_queue = {"Version": "2012-10-17", "Statement": [{**ANYONE, "Action": "sqs:SendMessage"}]}
    yield _line(policy, RESOURCE, f"{QUEUE}Policy", DROPPED, tls, named=QUEUE)
    yield _line(policy, "PolicyDocument", f"{QUEUE}Policy", open_queue, tls, named=QUEUE)
    other = ["https://sqs.eu-central-1.amazonaws.com/000000000000/another"]
    yield _line(policy, "Queues", f"{QUEUE}Policy", other, tls, named=QUEUE)


def _security_groups() -> Iterator[Weakening]:
    group, anywhere = "AWS::EC2::SecurityGroup", "network.no-ingress-from-anywhere"
    egress = "network.no-egress-default"
    by_group = "network.database-clients-by-group"
    everyone: tuple[Mapping[str, Any], ...] = (
        SSH_FROM_ANYWHERE,
        {"CidrIpv6": "::/0", "IpProtocol": "-1"},
        {"CidrIpv6": "0:0:0:0:0:0:0:0/0", "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432},
    )
    for weak in everyone:
        yield _line(group, "SecurityGroupIngress.*", HOSTS_GROUP, [weak], anywhere)
    halves = [{**SSH_FROM_ANYWHERE, "CidrIp": "0.0.0.0/1"}, {**SSH_FROM_ANYWHERE, "CidrIp": "128.0.0.0/1"}]
    yield _line(group, "SecurityGroupIngress.*", DATABASE_GROUP, halves, anywhere)
    by_range = [{"CidrIp": "10.0.0.0/8", "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}]
    yield _line(group, "SecurityGroupIngress.*", HOSTS_GROUP, by_range, by_group)
    yield _line(group, "SecurityGroupEgress", HOSTS_GROUP, REMOVED, "network.egress-listed")
    all_out = [{"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}]
    yield _line(group, "SecurityGroupEgress.*", HOSTS_GROUP, all_out, egress)
    group_id = {"Fn::GetAtt": ["ClusterSharedSecurityGroup795FD51B", "GroupId"]}
    rule = "AWS::EC2::SecurityGroupIngress"
    yield _line(
        rule, RESOURCE, HOSTS_GROUP, Added({"GroupId": group_id, **SSH_FROM_ANYWHERE}), anywhere, named="Database/Added"
    )
    # The link to the other hosts becomes a range: the named source is gone.
    yield _line(
        rule,
        "SourceSecurityGroupId",
        f"{CLUSTER}/Shared/FromEachOther",
        {"SourceSecurityGroupId": REMOVED, "CidrIp": "10.0.0.0/8"},
        by_group,
    )
    out_rule = {"GroupId": group_id, "CidrIpv6": "::/0", "IpProtocol": "-1"}
    yield _line("AWS::EC2::SecurityGroupEgress", RESOURCE, HOSTS_GROUP, Added(out_rule), egress, named="Database/Added")


def _hosts() -> Iterator[Weakening]:
    launch, scaling = "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::AutoScalingGroup"
    for weak in ("m7g.large", "d3.xlarge", REMOVED):
        yield _line(launch, f"{_LAUNCH}.InstanceType", LAUNCH, weak, _NVME)
    image = "{{resolve:ssm:/aws/service/debian/release/12/latest/arm64}}"
    yield _line(launch, f"{_LAUNCH}.ImageId", LAUNCH, image, "hosts.image-pinned")
    metadata = f"{_LAUNCH}.MetadataOptions"
    for weak in ("optional", REMOVED):
        yield _line(launch, f"{metadata}.HttpTokens", LAUNCH, weak, "hosts.imdsv2")
    yield _line(launch, f"{metadata}.HttpPutResponseHopLimit", LAUNCH, 2, "hosts.imds-hop-limit")
    yield _line(launch, f"{_LAUNCH}.KeyName", LAUNCH, "operators", "hosts.no-key-pair")
    public = f"{_LAUNCH}.NetworkInterfaces.*.AssociatePublicIpAddress"
    yield _line(launch, public, LAUNCH, True, "network.no-public-address")
    for disk_weak in (False, REMOVED):
        yield _line(launch, f"{_DISK}.Encrypted", LAUNCH, disk_weak, "storage.root-volume-encrypted")
    for key_weak in (REMOVED, "alias/aws/ebs"):
        yield _line(launch, f"{_DISK}.KmsKeyId", LAUNCH, key_weak, "keys.customer-key")
    for monitoring in (False, REMOVED):
        yield _line(launch, f"{_LAUNCH}.Monitoring.Enabled", LAUNCH, monitoring, "hosts.detailed-monitoring")
    for behaviour in ("stop", REMOVED):
        path = f"{_LAUNCH}.InstanceInitiatedShutdownBehavior"
        yield _line(launch, path, LAUNCH, behaviour, "hosts.shutdown-terminate")
    script = "#!/bin/sh\nexport PGPASSWORD='Tr0ub4dor-and-3'\n"
    yield _line(launch, f"{_LAUNCH}.UserData", LAUNCH, {"Fn::Base64": script}, "passwords.no-literal-secrets")
    one = "hosts.group-of-one"
    yield _line(scaling, "MinSize", SCALING, "0", one)
    yield _line(scaling, "MaxSize", SCALING, "2", one)
    yield _line(scaling, "DesiredCapacity", SCALING, "0", one)
    zones = [{"Fn::ImportValue": "other-network:Subnet1"}, {"Fn::ImportValue": "other-network:Subnet2"}]
    yield _line(scaling, "VPCZoneIdentifier", SCALING, ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"], one)
    yield _line(scaling, "VPCZoneIdentifier", SCALING, zones, one)
    rolling = {"AutoScalingRollingUpdate": {"MaxBatchSize": 1}}
    yield _line(scaling, "@UpdatePolicy", SCALING, rolling, "hosts.no-rolling-update")
    for attribute in ("@DeletionPolicy", "@UpdateReplacePolicy"):
        yield _line(scaling, attribute, SCALING, "Delete", "hosts.kept-in-production", environment="prod")
    zone = f"{CLUSTER}/Shared/HostedZone"
    yield _line("AWS::Route53::HostedZone", "VPCs", zone, REMOVED, "network.hosted-zone-private")
    yield _line("AWS::SNS::Topic", "KmsMasterKeyId", TOPIC, REMOVED, "storage.topic-encrypted")
    policy, tls = "AWS::SNS::TopicPolicy", "tls.topic-policy"
    yield _line(policy, RESOURCE, f"{TOPIC}Policy", DROPPED, tls, named=TOPIC)
    open_topic = {"Version": "2012-10-17", "Statement": [{**ANYONE, "Action": "sns:Publish"}]}
    yield _line(policy, "PolicyDocument", f"{TOPIC}Policy", open_topic, tls, named=TOPIC)
    yield _line(policy, "Topics", f"{TOPIC}Policy", ["arn:aws:sns:eu-central-1:000000000000:x"], tls, named=TOPIC)


def _access() -> Iterator[Weakening]:
    role, host = "AWS::IAM::Role", f"{CLUSTER}/Host1/Role"
    exact, inline = "access.exact-resources", "access.no-inline-policy"
    yield _line("AWS::IAM::ManagedPolicy", "PolicyDocument", f"{CLUSTER}/Host1/Policy", EVERYTHING, exact)
    keys = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]}
    yield _line("AWS::IAM::ManagedPolicy", "PolicyDocument", f"{CLUSTER}/Host1/Policy", keys, exact)
    added = {"PolicyName": "more", "Roles": [{"Ref": "ClusterHost1Role70B90683"}], "PolicyDocument": EVERYTHING}
    yield _line("AWS::IAM::Policy", RESOURCE, host, Added(added), inline, named="Database/Added")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
    yield _line(role, "AssumeRolePolicyDocument", host, trust, "access.trust-policy")
    policies = [{"PolicyName": "more", "PolicyDocument": EVERYTHING}]
    yield _line(role, "Policies", host, policies, inline)


def _trusting(condition: Mapping[str, Any]) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": {"Fn::GetAtt": ["RoleProvider4F449B5F", "Arn"]}},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _changes() -> Iterator[Weakening]:
    role, trust = "AWS::IAM::Role", "AssumeRolePolicyDocument"
    aud, sub, ref = (f"{GITHUB}:{claim}" for claim in ("aud", "sub", "ref"))
    repository = "repo:example-org/example-repo"
    environment = {aud: "sts.amazonaws.com", sub: f"{repository}:environment:dev"}
    main = {ref: "refs/heads/main"}
    for weak in (
        {"StringEquals": {aud: "sts.amazonaws.com"}, "StringLike": {sub: "repo:example-org/*"}},
        {"StringEquals": {sub: f"{repository}:environment:dev", **main}},
        {"ForAllValues:StringEquals": {**environment, **main}},
    ):
        yield _line(role, trust, DEPLOYER, _trusting(weak), "access.github-trust")
    both = "access.github-branch-and-environment"
    for weak in (
        {"StringEquals": {aud: "sts.amazonaws.com"}, "StringLike": {sub: f"{repository}:environment:*"}},
        {"StringEquals": {aud: "sts.amazonaws.com", sub: f"{repository}:pull_request"}},
    ):
        yield _line(role, trust, DEPLOYER, _trusting(weak), both)
    yield _line(role, trust, DEPLOYER, _trusting({"StringEquals": environment}), both)
    any_branch = {"StringEquals": environment, "StringLike": {ref: "refs/heads/release/*"}}
    yield _line(role, trust, DEPLOYER, _trusting(any_branch), both)
    account = {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}
    yield _line(role, trust, DEPLOYER, {"Statement": [account]}, "access.trust-named-principals")
    yield _line(role, "MaxSessionDuration", DEPLOYER, 43200, "access.github-session")
    for construct in (DEPLOYER, f"{CLUSTER}/Host1/Role"):
        yield _line(role, "PermissionsBoundary", construct, REMOVED, "access.role-boundary")
    added, lasting = "DeploymentAccess/Added", "access.lasting-credentials"
    yield _line("AWS::IAM::User", RESOURCE, DEPLOYER, Added({"UserName": "deployer"}), lasting, named=added)
    yield _line("AWS::IAM::AccessKey", RESOURCE, DEPLOYER, Added({"UserName": "deployer"}), lasting, named=added)


def _managed_database() -> Iterator[Weakening]:
    rules = {name: rule for rule, names in _settings_by_rule().items() for name in names}
    for name in PARAMETERS:
        for weak in WEAK_SETTINGS[name]:
            path = f"Parameters.{name}"
            unset = name == "ssl_min_protocol_version" and weak == REMOVED
            rule = "tls.postgres-minimum-version-set" if unset else rules[name]
            yield _line("AWS::RDS::DBParameterGroup", path, PARAMETER_GROUP, weak, rule)
    lines: tuple[tuple[str, Any, str], ...] = (
        ("DBInstanceClass", "db.m6g.large", "storage.rds-nvme-class"),
        ("DBParameterGroupName", "default.postgres17", "tls.postgres-force-ssl"),
        ("DBParameterGroupName", REMOVED, "tls.postgres-force-ssl"),
        ("StorageEncrypted", False, "storage.rds-encrypted"),
        ("StorageEncrypted", REMOVED, "storage.rds-encrypted"),
        ("KmsKeyId", REMOVED, "keys.customer-key"),
        ("PubliclyAccessible", True, "network.rds-not-public"),
        ("Port", "5432", "network.rds-own-port"),
        ("BackupRetentionPeriod", 7, "recovery.rds-backup-two-weeks"),
        ("BackupRetentionPeriod", REMOVED, "recovery.rds-backup-retention"),
        ("DeletionProtection", False, "recovery.rds-deletion-protection"),
        ("DeletionProtection", REMOVED, "recovery.rds-deletion-protection"),
        ("EnableCloudwatchLogsExports", REMOVED, "logging.rds-exports"),
        ("CACertificateIdentifier", REMOVED, "tls.rds-ca-chosen"),
        ("CACertificateIdentifier", "rds-ca-2019", "tls.rds-ca"),
        ("CopyTagsToSnapshot", False, "recovery.rds-copy-tags"),
        ("ManageMasterUserPassword", False, "passwords.rds-admin-managed"),
        ("MasterUserSecret.KmsKeyId", REMOVED, "keys.customer-key"),
        ("MultiAZ", False, "recovery.rds-multi-az"),
    )
    for path, weak, rule in lines:
        yield _line("AWS::RDS::DBInstance", path, DATABASE, weak, rule)
    selection, plan = "AWS::Backup::BackupSelection", "recovery.rds-backup-plan"
    yield _line(selection, RESOURCE, f"{BACKUP}/Selection", DROPPED, plan, named=DATABASE)
    other = ["arn:aws:rds:eu-central-1:000000000000:db:another"]
    yield _line(selection, "BackupSelection.Resources", f"{BACKUP}/Selection", other, plan, named=DATABASE)
    yield _line(
        "AWS::Backup::BackupPlan",
        "BackupPlan.BackupPlanRule.*.Lifecycle.DeleteAfterDays",
        f"{BACKUP}/Plan",
        1,
        "recovery.backup-plan-retention",
    )
    vault = "AWS::Backup::BackupVault"
    yield _line(vault, "EncryptionKeyArn", f"{BACKUP}/Vault", REMOVED, "keys.customer-key")


def _policy_hook() -> Iterator[Weakening]:
    lines = (
        ("FailureMode", "WARN"),
        ("HookStatus", "DISABLED"),
        ("TargetOperations", ["RESOURCE"]),
        ("TargetFilters.Actions", ["CREATE"]),
    )
    for path, weak in lines:
        yield _line("AWS::CloudFormation::LambdaHook", path, HOOK, weak, "access.policy-hook-fails-closed")


def _secrets_and_keys() -> Iterator[Weakening]:
    secret, bits = "AWS::SecretsManager::Secret", "passwords.generated-bits"
    letters = "".join(chr(code) for code in range(33, 127) if not chr(code).isdigit())
    yield _line(secret, "GenerateSecretString.PasswordLength", SECRET, 9, bits)
    only_digits = {"GenerateSecretString.ExcludeCharacters": letters, "GenerateSecretString.PasswordLength": 16}
    yield _line(secret, "GenerateSecretString.ExcludeCharacters", SECRET, only_digits, bits)
    literal = {"GenerateSecretString": REMOVED, "SecretString": "Tr0ub4dor-and-3-and-more"}
    yield _line(secret, "SecretString", SECRET, literal, "passwords.no-literal-secrets")
    yield _line(secret, "KmsKeyId", SECRET, REMOVED, "keys.customer-key")
    opened = {"SecretId": {"Ref": "ReplicationPassword8BECDDB4"}, "ResourcePolicy": FULL_ACCESS}
    yield _line(
        "AWS::SecretsManager::ResourcePolicy",
        RESOURCE,
        SECRET,
        Added(opened),
        "access.no-public-policy",
        named="Database/Added",
    )
    for weak in (False, REMOVED):
        yield _line("AWS::KMS::Key", "EnableKeyRotation", KEY, weak, "keys.rotation")
    everyone = {"Version": "2012-10-17", "Statement": [{**ANYONE, "Principal": {"AWS": "*"}, "Action": "kms:*"}]}
    yield _line("AWS::KMS::Key", "KeyPolicy", KEY, everyone, "keys.exact-policy")
    stack = "Nexis::Stack"
    yield _line(stack, "Region", "Network", "eu-south-2", "regions.approved")


def _trail() -> Iterator[Weakening]:
    trail = "AWS::CloudTrail::Trail"
    lines: tuple[tuple[str, Any, str], ...] = (
        ("IsMultiRegionTrail", False, "logging.trail-multi-region"),
        ("IsMultiRegionTrail", REMOVED, "logging.trail-multi-region"),
        ("EnableLogFileValidation", False, "logging.trail-validation"),
        ("EnableLogFileValidation", REMOVED, "logging.trail-validation"),
        ("KMSKeyId", REMOVED, "keys.customer-key"),
        ("IsLogging", False, "logging.trail-on"),
        ("IncludeGlobalServiceEvents", False, "logging.trail-on"),
        ("CloudWatchLogsLogGroupArn", REMOVED, "logging.trail-cloudwatch"),
    )
    for path, weak, rule in lines:
        yield _line(trail, path, TRAIL, weak, rule)
    bucket, private = "AWS::S3::Bucket", "access.bucket-private"
    for name in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"):
        yield _line(bucket, f"PublicAccessBlockConfiguration.{name}", BUCKET, False, private)
    versioning = "VersioningConfiguration.Status"
    yield _line(bucket, versioning, BUCKET, "Suspended", "recovery.bucket-versioning")
    yield _line(bucket, versioning, ACCESS_LOG_BUCKET, REMOVED, "recovery.bucket-versioning")
    yield _line(bucket, _SSE, BUCKET, "NONE", "storage.bucket-encrypted")
    yield _line(
        bucket, "LifecycleConfiguration.Rules.*.ExpirationInDays", BUCKET, 30, "logging.trail-retention", named=TRAIL
    )
    yield _line(bucket, "LoggingConfiguration", BUCKET, REMOVED, "logging.bucket-access-logs")
    policy, tls = "AWS::S3::BucketPolicy", "tls.bucket-policy"
    yield _line(policy, RESOURCE, "Trail/Trail/Bucket/Policy", DROPPED, tls, named=BUCKET)
    yield _line(policy, "PolicyDocument", "Trail/Trail/Bucket/Policy", FULL_ACCESS, tls, named=BUCKET)
    yield _line(policy, "PolicyDocument", "Trail/Trail/Bucket/Policy", FULL_ACCESS, private)
    yield _line(policy, "Bucket", "Trail/Trail/AccessLogBucket/Policy", "another-bucket", tls, named=ACCESS_LOG_BUCKET)


def _settings_by_rule() -> Mapping[str, tuple[str, ...]]:
    from nexis.rules._postgres_parameters import SETTINGS_BY_RULE

    return SETTINGS_BY_RULE
