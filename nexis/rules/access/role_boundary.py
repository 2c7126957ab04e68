"""Every role carries a permissions boundary.

Asked of our own baseline, whose bootstrap lets CloudFormation make no other roles.

Source: IAM User Guide, "Permissions boundaries for IAM entities" (delegating with a boundary). Read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules.access._boundaries import BOUNDED, policy_of_aws
from nexis.rules.model import Problem, Rule
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def _check(identity: View) -> Iterator[Problem]:
    if not identity.stands("PermissionsBoundary"):
        yield Problem(
            place("PermissionsBoundary"),
            "is absent, so only its own policies limit it; expected the boundary of the account's bootstrap",
        )
    elif name := policy_of_aws(identity):
        yield Problem(
            place("PermissionsBoundary"),
            f"is AWS's own policy {name}, which denies none of what no role may do; expected the boundary of the "
            "account's bootstrap",
        )


RULE = Rule(
    id="access.role-boundary",
    severity="error",
    title="Every role carries a permissions boundary",
    why="A policy that grows by mistake, or by somebody's design, stays below the boundary: no role without it, no key "
    "deletion, no other region.",
    fix="set PermissionsBoundary to the ARN of the bootstrap's boundary (CDK: make the app with "
    "nexis.cdk.baseline_app, or Stack(permissions_boundary=PermissionsBoundary.from_name(...)))",
    types=BOUNDED,
    check=_check,
    claims=("touchpoints.changes", "touchpoints.identity"),
    controls={"SOC 2": ("CC6.3", "CC8.1"), "NIST 800-53 r5": ("AC-3", "AC-6")},
    source="IAM User Guide, Permissions boundaries for IAM entities",
    cdk="app = baseline_app()  # its stacks give every role the boundary",
    example={
        "Host": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "PermissionsBoundary": {
                    "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/cdk-hnb659fds-boundary"
                }
            },
        }
    },
    scope="baseline",
)
