"""The machine image of a host is pinned: its id stands in the template.

An SSM parameter is read again at every deployment, so an unrelated change can swap the image under every host. A
parameter version (`{{resolve:ssm:name:3}}`) cannot change and passes. An image that an EC2 Image Builder resource of
the same templates makes changes only with that resource.

Source: EC2 User Guide, "Use a Systems Manager parameter instead of an AMI ID"; CloudFormation User Guide, "Get a
plaintext value from Systems Manager Parameter Store" and "SSM parameter types", read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.patterns import pattern
from nexis.rules._launch import INSTANCE, LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE
from nexis.rules._launches import HOST_TYPES, has_launch_template
from nexis.rules.model import Problem, Rule
from nexis.templates.values import Reference, Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.templates.views import View

IMAGE_ID: Final[Mapping[str, tuple[str, ...]]] = {
    INSTANCE: ("ImageId",),
    LAUNCH_TEMPLATE: ("LaunchTemplateData", "ImageId"),
    LAUNCH_CONFIGURATION: ("ImageId",),
}

PINNED: Final = pattern(r"ami-[0-9a-f]{8,17}")
FROM_PARAMETER: Final = pattern(r"(?:\{\{)?resolve:ssm(?:-secure)?:([^}]*)(?:\}\})?")
VERSIONED: Final = pattern(r".*:\d+")


def check(host: View) -> Iterator[Problem]:
    """Judge an instance, a launch template or a launch configuration."""
    path = IMAGE_ID[host.type]
    found = host.peek(*path)
    if isinstance(found, Unknown) and (parameter := _ssm_parameter(host, path)):
        yield Problem(
            place(*path),
            f"the parameter {parameter} is read from the SSM parameter store at every deployment; expected an image id",
        )
        return
    found = host.get(*path)
    if isinstance(found, Absent):
        if host.type == INSTANCE and not has_launch_template(host):
            yield Problem(place(*path), "is absent, expected an image id (ami-…)")
        return
    stored = FROM_PARAMETER.fullmatch(str(found).strip())
    if stored is not None and not VERSIONED.fullmatch(stored[1]):
        yield Problem(place(*path), f"found {str(found)!r}, which is read again at every deployment; expected ami-…")
    elif stored is None and not _is_pinned(host, path, found):
        yield Problem(place(*path), f"found {str(found)!r}, expected an image id (ami-…)")


def _is_pinned(host: View, path: tuple[str, ...], found: Any) -> bool:
    if isinstance(found, Reference) and host.named(found, "AWS::ImageBuilder::Image") is not None:
        return True
    if is_deferred(found):
        raise Undetermined(place(*path), f"{str(found)!r} is known only after deployment")
    return PINNED.fullmatch(str(found)) is not None


def _ssm_parameter(host: View, path: tuple[str, ...]) -> str | None:
    """Name the parameter, if the image is a reference to one that CloudFormation reads from the parameter store."""
    raw: Any = host.resource.properties
    for part in path:
        raw = raw.get(part) if isinstance(raw, dict) else None
    name = raw.get("Ref") if isinstance(raw, dict) else None
    declared = host.template.parameters.get(name) if isinstance(name, str) else None
    kind = declared.get("Type") if isinstance(declared, dict) else None
    return name if isinstance(name, str) and str(kind).startswith("AWS::SSM::Parameter::Value") else None


RULE = Rule(
    id="hosts.image-pinned",
    severity="error",
    title="The machine image of a host is pinned in the template",
    why="An image that is looked up while deploying changes under every host with the next unrelated change, untested.",
    fix="set ImageId to the id of a tested image, from a config file or a mapping by region "
    "(CDK: MachineImage.generic_linux({region: 'ami-…'}), not latest_amazon_linux or from_ssm_parameter)",
    types=HOST_TYPES,
    check=check,
    claims=("touchpoints.changes",),
    controls={"SOC 2": ("CC6.8", "CC8.1")},
    source="EC2 User Guide, Use a Systems Manager parameter instead of an AMI ID",
    scope="baseline",  # the latest image at every deployment is how others take their patches
    cdk='image = ec2.MachineImage.generic_linux({"eu-central-1": "ami-0123456789abcdef0"})\n'
    'ec2.LaunchTemplate(self, "Host", machine_image=image)',
    example={
        "Host": {
            "Type": LAUNCH_TEMPLATE,
            "Properties": {"LaunchTemplateData": {"ImageId": "ami-0123456789abcdef0"}},
        }
    },
)
