"""Who reads and writes an S3 bucket is recorded.

A bucket that itself receives access logs is left out: its own log would log the logging. It is known by another bucket
that names it, by the access control list or a policy that lets S3 deliver logs to it, or by what else in the templates
sends its access or flow logs there. The bucket of a trail is not left out: CIS asks for it by name.

Source: Amazon S3 User Guide, "Enabling Amazon S3 server access logging" (permissions for log delivery); CloudFormation
resource reference of each type in `SENDERS`. Read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, requiring, types_of
from nexis.templates.values import Reference, Text
from nexis.templates.views import as_mapping, walk

if TYPE_CHECKING:
    from nexis.templates.views import View

LOGGING: Final = "LoggingConfiguration"
POLICY: Final = "AWS::S3::BucketPolicy"
#: The services that deliver access and flow logs; each needs a statement of the bucket's policy.
DELIVERERS: Final = frozenset(
    {
        "logging.s3.amazonaws.com",
        "delivery.logs.amazonaws.com",
        "logdelivery.elasticloadbalancing.amazonaws.com",
    }
)
#: Where other types name the bucket that receives their logs; a list names it in any of its entries.
SENDERS: Final = {
    "AWS::CloudFront::Distribution": ("DistributionConfig", "Logging", "Bucket"),
    "AWS::CloudFront::StreamingDistribution": ("StreamingDistributionConfig", "Logging", "Bucket"),
    "AWS::EC2::FlowLog": ("LogDestination",),
    "AWS::ElasticLoadBalancing::LoadBalancer": ("AccessLoggingPolicy", "S3BucketName"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("LoadBalancerAttributes",),
    "AWS::Logs::DeliveryDestination": ("DestinationResourceArn",),
    "AWS::WAFv2::LoggingConfiguration": ("LogDestinationConfigs",),
}

REQUIREMENTS = (
    Requirement(
        type="AWS::S3::Bucket",
        path=(LOGGING,),
        accepts=None,
        expected="a DestinationBucketName",
        absent="S3 then records nobody's access",
        source="CloudFormation resource reference, AWS::S3::Bucket LoggingConfiguration",
        as_of="2026-11-23",
    ),
)


def applies(bucket: View) -> bool:
    """Leave out buckets that receive access logs."""
    return not (
        bucket.peek("AccessControl") == "LogDeliveryWrite"
        or any(True for _ in bucket.referrers(bucket.type, LOGGING, "DestinationBucketName"))
        or any(_lets_logs_in(policy) for policy in bucket.referrers(POLICY, "Bucket"))
        or any(
            _names(value, bucket)
            for sender in bucket.scene.views(*SENDERS)
            for _, value in walk(sender.peek(*SENDERS[sender.type]))
        )
    )


def _lets_logs_in(policy: View) -> bool:
    """Whether a bucket policy allows one of the services that deliver logs to write."""
    statements = as_mapping(policy.peek("PolicyDocument")).get("Statement")
    for statement in statements if isinstance(statements, list) else [statements]:
        allowed = as_mapping(statement)
        services = as_mapping(allowed.get("Principal")).get("Service")
        named = services if isinstance(services, list) else [services]
        if allowed.get("Effect") == "Allow" and any(isinstance(name, str) and name in DELIVERERS for name in named):
            return True
    return False


def _names(value: object, bucket: View) -> bool:
    """Whether a value names a bucket, by itself or at the beginning of a longer name (`${Logs}.s3.amazonaws.com`)."""
    found = value.references if isinstance(value, Text) else [value] if isinstance(value, Reference) else []
    here = (bucket.template.key, bucket.logical_id)
    return bucket.is_named_by(value) or any((ref.stack, ref.logical_id) == here for ref in found)


RULE = Rule(
    id="logging.bucket-access-logs",
    severity="error",
    title="Who reads and writes an S3 bucket is recorded",
    why="The trail names those who change a bucket, not those who read the backups in it.",
    fix="set LoggingConfiguration.DestinationBucketName to a bucket for access logs "
    "(CDK: server_access_logs_bucket=...)",
    types=types_of(*REQUIREMENTS),
    applies=applies,
    check=requiring(*REQUIREMENTS),
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("S3.9",), "NIST 800-53 r5": ("AU-2", "AU-12")},
    source="Amazon S3 User Guide, Logging requests with server access logging",
    cdk='bucket = s3.Bucket(self, "Data", server_access_logs_bucket=logs, server_access_logs_prefix="data/")',
    example={
        "Logs": {"Type": "AWS::S3::Bucket"},
        "Data": {
            "Type": "AWS::S3::Bucket",
            "Properties": {LOGGING: {"DestinationBucketName": {"Ref": "Logs"}, "LogFilePrefix": "data/"}},
        },
    },
)
