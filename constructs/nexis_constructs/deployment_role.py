"""The role with which GitHub deploys: no static keys, one repository, one branch, one environment."""

from __future__ import annotations

from typing import Any, Final

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from nexis.facts.deployment import CLI_ROLES, QUALIFIER, cli_role_name
from nexis.facts.github_oidc import (
    AUDIENCE,
    BRANCH,
    BRANCH_PREFIX,
    HOST,
    ISSUER,
    PLACEHOLDER_REPOSITORY,
    REPOSITORY,
    subject,
)
from nexis_constructs._checks import check_matches, refusal
from nexis_constructs._roles import allow

SESSION_SECONDS: Final = 3600
"""The longest session, in seconds, which is the shortest that IAM lets a role have as its longest."""


class DeploymentRole(Construct):
    """A role that one branch of one GitHub repository takes on, in jobs of one GitHub environment, and nobody else.

    It may do one thing: take on the roles of the CDK's bootstrap in this account and region, as the CDK CLI does to
    deploy. A pull request cannot take it on: its token names another ref and, unless somebody approved the job, no
    environment. Each condition is exact, so a claim that is missing refuses.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        repository: owner and name on GitHub, such as `example-org/example-repo`.
        environment: the GitHub environment of the job.
        branch: the branch, without `refs/heads/`.
        owner_id: the owner's number on GitHub, where subjects carry the numbers (repositories made or renamed since
            2026-07-15, or that chose to); together with `repository_id`.
        repository_id: the repository's number.
        role_name: the role's name; by default CloudFormation's. The bootstrap of this project trusts
            `nexis-ENVIRONMENT-deployment`.
        existing_provider: ARN of the account's identity provider for GitHub, of which there can be only one; without
            it one is made.
        qualifier: of the CDK's bootstrap.

    Attributes:
        role: the role.
        provider_arn: ARN of the identity provider.

    Raises:
        ValueError: if an argument is not as described.

    Source: IAM User Guide, Create a role for OpenID Connect federation, and Available keys for AWS OIDC federation;
        GitHub Docs, OpenID Connect reference.

    Example:
        ```python
        from aws_cdk import App, Environment, Stack
        from nexis_constructs import DeploymentRole

        app = App()
        stack = Stack(app, "Deployment", env=Environment(account="111111111111", region="eu-central-1"))
        DeploymentRole(stack, "Role", repository="example-org/example-repo", environment="prod")
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        repository: str,
        environment: str,
        branch: str = "main",
        owner_id: int | None = None,
        repository_id: int | None = None,
        role_name: str | None = None,
        existing_provider: str | None = None,
        qualifier: str = QUALIFIER,
    ) -> None:
        self._check(repository, environment, branch, owner_id, repository_id)
        if existing_provider is not None:
            check_matches(
                "existing_provider",
                existing_provider,
                rf"arn:[^:*]+:iam::[^:*]+:oidc-provider/{HOST}",
                expected="the ARN of an identity provider for GitHub",
                do=f"List them with `aws iam list-open-id-connect-providers`; it ends in {HOST}.",
            )
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        self.provider_arn = existing_provider or self._provider()
        claims = {
            "aud": AUDIENCE,
            "sub": subject(repository, environment, owner_id=owner_id, repository_id=repository_id),
            "repository": repository,
            "ref": BRANCH_PREFIX + branch,
            "environment": environment,
        }
        if repository_id is not None:
            claims["repository_id"] = str(repository_id)
        policy = iam.CfnManagedPolicy(
            self,
            "Policy",
            description=f"Takes on the CDK's bootstrap roles for {repository}",
            policy_document={"Version": "2012-10-17", "Statement": [self._cli_roles(stack, qualifier)]},
        )
        self.role = iam.CfnRole(
            self,
            "Resource",
            role_name=role_name,
            description=f"Deploys {environment} from {branch} of {repository}",
            assume_role_policy_document={"Version": "2012-10-17", "Statement": [self._trust(claims)]},
            managed_policy_arns=[policy.ref],
            max_session_duration=SESSION_SECONDS,
        )

    @staticmethod
    def _check(repository: str, environment: str, branch: str, owner_id: int | None, repository_id: int | None) -> None:
        check_matches(
            "repository",
            repository,
            REPOSITORY,
            expected="one repository: its owner and its name, without wildcards",
            do=f"Write it as {PLACEHOLDER_REPOSITORY!r}.",
        )
        check_matches(
            "environment",
            environment,
            r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}",
            expected="one GitHub environment: letters, digits, _ and -",
            do="Name the environment of the job that deploys, such as 'prod'.",
        )
        check_matches(
            "branch",
            branch,
            BRANCH,
            expected="one branch by its name, without wildcards",
            do="Name it without refs/heads/, such as 'main'.",
        )
        numbers = (owner_id, repository_id)
        if numbers != (None, None) and not all(type(number) is int and number > 0 for number in numbers):
            raise refusal(
                "owner_id, repository_id",
                got=numbers,
                expected="both numbers, positive, or none",
                do="`gh api repos/OWNER/REPOSITORY --jq '.owner.id, .id'` prints them.",
            )

    def _provider(self) -> str:
        # Without thumbprints: AWS checks GitHub's certificate against its own list of authorities.
        return iam.CfnOIDCProvider(self, "Provider", url=ISSUER, client_id_list=[AUDIENCE]).attr_arn

    def _trust(self, claims: dict[str, str]) -> dict[str, Any]:
        return {
            "Effect": "Allow",
            "Principal": {"Federated": self.provider_arn},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"{HOST}:{claim}": value for claim, value in claims.items()}},
        }

    def _cli_roles(self, stack: Stack, qualifier: str) -> dict[str, Any]:
        names = [
            cli_role_name(kind, account=stack.account, region=stack.region, qualifier=qualifier) for kind in CLI_ROLES
        ]
        return allow(["sts:AssumeRole"], [f"arn:{stack.partition}:iam::{stack.account}:role/{name}" for name in names])
