"""AWS::IAM::ServiceLinkedRole and OIDCProvider, boundaries of roles, and the Ref of an instance profile."""

from __future__ import annotations

from ministack.services import iam

from local_aws import api
from local_aws.faults import AwsError
from local_aws.mends import Attributes, MendedType, NewType, Place, Properties, as_list, changed, pick


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


def set_boundary(name: str, old: Properties, new: Properties) -> Attributes:
    """PutRolePermissionsBoundary, which AWS refuses for a policy that is not there, or the deletion of what was set."""
    if changed(old, new, "PermissionsBoundary"):
        arn = new.get("PermissionsBoundary")
        if arn is not None and arn not in iam._policies:
            raise AwsError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.")
        iam._roles[name]["PermissionsBoundary"] = arn
    return {}


def create_provider(properties: Properties, place: Place) -> tuple[str, Attributes]:
    """CreateOpenIDConnectProvider; Ref is the ARN."""
    del place
    answer = api.call(
        "iam",
        "CreateOpenIDConnectProvider",
        Url=properties["Url"],
        ClientIDList=as_list(properties.get("ClientIdList")),
        ThumbprintList=as_list(properties.get("ThumbprintList")),
        Tags=as_list(properties.get("Tags")),
    )
    arn = answer["OpenIDConnectProviderArn"]
    return arn, {"Arn": arn}


def update_provider(arn: str, old: Properties, new: Properties) -> Attributes:
    """Audiences, thumbprints and tags can change; MiniStack has no operations for it."""
    del old
    lists = {"ClientIDList": "ClientIdList", "ThumbprintList": "ThumbprintList", "Tags": "Tags"}
    iam._oidc_providers[arn] |= {theirs: as_list(new.get(ours)) for theirs, ours in lists.items()}
    return {"Arn": arn}


def delete_provider(arn: str, properties: Properties) -> None:
    """DeleteOpenIDConnectProvider."""
    del properties
    api.call_forgiving("iam", "DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=arn)


NEW_TYPES = {
    "AWS::IAM::OIDCProvider": NewType(create_provider, delete_provider, update_provider, replaces=("Url",)),
    "AWS::IAM::ServiceLinkedRole": NewType(
        create_role, delete_role, update_role, replaces=("AWSServiceName", "CustomSuffix")
    ),
}
MENDED_TYPES = {
    "AWS::IAM::InstanceProfile": MendedType(shown_id=profile_name, stock_id=profile_arn),
    "AWS::IAM::Role": MendedType(finish=set_boundary),
}
