"""Load balancers, old and new: which of them stand on the internet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from nexis.templates.views import View

LOAD_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
CLASSIC_LOAD_BALANCER: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
LOAD_BALANCERS: Final = (LOAD_BALANCER, CLASSIC_LOAD_BALANCER)


def may_face_the_internet(resource: View) -> bool:
    """Whether a resource is a load balancer that is not certainly internal: without `Scheme` it faces the internet.

    Args:
        resource: of any type.

    Source: Elastic Load Balancing API reference, CreateLoadBalancer, Scheme, read 2026-11-23.
    """
    return resource.type in LOAD_BALANCERS and str(resource.peek("Scheme")) != "internal"
