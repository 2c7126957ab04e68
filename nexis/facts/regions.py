"""The AWS regions in which the baseline may be deployed.

The list is a decision, not a discovery: regions of the commercial partition with at least three Availability Zones, in
which every service the baseline uses is offered. It changes by a reviewed change of this file.

Source: AWS Global Infrastructure, "AWS Regions and Availability Zones", 2026-11-01.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Day on which the list was last reviewed.
AS_OF: Final = "2026-11-01"
SOURCE: Final = "AWS Global Infrastructure, Regions and Availability Zones"


@record
class Region:
    """An AWS region.

    Attributes:
        name: The region's code, such as ``eu-central-1``.
        partition: The partition in its ARNs, such as ``aws``.
        place: Where it is.
    """

    name: str
    partition: str
    place: str


APPROVED_REGIONS: Final[Mapping[str, Region]] = MappingProxyType(
    {
        region.name: region
        for region in (
            Region("ap-southeast-1", "aws", "Singapore"),
            Region("ap-southeast-2", "aws", "Sydney"),
            Region("eu-central-1", "aws", "Frankfurt"),
            Region("eu-west-1", "aws", "Ireland"),
            Region("eu-west-2", "aws", "London"),
            Region("us-east-1", "aws", "Northern Virginia"),
            Region("us-east-2", "aws", "Ohio"),
            Region("us-west-2", "aws", "Oregon"),
        )
    }
)


def is_approved(name: str) -> bool:
    """Say whether the baseline may be deployed in a region.

    Args:
        name: A region code, such as ``eu-central-1``.
    """
    return name in APPROVED_REGIONS


def nearest_region(name: str) -> str:
    """Return the approved region nearest to a name: same continent and direction first, then by letters.

    Args:
        name: What was asked for, such as ``eu-north-1`` or a typing error.

    Returns:
        The code of an approved region.
    """
    text = name.strip().lower().replace("_", "-")
    continent, _, rest = text.partition("-")
    direction = rest.partition("-")[0]

    def nearness(candidate: str) -> tuple[bool, bool, float]:
        its_continent, its_direction, _ = candidate.split("-")
        import difflib  # late, as a name is seldom wrong

        alike = difflib.SequenceMatcher(None, text, candidate).ratio()
        return its_continent == continent, its_direction == direction, alike

    return max(sorted(APPROVED_REGIONS), key=nearness)
