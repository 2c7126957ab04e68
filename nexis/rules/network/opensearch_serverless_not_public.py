"""No network policy opens OpenSearch Serverless collections or dashboards to the internet.

Source: OpenSearch Service Developer Guide, "Network access for Amazon OpenSearch Serverless", read 2026-11-23.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nexis.rules.model import Problem, Rule
from nexis.templates.views import Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def applies(policy: View) -> bool:
    """Judge network policies; encryption policies are about something else."""
    return policy.literal("Type") == "network"


def check(policy: View) -> Iterator[Problem]:
    """Judge a network policy."""
    for position, entry in enumerate(_entries(policy)):
        if isinstance(entry, dict) and str(entry.get("AllowFromPublic", False)).lower() == "true":
            yield Problem(
                place("Policy"),
                f"found AllowFromPublic: true in its entry {position + 1}; expected false, with SourceVPCEs",
            )


def _entries(policy: View) -> list[Any]:
    text = policy.get("Policy")
    if isinstance(text, (dict, list)):
        found: Any = text
    else:
        try:
            found = json.loads(str(text))
        except (ValueError, RecursionError):
            raise Undetermined(place("Policy"), "it is no JSON that can be read here") from None
    return found if isinstance(found, list) else [found]


RULE = Rule(
    id="network.opensearch-serverless-not-public",
    severity="fatal",
    title="No network policy opens OpenSearch Serverless collections or dashboards to the internet",
    why="A public collection is one stolen credential or one loose data policy away from everyone on the internet.",
    fix="set AllowFromPublic to false in Policy, and name SourceVPCEs",
    types=("AWS::OpenSearchServerless::SecurityPolicy",),
    applies=applies,
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "NIST 800-53 r5": ("SC-7",)},
    source="OpenSearch Service Developer Guide, Network access for Amazon OpenSearch Serverless",
    cdk='opensearchserverless.CfnSecurityPolicy(self, "Network", name="orders", type="network", policy=json.dumps([{\n'
    '    "Rules": [{"ResourceType": "collection", "Resource": ["collection/orders"]}],\n'
    '    "AllowFromPublic": False, "SourceVPCEs": ["vpce-0123456789abcdef0"]}]))',
    example={
        "Network": {
            "Type": "AWS::OpenSearchServerless::SecurityPolicy",
            "Properties": {
                "Name": "orders",
                "Type": "network",
                "Policy": '[{"Rules": [{"ResourceType": "collection", "Resource": ["collection/orders"]}], '
                '"AllowFromPublic": false, "SourceVPCEs": ["vpce-0123456789abcdef0"]}]',
            },
        },
    },
)
