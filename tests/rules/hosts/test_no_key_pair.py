from __future__ import annotations

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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, defaulted, either, opened

KEY = {"KeyName": "ours"}

CASES = RuleCases(
    "hosts.no-key-pair",
    (
        good("an instance without", resources(It=resource("AWS::EC2::Instance"))),
        good("a template without", resources(It=resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={}))),
        good("nothing by NoValue", resources(It=resource("AWS::EC2::Instance", KeyName=NO_VALUE))),
        good("an empty parameter", defaulted("", It=resource("AWS::EC2::Instance", KeyName=OPEN))),
        bad("an instance", resources(It=resource("AWS::EC2::Instance", **KEY)), at=("Properties.KeyName",)),
        bad(
            "a template",
            resources(It=resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=KEY)),
            at=("Properties.LaunchTemplateData.KeyName",),
        ),
        bad(
            "a launch configuration",
            resources(It=resource("AWS::AutoScaling::LaunchConfiguration", **KEY)),
            at=("Properties.KeyName",),
        ),
        bad(
            "a key pair of the same template",
            resources(It=resource("AWS::EC2::Instance", KeyName={"Ref": "Key"}), Key=resource("AWS::EC2::KeyPair")),
            at=("Properties.KeyName",),
        ),
        bad(
            "a parameter's default",
            defaulted("ours", It=resource("AWS::EC2::Instance", KeyName=OPEN)),
            at=("Properties.KeyName",),
        ),
        unknown(
            "a parameter without default",
            opened(It=resource("AWS::EC2::Instance", KeyName=OPEN)),
            at=("Properties.KeyName",),
        ),
        unknown(
            "a key only sometimes",
            conditional(It=resource("AWS::EC2::Instance", KeyName=either("ours", NO_VALUE))),
            at=("Properties.KeyName",),
        ),
        bad("a list", resources(It=resource("AWS::EC2::Instance", KeyName=["ours"])), at=("Properties.KeyName",)),
        not_applicable("a key pair", resources(It=resource("AWS::EC2::KeyPair", **KEY))),
    ),
)


@each(CASES)
def test_no_key_pair(case: Case) -> None:
    hold(CASES, case)
