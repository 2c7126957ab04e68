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
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened

RESOURCE = ("Properties.PolicyDocument.Statement.0.Resource",)
ANY_ROLE = "arn:aws:iam::111111111111:role/*"


def policy(action: Any = "iam:PassRole", on: Any = "*", **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": on, **more}
    return resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Statement": [statement]})


def to(service: Any) -> dict[str, Any]:
    return {"StringEquals": {"iam:PassedToService": service}}


CASES = RuleCases(
    "access.pass-role",
    (
        good("one role", resources(It=policy(on="arn:aws:iam::111111111111:role/task"))),
        good("roles by their path", resources(It=policy(on="arn:aws:iam::111111111111:role/tasks/*"))),
        good("any role, to one service", resources(It=policy(Condition=to("ecs-tasks.amazonaws.com")))),
        good("a deny of everything", resources(It=policy(Effect="Deny"))),
        good("another action", resources(It=policy("ec2:DescribeInstances"))),
        good("everything, which another rule names", resources(It=policy("*"))),
        good("an action that is not known", opened(It=policy(OPEN))),
        good(
            "a role of which only the account is not known",
            opened(It=policy(on={"Fn::Sub": "arn:aws:iam::${Open}:role/task"})),
        ),
        bad("every resource", resources(It=policy()), at=RESOURCE),
        bad("every role", resources(It=policy(on=ANY_ROLE)), at=RESOURCE),
        bad("every role of every account", resources(It=policy(on=["arn:aws:iam::*:role/*"])), at=RESOURCE),
        bad("by a pattern", resources(It=policy("iam:Pass*")), at=RESOURCE),
        bad("among others", resources(It=policy(["s3:GetObject", "IAM:passrole"])), at=RESOURCE),
        bad(
            "to every service",
            resources(It=policy(Condition={"StringLike": {"iam:PassedToService": "*"}})),
            at=RESOURCE,
        ),
        bad(
            "every role of an account that is not known",
            opened(It=policy(on={"Fn::Sub": "arn:aws:iam::${Open}:role/*"})),
            at=RESOURCE,
        ),
        bad("a parameter's default", defaulted("*", It=policy(on=OPEN)), at=RESOURCE),
        bad(
            "a role's inline policy",
            resources(
                It=resource(
                    "AWS::IAM::Role",
                    Policies=[
                        {
                            "PolicyDocument": {
                                "Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
                            }
                        }
                    ],
                )
            ),
            at=("Properties.Policies.0.PolicyDocument.Statement.0.Resource",),
        ),
        good("a role that a parameter names", opened(It=policy(on=OPEN))),
        good("what is no role", resources(It=policy(on=["arn:aws:s3:::bucket/*", "arn:aws:iam::1:role/x"]))),
        unknown("an open role", opened(It=policy(on=OPEN)), at=RESOURCE, strict=True),
        unknown("every role sometimes", conditional(It=policy(on=either("*", "arn:aws:iam::1:role/x"))), at=RESOURCE),
        not_applicable("a bucket", resources(It=resource("AWS::S3::Bucket"))),
    ),
)


@each(CASES)
def test_pass_role(case: Case) -> None:
    hold(CASES, case)
