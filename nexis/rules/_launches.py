"""From what is launched to what it is launched from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

INSTANCE: Final = "AWS::EC2::Instance"
LAUNCH_TEMPLATE: Final = "AWS::EC2::LaunchTemplate"
LAUNCH_CONFIGURATION: Final = "AWS::AutoScaling::LaunchConfiguration"
SCALING_GROUP: Final = "AWS::AutoScaling::AutoScalingGroup"

#: The three resource types that describe a host.
HOST_TYPES: Final = (INSTANCE, LAUNCH_TEMPLATE, LAUNCH_CONFIGURATION)


def launched_from(resource: View) -> Iterator[tuple[tuple[str | int, ...], View | None]]:
    """Give the launch templates and configurations of an instance or an Auto Scaling group.

    Args:
        resource: an AWS::EC2::Instance or AWS::AutoScaling::AutoScalingGroup.

    Returns:
        The path of each link with the resource it names, or None when that is not in the assembly.

    Raises:
        Undetermined: a link is open.
    """
    mixed = ("MixedInstancesPolicy", "LaunchTemplate")
    specifications: list[tuple[str | int, ...]] = [("LaunchTemplate",)]
    if resource.type == SCALING_GROUP:
        if not isinstance(resource.get("LaunchConfigurationName"), Absent):
            yield (
                ("LaunchConfigurationName",),
                resource.target("LaunchConfigurationName", types=(LAUNCH_CONFIGURATION,)),
            )
        specifications.append((*mixed, "LaunchTemplateSpecification"))
        overrides = range(len(resource.items(*mixed, "Overrides")))
        specifications += [(*mixed, "Overrides", n, "LaunchTemplateSpecification") for n in overrides]
    for path in specifications:
        if isinstance(resource.get(*path), Absent):
            continue
        by_id = resource.target(*path, "LaunchTemplateId", types=(LAUNCH_TEMPLATE,))
        yield path, by_id or resource.target(*path, "LaunchTemplateName", types=(LAUNCH_TEMPLATE,))


def has_known_template(instance: View) -> bool:
    """Whether what an instance leaves out comes from a launch template, which is judged by itself.

    Args:
        instance: an AWS::EC2::Instance.

    Raises:
        Undetermined: it has a launch template that is not in the assembly, or not known.
    """
    for path, template in launched_from(instance):
        if template is None:
            raise Undetermined(place(*path), "the launch template does not stand in these templates")
        return True
    return False
