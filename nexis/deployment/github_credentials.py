"""Credentials for a job on GitHub, without any key that lasts: an identity token for an hour's session.

The SDKs ask for them through `credential_process`, so a token is fetched when it is needed and never written down.
Sources: GitHub Docs, "OpenID Connect reference" (requesting the token); AWS SDKs and Tools Reference Guide, "Process
credential provider"; STS API Reference, AssumeRoleWithWebIdentity.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from nexis.deployment.aws import FIRST_CALL, is_loopback, refuse_placeholders
from nexis.deployment.errors import DeploymentError
from nexis.facts.deployment import deployment_role_name
from nexis.facts.github_oidc import AUDIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.config import Configuration

URL_VARIABLE: Final = "ACTIONS_ID_TOKEN_REQUEST_URL"
RIGHT_VARIABLE: Final = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
SESSION_SECONDS: Final = 3600
LONGEST_ANSWER: Final = 64_000


def credentials(configuration: Configuration, environment: Mapping[str, str]) -> dict[str, Any]:
    """Take on the deployment role of an environment, as a `credential_process` answers.

    Args:
        configuration: the environment's configuration; the role is that of its account.
        environment: the variables of the job.

    Raises:
        DeploymentError: the configuration is an example still, there is no token to be had, or AWS refuses it.
    """
    refuse_placeholders(configuration)
    role = f"arn:aws:iam::{configuration.account}:role/{deployment_role_name(configuration.environment)}"
    token = identity_token(environment)
    client = boto3.client(
        "sts",
        region_name=configuration.region,
        # Nothing is signed, but without keys the SDK would look for some, and so start this very program again.
        aws_access_key_id="none",
        aws_secret_access_key="none",  # noqa: S106 - no key
        config=FIRST_CALL.merge(Config(signature_version=UNSIGNED)),
    )
    try:
        answer = client.assume_role_with_web_identity(
            RoleArn=role,
            RoleSessionName=session_name(environment),
            WebIdentityToken=token,
            DurationSeconds=SESSION_SECONDS,
        )["Credentials"]
    except (ClientError, BotoCoreError) as problem:
        raise DeploymentError(
            f"AWS does not let this job take on {role}: {problem}. Its trust names one repository, branch and "
            f"environment: run the job for them, or change [changes] in config/{configuration.environment}.toml."
        ) from None
    return {
        "Version": 1,
        "AccessKeyId": answer["AccessKeyId"],
        "SecretAccessKey": answer["SecretAccessKey"],
        "SessionToken": answer["SessionToken"],
        "Expiration": answer["Expiration"].isoformat(),
    }


def identity_token(environment: Mapping[str, str]) -> str:
    """Ask GitHub for the identity token of the job.

    Args:
        environment: the variables of the job; GitHub sets them where the job has `id-token: write`.

    Raises:
        DeploymentError: this is no such job, or GitHub does not give a token.
    """
    url, right = environment.get(URL_VARIABLE), environment.get(RIGHT_VARIABLE)
    if not url or not right:
        raise DeploymentError(
            f"{URL_VARIABLE} or {RIGHT_VARIABLE} is not set; this works in a job on GitHub that has the permission "
            "`id-token: write`. On your own machine, sign in with your own role."
        )
    if urlsplit(url).scheme != "https" and not is_loopback(url):
        raise DeploymentError(f"{URL_VARIABLE} is {url!r}, expected https; the right to a token is not sent elsewhere.")
    request = urllib.request.Request(  # noqa: S310 - https, as looked at above
        f"{url}{'&' if urlsplit(url).query else '?'}audience={quote(AUDIENCE)}",
        headers={"Authorization": f"bearer {right}", "Accept": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            token = json.loads(answer.read(LONGEST_ANSWER))["value"]
    except (urllib.error.URLError, OSError, ValueError, KeyError, TypeError) as problem:
        raise DeploymentError(
            f"GitHub gives no identity token ({type(problem).__name__}: {problem}). Try again."
        ) from None
    if not isinstance(token, str) or not token:
        raise DeploymentError("GitHub's answer holds no identity token. Try again.")
    return token


def session_name(environment: Mapping[str, str]) -> str:
    """Name the session after the run, so that the audit trail leads back to it.

    Args:
        environment: the variables of the job.

    Source: STS API Reference, AssumeRoleWithWebIdentity (2 to 64 characters: letters, digits, `_+=,.@-`).
    """
    named = f"github-{environment.get('GITHUB_RUN_ID', '')}-{environment.get('GITHUB_RUN_ATTEMPT', '')}".strip("-")
    return re.sub(r"[^A-Za-z0-9_+=,.@-]", "-", named)[:64]
