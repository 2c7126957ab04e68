"""Properties that protect by degrees: of two values that both pass every rule, one may still be the weaker.

Each row names properties by their last name, which means the same wherever it stands, and orders their values. Where a
name means something else in some type, the row is narrowed by types or by the property above. What a promise says is
taken from `nexis.facts.protected_properties` where it stands there.

Sources: the CloudFormation reference page of each property; the TLS policies are those of `nexis.facts.tls_policies`.
Read 2026-11-23.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nexis.facts.protected_properties import PROTECTED
from nexis.facts.tls_policies import API_GATEWAY, CLOUDFRONT, IOT, LIGHTSAIL, LOAD_BALANCER, OPENSEARCH

if TYPE_CHECKING:
    from collections.abc import Callable

AS_OF: Final = "2026-11-23"

#: Higher protects more.
Rank = float
NEVER_ENDS: Final = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How the values of some properties protect.

    Args:
        names: the last names of the properties.
        rank: gives the rank of a value as CloudFormation writes it; None where it is not in the order.
        absent: the rank of AWS's default; None where absence says nothing.
        promise: what the property keeps.
        types: the beginnings of the resource types it is narrowed to; every type when empty.
        under: the names of the property above it that it is narrowed to; any when empty.
    """

    names: tuple[str, ...]
    rank: Callable[[str], Rank | None]
    absent: Rank | None
    promise: str
    types: tuple[str, ...] = ()
    under: tuple[str, ...] = ()

    def is_of(self, resource_type: str, path: tuple[str, ...]) -> bool:
        """Whether a property is in the order.

        Args:
            resource_type: the type of the resource.
            path: of the property, without list positions.
        """
        return (
            path[-1] in self.names
            and (not self.types or resource_type.startswith(self.types))
            and (not self.under or path[-2:-1] in {(name,) for name in self.under})
        )


def _number(text: str) -> Rank | None:
    try:
        return float(text)
    except ValueError:
        return None


def _fewer(text: str) -> Rank | None:
    found = _number(text)
    return None if found is None else -found


def _true(text: str) -> Rank | None:
    return {"true": 1.0, "enabled": 1.0, "false": 0.0, "disabled": 0.0}.get(text.lower())


def _false(text: str) -> Rank | None:
    found = _true(text)
    return None if found is None else 1.0 - found


def _listed(*values: str) -> Callable[[str], Rank | None]:
    """Order values from the weakest to the strongest; `a|b` are equal."""
    ranks = {name.lower(): float(place) for place, names in enumerate(values, 1) for name in names.split("|")}
    return lambda text: ranks.get(text.lower())


def _key(text: str) -> Rank | None:
    """Rank a key: none, one of AWS's for everybody's use, one that the account answers for."""
    if not text:
        return 0.0
    return 1.0 if re.search(r"(?:^|/)alias/aws/|^aws/|^AWS_OWNED", text) else 2.0


_TLS: Final = (LOAD_BALANCER, CLOUDFRONT, API_GATEWAY, OPENSEARCH, IOT, LIGHTSAIL)


def tls_version(text: str) -> Rank | None:
    """Rank a TLS version or the name of a TLS policy by the lowest version that it still lets a client use.

    Args:
        text: such as `TLSv1.2`, `TLSv1.2_2021` or `ELBSecurityPolicy-TLS13-1-2-2021-06`.
    """
    for policies in _TLS:
        if text in policies.lowest:
            major, minor = policies.lowest[text]
            return major * 10.0 + minor
    for policies in _TLS:
        if (match := policies.naming.match(text)) is not None:
            return 10.0 + float(match["minor"])
    plain = {"sslv3": 0.0, "tlsv1": 10.0, "tlsv1.0": 10.0, "tlsv1.1": 11.0, "tlsv1.2": 12.0, "tlsv1.3": 13.0}
    spelt = re.sub(r"^tls[-_ ]?v?1[._]?", "tlsv1.", text.lower().replace(" ", "")).rstrip(".")
    return plain.get(text.lower(), plain.get(spelt))


