from __future__ import annotations

import json
from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import NO_VALUE, OPEN, defaulted, opened

FULL = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
EXACT = {**FULL, "Action": ["logs:PutLogEvents"]}
OWN_ACCOUNT = {"StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}}
FIRST = ("Properties.PolicyDocument.Statement.0",)
DOCUMENT = ("Properties.PolicyDocument",)


def endpoint(*statements: Any, **properties: Any) -> dict[str, Any]:
    policy = {"PolicyDocument": {"Statement": list(statements)}} if statements else {}
    return resource(
        "AWS::EC2::VPCEndpoint",
        **{"ServiceName": "com.amazonaws.eu-central-1.logs", "VpcEndpointType": "Interface", **policy, **properties},
    )


CASES = (
    RuleCases(
        "access.endpoint-policy",
        (
            good("exact actions", resources(It=endpoint(EXACT))),
            bad("absent on an interface endpoint", resources(It=endpoint()), at=DOCUMENT),
            bad("absent on a gateway endpoint", resources(It=endpoint(VpcEndpointType="Gateway")), at=DOCUMENT),
            bad(
                "absent without a type, which is a gateway's",
                resources(It=endpoint(VpcEndpointType=NO_VALUE)),
                at=DOCUMENT,
            ),
            unknown("an open policy", opened(It=endpoint(PolicyDocument=OPEN)), at=DOCUMENT),
            unknown("an open type", opened(It=endpoint(VpcEndpointType=OPEN)), at=("Properties.VpcEndpointType",)),
            not_applicable("a gateway load balancer's", resources(It=endpoint(VpcEndpointType="GatewayLoadBalancer"))),
            not_applicable(
                "another company's service",
                resources(It=endpoint(ServiceName="com.amazonaws.vpce.eu-central-1.vpce-svc-1")),
            ),
        ),
    ),
    RuleCases(
        "access.endpoint-policy-open",
        (
            good("exact actions", resources(It=endpoint(EXACT))),
            good("the own account only", resources(It=endpoint({**FULL, "Condition": OWN_ACCOUNT}))),
            good(
                "one role",
                resources(It=endpoint({**FULL, "Principal": {"AWS": "arn:aws:iam::111111111111:role/host"}})),
            ),
            good("one resource", resources(It=endpoint({**FULL, "Resource": "arn:aws:s3:::ours/*"}))),
            good("a deny of everything", resources(It=endpoint({**FULL, "Effect": "Deny"}))),
            bad("what AWS writes by default", resources(It=endpoint(FULL)), at=FIRST),
            bad(
                "the same with lists",
                resources(
                    It=endpoint({"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": ["*"], "Resource": ["*"]})
                ),
                at=FIRST,
            ),
            bad(
                "the same as JSON text",
                resources(It=endpoint(PolicyDocument=json.dumps({"Statement": [FULL]}))),
                at=FIRST,
            ),
            bad(
                "behind an exact statement",
                resources(It=endpoint(EXACT, FULL)),
                at=("Properties.PolicyDocument.Statement.1",),
            ),
            bad("a parameter's default", defaulted("*", It=endpoint({**FULL, "Action": OPEN})), at=FIRST),
            bad(
                "everything but one action on everything but one resource",
                resources(
                    It=endpoint(
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "NotAction": "logs:DeleteLogGroup",
                            "NotResource": "arn:aws:s3:::x",
                        }
                    )
                ),
                at=FIRST,
            ),
            bad(
                "everything but one action on everything",
                resources(
                    It=endpoint(
                        {"Effect": "Allow", "Principal": "*", "NotAction": "logs:DeleteLogGroup", "Resource": "*"}
                    )
                ),
                at=FIRST,
            ),
            unknown(
                "an open action",
                opened(It=endpoint({**FULL, "Action": OPEN})),
                at=("Properties.PolicyDocument.Statement.0.Action",),
            ),
            unknown("an open policy", opened(It=endpoint(PolicyDocument=OPEN)), at=DOCUMENT),
            unknown("a list", resources(It=endpoint(PolicyDocument=[FULL])), at=DOCUMENT),
            not_applicable("no policy", resources(It=endpoint())),
            not_applicable(
                "a gateway load balancer's", resources(It=endpoint(FULL, VpcEndpointType="GatewayLoadBalancer"))
            ),
        ),
    ),
)


@each_of(CASES)
def test_endpoint_policy(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
