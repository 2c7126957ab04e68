"""AWS::IAM::ServiceLinkedRole, and the Ref of an instance profile."""

from __future__ import annotations

from ministack.services import iam

from local_aws import api
from local_aws.mends import Attributes, MendedType, NewType, Place, Properties, pick


def create_role(properties: Properties, place: Place) -> tuple[str, Attributes]:
    """CreateServiceLinkedRole; Ref is the role's name."""
    del place
    answer = api.call(
        "iam", "CreateServiceLinkedRole", **pick(properties, "AWSServiceName", "CustomSuffix", "Description")
    )
    return answer["Role"]["RoleName"], {"RoleName": answer["Role"]["RoleName"]}


def update_role(name: str, old: Properties, new: Properties) -> Attributes:
    """Only the description can change."""
    del old
    iam._roles[name]["Description"] = new.get("Description", "")
    return {"RoleName": name}


def delete_role(name: str, properties: Properties) -> None:
    """DeleteServiceLinkedRole."""
    del properties
    api.call_forgiving("iam", "DeleteServiceLinkedRole", RoleName=name)


def profile_name(arn: str, properties: Properties) -> str:
    """Ref of an instance profile is its name; MiniStack gives the ARN."""
    del properties
    return arn.rpartition("/")[2]


def profile_arn(name: str, properties: Properties) -> str:
    """The ARN of a named instance profile, the name itself if it is gone."""
    del properties
    return str((iam._instance_profiles.get(name) or {}).get("Arn", name))


NEW_TYPES = {
    "AWS::IAM::ServiceLinkedRole": NewType(
        create_role, delete_role, update_role, replaces=("AWSServiceName", "CustomSuffix")
    )
}
MENDED_TYPES = {"AWS::IAM::InstanceProfile": MendedType(shown_id=profile_name, stock_id=profile_arn)}
