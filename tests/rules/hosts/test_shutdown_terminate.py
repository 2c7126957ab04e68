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

TAG = {"Key": "nexis:cluster", "Value": "main"}
TAGGED = {"TagSpecifications": [{"ResourceType": "instance", "Tags": [TAG]}]}
SHUTDOWN = "InstanceInitiatedShutdownBehavior"
AT = (f"Properties.LaunchTemplateData.{SHUTDOWN}",)


def template(**data: Any) -> dict[str, Any]:
    return resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=data)


def instance(**properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Instance", Tags=[TAG], **properties)


GROUP = resource(
    "AWS::AutoScaling::AutoScalingGroup",
    LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}},
    Tags=[{**TAG, "PropagateAtLaunch": True}],
)

CASES = RuleCases(
    "hosts.shutdown-terminate",
    (
        good("a template of the cluster", resources(It=template(**TAGGED, **{SHUTDOWN: "terminate"}))),
        good(
            "a template that only adds to an instance which says it",
            resources(
                It=template(**TAGGED),
                Host=instance(LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}}, **{SHUTDOWN: "terminate"}),
            ),
        ),
        bad("stop", resources(It=template(**TAGGED, **{SHUTDOWN: "stop"})), at=AT),
        bad("absent", resources(It=template(**TAGGED)), at=AT),
        bad("a template tagged by its group", resources(It=template(), Group=GROUP), at=AT),
        bad(
            "a template that is tagged itself",
            resources(
                It=resource(
                    "AWS::EC2::LaunchTemplate",
                    LaunchTemplateData={},
                    TagSpecifications=[{"ResourceType": "launch-template", "Tags": [TAG]}],
                )
            ),
            at=AT,
        ),
        bad("a host of the cluster", resources(It=instance()), at=(f"Properties.{SHUTDOWN}",)),
        good(
            "a host of the cluster that leaves it to its template, which is judged by itself",
            resources(It=instance(LaunchTemplate={"LaunchTemplateId": {"Ref": "Lt"}}), Lt=template(**TAGGED)),
        ),
        unknown("a parameter without default", opened(It=template(**TAGGED, **{SHUTDOWN: OPEN})), at=AT),
        unknown(
            "a host whose template is elsewhere",
            resources(It=instance(LaunchTemplate={"LaunchTemplateId": "lt-1"})),
            at=("Properties.LaunchTemplate.LaunchTemplateId",),
        ),
        not_applicable("a template of something else", resources(It=template())),
        not_applicable("a template with odd tags", resources(It=template(TagSpecifications="nexis:cluster"))),
        not_applicable("an instance of something else", resources(It=resource("AWS::EC2::Instance"))),
        bad(
            "a host of the cluster that undoes its template",
            resources(
                It=instance(LaunchTemplate={"LaunchTemplateId": {"Ref": "Lt"}}, **{SHUTDOWN: "stop"}),
                Lt=template(**TAGGED, **{SHUTDOWN: "terminate"}),
            ),
            at=(f"Properties.{SHUTDOWN}",),
        ),
        not_applicable(
            "a template beside the cluster's group",
            resources(
                It=template(),
                Lt=template(),
                Group=resource(
                    "AWS::AutoScaling::AutoScalingGroup", Tags=[TAG], LaunchTemplate={"LaunchTemplateId": {"Ref": "Lt"}}
                ),
            ),
        ),
        not_applicable(
            "a template of a group of something else",
            resources(
                It=template(),
                Group=resource(
                    "AWS::AutoScaling::AutoScalingGroup", LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}}
                ),
            ),
        ),
        not_applicable(
            "a template that a group of the cluster may use",
            opened(
                It=template(),
                Group=resource(
                    "AWS::AutoScaling::AutoScalingGroup", Tags=[TAG], LaunchTemplate={"LaunchTemplateId": OPEN}
                ),
            ),
        ),
    ),
)


@each(CASES)
def test_shutdown_terminate(case: Case) -> None:
    hold(CASES, case)
