"""EC2 hosts have local NVMe disks that are always encrypted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.facts.instance_types import encrypted_nvme_types, has_encrypted_nvme, nearest_instance_types
from nexis.rules._launch import (
    AUTO_SCALING_GROUP,
    INSTANCE,
    LAUNCH_CONFIGURATION,
    LAUNCH_TEMPLATE,
    launch_template_of,
)
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

Path = tuple[str | int, ...]

#: EC2's own default when neither the instance nor a launch template names a type.
#: Source: CloudFormation reference, AWS::EC2::Instance InstanceType, 2026-11-23.
DEFAULT_TYPE = "m1.small"
DATA = "LaunchTemplateData"
EXAMPLES: Final = "i4i.* or m6gd.large"
SPECIFICATION = "LaunchTemplateSpecification"
MIXED: Path = ("MixedInstancesPolicy", "LaunchTemplate")
SPOT_FLEET: Final = "AWS::EC2::SpotFleet"
EC2_FLEET: Final = "AWS::EC2::EC2Fleet"
SPOT: Path = ("SpotFleetRequestConfigData",)

#: Where a fleet keeps its pairs of a launch template and overrides, each shaped as in a mixed group.
FLEETS: Final[dict[str, Path]] = {SPOT_FLEET: (*SPOT, "LaunchTemplateConfigs"), EC2_FLEET: ("LaunchTemplateConfigs",)}

#: What else starts machines from a launch template, with types that it names or chooses itself: the specification, and
#: the id and the name in it. The nodes of a container cluster are no hosts of ours, so they are not judged themselves.
#: Source: CloudFormation reference, AWS::EKS::Nodegroup and AWS::Batch::ComputeEnvironment, 2026-11-23.
ELSEWHERE: Final[dict[str, tuple[Path, tuple[str, str]]]] = {
    "AWS::EKS::Nodegroup": (("LaunchTemplate",), ("Id", "Name")),
    "AWS::Batch::ComputeEnvironment": (
        ("ComputeResources", "LaunchTemplate"),
        ("LaunchTemplateId", "LaunchTemplateName"),
    ),
}


def check(resource: View) -> Iterator[Problem]:
    """Judge every type that the resource may start."""
    if resource.type == INSTANCE:
        yield from _instance(resource)
    elif resource.type == LAUNCH_TEMPLATE:
        yield from _launch_template(resource)
    elif resource.type == LAUNCH_CONFIGURATION:
        yield from _launch_configuration(resource)
    elif resource.type in FLEETS:
        yield from _fleet(resource)
    else:
        yield from _group(resource)


def _instance(instance: View) -> Iterator[Problem]:
    if not isinstance(instance.get("InstanceType"), Absent):
        yield from _named_type(instance, ("InstanceType",))
        return
    template = launch_template_of(instance, "LaunchTemplate")
    if template is not None:
        yield from _through(instance, ("LaunchTemplate",), template)
        return
    yield Problem(
        place("InstanceType"),
        f"is absent, and EC2 then takes {DEFAULT_TYPE}, which has no encrypted NVMe disk; expected "
        f"{_nearest(DEFAULT_TYPE)}",
    )


def _launch_template(template: View) -> Iterator[Problem]:
    named, ranged = (template.get(DATA, name) for name in ("InstanceType", "InstanceRequirements"))
    if not isinstance(ranged, Absent):
        yield from _requirements(template, (DATA, "InstanceRequirements"))
    if not isinstance(named, Absent):
        yield from _named_type(template, (DATA, "InstanceType"))
    elif isinstance(ranged, Absent) and not _is_completed_by_its_users(template):
        yield Problem(
            place(DATA, "InstanceType"),
            "is absent, and nothing in these templates that uses the launch template names a type; expected a type "
            "with encrypted NVMe",
        )


def _is_completed_by_its_users(template: View) -> bool:
    """Whether something of the assembly uses the template with types of its own; hosts are judged there."""
    return any(
        any(template.is_named_by(user.peek(*specification, name)) for name in names)
        and (types is None or not isinstance(user.peek(*types), Absent))
        for user, specification, names, types in _uses(template)
    )


def _uses(template: View) -> Iterator[tuple[View, Path, tuple[str, str], Path | None]]:
    """Give what may use a launch template: where it names it, by which properties, and where it has to name types."""
    names = ("LaunchTemplateId", "LaunchTemplateName")
    for instance in template.scene.views(INSTANCE):
        yield instance, ("LaunchTemplate",), names, ("InstanceType",)
    for group in template.scene.views(AUTO_SCALING_GROUP):
        yield group, (*MIXED, SPECIFICATION), names, (*MIXED, "Overrides", 0, "InstanceType")
    for fleet in template.scene.views(*FLEETS):
        configs = fleet.peek(*FLEETS[fleet.type])
        for position in range(len(configs) if isinstance(configs, list) else 1):
            base = (*FLEETS[fleet.type], position)
            yield fleet, (*base, SPECIFICATION), names, (*base, "Overrides", 0, "InstanceType")
    for other in template.scene.views(*ELSEWHERE):
        yield other, *ELSEWHERE[other.type], None


def _launch_configuration(configuration: View) -> Iterator[Problem]:
    if isinstance(configuration.get("InstanceType"), Absent):
        if not isinstance(configuration.get("InstanceId"), Absent):
            raise Undetermined(place("InstanceType"), "it is taken from the instance in InstanceId; name the type")
        yield Problem(place("InstanceType"), "is absent; expected a type with encrypted NVMe, such as i4i.large")
        return
    yield from _named_type(configuration, ("InstanceType",))


def _group(group: View) -> Iterator[Problem]:
    if not isinstance(group.get("MixedInstancesPolicy"), Absent):
        yield from _mixed(group, MIXED)
        return
    template = launch_template_of(group, "LaunchTemplate")
    if template is not None:
        yield from _through(group, ("LaunchTemplate",), template)
        return
    link = group.get("LaunchConfigurationName")
    if isinstance(link, Absent):
        raise Undetermined(
            place("LaunchTemplate"), "the group names no launch template, so its type is not known; name one"
        )
    configuration = group.named(link, LAUNCH_CONFIGURATION)
    if configuration is None or not configuration.exists:
        raise Undetermined(
            place("LaunchConfigurationName"), f"{str(link)!r} is no launch configuration of the templates judged here"
        )
    yield from _through(group, ("LaunchConfigurationName",), configuration)


def _fleet(fleet: View) -> Iterator[Problem]:
    """Judge every launch template with overrides, and every machine that a Spot fleet describes itself."""
    base = FLEETS[fleet.type]
    checks = [partial(_mixed, fleet, (*base, position)) for position in range(len(fleet.items(*base)))]
    machines: Path = (*SPOT, "LaunchSpecifications")
    if fleet.type == SPOT_FLEET:
        checks += [partial(_described, fleet, (*machines, n)) for n in range(len(fleet.items(*machines)))]
    yield from parts(*checks)


def _described(fleet: View, path: Path) -> Iterator[Problem]:
    if not isinstance(fleet.get(*path, "InstanceRequirements"), Absent):
        yield from _requirements(fleet, (*path, "InstanceRequirements"))
    elif isinstance(fleet.get(*path, "InstanceType"), Absent):
        yield Problem(
            place(*path, "InstanceType"), f"is absent; expected a type with encrypted NVMe, {_nearest(DEFAULT_TYPE)}"
        )
    else:
        yield from _named_type(fleet, (*path, "InstanceType"))


def _mixed(user: View, base: Path) -> Iterator[Problem]:
    overrides = (*base, "Overrides")
    count = len(user.items(*overrides))
    if not count:
        yield from _base_template(user, base)
    yield from parts(*(partial(_override, user, base, (*overrides, position)) for position in range(count)))


def _override(user: View, base: Path, path: Path) -> Iterator[Problem]:
    if not isinstance(user.get(*path, "InstanceRequirements"), Absent):
        yield from _requirements(user, (*path, "InstanceRequirements"))
    elif not isinstance(user.get(*path, "InstanceType"), Absent):
        yield from _named_type(user, (*path, "InstanceType"))
    else:
        own = (*path, SPECIFICATION)
        template = launch_template_of(user, *own)
        yield from _base_template(user, base) if template is None else _through(user, own, template)


def _base_template(user: View, base: Path) -> Iterator[Problem]:
    path = (*base, SPECIFICATION)
    template = launch_template_of(user, *path)
    if template is None:
        raise Undetermined(place(*path), "is absent, so the type is not known; name a launch template")
    yield from _through(user, path, template)


def _through(user: View, path: Path, machine: View) -> Iterator[Problem]:
    """Say of an instance or a group what is wrong with the template that gives its type."""
    judge = _launch_template_alone if machine.type == LAUNCH_TEMPLATE else _launch_configuration
    for problem in parts(partial(judge, machine)):
        yield Problem(
            place(*path),
            f"{machine.logical_id}: {problem.property.removeprefix('Properties.')} {problem.message}",
            problem.verdict,
        )


def _launch_template_alone(template: View) -> Iterator[Problem]:
    """Judge a template whose user adds no type: it must name one itself."""
    if isinstance(template.get(DATA, "InstanceType"), Absent) and isinstance(
        template.get(DATA, "InstanceRequirements"), Absent
    ):
        yield Problem(
            place(DATA, "InstanceType"), f"is absent; expected a type with encrypted NVMe, {_nearest(DEFAULT_TYPE)}"
        )
    else:
        yield from _launch_template(template)


def _named_type(resource: View, path: Path) -> Iterator[Problem]:
    found = resource.literal(*path)
    if not isinstance(found, Absent) and not has_encrypted_nvme(found):
        yield Problem(
            place(*path), f"found {found!r}, which has no encrypted NVMe disk; expected {_nearest(found)} or another"
        )


def _nearest(name: str) -> str:
    return "for instance " + ", ".join(nearest_instance_types(name))


def _requirements(resource: View, path: Path) -> Iterator[Problem]:
    """Let EC2 choose only among types that the requirements name; every type of a family has NVMe disks, or none."""
    allowed = (*path, "AllowedInstanceTypes")
    names = [resource.literal(*allowed, position) for position in range(len(resource.items(*allowed)))]
    poor = [name for name in names if not _is_within_nvme(str(name))]
    if poor:
        yield Problem(
            place(*allowed), f"found {poor[0]!r}, which allows types without encrypted NVMe disks; expected {EXAMPLES}"
        )
    elif not names:
        yield Problem(
            place(*path),
            "lets EC2 choose the type, also one without encrypted NVMe disks; expected InstanceType with a type that "
            f"has them, or AllowedInstanceTypes with such as {EXAMPLES}",
        )


def _is_within_nvme(pattern: str) -> bool:
    """Whether a type, or a family such as `m6gd.*`, has encrypted NVMe disks."""
    family, dot, size = pattern.partition(".")
    if size == "*":
        return any(name.startswith(family + dot) for name in encrypted_nvme_types())
    return has_encrypted_nvme(pattern)


RULE = Rule(
    id="storage.nvme-host-type",
    severity="fatal",
    title="EC2 hosts have local NVMe disks that are always encrypted",
    why="Only these types encrypt local data in hardware, with keys that never leave the machine and die with it.",
    fix="set InstanceType (launch templates: LaunchTemplateData.InstanceType) to a type with encrypted NVMe "
    "(CDK: instance_type=ec2.InstanceType('i4i.large')); use InstanceRequirements only with AllowedInstanceTypes",
    types=(INSTANCE, LAUNCH_TEMPLATE, LAUNCH_CONFIGURATION, AUTO_SCALING_GROUP, *FLEETS),
    check=check,
    claims=("storage.nvme",),
    controls={"SOC 2": ("CC6.1", "C1.2")},
    source="EC2 User Guide, Data protection in Amazon EC2 (encryption at rest); EC2 API, InstanceStorageInfo",
    cdk='host = ec2.InstanceType("i4i.large")\nec2.LaunchTemplate(self, "Launch", instance_type=host)',
    example={"Host": {"Type": INSTANCE, "Properties": {"InstanceType": "i4i.large"}}},
)
