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
from tests.support.rule_templates import OPEN, defaulted, opened

FIRST = "Properties.AssumeRolePolicyDocument.Statement.0"
PRINCIPAL = (f"{FIRST}.Principal",)
OPEN_TO_ALL = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
WEB = {
    "Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/x"},
    "Action": "sts:AssumeRoleWithWebIdentity",
}


def role(*statements: Any) -> dict[str, Any]:
    return resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": list(statements)})


GITHUB = "token.actions.githubusercontent.com"
ACCOUNT = {**OPEN_TO_ALL, "Principal": {"AWS": "arn:aws:iam::111111111111:root"}}


def federated(host: str, condition: Any) -> dict[str, Any]:
    principal = {"Federated": f"arn:aws:iam::111111111111:oidc-provider/{host}"}
    return role({**WEB, "Principal": principal, "Condition": condition})


def when(operator: str, key: str, value: Any) -> dict[str, Any]:
    return role({**OPEN_TO_ALL, "Condition": {operator: {key: value}}})


def of_github(provider: Any, subject: str) -> dict[str, Any]:
    return role(
        {
            "Effect": "Allow",
            "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": subject}},
        }
    )


SAML: tuple[tuple[Any, str, dict[str, Any], dict[str, Any]], ...] = (
    (good, "for the console", {"Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}}, {}),
    (bad, "without a condition", {}, {"at": (f"{FIRST}.Condition",)}),
)

CASES = RuleCases(
    "access.trust-policy",
    (
        good(
            "a service",
            resources(
                It=role({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
            ),
        ),
        good("an account", resources(It=role({**OPEN_TO_ALL, "Principal": {"AWS": "arn:aws:iam::111111111111:root"}}))),
        good(
            "a role of the same template",
            resources(
                It=role({**OPEN_TO_ALL, "Principal": {"AWS": {"Fn::GetAtt": ["R", "Arn"]}}}),
                R=resource("AWS::IAM::Role"),
            ),
        ),
        good("the organisation", resources(It=when("StringEquals", "aws:PrincipalOrgID", "o-1"))),
        good("roles by pattern", resources(It=when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::1:role/ci-*"))),
        good(
            "any of several accounts",
            resources(It=when("ForAnyValue:StringEquals", "aws:PrincipalAccount", ["1", "2"])),
        ),
        good("a known network", resources(It=when("IpAddress", "aws:SourceIp", "203.0.113.0/24"))),
        good("a deny of everyone", resources(It=role({**OPEN_TO_ALL, "Effect": "Deny"}))),
        bad("everyone", resources(It=role(OPEN_TO_ALL)), at=PRINCIPAL),
        bad("everyone, in short", resources(It=role({**OPEN_TO_ALL, "Principal": "*"})), at=PRINCIPAL),
        bad(
            "everyone in a list",
            resources(It=role({**OPEN_TO_ALL, "Principal": {"AWS": ["arn:aws:iam::1:root", "*"]}})),
            at=PRINCIPAL,
        ),
        bad(
            "everyone but somebody",
            resources(It=role({"Effect": "Allow", "NotPrincipal": {"AWS": "1"}, "Action": "sts:AssumeRole"})),
            at=(f"{FIRST}.NotPrincipal",),
        ),
        bad("a condition on something else", resources(It=when("Bool", "aws:SecureTransport", "true")), at=PRINCIPAL),
        bad(
            "a condition that also holds without the key",
            resources(It=when("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1")),
            at=PRINCIPAL,
        ),
        bad(
            "a condition on all values, which holds for none",
            resources(It=when("ForAllValues:StringEquals", "aws:PrincipalArn", "a")),
            at=PRINCIPAL,
        ),
        bad("a negated condition", resources(It=when("StringNotEquals", "aws:PrincipalOrgID", "o-1")), at=PRINCIPAL),
        bad("a pattern for everybody", resources(It=when("StringLike", "aws:PrincipalArn", "*")), at=PRINCIPAL),
        bad(
            "a network that is the internet", resources(It=when("IpAddress", "aws:SourceIp", "0.0.0.0/0")), at=PRINCIPAL
        ),
        bad(
            "the second statement",
            resources(It=role({**OPEN_TO_ALL, "Principal": {"AWS": "1"}}, OPEN_TO_ALL)),
            at=("Properties.AssumeRolePolicyDocument.Statement.1.Principal",),
        ),
        good(
            "an identity provider with conditions",
            resources(It=role({**WEB, "Condition": {"StringEquals": {"x:aud": "sts.amazonaws.com"}}})),
        ),
        bad("an identity provider without conditions", resources(It=role(WEB)), at=(f"{FIRST}.Condition",)),
        bad(
            "a parameter's default", defaulted("*", It=role({**OPEN_TO_ALL, "Principal": {"AWS": OPEN}})), at=PRINCIPAL
        ),
        unknown(
            "an open principal",
            opened(It=role({**OPEN_TO_ALL, "Principal": {"AWS": OPEN}})),
            at=(f"{FIRST}.Principal.AWS",),
            strict=True,
        ),
        good("a principal that a parameter names", opened(It=role({**OPEN_TO_ALL, "Principal": {"AWS": OPEN}}))),
        unknown(
            "an open condition",
            opened(It=when("StringLike", "aws:PrincipalOrgID", OPEN)),
            at=(f"{FIRST}.Condition.StringLike.aws:PrincipalOrgID",),
            strict=True,
        ),
        good("an organisation that a parameter names", opened(It=when("StringLike", "aws:PrincipalOrgID", OPEN))),
        *(
            judged(
                f"SAML {why}",
                resources(
                    It=role(
                        {
                            "Effect": "Allow",
                            "Principal": {"Federated": "arn:aws:iam::111111111111:saml-provider/People"},
                            "Action": "sts:AssumeRoleWithSAML",
                            **condition,
                        }
                    )
                ),
                **at,
            )
            for judged, why, condition, at in SAML
        ),
        good("GitHub by a parameter, for one repository", opened(It=of_github(OPEN, "repo:ours/app:*"))),
        bad("GitHub by a parameter, for all", opened(It=of_github(OPEN, "repo:*")), at=(f"{FIRST}.Condition",)),
        unknown(
            "a document that is none",
            resources(It=resource("AWS::IAM::Role", AssumeRolePolicyDocument="all")),
            at=("Properties.AssumeRolePolicyDocument",),
        ),
        *(
            good(f"{host} with {claim}", resources(It=federated(host, {"StringLike": {f"{host}:{claim}": value}})))
            for host, claim, value in (
                ("token.actions.githubusercontent.com", "sub", "repo:ours/app:*"),
                ("gitlab.com", "sub", "project_path:ours/app:ref_type:branch:ref:main"),
                ("cognito-identity.amazonaws.com", "aud", "eu-central-1:pool"),
                ("oidc.eks.eu-central-1.amazonaws.com/id/1", "sub", "system:serviceaccount:app:*"),
            )
        ),
        *(
            bad(
                f"{host} with {claim} {value}",
                resources(It=federated(host, {"StringLike": {f"{host}:{claim}": value}})),
                at=(f"{FIRST}.Condition",),
            )
            for host, claim, value in (
                ("token.actions.githubusercontent.com", "aud", "sts.amazonaws.com"),
                ("token.actions.githubusercontent.com", "sub", "*"),
                ("token.actions.githubusercontent.com", "sub", "repo:*"),
                ("token.actions.githubusercontent.com", "sub", ["repo:ours/app:*", "repo:*/app:*"]),
                ("app.terraform.io", "aud", "aws.workload.identity"),
                ("cognito-identity.amazonaws.com", "amr", "authenticated"),
            )
        ),
        bad(
            "a provider of the template, without whose tokens",
            resources(
                It=role(
                    {
                        **WEB,
                        "Principal": {"Federated": {"Ref": "P"}},
                        "Condition": {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
                    }
                ),
                P=resource("AWS::IAM::OIDCProvider", Url=f"https://{GITHUB}"),
            ),
            at=(f"{FIRST}.Condition",),
        ),
        good(
            "a repository that is chosen later",
            opened(It=federated(GITHUB, {"StringLike": {f"{GITHUB}:sub": {"Fn::Sub": "repo:${Open}/app:*"}}})),
        ),
        good(
            "a condition that CDK makes while it deploys",
            resources(
                It=role({**WEB, "Condition": {"StringEquals": {"Fn::GetAtt": ["J", "Value"]}}}),
                J=resource("Custom::AWSCDKCfnJson"),
            ),
        ),
        good(
            "JSON text with an account that is chosen later",
            opened(
                It=resource(
                    "AWS::IAM::Role",
                    AssumeRolePolicyDocument={
                        "Fn::Sub": '{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", '
                        '"Principal": {"AWS": "arn:aws:iam::${Open}:root"}}}'
                    },
                )
            ),
        ),
        bad("every action", resources(It=role({**ACCOUNT, "Action": "*"})), at=(f"{FIRST}.Action",)),
        bad("every action of a service", resources(It=role({**ACCOUNT, "Action": "s3:*"})), at=(f"{FIRST}.Action",)),
        bad(
            "all but an action",
            resources(It=role({"Effect": "Allow", "Principal": {"AWS": "1"}, "NotAction": "sts:AssumeRole"})),
            at=(f"{FIRST}.NotAction",),
        ),
        not_applicable("a user", resources(It=resource("AWS::IAM::User"))),
        bad(
            "any value of a condition that is none of who",
            resources(It=when("ForAnyValue:StringEquals", "aws:TagKeys", ["a"])),
            at=PRINCIPAL,
        ),
    ),
)


@each(CASES)
def test_trust_policy(case: Case) -> None:
    hold(CASES, case)
