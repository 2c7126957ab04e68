"""Elastic Beanstalk gives its hosts no public addresses and keeps its load balancer internal.

Source: Elastic Beanstalk Developer Guide, "General options for all environments" (aws:ec2:vpc), read 2026-11-23: hosts
get a public address only when asked for, and ELBScheme is public unless it says internal.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

Path = tuple[str | int, ...]

#: Where each type lists its options.
OPTIONS: Final[dict[str, str]] = {
    "AWS::ElasticBeanstalk::Environment": "OptionSettings",
    "AWS::ElasticBeanstalk::ConfigurationTemplate": "OptionSettings",
}
NAMESPACE: Final = "aws:ec2:vpc"


def applies(resource: View) -> bool:
    """Judge what sets options of the network."""
    name = OPTIONS[resource.type]
    return any(resource.peek(name, position, "Namespace") == NAMESPACE for position in range(len(resource.items(name))))


def check(resource: View) -> Iterator[Problem]:
    """Judge an environment or a saved configuration."""
    name = OPTIONS[resource.type]
    for position in range(len(resource.items(name))):
        if resource.peek(name, position, "Namespace") == NAMESPACE:
            yield from parts(partial(_option, resource, (name, position)))


def _option(resource: View, path: Path) -> Iterator[Problem]:
    option = resource.literal(*path, "OptionName")
    if option == "AssociatePublicIpAddress" and resource.flag(*path, "Value", default=False):
        yield Problem(place(*path, "Value"), "found true, expected false: the hosts get public addresses")
    elif option == "ELBScheme":
        found = resource.literal(*path, "Value")
        if not isinstance(found, Absent) and found.lower() != "internal":
            yield Problem(
                place(*path, "Value"), f"found {found!r}, expected internal: the load balancer faces the internet"
            )


RULE = Rule(
    id="network.beanstalk-not-public",
    severity="error",
    title="Elastic Beanstalk gives its hosts no public addresses and keeps its load balancer internal",
    why="A public address is a way in past everything that was built around the environment.",
    fix="set the options AssociatePublicIpAddress: false and ELBScheme: internal of aws:ec2:vpc",
    types=tuple(OPTIONS),
    applies=applies,
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "NIST 800-53 r5": ("SC-7",)},
    source="Elastic Beanstalk Developer Guide, General options for all environments",
    cdk='elasticbeanstalk.CfnEnvironment(self, "Site", application_name="site", option_settings=[\n'
    '    {"namespace": "aws:ec2:vpc", "optionName": "ELBScheme", "value": "internal"}])',
    example={
        "Site": {
            "Type": "AWS::ElasticBeanstalk::Environment",
            "Properties": {
                "ApplicationName": "site",
                "OptionSettings": [{"Namespace": NAMESPACE, "OptionName": "ELBScheme", "Value": "internal"}],
            },
        },
    },
)
