"""The API of an EKS cluster is reached from inside, or from networks that are named.

The endpoint is public unless the cluster says no, and then open to 0.0.0.0/0 unless it names ranges.

The CDK's eks module makes a custom resource of a cluster, with the same settings under other names.

Source: CloudFormation resource reference, AWS::EKS::Cluster ResourcesVpcConfig, read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.cidr import describe, opens_to_anyone
from nexis.rules.model import Problem, Rule
from nexis.rules.network._security_rules import read_ranges
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

#: Where each type says whether the endpoint is public, and for whom.
PATHS: Final = {
    "AWS::EKS::Cluster": (
        ("ResourcesVpcConfig", "EndpointPublicAccess"),
        ("ResourcesVpcConfig", "PublicAccessCidrs"),
    ),
    "Custom::AWSCDK-EKS-Cluster": (
        ("Config", "resourcesVpcConfig", "endpointPublicAccess"),
        ("Config", "resourcesVpcConfig", "publicAccessCidrs"),
    ),
}


def check(cluster: View) -> Iterator[Problem]:
    """Judge a cluster."""
    public, ranges = PATHS[cluster.type]
    if not cluster.flag(*public, default=True):
        return
    if not cluster.items(*ranges):
        yield Problem(
            place(*public),
            "is true or absent, and the API then takes connections from anyone on the internet; "
            "expected false, or the ranges of known networks",
        )
        return
    peer = read_ranges(cluster, *ranges)
    if opens_to_anyone(peer.ranges):
        yield Problem(
            place(*ranges),
            f"found {describe(peer.ranges)}, which lets in anyone from the internet; "
            "expected no public endpoint, or the ranges of known networks",
        )
    elif peer.open:
        yield Problem(place(*ranges), f"cannot be known here: {peer.open}", "unknown")


RULE = Rule(
    id="network.eks-endpoint-not-public",
    severity="error",
    title="The API of an EKS cluster is reached from inside, or from networks that are named",
    why="Whoever reaches the API of a cluster needs one stolen token to run programs in it.",
    fix="set ResourcesVpcConfig.EndpointPublicAccess: false and EndpointPrivateAccess: true "
    "(CDK: endpoint_access=eks.EndpointAccess.PRIVATE), or name PublicAccessCidrs",
    types=tuple(PATHS),
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("EKS.1",)},
    source="CloudFormation resource reference, AWS::EKS::Cluster ResourcesVpcConfig",
    cdk='eks.Cluster(self, "Cluster", version=version, endpoint_access=eks.EndpointAccess.PRIVATE)',
    example={
        "Cluster": {
            "Type": "AWS::EKS::Cluster",
            "Properties": {
                "ResourcesVpcConfig": {
                    "SubnetIds": ["subnet-1", "subnet-2"],
                    "EndpointPublicAccess": False,
                    "EndpointPrivateAccess": True,
                },
            },
        },
    },
)
