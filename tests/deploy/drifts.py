"""Drifts: changes past CloudFormation, through boto3, with what the audit must say and how each is undone.

A drift is a generator: it makes the change, yields what must be found, and puts everything back. What must be found is
every finding, by rule and resource; a resource of ours is named by its construct path, any other by its id.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from local_aws.launcher import LocalAws

Expected = set[tuple[str, str]]

HOSTS = "Database/Cluster/Shared/SecurityGroup"
FROM_EACH_OTHER = "Database/Cluster/Shared/FromEachOther"
LAUNCH_TEMPLATE = "Database/Cluster/Host1/LaunchTemplate"
GROUP = "Database/Cluster/Host1/Group"
VOLUME_KEY = "Database/Cluster/Shared/VolumeKey/Resource"
TOPIC = "Database/Cluster/Shared/Topic"
DEPLOYER = "DeploymentAccess/Role/Resource"
HOST_ROLE = "Database/Cluster/Host1/Role"
PASSWORD = "Database/ReplicationPassword/Resource"
DATABASE = "ManagedDatabase/Database/Resource"
PARAMETERS = "ManagedDatabase/Database/ParameterGroup/Resource"
DATABASE_GROUP = "ManagedDatabase/Database/SecurityGroup"
SELECTION = "ManagedDatabase/Database/BackupPlan/Selection"
TRAIL = "Trail/Trail/Resource"
HOOK = "PolicyHook/Hook/Hook"
BUCKET = "Trail/Trail/Bucket/Resource"
BUCKET_POLICY = "Trail/Trail/Bucket/Policy"
VPC = "Network/Network/Vpc"
SUBNET = "Network/Network/Subnet1"
FLOW_LOG = "Network/Network/FlowLog"
FLOW_LOG_GROUP = "Network/Network/FlowLogGroup"
S3_ENDPOINT = "Network/Network/S3Endpoint"

OPEN_POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
)


class Cloud:
    """The account under test: clients, and physical ids by construct path."""

    def __init__(self, aws: LocalAws, templates: Mapping[str, Mapping[str, Any]]) -> None:
        self._aws = aws
        self._clients: dict[str, Any] = {}
        self.ids: dict[str, str] = {}
        for stack, template in templates.items():
            pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
            for page in pages:
                for summary in page["StackResourceSummaries"]:
                    written = template["Resources"][summary["LogicalResourceId"]]
                    self.ids[written["Metadata"]["aws:cdk:path"]] = summary["PhysicalResourceId"]

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self._aws.client(service)
        return self._clients[service]

    def __getitem__(self, construct: str) -> str:
        return self.ids[construct]

    def default_group(self) -> str:
        wanted = [{"Name": "vpc-id", "Values": [self[VPC]]}, {"Name": "group-name", "Values": ["default"]}]
        groups = self.client("ec2").describe_security_groups(Filters=wanted)["SecurityGroups"]
        return str(next(group["GroupId"] for group in groups if group["GroupName"] == "default"))


DRIFTS: dict[str, Callable[[Cloud], Iterator[Expected]]] = {}
#: What is made anew after these has another id, so that the one that CloudFormation lists stays missing.
LASTING: dict[str, Callable[[Cloud], Iterator[Expected]]] = {}


def drift(function: Callable[[Cloud], Iterator[Expected]]) -> Callable[[Cloud], Iterator[Expected]]:
    DRIFTS[function.__name__] = function
    return function


def lasting(function: Callable[[Cloud], Iterator[Expected]]) -> Callable[[Cloud], Iterator[Expected]]:
    LASTING[function.__name__] = function
    return function


# ---- databases ----


def _set_parameter(cloud: Cloud, value: str) -> None:
    setting = {"ParameterName": "rds.force_ssl", "ParameterValue": value, "ApplyMethod": "immediate"}
    cloud.client("rds").modify_db_parameter_group(DBParameterGroupName=cloud[PARAMETERS], Parameters=[setting])


@drift
def force_ssl_is_set_to_0(cloud: Cloud) -> Iterator[Expected]:
    _set_parameter(cloud, "0")
    yield {("tls.postgres-force-ssl", PARAMETERS), ("tls.postgres-force-ssl", DATABASE)}
    _set_parameter(cloud, "1")


@drift
def force_ssl_is_reset(cloud: Cloud) -> Iterator[Expected]:
    setting = {"ParameterName": "rds.force_ssl", "ApplyMethod": "immediate"}
    cloud.client("rds").reset_db_parameter_group(DBParameterGroupName=cloud[PARAMETERS], Parameters=[setting])
    yield {("tls.postgres-force-ssl", PARAMETERS), ("tls.postgres-force-ssl", DATABASE)}
    _set_parameter(cloud, "1")


def _modify_database(cloud: Cloud, **change: Any) -> None:
    cloud.client("rds").modify_db_instance(DBInstanceIdentifier=cloud[DATABASE], ApplyImmediately=True, **change)


@drift
def the_database_is_made_public(cloud: Cloud) -> Iterator[Expected]:
    _modify_database(cloud, PubliclyAccessible=True)
    yield {("network.rds-not-public", DATABASE)}
    _modify_database(cloud, PubliclyAccessible=False)


@drift
def deletion_protection_is_lifted(cloud: Cloud) -> Iterator[Expected]:
    _modify_database(cloud, DeletionProtection=False)
    yield {("recovery.rds-deletion-protection", DATABASE)}
    _modify_database(cloud, DeletionProtection=True)


@drift
def the_database_gets_awss_default_parameter_group(cloud: Cloud) -> Iterator[Expected]:
    for group in ("default.postgres17", cloud[PARAMETERS]):
        _modify_database(cloud, DBParameterGroupName=group)
        cloud.client("rds").reboot_db_instance(DBInstanceIdentifier=cloud[DATABASE])  # only then it is in force
        if group != cloud[PARAMETERS]:
            yield {("tls.postgres-force-ssl", DATABASE)}


@drift
def backups_are_kept_for_a_day(cloud: Cloud) -> Iterator[Expected]:
    _modify_database(cloud, BackupRetentionPeriod=1)
    yield {("recovery.rds-backup-retention", DATABASE), ("recovery.rds-backup-two-weeks", DATABASE)}
    _modify_database(cloud, BackupRetentionPeriod=14)


@lasting
def the_backup_selection_is_removed(cloud: Cloud) -> Iterator[Expected]:
    backup = cloud.client("backup")
    plan = next(
        p for p in backup.list_backup_plans()["BackupPlansList"] if p["BackupPlanName"] == "nexis-dev-postgresql"
    )
    one = backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"][0]
    which = {"BackupPlanId": plan["BackupPlanId"], "SelectionId": one["SelectionId"]}
    before = backup.get_backup_selection(**which)["BackupSelection"]
    backup.delete_backup_selection(**which)
    yield {("recovery.rds-backup-plan", DATABASE), ("engine.missing", SELECTION)}
    kept = {name: before[name] for name in ("SelectionName", "IamRoleArn", "Resources")}
    backup.create_backup_selection(BackupPlanId=plan["BackupPlanId"], BackupSelection=kept)


# ---- networks ----


def _open(cloud: Cloud, construct: str, *peers: dict[str, Any]) -> Iterator[None]:
    ec2, group = cloud.client("ec2"), cloud[construct]
    rules = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, **peer} for peer in peers]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rules)
    yield
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=rules)


@drift
def port_22_is_opened_to_anywhere(cloud: Cloud) -> Iterator[Expected]:
    for _ in _open(cloud, HOSTS, {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}):
        yield {("network.no-ingress-from-anywhere", HOSTS)}


@drift
def port_22_is_opened_to_anywhere_over_ipv6(cloud: Cloud) -> Iterator[Expected]:
    for _ in _open(cloud, DATABASE_GROUP, {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}):
        yield {("network.no-ingress-from-anywhere", DATABASE_GROUP)}


@drift
def port_22_is_opened_in_two_halves(cloud: Cloud) -> Iterator[Expected]:
    halves = [{"IpRanges": [{"CidrIp": "0.0.0.0/1"}]}, {"IpRanges": [{"CidrIp": "128.0.0.0/1"}]}]
    for _ in _open(cloud, HOSTS, *halves):
        yield {("network.no-ingress-from-anywhere", HOSTS)}


@drift
def everything_may_leave_the_hosts(cloud: Cloud) -> Iterator[Expected]:
    rules = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    cloud.client("ec2").authorize_security_group_egress(GroupId=cloud[HOSTS], IpPermissions=rules)
    yield {("network.no-egress-default", HOSTS)}
    cloud.client("ec2").revoke_security_group_egress(GroupId=cloud[HOSTS], IpPermissions=rules)


@drift
def a_stranger_makes_an_open_group_in_our_network(cloud: Cloud) -> Iterator[Expected]:
    ec2 = cloud.client("ec2")
    group = ec2.create_security_group(GroupName="stranger", Description="from outside", VpcId=cloud[VPC])["GroupId"]
    rules = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rules)
    yield {("network.no-ingress-from-anywhere", group), ("network.no-egress-default", group)}
    ec2.delete_security_group(GroupId=group)


@drift
def the_default_group_is_opened_again(cloud: Cloud) -> Iterator[Expected]:
    ec2, group = cloud.client("ec2"), cloud.default_group()
    members = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=members)
    yield {("network.default-security-group-closed", group)}
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=members)


@drift
def an_endpoint_lets_everything_through(cloud: Cloud) -> Iterator[Expected]:
    ec2, endpoint = cloud.client("ec2"), cloud[S3_ENDPOINT]
    before = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]["PolicyDocument"]
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=OPEN_POLICY)
    yield {("access.endpoint-policy-open", S3_ENDPOINT)}
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=before)


@drift
def an_internet_gateway_is_attached(cloud: Cloud) -> Iterator[Expected]:
    ec2 = cloud.client("ec2")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=cloud[VPC])
    yield {("network.no-internet-gateway", VPC)}
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=cloud[VPC])
    ec2.delete_internet_gateway(InternetGatewayId=gateway)


@drift
def a_subnet_gives_public_addresses(cloud: Cloud) -> Iterator[Expected]:
    ec2 = cloud.client("ec2")
    ec2.modify_subnet_attribute(SubnetId=cloud[SUBNET], MapPublicIpOnLaunch={"Value": True})
    yield {("network.subnet-no-public-address", SUBNET)}
    ec2.modify_subnet_attribute(SubnetId=cloud[SUBNET], MapPublicIpOnLaunch={"Value": False})


# ---- hosts ----


def _new_version(cloud: Cloud, **change: Any) -> str:
    """A version made of the deployed one; it becomes the latest."""
    made = cloud.client("ec2").create_launch_template_version(
        LaunchTemplateId=cloud[LAUNCH_TEMPLATE], SourceVersion="1", LaunchTemplateData=change
    )
    return str(made["LaunchTemplateVersion"]["VersionNumber"])


def _launch(cloud: Cloud, version: str) -> None:
    used = {"LaunchTemplateId": cloud[LAUNCH_TEMPLATE], "Version": version}
    cloud.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=cloud[GROUP], LaunchTemplate=used)


@drift
def a_group_launches_a_version_without_imdsv2(cloud: Cloud) -> Iterator[Expected]:
    weak = {"HttpTokens": "optional", "HttpPutResponseHopLimit": 1, "HttpEndpoint": "enabled"}
    _launch(cloud, _new_version(cloud, MetadataOptions=weak))
    yield {("hosts.imdsv2", LAUNCH_TEMPLATE)}
    _launch(cloud, "1")
    _new_version(cloud, Monitoring={"Enabled": True})


@drift
def a_weak_version_becomes_the_default(cloud: Cloud) -> Iterator[Expected]:
    weak = _new_version(cloud, InstanceType="m6g.medium")
    templates = cloud.client("ec2")
    templates.modify_launch_template(LaunchTemplateId=cloud[LAUNCH_TEMPLATE], DefaultVersion=weak)
    yield {("storage.nvme-host-type", LAUNCH_TEMPLATE)}
    templates.modify_launch_template(LaunchTemplateId=cloud[LAUNCH_TEMPLATE], DefaultVersion="1")
    _new_version(cloud, Monitoring={"Enabled": True})


@drift
def a_weak_version_lies_ready(cloud: Cloud) -> Iterator[Expected]:
    _new_version(cloud, InstanceType="m6g.medium")
    yield {("storage.nvme-host-type", LAUNCH_TEMPLATE)}
    _new_version(cloud, Monitoring={"Enabled": True})


@drift
def a_group_may_grow_to_two(cloud: Cloud) -> Iterator[Expected]:
    scaling = cloud.client("autoscaling")
    scaling.update_auto_scaling_group(AutoScalingGroupName=cloud[GROUP], MaxSize=2)
    yield {("hosts.group-of-one", GROUP), ("recovery.asg-zones", GROUP)}
    scaling.update_auto_scaling_group(AutoScalingGroupName=cloud[GROUP], MaxSize=1)


# ---- keys and rights ----


@drift
def a_key_no_longer_rotates(cloud: Cloud) -> Iterator[Expected]:
    kms = cloud.client("kms")
    kms.disable_key_rotation(KeyId=cloud[VOLUME_KEY])
    yield {("keys.rotation", VOLUME_KEY)}
    kms.enable_key_rotation(KeyId=cloud[VOLUME_KEY], RotationPeriodInDays=365)


@drift
def everyone_may_use_a_key(cloud: Cloud) -> Iterator[Expected]:
    kms = cloud.client("kms")
    before = kms.get_key_policy(KeyId=cloud[VOLUME_KEY], PolicyName="default")["Policy"]
    kms.put_key_policy(KeyId=cloud[VOLUME_KEY], PolicyName="default", Policy=OPEN_POLICY)
    yield {("keys.exact-policy", VOLUME_KEY), ("access.no-public-policy", VOLUME_KEY)}
    kms.put_key_policy(KeyId=cloud[VOLUME_KEY], PolicyName="default", Policy=before)


@drift
def a_key_is_disabled(cloud: Cloud) -> Iterator[Expected]:
    cloud.client("kms").disable_key(KeyId=cloud[VOLUME_KEY])
    yield {("engine.missing", VOLUME_KEY), ("keys.enabled", VOLUME_KEY)}
    cloud.client("kms").enable_key(KeyId=cloud[VOLUME_KEY])


@drift
def a_key_is_to_be_deleted(cloud: Cloud) -> Iterator[Expected]:
    kms = cloud.client("kms")
    kms.schedule_key_deletion(KeyId=cloud[VOLUME_KEY], PendingWindowInDays=7)
    # AWS rotates no key that is to be deleted, and says so: KMS API Reference, GetKeyRotationStatus.
    yield {("engine.missing", VOLUME_KEY), ("keys.rotation", VOLUME_KEY), ("keys.enabled", VOLUME_KEY)}
    kms.cancel_key_deletion(KeyId=cloud[VOLUME_KEY])
    kms.enable_key(KeyId=cloud[VOLUME_KEY])


@drift
def a_host_may_do_everything(cloud: Cloud) -> Iterator[Expected]:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam, role = cloud.client("iam"), cloud[HOST_ROLE]
    iam.put_role_policy(RoleName=role, PolicyName="everything", PolicyDocument=document)
    yield {("access.exact-resources", HOST_ROLE), ("access.no-inline-policy", HOST_ROLE)}
    iam.delete_role_policy(RoleName=role, PolicyName="everything")


@drift
def a_role_is_administrator(cloud: Cloud) -> Iterator[Expected]:
    iam, role = cloud.client("iam"), cloud[HOST_ROLE]
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    yield {("access.exact-resources", HOST_ROLE)}
    iam.detach_role_policy(RoleName=role, PolicyArn=arn)


@drift
def a_role_loses_its_boundary(cloud: Cloud) -> Iterator[Expected]:
    iam, role = cloud.client("iam"), cloud[HOST_ROLE]
    boundary = iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    iam.delete_role_permissions_boundary(RoleName=role)
    yield {("access.role-boundary", HOST_ROLE)}
    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)


@drift
def the_boundary_denies_nothing(cloud: Cloud) -> Iterator[Expected]:
    iam = cloud.client("iam")
    arn = iam.get_role(RoleName=cloud[HOST_ROLE])["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    number = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    before = iam.get_policy_version(PolicyArn=arn, VersionId=number)["PolicyVersion"]["Document"]
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)
    yield {("access.boundary-denies", f"policy/{arn.rpartition('/')[2]}")}
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(before), SetAsDefault=True)


@drift
def every_branch_may_deploy(cloud: Cloud) -> Iterator[Expected]:
    iam, role = cloud.client("iam"), cloud[DEPLOYER]
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    opened = json.loads(json.dumps(trust))
    claims = opened["Statement"][0]["Condition"].pop("StringEquals")
    opened["Statement"][0]["Condition"] = {
        "StringEquals": {key: value for key, value in claims.items() if key.endswith(":aud")},
        "StringLike": {key: "repo:example-org/example-repo:*" for key in claims if key.endswith(":sub")},
    }
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(opened))
    yield {("access.github-branch-and-environment", DEPLOYER)}
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))


@drift
def a_secret_is_deleted(cloud: Cloud) -> Iterator[Expected]:
    secrets = cloud.client("secretsmanager")
    secrets.delete_secret(SecretId=cloud[PASSWORD], RecoveryWindowInDays=7)
    yield {("engine.missing", PASSWORD)}
    secrets.restore_secret(SecretId=cloud[PASSWORD])


@drift
def a_topic_answers_plaintext(cloud: Cloud) -> Iterator[Expected]:
    sns, topic = cloud.client("sns"), cloud[TOPIC]
    before = sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]
    narrow = json.loads(before)
    narrow["Statement"] = [one for one in narrow["Statement"] if one["Effect"] == "Allow"]
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(narrow))
    yield {("tls.topic-policy", TOPIC), ("tls.topic-policy", f"{TOPIC}Policy")}
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=before)


# ---- logs ----


@drift
def the_bucket_policy_is_removed(cloud: Cloud) -> Iterator[Expected]:
    s3, bucket = cloud.client("s3"), cloud[BUCKET]
    before = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    s3.delete_bucket_policy(Bucket=bucket)
    yield {("tls.bucket-policy", BUCKET), ("engine.missing", BUCKET_POLICY)}
    s3.put_bucket_policy(Bucket=bucket, Policy=before)


@drift
def the_public_access_block_is_removed(cloud: Cloud) -> Iterator[Expected]:
    s3, bucket = cloud.client("s3"), cloud[BUCKET]
    before = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    s3.delete_public_access_block(Bucket=bucket)
    yield {("access.bucket-private", BUCKET)}
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=before)


@drift
def versioning_is_suspended(cloud: Cloud) -> Iterator[Expected]:
    s3, bucket = cloud.client("s3"), cloud[BUCKET]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    yield {("recovery.bucket-versioning", BUCKET)}
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def _configure_hook(cloud: Cloud, **changes: Any) -> str:
    """Change the hook's configuration; gives what it was."""
    formation = cloud.client("cloudformation")
    named = [{"TypeArn": cloud[HOOK]}]
    answer = formation.batch_describe_type_configurations(TypeConfigurationIdentifiers=named)
    before = str(answer["TypeConfigurations"][0]["Configuration"])
    changed = json.loads(before)
    changed["CloudFormationConfiguration"]["HookConfiguration"] |= changes
    formation.set_type_configuration(TypeArn=cloud[HOOK], Configuration=json.dumps(changed))
    return before


