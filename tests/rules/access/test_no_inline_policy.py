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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, either, opened

INLINE = [{"PolicyName": "p", "PolicyDocument": {"Statement": []}}]

CASES = RuleCases(
    "access.no-inline-policy",
    (
        *(
            bad(kind, resources(It=resource(f"AWS::IAM::{kind}")), at=("Type",))
            for kind in ("Policy", "RolePolicy", "UserPolicy", "GroupPolicy")
        ),
        *(
            bad(
                f"{kind} with policies",
                resources(It=resource(f"AWS::IAM::{kind}", Policies=INLINE)),
                at=("Properties.Policies",),
            )
            for kind in ("Role", "User", "Group")
        ),
        bad(
            "a policy that is no list",
            resources(It=resource("AWS::IAM::Role", Policies=INLINE[0])),
            at=("Properties.Policies",),
        ),
        good("a role without", resources(It=resource("AWS::IAM::Role"))),
        good("an empty list", resources(It=resource("AWS::IAM::Role", Policies=[]))),
        good("nothing by NoValue", resources(It=resource("AWS::IAM::Role", Policies=[NO_VALUE]))),
        good(
            "an attached policy",
            resources(
                It=resource("AWS::IAM::Role", ManagedPolicyArns=[{"Ref": "P"}]), P=resource("AWS::IAM::ManagedPolicy")
            ),
        ),
        unknown("open policies", opened(It=resource("AWS::IAM::Role", Policies=OPEN)), at=("Properties.Policies",)),
        unknown(
            "a policy only sometimes",
            conditional(It=resource("AWS::IAM::Role", Policies=[either(INLINE[0], NO_VALUE)])),
            at=("Properties.Policies",),
        ),
        not_applicable("a managed policy", resources(It=resource("AWS::IAM::ManagedPolicy"))),
    ),
)


@each(CASES)
def test_no_inline_policy(case: Case) -> None:
    hold(CASES, case)
