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

INLINE = [{"PolicyName": "p", "PolicyDocument": {"Statement": []}}]


def user(**properties: Any) -> dict[str, Any]:
    return resource("AWS::IAM::User", **properties)


CASES = RuleCases(
    "access.user-policies",
    (
        good("a user in a group", resources(It=user(Groups=["readers"]))),
        good("an empty list", resources(It=user(Policies=[], ManagedPolicyArns=[NO_VALUE]))),
        good("a policy of a role", resources(It=resource("AWS::IAM::Policy", Roles=["host"]))),
        bad("a policy in the user", resources(It=user(Policies=INLINE)), at=("Properties.Policies",)),
        bad(
            "a managed policy of the user",
            resources(It=user(ManagedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess"])),
            at=("Properties.ManagedPolicyArns",),
        ),
        bad("a policy for a user", resources(It=resource("AWS::IAM::Policy", Users=["ci"])), at=("Properties.Users",)),
        bad(
            "a managed policy for a user",
            resources(It=resource("AWS::IAM::ManagedPolicy", Users=[{"Ref": "U"}]), U=user()),
            at=("Properties.Users",),
        ),
        bad("a user's own policy", resources(It=resource("AWS::IAM::UserPolicy", UserName="ci")), at=("Type",)),
        unknown("open users", opened(It=resource("AWS::IAM::Policy", Users=OPEN)), at=("Properties.Users",)),
        unknown("sometimes", conditional(It=user(Policies=[either(INLINE[0], NO_VALUE)])), at=("Properties.Policies",)),
        not_applicable("a group", resources(It=resource("AWS::IAM::Group", Policies=INLINE))),
    ),
)


@each(CASES)
def test_user_policies(case: Case) -> None:
    hold(CASES, case)
