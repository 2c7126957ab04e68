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
from tests.support.rule_templates import OPEN, opened

ENVIRONMENT = "AWS::ElasticBeanstalk::Environment"
TEMPLATE = "AWS::ElasticBeanstalk::ConfigurationTemplate"
AT = ("Properties.OptionSettings",)


def options(value: Any) -> list[dict[str, Any]]:
    return [
        {"Namespace": "aws:autoscaling:asg", "OptionName": "MinSize", "Value": "1"},
        {"Namespace": "aws:elasticbeanstalk:managedactions", "OptionName": "ManagedActionsEnabled", "Value": value},
    ]


CASES = RuleCases(
    "hosts.beanstalk-managed-updates",
    (
        good("enabled", resources(It=resource(ENVIRONMENT, OptionSettings=options("true")))),
        good(
            "enabled in its template",
            resources(
                It=resource(ENVIRONMENT, TemplateName={"Ref": "From"}),
                From=resource(TEMPLATE, OptionSettings=options(True)),
            ),
        ),
        bad("absent", resources(It=resource(ENVIRONMENT, ApplicationName="app")), at=AT),
        bad(
            "disabled",
            resources(It=resource(ENVIRONMENT, OptionSettings=options("false"))),
            at=("Properties.OptionSettings.1.Value",),
        ),
        bad(
            "disabled in its template",
            resources(
                It=resource(ENVIRONMENT, TemplateName={"Ref": "From"}),
                From=resource(TEMPLATE, OptionSettings=options("false")),
            ),
            at=("Properties.TemplateName",),
        ),
        unknown(
            "a template elsewhere",
            resources(It=resource(ENVIRONMENT, TemplateName="theirs")),
            at=("Properties.TemplateName",),
        ),
        unknown(
            "a parameter without default",
            opened(It=resource(ENVIRONMENT, OptionSettings=options(OPEN))),
            at=("Properties.OptionSettings.1.Value",),
        ),
        not_applicable("an application", resources(It=resource("AWS::ElasticBeanstalk::Application"))),
    ),
)


@each(CASES)
def test_beanstalk_managed_updates(case: Case) -> None:
    hold(CASES, case)
