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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, either, opened

FIRST = ("Properties.ManagedPolicyArns.0",)
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
QUEUES = {"Statement": [{"Effect": "Allow", "Action": "sqs:CreateQueue", "Resource": "arn:aws:sqs:*:*:app-*"}]}
BOUNDARY = {"PermissionsBoundary": "arn:aws:iam::111111111111:policy/boundary"}


def execution(service: Any = "cloudformation.amazonaws.com", **properties: Any) -> dict[str, Any]:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    return resource("AWS::IAM::Role", AssumeRolePolicyDocument=trust, **properties)


def inline(document: Any) -> list[Any]:
    return [{"PolicyName": "p", "PolicyDocument": document}]


CASES = RuleCases(
    "access.execution-role",
    (
        good("policies of its own", resources(It=execution(ManagedPolicyArns=["arn:aws:iam::1:policy/queues"]))),
        good("nothing at all", resources(It=execution())),
        good("an exact policy in it", resources(It=execution(Policies=inline(QUEUES)))),
        good("an administrator in bounds", resources(It=execution(ManagedPolicyArns=[ADMINISTRATOR], **BOUNDARY))),
        good(
            "a role of another service", resources(It=execution("ec2.amazonaws.com", ManagedPolicyArns=[ADMINISTRATOR]))
        ),
        good(
            "a policy of the template that is exact",
            resources(
                It=execution(ManagedPolicyArns=[{"Ref": "P"}]),
                P=resource("AWS::IAM::ManagedPolicy", PolicyDocument=QUEUES),
            ),
        ),
        bad(
            "an administrator in bounds that are none",
            resources(It=execution(ManagedPolicyArns=[ADMINISTRATOR], PermissionsBoundary=ADMINISTRATOR)),
            at=FIRST,
        ),
        bad("an administrator", resources(It=execution(ManagedPolicyArns=[ADMINISTRATOR])), at=FIRST),
        bad(
            "an administrator of whatever partition",
            resources(
                It=execution(
                    ManagedPolicyArns=[{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"}]
                )
            ),
            at=FIRST,
        ),
        bad(
            "among other services",
            resources(
                It=execution(["ec2.amazonaws.com", "cloudformation.amazonaws.com"], ManagedPolicyArns=[ADMINISTRATOR])
            ),
            at=FIRST,
        ),
        bad(
            "who may do everything",
            resources(It=execution(Policies=inline(EVERYTHING))),
            at=("Properties.Policies.0.PolicyDocument",),
        ),
        bad(
            "with a policy of the template that allows everything",
            resources(
                It=execution(ManagedPolicyArns=[{"Ref": "P"}]),
                P=resource("AWS::IAM::ManagedPolicy", PolicyDocument=EVERYTHING),
            ),
            at=FIRST,
        ),
        unknown(
            "unless somebody chooses otherwise",
            conditional(It=execution(ManagedPolicyArns=either(["arn:aws:iam::1:policy/p"], [ADMINISTRATOR]))),
            at=FIRST,
        ),
        unknown(
            "in bounds only if somebody chooses so",
            conditional(
                It=execution(
                    ManagedPolicyArns=[ADMINISTRATOR], PermissionsBoundary=either("arn:aws:iam::1:policy/b", NO_VALUE)
                )
            ),
            at=FIRST,
        ),
        unknown(
            "policies that are open", opened(It=execution(ManagedPolicyArns=OPEN)), at=("Properties.ManagedPolicyArns",)
        ),
        unknown(
            "actions that are open",
            opened(
                It=execution(Policies=inline({"Statement": [{"Effect": "Allow", "Action": OPEN, "Resource": "*"}]}))
            ),
            at=("Properties.Policies.0.PolicyDocument.Statement.0.Action",),
            strict=True,
        ),
        not_applicable("a user", resources(It=resource("AWS::IAM::User", ManagedPolicyArns=[ADMINISTRATOR]))),
    ),
)


@each(CASES)
def test_execution_role(case: Case) -> None:
    hold(CASES, case)
