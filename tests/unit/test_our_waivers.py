"""The waivers of this project, each named: one more, or a broader one, has to pass a reviewer here."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nexis.run import waiver_policy
from nexis.waivers import read_waivers

ROOT = Path(__file__).resolve().parents[2]
HERE = "arn:<AWS::Partition>:{}:<AWS::Region>:<AWS::AccountId>:{}"
STREAMS = HERE.format("logs", "log-group")
TRAIL_STREAMS = "<AWS::AccountId>_CloudTrail_<AWS::Region>*"
AGREED = {
    ("AwsSolutions-IAM5[Resource::*]", "Database/Cluster/Shared/SessionManagerPolicy"),
    (
        f"AwsSolutions-IAM5[Resource::{HERE.format('ec2', 'instance/*')}]",
        "Database/Cluster/Shared/SessionManagerPolicy",
    ),
    ("AwsSolutions-SMG4", "Database/ReplicationPassword/Resource"),
    (
        f"AwsSolutions-IAM5[Resource::{HERE.format('rds', 'snapshot:awsbackup:*')}]",
        "ManagedDatabase/Database/BackupPlan/RolePolicy",
    ),
    (
        f"AwsSolutions-IAM5[Resource::{STREAMS}:<TrailLogGroup7D672DC9>:log-stream:{TRAIL_STREAMS}]",
        "Trail/Trail/LogRolePolicy",
    ),
    (
        f"AwsSolutions-IAM5[Resource::{STREAMS}:RDSOSMetrics:log-stream:*]",
        "ManagedDatabase/Database/MonitoringRolePolicy",
    ),
    ("NIST.800.53.R5-SecretsManagerRotationEnabled", "Database/ReplicationPassword/Resource"),
    ("passwords.secret-rotation", "Database/ReplicationPassword/Resource"),
    ("NIST.800.53.R5-LambdaInsideVPC", "Network/Network/CloseDefaultSecurityGroupFunction"),
    ("NIST.800.53.R5-VPCDefaultSecurityGroupClosed", "Network/Network/Vpc"),
    ("AwsSolutions-IAM5[Resource::*]", "PolicyHook/Hook/FunctionRolePolicy"),
    ("NIST.800.53.R5-LambdaInsideVPC", "PolicyHook/Hook/Function"),
    ("NIST.800.53.R5-S3BucketReplicationEnabled", "Trail/Trail/AccessLogBucket/Resource"),
    ("NIST.800.53.R5-S3BucketReplicationEnabled", "Trail/Trail/Bucket/Resource"),
    ("NIST.800.53.R5-S3DefaultEncryptionKMS", "Trail/Trail/AccessLogBucket/Resource"),
}


def test_these_are_all() -> None:
    file = ROOT / "waivers.toml"
    agreed_on = dt.date(2026, 11, 23)
    found = read_waivers(file, waiver_policy(file, today=agreed_on))
    assert {(waiver.rule, waiver.resource) for waiver in found} == AGREED
