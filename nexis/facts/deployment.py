"""Names on which the way of a change to AWS depends: of the bootstrap's roles, of our stacks, of the boundary.

`${…}` are the placeholders of the CDK, which are also those of `Fn::Sub`. Source: AWS CDK Developer Guide, "Customize
AWS CDK bootstrapping"; the roles as the bootstrap template of aws-cdk 2.1148.1 names them.
"""

from __future__ import annotations

from typing import Final

AS_OF: Final = "2026-11-23"

#: The CDK's own qualifier; an app and its bootstrap must agree on it.
QUALIFIER: Final = "hnb659fds"
TOOLKIT_STACK: Final = "CDKToolkit"
#: Told to the CDK CLI, which refuses to put one variant in the place of another.
BOOTSTRAP_VARIANT: Final = "Nexis Network: exact execution role and permissions boundary"
#: Every stack of the baseline, and what CloudFormation names after it, begins so.
STACK_PREFIX: Final = "nexis-"

_HERE: Final = "${AWS::AccountId}-${AWS::Region}"
#: Without account and region, which the CDK does not fill in for a stack that leaves them open. Names of policies
#: belong to an account, so a second region of the same account needs a qualifier of its own.
BOUNDARY_NAME: Final = "cdk-${Qualifier}-boundary"
EXECUTION_ROLE: Final = f"cdk-${{Qualifier}}-cfn-exec-role-{_HERE}"

#: The roles of the bootstrap that the CDK CLI takes on for a deployment of file assets and templates.
CLI_ROLES: Final = ("deploy", "file-publishing", "lookup")


def cli_role_name(kind: str, *, account: str, region: str, qualifier: str = QUALIFIER) -> str:
    """Name a role of the bootstrap.

    Args:
        kind: one of `CLI_ROLES`.
        account: its account, or what stands for it.
        region: its region.
        qualifier: of the bootstrap.
    """
    return f"cdk-{qualifier}-{kind}-role-{account}-{region}"


def deployment_role_name(environment: str) -> str:
    """Name the role with which GitHub deploys an environment; the bootstrap's roles trust it by this name.

    Args:
        environment: such as `prod`.
    """
    return f"{STACK_PREFIX}{environment}-deployment"


def boundary_name(qualifier: str = QUALIFIER) -> str:
    """Name the permissions boundary of an account.

    Args:
        qualifier: of the bootstrap.
    """
    return BOUNDARY_NAME.replace("${Qualifier}", qualifier)
