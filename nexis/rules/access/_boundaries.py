"""Which policies are permissions boundaries: they allow nothing by themselves.

Source: IAM User Guide, "Permissions boundaries for IAM entities". Read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.templates.views import Absent

if TYPE_CHECKING:
    from nexis.templates.views import View

POLICY: Final = "AWS::IAM::ManagedPolicy"
BOUNDED: Final = ("AWS::IAM::Role", "AWS::IAM::User")
ATTACHING: Final = (*BOUNDED, "AWS::IAM::Group")
#: The properties with which a policy attaches itself.
ATTACHES_ITSELF: Final = ("Groups", "Roles", "Users")


def is_boundary(policy: View) -> bool:
    """Whether a role or user of the assembly has a policy as its boundary.

    Args:
        policy: any resource.
    """
    return policy.type == POLICY and any(any(policy.referrers(kind, "PermissionsBoundary")) for kind in BOUNDED)


def is_only_a_boundary(policy: View) -> bool:
    """Whether a policy is a boundary and nobody's permissions, as far as the assembly tells.

    Args:
        policy: any resource.
    """
    return (
        is_boundary(policy)
        and all(isinstance(policy.peek(name), Absent) for name in ATTACHES_ITSELF)
        and not any(any(policy.referrers(kind, "ManagedPolicyArns")) for kind in ATTACHING)
    )