@drift
def the_hook_only_warns(cloud: Cloud) -> Iterator[Expected]:
    before = _configure_hook(cloud, FailureMode="WARN")
    yield {("access.policy-hook-fails-closed", HOOK)}
    cloud.client("cloudformation").set_type_configuration(TypeArn=cloud[HOOK], Configuration=before)


@drift
def the_hook_is_switched_off(cloud: Cloud) -> Iterator[Expected]:
    before = _configure_hook(cloud, HookInvocationStatus="DISABLED")
    yield {("access.policy-hook-fails-closed", HOOK)}
    cloud.client("cloudformation").set_type_configuration(TypeArn=cloud[HOOK], Configuration=before)


@drift
def the_hook_sees_resources_only(cloud: Cloud) -> Iterator[Expected]:
    before = _configure_hook(cloud, TargetOperations=["RESOURCE"])
    yield {("access.policy-hook-fails-closed", HOOK)}
    cloud.client("cloudformation").set_type_configuration(TypeArn=cloud[HOOK], Configuration=before)


@drift
def the_trail_is_stopped(cloud: Cloud) -> Iterator[Expected]:
    trail = cloud.client("cloudtrail")
    trail.stop_logging(Name=cloud[TRAIL])
    yield {("logging.trail-on", TRAIL)}
    trail.start_logging(Name=cloud[TRAIL])


