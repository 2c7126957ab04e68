from __future__ import annotations

from tests.rules.network.test_no_egress_default import LIST, NOTHING_MAY_LEAVE, group, rule
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

CASES = RuleCases(
    "network.egress-listed",
    (
        bad("absent", resources(It=resource("AWS::EC2::SecurityGroup")), at=(LIST,)),
        bad("an empty list", resources(It=group()), at=(LIST,)),
        bad(
            "only separate rules, which leave the default where it is",
            resources(
                It=resource("AWS::EC2::SecurityGroup"),
                Out=rule(IpProtocol="tcp", FromPort=443, ToPort=443, CidrIp="10.0.0.0/8"),
            ),
            at=(LIST,),
        ),
        good("nothing may leave", resources(It=group(NOTHING_MAY_LEAVE))),
        unknown("a list that may be empty", conditional(It=group(either(NOTHING_MAY_LEAVE, NO_VALUE))), at=(LIST,)),
        unknown("an open list", opened(It=resource("AWS::EC2::SecurityGroup", SecurityGroupEgress=OPEN)), at=(LIST,)),
        not_applicable("a default group", resources(It=resource("AWS::EC2::SecurityGroup", GroupName="default"))),
    ),
)


@each(CASES)
def test_egress_listed(case: Case) -> None:
    hold(CASES, case)
