"""Everything stands in an approved region: the stack itself, its zones, and the copies it keeps elsewhere.

The stack is judged as a pseudo resource of type `Nexis::Stack` with the properties `Region` and `Account`. A region
that follows the person who deploys (an environment-agnostic stack) cannot be known. Resources are judged by every
property that names a region, a zone, an endpoint service of a region, or something by its ARN in another region.
`nexis.facts.region_places` says which.

AWS refuses a zone of another region than the stack's, so a zone that is not known (`Fn::GetAZs`, a parameter, the
placeholder that the CDK writes before it has looked the zones up) lies in the stack's own region, which is judged once.
A zone that is written out tells the region even where the stack's is not known.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.facts.region_places import PLACES as REGION_PLACES
from nexis.facts.regions import APPROVED_REGIONS, is_approved, nearest_region
from nexis.patterns import pattern
from nexis.records import record
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.resolver import scalar_text
from nexis.templates.values import DynamicReference, Reference, Text, Unknown
from nexis.templates.views import ABSENT, Absent, Undetermined, place

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from nexis.facts.region_places import Kind
    from nexis.templates.views import View

STACK: Final = "Nexis::Stack"

#: The beginning of a zone's name, Local Zones and Wavelength Zones included: `eu-central-1a`, `us-east-1-bos-1a`.
ZONE: Final = pattern(r"[a-z]{2}(?:-[a-z]+)+-\d+(?=[a-z]$|-)")
REFERENCE: Final = pattern(r"\$\{[^}]*\}")
REGION: Final = pattern(r"[a-z]{2}(?:-[a-z]+)+-\d+")
#: The name of an endpoint service. Source: AWS PrivateLink Guide, "AWS services that integrate with AWS PrivateLink".
SERVICE: Final = pattern(r"(?:cn\.)?com\.amazonaws\.(?:vpce\.)?([a-z]{2}(?:-[a-z]+)+-\d+)\.")
#: What the CDK writes as zones before its CLI has looked them up. Source: aws-cdk-lib, Stack.availabilityZones.
PLACEHOLDER: Final = pattern(r"dummy\d[a-z]")


@record
class Place:
    """A property that says where something is.

    Args:
        type: the resource type.
        path: of the property; `*` stands for every item of a list.
        kind: how it says it.
    """

    type: str
    path: tuple[str, ...]
    kind: Kind


PLACES: Final = (
    Place(STACK, ("Region",), "region"),
    *(Place(type_, tuple(path.split(".")), kind) for type_, named in REGION_PLACES.items() for path, kind in named),
)


def check(resource: View) -> Iterator[Problem]:
    """Judge a stack, or a resource by the places it names."""
    yield from parts(*(partial(_problems, resource, where, (), where.path) for where in _places(resource)))


def applies(resource: View) -> bool:
    """Judge what names a place; the stack always."""
    return resource.type == STACK or any(resource.peek(where.path[0]) is not ABSENT for where in _places(resource))


def _places(resource: View) -> Iterator[Place]:
    return (where for where in PLACES if where.type == resource.type)


def _problems(resource: View, where: Place, done: tuple[str | int, ...], left: tuple[str, ...]) -> Iterator[Problem]:
    if "*" in left:
        star = left.index("*")
        here = (*done, *left[:star])
        if where.kind == "zone" and isinstance(resource.peek(*here), Unknown | Reference):
            return  # the stack's own, whichever
        for position in range(len(resource.items(*here))):
            yield from parts(partial(_problems, resource, where, (*here, position), left[star + 1 :]))
        return
    path = (*done, *left)
    if where.kind == "zone" and _is_open_zone(resource.peek(*path)):
        return
    if where.kind == "service" and isinstance(resource.peek(*path), Unknown | DynamicReference):
        return  # AWS lets an endpoint reach a service of its own region unless ServiceRegion names another
    if where.kind == "name-or-arn" and isinstance(resource.peek(*path), Unknown | DynamicReference):
        return  # as a rule the plain name of something in the stack's own region
    found = resource.get(*path)
    if isinstance(found, Absent):
        if where.type == STACK:
            raise Undetermined(place(*path), "the stack follows the region of whoever deploys it; name one")
        return
    named = resource.named(found) if isinstance(found, Reference) else None
    if named is not None and named.type.startswith(("Custom::", "AWS::CloudFormation::")):
        raise Undetermined(place(*path), f"{found} is known only after deployment")
    region = _region_of(found, where.kind, place(*path))
    if region is not None and not is_approved(region):
        yield Problem(
            place(*path),
            f"found {_described(str(found), region)}, expected one of {', '.join(APPROVED_REGIONS)} "
            f"(nearest: {nearest_region(region)})",
        )


def _described(found: str, region: str) -> str:
    return repr(found) if found.strip() == region else f"{found!r} in the region {region!r}"


def _is_open_zone(found: object) -> bool:
    """Whether a zone is not written out; it can then only be one of the stack's own region."""
    if isinstance(found, Unknown | Reference | Text | DynamicReference):
        return ZONE.match(str(found)) is None
    return isinstance(found, str) and PLACEHOLDER.fullmatch(found) is not None


def _region_of(found: object, kind: str, where: str) -> str | None:
    """Name the region; None when it is the stack's own, which is judged once, on the stack."""
    if isinstance(found, Unknown):
        raise Undetermined(where, found.reason)
    if isinstance(found, Reference):
        if found.is_resource or found.logical_id in ("AWS::Region", "AWS::AvailabilityZones"):
            return None
        if kind == "name-or-arn":
            return None
        raise Undetermined(where, f"{found} is known only after deployment")
    text = scalar_text(found).strip()
    if isinstance(found, Text) and text.startswith("${AWS::Region}"):
        return None
    if kind in ("arn", "name-or-arn"):
        fields = REFERENCE.sub(_without_colons, text).split(":")
        if len(fields) < 6 or fields[0] != "arn":
            return None  # a plain name: something in the stack's own region
        if fields[3] == "${AWS-Region}":
            return None
        text = fields[3]
    elif kind == "zone":
        match = ZONE.match(text)
        if match is None:
            return None  # no zone of any region: AWS refuses it
        text = match[0]
    elif kind == "service":
        match = SERVICE.match(text)
        if match is None:
            return None  # a service that is named by reference, or in no region
        text = match[1]
    if REGION.fullmatch(text) is None and "${" in text:
        raise Undetermined(where, f"{text!r} is known only after deployment")
    return text


def _without_colons(reference: re.Match[str]) -> str:
    """Keep `${AWS::Region}` in an ARN from looking like more fields."""
    return reference[0].replace("::", "-")


RULE = Rule(
    id="regions.approved",
    severity="fatal",
    title="Everything stands in an approved region",
    why="Data in a region nobody chose is outside the law, the contracts and the alarms that were agreed for it.",
    fix="deploy to a region of nexis.facts.regions (CDK: env=Environment(region=...)), and name zones and copies there",
    types=tuple(dict.fromkeys(where.type for where in PLACES)),
    applies=applies,
    check=check,
    claims=("regions.approved",),
    controls={"SOC 2": ("CC6.1",)},
    source="nexis.facts.regions, from AWS Global Infrastructure: Regions and Availability Zones",
    cdk="""
DatabaseStage(app, "Production", env=Environment(account="111111111111", region="eu-central-1"))
""",
    example={
        "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {"AvailabilityZone": "eu-central-1a", "CidrBlock": "10.0.0.0/24", "VpcId": "vpc-1"},
        }
    },
)
