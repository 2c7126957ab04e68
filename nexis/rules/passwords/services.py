"""How services keep and ask for passwords: properties that must be so.

Sources: CloudFormation resource reference of each type; Amazon Cognito User Pools API reference, PasswordPolicyType
(the defaults); Secrets Manager User Guide, "Rotation schedules"; read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.patterns import pattern
from nexis.rules.requirements import Requirement, at_least, is_false, is_true, property_rule
from nexis.templates.views import Absent, as_number

if TYPE_CHECKING:
    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
LONGEST_ROTATION: Final = 90
"""Days. Source: AWS Security Hub, SecretsManager.4 (default of maxDaysSinceRotation)."""

_RATE: Final = pattern(r"rate\(\s*(\d+)\s+(hour|day)s?\s*\)")
_POOL: Final = "AWS::Cognito::UserPool"
_POLICY: Final = ("Policies", "PasswordPolicy")
_POOL_SOURCE: Final = "Amazon Cognito User Pools API reference, PasswordPolicyType"
_SCHEDULE: Final = "AWS::SecretsManager::RotationSchedule"


def _often_enough(text: str) -> bool:
    rate = _RATE.fullmatch(text.strip())
    if rate is None:
        return True  # a calendar (cron) names days of a month or a week
    return int(rate[1]) / (24 if rate[2] == "hour" else 1) <= LONGEST_ROTATION


def _within_a_quarter(text: str) -> bool:
    days = as_number(text)
    return days is not None and 0 < days <= LONGEST_ROTATION


def _has_policy(pool: View) -> bool:
    return not isinstance(pool.get(*_POLICY), Absent)


def _in_policy(name: str) -> Requirement:
    return Requirement(
        type=_POOL,
        path=(*_POLICY, name),
        accepts=is_true,
        expected="true",
        absent="a policy without it does not ask for it",
        source=_POOL_SOURCE,
        as_of=AS_OF,
        example=True,
        when=_has_policy,  # without a policy all four are asked for, and eight characters
    )


RULES = (
    property_rule(
        rule_id="passwords.cache-password-required",
        title="Users of a cache log in with a password or with IAM",
        why="A user without a password is open to everyone who reaches the port.",
        requirements=(
            Requirement(
                type="AWS::ElastiCache::User",
                path=("NoPasswordRequired",),
                accepts=is_false,
                expected="false, or nothing",
                absent="",  # the default is false
                source="CloudFormation resource reference, AWS::ElastiCache::User NoPasswordRequired",
                as_of=AS_OF,
                example=False,
            ),
            Requirement(
                type="AWS::ElastiCache::User",
                path=("AuthenticationMode", "Type"),
                accepts=lambda text: text.lower() != "no-password-required",
                expected="'password' or 'iam'",
                absent="",
                source="CloudFormation resource reference, AWS::ElastiCache::User AuthenticationMode",
                as_of=AS_OF,
                example="iam",
            ),
        ),
        fix="leave NoPasswordRequired out and set AuthenticationMode: {Type: iam}, or Passwords from Secrets Manager",
        cdk='elasticache.CfnUser(self, "App", engine="redis", user_id="app", user_name="app",\n'
        '                    authentication_mode={"Type": "iam"}, access_string="on ~app:* +@read")',
        controls={"SOC 2": ("CC6.1",), "NIST 800-53 r5": ("IA-2", "IA-5")},
        source="Amazon ElastiCache User Guide, Role-Based Access Control (RBAC)",
    ),
    property_rule(
        rule_id="passwords.cognito-policy",
        title="Passwords of a user pool have eight characters of every kind, or more",
        why="Short passwords of one kind of character are guessed in minutes once a list of hashes is out.",
        requirements=(
            Requirement(
                type=_POOL,
                path=(*_POLICY, "MinimumLength"),
                accepts=at_least(8),
                expected="8 or more",
                absent="",  # eight
                source=_POOL_SOURCE,
                as_of=AS_OF,
                example=16,
                when=_has_policy,
            ),
            *map(_in_policy, ("RequireLowercase", "RequireNumbers", "RequireSymbols", "RequireUppercase")),
        ),
        fix="set MinimumLength: 8 or more and the four Require… to true in Policies.PasswordPolicy, or leave the "
        "policy out: Cognito's own asks for all of it",
        cdk='cognito.UserPool(self, "Users", password_policy=cognito.PasswordPolicy(\n'
        "    min_length=16, require_lowercase=True, require_uppercase=True,\n"
        "    require_digits=True, require_symbols=True))",
        controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("Cognito.3",), "NIST 800-53 r5": ("IA-5",)},
        source="Amazon Cognito Developer Guide, Passwords, account recovery, and password policies",
    ),
    property_rule(
        rule_id="passwords.login-reset-required",
        title="A user of the console sets a password of its own at the first login",
        why="The first password was seen by whoever made the user, and by every tool on its way.",
        requirements=(
            Requirement(
                type="AWS::IAM::User",
                path=("LoginProfile", "PasswordResetRequired"),
                accepts=is_true,
                expected="true",
                absent="the first password then stays",
                source="CloudFormation resource reference, AWS::IAM::User LoginProfile",
                as_of=AS_OF,
                example=True,
                when=lambda user: not isinstance(user.get("LoginProfile"), Absent),
            ),
        ),
        fix="set LoginProfile.PasswordResetRequired: true; better, let people log in through IAM Identity Center",
        cdk='iam.User(self, "Person", password=SecretValue.secrets_manager("person"), password_reset_required=True)',
        example={
            "Person": {
                "Type": "AWS::IAM::User",
                "Properties": {
                    "LoginProfile": {
                        "Password": "{{resolve:secretsmanager:person}}",
                        "PasswordResetRequired": True,
                    }
                },
            }
        },
        controls={"SOC 2": ("CC6.1", "CC6.2"), "NIST 800-53 r5": ("IA-5",)},
        source="IAM User Guide, Manage passwords for IAM users",
    ),
    property_rule(
        rule_id="passwords.rotation-period",
        title="A rotated secret is rotated every 90 days, or more often",
        why="A secret that leaked stays good until the next rotation.",
        requirements=(
            Requirement(
                type=_SCHEDULE,
                path=("RotationRules", "AutomaticallyAfterDays"),
                accepts=_within_a_quarter,
                expected=f"{LONGEST_ROTATION} days or fewer",
                absent="",  # a schedule expression may stand instead
                source="CloudFormation resource reference, AWS::SecretsManager::RotationSchedule RotationRules",
                as_of=AS_OF,
                example=30,
            ),
            Requirement(
                type=_SCHEDULE,
                path=("RotationRules", "ScheduleExpression"),
                accepts=_often_enough,
                expected=f"every {LONGEST_ROTATION} days or more often",
                absent="",
                source="Secrets Manager User Guide, Rotation schedules",
                as_of=AS_OF,
            ),
        ),
        fix=f"set RotationRules: {{AutomaticallyAfterDays: {LONGEST_ROTATION}}} or fewer",
        cdk='secret.add_rotation_schedule("Rotation", rotation_lambda=function, automatically_after=Duration.days(30))',
        controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("SecretsManager.4",)},
        source="AWS Security Hub User Guide, controls for Secrets Manager",
    ),
)
