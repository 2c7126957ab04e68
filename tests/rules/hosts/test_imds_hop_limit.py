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

AT = ("Properties.LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",)


def template(**options: Any) -> dict[str, Any]:
    return resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"MetadataOptions": options})


CASES = RuleCases(
    "hosts.imds-hop-limit",
    (
        good("one", resources(It=template(HttpPutResponseHopLimit=1))),
        good("the default", resources(It=template(HttpTokens="required"))),
        good("no metadata at all", resources(It=template(HttpEndpoint="disabled", HttpPutResponseHopLimit=5))),
        bad("two", resources(It=template(HttpPutResponseHopLimit="2")), at=AT),
        bad("a parameter's default", defaulted(3, It=template(HttpPutResponseHopLimit=OPEN)), at=AT),
        unknown("a parameter without default", opened(It=template(HttpPutResponseHopLimit=OPEN)), at=AT),
        not_applicable("a volume", resources(It=resource("AWS::EC2::Volume"))),
    ),
)


@each(CASES)
def test_imds_hop_limit(case: Case) -> None:
    hold(CASES, case)
