"""An S3 bucket that only its owner reaches, and only over TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from nexis.facts.log_retention import ALLOWED_DAYS
from nexis_constructs._checks import check_actions, check_between, check_matches, refusal, removal_policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nexis_constructs.customer_key import CustomerKey

LONGEST_RETENTION_DAYS: Final = max(ALLOWED_DAYS)
"""As long as CloudWatch Logs keeps anything; longer keeping asks for an archive, not a bucket's lifecycle."""

NONCURRENT_DAYS: Final = 90
"""How long an overwritten or deleted object can be brought back, in days."""

UNFINISHED_UPLOAD_DAYS: Final = 7
"""How long the parts of an unfinished upload are kept, in days."""

_REFUSED: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "RefuseWithoutTls": {"Bool": {"aws:SecureTransport": "false"}},
    "RefuseOldTls": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
}
"""Requests that nobody may make. Source: Amazon S3 User Guide, Bucket policy examples using condition keys."""


class PrivateBucket(Construct):
    """An S3 bucket without public access and without ACLs, versioned, encrypted, and reached over TLS 1.2 or later.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        key: the key that encrypts the objects; without it S3's own keys do (SSE-S3), which is what a bucket for
            access logs needs.
        access_log_bucket: the bucket that receives this bucket's access logs; it must not have a `key`.
        retention_days: days until objects are deleted; without it they stay.
        retain: whether the bucket outlives its stack.

    Raises:
        ValueError: if an argument is not as described.

    Source: Amazon S3 User Guide, Security best practices for Amazon S3; Enabling Amazon S3 server access logging.

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import CustomerKey, PrivateBucket

        app = App()
        stack = Stack(app, "Billing")
        access_logs = PrivateBucket(stack, "AccessLogs", retention_days=365)
        invoices = PrivateBucket(
            stack, "Invoices", key=CustomerKey(stack, "Key", purpose="invoices"), access_log_bucket=access_logs
        )
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: CustomerKey | None = None,
        access_log_bucket: PrivateBucket | None = None,
        retention_days: int | None = None,
        retain: bool = True,
    ) -> None:
        if retention_days is not None:
            check_between("retention_days", retention_days, least=1, most=LONGEST_RETENTION_DAYS, unit="days")
        if access_log_bucket is not None and access_log_bucket.key is not None:
            raise refusal(
                "access_log_bucket",
                got=access_log_bucket.node.path,
                expected="a bucket without a key of its own",
                do="S3 cannot write access logs to a bucket that is encrypted with a KMS key: leave its `key` out.",
            )
        super().__init__(scope, construct_id)
        self.key: CustomerKey | None = key
        self._statements: dict[str, dict[str, Any]] = {}
        prefix = f"{self.node.path}/"
        self.resource = s3.CfnBucket(
            self,
            "Resource",
            bucket_encryption=_encryption(key),
            lifecycle_configuration=_lifecycle(retention_days),
            logging_configuration=None
            if access_log_bucket is None
            else s3.CfnBucket.LoggingConfigurationProperty(
                destination_bucket_name=access_log_bucket.bucket_name, log_file_prefix=prefix
            ),
            ownership_controls=s3.CfnBucket.OwnershipControlsProperty(
                rules=[s3.CfnBucket.OwnershipControlsRuleProperty(object_ownership="BucketOwnerEnforced")]
            ),
            public_access_block_configuration=s3.CfnBucket.PublicAccessBlockConfigurationProperty(
                block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
            ),
            versioning_configuration=s3.CfnBucket.VersioningConfigurationProperty(status="Enabled"),
        )
        self.resource.apply_removal_policy(removal_policy(retain=retain))
        self.policy = s3.CfnBucketPolicy(self, "Policy", bucket=self.bucket_name, policy_document={})
        self.policy.apply_removal_policy(removal_policy(retain=retain))
        everything = [self.bucket_arn, f"{self.bucket_arn}/*"]
        for sid, condition in _REFUSED.items():
            self._add(sid, "Deny", "*", ["s3:*"], everything, condition)
        if access_log_bucket is not None:
            access_log_bucket.allow_service(
                "logging.s3.amazonaws.com",
                sid=f"AccessLogsOf{self.node.addr[-12:]}",
                actions=["s3:PutObject"],
                resource=f"{prefix}*",
                conditions={
                    "ArnEquals": {"aws:SourceArn": self.bucket_arn},
                    "StringEquals": {"aws:SourceAccount": Stack.of(self).account},
                },
            )

    @property
    def bucket_name(self) -> str:
        """The bucket's name."""
        return self.resource.ref

    @property
    def bucket_arn(self) -> str:
        """The bucket's ARN."""
        return self.resource.attr_arn

    def allow_service(
        self,
        principal: str,
        *,
        sid: str,
        actions: Sequence[str],
        resource: str = "",
        conditions: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """Lets an AWS service use the bucket, for one named source only.

        Args:
            principal: the service's principal, such as `cloudtrail.amazonaws.com`.
            sid: the statement's name, letters and digits.
            actions: exact S3 actions.
            resource: the objects, such as `logs/*`; without it the bucket itself.
            conditions: conditions that tie the use to a source of ours, such as aws:SourceArn; required, because a
                service acts for every AWS customer.

        Raises:
            ValueError: if an argument is not as described, or `sid` is taken by a different statement.

        Source: IAM User Guide, The confused deputy problem.
        """
        if not conditions:
            raise refusal(
                "conditions",
                got=conditions,
                expected="at least one condition",
                do="Tie the service to a source of yours, such as aws:SourceArn.",
            )
        arn = f"{self.bucket_arn}/{resource}" if resource else self.bucket_arn
        self._add(sid, "Allow", {"Service": principal}, check_actions("actions", actions), [arn], conditions)

    def _add(
        self,
        sid: str,
        effect: str,
        principal: object,
        actions: Sequence[str],
        resources: Sequence[str],
        conditions: Mapping[str, Mapping[str, Any]],
    ) -> None:
        check_matches("sid", sid, r"[A-Za-z0-9]{1,128}", expected="letters and digits", do="Shorten or respell it.")
        statement = {
            "Sid": sid,
            "Effect": effect,
            "Principal": principal,
            "Action": list(actions),
            "Resource": list(resources),
            "Condition": {operator: dict(keys) for operator, keys in conditions.items()},
        }
        if self._statements.setdefault(sid, statement) != statement:
            raise refusal(
                "sid",
                got=sid,
                expected="a name that no other statement of this bucket has",
                do=f"It stands for {self._statements[sid]!r}; choose another.",
            )
        self.policy.policy_document = {"Version": "2012-10-17", "Statement": list(self._statements.values())}


def _encryption(key: CustomerKey | None) -> s3.CfnBucket.BucketEncryptionProperty:
    """Returns the default encryption; a bucket key keeps the number of KMS requests small."""
    by_default = s3.CfnBucket.ServerSideEncryptionByDefaultProperty(
        sse_algorithm="AES256" if key is None else "aws:kms", kms_master_key_id=None if key is None else key.key_arn
    )
    rule = s3.CfnBucket.ServerSideEncryptionRuleProperty(
        server_side_encryption_by_default=by_default, bucket_key_enabled=None if key is None else True
    )
    return s3.CfnBucket.BucketEncryptionProperty(server_side_encryption_configuration=[rule])


def _lifecycle(retention_days: int | None) -> s3.CfnBucket.LifecycleConfigurationProperty:
    tidy = s3.CfnBucket.RuleProperty(
        id="tidy",
        status="Enabled",
        abort_incomplete_multipart_upload=s3.CfnBucket.AbortIncompleteMultipartUploadProperty(
            days_after_initiation=UNFINISHED_UPLOAD_DAYS
        ),
        noncurrent_version_expiration=s3.CfnBucket.NoncurrentVersionExpirationProperty(noncurrent_days=NONCURRENT_DAYS),
    )
    rules = [tidy]
    if retention_days is not None:
        rules.append(s3.CfnBucket.RuleProperty(id="expire", status="Enabled", expiration_in_days=retention_days))
    return s3.CfnBucket.LifecycleConfigurationProperty(rules=rules)
