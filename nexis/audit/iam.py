"""IAM: roles with their policies and boundaries, managed policies, instance profiles, identity providers.

Source: IAM API Reference, the operations called here; CloudFormation resource reference, AWS::IAM::*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import policy, same, tags, without_empty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nexis.audit.model import Aws, Wanted

ROLE: Final = "AWS::IAM::Role"
MANAGED_POLICY: Final = "AWS::IAM::ManagedPolicy"
INLINE_POLICY: Final = "AWS::IAM::Policy"
INSTANCE_PROFILE: Final = "AWS::IAM::InstanceProfile"
PROVIDER: Final = "AWS::IAM::OIDCProvider"
TYPES: Final = (ROLE, MANAGED_POLICY, INLINE_POLICY, INSTANCE_PROFILE, PROVIDER)

GONE: Final = ("NoSuchEntity", "NoSuchEntityException")
SERVICE_ROLES: Final = "/aws-service-role/"
"""Path of roles that AWS makes and nobody can change."""


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read roles, policies, profiles and identity providers by name or ARN.

    Args:
        aws: who is asked.
        wanted: resources by id.
    """
    roles, policies, profiles, providers = (
        set(wanted.of(kind)) for kind in (ROLE, MANAGED_POLICY, INSTANCE_PROFILE, PROVIDER)
    )
    if wanted.everything:
        found = aws.pages("iam", "list_roles", "Roles")
        roles |= {a["RoleName"] for a in found if not str(a.get("Path", "")).startswith(SERVICE_ROLES)}
        policies |= {a["Arn"] for a in aws.pages("iam", "list_policies", "Policies", Scope="Local")}
        profiles |= {a["InstanceProfileName"] for a in aws.pages("iam", "list_instance_profiles", "InstanceProfiles")}
        listed = aws.call("iam", "list_open_id_connect_providers")["OpenIDConnectProviderList"]
        providers |= {a["Arn"] for a in listed}
    jobs = [
        *((_role, name) for name in sorted(roles)),
        *((_managed_policy, arn) for arn in sorted(policies)),
        *((_instance_profile, name) for name in sorted(profiles)),
        *((_provider, arn) for arn in sorted(providers)),
    ]
    return [live for live in aws.each(lambda job: job[0](aws, job[1]), jobs) if live is not None]


def _role(aws: Aws, name: str) -> Live | None:
    answer = aws.call("iam", "get_role", RoleName=name, absent=GONE)
    if answer is None:
        return None
    attached = aws.pages("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name)
    inline = [
        aws.call("iam", "get_role_policy", RoleName=name, PolicyName=policy_name)
        for policy_name in aws.pages("iam", "list_role_policies", "PolicyNames", RoleName=name)
    ]
    return role(answer["Role"], attached, inline)


def role(answer: Mapping[str, Any], attached: Sequence[Mapping[str, Any]], inline: Sequence[Mapping[str, Any]]) -> Live:
    """Read a role as GetRole answers it.

    Args:
        answer: the role.
        attached: items of ListAttachedRolePolicies.
        inline: answers of GetRolePolicy.
    """
    name = answer["RoleName"]
    properties = same(answer, "RoleName", "Path", "Description", "MaxSessionDuration")
    properties["AssumeRolePolicyDocument"] = policy(answer.get("AssumeRolePolicyDocument"))
    properties["ManagedPolicyArns"] = sorted(item["PolicyArn"] for item in attached)
    properties["Policies"] = [
        {"PolicyName": item["PolicyName"], "PolicyDocument": policy(item["PolicyDocument"])} for item in inline
    ]
    boundary = answer.get("PermissionsBoundary") or {}
    if boundary.get("PermissionsBoundaryArn"):
        properties["PermissionsBoundary"] = boundary["PermissionsBoundaryArn"]
    return Live(
        type=ROLE,
        identity=name,
        name=f"role/{name}",
        properties=without_empty(properties),
        attributes={answer["Arn"]: "Arn"},
        stands_for=tuple((INLINE_POLICY, item["PolicyName"]) for item in inline),
        handles={
            **{f"Policies.{n}": item["PolicyName"] for n, item in enumerate(inline)},
            **{f"ManagedPolicyArns.{n}": arn for n, arn in enumerate(properties["ManagedPolicyArns"])},
        },
    )


def _managed_policy(aws: Aws, arn: str) -> Live | None:
    answer = aws.call("iam", "get_policy", PolicyArn=arn, absent=GONE)
    if answer is None:
        return None
    version = aws.call("iam", "get_policy_version", PolicyArn=arn, VersionId=answer["Policy"]["DefaultVersionId"])
    return managed_policy(answer["Policy"], version["PolicyVersion"])


def managed_policy(answer: Mapping[str, Any], version: Mapping[str, Any]) -> Live:
    """Read a managed policy in its default version.

    Args:
        answer: of GetPolicy.
        version: of GetPolicyVersion.
    """
    properties = same(answer, "Path", "Description")
    properties["ManagedPolicyName"] = answer["PolicyName"]
    properties["PolicyDocument"] = policy(version.get("Document"))
    return Live(
        type=MANAGED_POLICY,
        identity=answer["Arn"],
        name=f"policy/{answer['PolicyName']}",
        properties=without_empty(properties),
        attributes={answer["Arn"]: ""},
    )


def _instance_profile(aws: Aws, name: str) -> Live | None:
    answer = aws.call("iam", "get_instance_profile", InstanceProfileName=name, absent=GONE)
    return None if answer is None else instance_profile(answer["InstanceProfile"])


def instance_profile(answer: Mapping[str, Any]) -> Live:
    """Read an instance profile as GetInstanceProfile answers it."""
    name = answer["InstanceProfileName"]
    properties = same(answer, "InstanceProfileName", "Path")
    properties["Roles"] = [role["RoleName"] for role in answer.get("Roles") or ()]
    return Live(
        type=INSTANCE_PROFILE,
        identity=name,
        name=f"instance-profile/{name}",
        properties=properties,
        attributes={answer["Arn"]: "Arn"},
    )


def _provider(aws: Aws, arn: str) -> Live | None:
    answer = aws.call("iam", "get_open_id_connect_provider", OpenIDConnectProviderArn=arn, absent=GONE)
    return None if answer is None else provider(arn, answer)


def provider(arn: str, answer: Mapping[str, Any]) -> Live:
    """Read an identity provider as GetOpenIDConnectProvider answers it: the address without its scheme.

    Args:
        arn: its ARN, which the answer does not hold.
        answer: of the API.
    """
    properties: dict[str, Any] = {"Url": f"https://{answer['Url'].removeprefix('https://')}"}
    properties["ClientIdList"] = sorted(answer.get("ClientIDList") or ())
    properties["ThumbprintList"] = sorted(answer.get("ThumbprintList") or ())
    return Live(
        type=PROVIDER,
        identity=arn,
        name=f"oidc-provider/{arn.partition('oidc-provider/')[2]}",
        properties=without_empty(properties) | tags(answer.get("Tags")),
        attributes={arn: "Arn"},
    )
