from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, defaulted, opened

USER = "AWS::ElastiCache::User"
POOL = "AWS::Cognito::UserPool"
PERSON = "AWS::IAM::User"
SCHEDULE = "AWS::SecretsManager::RotationSchedule"
STRONG = {
    "MinimumLength": 12,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "RequireUppercase": True,
}
POLICY = "Properties.Policies.PasswordPolicy"
DAYS = "Properties.RotationRules.AutomaticallyAfterDays"


def pool(**policy: Any) -> dict[str, Any]:
    return resource(POOL, Policies={"PasswordPolicy": policy})


def rotated(**rules: Any) -> dict[str, Any]:
    return resource(SCHEDULE, SecretId="app", RotationRules=rules)


CASES = (
    RuleCases(
        "passwords.cache-password-required",
        (
            good("the default", resources(It=resource(USER, UserId="app", Passwords=["{{resolve:secretsmanager:a}}"]))),
            good("IAM", resources(It=resource(USER, AuthenticationMode={"Type": "iam"}, NoPasswordRequired="false"))),
            bad("none", resources(It=resource(USER, NoPasswordRequired=True)), at=("Properties.NoPasswordRequired",)),
            bad(
                "none, in other words",
                resources(It=resource(USER, AuthenticationMode={"Type": "no-password-required"})),
                at=("Properties.AuthenticationMode.Type",),
            ),
            bad(
                "a parameter's default",
                defaulted("true", It=resource(USER, NoPasswordRequired=OPEN)),
                at=("Properties.NoPasswordRequired",),
            ),
            unknown(
                "a parameter without default",
                opened(It=resource(USER, NoPasswordRequired=OPEN)),
                at=("Properties.NoPasswordRequired",),
            ),
            not_applicable("a group", resources(It=resource("AWS::ElastiCache::UserGroup"))),
        ),
    ),
    RuleCases(
        "passwords.cognito-policy",
        (
            good("strong", resources(It=pool(**STRONG))),
            bad(
                "six characters", resources(It=pool(**{**STRONG, "MinimumLength": 6})), at=(f"{POLICY}.MinimumLength",)
            ),
            bad(
                "two kinds are not asked for",
                resources(
                    It=pool(MinimumLength=20, RequireLowercase=True, RequireNumbers=True, RequireSymbols="false")
                ),
                at=(f"{POLICY}.RequireSymbols", f"{POLICY}.RequireUppercase"),
            ),
            unknown(
                "a parameter without default",
                opened(It=pool(**{**STRONG, "MinimumLength": OPEN})),
                at=(f"{POLICY}.MinimumLength",),
            ),
            not_applicable("no policy: Cognito's own is strong", resources(It=resource(POOL, UserPoolName="users"))),
        ),
    ),
    RuleCases(
        "passwords.login-reset-required",
        (
            good("asked for", resources(It=resource(PERSON, LoginProfile={"PasswordResetRequired": True}))),
            bad(
                "absent",
                resources(It=resource(PERSON, LoginProfile={"Password": "{{resolve:secretsmanager:p}}"})),
                at=("Properties.LoginProfile.PasswordResetRequired",),
            ),
            bad(
                "turned off",
                resources(It=resource(PERSON, LoginProfile={"PasswordResetRequired": False})),
                at=("Properties.LoginProfile.PasswordResetRequired",),
            ),
            unknown(
                "a parameter without default",
                opened(It=resource(PERSON, LoginProfile={"PasswordResetRequired": OPEN})),
                at=("Properties.LoginProfile.PasswordResetRequired",),
            ),
            not_applicable("a user who cannot log in", resources(It=resource(PERSON, UserName="app"))),
        ),
    ),
    RuleCases(
        "passwords.rotation-period",
        (
            good("a month", resources(It=rotated(AutomaticallyAfterDays=30))),
            good("a rate", resources(It=rotated(ScheduleExpression="rate(10 days)", Duration="2h"))),
            good("a calendar", resources(It=rotated(ScheduleExpression="cron(0 16 1,15 * ? *)"))),
            bad("a year", resources(It=rotated(AutomaticallyAfterDays=365)), at=(DAYS,)),
            bad(
                "a rate of a year",
                resources(It=rotated(ScheduleExpression="rate(365 days)")),
                at=("Properties.RotationRules.ScheduleExpression",),
            ),
            bad("a parameter's default", defaulted("120", It=rotated(AutomaticallyAfterDays=OPEN)), at=(DAYS,)),
            unknown("a parameter without default", opened(It=rotated(AutomaticallyAfterDays=OPEN)), at=(DAYS,)),
            not_applicable("the secret itself", resources(It=resource("AWS::SecretsManager::Secret"))),
        ),
    ),
)


@each_of(CASES)
def test_how_services_keep_passwords(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
