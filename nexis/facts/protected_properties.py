"""What each construct protects: the properties whose weakening must stop the synthesis.

`PROTECTED` is the promise of the constructs, property by property. A path is written from `Properties` down, `*`
stands for any item of a list; `@Name` is an attribute of the resource itself, such as `@UpdatePolicy`; a path that is
`RESOURCE` means that the resource has to exist. `NEUTRAL` names what else stands in the templates, with the reason
why nothing depends on it. Together they cover every property of every synthesized template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.postgres_settings import PARAMETERS
from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF: Final = "2026-11-23"
RESOURCE: Final = "RESOURCE"


@record
class Protected:
    """A property that keeps a promise.

    Args:
        type: the resource type.
        path: of the property.
        promise: what it keeps, in a few words.
    """

    type: str
    path: str
    promise: str


def _all(resource_type: str, *properties: tuple[str, str]) -> tuple[Protected, ...]:
    return tuple(Protected(resource_type, path, promise) for path, promise in properties)


_LAUNCH = "LaunchTemplateData"
_DISK = f"{_LAUNCH}.BlockDeviceMappings.*.Ebs"

PROTECTED: Final[tuple[Protected, ...]] = (
    # HardenedNetwork
    *_all("AWS::EC2::InternetGateway", (RESOURCE, "there is no way to the internet")),
    *_all("AWS::EC2::NatGateway", (RESOURCE, "there is no way to the internet")),
    *_all("AWS::EC2::Route", (RESOURCE, "route tables have no route out")),
    *_all("AWS::EC2::Subnet", ("MapPublicIpOnLaunch", "subnets give no public addresses")),
    *_all("AWS::EC2::VPCEndpoint", ("PolicyDocument", "endpoints let only declared actions through")),
    *_all(
        "AWS::EC2::FlowLog",
        (RESOURCE, "traffic is recorded"),
        ("ResourceId", "of this VPC"),
        ("ResourceType", "of the whole VPC"),
        ("TrafficType", "accepted and rejected"),
    ),
    *_all(
        "AWS::Logs::LogGroup",
        ("KmsKeyId", "logs are encrypted with a customer key"),
        ("RetentionInDays", "logs are kept a year or more"),
    ),
    *_all(
        "AWS::CloudFormation::CustomResource",
        (RESOURCE, "the default security group is closed"),
        ("SecurityGroupId", "it is this VPC's default group"),
    ),
    *_all(
        "AWS::EC2::SecurityGroup",
        ("SecurityGroupIngress.*", "only named groups reach the database; nobody from anywhere"),
        ("SecurityGroupEgress", "what may leave is listed; AWS's allow-all egress is gone"),
        ("SecurityGroupEgress.*", "nothing leaves to anywhere"),
    ),
    *_all(
        "AWS::EC2::SecurityGroupIngress",
        (RESOURCE, "no separate rule opens a group"),
        ("SourceSecurityGroupId", "hosts are reached by hosts"),
    ),
    *_all("AWS::EC2::SecurityGroupEgress", (RESOURCE, "no separate rule opens a group")),
    # DatabaseCluster
    *_all(
        "AWS::EC2::LaunchTemplate",
        (f"{_LAUNCH}.InstanceType", "data lies on encrypted NVMe"),
        (f"{_LAUNCH}.ImageId", "an unrelated deploy never swaps the image"),
        (f"{_LAUNCH}.MetadataOptions.HttpTokens", "IMDSv2 only"),
        (f"{_LAUNCH}.MetadataOptions.HttpPutResponseHopLimit", "metadata stays on the host"),
        (f"{_LAUNCH}.KeyName", "there is no key pair"),
        (f"{_LAUNCH}.NetworkInterfaces.*.AssociatePublicIpAddress", "there is no public address"),
        (f"{_DISK}.Encrypted", "root volumes are encrypted"),
        (f"{_DISK}.KmsKeyId", "with a customer key"),
        (f"{_LAUNCH}.Monitoring.Enabled", "detailed monitoring"),
        (f"{_LAUNCH}.InstanceInitiatedShutdownBehavior", "a host that stops is replaced"),
        (f"{_LAUNCH}.UserData", "user data holds no secret"),
    ),
    *_all(
        "AWS::AutoScaling::AutoScalingGroup",
        ("MinSize", "exactly one host"),
        ("MaxSize", "exactly one host"),
        ("DesiredCapacity", "exactly one host"),
        ("VPCZoneIdentifier", "in one zone"),
        ("@UpdatePolicy", "a deploy never replaces a running host"),
        ("@DeletionPolicy", "groups outlive the stack in production"),
        ("@UpdateReplacePolicy", "groups outlive a replacement in production"),
    ),
    *_all("AWS::Route53::HostedZone", ("VPCs", "the hosts' names are known inside the network only")),
    *_all("AWS::SNS::Topic", ("KmsMasterKeyId", "notifications are encrypted")),
    *_all(
        "AWS::SNS::TopicPolicy",
        (RESOURCE, "notifications are published over TLS"),
        ("PolicyDocument", "notifications are published over TLS"),
        ("Topics", "it is this topic's policy"),
    ),
    *_all("AWS::IAM::ManagedPolicy", ("PolicyDocument", "exact actions on exact resources")),
    *_all("AWS::IAM::AccessKey", (RESOURCE, "no static keys")),
    *_all("AWS::IAM::Policy", (RESOURCE, "no inline policies")),
    *_all("AWS::IAM::User", (RESOURCE, "nobody signs in with what lasts")),
    *_all(
        "AWS::IAM::Role",
        ("AssumeRolePolicyDocument", "one service assumes it; GitHub from one branch and environment"),
        ("MaxSessionDuration", "what GitHub's jobs hold ends within an hour"),
        ("PermissionsBoundary", "no role passes the account's boundary"),
        ("Policies", "no inline policies"),
    ),
    # the queue of what the closing function could not handle
    *_all("AWS::SQS::Queue", ("SqsManagedSseEnabled", "events are encrypted")),
    *_all(
        "AWS::SQS::QueuePolicy",
        (RESOURCE, "events are sent over TLS"),
        ("PolicyDocument", "events are sent over TLS"),
        ("Queues", "it is this queue's policy"),
    ),
    # TlsOnlyParameterGroup
    *_all("AWS::RDS::DBParameterGroup", *((f"Parameters.{name}", s.why) for name, s in PARAMETERS.items())),
    # ManagedDatabase
    *_all(
        "AWS::RDS::DBInstance",
        ("DBInstanceClass", "temporary data lies on local NVMe"),
        ("DBParameterGroupName", "the TLS-only parameter group is attached"),
        ("StorageEncrypted", "storage is encrypted"),
        ("KmsKeyId", "with a customer key"),
        ("PubliclyAccessible", "there is no public address"),
        ("Port", "not the port that everybody tries"),
        ("BackupRetentionPeriod", "14 days of backups or more"),
        ("DeletionProtection", "it is not deleted by mistake"),
        ("EnableCloudwatchLogsExports", "logs leave the database"),
        ("CACertificateIdentifier", "the authority is chosen"),
        ("CopyTagsToSnapshot", "snapshots carry the owner's tags"),
        ("ManageMasterUserPassword", "the admin password is generated and kept by the service"),
        ("MasterUserSecret.KmsKeyId", "with a customer key"),
        ("MultiAZ", "the loss of a zone loses nothing"),
    ),
    *_all(
        "AWS::Backup::BackupSelection",
        (RESOURCE, "the database is in a backup plan"),
        ("BackupSelection.Resources", "it is this database"),
    ),
    *_all(
        "AWS::Backup::BackupPlan",
        ("BackupPlan.BackupPlanRule.*.Lifecycle.DeleteAfterDays", "14 days of backups or more"),
    ),
    *_all("AWS::SecretsManager::ResourcePolicy", (RESOURCE, "no policy opens the secret")),
    *_all("AWS::Backup::BackupVault", ("EncryptionKeyArn", "backups are encrypted with a customer key")),
    # RolePassword
    *_all(
        "AWS::SecretsManager::Secret",
        ("GenerateSecretString.PasswordLength", "60 bits and more"),
        ("GenerateSecretString.ExcludeCharacters", "60 bits and more"),
        ("SecretString", "no password stands in a template"),
        ("KmsKeyId", "with a customer key"),
    ),
    # PolicyHook
    *_all(
        "AWS::CloudFormation::LambdaHook",
        ("FailureMode", "what fails is not deployed"),
        ("HookStatus", "the hook is on"),
        ("TargetOperations", "templates, change sets and resources are judged"),
        ("TargetFilters.Actions", "whenever something is made or changed"),
    ),
    # AuditTrail
    *_all(
        "AWS::CloudTrail::Trail",
        ("IsMultiRegionTrail", "every region is recorded"),
        ("EnableLogFileValidation", "records cannot be changed unseen"),
        ("KMSKeyId", "with a customer key"),
        ("IsLogging", "it records"),
        ("IncludeGlobalServiceEvents", "IAM and STS are recorded"),
        ("CloudWatchLogsLogGroupArn", "events are seen within minutes"),
    ),
    *_all(
        "AWS::S3::Bucket",
        ("PublicAccessBlockConfiguration.BlockPublicAcls", "private"),
        ("PublicAccessBlockConfiguration.BlockPublicPolicy", "private"),
        ("PublicAccessBlockConfiguration.IgnorePublicAcls", "private"),
        ("PublicAccessBlockConfiguration.RestrictPublicBuckets", "private"),
        ("VersioningConfiguration.Status", "what is overwritten is kept"),
        (
            "BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.SSEAlgorithm",
            "encrypted",
        ),
        ("LifecycleConfiguration.Rules.*.ExpirationInDays", "records are kept a year or more"),
        ("LoggingConfiguration", "access to it is recorded"),
    ),
    *_all(
        "AWS::S3::BucketPolicy",
        (RESOURCE, "TLS only"),
        ("PolicyDocument", "TLS only, nobody from outside"),
        ("Bucket", "it is this bucket's policy"),
    ),
    # CustomerKey
    *_all(
        "AWS::KMS::Key",
        ("EnableKeyRotation", "keys rotate"),
        ("KeyPolicy", "exact principals"),
    ),
    # every stack
    *_all("Nexis::Stack", ("Region", "an approved region")),
)

_NAME = "a name or description for people"
_LINK = "a link: weakening it points to something that is judged where it stands, or to nothing that deploys"
_RUNS = "how it runs, not what it protects"
_COST = "size and price"

# (resource type or `*`, path with `*` for the rest) -> why nothing depends on it
NEUTRAL: Final[Mapping[tuple[str, str], str]] = {
    ("*", "Tags.*"): "tags; those that rules read are checked where they are read",
    ("*", "TagSpecifications.*"): "tags of the launch template itself",
    ("*", "Description"): _NAME,
    ("*", "GroupDescription"): _NAME,
    ("*", "VpcId"): _LINK,
    ("*", "@DeletionPolicy"): "what happens to it after the stack; judged for groups of hosts and, in production, data",
    (
        "*",
        "@UpdateReplacePolicy",
    ): "what happens to it after a replacement; judged for groups of hosts and, in production, data",
    ("*", "@DependsOn"): "the order of deployment",
    ("AWS::AutoScaling::AutoScalingGroup", "Cooldown"): _RUNS,
    ("AWS::AutoScaling::AutoScalingGroup", "HealthCheck*"): _RUNS,
    ("AWS::AutoScaling::AutoScalingGroup", "LaunchTemplate.*"): _LINK,
    ("AWS::AutoScaling::AutoScalingGroup", "MetricsCollection.*"): _RUNS,
    ("AWS::AutoScaling::AutoScalingGroup", "NotificationConfigurations.*"): "checked by cdk-nag's AwsSolutions-AS3",
    ("AWS::Backup::BackupPlan", "BackupPlan.BackupPlanName"): _NAME,
    ("AWS::Backup::BackupPlan", "BackupPlan.BackupPlanRule.*"): "the schedule; that it covers the database is judged",
    ("AWS::Backup::BackupSelection", "BackupPlanId"): _LINK,
    ("AWS::Backup::BackupSelection", "BackupSelection.IamRoleArn"): _LINK,
    ("AWS::Backup::BackupSelection", "BackupSelection.SelectionName"): _NAME,
    ("AWS::Backup::BackupVault", "BackupVaultName"): _NAME,
    ("AWS::Backup::BackupVault", "LockConfiguration.*"): "a second lock, in production; the vault is judged without",
    ("AWS::CloudFormation::CustomResource", "AccountId"): _RUNS,
    ("AWS::CloudFormation::CustomResource", "ServiceT*"): _RUNS,
    ("AWS::CloudFormation::LambdaHook", "Alias"): _NAME,
    ("AWS::CloudFormation::LambdaHook", "ExecutionRole"): _LINK,
    ("AWS::CloudFormation::LambdaHook", "LambdaFunction"): _LINK,
    ("AWS::CloudFormation::LambdaHook", "StackFilters.*"): "for stacks of which names is the configuration's choice",
    ("AWS::CloudTrail::Trail", "CloudWatchLogsRoleArn"): _LINK,
    ("AWS::CloudTrail::Trail", "S3BucketName"): _LINK,
    ("AWS::CloudTrail::Trail", "TrailName"): _NAME,
    ("AWS::EC2::FlowLog", "DeliverLogsPermissionArn"): _LINK,
    ("AWS::EC2::FlowLog", "LogDestinationType"): _LINK,
    ("AWS::EC2::FlowLog", "LogGroupName"): _LINK,
    ("AWS::EC2::FlowLog", "MaxAggregationInterval"): _RUNS,
    ("AWS::EC2::LaunchTemplate", "VersionDescription"): _NAME,
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.TagSpecifications.*"): "tags of what it launches",
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.BlockDeviceMappings.*.DeviceName"): _RUNS,
    ("AWS::EC2::LaunchTemplate", f"{_DISK}.DeleteOnTermination"): _RUNS,
    ("AWS::EC2::LaunchTemplate", f"{_DISK}.Volume*"): _COST,
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.DisableApi*"): "a second lock; the group replaces a host either way",
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.EbsOptimized"): _RUNS,
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.HibernationOptions.*"): "off is AWS's default",
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.IamInstanceProfile.*"): _LINK,
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.MetadataOptions.HttpEndpoint"): "off would be stricter",
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.MetadataOptions.HttpProtocolIpv6"): _RUNS,
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.MetadataOptions.InstanceMetadataTags"): _RUNS,
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.NetworkInterfaces.*.DeleteOnTermination"): _RUNS,
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.NetworkInterfaces.*.DeviceIndex"): _RUNS,
    ("AWS::EC2::LaunchTemplate", f"{_LAUNCH}.NetworkInterfaces.*.Groups.*"): _LINK,
    ("AWS::EC2::SecurityGroupEgress", "*"): "judged together with the group it belongs to",
    ("AWS::EC2::SecurityGroupIngress", "*"): "judged together with the group it belongs to",
    ("AWS::EC2::Subnet", "AvailabilityZone"): _RUNS,
    ("AWS::EC2::Subnet", "CidrBlock"): _RUNS,
    ("AWS::EC2::SubnetRouteTableAssociation", "*"): _LINK,
    ("AWS::EC2::VPC", "CidrBlock"): _RUNS,
    ("AWS::EC2::VPC", "EnableDns*"): "names resolve; without it nothing connects",
    ("AWS::EC2::VPCEndpoint", "PrivateDnsEnabled"): _RUNS,
    ("AWS::EC2::VPCEndpoint", "RouteTableIds.*"): _LINK,
    ("AWS::EC2::VPCEndpoint", "SecurityGroupIds.*"): _LINK,
    ("AWS::EC2::VPCEndpoint", "Service*"): _LINK,
    ("AWS::EC2::VPCEndpoint", "SubnetIds.*"): _LINK,
    ("AWS::EC2::VPCEndpoint", "VpcEndpointType"): _LINK,
    ("AWS::IAM::InstanceProfile", "Roles.*"): _LINK,
    ("AWS::IAM::OIDCProvider", "ClientIdList.*"): "the role asks for the audience itself",
    ("AWS::IAM::OIDCProvider", "Url"): "the role asks for GitHub's claims, which no other provider gives",
    ("AWS::IAM::Role", "ManagedPolicyArns.*"): _LINK,
    ("AWS::IAM::Role", "RoleName"): "the bootstrap trusts the role by this name, and no other",
    ("AWS::KMS::Key", "Key[SU]*"): "the kind of key; a key that cannot encrypt does not deploy with what uses it",
    ("AWS::KMS::Key", "PendingWindowInDays"): _RUNS,
    ("AWS::KMS::Key", "RotationPeriodInDays"): "a year is AWS's default; that it rotates is what is promised",
    ("AWS::Lambda::Function", "*"): "closes the default group, judged on the network, or serves a hook, which is",
    ("AWS::Logs::LogGroup", "LogGroupName"): _NAME,
    ("AWS::RDS::DBInstance", "AllocatedStorage"): _COST,
    ("AWS::RDS::DBInstance", "A*VersionUpgrade"): _RUNS,
    ("AWS::RDS::DBInstance", "DBInstanceIdentifier"): _NAME,
    ("AWS::RDS::DBInstance", "DBSubnetGroupName"): _LINK,
    ("AWS::RDS::DBInstance", "DeleteAutomatedBackups"): "the backup plan's recovery points stay",
    ("AWS::RDS::DBInstance", "EnableIAMDatabaseAuthentication"): "a further way in, with tokens of 15 minutes",
    ("AWS::RDS::DBInstance", "Engine"): _RUNS,
    ("AWS::RDS::DBInstance", "EngineVersion"): _RUNS,
    ("AWS::RDS::DBInstance", "MasterUsername"): _NAME,
    ("AWS::RDS::DBInstance", "Monitoring*"): "checked by cdk-nag's NIST.800.53.R5-RDSEnhancedMonitoringEnabled",
    ("AWS::RDS::DBInstance", "NetworkType"): _RUNS,
    ("AWS::RDS::DBInstance", "Preferred*"): _RUNS,
    ("AWS::RDS::DBInstance", "StorageType"): _COST,
    ("AWS::RDS::DBInstance", "VPCSecurityGroups.*"): _LINK,
    ("AWS::RDS::DBParameterGroup", "Family"): _LINK,
    ("AWS::RDS::DBSubnetGroup", "*"): _LINK,
    ("AWS::Route53::HostedZone", "HostedZone*"): _NAME,
    ("AWS::Route53::HostedZone", "Name"): _NAME,
    ("AWS::S3::Bucket", "BucketEncryption.ServerSideEncryptionConfiguration.*.BucketKeyEnabled"): _COST,
    (
        "AWS::S3::Bucket",
        "BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.KMSMasterKeyID",
    ): "AWS encrypts every bucket by default; the trail's own key is judged on the trail",
    ("AWS::S3::Bucket", "LifecycleConfiguration.Rules.*"): "tidying; that records are kept is judged on the trail",
    ("AWS::S3::Bucket", "OwnershipControls.*"): "AWS's default for new buckets",
    ("AWS::SNS::Topic", "DisplayName"): _NAME,
    ("AWS::SQS::Queue", "MessageRetentionPeriod"): _RUNS,
    ("AWS::SecretsManager::Secret", "GenerateSecretString.*"): "the bits are computed from all of them together",
    ("Nexis::Stack", "Account"): "compared with the configuration before a deployment",
}
