from __future__ import annotations

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
from tests.support.rule_templates import IMPORTED, OPEN, conditional, defaulted, either, opened

BUS = "AWS::Events::EventBusPolicy"
SERVICE = "AWS::EC2::VPCEndpointServicePermissions"
SHARE = "AWS::RAM::ResourceShare"
PRINCIPAL = ("Properties.Principal",)
EXTERNAL = ("Properties.AllowExternalPrincipals",)
EVERYONE = {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": "*"}
OURS = {"StringEquals": {"aws:PrincipalOrgID": "o-0123456789"}}


def bus(**more: Any) -> dict[str, Any]:
    return resource(BUS, StatementId="s", **more)


CASES = (
    RuleCases(
        "access.event-bus-policy",
        (
            good("an account", resources(It=bus(Action="events:PutEvents", Principal="222222222222"))),
            good(
                "one organisation",
                resources(
                    It=bus(
                        Principal="*",
                        Condition={"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-0123456789"},
                    )
                ),
            ),
            good("one organisation in a statement", resources(It=bus(Statement={**EVERYONE, "Condition": OURS}))),
            bad("everyone", resources(It=bus(Principal="*")), at=PRINCIPAL),
            bad(
                "everyone in a statement", resources(It=bus(Statement=EVERYONE)), at=("Properties.Statement.Principal",)
            ),
            bad(
                "everyone in a statement as text",
                resources(
                    It=bus(Statement='{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "events:PutEvents"}')
                ),
                at=("Properties.Statement.Principal",),
            ),
            bad("a parameter's default", defaulted("*", It=bus(Principal=OPEN)), at=PRINCIPAL),
            unknown("an open principal", opened(It=bus(Principal=OPEN)), at=PRINCIPAL, strict=True),
            good("an account that a parameter names", opened(It=bus(Principal=OPEN))),
            unknown("a statement that is none", resources(It=bus(Statement=["x"])), at=("Properties.Statement",)),
            not_applicable("a bus", resources(It=resource("AWS::Events::EventBus"))),
        ),
    ),
    RuleCases(
        "access.endpoint-service-principals",
        (
            good("an account", resources(It=resource(SERVICE, AllowedPrincipals=["arn:aws:iam::222222222222:root"]))),
            good("none", resources(It=resource(SERVICE))),
            bad(
                "everyone",
                resources(It=resource(SERVICE, AllowedPrincipals=["*"])),
                at=("Properties.AllowedPrincipals.0",),
            ),
            bad(
                "a parameter's default",
                defaulted("*", It=resource(SERVICE, AllowedPrincipals=["arn:aws:iam::222222222222:root", OPEN])),
                at=("Properties.AllowedPrincipals.1",),
            ),
            unknown(
                "open",
                resources(It=resource(SERVICE, AllowedPrincipals=IMPORTED)),
                at=("Properties.AllowedPrincipals",),
                strict=True,
            ),
            good("imported", resources(It=resource(SERVICE, AllowedPrincipals=IMPORTED))),
            good("a principal that a parameter names", opened(It=resource(SERVICE, AllowedPrincipals=[OPEN]))),
            unknown(
                "an open principal",
                opened(It=resource(SERVICE, AllowedPrincipals=[OPEN])),
                at=("Properties.AllowedPrincipals.0",),
                strict=True,
            ),
            not_applicable("a service", resources(It=resource("AWS::EC2::VPCEndpointService"))),
        ),
    ),
    RuleCases(
        "access.share-own-organisation",
        (
            good("inside", resources(It=resource(SHARE, AllowExternalPrincipals=False))),
            bad("absent", resources(It=resource(SHARE)), at=EXTERNAL),
            bad("outside", resources(It=resource(SHARE, AllowExternalPrincipals=True)), at=EXTERNAL),
            unknown(
                "sometimes", conditional(It=resource(SHARE, AllowExternalPrincipals=either(True, False))), at=EXTERNAL
            ),
            not_applicable("a permission", resources(It=resource("AWS::RAM::Permission"))),
        ),
    ),
)


@each_of(CASES)
def test_grants(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
