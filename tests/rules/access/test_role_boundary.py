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

WHERE = ("Properties.PermissionsBoundary",)
ARN = "arn:aws:iam::111111111111:policy/cdk-hnb659fds-boundary"

CASES = RuleCases(
    "access.role-boundary",
    (
        good("a role with one", resources(It=resource("AWS::IAM::Role", PermissionsBoundary=ARN))),
        good("a user with one", resources(It=resource("AWS::IAM::User", PermissionsBoundary=ARN))),
        good("one that is chosen later", opened(It=resource("AWS::IAM::Role", PermissionsBoundary=OPEN))),
        *(
            bad(
                f"a policy of AWS's own, {name}",
                resources(It=resource("AWS::IAM::Role", PermissionsBoundary=arn)),
                at=WHERE,
            )
            for name, arn in (
                ("everything", "arn:aws:iam::aws:policy/AdministratorAccess"),
                ("nearly everything", {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/PowerUserAccess"}),
            )
        ),
        bad("a role without", resources(It=resource("AWS::IAM::Role")), at=WHERE),
        bad("a user without", resources(It=resource("AWS::IAM::User")), at=WHERE),
        bad("none after all", resources(It=resource("AWS::IAM::Role", PermissionsBoundary=NO_VALUE)), at=WHERE),
        unknown(
            "only in one case",
            conditional(It=resource("AWS::IAM::Role", PermissionsBoundary=either(ARN, NO_VALUE))),
            at=WHERE,
        ),
        unknown(
            "what a macro makes",
            resources(It={"Type": "AWS::IAM::Role", "Properties": {"Fn::Transform": {"Name": "Bounded"}}}),
            at=WHERE,
        ),
        not_applicable("a group, which can have none", resources(It=resource("AWS::IAM::Group"))),
    ),
)


@each(CASES)
def test_role_boundary(case: Case) -> None:
    hold(CASES, case)
