"""What an independent client reads of a deployed resource, in the terms of its template.

One function per resource type: it asks boto3 only, and knows neither the constructs nor the local AWS.
"""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Properties = dict[str, Any]
Client = Callable[[str], Any]


@dataclass(frozen=True)
class Deployed:
    """A resource as it stands.

    Args:
        client: Makes a boto3 client of a service.
        identity: The physical id, as CloudFormation tells it.
        asked: The template's properties, every intrinsic function resolved.
    """

    client: Client
    identity: str
    asked: Properties


def one(answer: Mapping[str, Any], member: str) -> Any:
    """The only item of an answer's list."""
    (item,) = answer[member]
    return item


def document(text: str | dict[str, Any]) -> Any:
    """A policy, whether boto3 parsed it or not."""
    return json.loads(text) if isinstance(text, str) else text


def pick(found: Mapping[str, Any], names: Mapping[str, str]) -> Properties:
    """Members under the names that the template gives them; what is not answered is left out."""
    return {shown: found[name] for shown, name in names.items() if name in found}


def same(*names: str) -> dict[str, str]:
    """Members whose names are the template's."""
    return {name: name for name in names}


# ---- network ----


def vpc(of: Deployed) -> Properties:
    ec2 = of.client("ec2")
    shown = pick(one(ec2.describe_vpcs(VpcIds=[of.identity]), "Vpcs"), same("CidrBlock", "Tags"))
    for attribute in ("EnableDnsHostnames", "EnableDnsSupport"):
        spelled = attribute[0].lower() + attribute[1:]
        shown[attribute] = ec2.describe_vpc_attribute(VpcId=of.identity, Attribute=spelled)[attribute]["Value"]
    return shown


def subnet(of: Deployed) -> Properties:
    found: Properties = one(of.client("ec2").describe_subnets(SubnetIds=[of.identity]), "Subnets")
    return found


def route_table(of: Deployed) -> Properties:
    found: Properties = one(of.client("ec2").describe_route_tables(RouteTableIds=[of.identity]), "RouteTables")
    return found


def route_table_association(of: Deployed) -> Properties:
    filters = [{"Name": "association.route-table-association-id", "Values": [of.identity]}]
    table = one(of.client("ec2").describe_route_tables(Filters=filters), "RouteTables")
    found: Properties = next(a for a in table["Associations"] if a["RouteTableAssociationId"] == of.identity)
    return found


def endpoint(of: Deployed) -> Properties:
    found = one(of.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[of.identity]), "VpcEndpoints")
    return {
        **found,
        "PolicyDocument": document(found["PolicyDocument"]),
        "SecurityGroupIds": [group["GroupId"] for group in found["Groups"]],
    }


def flow_log(of: Deployed) -> Properties:
    found: Properties = one(of.client("ec2").describe_flow_logs(FlowLogIds=[of.identity]), "FlowLogs")
    kinds = {"vpc": "VPC", "subnet": "Subnet", "eni": "NetworkInterface"}
    return {**found, "ResourceType": kinds[found["ResourceId"].partition("-")[0]]}


PEERS = {
    "CidrIpv4": ("CidrIp", "CidrIp"),
    "CidrIpv6": ("CidrIpv6", "CidrIpv6"),
    "PrefixListId": ("SourcePrefixListId", "DestinationPrefixListId"),
}


def rule_in_template_terms(rule: Mapping[str, Any]) -> Properties:
    """A SecurityGroupRule as a template writes it."""
    egress = rule["IsEgress"]
    shown = pick(rule, same("Description", "GroupId", "IpProtocol"))
    shown |= {name: rule[name] for name in ("FromPort", "ToPort") if rule["IpProtocol"] != "-1"}
    shown |= {spelled[egress]: rule[name] for name, spelled in PEERS.items() if rule.get(name)}
    if rule.get("ReferencedGroupInfo"):
        name = "DestinationSecurityGroupId" if egress else "SourceSecurityGroupId"
        shown[name] = rule["ReferencedGroupInfo"]["GroupId"]
    return shown


