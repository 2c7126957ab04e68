"""Tags of resources, in the shapes CloudFormation writes them, and the tags this baseline gives a meaning.

Source: CloudFormation resource reference, the `Tags`, `TagSpecifications` and `HostedZoneTags` properties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexis.templates.resolver import scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def has_tag(resource: View, key: str, value: str | None = None) -> bool:
    """Whether a resource, or what is launched from it, carries a tag.

    A tag whose key is not known is not the one looked for: tags that scope a rule are written out.

    Args:
        resource: any resource.
        key: the tag's key.
        value: the tag's value; any when None.
    """

    def carries() -> bool:
        return any(k == key and (value is None or v == value) for k, v in _tags(resource))

    asked = (has_tag, resource.template.key, resource.logical_id, key, value)
    return resource.scene.once(asked, carries)  # many rules ask it of every host


def _tags(resource: View) -> Iterator[tuple[str, str]]:
    yield from _pairs(resource.peek("Tags"))
    yield from _pairs(resource.peek("HostedZoneTags"))
    yield from _pairs(resource.peek("FileSystemTags"))
    yield from _specified(resource.peek("TagSpecifications"))
    yield from _specified(resource.peek("LaunchTemplateData", "TagSpecifications"))


def _specified(specifications: Any) -> Iterator[tuple[str, str]]:
    for specification in specifications if isinstance(specifications, list) else [specifications]:
        if isinstance(specification, dict):
            yield from _pairs(specification.get("Tags"))


def _pairs(tags: Any) -> Iterator[tuple[str, str]]:
    for tag in tags if isinstance(tags, list) else [tags]:
        if isinstance(tag, dict) and isinstance(tag.get("Key"), str):
            yield tag["Key"], scalar_text(tag.get("Value", ""))


def tag_values(resource: View, key: str) -> list[str]:
    """Give the values that a resource, or what is launched from it, carries under a tag.

    Args:
        resource: any resource.
        key: the tag's key.
    """
    return [value for name, value in _tags(resource) if name == key]
