from __future__ import annotations

from typing import Any

from tests.support.rule_cases import Case, RuleCases, bad, each, good, hold, not_applicable, resource, resources

SECRET = "AWS::SecretsManager::Secret"
KEY = "AWS::IAM::AccessKey"
INSTANCE = "AWS::RDS::DBInstance"
AT = ("Outputs.Shown.Value",)


def showing(value: Any, **named: dict[str, Any]) -> dict[str, Any]:
    return {
        "Parameters": {"Password": {"Type": "String", "NoEcho": True}, "User": {"Type": "String"}},
        **resources(**named),
        "Outputs": {"Shown": {"Value": value}},
    }


CASES = RuleCases(
    "passwords.secret-in-outputs",
    (
        good("the ARN of a secret", showing({"Ref": "It"}, It=resource(SECRET))),
        good("the id of a key", showing({"Ref": "It"}, It=resource(KEY, UserName="app"))),
        good(
            "a user's name that stands beside the password",
            showing(
                {"Ref": "User"},
                It=resource(SECRET, SecretString={"Fn::Sub": '{"u": "${User}", "password": "${Password}"}'}),
            ),
        ),
        bad(
            "the secret part of a key",
            showing({"Fn::GetAtt": ["It", "SecretAccessKey"]}, It=resource(KEY, UserName="app")),
            at=AT,
        ),
        bad(
            "the secret of a client, in a text",
            showing({"Fn::Sub": "secret: ${It.ClientSecret}"}, It=resource("AWS::Cognito::UserPoolClient")),
            at=AT,
        ),
        bad(
            "what a secret holds",
            showing({"Fn::Sub": "{{resolve:secretsmanager:${It}:SecretString:password}}"}, It=resource(SECRET)),
            at=AT,
        ),
        bad(
            "the parameter that hands the password in",
            showing({"Ref": "Password"}, It=resource(INSTANCE, MasterUserPassword={"Ref": "Password"})),
            at=AT,
        ),
        good("no outputs", resources(It=resource(SECRET))),
        not_applicable("a bucket", showing({"Ref": "It"}, It=resource("AWS::S3::Bucket"))),
    ),
    no_unknown="an output that cannot be known shows nothing of this template",
)


@each(CASES)
def test_secret_in_outputs(case: Case) -> None:
    hold(CASES, case)
