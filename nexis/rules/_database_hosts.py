"""Which hosts and groups belong to a database cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.tags import CLUSTER_TAG
from nexis.rules._launch import AUTO_SCALING_GROUP, LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE
from nexis.rules._launches import launched_from
from nexis.rules._tags import has_tag
from nexis.templates.views import Undetermined

if TYPE_CHECKING:
    from nexis.templates.views import View


def belongs_to_cluster(resource: View) -> bool:
    """Whether a resource is a database host, launches one, or is a group of them.

    It is, if it carries the cluster tag itself, or if the tag stands at the other end of the link between an Auto
    Scaling group and its launch template.

    Args:
        resource: an instance, a launch template or configuration, or an Auto Scaling group.
    """
    if has_tag(resource, CLUSTER_TAG):
        return True
    if resource.type == AUTO_SCALING_GROUP:
        return any(has_tag(source, CLUSTER_TAG) for source in _sources(resource))
    if resource.type in (LAUNCH_TEMPLATE, LAUNCH_CONFIGURATION):
        return any(
            has_tag(group, CLUSTER_TAG) and any(source.is_same(resource) for source in _sources(group))
            for group in resource.scene.views(AUTO_SCALING_GROUP)
        )
    return False


def _sources(group: View) -> list[View]:
    try:
        return list(launched_from(group))
    except Undetermined:
        return []  # an open link names nothing here