def security_group(of: Deployed) -> Properties:
    ec2 = of.client("ec2")
    found = one(ec2.describe_security_groups(GroupIds=[of.identity]), "SecurityGroups")
    filters = [{"Name": "group-id", "Values": [of.identity]}]
    listed = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    shown: Properties = {"GroupDescription": found["Description"], "VpcId": found["VpcId"]}
    for name, egress in (("SecurityGroupIngress", False), ("SecurityGroupEgress", True)):
        rules = [rule_in_template_terms(rule) for rule in listed if rule["IsEgress"] is egress]
        # Rules of their own resources name the group itself as the peer here; the template's own list does not.
        shown[name] = [
            {key: value for key, value in rule.items() if key != "GroupId"}
            for rule in rules
            if of.identity not in (rule.get("SourceSecurityGroupId"), rule.get("DestinationSecurityGroupId"))
        ]
    return shown


def security_group_rule(of: Deployed) -> Properties:
    answer = of.client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[of.identity])
    return rule_in_template_terms(one(answer, "SecurityGroupRules"))


# ---- hosts ----


def launch_template(of: Deployed) -> Properties:
    ec2 = of.client("ec2")
    asked = {"LaunchTemplateId": of.identity, "Versions": ["$Latest"]}
    found = one(ec2.describe_launch_template_versions(**asked), "LaunchTemplateVersions")
    template = one(ec2.describe_launch_templates(LaunchTemplateIds=[of.identity]), "LaunchTemplates")
    found["LaunchTemplateData"]["MetadataOptions"].pop("State")
    tags = {"ResourceType": "launch-template", "Tags": own_tags(template["Tags"])}
    return {**found, "TagSpecifications": [tags]}


def auto_scaling_group(of: Deployed) -> Properties:
    client = of.client("autoscaling")
    found = one(client.describe_auto_scaling_groups(AutoScalingGroupNames=[of.identity]), "AutoScalingGroups")
    shown: Properties = {
        **found,
        "Cooldown": found["DefaultCooldown"],
        "VPCZoneIdentifier": found["VPCZoneIdentifier"].split(","),
        "LaunchTemplate": {key: value for key, value in found["LaunchTemplate"].items() if "Name" not in key},
        "Tags": [
            {key: tag[key] for key in ("Key", "Value", "PropagateAtLaunch")} for tag in own_tags(found.get("Tags", []))
        ],
    }
    # Without names every metric of a granularity is collected. Source: CloudFormation, MetricsCollection.
    metrics = {metric["Granularity"] for metric in found["EnabledMetrics"]}
    shown["MetricsCollection"] = [{"Granularity": granularity} for granularity in metrics]
    answer = client.describe_notification_configurations(AutoScalingGroupNames=[of.identity])
    by_topic: dict[str, list[str]] = {}
    for entry in answer["NotificationConfigurations"]:
        by_topic.setdefault(entry["TopicARN"], []).append(entry["NotificationType"])
    shown["NotificationConfigurations"] = [
        {"TopicARN": topic, "NotificationTypes": kinds} for topic, kinds in by_topic.items()
    ]
    return shown


def hosted_zone(of: Deployed) -> Properties:
    found = of.client("route53").get_hosted_zone(Id=of.identity)
    return {
        "Name": found["HostedZone"]["Name"].rstrip("."),
        "HostedZoneConfig": {"Comment": found["HostedZone"]["Config"]["Comment"]},
        "VPCs": [{"VPCId": vpc["VPCId"], "VPCRegion": vpc["VPCRegion"]} for vpc in found["VPCs"]],
        "HostedZoneTags": own_tags(
            of.client("route53").list_tags_for_resource(ResourceType="hostedzone", ResourceId=of.identity)[
                "ResourceTagSet"
            ]["Tags"]
        ),
    }


# ---- identities ----


def role(of: Deployed) -> Properties:
    iam = of.client("iam")
    found = iam.get_role(RoleName=of.identity)["Role"]
    attached = iam.list_attached_role_policies(RoleName=of.identity)["AttachedPolicies"]
    assert iam.list_role_policies(RoleName=of.identity)["PolicyNames"] == [], "no template writes inline policies"
    boundary = found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return {**found, "ManagedPolicyArns": [policy["PolicyArn"] for policy in attached], "PermissionsBoundary": boundary}


def managed_policy(of: Deployed) -> Properties:
    iam = of.client("iam")
    found = iam.get_policy(PolicyArn=of.identity)["Policy"]
    version = iam.get_policy_version(PolicyArn=of.identity, VersionId=found["DefaultVersionId"])
    return {**found, "PolicyDocument": version["PolicyVersion"]["Document"]}


def identity_provider(of: Deployed) -> Properties:
    found = of.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=of.identity)
    return {"Url": f"https://{found['Url']}", "ClientIdList": found["ClientIDList"]}


