"""The read-only rights the audit needs: every call it makes, with the IAM actions behind it.

The session refuses to make a call that is not in the table, so the table cannot fall behind.

Source: Service Authorization Reference, "Actions, resources, and condition keys" of each service. As of 2026-11-23.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Call = tuple[str, str]

PERMISSIONS: Final[Mapping[Call, tuple[str, ...]]] = MappingProxyType(
    {
        ("autoscaling", "describe_auto_scaling_groups"): ("autoscaling:DescribeAutoScalingGroups",),
        ("autoscaling", "describe_notification_configurations"): ("autoscaling:DescribeNotificationConfigurations",),
        ("backup", "describe_backup_vault"): ("backup:DescribeBackupVault",),
        ("backup", "get_backup_plan"): ("backup:GetBackupPlan",),
        ("backup", "get_backup_selection"): ("backup:GetBackupSelection",),
        ("backup", "get_backup_vault_access_policy"): ("backup:GetBackupVaultAccessPolicy",),
        ("backup", "list_backup_plans"): ("backup:ListBackupPlans",),
        ("backup", "list_backup_selections"): ("backup:ListBackupSelections",),
        ("backup", "list_backup_vaults"): ("backup:ListBackupVaults",),
        ("cloudformation", "batch_describe_type_configurations"): ("cloudformation:BatchDescribeTypeConfigurations",),
        ("cloudformation", "describe_stacks"): ("cloudformation:DescribeStacks",),
        ("cloudformation", "describe_type"): ("cloudformation:DescribeType",),
        ("cloudformation", "get_template"): ("cloudformation:GetTemplate",),
        ("cloudformation", "list_stack_resources"): ("cloudformation:ListStackResources",),
        ("cloudformation", "list_types"): ("cloudformation:ListTypes",),
        ("cloudtrail", "describe_trails"): ("cloudtrail:DescribeTrails",),
        ("cloudtrail", "get_event_selectors"): ("cloudtrail:GetEventSelectors",),
        ("cloudtrail", "get_trail_status"): ("cloudtrail:GetTrailStatus",),
        ("ec2", "describe_flow_logs"): ("ec2:DescribeFlowLogs",),
        ("ec2", "describe_instance_attribute"): ("ec2:DescribeInstanceAttribute",),
        ("ec2", "describe_instances"): ("ec2:DescribeInstances",),
        ("ec2", "describe_internet_gateways"): ("ec2:DescribeInternetGateways",),
        ("ec2", "describe_launch_template_versions"): ("ec2:DescribeLaunchTemplateVersions",),
        ("ec2", "describe_launch_templates"): ("ec2:DescribeLaunchTemplates",),
        ("ec2", "describe_nat_gateways"): ("ec2:DescribeNatGateways",),
        ("ec2", "describe_route_tables"): ("ec2:DescribeRouteTables",),
        ("ec2", "describe_security_group_rules"): ("ec2:DescribeSecurityGroupRules",),
        ("ec2", "describe_security_groups"): ("ec2:DescribeSecurityGroups",),
        ("ec2", "describe_subnets"): ("ec2:DescribeSubnets",),
        ("ec2", "describe_volumes"): ("ec2:DescribeVolumes",),
        ("ec2", "describe_vpc_endpoints"): ("ec2:DescribeVpcEndpoints",),
        ("ec2", "describe_vpcs"): ("ec2:DescribeVpcs",),
        ("iam", "get_instance_profile"): ("iam:GetInstanceProfile",),
        ("iam", "get_open_id_connect_provider"): ("iam:GetOpenIDConnectProvider",),
        ("iam", "get_policy"): ("iam:GetPolicy",),
        ("iam", "get_policy_version"): ("iam:GetPolicyVersion",),
        ("iam", "get_role"): ("iam:GetRole",),
        ("iam", "get_role_policy"): ("iam:GetRolePolicy",),
        ("iam", "list_attached_role_policies"): ("iam:ListAttachedRolePolicies",),
        ("iam", "list_instance_profiles"): ("iam:ListInstanceProfiles",),
        ("iam", "list_open_id_connect_providers"): ("iam:ListOpenIDConnectProviders",),
        ("iam", "list_policies"): ("iam:ListPolicies",),
        ("iam", "list_role_policies"): ("iam:ListRolePolicies",),
        ("iam", "list_roles"): ("iam:ListRoles",),
        ("kms", "describe_key"): ("kms:DescribeKey",),
        ("kms", "get_key_policy"): ("kms:GetKeyPolicy",),
        ("kms", "get_key_rotation_status"): ("kms:GetKeyRotationStatus",),
        ("kms", "list_aliases"): ("kms:ListAliases",),
        ("kms", "list_keys"): ("kms:ListKeys",),
        ("lambda", "get_function_configuration"): ("lambda:GetFunctionConfiguration",),
        ("lambda", "list_functions"): ("lambda:ListFunctions",),
        ("logs", "describe_log_groups"): ("logs:DescribeLogGroups",),
        ("rds", "describe_db_cluster_parameter_groups"): ("rds:DescribeDBClusterParameterGroups",),
        ("rds", "describe_db_cluster_parameters"): ("rds:DescribeDBClusterParameters",),
        ("rds", "describe_db_clusters"): ("rds:DescribeDBClusters",),
        ("rds", "describe_db_instances"): ("rds:DescribeDBInstances",),
        ("rds", "describe_db_parameter_groups"): ("rds:DescribeDBParameterGroups",),
        ("rds", "describe_db_parameters"): ("rds:DescribeDBParameters",),
        ("rds", "describe_db_subnet_groups"): ("rds:DescribeDBSubnetGroups",),
        ("route53", "get_hosted_zone"): ("route53:GetHostedZone",),
        ("route53", "list_tags_for_resource"): ("route53:ListTagsForResource",),
        ("route53", "list_hosted_zones"): ("route53:ListHostedZones",),
        ("s3", "get_bucket_acl"): ("s3:GetBucketAcl",),
        ("s3", "get_bucket_encryption"): ("s3:GetEncryptionConfiguration",),
        ("s3", "get_bucket_lifecycle_configuration"): ("s3:GetLifecycleConfiguration",),
        ("s3", "get_bucket_logging"): ("s3:GetBucketLogging",),
        ("s3", "get_bucket_ownership_controls"): ("s3:GetBucketOwnershipControls",),
        ("s3", "get_bucket_policy"): ("s3:GetBucketPolicy",),
        ("s3", "get_bucket_versioning"): ("s3:GetBucketVersioning",),
        ("s3", "get_object_lock_configuration"): ("s3:GetBucketObjectLockConfiguration",),
        ("s3", "get_public_access_block"): ("s3:GetBucketPublicAccessBlock",),
        ("s3", "list_buckets"): ("s3:ListAllMyBuckets",),
        ("secretsmanager", "describe_secret"): ("secretsmanager:DescribeSecret",),
        ("secretsmanager", "get_resource_policy"): ("secretsmanager:GetResourcePolicy",),
        ("secretsmanager", "list_secrets"): ("secretsmanager:ListSecrets",),
        ("sns", "get_topic_attributes"): ("sns:GetTopicAttributes",),
        ("sns", "list_topics"): ("sns:ListTopics",),
        ("sqs", "get_queue_attributes"): ("sqs:GetQueueAttributes",),
        ("sqs", "list_queues"): ("sqs:ListQueues",),
        ("sts", "get_caller_identity"): (),  # needs no permission: STS API Reference, GetCallerIdentity
    }
)


def actions() -> tuple[str, ...]:
    """Give every IAM action the audit may need, sorted, for a policy of its own."""
    return tuple(sorted({action for needed in PERMISSIONS.values() for action in needed}))
