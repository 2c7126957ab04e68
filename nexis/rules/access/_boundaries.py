"""Which policies are permissions boundaries: they allow nothing by themselves.

Source: IAM User Guide, "Permissions boundaries for IAM entities". Read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.patterns import pattern
from nexis.templates.values import Unknown
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from nexis.templates.views import View

POLICY: Final = "AWS::IAM::ManagedPolicy"
BOUNDED: Final = ("AWS::IAM::Role", "AWS::IAM::User")
ATTACHING: Final = (*BOUNDED, "AWS::IAM::Group")
#: A policy of AWS's own. None of them denies anything that a boundary is for.
OF_AWS: Final = pattern(r"arn:(?:\$\{[^}]*\}|[^:]*):iam::aws:policy/(.+)")
#: The properties with which a policy attaches itself.
ATTACHES_ITSELF: Final = ("Groups", "Roles", "Users")


def policy_of_aws(identity: View) -> str | None:
    """Give the name of AWS's own policy that a role or user has as its boundary; None where it has another, or none.

    Args:
        identity: a role or user.
    """
    value = identity.peek("PermissionsBoundary")
    found = OF_AWS.fullmatch(value.text if isinstance(value, Unknown) else str(value))
    return None if found is None else str(found[1])


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
