"""Combinations of IAM actions with which a principal can give itself the permissions of others.

Each holds when all its actions are allowed on resources that are not the principal's own choice of a few. Source: the
published privilege escalation methods of Rhino Security Labs ("AWS IAM privilege escalation: methods and mitigation",
2018 to 2023) and of Bishop Fox ("IAM Vulnerable", 2021), checked against the Service Authorization Reference.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF: Final = "2026-11-23"


@record
class Escalation:
    """One way to more permissions.

    Attributes:
        actions: All of them are needed; in lower case.
        how: What they do together, as a clause.
    """

    actions: tuple[str, ...]
    how: str


#: The action of each that must reach more than chosen resources; the others count wherever they are allowed.
ESCALATIONS: Final = (
    Escalation(("iam:createpolicyversion",), "rewrite a policy that is attached to the caller"),
    Escalation(("iam:setdefaultpolicyversion",), "bring back an older, wider version of a policy"),
    Escalation(("iam:attachuserpolicy",), "attach AdministratorAccess to a user"),
    Escalation(("iam:attachgrouppolicy",), "attach AdministratorAccess to a group"),
    Escalation(("iam:attachrolepolicy",), "attach AdministratorAccess to a role"),
    Escalation(("iam:putuserpolicy",), "write any policy into a user"),
    Escalation(("iam:putgrouppolicy",), "write any policy into a group"),
    Escalation(("iam:putrolepolicy",), "write any policy into a role"),
    Escalation(("iam:createaccesskey",), "make an access key of another user"),
    Escalation(("iam:createloginprofile",), "give another user a password"),
    Escalation(("iam:updateloginprofile",), "change another user's password"),
    Escalation(("iam:addusertogroup",), "join a group of administrators"),
    Escalation(("iam:updateassumerolepolicy",), "make a role trust the caller"),
    Escalation(("iam:deleterolepermissionsboundary",), "take a role's permissions boundary away"),
    Escalation(("iam:deleteuserpermissionsboundary",), "take a user's permissions boundary away"),
    Escalation(("iam:passrole", "ec2:runinstances"), "start a host with any role"),
    Escalation(("iam:passrole", "ec2:requestspotinstances"), "start a host with any role"),
    Escalation(("iam:passrole", "ec2:associateiaminstanceprofile"), "give a host any role"),
    Escalation(("iam:passrole", "lambda:createfunction"), "run code with any role in a new function"),
    Escalation(("iam:passrole", "lambda:updatefunctionconfiguration"), "give a function any role"),
    Escalation(("iam:passrole", "glue:createdevendpoint"), "run code with any role at a Glue endpoint"),
    Escalation(("iam:passrole", "glue:createjob"), "run code with any role in a Glue job"),
    Escalation(("iam:passrole", "glue:updatejob"), "give a Glue job any role"),
    Escalation(("iam:passrole", "glue:createsession"), "run code with any role in a Glue session"),
    Escalation(("iam:passrole", "cloudformation:createstack"), "deploy a stack with any role"),
    Escalation(("iam:passrole", "cloudformation:updatestack"), "deploy a stack with any role"),
    Escalation(("iam:passrole", "cloudformation:createstackset"), "deploy stacks with any role"),
    Escalation(("iam:passrole", "datapipeline:createpipeline"), "run commands with any role in a pipeline"),
    Escalation(("iam:passrole", "codebuild:createproject"), "run code with any role in a build"),
    Escalation(("iam:passrole", "codebuild:updateproject"), "give a build any role"),
    Escalation(("iam:passrole", "codestar:createproject"), "deploy a project with any role"),
    Escalation(("iam:passrole", "ecs:runtask"), "run a container with any role"),
    Escalation(("iam:passrole", "ecs:starttask"), "run a container with any role"),
    Escalation(("iam:passrole", "ecs:createservice", "ecs:registertaskdefinition"), "run a container with any role"),
    Escalation(("iam:passrole", "sagemaker:createnotebookinstance"), "open a notebook with any role"),
    Escalation(("iam:passrole", "sagemaker:createtrainingjob"), "run code with any role in a training job"),
    Escalation(("iam:passrole", "sagemaker:createprocessingjob"), "run code with any role in a processing job"),
    Escalation(("iam:passrole", "sagemaker:createdomain"), "open a notebook with any role"),
    Escalation(("iam:passrole", "states:createstatemachine"), "call any API with any role"),
    Escalation(("iam:passrole", "states:updatestatemachine"), "call any API with any role"),
    Escalation(("iam:passrole", "scheduler:createschedule"), "call any API with any role"),
    Escalation(("iam:passrole", "apprunner:createservice"), "run a container with any role"),
    Escalation(("iam:passrole", "batch:registerjobdefinition", "batch:submitjob"), "run a job with any role"),
    Escalation(("iam:passrole", "elasticmapreduce:runjobflow"), "start a cluster with any role"),
    Escalation(("iam:passrole", "ssm:startautomationexecution"), "call any API with any role"),
    Escalation(("iam:passrole", "cloud9:createenvironmentec2"), "open a host with any role"),
    Escalation(("iam:passrole", "bedrock-agentcore:createcodeinterpreter"), "run code with any role"),
    Escalation(("lambda:updatefunctioncode",), "run other code with the role of a function"),
    Escalation(("glue:updatedevendpoint",), "log in to a Glue endpoint that has a role"),
    Escalation(("sagemaker:createpresignednotebookinstanceurl",), "open a notebook that has a role"),
    Escalation(("ssm:sendcommand",), "run commands on hosts that have a role"),
    Escalation(("ssm:startsession",), "log in to hosts that have a role"),
    Escalation(("ec2-instance-connect:sendsshpublickey",), "log in to hosts that have a role"),
    Escalation(("codestar:createprojectfromtemplate",), "deploy a project with the role of CodeStar"),
    Escalation(("codestar:associateteammember",), "become the owner of a project"),
)

#: What a condition must ask so that the action of an escalation stays harmless, by action; in lower case.
TAMED_BY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "iam:attachgrouppolicy": ("iam:policyarn",),
        "iam:attachrolepolicy": ("iam:policyarn", "iam:permissionsboundary"),
        "iam:attachuserpolicy": ("iam:policyarn", "iam:permissionsboundary"),
        "iam:deleterolepermissionsboundary": ("iam:permissionsboundary",),
        "iam:deleteuserpermissionsboundary": ("iam:permissionsboundary",),
        "iam:passrole": ("iam:passedtoservice", "iam:associatedresourcearn"),
        "iam:putrolepolicy": ("iam:permissionsboundary",),
        "iam:putuserpolicy": ("iam:permissionsboundary",),
    }
)
