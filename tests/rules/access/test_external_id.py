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

CONDITION = ("Properties.AssumeRolePolicyDocument.Statement.0.Condition",)
OTHER = "arn:aws:iam::222222222222:root"


def role(principal: Any, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole", **more}
    return resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": [statement]})


CASES = RuleCases(
    "access.external-id",
    (
        good("an external id", resources(It=role(OTHER, Condition={"StringEquals": {"sts:ExternalId": "x"}}))),
        good("a second factor", resources(It=role(OTHER, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))),
        good("one organisation", resources(It=role(OTHER, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}))),
        good("one role of it", resources(It=role("arn:aws:iam::222222222222:role/monitor"))),
        good("the own account", resources(It=role("arn:aws:iam::111111111111:root"))),
        good("the own account by reference", resources(It=role({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}))),
        good("an account that is chosen later", opened(It=role({"Fn::Sub": "arn:aws:iam::${Open}:root"}))),
        good("a deny", resources(It=role(OTHER, Effect="Deny"))),
        bad("a whole account", resources(It=role(OTHER)), at=CONDITION),
        bad("its number alone", resources(It=role(["222222222222"])), at=CONDITION),
        bad(
            "without a second factor",
            resources(It=role(OTHER, Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})),
            at=CONDITION,
        ),
        bad(
            "any external id",
            resources(It=role(OTHER, Condition={"StringLike": {"sts:ExternalId": "*"}})),
            at=CONDITION,
        ),
        bad("a parameter's default", defaulted(OTHER, It=role(OPEN)), at=CONDITION),
        unknown("a condition that is none", resources(It=role(OTHER, Condition="x")), at=CONDITION),
        not_applicable("a user", resources(It=resource("AWS::IAM::User"))),
    ),
)


@each(CASES)
def test_external_id(case: Case) -> None:
    hold(CASES, case)
