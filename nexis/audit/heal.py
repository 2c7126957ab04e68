"""How to put a deployed resource back.

A redeploy does not: CloudFormation compares the new template with the last one, not with what is there. So each
finding gets the command that undoes it, with the ids it needs; where no single command does, the rule's own advice.

Source: AWS CLI Command Reference, the commands in the tables.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.postgres_settings import PARAMETERS
from nexis.rules.engine.missing import RULE as MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.audit.assemble import Deployed
    from nexis.audit.model import Live
    from nexis.check import Finding

SIZES: Final = "--min-size 1 --max-size 1 --desired-capacity 1"
GROUP_OF_ONE: Final = "autoscaling update-auto-scaling-group --auto-scaling-group-name {id} " + SIZES
INSTANCE: Final = "rds modify-db-instance --db-instance-identifier {id} --apply-immediately"
CLUSTER: Final = "rds modify-db-cluster --db-cluster-identifier {id} --apply-immediately"
NEW_VERSION: Final = "ec2 create-launch-template-version --launch-template-id {template} --source-version {version}"
SELECTION: Final = "backup create-backup-selection --backup-plan-id PLAN"
HOOK: Final = "cloudformation set-type-configuration --type-arn {id} --configuration file://hook.json"
BUCKET_POLICY: Final = "s3api put-bucket-policy --bucket {id} --policy file://policy.json"
QUEUE: Final = "sqs set-queue-attributes --queue-url {id} --attributes"
TOPIC: Final = "sns set-topic-attributes --topic-arn {id} --attribute-name"

#: (type, beginning of the property path without `Properties.`) -> the AWS CLI command without `aws`. The longest
#: beginning that fits is taken. {id} is the physical id, {handle} what AWS calls the part at fault, {written} what the
#: deployed template says; words in capitals and file://… are for the reader to fill in.
COMMANDS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("AWS::AutoScaling::AutoScalingGroup", "DesiredCapacity"): GROUP_OF_ONE,
        ("AWS::AutoScaling::AutoScalingGroup", "MaxSize"): GROUP_OF_ONE,
        ("AWS::AutoScaling::AutoScalingGroup", "MinSize"): GROUP_OF_ONE,
        ("AWS::CloudFormation::LambdaHook", "FailureMode"): HOOK,
        ("AWS::CloudFormation::LambdaHook", "HookStatus"): HOOK,
        ("AWS::CloudFormation::LambdaHook", "TargetFilters"): HOOK,
        ("AWS::CloudFormation::LambdaHook", "TargetOperations"): HOOK,
        ("AWS::CloudTrail::Trail", "EnableLogFileValidation"): (
            "cloudtrail update-trail --name {id} --enable-log-file-validation"
        ),
        ("AWS::CloudTrail::Trail", "IncludeGlobalServiceEvents"): (
            "cloudtrail update-trail --name {id} --include-global-service-events"
        ),
        ("AWS::CloudTrail::Trail", "IsLogging"): "cloudtrail start-logging --name {id}",
        ("AWS::CloudTrail::Trail", "IsMultiRegionTrail"): (
            "cloudtrail update-trail --name {id} --is-multi-region-trail --include-global-service-events"
        ),
        ("AWS::CloudTrail::Trail", "KMSKeyId"): "cloudtrail update-trail --name {id} --kms-key-id KEY-ARN",
        ("AWS::EC2::Instance", "MetadataOptions"): (
            "ec2 modify-instance-metadata-options --instance-id {id} --http-tokens required "
            "--http-put-response-hop-limit 1"
        ),
        ("AWS::EC2::Instance", "Monitoring"): "ec2 monitor-instances --instance-ids {id}",
        ("AWS::EC2::LaunchTemplate", "LaunchTemplateData"): NEW_VERSION + " --launch-template-data file://data.json",
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
        ("AWS::IAM::Role", "PermissionsBoundary"): (
            "iam put-role-permissions-boundary --role-name {id} --permissions-boundary BOUNDARY-ARN"
        ),
        ("AWS::IAM::Role", "Policies"): "iam delete-role-policy --role-name {id} --policy-name {handle}",
        ("AWS::KMS::Key", "EnableKeyRotation"): "kms enable-key-rotation --key-id {id}",
        ("AWS::KMS::Key", "KeyPolicy"): (
            "kms put-key-policy --key-id {id} --policy-name default --policy file://policy.json"
        ),
        ("AWS::Logs::LogGroup", "KmsKeyId"): "logs associate-kms-key --log-group-name {id} --kms-key-id KEY-ARN",
        ("AWS::Logs::LogGroup", "RetentionInDays"): (
            "logs put-retention-policy --log-group-name {id} --retention-in-days {written}"
        ),
        ("AWS::RDS::DBCluster", "BackupRetentionPeriod"): CLUSTER + " --backup-retention-period {written}",
        ("AWS::RDS::DBCluster", "CopyTagsToSnapshot"): CLUSTER + " --copy-tags-to-snapshot",
        ("AWS::RDS::DBCluster", "DBClusterParameterGroupName"): (
            CLUSTER + " --db-cluster-parameter-group-name {written}"
        ),
        ("AWS::RDS::DBCluster", "DeletionProtection"): CLUSTER + " --deletion-protection",
        ("AWS::RDS::DBCluster", "EnableCloudwatchLogsExports"): (
            CLUSTER + " --cloudwatch-logs-export-configuration EnableLogTypes={written}"
        ),
        ("AWS::RDS::DBCluster", "ManageMasterUserPassword"): CLUSTER + " --manage-master-user-password",
        ("AWS::RDS::DBInstance", "BackupRetentionPeriod"): INSTANCE + " --backup-retention-period {written}",
        ("AWS::RDS::DBInstance", "CACertificateIdentifier"): INSTANCE + " --ca-certificate-identifier {written}",
        ("AWS::RDS::DBInstance", "CopyTagsToSnapshot"): INSTANCE + " --copy-tags-to-snapshot",
        ("AWS::RDS::DBInstance", "DBInstanceClass"): INSTANCE + " --db-instance-class {written}",
        ("AWS::RDS::DBInstance", "DBParameterGroupName"): INSTANCE + " --db-parameter-group-name {written}",
        ("AWS::RDS::DBInstance", "DeletionProtection"): INSTANCE + " --deletion-protection",
        ("AWS::RDS::DBInstance", "EnableCloudwatchLogsExports"): (
            INSTANCE + " --cloudwatch-logs-export-configuration EnableLogTypes={written}"
        ),
        ("AWS::RDS::DBInstance", "ManageMasterUserPassword"): INSTANCE + " --manage-master-user-password",
        ("AWS::RDS::DBInstance", "MultiAZ"): INSTANCE + " --multi-az",
        ("AWS::RDS::DBInstance", "Port"): INSTANCE + " --db-port-number {written}",
        ("AWS::RDS::DBInstance", "PubliclyAccessible"): INSTANCE + " --no-publicly-accessible",
        ("AWS::S3::Bucket", "AccessControl"): "s3api put-bucket-acl --bucket {id} --acl private",
        ("AWS::S3::Bucket", "BucketEncryption"): (
            "s3api put-bucket-encryption --bucket {id} --server-side-encryption-configuration file://encryption.json"
        ),
        ("AWS::S3::Bucket", "LoggingConfiguration"): (
            "s3api put-bucket-logging --bucket {id} --bucket-logging-status file://logging.json"
        ),
        ("AWS::S3::Bucket", "PublicAccessBlockConfiguration"): (
            "s3api put-public-access-block --bucket {id} --public-access-block-configuration "
            "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
        ),
        ("AWS::S3::Bucket", "VersioningConfiguration"): (
            "s3api put-bucket-versioning --bucket {id} --versioning-configuration Status=Enabled"
        ),
        ("AWS::S3::BucketPolicy", "PolicyDocument"): BUCKET_POLICY,
        ("AWS::SNS::Topic", "KmsMasterKeyId"): TOPIC + " KmsMasterKeyId --attribute-value KEY-ARN",
        ("AWS::SQS::Queue", "SqsManagedSseEnabled"): QUEUE + " SqsManagedSseEnabled=true",
        ("AWS::SecretsManager::Secret", "KmsKeyId"): (
            "secretsmanager update-secret --secret-id {id} --kms-key-id KEY-ARN"
        ),
    }
)

#: What a rule asks for that stands outside the resource it judges, by rule and type.
BY_RULE: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("logging.vpc-flow-logs", "AWS::EC2::VPC"): (
            "ec2 create-flow-logs --resource-type VPC --resource-ids {id} --traffic-type ALL "
            "--log-group-name LOG-GROUP --deliver-logs-permission-arn ROLE-ARN"
        ),
        ("network.no-internet-gateway", "AWS::EC2::VPC"): (
            "ec2 detach-internet-gateway --vpc-id {id} --internet-gateway-id {gateway}"
        ),
        ("recovery.rds-backup-plan", "AWS::RDS::DBCluster"): (
            SELECTION + " --backup-selection SelectionName=NAME,IamRoleArn=ROLE-ARN,Resources={arn}"
        ),
        ("recovery.rds-backup-plan", "AWS::RDS::DBInstance"): (
            SELECTION + " --backup-selection SelectionName=NAME,IamRoleArn=ROLE-ARN,Resources={arn}"
        ),
        ("tls.bucket-policy", "AWS::S3::Bucket"): BUCKET_POLICY,
        ("tls.queue-policy", "AWS::SQS::Queue"): QUEUE + " file://attributes.json",
        ("tls.topic-policy", "AWS::SNS::Topic"): TOPIC + " Policy --attribute-value file://policy.json",
    }
)

#: What brings back something that is gone or does not work, by type.
MISSING_COMMANDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AWS::KMS::Key": ("kms cancel-key-deletion --key-id {id}", "kms enable-key --key-id {id}"),
        "AWS::RDS::DBInstance": ("rds reboot-db-instance --db-instance-identifier {id}",),
        "AWS::S3::BucketPolicy": (BUCKET_POLICY,),
        "AWS::SecretsManager::Secret": ("secretsmanager restore-secret --secret-id {id}",),
    }
)

PARAMETER_GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AWS::RDS::DBClusterParameterGroup": (
            "rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name {id} --parameters {setting}"
        ),
        "AWS::RDS::DBParameterGroup": (
            "rds modify-db-parameter-group --db-parameter-group-name {id} --parameters {setting}"
        ),
    }
)
#: Where a database names its parameter group: what is wrong with the group is found at the database as well.
GROUP_PROPERTIES: Final = ("DBParameterGroupName", "DBClusterParameterGroupName")

_TO_FILL_IN: Final = re.compile(r"\b[A-Z]{3,}(?:-[A-Z]+)*(?=$|\s)|file://\S+")
_SETTING: Final = re.compile(r"Parameters\.(?P<name>\S+)")
NOT_KNOWN: Final = "VALUE"


@dataclass(frozen=True, slots=True)
class _Place:
    """A resource at fault, and where in it."""

    kind: str
    identity: str
    path: str
    live: Live | None
    written: Mapping[str, Any]


def heal(finding: Finding, deployed: Deployed) -> list[str]:
    """Say how to put back what a finding is about.

    Args:
        finding: of the audit.
        deployed: what was judged.

    Returns:
        Lines: commands begin with `aws`, everything else is advice.
    """
    live = deployed.live.get(finding.resource)
    identity = finding.resource if live is None else live.identity
    at = _Place(
        kind=finding.type,
        identity=identity,
        path=finding.property_path.removeprefix("Properties").removeprefix("."),
        live=live,
        written=deployed.written.get(finding.resource, {}),
    )
    if finding.rule == MISSING.id:
        lines = [f"aws {_filled(command, at)}" for command in _bringing_back(finding, at)]
    else:
        lines = _in_parameter_group(finding, at, deployed) or _by_command(finding, at, deployed)
    if not lines:
        return [f"{identity}: {finding.fix}"]
    stack = deployed.stacks.get(finding.resource)
    if stack and any(_TO_FILL_IN.search(line) for line in lines):
        lines.append(f"what was deployed: aws cloudformation get-template --stack-name {stack}")
    return lines


def _by_command(finding: Finding, at: _Place, deployed: Deployed) -> list[str]:
    command = BY_RULE.get((finding.rule, at.kind)) or _longest(at.kind, at.path)
    if command is None:
        return []
    if "{gateway}" in command:
        return [f"aws {_filled(command, at, gateway=gateway)}" for gateway in _gateways(at, deployed)]
    if "{handle}" in command:
        return [f"aws {_filled(command, at, handle=handle)}" for handle in _handles(at)]
    lines = [f"aws {_filled(command, at)}"]
    if at.kind == "AWS::EC2::LaunchTemplate":
        template = at.identity.partition(":")[0]
        lines.append(
            "then let its group launch the new version, or a good old one: aws autoscaling update-auto-scaling-group "
            f"--auto-scaling-group-name NAME --launch-template LaunchTemplateId={template},Version=NUMBER"
        )
    return lines


def _longest(kind: str, path: str) -> str | None:
    found = [
        (len(beginning), command)
        for (of, beginning), command in COMMANDS.items()
        if of == kind and (path == beginning or path.startswith(f"{beginning}."))
    ]
    return max(found)[1] if found else None


def _filled(command: str, at: _Place, **more: str) -> str:
    version = "" if at.live is None else at.live.handles.get("Version", "")
    return command.format(
        id=shlex.quote(at.identity),
        template=shlex.quote(at.identity.partition(":")[0]),
        version=version,
        arn=shlex.quote(_arn(at)),
        written=_written(at),
        **{name: shlex.quote(value) for name, value in more.items()},
    )


def _arn(at: _Place) -> str:
    names = () if at.live is None else at.live.attributes
    return next((name for name in names if name.startswith("arn:")), at.identity)


def _written(at: _Place) -> str:
    """What the deployed template gives the property at fault; a word in capitals if it is not a plain value."""
    value = at.written.get(at.path.split(".")[0])
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        value = ",".join(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return NOT_KNOWN
    return shlex.quote(str(value))


def _handles(at: _Place) -> list[str]:
    """What AWS calls the part of a resource that a path leads to; all parts for a path to the whole list."""
    handles: Mapping[str, str] = {} if at.live is None else at.live.handles
    exact = [handle for part, handle in handles.items() if at.path == part or at.path.startswith(f"{part}.")]
    return exact or [handle for part, handle in handles.items() if part.startswith(f"{at.path}.")]


def _gateways(at: _Place, deployed: Deployed) -> list[str]:
    return [
        live.properties["InternetGatewayId"]
        for live in deployed.live.values()
        if live.type == "AWS::EC2::VPCGatewayAttachment" and live.properties.get("VpcId") == at.identity
    ]


def _in_parameter_group(finding: Finding, at: _Place, deployed: Deployed) -> list[str]:
    """Put a PostgreSQL setting back, in the group at fault or in the one that a database names."""
    kind, identity, setting = at.kind, at.identity, at.path
    if at.path in GROUP_PROPERTIES:
        link = deployed.template.resources[finding.resource].properties.get(at.path)
        group = deployed.live.get(link["Ref"]) if isinstance(link, dict) and "Ref" in link else None
        if group is None:
            return []
        kind, identity, setting = group.type, group.identity, finding.message
    match = _SETTING.search(setting)
    wanted = PARAMETERS.get(match["name"]) if match is not None else None
    if kind not in PARAMETER_GROUPS or wanted is None:
        return []
    value = f"ParameterName={wanted.name},ParameterValue={wanted.value},ApplyMethod=immediate"
    command = PARAMETER_GROUPS[kind].format(id=shlex.quote(identity), setting=shlex.quote(value))
    return [f"aws {command}"]


def _bringing_back(finding: Finding, at: _Place) -> tuple[str, ...]:
    if at.live is None and finding.type not in ("AWS::S3::BucketPolicy", "AWS::SecretsManager::Secret"):
        return ()  # it is gone for good: no command brings this one back
    commands = MISSING_COMMANDS.get(finding.type, ())
    if finding.type == "AWS::KMS::Key" and "deleted" not in finding.message:
        return commands[1:]
    return commands
