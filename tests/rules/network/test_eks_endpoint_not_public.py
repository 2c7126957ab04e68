from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened

PUBLIC = ("Properties.ResourcesVpcConfig.EndpointPublicAccess",)
RANGES = ("Properties.ResourcesVpcConfig.PublicAccessCidrs",)


def cluster(**config: Any) -> dict[str, Any]:
    return resource("AWS::EKS::Cluster", ResourcesVpcConfig={"SubnetIds": ["subnet-1"], **config})


CASES = RuleCases(
    "network.eks-endpoint-not-public",
    (
        good("private", resources(It=cluster(EndpointPublicAccess="false"))),
        good(
            "private, whatever the ranges", resources(It=cluster(EndpointPublicAccess=False, PublicAccessCidrs=["0/0"]))
        ),
        good("public for an office", resources(It=cluster(PublicAccessCidrs=["198.51.100.0/24"]))),
        bad("nothing said, which is public", resources(It=cluster()), at=PUBLIC),
        bad("no configuration at all", resources(It=resource("AWS::EKS::Cluster")), at=PUBLIC),
        bad("public without ranges", resources(It=cluster(EndpointPublicAccess=True, PublicAccessCidrs=[])), at=PUBLIC),
        bad("public for everyone", resources(It=cluster(PublicAccessCidrs=["10.0.0.0/8", "0.0.0.0/0"])), at=RANGES),
        bad("public in halves", resources(It=cluster(PublicAccessCidrs=["0.0.0.0/1", "128.0.0.0/1"])), at=RANGES),
        bad("public in IPv6", resources(It=cluster(PublicAccessCidrs="0::/0")), at=RANGES),
        bad(
            "a cluster of the CDK",
            resources(
                It=resource("Custom::AWSCDK-EKS-Cluster", Config={"resourcesVpcConfig": {"endpointPublicAccess": True}})
            ),
            at=("Properties.Config.resourcesVpcConfig.endpointPublicAccess",),
        ),
        bad("a parameter's default", defaulted("true", It=cluster(EndpointPublicAccess=OPEN)), at=PUBLIC),
        unknown("a parameter", opened(It=cluster(EndpointPublicAccess=OPEN)), at=PUBLIC),
        unknown("open ranges", opened(It=cluster(PublicAccessCidrs=OPEN)), at=RANGES),
        unknown("an open range", opened(It=cluster(PublicAccessCidrs=[OPEN])), at=RANGES),
        unknown("a condition", conditional(It=cluster(EndpointPublicAccess=either(True, False))), at=PUBLIC),
        not_applicable("a node group", resources(It=resource("AWS::EKS::Nodegroup"))),
    ),
)


@each(CASES)
def test_eks_endpoint_not_public(case: Case) -> None:
    hold(CASES, case)
