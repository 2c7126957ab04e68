"""Permissions stand in managed policies, not in identities.

Asked of our own baseline: the grant methods of CDK write inline policies, which are as narrow as managed ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules.access._identity_documents import IDENTITIES
from nexis.rules.model import Problem, Rule
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

INLINE = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy")


def check(resource: View) -> Iterator[Problem]:
    """Judge an inline policy, or an identity."""
    if resource.type in INLINE:
        yield Problem("Type", f"{resource.type} becomes an inline policy; expected AWS::IAM::ManagedPolicy")
    elif resource.items("Policies"):
        yield Problem(place("Policies"), "found inline policies, expected AWS::IAM::ManagedPolicy")


RULE = Rule(
    id="access.no-inline-policy",
    severity="error",
    title="Permissions stand in managed policies, not in identities",
    why="An inline policy has no ARN and no versions: it cannot be reviewed, compared or rolled back by itself.",
    fix="write an AWS::IAM::ManagedPolicy and attach it with ManagedPolicyArns or Roles (CDK: ManagedPolicy; the grant "
    "methods of roles write inline policies)",
    types=(*INLINE, *IDENTITIES),
    check=check,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.3",)},
    source="IAM User Guide, Managed policies and inline policies",
    cdk="policy = iam.ManagedPolicy(self, 'Read', statements=[statement])\nrole.add_managed_policy(policy)",
    example={
        "Reader": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [{"Ref": "Read"}]}},
        "Read": {"Type": "AWS::IAM::ManagedPolicy"},
    },
    scope="baseline",
)
