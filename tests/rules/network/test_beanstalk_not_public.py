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

AT = ("Properties.OptionSettings.0.Value",)


def option(name: str, value: Any, namespace: str = "aws:ec2:vpc") -> dict[str, Any]:
    return {"Namespace": namespace, "OptionName": name, "Value": value}


def environment(*options: Any) -> dict[str, Any]:
    return resource("AWS::ElasticBeanstalk::Environment", OptionSettings=list(options))


CASES = RuleCases(
    "network.beanstalk-not-public",
    (
        good(
            "private",
            resources(It=environment(option("AssociatePublicIpAddress", "false"), option("ELBScheme", "internal"))),
        ),
        good("another option", resources(It=environment(option("Subnets", "subnet-1")))),
        bad("public hosts", resources(It=environment(option("AssociatePublicIpAddress", "true"))), at=AT),
        bad("a public load balancer", resources(It=environment(option("ELBScheme", "public"))), at=AT),
        bad(
            "in a saved configuration",
            resources(
                It=resource(
                    "AWS::ElasticBeanstalk::ConfigurationTemplate",
                    OptionSettings=[option("AssociatePublicIpAddress", True)],
                )
            ),
            at=AT,
        ),
        bad("a parameter's default", defaulted("public", It=environment(option("ELBScheme", OPEN))), at=AT),
        unknown("a parameter", opened(It=environment(option("ELBScheme", OPEN))), at=AT),
        not_applicable("options of something else", resources(It=environment(option("ELBScheme", "public", "x")))),
        not_applicable("an application", resources(It=resource("AWS::ElasticBeanstalk::Application"))),
    ),
)


@each(CASES)
def test_beanstalk_not_public(case: Case) -> None:
    hold(CASES, case)
