from __future__ import annotations

import json
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

KEY = "AWS::KMS::Key"
STATEMENT = "Properties.KeyPolicy.Statement.0"
AT = (f"{STATEMENT}.Principal",)
ROOT = {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}
ACCOUNT = {"Ref": "AWS::AccountId"}


def allow(**changes: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*", **changes}
    return {name: value for name, value in statement.items() if value is not None}


def key(*statements: Any, kind: str = KEY) -> dict[str, Any]:
    return resources(It=resource(kind, KeyPolicy={"Version": "2012-10-17", "Statement": list(statements)}))


def when(operator: str, name: str, value: Any) -> dict[str, Any]:
    return key(allow(Condition={operator: {name: value}}))


BY_ROLE = resources(
    It=key(allow(Condition={"ArnEquals": {"aws:PrincipalArn": {"Fn::GetAtt": ["Role", "Arn"]}}}))["Resources"]["It"],
    Role=resource("AWS::IAM::Role"),
)

CASES = RuleCases(
    "keys.exact-policy",
    (
        good("no policy: KMS's own is for the account only", resources(It=resource(KEY))),
        good("the account", key(allow(Principal=ROOT, Action="kms:*"))),
        good("a service", key(allow(Principal={"Service": "logs.amazonaws.com"}))),
        good("everyone of this account", when("StringEquals", "kms:CallerAccount", ACCOUNT)),
        good("everyone of this account, as global key", when("StringEquals", "aws:PrincipalAccount", ["111111111111"])),
        good(
            "everyone of this account, through RDS",
            key(
                allow(
                    Condition={
                        "StringEquals": {
                            "kms:CallerAccount": ACCOUNT,
                            "kms:ViaService": {"Fn::Sub": "rds.${AWS::Region}.amazonaws.com"},
                        }
                    }
                )
            ),
        ),
        good("the organisation", when("StringEquals", "aws:PrincipalOrgID", "o-abcdefghij")),
        good("roles of one account", when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111111111111:role/nexis-*")),
        good("one role of the template", BY_ROLE),
        good("one bucket, whose ARN names no account", when("ArnLike", "aws:SourceArn", "arn:aws:s3:::logs")),
        good("services for the organisation", when("StringEquals", "aws:SourceOrgID", "o-abcdefghij")),
        bad("any bucket", when("ArnLike", "aws:SourceArn", "arn:aws:s3:::*"), at=AT),
        good("denying everyone is no permission", key(allow(Effect="Deny"))),
        good("a replica with a named principal", key(allow(Principal=ROOT), kind="AWS::KMS::ReplicaKey")),
        bad("everyone", key(allow()), at=AT),
        bad("every account", key(allow(Principal={"AWS": "arn:aws:iam::*:root"})), at=AT),
        bad("everyone, written short", key(allow(Principal="*")), at=AT),
        bad("everyone among others", key(allow(Principal={"AWS": ["arn:aws:iam::1:root", "*"]})), at=AT),
        bad("a replica for everyone", key(allow(), kind="AWS::KMS::ReplicaKey"), at=AT),
        bad("everyone but one", key(allow(Principal=None, NotPrincipal=ROOT)), at=(f"{STATEMENT}.NotPrincipal",)),
        bad(
            "through RDS says not who", when("StringEquals", "kms:ViaService", "rds.eu-central-1.amazonaws.com"), at=AT
        ),
        bad("every account but one", when("StringNotEquals", "kms:CallerAccount", ACCOUNT), at=AT),
        bad("any account by a wildcard", when("StringLike", "kms:CallerAccount", "*"), at=AT),
        bad("one of two is any account", when("StringLike", "aws:PrincipalAccount", ["111111111111", "*"]), at=AT),
        bad("roles of any account", when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/nexis"), at=AT),
        bad("only if the key is there", when("StringEqualsIfExists", "aws:PrincipalAccount", ACCOUNT), at=AT),
        bad("for all of none", when("ForAllValues:StringEquals", "aws:PrincipalAccount", ACCOUNT), at=AT),
        bad("over TLS", when("Bool", "aws:SecureTransport", "true"), at=AT),
        bad("an empty list of accounts", when("StringEquals", "kms:CallerAccount", []), at=AT),
        bad(
            "the second statement",
            key(allow(Principal=ROOT), allow()),
            at=("Properties.KeyPolicy.Statement.1.Principal",),
        ),
        bad("one statement, not a list", resources(It=resource(KEY, KeyPolicy={"Statement": allow()})), at=AT),
        bad("JSON text", resources(It=resource(KEY, KeyPolicy=json.dumps({"Statement": [allow()]}))), at=AT),
        good(
            "an account that a parameter names",
            {
                "Parameters": {"Account": {"Type": "String"}},
                **key(allow(Principal={"AWS": [{"Fn::Sub": "arn:aws:iam::${Account}:root"}]})),
            },
        ),
        bad(
            "everyone beside a principal that is open",
            {"Parameters": {"Who": {"Type": "String"}}, **key(allow(Principal={"AWS": [{"Ref": "Who"}, "*"]}))},
            at=AT,
        ),
        not_applicable("no key", resources(It=resource("AWS::KMS::Alias"))),
        good(
            "a role that a parameter names",
            {"Parameters": {"Who": {"Type": "String"}}, **key(allow(Principal={"AWS": {"Ref": "Who"}}))},
        ),
        good("a role that an import names", key(allow(Principal={"AWS": [{"Fn::ImportValue": "role"}]}))),
        bad("every account of China", key(allow(Principal={"AWS": "arn:aws-cn:iam::*:root"})), at=AT),
        unknown(
            "a principal that is a parameter, which may be everyone",
            {"Parameters": {"Who": {"Type": "String"}}, **key(allow(Principal={"AWS": {"Ref": "Who"}}))},
            at=(f"{STATEMENT}.Principal.AWS",),
            strict=True,
        ),
        unknown(
            "the account in a principal, which may be a wildcard",
            {
                "Parameters": {"Account": {"Type": "String"}},
                **key(allow(Principal={"AWS": [{"Fn::Sub": "arn:aws:iam::${Account}:root"}]})),
            },
            at=(f"{STATEMENT}.Principal.AWS.0",),
            strict=True,
        ),
        unknown(
            "the whole principal is a parameter",
            {"Parameters": {"Who": {"Type": "String"}}, **key(allow(Principal={"Ref": "Who"}))},
            at=(f"{STATEMENT}.Principal",),
        ),
        good(
            "the account is a parameter",
            {
                "Parameters": {"Account": {"Type": "String"}},
                **when("StringLike", "kms:CallerAccount", {"Ref": "Account"}),
            },
        ),
        unknown(
            "the account is a parameter, which may hold wildcards",
            {
                "Parameters": {"Account": {"Type": "String"}},
                **when("StringLike", "kms:CallerAccount", {"Ref": "Account"}),
            },
            at=(f"{STATEMENT}.Condition.StringLike.kms:CallerAccount",),
            strict=True,
        ),
        unknown(
            "a list where a policy is expected",
            resources(It=resource(KEY, KeyPolicy=[allow()])),
            at=("Properties.KeyPolicy",),
        ),
        unknown("a condition that is a text", key(allow(Condition="none")), at=(f"{STATEMENT}.Condition",)),
    ),
)


@each(CASES)
def test_exact_policy(case: Case) -> None:
    hold(CASES, case)
