"""What an instance or an Auto Scaling group is launched from, through every link that names it.

Source: CloudFormation resource reference, AWS::EC2::Instance and AWS::AutoScaling::AutoScalingGroup (`LaunchTemplate`,
`LaunchConfigurationName`, `MixedInstancesPolicy`), read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules._launch import (
    AUTO_SCALING_GROUP,
    INSTANCE,
    LAUNCH_CONFIGURATION,
    LAUNCH_TEMPLATE,
    launch_template_of,
)
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.templates.views import View

#: The three resource types that describe a host.
HOST_TYPES: Final = (INSTANCE, LAUNCH_TEMPLATE, LAUNCH_CONFIGURATION)


def launched_from(resource: View) -> Iterator[View]:
    """Give the launch templates and configurations of an instance or an Auto Scaling group.

    Args:
        resource: an AWS::EC2::Instance or AWS::AutoScaling::AutoScalingGroup.

    Raises:
        Undetermined: a link is open, or names nothing in the assembly.
    """
    specifications: list[tuple[str | int, ...]] = [("LaunchTemplate",)]
    if resource.type == AUTO_SCALING_GROUP:
        if not isinstance(resource.get("LaunchConfigurationName"), Absent):
            configuration = resource.target("LaunchConfigurationName", types=(LAUNCH_CONFIGURATION,))
            if configuration is None:
                raise Undetermined(
                    place("LaunchConfigurationName"), "the launch configuration does not stand in these templates"
                )
            yield configuration
        mixed = ("MixedInstancesPolicy", "LaunchTemplate")
        overrides = range(len(resource.items(*mixed, "Overrides")))
        specifications.append((*mixed, "LaunchTemplateSpecification"))
        specifications += [(*mixed, "Overrides", n, "LaunchTemplateSpecification") for n in overrides]
    for path in specifications:
        template = launch_template_of(resource, *path)
        if template is not None:
            yield template


def is_completed_by_instances(template: View, says: Callable[[View], bool]) -> bool:
    """Whether a launch template is only a part: the instances of the assembly that use it say the rest themselves.

    The CDK makes such a template for `ec2.Instance(require_imdsv2=True)`: it holds the metadata options and nothing
    else. A template that an Auto Scaling group uses, or nothing in the assembly, has to stand by itself.

    Args:
        template: a launch template.
        says: whether an instance says itself what the template leaves out.
    """
    if template.type != LAUNCH_TEMPLATE:
        return False
    groups = template.scene.views(AUTO_SCALING_GROUP)
    users = [instance for instance in template.scene.views(INSTANCE) if _uses(instance, template)]
    return bool(users) and all(map(says, users)) and not any(_uses(group, template) for group in groups)


def _uses(resource: View, template: View) -> bool:
    try:
        return any(source.is_same(template) for source in launched_from(resource))
    except Undetermined:
        return True  # it may


def has_launch_template(instance: View) -> bool:
    """Whether what an instance leaves out comes from a launch template, which is judged by itself.

    Args:
        instance: an AWS::EC2::Instance.

    Raises:
        Undetermined: its launch template is not in the assembly, or not known.
    """
    return any(True for _ in launched_from(instance))