def instance_profile(of: Deployed) -> Properties:
    found = of.client("iam").get_instance_profile(InstanceProfileName=of.identity)["InstanceProfile"]
    return {"Roles": [role["RoleName"] for role in found["Roles"]]}


# ---- keys, secrets, logs ----


def key(of: Deployed) -> Properties:
    kms = of.client("kms")
    found = kms.describe_key(KeyId=of.identity)["KeyMetadata"]
    rotation = kms.get_key_rotation_status(KeyId=of.identity)
    return {
        **found,
        "KeyPolicy": document(kms.get_key_policy(KeyId=of.identity, PolicyName="default")["Policy"]),
        "EnableKeyRotation": rotation["KeyRotationEnabled"],
        "RotationPeriodInDays": rotation["RotationPeriodInDays"],
    }


def secret(of: Deployed) -> Properties:
    client = of.client("secretsmanager")
    found = client.describe_secret(SecretId=of.identity)
    return {**found, "GenerateSecretString": generated(client, of)}


def generated(client: Any, of: Deployed) -> Properties:
    """The options of the template, if the value is one that they can give; else what is wrong with it."""
    asked = of.asked["GenerateSecretString"]
    value = json.loads(client.get_secret_value(SecretId=of.identity)["SecretString"])
    password = value.pop(asked["GenerateStringKey"])
    assert len(password) == asked["PasswordLength"]
    assert set(password).isdisjoint(asked["ExcludeCharacters"])
    assert value == json.loads(asked["SecretStringTemplate"])
    found: Properties = asked
    return found


def log_group(of: Deployed) -> Properties:
    groups = of.client("logs").describe_log_groups(logGroupNamePrefix=of.identity)["logGroups"]
    found = next(group for group in groups if group["logGroupName"] == of.identity)
    return pick(found, {"LogGroupName": "logGroupName", "RetentionInDays": "retentionInDays", "KmsKeyId": "kmsKeyId"})


def topic(of: Deployed) -> Properties:
    found: Properties = of.client("sns").get_topic_attributes(TopicArn=of.identity)["Attributes"]
    return found


def topic_policy(of: Deployed) -> Properties:
    policies = [
        document(of.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
        for arn in of.asked["Topics"]
    ]
    assert all(policy == policies[0] for policy in policies)
    return {"Topics": of.asked["Topics"], "PolicyDocument": policies[0]}


def function(of: Deployed) -> Properties:
    answer = of.client("lambda").get_function(FunctionName=of.identity)
    with urllib.request.urlopen(answer["Code"]["Location"]) as packed:
        archive = zipfile.ZipFile(io.BytesIO(packed.read()))
    if "S3Key" in of.asked["Code"]:  # an asset: the handler must be in what was unpacked
        module = of.asked["Handler"].rpartition(".")[0].replace(".", "/")
        code = of.asked["Code"] if f"{module}.py" in archive.namelist() else {}
    else:
        code = {"ZipFile": archive.read("index.py").decode()}
    return {**answer["Configuration"], **answer.get("Concurrency", {}), "Code": code}


def hook(of: Deployed) -> Properties:
    formation = of.client("cloudformation")
    found = formation.describe_type(Arn=of.identity)
    answer = formation.batch_describe_type_configurations(TypeConfigurationIdentifiers=[{"TypeArn": of.identity}])
    document = json.loads(answer["TypeConfigurations"][0]["Configuration"])
    configured = document["CloudFormationConfiguration"]["HookConfiguration"]
    return {
        **configured,
        **configured["Properties"],
        "HookStatus": configured["HookInvocationStatus"],
        "Alias": found["TypeName"],
        "ExecutionRole": found["ExecutionRoleArn"],
    }


def queue(of: Deployed) -> Properties:
    found: Properties = of.client("sqs").get_queue_attributes(QueueUrl=of.identity, AttributeNames=["All"])
    return dict(found["Attributes"])


def queue_policy(of: Deployed) -> Properties:
    sqs = of.client("sqs")
    policies = [
        document(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"])
        for url in of.asked["Queues"]
    ]
    assert all(policy == policies[0] for policy in policies)
    return {"Queues": of.asked["Queues"], "PolicyDocument": policies[0]}


# ---- buckets and the trail ----


def bucket(of: Deployed) -> Properties:
    s3 = of.client("s3")
    encryption = s3.get_bucket_encryption(Bucket=of.identity)["ServerSideEncryptionConfiguration"]["Rules"]
    lifecycle = s3.get_bucket_lifecycle_configuration(Bucket=of.identity)["Rules"]
    shown: Properties = {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {
                    "ServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"],
                    "BucketKeyEnabled": rule["BucketKeyEnabled"],
                }
                for rule in encryption
            ]
        },
        "LifecycleConfiguration": {"Rules": [lifecycle_rule(rule) for rule in lifecycle]},
        "OwnershipControls": s3.get_bucket_ownership_controls(Bucket=of.identity)["OwnershipControls"],
        "PublicAccessBlockConfiguration": s3.get_public_access_block(Bucket=of.identity)[
            "PublicAccessBlockConfiguration"
        ],
        "VersioningConfiguration": {"Status": s3.get_bucket_versioning(Bucket=of.identity).get("Status")},
    }
    logging = s3.get_bucket_logging(Bucket=of.identity).get("LoggingEnabled")
    if logging:
        names = {"DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix"}
        shown["LoggingConfiguration"] = pick(logging, names)
    return shown


