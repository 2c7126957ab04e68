"""How to put a deployed resource back.

A redeploy does not: CloudFormation compares the new template with the last one, not with what is there. So each
finding gets the command that undoes it, with the ids it needs; where no single command does, the rule's own advice.

Source: AWS CLI Command Reference, the commands in the table.
"""

from __future__ import annotations

import re
import shlex
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.facts.postgres_settings import PARAMETERS
from nexis.rules.engine.missing import RULE as MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.audit.assemble import Deployed
    from nexis.audit.model import Live
    from nexis.check import Finding

ALL_BLOCKED: Final = (
    "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"  # of four settings
)
MODIFY_INSTANCE: Final = "rds modify-db-instance --db-instance-identifier {id} --apply-immediately"
MODIFY_CLUSTER: Final = "rds modify-db-cluster --db-cluster-identifier {id} --apply-immediately"
NEW_VERSION: Final = "ec2 create-launch-template-version --launch-template-id {template} --source-version {version}"

#: (type, beginning of the property path without `Properties.`) -> the AWS CLI command without `aws`. The longest
#: beginning that fits is taken. {id} is the physical id, {handle} what AWS calls the part at fault.
COMMANDS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("AWS::AutoScaling::AutoScalingGroup", "MinSize"): (
            "autoscaling update-auto-scaling-group --auto-scaling-group-name {id} "
            "--min-size 1 --max-size 1 --desired-capacity 1"
        ),
        ("AWS::AutoScaling::AutoScalingGroup", "MaxSize"): (
            "autoscaling update-auto-scaling-group --auto-scaling-group-name {id} "
            "--min-size 1 --max-size 1 --desired-capacity 1"
        ),
        ("AWS::AutoScaling::AutoScalingGroup", "DesiredCapacity"): (
            "autoscaling update-auto-scaling-group --auto-scaling-group-name {id} "
            "--min-size 1 --max-size 1 --desired-capacity 1"
        ),
        ("AWS::CloudTrail::Trail", "IsLogging"): "cloudtrail start-logging --name {id}",
        ("AWS::CloudTrail::Trail", "IsMultiRegionTrail"): (
            "cloudtrail update-trail --name {id} --is-multi-region-trail --include-global-service-events"
        ),
        ("AWS::CloudTrail::Trail", "IncludeGlobalServiceEvents"): (
            "cloudtrail update-trail --name {id} --include-global-service-events"
        ),
        ("AWS::CloudTrail::Trail", "EnableLogFileValidation"): (
            "cloudtrail update-trail --name {id} --enable-log-file-validation"
        ),
        ("AWS::CloudTrail::Trail", "KMSKeyId"): "cloudtrail update-trail --name {id} --kms-key-id KEY-ARN",
        ("AWS::EC2::Instance", "MetadataOptions"): (
            "ec2 modify-instance-metadata-options --instance-id {id} --http-tokens required "
            "--http-put-response-hop-limit 1"
        ),
        ("AWS::EC2::Instance", "Monitoring"): "ec2 monitor-instances --instance-ids {id}",
        ("AWS::EC2::LaunchTemplate", "LaunchTemplateData.MetadataOptions"): (
            NEW_VERSION + ' --launch-template-data \'{{"MetadataOptions":{{"HttpTokens":"required",'
            '"HttpPutResponseHopLimit":1,"HttpEndpoint":"enabled"}}}}\''
        ),
        ("AWS::EC2::LaunchTemplate", "LaunchTemplateData.Monitoring"): (
            NEW_VERSION + ' --launch-template-data \'{{"Monitoring":{{"Enabled":true}}}}\''
        ),
        ("AWS::EC2::SecurityGroup", "SecurityGroupEgress"): (
            "ec2 revoke-security-group-egress --group-id {id} --security-group-rule-ids {handle}"
        ),
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress"): (
            "ec2 revoke-security-group-ingress --group-id {id} --security-group-rule-ids {handle}"
        ),
        ("AWS::EC2::Subnet", "MapPublicIpOnLaunch"): (
            "ec2 modify-subnet-attribute --subnet-id {id} --no-map-public-ip-on-launch"
        ),
        ("AWS::EC2::VPCEndpoint", "PolicyDocument"): (
            "ec2 modify-vpc-endpoint --vpc-endpoint-id {id} --policy-document file://policy.json"
        ),
        ("AWS::IAM::ManagedPolicy", "PolicyDocument"): (
            "iam create-policy-version --policy-arn {id} --policy-document file://policy.json --set-as-default"
        ),
        ("AWS::IAM::Role", "AssumeRolePolicyDocument"): (
            "iam update-assume-role-policy --role-name {id} --policy-document file://policy.json"
        ),
        ("AWS::IAM::Role", "ManagedPolicyArns"): "iam detach-role-policy --role-name {id} --policy-arn {handle}",
        ("AWS::IAM::Role", "Policies"): "iam delete-role-policy --role-name {id} --policy-name {handle}",
        ("AWS::KMS::Key", "EnableKeyRotation"): "kms enable-key-rotation --key-id {id}",
        (
            "AWS::KMS::Key",
            "KeyPolicy",
        ): "kms put-key-policy --key-id {id} --policy-name default --policy file://policy.json",
        ("AWS::Logs::LogGroup", "KmsKeyId"): "logs associate-kms-key --log-group-name {id} --kms-key-id KEY-ARN",
        ("AWS::Logs::LogGroup", "RetentionInDays"): (
            "logs put-retention-policy --log-group-name {id} --retention-in-days 365"
        ),
        ("AWS::RDS::DBCluster", "BackupRetentionPeriod"): MODIFY_CLUSTER + " --backup-retention-period 14",
        ("AWS::RDS::DBCluster", "CopyTagsToSnapshot"): MODIFY_CLUSTER + " --copy-tags-to-snapshot",
        ("AWS::RDS::DBCluster", "DBClusterParameterGroupName"): (
            MODIFY_CLUSTER + " --db-cluster-parameter-group-name GROUP"
        ),
        ("AWS::RDS::DBCluster", "DeletionProtection"): MODIFY_CLUSTER + " --deletion-protection",
        ("AWS::RDS::DBCluster", "EnableCloudwatchLogsExports"): (
            MODIFY_CLUSTER + " --cloudwatch-logs-export-configuration EnableLogTypes=postgresql"
        ),
        ("AWS::RDS::DBCluster", "ManageMasterUserPassword"): MODIFY_CLUSTER + " --manage-master-user-password",
        ("AWS::RDS::DBInstance", "BackupRetentionPeriod"): MODIFY_INSTANCE + " --backup-retention-period 14",
        ("AWS::RDS::DBInstance", "CACertificateIdentifier"): (
            MODIFY_INSTANCE + " --ca-certificate-identifier rds-ca-rsa2048-g1"
        ),
        ("AWS::RDS::DBInstance", "CopyTagsToSnapshot"): MODIFY_INSTANCE + " --copy-tags-to-snapshot",
        ("AWS::RDS::DBInstance", "DBParameterGroupName"): MODIFY_INSTANCE + " --db-parameter-group-name GROUP",
        ("AWS::RDS::DBInstance", "DeletionProtection"): MODIFY_INSTANCE + " --deletion-protection",
        ("AWS::RDS::DBInstance", "EnableCloudwatchLogsExports"): (
            MODIFY_INSTANCE + " --cloudwatch-logs-export-configuration EnableLogTypes=postgresql,upgrade"
        ),
        ("AWS::RDS::DBInstance", "ManageMasterUserPassword"): MODIFY_INSTANCE + " --manage-master-user-password",
        ("AWS::RDS::DBInstance", "MultiAZ"): MODIFY_INSTANCE + " --multi-az",
        ("AWS::RDS::DBInstance", "PubliclyAccessible"): MODIFY_INSTANCE + " --no-publicly-accessible",
        ("AWS::S3::Bucket", "AccessControl"): "s3api put-bucket-acl --bucket {id} --acl private",
        ("AWS::S3::Bucket", "BucketEncryption"): (
            "s3api put-bucket-encryption --bucket {id} --server-side-encryption-configuration file://encryption.json"
        ),
        ("AWS::S3::Bucket", "LoggingConfiguration"): (
            "s3api put-bucket-logging --bucket {id} --bucket-logging-status file://logging.json"
        ),
        ("AWS::S3::Bucket", "PublicAccessBlockConfiguration"): (
            "s3api put-public-access-block --bucket {id} --public-access-block-configuration " + ALL_BLOCKED
        ),
        ("AWS::S3::Bucket", "VersioningConfiguration"): (
            "s3api put-bucket-versioning --bucket {id} --versioning-configuration Status=Enabled"
        ),
        (
            "AWS::S3::BucketPolicy",
            "PolicyDocument",
        ): "s3api put-bucket-policy --bucket {id} --policy file://policy.json",
        (
            "AWS::SecretsManager::Secret",
            "KmsKeyId",
        ): "secretsmanager update-secret --secret-id {id} --kms-key-id KEY-ARN",
        ("AWS::SNS::Topic", "KmsMasterKeyId"): (
            "sns set-topic-attributes --topic-arn {id} --attribute-name KmsMasterKeyId --attribute-value KEY-ARN"
        ),
        ("AWS::SNS::TopicPolicy", "PolicyDocument"): (
            "sns set-topic-attributes --topic-arn {id} --attribute-name Policy --attribute-value file://policy.json"
        ),
    }
)

