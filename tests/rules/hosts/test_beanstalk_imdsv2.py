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

ENVIRONMENT = "AWS::ElasticBeanstalk::Environment"
TEMPLATE = "AWS::ElasticBeanstalk::ConfigurationTemplate"
AT = ("Properties.OptionSettings.1.Value",)


def options(value: Any) -> list[dict[str, Any]]:
    return [
        {"Namespace": "aws:autoscaling:asg", "OptionName": "MinSize", "Value": OPEN},
        {"Namespace": "aws:autoscaling:launchconfiguration", "OptionName": "DisableIMDSv1", "Value": value},
    ]


CASES = RuleCases(
    "hosts.beanstalk-imdsv2",
    (
        good("disabled", opened(It=resource(ENVIRONMENT, OptionSettings=options("true")))),
        good("left to the platform", resources(It=resource(ENVIRONMENT, ApplicationName="app"))),
        bad("both versions", opened(It=resource(ENVIRONMENT, OptionSettings=options("false"))), at=AT),
        bad("in a template", opened(It=resource(TEMPLATE, OptionSettings=options(False))), at=AT),
        bad("a parameter's default", defaulted("false", It=resource(TEMPLATE, OptionSettings=options(OPEN))), at=AT),
        unknown("a parameter without default", opened(It=resource(TEMPLATE, OptionSettings=options(OPEN))), at=AT),
        not_applicable("an application", resources(It=resource("AWS::ElasticBeanstalk::Application"))),
    ),
)


@each(CASES)
def test_beanstalk_imdsv2(case: Case) -> None:
    hold(CASES, case)
