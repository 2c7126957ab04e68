"""Where the policies of identities stand: in types of their own, or inline in roles, users and permission sets.

Sources: AWS CloudFormation Template Reference, AWS::IAM and AWS::SSO; AWS SAM Developer Guide. Read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

#: Types that hold one policy document, in `PolicyDocument`.
DOCUMENTS: Final = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
#: Types with inline policies in `Policies`.
IDENTITIES: Final = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
PERMISSION_SET: Final = "AWS::SSO::PermissionSet"
#: Its `Policies` may be documents, names and ARNs of managed policies, and policy templates. Source: AWS SAM Developer
#: Guide, AWS::Serverless::Function.
SERVERLESS: Final = "AWS::Serverless::Function"

Path = tuple[str | int, ...]


def documents(resource: View) -> Iterator[Path]:
    """Give the paths of a resource's policy documents.

    Args:
        resource: a policy or an identity.

    Raises:
        Undetermined: the list of inline policies is open.
    """
    if resource.type == PERMISSION_SET:
        if not isinstance(resource.get("InlinePolicy"), Absent):
            yield ("InlinePolicy",)
    elif resource.type == SERVERLESS:
        for position, item in enumerate(resource.items("Policies")):
            if isinstance(item, dict) and "Statement" in item:
                yield ("Policies", position)
    elif resource.type in IDENTITIES:
        for position in range(len(resource.items("Policies"))):
            yield ("Policies", position, "PolicyDocument")
    else:
        yield ("PolicyDocument",)
