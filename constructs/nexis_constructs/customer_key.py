"""One customer managed KMS key per purpose, with an exact key policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from nexis_constructs._checks import check_actions, check_between, check_matches, refusal, removal_policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ADMINISTRATION_ACTIONS = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
"""What the account's administrators may do, by their own IAM policies: nothing here encrypts, decrypts or grants.

Rotation can be switched on but not off.
Source: AWS KMS Developer Guide, Default key policy (key administrators) and Permissions reference.
"""

USE_ACTIONS = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
"""What a user of a symmetric key needs. Source: AWS KMS Developer Guide, Default key policy (key users)."""

GRANT_ACTIONS = ("kms:CreateGrant",)


class CustomerKey(Construct):
    """A symmetric KMS key for one purpose, rotated every year, that only the named services and principals may use.

    The account's root principal holds administration actions only, so an IAM policy in the account can look after the
    key but not use it. Each use is a statement of its own: `allow_via_service`, `allow_service`, `allow_principal`.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        purpose: what it encrypts, in a few words; becomes part of the description.
        retain: whether the key outlives its stack. Without its key, encrypted data is lost.
        pending_window_days: days between the deletion of the key and its end, 7 to 30.

    Raises:
        ValueError: if an argument is not as described.

    Source: AWS KMS Developer Guide, Key policies; Rotating AWS KMS keys; Deleting AWS KMS keys.

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import CustomerKey

        app = App()
        stack = Stack(app, "Billing")
        key = CustomerKey(stack, "InvoicesKey", purpose="invoices")
        key.allow_via_service("rds")
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        purpose: str = "general",
        retain: bool = True,
        pending_window_days: int = 30,
    ) -> None:
        check_matches(
            "purpose",
            purpose,
            r"[A-Za-z0-9][A-Za-z0-9 ,.'-]{0,99}",
            expected="1 to 100 letters, digits, spaces and , . ' -",
            do="Say in a few words what the key encrypts, such as 'flow logs'.",
        )
        check_between("pending_window_days", pending_window_days, least=7, most=30, unit="days")
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        self._region = stack.region
        self._account = stack.account
        self._root_arn = f"arn:{stack.partition}:iam::{stack.account}:root"
        self._statements: dict[str, dict[str, Any]] = {}
        self._reference: kms.IKey | None = None
        self.resource = kms.CfnKey(
            self,
            "Resource",
            description=f"Nexis: {purpose}",
            enable_key_rotation=True,
            rotation_period_in_days=365,
            key_spec="SYMMETRIC_DEFAULT",
            key_usage="ENCRYPT_DECRYPT",
            pending_window_in_days=pending_window_days,
            key_policy={},
        )
        self.resource.apply_removal_policy(removal_policy(retain=retain))
        self._add("Administration", {"AWS": self._root_arn}, ADMINISTRATION_ACTIONS, {})

    @property
    def key_arn(self) -> str:
        """The key's ARN."""
        return self.resource.attr_arn

    @property
    def key_id(self) -> str:
        """The key's id."""
        return self.resource.attr_key_id

    def as_key(self) -> kms.IKey:
        """Returns the key for constructs that ask for an IKey; their grants cannot widen this key's policy."""
        if self._reference is None:
            self._reference = kms.Key.from_key_arn(self, "Reference", self.key_arn)
        return self._reference

    def allow_via_service(self, service: str, *, actions: Sequence[str] = USE_ACTIONS, grants: bool = True) -> None:
        """Lets principals of this account use the key, but only through one AWS service in this region.

        Their own IAM policies must allow the use as well.

        Args:
            service: the service's prefix, such as `rds`, `ec2` or `secretsmanager`.
            actions: exact KMS actions.
            grants: whether the service may also create grants for AWS resources (RDS and EBS need it).

        Raises:
            ValueError: if an argument is not as described, or the service was allowed other actions before.

        Source: AWS KMS Developer Guide, kms:ViaService, kms:CallerAccount and kms:GrantIsForAWSResource.
        """
        check_matches(
            "service",
            service,
            r"[a-z][a-z0-9-]*",
            expected="an AWS service's prefix",
            do="Write it as in its endpoint's name, such as 'rds'.",
        )
        name = "".join(part.capitalize() for part in service.split("-"))
        principal = {"AWS": self._root_arn}
        conditions = {
            "StringEquals": {
                "kms:CallerAccount": self._account,
                "kms:ViaService": f"{service}.{self._region}.amazonaws.com",
            }
        }
        self._add(f"UseThrough{name}", principal, actions, conditions)
        if grants:
            for_resources = {**conditions, "Bool": {"kms:GrantIsForAWSResource": "true"}}
            self._add(f"GrantsThrough{name}", principal, GRANT_ACTIONS, for_resources)

    def allow_service(
        self, principal: str, *, sid: str, actions: Sequence[str], conditions: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Lets an AWS service use the key in its own name, for one named source only.

        Args:
            principal: the service's principal, such as `logs.eu-central-1.amazonaws.com`.
            sid: the statement's name, letters and digits.
            actions: exact KMS actions.
            conditions: conditions that tie the use to a source of ours, such as aws:SourceArn; required, because a
                service acts for every AWS customer.

        Raises:
            ValueError: if an argument is not as described, or `sid` is taken by a different statement.

        Source: IAM User Guide, The confused deputy problem.
        """
        check_matches(
            "principal",
            principal,
            r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?",
            expected="a service principal",
            do="Write it in full, such as 'cloudtrail.amazonaws.com'.",
        )
        if not conditions:
            raise refusal(
                "conditions",
                got=conditions,
                expected="at least one condition",
                do="Tie the service to a source of yours, such as aws:SourceArn.",
            )
        self._add(sid, {"Service": principal}, actions, conditions)

    def allow_principal(
        self,
        arn: str,
        *,
        sid: str,
        actions: Sequence[str] = USE_ACTIONS,
        conditions: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Lets one IAM principal use the key.

        Args:
            arn: ARN of a role, such as a service-linked role.
            sid: the statement's name, letters and digits.
            actions: exact KMS actions.
            conditions: further conditions.

        Raises:
            ValueError: if an argument is not as described, or `sid` is taken by a different statement.
        """
        check_matches(
            "arn",
            arn,
            r"[^*]*arn:[^*]+:iam::[^*]+",
            expected="the ARN of one IAM principal",
            do="Name the role itself; everyone may not use a key.",
        )
        self._add(sid, {"AWS": arn}, actions, conditions or {})

    def _add(
        self,
        sid: str,
        principal: Mapping[str, str],
        actions: Sequence[str],
        conditions: Mapping[str, Mapping[str, Any]],
    ) -> None:
        check_matches("sid", sid, r"[A-Za-z0-9]{1,128}", expected="letters and digits", do="Shorten or respell it.")
        statement: dict[str, Any] = {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": dict(principal),
            "Action": list(check_actions("actions", actions)),
            "Resource": "*",  # in a key policy: this key
        }
        if any(not action.startswith("kms:") for action in statement["Action"]):
            raise refusal("actions", got=actions, expected="KMS actions", do="A key policy knows only kms: actions.")
        if conditions:
            statement["Condition"] = {operator: dict(keys) for operator, keys in conditions.items()}
        if self._statements.setdefault(sid, statement) != statement:
            raise refusal(
                "sid",
                got=sid,
                expected="a name that no other statement of this key has",
                do=f"It stands for {self._statements[sid]!r}; choose another.",
            )
        self.resource.key_policy = {"Version": "2012-10-17", "Statement": list(self._statements.values())}
