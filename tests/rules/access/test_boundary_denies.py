from __future__ import annotations

import copy
from typing import Any

import pytest

from nexis.facts.iam_actions import is_known
from nexis.facts.permissions_boundary import DENIALS
from nexis.rules.access.boundary_denies import RULE
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
from tests.support.rule_templates import OPEN

WHERE = ("Properties.PolicyDocument.Statement",)
ROLE = {"Host": resource("AWS::IAM::Role", PermissionsBoundary={"Ref": "It"})}


def written() -> list[dict[str, Any]]:
    """The statements of the example, to be changed."""
    return copy.deepcopy(RULE.example["Boundary"]["Properties"]["PolicyDocument"]["Statement"])


def boundary(statements: Any, **more: Any) -> dict[str, Any]:
    name = {"ManagedPolicyName": "cdk-hnb659fds-boundary", **more}
    return resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Statement": statements}, **name)


def without(sid: str) -> list[dict[str, Any]]:
    return [statement for statement in written() if statement["Sid"] != sid]


def changed(sid: str, **elements: Any) -> list[dict[str, Any]]:
    return [{**s, **elements} if s["Sid"] == sid else s for s in written()]


def case(statements: Any, **more: Any) -> dict[str, Any]:
    return resources(It=boundary(statements, **more), **ROLE)


ELSEWHERE = {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}
REGIONS = {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1"]}}
OTHER = "arn:aws:iam::111111111111:policy/another"

CASES = RuleCases(
    "access.boundary-denies",
    (
        good("as the facts have it", case(written())),
        good("in one statement more", case([{"Effect": "Deny", "Action": "sso:*", "Resource": "*"}, *written()])),
        good("fewer regions", case(changed("DenyOtherRegions", Condition=REGIONS))),
        good(
            "CloudFormation is spared where keys go with their stack",
            case(
                changed(
                    "DenyErasingEvidence",
                    Condition={
                        "ArnNotEquals": {
                            "aws:PrincipalArn": "arn:aws:iam::111111111111:role/cdk-hnb659fds-cfn-exec-role-1-r"
                        }
                    },
                )
            ),
        ),
        *(bad(f"without {denial.sid}", case(without(denial.sid)), at=WHERE) for denial in DENIALS),
        *(
            bad(f"{denial.sid} only elsewhere", case(changed(denial.sid, Condition=ELSEWHERE)), at=WHERE)
            for denial in DENIALS
        ),
        *(
            bad(f"{denial.sid} of another policy", case(changed(denial.sid, Resource=OTHER)), at=WHERE)
            for denial in DENIALS
        ),
        *(
            bad(
                f"{denial.sid} without its last action",
                case(changed(denial.sid, Action=list(denial.actions[:-1]))),
                at=WHERE,
            )
            for denial in DENIALS
        ),
        bad("nothing but what it leaves", case(written()[:1]), at=WHERE),
        bad("nothing", case([]), at=WHERE),
        bad("other regions", case(without("DenyOtherRegions")), at=WHERE),
        bad(
            "a region that is not approved",
            case(changed("DenyOtherRegions", Condition={"StringNotEquals": {"aws:RequestedRegion": ["eu-south-2"]}})),
            at=WHERE,
        ),
        bad("every action spared", case(changed("DenyOtherRegions", NotAction=["*"])), at=WHERE),
        bad("EC2 spared", case(changed("DenyOtherRegions", NotAction=["iam:*", "ec2:*"])), at=WHERE),
        bad("what allows instead", case(changed("DenyLastingCredentials", Effect="Allow")), at=WHERE),
        bad(
            "another boundary will do",
            case(
                changed(
                    "DenyRolesWithoutThisBoundary", Condition={"StringNotEquals": {"iam:PermissionsBoundary": OTHER}}
                )
            ),
            at=WHERE,
        ),
        *(
            bad(
                f"{sid} in another account",
                case(changed(sid, Resource=f"arn:aws:iam::222222222222:{kind}/*")),
                at=WHERE,
            )
            for sid, kind in (("DenyChangingBootstrapRoles", "role"), ("DenyRewritingBootstrapPolicies", "policy"))
        ),
        bad(
            "every role of the stacks may switch hooks off",
            case(
                changed(
                    "DenySwitchingHooksOff",
                    Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/nexis-*"}},
                )
            ),
            at=WHERE,
        ),
        bad(
            "every principal is spared",
            case(
                changed(
                    "DenyErasingEvidence", Condition={"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::1:role/*"}}
                )
            ),
            at=WHERE,
        ),
        unknown(
            "a statement that is open",
            {"Parameters": {"Open": {"Type": "String"}}, **case([OPEN])},
            at=("Properties.PolicyDocument.Statement.0",),
        ),
        unknown(
            "an effect that is open",
            {"Parameters": {"Open": {"Type": "String"}}, **case(changed("DenyOtherRegions", Effect=OPEN))},
            at=("Properties.PolicyDocument.Statement.9.Effect",),
        ),
        not_applicable("a policy that bounds nobody", resources(It=boundary([]))),
        not_applicable(
            "a policy that is attached",
            resources(It=boundary([]), Host=resource("AWS::IAM::Role", ManagedPolicyArns=[{"Ref": "It"}])),
        ),
    ),
)


@each(CASES)
def test_boundary_denies(case: Case) -> None:
    hold(CASES, case)


@pytest.mark.parametrize("action", sorted({action for denial in DENIALS for action in denial.actions}))
def test_each_action_of_the_facts_is_one_that_iam_knows(action: str) -> None:
    assert is_known(action)