ORDERS: Final[tuple[Order, ...]] = (
    # encryption at rest
    Order(
        names=(
            "AtRestEncryptionEnabled",
            "Encrypted",
            "EncryptionEnabled",
            "RootVolumeEncryptionEnabled",
            "SSEEnabled",
            "StorageEncrypted",
            "UserVolumeEncryptionEnabled",
        ),
        rank=_true,
        absent=0.0,
        promise="what is stored is encrypted",
    ),
    Order(names=("SqsManagedSseEnabled",), rank=_true, absent=1.0, promise="messages are encrypted"),
    Order(
        names=("Enabled",),
        under=("EncryptionAtRestOptions", "NodeToNodeEncryptionOptions"),
        rank=_true,
        absent=0.0,
        promise="what is stored or sent between nodes is encrypted",
    ),
    Order(
        names=(
            "CMKKey",
            "CloudWatchEncryptionKmsKeyId",
            "DataEncryptionKeyId",
            "EncryptionKey",
            "EncryptionKeyArn",
            "KMSKeyARN",
            "KMSKeyArn",
            "KMSKeyId",
            "KMSMasterKeyID",
            "KmsKey",
            "KmsKeyArn",
            "KmsKeyId",
            "KmsKeyIdentifier",
            "KmsMasterKeyId",
            "PerformanceInsightsKMSKeyId",
            "VolumeEncryptionKey",
        ),
        rank=_key,
        absent=0.0,
        promise="it is encrypted with a customer key",
    ),
    Order(
        names=("SSEAlgorithm",),
        rank=_listed("AES256", "aws:kms", "aws:kms:dsse"),
        absent=1.0,
        promise="objects are encrypted",
    ),
    Order(names=("EnableKeyRotation",), rank=_true, absent=0.0, promise="keys rotate"),
    Order(names=("RotationPeriodInDays",), rank=_fewer, absent=-365.0, promise="keys rotate"),
    Order(names=("PendingWindowInDays",), rank=_number, absent=30.0, promise="a deleted key can be called back"),
    Order(names=("AutomaticallyAfterDays",), rank=_fewer, absent=-NEVER_ENDS, promise="secrets rotate"),
    # encryption on the way
    Order(
        names=("TransitEncryptionEnabled", "RequireTLS", "EnforceHTTPS", "InCluster"),
        rank=_true,
        absent=0.0,
        promise="connections are encrypted",
    ),
    Order(
        names=(
            "MinimumProtocolVersion",
            "MinimumTlsVersion",
            "SecurityPolicy",
            "SecurityPolicyName",
            "SslPolicy",
            "TLSSecurityPolicy",
            "TlsPolicy",
            "ssl_min_protocol_version",
        ),
        rank=tls_version,
        absent=None,
        promise="old versions of TLS are refused",
    ),
    Order(
        names=("ViewerProtocolPolicy", "OriginProtocolPolicy"),
        rank=_listed("allow-all|http-only|match-viewer", "redirect-to-https", "https-only"),
        absent=None,
        promise="connections are encrypted",
    ),
    Order(
        names=("ClientBroker",),
        rank=_listed("PLAINTEXT", "TLS_PLAINTEXT", "TLS"),
        absent=3.0,
        promise="connections are encrypted",
    ),
    Order(
        names=("TransitEncryptionMode",),
        rank=_listed("preferred", "required"),
        absent=None,
        promise="connections are encrypted",
    ),
    Order(
        names=("Protocol",),
        types=("AWS::ElasticLoadBalancing",),
        rank=_listed("HTTP|TCP|UDP|TCP_UDP", "HTTPS|SSL|TLS"),
        absent=None,
        promise="connections are encrypted",
    ),
    Order(
        names=("rds.force_ssl", "require_ssl", "require_secure_transport", "tls"),
        types=("AWS::RDS::", "AWS::Redshift::", "AWS::DocDB::"),
        rank=_listed("0|off|false|disabled", "1|on|true|enabled"),
        absent=None,
        promise="connections are encrypted",
    ),
    # passwords and ways in
    Order(names=("PasswordLength",), rank=_number, absent=32.0, promise="passwords are long"),
    Order(names=("MinimumLength",), rank=_number, absent=8.0, promise="passwords are long", under=("PasswordPolicy",)),
    Order(
        names=("password_encryption",),
        rank=_listed("md5", "scram-sha-256"),
        absent=None,
        promise="passwords are stored as SCRAM verifiers",
    ),
    Order(
        names=("MfaConfiguration",),
        rank=_listed("OFF", "OPTIONAL", "ON"),
        absent=1.0,
        promise="a second factor is asked",
    ),
    Order(names=("HttpTokens",), rank=_listed("optional", "required"), absent=None, promise="only IMDSv2 is answered"),
    Order(names=("HttpPutResponseHopLimit",), rank=_fewer, absent=None, promise="metadata stays on the host"),
    Order(names=("MaxSessionDuration",), rank=_fewer, absent=-3600.0, promise="sessions end soon"),
    Order(
        names=("ManageMasterUserPassword", "EnableIAMDatabaseAuthentication", "IAMDatabaseAuthenticationEnabled"),
        rank=_true,
        absent=0.0,
        promise="passwords are kept by the service",
    ),
    Order(
        names=("AuthorizationType", "AuthType", "ApiKeyRequired"),
        types=("AWS::ApiGateway", "AWS::Lambda::Url", "AWS::VpcLattice"),
        rank=lambda text: 0.0 if text.upper() in ("NONE", "FALSE") else 1.0,
        absent=0.0,
        promise="callers prove who they are",
    ),
    Order(
        names=("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"),
        rank=_true,
        absent=0.0,
        promise="nothing in it becomes public",
    ),
    # logging
    Order(
        names=(
            "EnableLogFileValidation",
            "EnablePerformanceInsights",
            "IsLogging",
            "IsMultiRegionTrail",
            "IsOrganizationTrail",
            "LoggingEnabled",
            "access_logs.s3.enabled",
            "connection_logs.s3.enabled",
        ),
        rank=_true,
        absent=0.0,
        promise="what happens is recorded",
    ),
    Order(names=("IncludeGlobalServiceEvents",), rank=_true, absent=1.0, promise="IAM and STS are recorded"),
    Order(names=("TrafficType",), rank=_listed("ACCEPT|REJECT", "ALL"), absent=None, promise="traffic is recorded"),
    Order(names=("RetentionInDays",), rank=_number, absent=NEVER_ENDS, promise="logs are kept"),
    Order(
        names=("log_connections", "log_disconnections"),
        rank=_listed("0|off|false", "1|on|true|all"),
        absent=None,
        promise="who connects is recorded",
    ),
    Order(
        names=(
            "CloudWatchLogsLogGroupArn",
            "DestinationArn",
            "DestinationBucketName",
            "LogDestination",
            "LogDestinationConfigs",
            "CloudWatchLogGroupArn",
        ),
        rank=lambda text: 1.0 if text else 0.0,
        absent=0.0,
        promise="what happens is recorded",
        types=(
            "AWS::ApiGateway",
            "AWS::CloudTrail::",
            "AWS::EC2::FlowLog",
            "AWS::MSK::",
            "AWS::OpenSearchService::",
            "AWS::S3::Bucket",
            "AWS::WAFv2::",
        ),
    ),
    # recovery
    Order(names=("BackupRetentionPeriod",), rank=_number, absent=1.0, promise="backups are kept"),
    Order(
        names=("SnapshotRetentionLimit", "SnapshotRetentionPeriod"),
        rank=_number,
        absent=0.0,
        promise="backups are kept",
    ),
    Order(names=("AutomatedSnapshotRetentionPeriod",), rank=_number, absent=1.0, promise="backups are kept"),
    Order(names=("AutomaticBackupRetentionDays",), rank=_number, absent=None, promise="backups are kept"),
    Order(names=("RecoveryPeriodInDays",), rank=_number, absent=35.0, promise="backups are kept"),
    Order(names=("RetentionPeriodHours",), rank=_number, absent=24.0, promise="records are kept"),
    Order(
        names=("DeleteAfterDays", "ExpirationInDays", "NoncurrentDays", "NoncurrentVersionExpirationInDays"),
        rank=_number,
        absent=NEVER_ENDS,
        promise="what was stored is kept",
    ),
    Order(names=("MinRetentionDays",), rank=_number, absent=0.0, promise="backups cannot be deleted early"),
    Order(
        names=(
            "AutomaticFailoverEnabled",
            "CopyTagsToSnapshot",
            "DeletionProtection",
            "DeletionProtectionEnabled",
            "DisableApiStop",
            "DisableApiTermination",
            "EnableTerminationProtection",
            "MultiAZ",
            "MultiAZEnabled",
            "ObjectLockEnabled",
            "PointInTimeRecoveryEnabled",
            "deletion_protection.enabled",
        ),
        rank=_true,
        absent=0.0,
        promise="it survives a mistake and the loss of a zone",
    ),
    Order(names=("DeleteAutomatedBackups",), rank=_false, absent=0.0, promise="backups outlive the database"),
    Order(
        names=("Status",),
        under=("VersioningConfiguration",),
        rank=_listed("Suspended", "Enabled"),
        absent=0.0,
        promise="what is overwritten is kept",
    ),
)

