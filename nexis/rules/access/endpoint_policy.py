"""Every VPC endpoint has a policy of its own.

Without one AWS lets everyone in the network do everything to everything through it, resources of strangers included.
Gateway load balancer endpoints and endpoints of other companies' services have no policies.

Source: AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies", read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

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


def check(endpoint: View) -> Iterator[Problem]:
    """Judge an endpoint."""
    if isinstance(endpoint.get(DOCUMENT), Absent):
        yield Problem(place(DOCUMENT), "is absent, and AWS then allows everything; expected a policy")
        return
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


RULE = Rule(
    id="access.endpoint-policy",
    severity="error",
    title="Every VPC endpoint has a policy that narrows what passes through it",
    why="An open endpoint is a way out: stolen data goes to a stranger's bucket without ever touching the internet.",
    fix="set PolicyDocument with the actions that are needed, and the condition aws:ResourceAccount = the own account "
    "(CDK: endpoint.add_to_policy, or HardenedNetwork.require_endpoint)",
    types=("AWS::EC2::VPCEndpoint",),
    applies=applies,
    check=check,
    claims=("touchpoints.network", "touchpoints.identity"),
    controls={"SOC 2": ("CC6.1", "CC6.6")},
    source="AWS PrivateLink Guide, Control access to VPC endpoints using endpoint policies",
)
