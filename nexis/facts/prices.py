"""Rough list prices of what the baseline keeps running, for `nexis cost`. Not an offer: the bill is AWS's.

On-demand list prices of us-east-1 in US dollars, without tax, free tiers, savings plans or reservations. Other regions
cost up to about a quarter more. A type that is not in a table has no price here; nothing is guessed.

Source: the AWS price pages named with each price; EC2 from the AWS Price List as recorded in Karpenter's table
(aws/karpenter-provider-aws, pkg/providers/pricing/zz_generated.pricing_aws.go), generated 2026-01-19 for us-east-1.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.facts.instance_types import encrypted_nvme_types
from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Day on which the table was put together.
AS_OF: Final = "2026-11-23"
REGION: Final = "us-east-1"
HOURS_PER_MONTH: Final = 730


@record
class Price:
    """A unit price.

    Attributes:
        usd: US dollars for one unit and one month.
        unit: What one unit is, such as ``endpoint and zone``.
        source: Where the price comes from.
        estimate: True if it is derived from another price, not listed.
    """

    usd: float
    unit: str
    source: str
    estimate: bool = False


INTERFACE_ENDPOINT: Final = Price(
    0.01 * HOURS_PER_MONTH, "endpoint and zone", "aws.amazon.com/privatelink/pricing (0.01 per hour)"
)
KMS_KEY: Final = Price(1.0, "key", "aws.amazon.com/kms/pricing (its first two rotations add 1.00 each)")
SECRET: Final = Price(0.4, "secret", "aws.amazon.com/secrets-manager/pricing")
HOSTED_ZONE: Final = Price(0.5, "zone", "aws.amazon.com/route53/pricing (first 25 zones)")
EBS_GP3_GIB: Final = Price(0.08, "GiB", "aws.amazon.com/ebs/pricing (gp3)")
RDS_GP3_GIB: Final = Price(0.115, "GiB", "aws.amazon.com/rds/postgresql/pricing (gp3, one zone)")
DETAILED_MONITORING: Final = Price(2.1, "host", "aws.amazon.com/cloudwatch/pricing (7 metrics of 0.30)")
ALARM: Final = Price(0.1, "alarm", "aws.amazon.com/cloudwatch/pricing (standard resolution)")

_EC2_SOURCE: Final = "AWS Price List of 2026-01-19, EC2 Linux on demand"
_RDS_SOURCE: Final = "estimate: twice the EC2 price of the same type, 2026-01-19"

#: US dollars per hour of the size `large` (2 vCPUs) of each family; within a family AWS prices are proportional to the
#: vCPUs, except `metal`. Source: the module's.
_EC2_LARGE_HOURLY: Final[Mapping[str, float]] = MappingProxyType(
    {
        "c5d": 0.096,
        "c6gd": 0.0768,
        "c6id": 0.1008,
        "c7gd": 0.0907,
        "c8gd": 0.09798,
        "i3": 0.156,
        "i3en": 0.226,
        "i4g": 0.15444,
        "i4i": 0.172,
        "i7i": 0.1888,
        "i7ie": 0.2599,
        "i8g": 0.1716,
        "i8ge": 0.2373,
        "im4gn": 0.1819,
        "is4gen": 0.28815,
        "m5ad": 0.103,
        "m5d": 0.113,
        "m5dn": 0.136,
        "m6gd": 0.0904,
        "m6id": 0.11865,
        "m6idn": 0.15912,
        "m7gd": 0.1068,
        "m8gd": 0.11532,
        "r5ad": 0.131,
        "r5d": 0.144,
        "r5dn": 0.167,
        "r6gd": 0.1152,
        "r6id": 0.1512,
        "r6idn": 0.19539,
        "r7gd": 0.1361,
        "r8gd": 0.14696,
        "x2gd": 0.167,
    }
)

#: RDS for PostgreSQL costs 1.9 to 2.2 times as much as the EC2 type (db.m6i.large 0.178, db.m6g.large 0.159,
#: db.r6g.large 0.225 per hour in us-east-1, RDS price page of 2026-06). The classes with local disks are not listed
#: in a source we could read.
_RDS_TO_EC2: Final = 2.0


def host(instance_type: str) -> Price | None:
    """Return the price of an EC2 instance that runs all month.

    Args:
        instance_type: The type, such as ``i4i.2xlarge``.

    Returns:
        The price, or None if the table has none for it.
    """
    family, _, size = instance_type.partition(".")
    facts = encrypted_nvme_types().get(instance_type)
    if facts is None or family not in _EC2_LARGE_HOURLY or size.startswith("metal"):
        return None
    hourly = _EC2_LARGE_HOURLY[family] * facts.vcpus / 2
    return Price(hourly * HOURS_PER_MONTH, "host", _EC2_SOURCE)


def database(db_class: str) -> Price | None:
    """Return the estimated price of an RDS PostgreSQL instance in one zone that runs all month.

    Args:
        db_class: The class, such as ``db.m6gd.large``.

    Returns:
        The price, marked as an estimate, or None if the table has none for it.
    """
    same = host(db_class.removeprefix("db.")) if db_class.startswith("db.") else None
    return Price(same.usd * _RDS_TO_EC2, "instance and zone", _RDS_SOURCE, estimate=True) if same else None


#: Resource types without a fixed price: what is paid for, by use.
BY_USE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AWS::Backup::BackupVault": "backups (RDS about 0.095 per GiB-month beyond the size of the database)",
        "AWS::CloudTrail::Trail": "trail: the first copy of management events is free; its bucket by use",
        "AWS::EC2::FlowLog": "flow logs (about 0.50 per GB written)",
        "AWS::Lambda::Function": "calls of functions (0.20 per million and 0.0000167 per GB-second)",
        "AWS::KMS::Key": "requests to keys (0.03 per 10,000)",
        "AWS::Logs::LogGroup": "logs (about 0.50 per GB written, 0.03 per GB-month kept)",
        "AWS::S3::Bucket": "storage and requests (about 0.023 per GB-month)",
        "AWS::SNS::Topic": "notifications (0.50 per million)",
    }
)

#: Resource types that cost nothing, or whose cost is counted with another resource.
FREE: Final = frozenset(
    {
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::AutoScaling::LifecycleHook",
        "AWS::Backup::BackupPlan",
        "AWS::Backup::BackupSelection",
        "AWS::CDK::Metadata",
        "AWS::CloudFormation::CustomResource",
        "AWS::EC2::LaunchTemplate",
        "AWS::EC2::NetworkAcl",
        "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::Route",
        "AWS::EC2::RouteTable",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::Subnet",
        "AWS::EC2::SubnetNetworkAclAssociation",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPC",
        "AWS::Events::Rule",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::KMS::Alias",
        "AWS::RDS::DBClusterParameterGroup",
        "AWS::RDS::DBParameterGroup",
        "AWS::RDS::DBSubnetGroup",
        "AWS::RDS::EventSubscription",
        "AWS::Route53::RecordSet",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::SSM::Parameter",
        "AWS::SecretsManager::ResourcePolicy",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::SecretsManager::SecretTargetAttachment",
    }
)
