"""Hosts answer metadata requests only with a session token.

`HttpTokens` must be `required`: absent, AWS takes what the image asks for, else `optional`. `HttpEndpoint: disabled` is
stricter. What an instance leaves out comes from its launch template, which is judged by itself. How far an answer may
travel is `hosts.imds-hop-limit`.

Source: CloudFormation resource reference, AWS::EC2::LaunchTemplate MetadataOptions and AWS::AutoScaling::
LaunchConfiguration MetadataOptions, read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules._launch import INSTANCE, LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE
from nexis.rules._launches import HOST_TYPES, has_launch_template, is_completed_by_instances
from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.templates.views import View

OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    INSTANCE: ("MetadataOptions",),
    LAUNCH_TEMPLATE: ("LaunchTemplateData", "MetadataOptions"),
    LAUNCH_CONFIGURATION: ("MetadataOptions",),
}


def check(host: View) -> Iterator[Problem]:
    """Judge an instance, a launch template or a launch configuration."""
    options = OPTIONS[host.type]
    found = list(_tokens(host, options))
    if not found:
        return
    try:
        endpoint = host.literal(*options, "HttpEndpoint")
    except Undetermined:
        yield from (Problem(problem.property, problem.message, "unknown") for problem in found)
        return
    if endpoint != "disabled":
        yield from found


def _tokens(host: View, options: tuple[str, ...]) -> Iterator[Problem]:
    path = (*options, "HttpTokens")
    found = host.literal(*path)
    if isinstance(found, Absent):
        if not (has_launch_template(host) if host.type == INSTANCE else is_completed_by_instances(host, _says)):
            yield Problem(
                place(*path), "is absent, and AWS then takes the image's wish, else 'optional'; expected 'required'"
            )
    elif found != "required":
        yield Problem(place(*path), f"found {found!r}, expected 'required'")


def _says(instance: View) -> bool:
    return not isinstance(instance.get("MetadataOptions", "HttpTokens"), Absent)


RULE = Rule(
    id="hosts.imdsv2",
    severity="error",
    title="Hosts answer metadata requests only with a session token",
    why="Without tokens any program that can be made to fetch a URL hands out the credentials of the host's role.",
    fix="set MetadataOptions: {HttpTokens: required} (CDK: require_imdsv2=True)",
    types=HOST_TYPES,
    check=check,
    controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("EC2.8", "EC2.170", "AutoScaling.3")},
    source="EC2 User Guide, Use the Instance Metadata Service to access instance metadata",
    cdk='ec2.LaunchTemplate(self, "Host", require_imdsv2=True)',
    example={
        "Host": {
            "Type": LAUNCH_TEMPLATE,
            "Properties": {"LaunchTemplateData": {"MetadataOptions": {"HttpTokens": "required"}}},
        }
    },
)
