"""Route 53 hosted zones; the records in them are written by the hosts and judged by no rule.

Source: Route 53 API Reference, GetHostedZone; CloudFormation resource reference, AWS::Route53::HostedZone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import same, tags, without_empty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nexis.audit.model import Aws, Wanted

ZONE: Final = "AWS::Route53::HostedZone"
TYPES: Final = (ZONE,)


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read zones by id.

    Args:
        aws: who is asked.
        wanted: resources by id.
    """
    identities = set(wanted.of(ZONE))
    if wanted.everything:
        identities |= {zone_id(a["Id"]) for a in aws.pages("route53", "list_hosted_zones", "HostedZones")}

    def ask(identity: str) -> Live | None:
        answer = aws.call("route53", "get_hosted_zone", Id=identity, absent=("NoSuchHostedZone",))
        if answer is None:
            return None
        tagged = aws.call("route53", "list_tags_for_resource", ResourceType="hostedzone", ResourceId=identity)
        return hosted_zone(answer, tagged["ResourceTagSet"].get("Tags") or [])

    return [live for live in aws.each(ask, sorted(identities)) if live is not None]


def zone_id(identity: str) -> str:
    """Give the id without the path that the API puts before it."""
    return identity.rpartition("/")[2]


def hosted_zone(answer: Mapping[str, Any], tagged: Sequence[Mapping[str, str]] = ()) -> Live:
    """Read a zone as GetHostedZone answers it.

    Args:
        answer: of the API.
        tagged: the tags of ListTagsForResource.
    """
    zone = answer["HostedZone"]
    identity = zone_id(zone["Id"])
    properties = {
        "Name": zone["Name"],
        "HostedZoneConfig": same(zone.get("Config") or {}, "Comment"),
        "HostedZoneTags": tags(tagged).get("Tags"),
        "VPCs": [same(vpc, "VPCId", "VPCRegion") for vpc in answer.get("VPCs") or ()],
    }
    return Live(
        type=ZONE,
        identity=identity,
        properties=without_empty(properties),
        attributes={
            identity: "Id",
            **{f"arn:{p}:route53:::hostedzone/{identity}": "Id" for p in ("aws", "aws-cn", "aws-us-gov", "aws-eusc")},
        },
    )
