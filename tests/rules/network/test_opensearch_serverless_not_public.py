from __future__ import annotations

import json
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
from tests.support.rule_templates import OPEN, conditional, either, opened

AT = ("Properties.Policy",)
RULES = [{"ResourceType": "collection", "Resource": ["collection/orders"]}]
PRIVATE = json.dumps([{"Rules": RULES, "AllowFromPublic": False, "SourceVPCEs": ["vpce-1"]}])
PUBLIC = json.dumps([{"Rules": RULES, "SourceVPCEs": ["vpce-1"]}, {"Rules": RULES, "AllowFromPublic": True}])


def policy(text: Any, kind: Any = "network") -> dict[str, Any]:
    return resource("AWS::OpenSearchServerless::SecurityPolicy", Name="orders", Type=kind, Policy=text)


SUBSTITUTED = {"Fn::Sub": '[{"Rules": [{"Resource": ["collection/${End}"]}], "AllowFromPublic": true}]'}
QUIET = {"Fn::Sub": '[{"Rules": [], "AllowFromPublic": false, "SourceVPCEs": ["${End}"]}]'}
END = resource("AWS::OpenSearchServerless::VpcEndpoint", Name="end")

CASES = RuleCases(
    "network.opensearch-serverless-not-public",
    (
        good("from a VPC", resources(It=policy(PRIVATE))),
        good("from a VPC that is made here", resources(It=policy(QUIET), End=END)),
        good("one entry, not in a list", resources(It=policy('{"SourceVPCEs": []}'))),
        bad("one of two entries", resources(It=policy(PUBLIC)), at=AT),
        bad("with a name that is made here", resources(It=policy(SUBSTITUTED), End=END), at=AT),
        bad("a map", resources(It=policy([{"AllowFromPublic": "true"}])), at=AT),
        unknown("no JSON", resources(It=policy("[{")), at=AT),
        unknown("an open policy", opened(It=policy(OPEN)), at=AT),
        unknown("a condition", conditional(It=policy(either(PUBLIC, PRIVATE))), at=AT),
        not_applicable("an encryption policy", resources(It=policy("{}", "encryption"))),
    ),
)


@each(CASES)
def test_opensearch_serverless_not_public(case: Case) -> None:
    hold(CASES, case)
