"""Grants that stand in plain properties name who they are for.

Sources: Amazon EventBridge User Guide, "Permissions for Amazon EventBridge event buses"; AWS PrivateLink Guide, "Manage
permissions" of an endpoint service; CloudFormation, AWS::Signer::ProfilePermission and AWS::RAM::ResourceShare. Read
2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._policy_documents import Statement, policy_document
from nexis.rules.access._statements import is_all, is_anyone, is_left_open, is_narrowed, open_element
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import Requirement, is_false, property_rule
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

BUS: Final = "AWS::Events::EventBusPolicy"
SERVICE: Final = "AWS::EC2::VPCEndpointServicePermissions"


def _bus(policy: View) -> Iterator[Problem]:
    yield from parts(partial(_bus_principal, policy), partial(_bus_statement, policy))


def _bus_principal(policy: View) -> Iterator[Problem]:
    if is_left_open(policy, "Principal"):
        return
    principal = policy.get("Principal")
    if isinstance(principal, str) and is_all(principal) and isinstance(policy.peek("Condition"), Absent):
        yield Problem(
            place("Principal"),
            "found '*', which is every account; expected an account, or a Condition on one organisation",
        )


def _bus_statement(policy: View) -> Iterator[Problem]:
    strict = policy.scene.resolver.parameters.strict
    statement = Statement(place("Statement"), policy_document(policy, "Statement"), strict)
    if statement.allows and is_anyone(statement) and not is_narrowed(statement):
        yield Problem(
            open_element(statement),
            "lets every account send events; expected named principals, or a condition such as aws:PrincipalOrgID",
        )


def _service(permissions: View) -> Iterator[Problem]:
    if is_left_open(permissions, "AllowedPrincipals"):
        return
    for position, principal in enumerate(permissions.items("AllowedPrincipals")):
        if is_left_open(permissions, "AllowedPrincipals", position):
            continue
        if isinstance(principal, Unknown):
            yield from parts(partial(permissions.items, "AllowedPrincipals", position))
        elif isinstance(principal, str) and is_all(principal):
            yield Problem(
                place("AllowedPrincipals", position),
                "found '*', so every account may connect; expected named principals",
            )


RULES: tuple[Rule, ...] = (
    Rule(
        id="access.event-bus-policy",
        severity="fatal",
        title="Event buses take events from accounts they name",
        why="Whoever may send events to the bus sets off what listens to it.",
        fix="name an account in Principal, or set Condition to aws:PrincipalOrgID with the own organisation (CDK: "
        "CfnEventBusPolicy(statement={...}))",
        types=(BUS,),
        check=_bus,
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1", "CC6.6"), "NIST 800-53 r5": ("AC-3", "AC-6")},
        source="Amazon EventBridge User Guide, Permissions for Amazon EventBridge event buses",
        cdk="events.CfnEventBusPolicy(self, 'Partner', statement_id='partner', action='events:PutEvents',\n"
        "    principal='111111111111')",
        example={
            "Partner": {
                "Type": BUS,
                "Properties": {"StatementId": "partner", "Action": "events:PutEvents", "Principal": "111111111111"},
            }
        },
    ),
    Rule(
        id="access.endpoint-service-principals",
        severity="error",
        title="Endpoint services name who may connect",
        why="A service that every account may connect to is a door into the network behind it.",
        fix="name accounts or roles in AllowedPrincipals (CDK: VpcEndpointService(allowed_principals=[...]))",
        types=(SERVICE,),
        check=_service,
        claims=("touchpoints.identity", "touchpoints.network"),
        controls={"SOC 2": ("CC6.1", "CC6.6"), "NIST 800-53 r5": ("AC-3", "AC-6")},
        source="AWS PrivateLink Guide, Share your services: Manage permissions",
        cdk="ec2.VpcEndpointService(self, 'Service', vpc_endpoint_service_load_balancers=[balancer],\n"
        "    allowed_principals=[iam.AccountPrincipal('111111111111')])",
        example={
            "Partner": {
                "Type": SERVICE,
                "Properties": {
                    "ServiceId": {"Ref": "Service"},
                    "AllowedPrincipals": ["arn:aws:iam::111111111111:root"],
                },
            },
            "Service": {"Type": "AWS::EC2::VPCEndpointService"},
        },
    ),
    property_rule(
        rule_id="access.share-own-organisation",
        title="Resources are shared inside the own organisation",
        why="A share that allows strangers can be given to any account by whoever may change it.",
        requirements=(
            Requirement(
                type="AWS::RAM::ResourceShare",
                path=("AllowExternalPrincipals",),
                accepts=is_false,
                expected="false",
                absent="RAM takes true",
                source="AWS RAM API Reference, CreateResourceShare",
                as_of="2026-11-23",
                example=False,
            ),
        ),
        fix="set AllowExternalPrincipals to false (CDK: CfnResourceShare(allow_external_principals=False))",
        cdk="ram.CfnResourceShare(self, 'Share', name='subnets', allow_external_principals=False)",
        source="AWS RAM User Guide, Sharing your AWS resources",
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1", "CC6.6")},
        scope="baseline",
    ),
)
