"""EC2 hosts have local NVMe disks that are always encrypted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.facts.instance_types import has_encrypted_nvme, nearest_instance_types
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
MIXED: Path = ("MixedInstancesPolicy", "LaunchTemplate")


def check(resource: View) -> Iterator[Problem]:
    """Judge every type that the resource may start."""
    if resource.type == INSTANCE:
        yield from _instance(resource)
    elif resource.type == LAUNCH_TEMPLATE:
        yield from _launch_template(resource)
    elif resource.type == LAUNCH_CONFIGURATION:
        yield from _launch_configuration(resource)
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
        yield _requirements((DATA, "InstanceRequirements"))
    if not isinstance(named, Absent):
        yield from _named_type(template, (DATA, "InstanceType"))
    elif isinstance(ranged, Absent) and not _is_completed_by_its_users(template):
        yield Problem(
            place(DATA, "InstanceType"),
            "is absent, and nothing in these templates that uses the launch template names a type; expected a type "
            "with encrypted NVMe",
        )


def _is_completed_by_its_users(template: View) -> bool:
    """Whether an instance or a group of the assembly uses the template with types of its own; they are judged there."""
    for user in template.scene.views(INSTANCE, AUTO_SCALING_GROUP):
        specification: Path = ("LaunchTemplate",)
        types: tuple[Path, ...] = (("InstanceType",),)
        if user.type == AUTO_SCALING_GROUP:
            specification = (*MIXED, "LaunchTemplateSpecification")
            types = ((*MIXED, "Overrides", 0, "InstanceType"),)
        links = (user.peek(*specification, name) for name in ("LaunchTemplateId", "LaunchTemplateName"))
        if any(template.is_named_by(link) for link in links) and any(
            not isinstance(user.peek(*path), Absent) for path in types
        ):
            return True
    return False


def _launch_configuration(configuration: View) -> Iterator[Problem]:
    if isinstance(configuration.get("InstanceType"), Absent):
        if not isinstance(configuration.get("InstanceId"), Absent):
            raise Undetermined(place("InstanceType"), "it is taken from the instance in InstanceId; name the type")
        yield Problem(place("InstanceType"), "is absent; expected a type with encrypted NVMe, such as i4i.large")
        return
    yield from _named_type(configuration, ("InstanceType",))


def _group(group: View) -> Iterator[Problem]:
    if not isinstance(group.get("MixedInstancesPolicy"), Absent):
        yield from _mixed(group)
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


def _mixed(group: View) -> Iterator[Problem]:
    overrides = (*MIXED, "Overrides")
    count = len(group.items(*overrides))
    if not count:
        yield from _base_template(group)
    yield from parts(*(partial(_override, group, (*overrides, position)) for position in range(count)))


def _override(group: View, path: Path) -> Iterator[Problem]:
    if not isinstance(group.get(*path, "InstanceRequirements"), Absent):
        yield _requirements((*path, "InstanceRequirements"))
    elif not isinstance(group.get(*path, "InstanceType"), Absent):
        yield from _named_type(group, (*path, "InstanceType"))
    else:
        own = (*path, "LaunchTemplateSpecification")
        template = launch_template_of(group, *own)
        yield from _base_template(group) if template is None else _through(group, own, template)


def _base_template(group: View) -> Iterator[Problem]:
    path = (*MIXED, "LaunchTemplateSpecification")
    template = launch_template_of(group, *path)
    if template is None:
        raise Undetermined(place(*path), "is absent, so the type is not known; name a launch template")
    yield from _through(group, path, template)


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


def _requirements(path: Path) -> Problem:
    return Problem(
        place(*path),
        "lets EC2 choose the type, also one without encrypted NVMe disks; expected InstanceType with a type that has "
        "them",
    )


RULE = Rule(
    id="storage.nvme-host-type",
    severity="fatal",
    title="EC2 hosts have local NVMe disks that are always encrypted",
    why="Only these types encrypt local data in hardware, with keys that never leave the machine and die with it.",
    fix="set InstanceType (launch templates: LaunchTemplateData.InstanceType) to a type with encrypted NVMe "
    "(CDK: instance_type=ec2.InstanceType('i4i.large')); use no InstanceRequirements",
    types=(INSTANCE, LAUNCH_TEMPLATE, LAUNCH_CONFIGURATION, AUTO_SCALING_GROUP),
    check=check,
    claims=("storage.nvme",),
    controls={"SOC 2": ("CC6.1", "C1.2")},
    source="EC2 User Guide, Data protection in Amazon EC2 (encryption at rest); EC2 API, InstanceStorageInfo",
)