#: Lists of which each item protects: what is no longer in them is no longer recorded or asked for.
LISTS: Final[dict[str, str]] = {
    "EnableCloudwatchLogsExports": "logs leave the database",
    "EnabledCloudwatchLogsExports": "logs leave the database",
    "EnabledMfas": "a second factor is asked",
}

#: Resources that protect others by being there, with the property that names what they protect (none: everything).
GUARDS: Final[dict[str, tuple[str, str]]] = {
    "AWS::AccessAnalyzer::Analyzer": ("", "access from outside is found"),
    "AWS::Backup::BackupPlan": ("", "backups are made"),
    "AWS::Backup::BackupSelection": ("", "backups are made"),
    "AWS::CloudFormation::GuardHook": ("", "deployments are judged"),
    "AWS::CloudFormation::LambdaHook": ("", "deployments are judged"),
    "AWS::CloudTrail::Trail": ("", "calls are recorded"),
    "AWS::CloudWatch::Alarm": ("", "somebody is told"),
    "AWS::Config::ConfigRule": ("", "drift is found"),
    "AWS::Config::ConfigurationRecorder": ("", "changes are recorded"),
    "AWS::EC2::FlowLog": ("ResourceId", "traffic is recorded"),
    "AWS::GuardDuty::Detector": ("", "attacks are found"),
    "AWS::Logs::MetricFilter": ("LogGroupName", "what logs say is counted"),
    "AWS::Logs::SubscriptionFilter": ("LogGroupName", "logs are passed on"),
    "AWS::Macie::Session": ("", "exposed data is found"),
    "AWS::NetworkFirewall::LoggingConfiguration": ("FirewallArn", "traffic is recorded"),
    "AWS::Route53Resolver::ResolverQueryLoggingConfig": ("", "lookups are recorded"),
    "AWS::SecretsManager::RotationSchedule": ("SecretId", "secrets rotate"),
    "AWS::SecurityHub::Hub": ("", "findings are collected"),
    "AWS::WAFv2::LoggingConfiguration": ("ResourceArn", "requests are recorded"),
    "AWS::WAFv2::WebACLAssociation": ("ResourceArn", "requests are filtered"),
}


def order_of(resource_type: str, path: tuple[str, ...]) -> Order | None:
    """Give the order that a property is in, if it is in one.

    Args:
        resource_type: the type of the resource.
        path: of the property, without list positions.
    """
    return next((order for order in ORDERS if order.is_of(resource_type, path)), None)


def promise_of(resource_type: str, path: tuple[str, ...], order: Order) -> str:
    """Say what a property keeps: in the words of the protected properties, where it is one of them.

    Args:
        resource_type: the type of the resource.
        path: of the property, without list positions.
        order: the order it is in.
    """
    for row in PROTECTED:
        if row.type == resource_type and tuple(part for part in row.path.split(".") if part != "*") == path:
            return row.promise
    return order.promise
