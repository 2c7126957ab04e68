"""IAM as AWS enforces it, for a server that is asked to: the caller of a role, and the claims of GitHub's tokens.

MiniStack enforces policies when its variable AUTH says so. Two things differ from AWS there: the condition key
aws:PrincipalArn of a session, which is its role's ARN, and GitHub's claims, of which MiniStack knows three.

Sources: IAM User Guide, "AWS global condition context keys" (aws:PrincipalArn) and "Available keys for AWS OIDC
federation".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import cognito, sts

GITHUB = "token.actions.githubusercontent.com"
# The claims that AWS gives to trust policies, beside those of every provider.
CLAIMS = (
    *("actor", "actor_id", "enterprise_id", "environment", "job_workflow_ref", "ref"),
    *("repository", "repository_id", "workflow"),
)

Resolve = Callable[[str, Any], Any]
Principal = Callable[[str, str, str], tuple[str, dict[str, Any]]]


def role_of_session(resolve: Resolve) -> Resolve:
    """Give the role's ARN as aws:PrincipalArn of a session.

    Args:
        resolve: MiniStack's own reading of condition keys.
    """

    def resolved(key: str, context: Any) -> Any:
        value = resolve(key, context)
        if key.lower() != "aws:principalarn" or not isinstance(value, str) or ":assumed-role/" not in value:
            return value
        account, role = value.split(":")[4], value.partition(":assumed-role/")[2].split("/")[0]
        return f"arn:aws:iam::{account}:role/{role}"

    return resolved


def claims_of_github(principal: Principal) -> Principal:
    """Give the claims of GitHub's tokens as condition keys.

    Args:
        principal: MiniStack's own reading of a token.
    """

    def read(token: str, provider_id: str, role_arn: str) -> tuple[str, dict[str, Any]]:
        name, keys = principal(token, provider_id, role_arn)
        if not name.endswith(f"/{GITHUB}"):
            return name, keys
        claims = cognito._decode_id_token_unverified(token)
        return name, keys | {f"{GITHUB}:{claim}": claims[claim] for claim in CLAIMS if claim in claims}

    return read


def install() -> None:
    """Put both into MiniStack; without AUTH nobody asks them."""
    iam_evaluator._resolve_condition_key = role_of_session(iam_evaluator._resolve_condition_key)
    sts._web_identity_principal = claims_of_github(sts._web_identity_principal)
