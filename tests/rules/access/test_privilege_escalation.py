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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, defaulted, either, opened

ACTION = ("Properties.PolicyDocument.Statement.0.Action",)


def allow(action: Any, on: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": on, **more}


def policy(*statements: Any, kind: str = "ManagedPolicy", **more: Any) -> dict[str, Any]:
    return resource(f"AWS::IAM::{kind}", PolicyDocument={"Statement": list(statements)}, **more)


CASES = RuleCases(
    "access.privilege-escalation",
    (
        good("reading", resources(It=policy(allow(["iam:List*", "iam:Get*", "ec2:Describe*"])))),
        good("one user", resources(It=policy(allow("iam:CreateAccessKey", "arn:aws:iam::111111111111:user/ci")))),
        good(
            "one's own keys",
            resources(It=policy(allow("iam:CreateAccessKey", "arn:aws:iam::111111111111:user/${aws:username}"))),
        ),
        good(
            "within a permissions boundary",
            resources(
                It=policy(
                    allow(
                        "iam:PutRolePolicy",
                        Condition={"ArnEquals": {"iam:PermissionsBoundary": "arn:aws:iam::1:policy/b"}},
                    )
                )
            ),
        ),
        good(
            "a chosen role and any function",
            resources(
                It=policy(
                    allow("iam:PassRole", "arn:aws:iam::111111111111:role/task"), allow("lambda:CreateFunction", "*")
                )
            ),
        ),
        good("half of a way", resources(It=policy(allow("ec2:RunInstances")))),
        good("denied", resources(It=policy(allow("iam:PutUserPolicy"), allow("iam:*", Effect="Deny")))),
        good("everything, which another rule names", resources(It=policy(allow("*")))),
        good("an action that is not known", opened(It=policy(allow(OPEN)))),
        bad("a new policy version", resources(It=policy(allow("iam:CreatePolicyVersion"))), at=ACTION),
        bad(
            "every user's keys",
            resources(It=policy(allow("iam:CreateAccessKey", "arn:aws:iam::111111111111:user/*"))),
            at=ACTION,
        ),
        bad("by a pattern", resources(It=policy(allow(["s3:GetObject", "iam:Attach*"]))), at=ACTION),
        bad(
            "any role into a new function, over two statements",
            resources(
                It=policy(allow("iam:PassRole", "arn:aws:iam::*:role/*"), allow("lambda:CreateFunction", "arn:x"))
            ),
            at=("Properties.PolicyDocument.Statement.1.Action",),
        ),
        bad(
            "any role onto a new host",
            resources(It=policy(allow(["ec2:RunInstances", "iam:PassRole"]))),
            at=ACTION,
        ),
        bad("other code for any function", resources(It=policy(allow("lambda:UpdateFunctionCode"))), at=ACTION),
        bad("commands on any host", resources(It=policy(allow("ssm:SendCommand"), kind="Policy")), at=ACTION),
        bad(
            "denied only sometimes",
            resources(
                It=policy(
                    allow("iam:PutUserPolicy"),
                    allow("iam:*", Effect="Deny", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}),
                )
            ),
            at=ACTION,
        ),
        bad("a parameter's default", defaulted("iam:PutGroupPolicy", It=policy(allow(OPEN))), at=ACTION),
        bad(
            "a role by its own policy and one attached to it",
            resources(
                It=resource("AWS::IAM::Role", Policies=[{"PolicyDocument": {"Statement": allow("iam:PassRole")}}]),
                P=policy(allow("ecs:RunTask", "arn:task"), kind="Policy", Roles=[{"Ref": "It"}]),
            ),
            at=("Properties",),
        ),
        bad(
            "a user by two managed policies",
            resources(
                It=resource("AWS::IAM::User", ManagedPolicyArns=[{"Ref": "P"}]),
                P=policy(allow("iam:PassRole")),
                Q=policy(allow("cloudformation:CreateStack", "arn:stack"), Users=[{"Ref": "It"}]),
            ),
            at=("Properties",),
        ),
        good(
            "a role with one policy that is said by itself",
            resources(
                It=resource("AWS::IAM::Role"),
                P=policy(allow("iam:PutRolePolicy"), kind="Policy", Roles=[{"Ref": "It"}]),
            ),
        ),
        good(
            "two roles with half of a way each",
            resources(
                It=resource("AWS::IAM::Role"),
                Other=resource("AWS::IAM::Role"),
                P=policy(allow("iam:PassRole"), kind="RolePolicy", RoleName={"Ref": "It"}),
                Q=policy(allow("ecs:RunTask"), kind="RolePolicy", RoleName={"Ref": "Other"}),
            ),
        ),
        unknown(
            "an open resource",
            opened(It=policy(allow("iam:PutUserPolicy", OPEN))),
            at=("Properties.PolicyDocument.Statement.0.Resource",),
            strict=True,
        ),
        good(
            "one function, and all objects of a bucket",
            resources(
                It=policy(
                    allow(
                        ["lambda:UpdateFunctionCode", "s3:GetObject"],
                        ["arn:aws:lambda:eu-central-1:1:function:one", "arn:aws:s3:::artifacts/*"],
                    )
                )
            ),
        ),
        good("a user that a parameter names", opened(It=policy(allow("iam:PutUserPolicy", OPEN)))),
        unknown(
            "a statement only sometimes",
            conditional(It=policy(either(allow("iam:PutUserPolicy"), NO_VALUE))),
            at=ACTION,
        ),
        not_applicable("a bucket policy", resources(It=resource("AWS::S3::BucketPolicy"))),
    ),
)


@each(CASES)
def test_privilege_escalation(case: Case) -> None:
    hold(CASES, case)
