"""Every VPC endpoint has a policy of its own, and no policy allows everything.

Without one AWS lets everyone in the network do everything to everything through it, resources of strangers included:
our own baseline owes each endpoint one. A policy that is written must say more than none would, in every template.
Gateway load balancer endpoints and endpoints of other companies' services have no policies.

Source: AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies", read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._policy_documents import statements
from nexis.rules.access._statements import is_all, is_anyone
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

DOCUMENT = "PolicyDocument"


def applies(endpoint: View) -> bool:
    """Judge gateway and interface endpoints of AWS's own services."""
    kind = endpoint.literal("VpcEndpointType")
    if not isinstance(kind, Absent) and kind not in ("Gateway", "Interface"):
        return False
    service = endpoint.peek("ServiceName")
    return not (isinstance(service, str) and ".vpce." in service)


def has_policy(endpoint: View) -> bool:
    """Judge endpoints with a policy."""
    return applies(endpoint) and not isinstance(endpoint.peek(DOCUMENT), Absent)


def check_presence(endpoint: View) -> Iterator[Problem]:
    """Ask whether an endpoint has a policy."""
    if isinstance(endpoint.get(DOCUMENT), Absent):
        yield Problem(place(DOCUMENT), "is absent, and AWS then allows everything; expected a policy")


def check_policy(endpoint: View) -> Iterator[Problem]:
    """Judge the policy of an endpoint."""
    for statement in statements(endpoint, DOCUMENT):
        yield from parts(partial(_statement, statement))


def _statement(statement: Statement) -> Iterator[Problem]:
    if statement.allows and not statement.elements.get("Condition") and is_anyone(statement):
        actions, resources = statement.texts("Action"), statement.texts("Resource")
        if ("NotAction" in statement.elements or any(map(is_all, actions))) and (
            "NotResource" in statement.elements or any(map(is_all, resources))
        ):
            yield Problem(
                statement.where,
                "allows everyone everything on everything, as no policy would; expected the actions that are "
                "needed, or a condition such as aws:ResourceAccount",
            )


_EXAMPLE: Final = {
    "Endpoint": {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {
            "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"},
            "VpcId": {"Ref": "Vpc"},
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "*",
                        "Resource": "*",
                        "Condition": {"StringEquals": {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}},
                    }
                ],
            },
        },
    },
    "Vpc": {"Type": "AWS::EC2::VPC"},
}
_CDK: Final = (
    "endpoint.add_to_policy(iam.PolicyStatement(\n"
    "    principals=[iam.AnyPrincipal()], actions=['s3:GetObject'], resources=['*'],\n"
    "    conditions={'StringEquals': {'aws:ResourceAccount': self.account}}))"
)

RULES: tuple[Rule, ...] = (
    Rule(
        id="access.endpoint-policy",
        severity="error",
        title="Every VPC endpoint has a policy of its own",
        why="An open endpoint is a way out: stolen data goes to a stranger's bucket without ever touching the "
        "internet.",
        fix="set PolicyDocument with the actions that are needed, and the condition aws:ResourceAccount = the own "
        "account (CDK: endpoint.add_to_policy, or HardenedNetwork.require_endpoint)",
        types=("AWS::EC2::VPCEndpoint",),
        applies=applies,
        check=check_presence,
        claims=("touchpoints.network", "touchpoints.identity"),
        controls={"SOC 2": ("CC6.1", "CC6.6")},
        source="AWS PrivateLink Guide, Control access to VPC endpoints using endpoint policies",
        cdk=_CDK,
        example=_EXAMPLE,
        scope="baseline",
    ),
    Rule(
        id="access.endpoint-policy-open",
        severity="error",
        title="The policy of a VPC endpoint allows less than everything",
        why="A policy that allows everyone everything on everything is none: stolen data goes to a stranger's bucket "
        "without ever touching the internet.",
        fix="list the actions that are needed, or add the condition aws:ResourceAccount = the own account (CDK: "
        "endpoint.add_to_policy)",
        types=("AWS::EC2::VPCEndpoint",),
        applies=has_policy,
        check=check_policy,
        claims=("touchpoints.network", "touchpoints.identity"),
        controls={"SOC 2": ("CC6.1", "CC6.6"), "NIST 800-53 r5": ("AC-3", "AC-6")},
        source="AWS PrivateLink Guide, Control access to VPC endpoints using endpoint policies",
        cdk=_CDK,
        example=_EXAMPLE,
    ),
)
