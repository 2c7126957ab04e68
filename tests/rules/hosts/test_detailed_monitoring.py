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


def instance(**properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Instance", **properties)


def template(**data: Any) -> dict[str, Any]:
    return resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=data)


def configuration(**properties: Any) -> dict[str, Any]:
    return resource("AWS::AutoScaling::LaunchConfiguration", **properties)


ENABLED = "Properties.LaunchTemplateData.Monitoring.Enabled"
BY_TEMPLATE = {"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Lt"}}}

CASES = RuleCases(
    "hosts.detailed-monitoring",
    (
        good("an instance", resources(It=instance(Monitoring=True))),
        good(
            "a template that only adds to an instance which says yes",
            resources(
                It=template(), Host=instance(Monitoring=True, LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}})
            ),
        ),
        bad(
            "a template whose instance says nothing",
            resources(It=template(), Host=instance(LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}})),
            at=(ENABLED,),
        ),
        bad(
            "a template that says no itself",
            resources(
                It=template(Monitoring={"Enabled": False}),
                Host=instance(Monitoring=True, LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}}),
            ),
            at=(ENABLED,),
        ),
        bad("an instance without", resources(It=instance()), at=("Properties.Monitoring",)),
        bad("an instance that says no", resources(It=instance(Monitoring="false")), at=("Properties.Monitoring",)),
        good(
            "an instance that leaves it to its template, which is judged by itself",
            resources(It=instance(**BY_TEMPLATE), Lt=template()),
        ),
        unknown(
            "an instance whose template is elsewhere",
            resources(It=instance(LaunchTemplate={"LaunchTemplateName": "theirs"})),
            at=("Properties.LaunchTemplate.LaunchTemplateName",),
        ),
        good("a template", resources(It=template(Monitoring={"Enabled": "true"}))),
        bad("a template without", resources(It=template()), at=(ENABLED,)),
        bad("a template that says no", resources(It=template(Monitoring={"Enabled": False})), at=(ENABLED,)),
        bad("a template with something else there", resources(It=template(Monitoring=True)), at=(ENABLED,)),
        good("a launch configuration, by its documented default", resources(It=configuration())),
        bad(
            "a launch configuration that says no",
            resources(It=configuration(InstanceMonitoring=False)),
            at=("Properties.InstanceMonitoring",),
        ),
        bad("a parameter's default", defaulted("false", It=template(Monitoring={"Enabled": OPEN})), at=(ENABLED,)),
        unknown("a parameter without default", opened(It=template(Monitoring={"Enabled": OPEN})), at=(ENABLED,)),
        not_applicable("a group", resources(It=resource("AWS::AutoScaling::AutoScalingGroup"))),
        bad(
            "an instance that undoes its template",
            resources(It=instance(Monitoring=False, **BY_TEMPLATE), Lt=template(Monitoring={"Enabled": True})),
            at=("Properties.Monitoring",),
        ),
    ),
)


@each(CASES)
def test_detailed_monitoring(case: Case) -> None:
    hold(CASES, case)
