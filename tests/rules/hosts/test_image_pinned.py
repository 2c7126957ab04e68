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
from tests.support.rule_templates import LOOKED_UP, OPEN, defaulted, mapped, opened

PINNED = "ami-0123456789abcdef0"
AT = ("Properties.LaunchTemplateData.ImageId",)


def template(image: Any) -> dict[str, Any]:
    return resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"ImageId": image})


def instance(**properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Instance", **properties)


def from_store(**named: Any) -> dict[str, Any]:
    kind = "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"
    default = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    return {**resources(**named), "Parameters": {"Open": {"Type": kind, "Default": default}}}


CASES = RuleCases(
    "hosts.image-pinned",
    (
        good("an image id", resources(It=template(PINNED))),
        good("an image id by region", mapped("eu-central-1", PINNED, It=template(LOOKED_UP))),
        good("an image id as a parameter's default", defaulted(PINNED, It=template(OPEN))),
        good(
            "an image made in the same templates",
            resources(It=template({"Fn::GetAtt": ["Image", "ImageId"]}), Image=resource("AWS::ImageBuilder::Image")),
        ),
        good("a parameter version, which never changes", resources(It=template("resolve:ssm:/images/ours:7"))),
        good("a parameter version, the other way", resources(It=template("{{resolve:ssm:/images/ours:7}}"))),
        bad("an SSM parameter, as CDK's latest images are written", from_store(It=template(OPEN)), at=AT),
        bad("an SSM parameter on an instance", from_store(It=instance(ImageId=OPEN)), at=("Properties.ImageId",)),
        bad(
            "an SSM parameter in the template's own words", resources(It=template("resolve:ssm:/images/latest")), at=AT
        ),
        bad("a dynamic reference", resources(It=template("{{resolve:ssm:/images/latest}}")), at=AT),
        bad(
            "a launch configuration",
            resources(It=resource("AWS::AutoScaling::LaunchConfiguration", ImageId="{{resolve:ssm:/images/latest}}")),
            at=("Properties.ImageId",),
        ),
        bad("no image id", resources(It=template("debian-13")), at=AT),
        bad("an instance without any", resources(It=instance()), at=("Properties.ImageId",)),
        good(
            "an instance that leaves it to its template, which is judged by itself",
            resources(It=instance(LaunchTemplate={"LaunchTemplateId": {"Ref": "Lt"}}), Lt=template(PINNED)),
        ),
        good(
            "a template that leaves it to whoever uses it",
            resources(It=resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={})),
        ),
        unknown("a parameter without default", opened(It=template(OPEN)), at=AT),
        unknown(
            "what a custom resource finds",
            resources(It=template({"Fn::GetAtt": ["Find", "Id"]}), Find=resource("Custom::Find")),
            at=AT,
        ),
        unknown("a region without an image", mapped("us-east-1", PINNED, It=template(LOOKED_UP)), at=AT),
        not_applicable("a volume", resources(It=resource("AWS::EC2::Volume"))),
    ),
)


@each(CASES)
def test_image_pinned(case: Case) -> None:
    hold(CASES, case)
