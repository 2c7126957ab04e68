"""The answers of the metadata service stay on the host.

One hop is also the documented default. Programs in containers need two where they take the host's credentials; ours
take none, so this is asked of our own baseline only.

Source: CloudFormation resource reference, AWS::EC2::LaunchTemplate MetadataOptions, read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules._launch import LAUNCH_TEMPLATE
from nexis.rules._launches import HOST_TYPES
from nexis.rules.hosts.imdsv2 import OPTIONS
from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def check(host: View) -> Iterator[Problem]:
    """Judge an instance, a launch template or a launch configuration."""
    options = OPTIONS[host.type]
    found = host.number(*options, "HttpPutResponseHopLimit")
    if not isinstance(found, Absent) and found > 1 and host.literal(*options, "HttpEndpoint") != "disabled":
        yield Problem(
            place(*options, "HttpPutResponseHopLimit"),
            f"found {found:g}, expected 1: the answer must not leave the host",
        )


RULE = Rule(
    id="hosts.imds-hop-limit",
    severity="error",
    title="The answers of the metadata service stay on the host",
    why="With two hops a container on the host gets the credentials of the host's role.",
    fix="set MetadataOptions.HttpPutResponseHopLimit to 1, or leave it out (CDK: http_put_response_hop_limit=1)",
    types=HOST_TYPES,
    check=check,
    scope="baseline",
    controls={"SOC 2": ("CC6.1",)},
    source="EC2 User Guide, Use the Instance Metadata Service to access instance metadata",
    cdk='ec2.LaunchTemplate(self, "Host", require_imdsv2=True, http_put_response_hop_limit=1)',
    example={
        "Host": {
            "Type": LAUNCH_TEMPLATE,
            "Properties": {
                "LaunchTemplateData": {"MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}}
            },
        }
    },
)
