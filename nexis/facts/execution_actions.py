"""What CloudFormation's execution role needs for each resource type that the stacks use.

The bootstrap's policies are made of it: the actions of a type on the narrowest resources that can be named before they
exist. What CloudFormation names begins with the stack's name, so most are `nexis-*`; what has only an id is everything
of its kind in this account and region. Reading is allowed on everything where IAM knows no resource for it.

Left out on purpose: inline policies of roles, taking boundaries away, users, the values of secrets, switching the
rotation of keys off. A type that is missing here fails a test; an action that is missing stops a deployment with
CloudFormation's message, which names it.

Sources: the resource types' schemas in the CloudFormation registry (`handlers`, `permissions`); Service Authorization
Reference (resource types of each action); Amazon EC2 Auto Scaling User Guide, "Control Amazon EC2 launch template
usage" (ec2:RunInstances of whoever makes a group). Read 2026-11-23.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.deployment import STACK_PREFIX
from nexis.facts.github_oidc import HOST
from nexis.facts.permissions_boundary import BOUNDARY_ARN

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF: Final = "2026-11-23"

_OURS: Final = f"{STACK_PREFIX}*"
_HERE: Final = "${AWS::Region}:${AWS::AccountId}"


def _arn(service: str, resource: str, *, place: str = _HERE) -> str:
    return f"arn:${{AWS::Partition}}:{service}:{place}:{resource}"


def _iam(resource: str) -> str:
    return _arn("iam", resource, place=":${AWS::AccountId}")


#: The resources of a statement, and what a condition asks, by the name that the table uses.
TARGETS: Final[Mapping[str, tuple[tuple[str, ...], Mapping[str, Any]]]] = MappingProxyType(
    {
        "alarms": ((_arn("cloudwatch", f"alarm:{_OURS}"),), {}),
        "anything": (("*",), {}),
        "autoscaling": ((_arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{_OURS}"),), {}),
        "backup": ((_arn("backup", "backup-plan:*"), _arn("backup", f"backup-vault:{_OURS}")), {}),
        "cloudtrail": ((_arn("cloudtrail", f"trail/{_OURS}"),), {}),
        "ec2": ((_arn("ec2", "*"),), {}),
        "images": ((_arn("ec2", "image/*", place="${AWS::Region}:"),), {}),
        "functions": ((_arn("lambda", f"function:{_OURS}"),), {}),
        "keys": ((_arn("kms", "key/*"),), {}),
        "keys through services": (
            (_arn("kms", "key/*"),),
            {
                "StringEquals": {
                    "kms:ViaService": [
                        f"{service}.${{AWS::Region}}.amazonaws.com"
                        for service in ("backup", "lambda", "rds", "secretsmanager")
                    ]
                }
            },
        ),
        "logs": (
            (
                _arn("logs", f"log-group:/{_OURS}"),
                _arn("logs", f"log-group:/aws/rds/instance/{_OURS}"),
            ),
            {},
        ),
        "profiles": ((_iam(f"instance-profile/{_OURS}"),), {}),
        "policies": ((_iam(f"policy/{_OURS}"),), {}),
        "providers": ((_iam(f"oidc-provider/{HOST}"),), {}),
        "roles": ((_iam(f"role/{_OURS}"),), {}),
        "roles with the boundary": (
            (_iam(f"role/{_OURS}"),),
            {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY_ARN}},
        ),
        "own policies on roles with the boundary": (
            (_iam(f"role/{_OURS}"),),
            {
                "StringEquals": {"iam:PermissionsBoundary": BOUNDARY_ARN},
                "ArnLike": {"iam:PolicyARN": _iam(f"policy/{_OURS}")},
            },
        ),
        "roles for services": (
            (_iam(f"role/{_OURS}"),),
            {
                "StringEquals": {
                    "iam:PassedToService": [
                        f"{service}.amazonaws.com"
                        for service in (
                            *("backup", "cloudtrail", "ec2", "hooks.cloudformation", "lambda"),
                            *("monitoring.rds", "vpc-flow-logs"),
                        )
                    ]
                }
            },
        ),
        "service-linked roles": (
            (_iam("role/aws-service-role/*"),),
            {"StringEquals": {"iam:AWSServiceName": [f"{s}.amazonaws.com" for s in ("autoscaling", "backup", "rds")]}},
        ),
        "databases": (
            (
                *(_arn("rds", f"{kind}:{_OURS}") for kind in ("db", "pg", "snapshot", "subgrp")),
                _arn("rds", "og:default:*"),
            ),
            {},
        ),
        "zones": (("arn:${AWS::Partition}:route53:::hostedzone/*", "arn:${AWS::Partition}:route53:::change/*"), {}),
        "buckets": ((f"arn:${{AWS::Partition}}:s3:::{_OURS}",), {}),
        "assets": (
            ("arn:${AWS::Partition}:s3:::cdk-${Qualifier}-assets-${AWS::AccountId}-${AWS::Region}/*",),
            {},
        ),
        "secrets": ((_arn("secretsmanager", "secret:*"),), {}),
        "topics": ((_arn("sns", _OURS),), {}),
        "queues": ((_arn("sqs", _OURS),), {}),
        "toolkit": ((_arn("ssm", "parameter/cdk-bootstrap/${Qualifier}/version"),), {}),
    }
)

#: What every deployment needs: the version of the bootstrap and the files it published.
ALWAYS: Final[Mapping[str, str]] = MappingProxyType(
    {"toolkit": "ssm:GetParameters", "assets": "s3:GetObject s3:GetObjectVersion"}
)

_EC2_TAGS: Final = "ec2:CreateTags ec2:DeleteTags"
_USE_KEYS: Final = "kms:CreateGrant kms:Decrypt kms:Encrypt kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext"
_GROUP_RULES: Final = (
    "ec2:AuthorizeSecurityGroupEgress ec2:AuthorizeSecurityGroupIngress ec2:ModifySecurityGroupRules "
    "ec2:RevokeSecurityGroupEgress ec2:RevokeSecurityGroupIngress ec2:UpdateSecurityGroupRuleDescriptionsEgress "
    "ec2:UpdateSecurityGroupRuleDescriptionsIngress"
)
_GROUP_READS: Final = "ec2:DescribeSecurityGroupRules ec2:DescribeSecurityGroups"
_RDS_TAGS: Final = "rds:AddTagsToResource rds:ListTagsForResource rds:RemoveTagsFromResource"

#: Actions by target, for each resource type.
BY_TYPE: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "AWS::AutoScaling::AutoScalingGroup": {
            "autoscaling": "autoscaling:CreateAutoScalingGroup autoscaling:CreateOrUpdateTags "
            "autoscaling:DeleteAutoScalingGroup autoscaling:DeleteNotificationConfiguration autoscaling:DeleteTags "
            "autoscaling:DisableMetricsCollection autoscaling:EnableMetricsCollection "
            "autoscaling:PutNotificationConfiguration autoscaling:UpdateAutoScalingGroup",
            "anything": "autoscaling:DescribeAutoScalingGroups autoscaling:DescribeAutoScalingInstances "
            "autoscaling:DescribeNotificationConfigurations autoscaling:DescribeScalingActivities "
            "autoscaling:DescribeTags ec2:DescribeInstances ec2:DescribeLaunchTemplates "
            "ec2:DescribeLaunchTemplateVersions ec2:DescribeSubnets",
            "ec2": "ec2:RunInstances",
            "images": "ec2:RunInstances",
            "roles for services": "iam:PassRole",
            "service-linked roles": "iam:CreateServiceLinkedRole",
        },
        "AWS::Backup::BackupPlan": {
            "backup": "backup:CreateBackupPlan backup:DeleteBackupPlan backup:GetBackupPlan backup:ListTags "
            "backup:TagResource backup:UntagResource backup:UpdateBackupPlan",
        },
        "AWS::Backup::BackupSelection": {
            "backup": "backup:CreateBackupSelection backup:DeleteBackupSelection backup:GetBackupSelection",
            "roles for services": "iam:PassRole",
            "service-linked roles": "iam:CreateServiceLinkedRole",
        },
        "AWS::Backup::BackupVault": {
            "backup": "backup:CreateBackupVault backup:DeleteBackupVault backup:DescribeBackupVault "
            "backup:GetBackupVaultAccessPolicy backup:GetBackupVaultNotifications backup:ListTags backup:TagResource "
            "backup:UntagResource",
            "anything": "backup-storage:MountCapsule",
            "keys": "kms:DescribeKey",
            "keys through services": f"{_USE_KEYS} kms:RetireGrant",
        },
        "AWS::CloudFormation::CustomResource": {"functions": "lambda:InvokeFunction"},
        "AWS::CloudFormation::LambdaHook": {
            "anything": "cloudformation:ActivateType cloudformation:BatchDescribeTypeConfigurations "
            "cloudformation:DeactivateType cloudformation:DescribeType cloudformation:ListTypes "
            "cloudformation:SetTypeConfiguration",
            "functions": "lambda:GetFunction lambda:InvokeFunction",
            "roles for services": "iam:PassRole",
        },
        "AWS::CloudTrail::Trail": {
            "cloudtrail": "cloudtrail:AddTags cloudtrail:CreateTrail cloudtrail:DeleteTrail "
            "cloudtrail:GetEventSelectors cloudtrail:GetInsightSelectors cloudtrail:GetTrail "
            "cloudtrail:GetTrailStatus cloudtrail:ListTags cloudtrail:PutEventSelectors cloudtrail:RemoveTags "
            "cloudtrail:StartLogging cloudtrail:StopLogging cloudtrail:UpdateTrail",
            "anything": "cloudtrail:DescribeTrails",
            "roles for services": "iam:PassRole",
        },
        "AWS::CloudWatch::Alarm": {
            "anything": "cloudwatch:DescribeAlarms",
            "alarms": "cloudwatch:DeleteAlarms cloudwatch:ListTagsForResource cloudwatch:PutMetricAlarm "
            "cloudwatch:TagResource cloudwatch:UntagResource",
        },
        "AWS::EC2::FlowLog": {
            "ec2": f"ec2:CreateFlowLogs ec2:DeleteFlowLogs {_EC2_TAGS}",
            "anything": "ec2:DescribeFlowLogs logs:CreateLogDelivery logs:DeleteLogDelivery",
            "roles for services": "iam:PassRole",
        },
        "AWS::EC2::LaunchTemplate": {
            "ec2": "ec2:CreateLaunchTemplate ec2:CreateLaunchTemplateVersion ec2:DeleteLaunchTemplate "
            f"ec2:ModifyLaunchTemplate {_EC2_TAGS}",
            "anything": "ec2:DescribeLaunchTemplateVersions ec2:DescribeLaunchTemplates",
            "roles for services": "iam:PassRole",
        },
        "AWS::EC2::RouteTable": {
            "ec2": f"ec2:CreateRouteTable ec2:DeleteRouteTable {_EC2_TAGS}",
            "anything": "ec2:DescribeRouteTables",
        },
        "AWS::EC2::SecurityGroup": {
            "ec2": f"ec2:CreateSecurityGroup ec2:DeleteSecurityGroup {_GROUP_RULES} {_EC2_TAGS}",
            "anything": _GROUP_READS,
        },
        "AWS::EC2::SecurityGroupEgress": {"ec2": _GROUP_RULES, "anything": _GROUP_READS},
        "AWS::EC2::SecurityGroupIngress": {"ec2": _GROUP_RULES, "anything": _GROUP_READS},
        "AWS::EC2::Subnet": {
            "ec2": f"ec2:CreateSubnet ec2:DeleteSubnet ec2:ModifySubnetAttribute {_EC2_TAGS}",
            "anything": "ec2:DescribeAvailabilityZones ec2:DescribeNetworkAcls ec2:DescribeSubnets",
        },
        "AWS::EC2::SubnetRouteTableAssociation": {
            "ec2": "ec2:AssociateRouteTable ec2:DisassociateRouteTable ec2:ReplaceRouteTableAssociation",
            "anything": "ec2:DescribeRouteTables ec2:DescribeSubnets",
        },
        "AWS::EC2::VPC": {
            "ec2": f"ec2:CreateVpc ec2:DeleteVpc ec2:ModifyVpcAttribute {_EC2_TAGS}",
            "anything": "ec2:DescribeNetworkAcls ec2:DescribeSecurityGroups ec2:DescribeVpcAttribute ec2:DescribeVpcs",
        },
        "AWS::EC2::VPCEndpoint": {
            "ec2": f"ec2:CreateVpcEndpoint ec2:DeleteVpcEndpoints ec2:ModifyVpcEndpoint {_EC2_TAGS}",
            "anything": "ec2:DescribePrefixLists ec2:DescribeVpcEndpoints ec2:DescribeVpcEndpointServices",
            "zones": "route53:AssociateVPCWithHostedZone",
        },
        "AWS::IAM::InstanceProfile": {
            "profiles": "iam:AddRoleToInstanceProfile iam:CreateInstanceProfile iam:DeleteInstanceProfile "
            "iam:GetInstanceProfile iam:RemoveRoleFromInstanceProfile",
            "roles for services": "iam:PassRole",
        },
        "AWS::IAM::ManagedPolicy": {
            "policies": "iam:CreatePolicy iam:CreatePolicyVersion iam:DeletePolicy iam:DeletePolicyVersion "
            "iam:GetPolicy iam:GetPolicyVersion iam:ListEntitiesForPolicy iam:ListPolicyTags iam:ListPolicyVersions "
            "iam:TagPolicy iam:UntagPolicy",
        },
        "AWS::IAM::OIDCProvider": {
            "providers": "iam:AddClientIDToOpenIDConnectProvider iam:CreateOpenIDConnectProvider "
            "iam:DeleteOpenIDConnectProvider iam:GetOpenIDConnectProvider "
            "iam:RemoveClientIDFromOpenIDConnectProvider iam:TagOpenIDConnectProvider iam:UntagOpenIDConnectProvider "
            "iam:UpdateOpenIDConnectProviderThumbprint",
        },
        "AWS::IAM::Role": {
            "roles": "iam:DeleteRole iam:DetachRolePolicy iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies "
            "iam:ListInstanceProfilesForRole iam:ListRolePolicies iam:ListRoleTags iam:TagRole iam:UntagRole "
            "iam:UpdateAssumeRolePolicy iam:UpdateRole iam:UpdateRoleDescription",
            "roles with the boundary": "iam:CreateRole iam:PutRolePermissionsBoundary",
            "own policies on roles with the boundary": "iam:AttachRolePolicy",
        },
        "AWS::KMS::Key": {
            "anything": "kms:CreateKey kms:ListKeys",
            "keys": "kms:DescribeKey kms:EnableKey kms:EnableKeyRotation kms:GetKeyPolicy kms:GetKeyRotationStatus "
            "kms:ListResourceTags kms:PutKeyPolicy kms:ScheduleKeyDeletion kms:TagResource kms:UntagResource "
            "kms:UpdateKeyDescription",
        },
        "AWS::Lambda::Function": {
            "functions": "lambda:CreateFunction lambda:DeleteFunction lambda:DeleteFunctionConcurrency "
            "lambda:GetFunction lambda:GetFunctionCodeSigningConfig lambda:GetFunctionConcurrency "
            "lambda:GetFunctionConfiguration lambda:GetFunctionRecursionConfig lambda:GetRuntimeManagementConfig "
            "lambda:ListTags lambda:PutFunctionConcurrency lambda:PutFunctionRecursionConfig "
            "lambda:PutRuntimeManagementConfig lambda:TagResource lambda:UntagResource lambda:UpdateFunctionCode "
            "lambda:UpdateFunctionConfiguration",
            "keys through services": _USE_KEYS,
            "roles for services": "iam:PassRole",
        },
        "AWS::Lambda::Permission": {"functions": "lambda:AddPermission lambda:GetPolicy lambda:RemovePermission"},
        "AWS::Lambda::Version": {
            "functions": "lambda:DeleteFunction lambda:GetFunctionConfiguration lambda:ListVersionsByFunction "
            "lambda:PublishVersion"
        },
        "AWS::Logs::LogGroup": {
            "logs": "logs:AssociateKmsKey logs:CreateLogGroup logs:DeleteLogGroup logs:DeleteRetentionPolicy "
            "logs:DisassociateKmsKey logs:GetDataProtectionPolicy logs:ListTagsForResource logs:ListTagsLogGroup "
            "logs:PutRetentionPolicy logs:TagLogGroup logs:TagResource logs:UntagLogGroup logs:UntagResource",
            "anything": "logs:DescribeIndexPolicies logs:DescribeLogGroups logs:DescribeResourcePolicies",
        },
        "AWS::RDS::DBInstance": {
            "databases": "rds:CreateDBInstance rds:CreateDBSnapshot rds:DeleteDBInstance rds:DescribeDBInstances "
            f"rds:DescribeDBSnapshots rds:ModifyDBInstance rds:RebootDBInstance {_RDS_TAGS}",
            "anything": "ec2:DescribeAccountAttributes ec2:DescribeAvailabilityZones ec2:DescribeSecurityGroups "
            "ec2:DescribeSubnets ec2:DescribeVpcAttribute ec2:DescribeVpcs rds:DescribeDBEngineVersions "
            "rds:DescribeEvents rds:DescribeOrderableDBInstanceOptions",
            "secrets": "secretsmanager:CreateSecret secretsmanager:TagResource",
            "keys": "kms:DescribeKey",
            "keys through services": _USE_KEYS,
            "roles for services": "iam:PassRole",
            "service-linked roles": "iam:CreateServiceLinkedRole",
        },
        "AWS::RDS::DBParameterGroup": {
            "databases": "rds:CreateDBParameterGroup rds:DeleteDBParameterGroup rds:DescribeDBParameterGroups "
            f"rds:DescribeDBParameters rds:ModifyDBParameterGroup rds:ResetDBParameterGroup {_RDS_TAGS}",
            "anything": "rds:DescribeEngineDefaultParameters",
        },
        "AWS::RDS::DBSubnetGroup": {
            "databases": "rds:CreateDBSubnetGroup rds:DeleteDBSubnetGroup rds:DescribeDBSubnetGroups "
            f"rds:ModifyDBSubnetGroup {_RDS_TAGS}",
            "anything": "ec2:DescribeSubnets ec2:DescribeVpcs",
            "service-linked roles": "iam:CreateServiceLinkedRole",
        },
        "AWS::Route53::HostedZone": {
            "anything": "ec2:DescribeVpcs route53:CreateHostedZone route53:ListHostedZones",
            "zones": "route53:AssociateVPCWithHostedZone route53:ChangeTagsForResource route53:DeleteHostedZone "
            "route53:DisassociateVPCFromHostedZone route53:GetChange route53:GetHostedZone "
            "route53:ListQueryLoggingConfigs route53:ListResourceRecordSets route53:ListTagsForResource "
            "route53:UpdateHostedZoneComment",
        },
        "AWS::S3::Bucket": {
            "buckets": "s3:CreateBucket s3:DeleteBucket s3:GetBucketAcl s3:GetBucketLogging s3:GetBucketNotification "
            "s3:GetBucketObjectLockConfiguration s3:GetBucketOwnershipControls s3:GetBucketPublicAccessBlock "
            "s3:GetBucketTagging s3:GetBucketVersioning s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration "
            "s3:GetReplicationConfiguration s3:ListBucket s3:PutBucketLogging s3:PutBucketOwnershipControls "
            "s3:PutBucketPublicAccessBlock s3:PutBucketTagging s3:PutBucketVersioning s3:PutEncryptionConfiguration "
            "s3:PutLifecycleConfiguration",
        },
        "AWS::S3::BucketPolicy": {"buckets": "s3:DeleteBucketPolicy s3:GetBucketPolicy s3:PutBucketPolicy"},
        "AWS::SNS::Topic": {
            "topics": "sns:CreateTopic sns:DeleteTopic sns:GetDataProtectionPolicy sns:GetTopicAttributes "
            "sns:ListSubscriptionsByTopic sns:ListTagsForResource sns:SetTopicAttributes sns:TagResource "
            "sns:UntagResource",
        },
        "AWS::SNS::TopicPolicy": {"topics": "sns:GetTopicAttributes sns:SetTopicAttributes"},
        "AWS::SQS::Queue": {
            "queues": "sqs:CreateQueue sqs:DeleteQueue sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ListQueueTags "
            "sqs:SetQueueAttributes sqs:TagQueue sqs:UntagQueue",
        },
        "AWS::SQS::QueuePolicy": {"queues": "sqs:GetQueueAttributes sqs:SetQueueAttributes"},
        "AWS::SecretsManager::Secret": {
            "anything": "secretsmanager:GetRandomPassword",
            "secrets": "secretsmanager:CreateSecret secretsmanager:DeleteSecret secretsmanager:DescribeSecret "
            "secretsmanager:TagResource secretsmanager:UntagResource secretsmanager:UpdateSecret",
            "keys": "kms:DescribeKey",
            "keys through services": _USE_KEYS,
        },
    }
)


def by_target() -> dict[str, tuple[str, ...]]:
    """Give the actions of all types, sorted, by target."""
    found: dict[str, set[str]] = {}
    for targets in (ALWAYS, *BY_TYPE.values()):
        for target, actions in targets.items():
            found.setdefault(target, set()).update(actions.split())
    return {target: tuple(sorted(actions)) for target, actions in sorted(found.items())}
