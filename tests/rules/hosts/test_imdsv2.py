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
from tests.support.rule_templates import OPEN, allowed, defaulted, opened

TOKENS = "MetadataOptions.HttpTokens"
REQUIRED = {"MetadataOptions": {"HttpTokens": "required"}}


def template(**options: Any) -> dict[str, Any]:
    return resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"MetadataOptions": options})


def instance(**properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Instance", **properties)


def configuration(**options: Any) -> dict[str, Any]:
    return resource("AWS::AutoScaling::LaunchConfiguration", MetadataOptions=options)


CASES = RuleCases(
    "hosts.imdsv2",
    (
        good("required, one hop", resources(It=template(HttpTokens="required", HttpPutResponseHopLimit=1))),
        good("required, the documented default of one hop", resources(It=template(HttpTokens="required"))),
        good("no metadata at all", resources(It=template(HttpEndpoint="disabled", HttpPutResponseHopLimit=5))),
        good(
            "a template that only adds to an instance with the options",
            resources(
                It=resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"EbsOptimized": True}),
                Host=instance(LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}}, **REQUIRED),
            ),
        ),
        bad("optional", resources(It=template(HttpTokens="optional")), at=(f"Properties.LaunchTemplateData.{TOKENS}",)),
        bad("absent", resources(It=template()), at=(f"Properties.LaunchTemplateData.{TOKENS}",)),
        bad(
            "a template without options",
            resources(It=resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={})),
            at=(f"Properties.LaunchTemplateData.{TOKENS}",),
        ),
        good(
            "two hops are another rule's matter",
            resources(It=template(HttpTokens="required", HttpPutResponseHopLimit="2")),
        ),
        good("an instance", resources(It=instance(**REQUIRED))),
        bad("an instance without options", resources(It=instance()), at=(f"Properties.{TOKENS}",)),
        bad(
            "an instance that undoes its template",
            resources(
                It=instance(
                    MetadataOptions={"HttpTokens": "optional"}, LaunchTemplate={"LaunchTemplateId": {"Ref": "Lt"}}
                ),
                Lt=template(HttpTokens="required"),
            ),
            at=(f"Properties.{TOKENS}",),
        ),
        good(
            "an instance that leaves it to its template, which is judged by itself",
            resources(
                It=instance(LaunchTemplate={"LaunchTemplateId": {"Ref": "Lt"}}), Lt=template(HttpTokens="required")
            ),
        ),
        unknown(
            "an instance whose template is elsewhere",
            resources(It=instance(LaunchTemplate={"LaunchTemplateId": "lt-1"})),
            at=("Properties.LaunchTemplate.LaunchTemplateId",),
        ),
        good("a launch configuration", resources(It=configuration(HttpTokens="required", HttpPutResponseHopLimit=1))),
        bad(
            "a launch configuration without",
            resources(It=configuration(HttpPutResponseHopLimit=1)),
            at=(f"Properties.{TOKENS}",),
        ),
        bad(
            "a parameter's default",
            defaulted("optional", It=template(HttpTokens=OPEN)),
            at=(f"Properties.LaunchTemplateData.{TOKENS}",),
        ),
        unknown(
            "a parameter without default",
            opened(It=template(HttpTokens=OPEN)),
            at=(f"Properties.LaunchTemplateData.{TOKENS}",),
        ),
        unknown(
            "allowed values that disagree",
            allowed("required", "optional", It=template(HttpTokens=OPEN)),
            at=(f"Properties.LaunchTemplateData.{TOKENS}",),
        ),
        unknown(
            "an endpoint that may be off",
            opened(It=template(HttpTokens="optional", HttpEndpoint=OPEN)),
            at=(f"Properties.LaunchTemplateData.{TOKENS}",),
        ),
        bad(
            "options that are no map", resources(It=instance(MetadataOptions="required")), at=(f"Properties.{TOKENS}",)
        ),
        not_applicable("a volume", resources(It=resource("AWS::EC2::Volume"))),
    ),
)


@each(CASES)
def test_imdsv2(case: Case) -> None:
    hold(CASES, case)