#: What a rule asks for that stands outside the resource it judges.
BY_RULE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "logging.trail-retention": (
            "s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration file://lifecycle.json"
        ),
        "logging.vpc-flow-logs": (
            "ec2 create-flow-logs --resource-type VPC --resource-ids {id} --traffic-type ALL "
            "--log-group-name LOG-GROUP --deliver-logs-permission-arn ROLE-ARN"
        ),
        "network.no-internet-gateway": "ec2 detach-internet-gateway --vpc-id {id} --internet-gateway-id GATEWAY",
        "recovery.rds-backup-plan": (
            "backup create-backup-selection --backup-plan-id PLAN --backup-selection file://selection.json"
        ),
        "tls.bucket-policy": "s3api put-bucket-policy --bucket {id} --policy file://policy.json",
        "tls.topic-policy": (
            "sns set-topic-attributes --topic-arn {id} --attribute-name Policy --attribute-value file://policy.json"
        ),
    }
)

#: What brings back something that is gone or does not work, by type.
MISSING_COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AWS::KMS::Key": "kms enable-key --key-id {id}",
        "AWS::S3::BucketPolicy": "s3api put-bucket-policy --bucket {id} --policy file://policy.json",
        "AWS::SecretsManager::Secret": "secretsmanager restore-secret --secret-id {id}",
    }
)

