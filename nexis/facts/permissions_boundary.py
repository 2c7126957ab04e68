"""The permissions boundary: what no role may do, whatever its policies allow.

CloudFormation's execution role, the other roles of the bootstrap and every role of a stack carry it. A boundary allows
nothing by itself; this one takes nothing away but what `DENIALS` and the regions name. The bootstrap template is made
of it, and the rule access.boundary-denies asks for the same.

Sources: IAM User Guide, "Permissions boundaries for IAM entities" (delegating with a boundary) and "AWS global
condition context keys" (aws:RequestedRegion, and the services with one endpoint for the world); Service Authorization
Reference, AWS Identity and Access Management (which actions know iam:PermissionsBoundary). Read 2026-11-23.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from nexis.facts.deployment import BOUNDARY_NAME, EXECUTION_ROLE
from nexis.facts.regions import APPROVED_REGIONS

AS_OF: Final = "2026-11-23"

BOUNDARY_ARN: Final = f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:policy/{BOUNDARY_NAME}"
EXECUTION_ROLE_ARN: Final = f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{EXECUTION_ROLE}"
_BOOTSTRAP_POLICIES: Final = "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/cdk-${Qualifier}-*"
_BOOTSTRAP_ROLES: Final = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-${Qualifier}-*"

#: Whom a denial spares: nobody; who gives the boundary to the role in question; CloudFormation, which makes what stands
#: in a template; CloudFormation only in an environment that is not production, where it removes what leaves a template.
Spares = Literal["nobody", "with the boundary", "cloudformation", "cloudformation outside production"]
#: What it is about: everything, or the policies or the roles of the bootstrap.
About = Literal["everything", "policies", "roles"]


@dataclass(frozen=True, slots=True)
class Denial:
    """What the boundary denies.

    Attributes:
        sid: The statement's name.
        what: In words, as in "a boundary must deny …".
        actions: IAM actions, each written out or with `*` at the end.
        spares: See `Spares`.
        about: See `About`.
    """

    sid: str
    what: str
    actions: tuple[str, ...]
    spares: Spares = "nobody"
    about: About = "everything"


DENIALS: Final = (
    Denial(
        "DenyRolesWithoutThisBoundary",
        "making or widening roles that do not carry it",
        ("iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"),
        "with the boundary",
    ),
    Denial(
        "DenyTakingBoundariesAway",
        "taking a boundary away",
        ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"),
    ),
    Denial(
        "DenyRewritingBootstrapPolicies",
        "rewriting the boundary itself",
        ("iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion"),
        about="policies",
    ),
    Denial(
        "DenyChangingBootstrapRoles",
        "changing the roles of the bootstrap",
        (
            "iam:AttachRolePolicy",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
        ),
        about="roles",
    ),
    Denial(
        "DenyLastingCredentials",
        "making users, passwords and access keys",
        (
            "iam:AddUserToGroup",
            "iam:AttachGroupPolicy",
            "iam:AttachUserPolicy",
            "iam:CreateAccessKey",
            "iam:CreateGroup",
            "iam:CreateLoginProfile",
            "iam:CreateServiceSpecificCredential",
            "iam:CreateUser",
            "iam:PutGroupPolicy",
            "iam:PutUserPermissionsBoundary",
            "iam:PutUserPolicy",
            "iam:UpdateAccessKey",
            "iam:UpdateLoginProfile",
            "iam:UploadSSHPublicKey",
            "iam:UploadSigningCertificate",
        ),
    ),
    Denial(
        "DenyOrganisationAndAccount",
        "changing the organisation, the account or who signs in",
        ("account:*", "identitystore:*", "organizations:*", "sso:*"),
    ),
    Denial(
        "DenyErasingEvidence",
        "switching off what records, and deleting keys",
        (
            "access-analyzer:DeleteAnalyzer",
            "cloudtrail:DeleteTrail",
            "cloudtrail:StopLogging",
            "config:DeleteConfigurationRecorder",
            "config:DeleteDeliveryChannel",
            "config:StopConfigurationRecorder",
            "ec2:DeleteFlowLogs",
            "guardduty:DeleteDetector",
            "kms:DisableKey",
            "kms:ScheduleKeyDeletion",
            "s3:PutAccountPublicAccessBlock",
            "securityhub:DisableSecurityHub",
        ),
        "cloudformation outside production",
    ),
    # The actions know no resource. CloudFormation needs them for the hook itself; what else it would do to a hook
    # stands in a template, which access.policy-hook-fails-closed judges.
    Denial(
        "DenySwitchingHooksOff",
        "switching off the hooks that judge deployments",
        (
            "cloudformation:DeactivateType",
            "cloudformation:DeregisterType",
            "cloudformation:SetTypeConfiguration",
            "cloudformation:SetTypeDefaultVersion",
        ),
        "cloudformation",
    ),
)

#: What has one endpoint for the world, so that its region says nothing.
WORLDWIDE: Final = ("cloudfront:*", "iam:*", "route53:*", "s3:ListAllMyBuckets", "sts:*", "support:*")

#: The condition of the template that is true in production, where CloudFormation is not spared either.
KEEP_EVIDENCE: Final = "KeepsEvidence"

_RESOURCES: Final = {"everything": "*", "policies": _BOOTSTRAP_POLICIES, "roles": _BOOTSTRAP_ROLES}


def boundary_document() -> dict[str, Any]:
    """Write the boundary as a policy document; texts with `${…}` are for `Fn::Sub`."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "LeaveTheRestToPolicies", "Effect": "Allow", "Action": "*", "Resource": "*"},
            *(_statement(denial) for denial in DENIALS),
            {
                "Sid": "DenyOtherRegions",
                "Effect": "Deny",
                "NotAction": list(WORLDWIDE),
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": sorted(APPROVED_REGIONS)}},
            },
        ],
    }


def _statement(denial: Denial) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Sid": denial.sid,
        "Effect": "Deny",
        "Action": list(denial.actions),
        "Resource": _RESOURCES[denial.about],
    }
    if denial.spares == "with the boundary":
        statement["Condition"] = {"StringNotEquals": {"iam:PermissionsBoundary": BOUNDARY_ARN}}
    elif denial.spares != "nobody":
        spared = {"ArnNotEquals": {"aws:PrincipalArn": EXECUTION_ROLE_ARN}}
        always = denial.spares == "cloudformation"
        statement["Condition"] = spared if always else {"Fn::If": [KEEP_EVIDENCE, {"Ref": "AWS::NoValue"}, spared]}
    return statement
