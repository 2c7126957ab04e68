from __future__ import annotations

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import conditional, opened

SECRET = "AWS::SecretsManager::Secret"
SCHEDULE = "AWS::SecretsManager::RotationSchedule"
ATTACHMENT = "AWS::SecretsManager::SecretTargetAttachment"
RULES = {"AutomaticallyAfterDays": 30}
LOGIN = {"SecretStringTemplate": '{"username": "app"}', "GenerateStringKey": "password"}

CASES = RuleCases(
    "passwords.secret-rotation",
    (
        good(
            "a schedule names it",
            resources(
                It=resource(SECRET, GenerateSecretString=LOGIN),
                Turn=resource(SCHEDULE, SecretId={"Ref": "It"}, RotationRules=RULES),
            ),
        ),
        good(
            "a schedule names its attachment",
            resources(
                It=resource(SECRET),
                Tie=resource(ATTACHMENT, SecretId={"Ref": "It"}, TargetType="AWS::RDS::DBInstance"),
                Turn=resource(SCHEDULE, SecretId={"Ref": "Tie"}, RotationRules=RULES),
            ),
        ),
        good(
            "a schedule names it by its name",
            resources(
                It=resource(SECRET, Name="app", GenerateSecretString=LOGIN),
                Turn=resource(SCHEDULE, SecretId="app", RotationRules=RULES),
            ),
        ),
        bad("none", resources(It=resource(SECRET, GenerateSecretString=LOGIN)), at=("Properties",)),
        bad(
            "the user's name is a parameter",
            opened(
                It=resource(
                    SECRET, GenerateSecretString={"SecretStringTemplate": {"Fn::Sub": '{"username":"${Open}"}'}}
                )
            ),
            at=("Properties",),
        ),
        bad(
            "tied to a database",
            resources(
                It=resource(SECRET, GenerateSecretString={}),
                Tie=resource(ATTACHMENT, SecretId={"Ref": "It"}, TargetType="AWS::RDS::DBInstance"),
            ),
            at=("Properties",),
        ),
        bad(
            "taken by a database",
            resources(
                It=resource(SECRET, GenerateSecretString={}),
                Database=resource(
                    "AWS::RDS::DBInstance",
                    MasterUserPassword={"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "It"}, "}}"]]},
                ),
            ),
            at=("Properties",),
        ),
        bad(
            "taken by a proxy",
            resources(
                It=resource(SECRET, GenerateSecretString={}),
                Proxy=resource("AWS::RDS::DBProxy", Auth=[{"AuthScheme": "SECRETS", "SecretArn": {"Ref": "It"}}]),
            ),
            at=("Properties",),
        ),
        not_applicable("a key that nobody rotates", resources(It=resource(SECRET, GenerateSecretString={}))),
        not_applicable(
            "taken by a cache",
            resources(
                It=resource(SECRET, GenerateSecretString={}),
                Cache=resource(
                    "AWS::ElastiCache::ReplicationGroup",
                    AuthToken={"Fn::Sub": "{{resolve:secretsmanager:${It}}}"},
                ),
            ),
        ),
        bad(
            "a schedule for another",
            resources(
                It=resource(SECRET, GenerateSecretString=LOGIN),
                Other=resource(SECRET),
                Turn=resource(SCHEDULE, SecretId={"Ref": "Other"}),
            ),
            at=("Properties",),
        ),
        unknown(
            "a schedule that may not be made",
            conditional(
                It=resource(SECRET, GenerateSecretString=LOGIN),
                Turn={**resource(SCHEDULE, SecretId={"Ref": "It"}, RotationRules=RULES), "Condition": "Chosen"},
            ),
            at=("Properties",),
        ),
        not_applicable("a parameter", resources(It=resource("AWS::SSM::Parameter"))),
    ),
)


@each(CASES)
def test_secret_rotation(case: Case) -> None:
    hold(CASES, case)
