from __future__ import annotations

from typing import Any

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

SECRET = "AWS::SecretsManager::Secret"
AT = ("Properties.GenerateSecretString",)
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


def secret(**generator: Any) -> dict[str, Any]:
    return resource(SECRET, GenerateSecretString=generator)


CASES = RuleCases(
    "passwords.generated-bits",
    (
        good("Secrets Manager's own defaults", resources(It=secret())),
        good(
            "CDK's database secret",
            resources(It=secret(PasswordLength=30, ExcludeCharacters=" %+~`#$&*()|[]{}:;<>?!'/@\"\\")),
        ),
        good("12 letters and digits", resources(It=secret(PasswordLength=12, ExcludePunctuation=True))),
        good("the length as text", resources(It=secret(PasswordLength="32"))),
        good("digits, but many", resources(It=secret(PasswordLength=20, ExcludeCharacters=LETTERS + PUNCTUATION))),
        good(
            "a template with references does not weaken it",
            resources(
                It=secret(SecretStringTemplate={"Fn::Sub": '{"host": "${Db}"}'}, GenerateStringKey="password"),
                Db=resource("AWS::RDS::DBInstance"),
            ),
        ),
        bad("8 characters", resources(It=secret(PasswordLength=8)), at=AT),
        bad("10 letters and digits", resources(It=secret(PasswordLength=10, ExcludePunctuation=True)), at=AT),
        bad(
            "exclusions that leave digits only",
            resources(It=secret(PasswordLength=16, ExcludeCharacters=LETTERS + PUNCTUATION)),
            at=AT,
        ),
        bad(
            "the same by the switches",
            resources(
                It=secret(PasswordLength=16, ExcludeLowercase=True, ExcludeUppercase="true", ExcludePunctuation=True)
            ),
            at=AT,
        ),
        bad("nothing is left", resources(It=secret(ExcludeCharacters=LETTERS + PUNCTUATION + "0123456789")), at=AT),
        bad("too short for one of each type", resources(It=secret(PasswordLength=3)), at=AT),
        bad("no length at all", resources(It=secret(PasswordLength="long")), at=AT),
        bad("a text where a map is expected", resources(It=resource(SECRET, GenerateSecretString="yes")), at=AT),
        bad("a property nobody knows", resources(It=secret(Length=32)), at=AT),
        bad(
            "the default of a parameter is 8",
            {
                "Parameters": {"N": {"Type": "Number", "Default": 8}},
                **resources(It=secret(PasswordLength={"Ref": "N"})),
            },
            at=AT,
        ),
        not_applicable("a secret that is not generated", resources(It=resource(SECRET, Name="for-later"))),
        not_applicable("no secret", resources(It=resource("AWS::SSM::Parameter"))),
        unknown(
            "the length is a parameter",
            {"Parameters": {"N": {"Type": "Number"}}, **resources(It=secret(PasswordLength={"Ref": "N"}))},
            at=("Properties.GenerateSecretString.PasswordLength",),
        ),
        unknown(
            "the exclusions are a parameter",
            {"Parameters": {"X": {"Type": "String"}}, **resources(It=secret(ExcludeCharacters={"Ref": "X"}))},
            at=("Properties.GenerateSecretString.ExcludeCharacters",),
        ),
        unknown(
            "the exclusions are fetched while deploying",
            resources(It=secret(ExcludeCharacters="{{resolve:ssm:/exclusions}}")),
            at=("Properties.GenerateSecretString.ExcludeCharacters",),
        ),
        unknown(
            "a default counts for nothing when every value is possible",
            {
                "Parameters": {"N": {"Type": "Number", "Default": 32}},
                **resources(It=secret(PasswordLength={"Ref": "N"})),
            },
            at=("Properties.GenerateSecretString.PasswordLength",),
            strict=True,
        ),
    ),
)


@each(CASES)
def test_generated_bits(case: Case) -> None:
    hold(CASES, case)