@drift
def the_trail_covers_one_region(cloud: Cloud) -> Iterator[Expected]:
    trail = cloud.client("cloudtrail")
    trail.update_trail(Name=cloud[TRAIL], IsMultiRegionTrail=False)
    yield {("logging.trail-multi-region", TRAIL)}
    trail.update_trail(Name=cloud[TRAIL], IsMultiRegionTrail=True)


@drift
def logs_are_kept_for_a_week(cloud: Cloud) -> Iterator[Expected]:
    logs, name = cloud.client("logs"), cloud[FLOW_LOG_GROUP]
    logs.put_retention_policy(logGroupName=name, retentionInDays=7)
    yield {("logging.log-group-retention", FLOW_LOG_GROUP)}
    logs.put_retention_policy(logGroupName=name, retentionInDays=365)


@lasting
def the_flow_log_is_deleted(cloud: Cloud) -> Iterator[Expected]:
    ec2 = cloud.client("ec2")
    before = ec2.describe_flow_logs(FlowLogIds=[cloud[FLOW_LOG]])["FlowLogs"][0]
    ec2.delete_flow_logs(FlowLogIds=[cloud[FLOW_LOG]])
    yield {("logging.vpc-flow-logs", VPC), ("engine.missing", FLOW_LOG)}
    kept = {name: before[name] for name in ("TrafficType", "LogGroupName", "DeliverLogsPermissionArn")}
    ec2.create_flow_logs(ResourceIds=[cloud[VPC]], ResourceType="VPC", **kept)


@lasting
def a_rule_between_the_hosts_is_revoked(cloud: Cloud) -> Iterator[Expected]:
    ec2, rule = cloud.client("ec2"), cloud[FROM_EACH_OTHER]
    ec2.revoke_security_group_ingress(GroupId=cloud[HOSTS], SecurityGroupRuleIds=[rule])
    yield {("engine.missing", FROM_EACH_OTHER)}
    peers = [{"GroupId": cloud[HOSTS]}]
    rules = [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": peers}]
    ec2.authorize_security_group_ingress(GroupId=cloud[HOSTS], IpPermissions=rules)