PARAMETER_GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AWS::RDS::DBParameterGroup": "rds modify-db-parameter-group --db-parameter-group-name",
        "AWS::RDS::DBClusterParameterGroup": "rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name",
    }
)

_BLANKS: Final = re.compile(r"\b[A-Z]{3,}(?:-[A-Z]+)*\b|file://\S+")


def heal(finding: Finding, deployed: Deployed) -> list[str]:
    """Say how to put back what a finding is about.

    Args:
        finding: of the audit.
        deployed: what was judged.

    Returns:
        Lines: commands begin with `aws`, everything else is advice.
    """
    live = deployed.live.get(finding.resource)
    identity = live.identity if live is not None else finding.resource
    lines = []
    if finding.rule == MISSING.id:
        lines += _bring_back(finding, live, identity)
    else:
        lines += _command(finding, live, identity)
    if not lines:
        return [f"{identity}: {finding.fix}"]
    stack = deployed.stacks.get(finding.resource)
    if stack and any(_BLANKS.search(line) for line in lines):
        lines.append(f"what was deployed: aws cloudformation get-template --stack-name {stack}")
    return lines


def _command(finding: Finding, live: Live | None, identity: str) -> list[str]:
    path = finding.property_path.removeprefix("Properties.")
    group = PARAMETER_GROUPS.get(finding.type)
    if group is not None and path.startswith("Parameters."):
        name = path.removeprefix("Parameters.")
        setting = PARAMETERS.get(name)
        if setting is not None:
            value = f"ParameterName={name},ParameterValue={setting.value},ApplyMethod=immediate"
            return [f"aws {group} {shlex.quote(identity)} --parameters {shlex.quote(value)}"]
    command = BY_RULE.get(finding.rule) or _longest(finding.type, path)
    if command is None:
        return []
    if "{handle}" not in command:
        return [f"aws {_filled(command, identity, live)}"]
    handles = _handles(live, path)
    return [f"aws {_filled(command, identity, live, handle)}" for handle in handles]


def _longest(kind: str, path: str) -> str | None:
    found = [
        (len(beginning), command)
        for (of, beginning), command in COMMANDS.items()
        if of == kind and (path == beginning or path.startswith(f"{beginning}."))
    ]
    return max(found)[1] if found else None


def _filled(command: str, identity: str, live: Live | None, handle: str = "") -> str:
    version = "" if live is None else live.handles.get("Version", "")
    return command.format(
        id=shlex.quote(identity),
        handle=shlex.quote(handle),
        template=shlex.quote(identity.partition(":")[0]),
        version=version,
    )


def _handles(live: Live | None, path: str) -> list[str]:
    """What AWS calls the part of a resource that a path leads to; all parts for a path to the whole list."""
    handles: Mapping[str, str] = {} if live is None else live.handles
    exact = [handle for part, handle in handles.items() if path == part or path.startswith(f"{part}.")]
    return exact or [handle for part, handle in handles.items() if part.startswith(f"{path}.")]


def _bring_back(finding: Finding, live: Live | None, identity: str) -> list[str]:
    command = MISSING_COMMANDS.get(finding.type)
    lines = [] if command is None else [f"aws {_filled(command, identity, live)}"]
    if finding.type == "AWS::KMS::Key":
        lines.insert(0, f"aws kms cancel-key-deletion --key-id {shlex.quote(identity)}   # if it is to be deleted")
    return lines or [f"{identity}: {finding.fix}"]