def lifecycle_rule(rule: Mapping[str, Any]) -> Properties:
    """A lifecycle rule as a template writes it."""
    shown = pick(rule, {"Id": "ID", **same("Status", "AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration")})
    if "Expiration" in rule:
        shown["ExpirationInDays"] = rule["Expiration"]["Days"]
    return shown


def bucket_policy(of: Deployed) -> Properties:
    policy = of.client("s3").get_bucket_policy(Bucket=of.identity)["Policy"]
    return {"Bucket": of.identity, "PolicyDocument": document(policy)}


def trail(of: Deployed) -> Properties:
    client = of.client("cloudtrail")
    found = client.get_trail(Name=of.identity)["Trail"]
    names = {"EnableLogFileValidation": "LogFileValidationEnabled", "TrailName": "Name", "KMSKeyId": "KmsKeyId"}
    logs = ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")
    shown = pick(found, {**names, **same("IncludeGlobalServiceEvents", "IsMultiRegionTrail", "S3BucketName", *logs)})
    return {**shown, "IsLogging": client.get_trail_status(Name=of.identity)["IsLogging"]}


# ---- the managed database and its copies ----


def database(of: Deployed) -> Properties:
    found = one(of.client("rds").describe_db_instances(DBInstanceIdentifier=of.identity), "DBInstances")
    members = {
        "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
        "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    }
    return {
        **found,
        **pick(found, members),
        "Port": found["Endpoint"]["Port"],
        "DBParameterGroupName": one(found, "DBParameterGroups")["DBParameterGroupName"],
        "DBSubnetGroupName": found["DBSubnetGroup"]["DBSubnetGroupName"],
        "VPCSecurityGroups": [group["VpcSecurityGroupId"] for group in found["VpcSecurityGroups"]],
        "MasterUserSecret": {"KmsKeyId": found["MasterUserSecret"]["KmsKeyId"]},
        "ManageMasterUserPassword": bool(found["MasterUserSecret"]["SecretArn"]),
    }


def parameter_group(of: Deployed) -> Properties:
    rds = of.client("rds")
    found = one(rds.describe_db_parameter_groups(DBParameterGroupName=of.identity), "DBParameterGroups")
    pages = rds.get_paginator("describe_db_parameters").paginate(DBParameterGroupName=of.identity, Source="user")
    parameters = {p["ParameterName"]: p["ParameterValue"] for page in pages for p in page["Parameters"]}
    return {
        **pick(found, {"Description": "Description", "Family": "DBParameterGroupFamily"}),
        "Parameters": parameters,
    }


def subnet_group(of: Deployed) -> Properties:
    found = one(of.client("rds").describe_db_subnet_groups(DBSubnetGroupName=of.identity), "DBSubnetGroups")
    subnets = [subnet["SubnetIdentifier"] for subnet in found["Subnets"]]
    return {"DBSubnetGroupDescription": found["DBSubnetGroupDescription"], "SubnetIds": subnets}


def vault(of: Deployed) -> Properties:
    found = of.client("backup").describe_backup_vault(BackupVaultName=of.identity)
    shown = pick(found, same("BackupVaultName", "EncryptionKeyArn"))
    if found.get("Locked"):
        names = same("MinRetentionDays", "MaxRetentionDays")
        lock = pick(found, names)
        if "LockDate" in found:  # the days of grace that a compliance lock has, counted from the vault's creation
            lock["ChangeableForDays"] = round((found["LockDate"] - found["CreationDate"]).total_seconds() / 86400)
        shown["LockConfiguration"] = lock
    return shown


def backup_plan(of: Deployed) -> Properties:
    plan = of.client("backup").get_backup_plan(BackupPlanId=of.identity)["BackupPlan"]
    names = {
        "TargetBackupVault": "TargetBackupVaultName",
        "StartWindowMinutes": "StartWindowMinutes",
        "CompletionWindowMinutes": "CompletionWindowMinutes",
        **same("RuleName", "ScheduleExpression", "Lifecycle"),
    }
    rules = [pick(rule, names) for rule in plan["Rules"]]
    return {"BackupPlan": {"BackupPlanName": plan["BackupPlanName"], "BackupPlanRule": rules}}


def backup_selection(of: Deployed) -> Properties:
    backup, plan = of.client("backup"), of.asked["BackupPlanId"]
    listed = backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    selection = next(entry["SelectionId"] for entry in listed if entry["SelectionId"] in of.identity.split("_"))
    found = backup.get_backup_selection(BackupPlanId=plan, SelectionId=selection)
    return {"BackupPlanId": found["BackupPlanId"], "BackupSelection": found["BackupSelection"]}


def own_tags(tags: list[Properties]) -> list[Properties]:
    """The tags without those that CloudFormation adds."""
    return [tag for tag in tags if not tag["Key"].startswith("aws:")]


def as_map(tags: list[Properties]) -> dict[str, str]:
    """Tags by key, whichever case the service spells its members in."""
    lowered = [{name.lower(): value for name, value in tag.items()} for tag in own_tags_of_any_case(tags)]
    return {tag.get("key") or tag["tagkey"]: tag.get("value") or tag["tagvalue"] for tag in lowered}


def own_tags_of_any_case(tags: list[Properties]) -> list[Properties]:
    """The tags without those that CloudFormation adds."""
    return [tag for tag in tags if not any(str(value).startswith("aws:") for value in tag.values())]


def of_ec2(of: Deployed) -> dict[str, str]:
    filters = [{"Name": "resource-id", "Values": [of.identity]}]
    return as_map(of.client("ec2").describe_tags(Filters=filters)["Tags"])


def of_rds(kind: str) -> Callable[[Deployed], dict[str, str]]:
    """The reader for a kind of RDS resource, by its part of the ARN."""

    def read(of: Deployed) -> dict[str, str]:
        account = of.client("sts").get_caller_identity()["Account"]
        region = of.client("rds").meta.region_name
        arn = f"arn:aws:rds:{region}:{account}:{kind}:{of.identity}"
        return as_map(of.client("rds").list_tags_for_resource(ResourceName=arn)["TagList"])

    return read


def of_backup(of: Deployed) -> dict[str, str]:
    backup = of.client("backup")
    if "BackupPlan" in of.asked:
        arn = backup.get_backup_plan(BackupPlanId=of.identity)["BackupPlanArn"]
    else:
        arn = backup.describe_backup_vault(BackupVaultName=of.identity)["BackupVaultArn"]
    found: dict[str, str] = backup.list_tags(ResourceArn=arn)["Tags"]
    return found


def of_log_group(of: Deployed) -> dict[str, str]:
    groups = of.client("logs").describe_log_groups(logGroupNamePrefix=of.identity)["logGroups"]
    arn = next(group["arn"] for group in groups if group["logGroupName"] == of.identity).removesuffix(":*")
    found: dict[str, str] = of.client("logs").list_tags_for_resource(resourceArn=arn)["tags"]
    return found


def of_trail(of: Deployed) -> dict[str, str]:
    client = of.client("cloudtrail")
    arn = client.get_trail(Name=of.identity)["Trail"]["TrailARN"]
    return as_map(one(client.list_tags(ResourceIdList=[arn]), "ResourceTagList")["TagsList"])


# The tags of each type that takes tags and whose stack passes its own on.
TAGS: dict[str, Callable[[Deployed], dict[str, str]]] = {
    "AWS::Backup::BackupPlan": of_backup,
    "AWS::Backup::BackupVault": of_backup,
    "AWS::CloudTrail::Trail": of_trail,
    "AWS::EC2::FlowLog": of_ec2,
    "AWS::EC2::LaunchTemplate": of_ec2,
    "AWS::EC2::RouteTable": of_ec2,
    "AWS::EC2::SecurityGroup": of_ec2,
    "AWS::EC2::Subnet": of_ec2,
    "AWS::EC2::VPC": of_ec2,
    "AWS::EC2::VPCEndpoint": of_ec2,
    "AWS::IAM::OIDCProvider": lambda of: as_map(
        of.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=of.identity)["Tags"]
    ),
    "AWS::IAM::Role": lambda of: as_map(of.client("iam").list_role_tags(RoleName=of.identity)["Tags"]),
    "AWS::KMS::Key": lambda of: as_map(of.client("kms").list_resource_tags(KeyId=of.identity)["Tags"]),
    "AWS::Lambda::Function": lambda of: dict(of.client("lambda").get_function(FunctionName=of.identity)["Tags"]),
    "AWS::Logs::LogGroup": of_log_group,
    "AWS::RDS::DBInstance": of_rds("db"),
    "AWS::RDS::DBParameterGroup": of_rds("pg"),
    "AWS::RDS::DBSubnetGroup": of_rds("subgrp"),
    "AWS::Route53::HostedZone": lambda of: as_map(hosted_zone(of)["HostedZoneTags"]),
    "AWS::S3::Bucket": lambda of: as_map(of.client("s3").get_bucket_tagging(Bucket=of.identity)["TagSet"]),
    "AWS::SNS::Topic": lambda of: as_map(of.client("sns").list_tags_for_resource(ResourceArn=of.identity)["Tags"]),
    "AWS::SQS::Queue": lambda of: dict(of.client("sqs").list_queue_tags(QueueUrl=of.identity).get("Tags", {})),
    "AWS::SecretsManager::Secret": lambda of: as_map(
        of.client("secretsmanager").describe_secret(SecretId=of.identity)["Tags"]
    ),
}
READERS: dict[str, Callable[[Deployed], Properties]] = {
    "AWS::AutoScaling::AutoScalingGroup": auto_scaling_group,
    "AWS::Backup::BackupPlan": backup_plan,
    "AWS::Backup::BackupSelection": backup_selection,
    "AWS::Backup::BackupVault": vault,
    "AWS::CloudFormation::LambdaHook": hook,
    "AWS::CloudTrail::Trail": trail,
    "AWS::EC2::FlowLog": flow_log,
    "AWS::EC2::LaunchTemplate": launch_template,
    "AWS::EC2::RouteTable": route_table,
    "AWS::EC2::SecurityGroup": security_group,
    "AWS::EC2::SecurityGroupEgress": security_group_rule,
    "AWS::EC2::SecurityGroupIngress": security_group_rule,
    "AWS::EC2::Subnet": subnet,
    "AWS::EC2::SubnetRouteTableAssociation": route_table_association,
    "AWS::EC2::VPC": vpc,
    "AWS::EC2::VPCEndpoint": endpoint,
    "AWS::IAM::InstanceProfile": instance_profile,
    "AWS::IAM::ManagedPolicy": managed_policy,
    "AWS::IAM::OIDCProvider": identity_provider,
    "AWS::IAM::Role": role,
    "AWS::KMS::Key": key,
    "AWS::Lambda::Function": function,
    "AWS::Logs::LogGroup": log_group,
    "AWS::RDS::DBInstance": database,
    "AWS::RDS::DBParameterGroup": parameter_group,
    "AWS::RDS::DBSubnetGroup": subnet_group,
    "AWS::Route53::HostedZone": hosted_zone,
    "AWS::S3::Bucket": bucket,
    "AWS::S3::BucketPolicy": bucket_policy,
    "AWS::SNS::Topic": topic,
    "AWS::SNS::TopicPolicy": topic_policy,
    "AWS::SQS::Queue": queue,
    "AWS::SQS::QueuePolicy": queue_policy,
    "AWS::SecretsManager::Secret": secret,
}
# What no API shows again: it says how a resource is to be changed or ended, not how it is.
UNREADABLE = {
    "AWS::KMS::Key": ("PendingWindowInDays",),
    "AWS::RDS::DBInstance": ("AllowMajorVersionUpgrade", "DeleteAutomatedBackups"),
    "AWS::CloudFormation::CustomResource": ("AccountId", "SecurityGroupId", "ServiceTimeout", "ServiceToken"),
}
