"""Users get their permissions from groups and roles.

Fails: inline policies in a user, managed policies attached to one, and policies that name users.

Sources: CIS Amazon Web Services Foundations Benchmark, "Ensure IAM users receive permissions only through groups"; IAM
User Guide, "IAM user groups". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

USER: Final = "AWS::IAM::User"
USER_POLICY: Final = "AWS::IAM::UserPolicy"
ATTACHED: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")


def _check(resource: View) -> Iterator[Problem]:
    if resource.type == USER_POLICY:
        yield Problem("Type", "belongs to one user; expected a policy of a group or a role")
        return
    names = ("Policies", "ManagedPolicyArns") if resource.type == USER else ("Users",)
    yield from parts(*(partial(_empty, resource, name) for name in names))


def _empty(resource: View, name: str) -> Iterator[Problem]:
    if resource.items(name):
        found = "gives policies to users" if name == "Users" else "found policies of one user"
        yield Problem(place(name), f"{found}; expected a group or a role to have them")


RULE = Rule(
    id="access.user-policies",
    severity="error",
    title="Users get their permissions from groups and roles",
    why="What single users were given is forgotten when they change their work, and no list of roles shows it.",
    fix="attach the policy to a group with the user in it, or to a role (CDK: Group(...).add_user(user))",
    types=(USER, USER_POLICY, *ATTACHED),
    check=_check,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.3",), "AWS FSBP": ("IAM.2",), "NIST 800-53 r5": ("AC-2", "AC-6")},
    source="IAM User Guide, IAM user groups; AWS Security Hub User Guide, IAM.2",
    cdk="readers = iam.Group(self, 'Readers', managed_policies=[read])\nreaders.add_user(user)",
    example={
        "Someone": {"Type": "AWS::IAM::User", "Properties": {"Groups": [{"Ref": "Readers"}]}},
        "Readers": {"Type": "AWS::IAM::Group", "Properties": {"ManagedPolicyArns": [{"Ref": "Read"}]}},
        "Read": {"Type": "AWS::IAM::ManagedPolicy"},
    },
)
