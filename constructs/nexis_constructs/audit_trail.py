"""The account's record of every management call, in every region."""

from __future__ import annotations

from typing import Final

from aws_cdk import Aws, Stack
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_iam as iam
from constructs import Construct

from nexis.facts.log_retention import MINIMUM_DAYS
from nexis_constructs._checks import check_between, check_log_retention, check_matches
from nexis_constructs._log_groups import encrypted_log_group, path_name
from nexis_constructs._roles import allow, service_role
from nexis_constructs.customer_key import CustomerKey
from nexis_constructs.private_bucket import LONGEST_RETENTION_DAYS, PrivateBucket

SERVICE: Final = "cloudtrail.amazonaws.com"


class AuditTrail(Construct):
    """A multi-region CloudTrail with log file validation and a key of its own, kept at least a year.

    The events also go to an encrypted log group, where alarms and queries see them within minutes; the bucket is the
    record that is validated and kept.

    The log bucket is private, versioned, TLS-only and access-logged. Only this trail may write to it and only this
    trail may encrypt with the key; principals of the account may decrypt through S3 where their own policies allow.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        retention_days: days the logs are kept, at least 365.
        log_group_retention_days: days the events stay in the log group, at least 365.
        retain: whether bucket, logs and key outlive the stack.
        trail_name: the trail's name; by default made from the stack's name.

    Raises:
        ValueError: if an argument is not as described.

    Source: AWS CloudTrail User Guide, Security best practices; Amazon S3 bucket policy for CloudTrail; Configure AWS
        KMS key policies for CloudTrail.

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import AuditTrail

        app = App()
        stack = Stack(app, "Audit")
        trail = AuditTrail(stack, "Trail", retention_days=730)
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        retention_days: int = 365,
        log_group_retention_days: int = 365,
        retain: bool = True,
        trail_name: str | None = None,
    ) -> None:
        check_between("retention_days", retention_days, least=MINIMUM_DAYS, most=LONGEST_RETENTION_DAYS, unit="days")
        check_log_retention("log_group_retention_days", log_group_retention_days)
        stack = Stack.of(scope)
        name = check_matches(
            "trail_name",
            f"{stack.stack_name}-audit" if trail_name is None else trail_name,
            r"(?=.{3,128}\Z)[A-Za-z0-9](?:[._-]?[A-Za-z0-9])*",
            expected="3 to 128 letters, digits and . _ -, never two of these marks together",
            do="Choose a name such as 'audit'.",
        )
        super().__init__(scope, construct_id)
        # Written out, because bucket and key must name the trail before it exists.
        self.trail_arn = f"arn:{stack.partition}:cloudtrail:{stack.region}:{stack.account}:trail/{name}"
        self.key = CustomerKey(self, "Key", purpose="audit trail", retain=retain)
        self.access_log_bucket = PrivateBucket(self, "AccessLogBucket", retention_days=retention_days, retain=retain)
        self.bucket = PrivateBucket(
            self,
            "Bucket",
            key=self.key,
            access_log_bucket=self.access_log_bucket,
            retention_days=retention_days,
            retain=retain,
        )
        self._let_the_trail_write(stack.account)
        self.log_group = encrypted_log_group(
            self,
            "LogGroup",
            name=path_name(self, "events"),
            key=self.key,
            retention_days=log_group_retention_days,
            retain=retain,
        )
        role = self._log_role()
        self.resource = cloudtrail.CfnTrail(
            self,
            "Resource",
            trail_name=name,
            s3_bucket_name=self.bucket.bucket_name,
            kms_key_id=self.key.key_arn,
            is_logging=True,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            cloud_watch_logs_log_group_arn=self.log_group.attr_arn,
            cloud_watch_logs_role_arn=role.attr_arn,
        )
        self.resource.add_resource_dependency(
            self.bucket.policy
        )  # CloudTrail tries to write before it accepts the trail

    def _log_role(self) -> iam.CfnRole:
        """Lets this trail write its own log streams, whose names CloudTrail makes of the account and the region.

        Source: AWS CloudTrail User Guide, Role policy document for CloudTrail to use CloudWatch Logs for monitoring.
        """
        # Pseudo parameters, so that a waiver names this policy alike in every account and region.
        streams = (
            f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:{self.log_group.ref}:log-stream:"
            f"{Aws.ACCOUNT_ID}_CloudTrail_{Aws.REGION}*"
        )
        return service_role(
            self,
            "LogRole",
            service=SERVICE,
            description="Writes the events of one trail to one log group",
            statements=[allow(["logs:CreateLogStream", "logs:PutLogEvents"], [streams])],
            trust_conditions={"StringEquals": {"aws:SourceArn": self.trail_arn}},
        )

    def _let_the_trail_write(self, account: str) -> None:
        only_this_trail = {"StringEquals": {"aws:SourceArn": self.trail_arn}}
        self.bucket.allow_service(
            SERVICE, sid="TrailChecksBucket", actions=["s3:GetBucketAcl"], conditions=only_this_trail
        )
        self.bucket.allow_service(
            SERVICE,
            sid="TrailWrites",
            actions=["s3:PutObject"],
            resource=f"AWSLogs/{account}/*",
            conditions={"StringEquals": {"aws:SourceArn": self.trail_arn, "s3:x-amz-acl": "bucket-owner-full-control"}},
        )
        # No condition on CloudTrail's encryption context: digest files are encrypted in the bucket's context.
        self.key.allow_service(
            SERVICE,
            sid="TrailEncrypts",
            actions=["kms:DescribeKey", "kms:GenerateDataKey"],
            conditions=only_this_trail,
        )
        self.key.allow_via_service("s3", actions=["kms:Decrypt"], grants=False)
