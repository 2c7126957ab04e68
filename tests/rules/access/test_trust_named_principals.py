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
from tests.support.rule_templates import OPEN, opened

WHERE = ("Properties.AssumeRolePolicyDocument.Statement.0.Condition",)
TRUSTED = ("Properties.AssumeRolePolicyDocument.Statement.0.Principal",)
CLOUDFORMATION = "cloudformation.amazonaws.com"
OTHER = ("Properties.AssumeRolePolicyDocument.Statement.0.Principal.AWS",)
DEPLOYER = "arn:aws:iam::111111111111:role/deployer"
ACCOUNTS: tuple[Any, ...] = (
    "111111111111",
    "arn:aws:iam::111111111111:root",
    {"Ref": "AWS::AccountId"},
    {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"},
    [DEPLOYER, "111111111111"],
)


def trusting(principal: Any, condition: Any = None, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    if condition is not None:
        statement["Condition"] = condition
    return resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": [statement]})


CASES = RuleCases(
    "access.trust-named-principals",
    (
        *(bad(f"{account}", resources(It=trusting({"AWS": account})), at=WHERE) for account in ACCOUNTS),
        *(
            good(
                f"{account}, one role of it",
                resources(It=trusting({"AWS": account}, {"ArnEquals": {"aws:PrincipalArn": DEPLOYER}})),
            )
            for account in ACCOUNTS
        ),
        good("CloudFormation alone", resources(It=trusting({"Service": CLOUDFORMATION}))),
        good("another service, without CloudFormation", resources(It=trusting({"Service": "lambda.amazonaws.com"}))),
        bad(
            "CloudFormation and another service",
            resources(It=trusting({"Service": [CLOUDFORMATION, "lambda.amazonaws.com"]})),
            at=TRUSTED,
        ),
        bad(
            "CloudFormation and a role of the account, named",
            resources(
                It=trusting({"Service": CLOUDFORMATION, "AWS": DEPLOYER}, {"ArnEquals": {"aws:PrincipalArn": DEPLOYER}})
            ),
            at=TRUSTED,
        ),
        bad(
            "CloudFormation, and in a second statement a function",
            resources(
                It=resource(
                    "AWS::IAM::Role",
                    AssumeRolePolicyDocument={
                        "Statement": [
                            {"Effect": "Allow", "Principal": {"Service": CLOUDFORMATION}, "Action": "sts:AssumeRole"},
                            {
                                "Effect": "Allow",
                                "Principal": {"Service": "lambda.amazonaws.com"},
                                "Action": "sts:AssumeRole",
                            },
                        ]
                    },
                )
            ),
            at=("Properties.AssumeRolePolicyDocument.Statement.1.Principal",),
        ),
        bad(
            "CloudFormation and a service that is open",
            opened(It=trusting({"Service": [CLOUDFORMATION, OPEN]})),
            at=TRUSTED,
        ),
        bad(
            "only not by a deputy",
            resources(It=trusting({"AWS": "111111111111"}, {"Null": {"sts:ExternalId": "true"}})),
            at=WHERE,
        ),
        bad(
            "every principal",
            resources(It=trusting({"AWS": "111111111111"}, {"ArnLike": {"aws:PrincipalArn": "*"}})),
            at=WHERE,
        ),
        bad(
            "the principal, if the request says one",
            resources(It=trusting({"AWS": "111111111111"}, {"ArnEqualsIfExists": {"aws:PrincipalArn": DEPLOYER}})),
            at=WHERE,
        ),
        *(
            bad(
                f"callers by {pattern}",
                resources(It=trusting({"AWS": {"Ref": "AWS::AccountId"}}, {"ArnLike": {"aws:PrincipalArn": pattern}})),
                at=WHERE,
            )
            for pattern in (
                "arn:*",
                "arn:aws:iam::*:role/deployer",
                "arn:aws:iam::111111111111:*",
                "arn:aws:iam::111111111111:role/*",
                [DEPLOYER, "arn:aws:iam::111111111111:role/*"],
            )
        ),
        good(
            "a role whose name begins so",
            resources(
                It=trusting({"AWS": "111111111111"}, {"ArnLike": {"aws:PrincipalArn": f"{DEPLOYER}-*"}}),
            ),
        ),
        good(
            "a role that a parameter names",
            opened(
                It=trusting(
                    {"AWS": {"Ref": "AWS::AccountId"}},
                    {
                        "ArnEquals": {
                            "aws:PrincipalArn": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Open}"}
                        }
                    },
                )
            ),
        ),
        *(
            bad(f"of another account {principal}", resources(It=trusting({"AWS": principal})), at=OTHER)
            for principal in (
                "arn:aws:iam::222222222222:role/ci",
                [DEPLOYER, "arn:aws:iam::222222222222:user/ci"],
                "arn:aws:sts::222222222222:assumed-role/ci/run",
            )
        ),
        bad(
            "another account, with a condition",
            resources(It=trusting({"AWS": "222222222222"}, {"ArnEquals": {"aws:PrincipalArn": DEPLOYER}})),
            at=OTHER,
        ),
        good("a role", resources(It=trusting({"AWS": DEPLOYER}))),
        good("a service", resources(It=trusting({"Service": "ec2.amazonaws.com"}))),
        good("what is denied", resources(It=trusting({"AWS": "111111111111"}, Effect="Deny"))),
        good("a role without a trust policy", resources(It=resource("AWS::IAM::Role"))),
        unknown("a condition that is open", opened(It=trusting({"AWS": "111111111111"}, OPEN)), at=WHERE),
        not_applicable("a user", resources(It=resource("AWS::IAM::User"))),
    ),
)


@each(CASES)
def test_trust_named_principals(case: Case) -> None:
    hold(CASES, case)
