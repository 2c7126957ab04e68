"""GitHub's identity tokens: who issues them, what a subject looks like, and which claims a trust policy may ask for.

The default subject of a job with an environment is `repo:ORG/REPO:environment:NAME`, which has no branch in it. Since
January 2026 AWS also evaluates the claims `ref`, `environment`, `repository` and others as condition keys, so that a
trust policy asks for branch and environment without a customised subject. Repositories made or renamed since
2026-07-15 have subjects with the numbers of owner and repository, which stay when a name changes hands.

Sources: GitHub Docs, "OpenID Connect reference" and, for the numbers, GitHub's changelog of 2026-04-23, "Immutable
subject claims for GitHub Actions OIDC tokens"; AWS What's New, January 2026, "AWS STS supports validation of select
identity provider specific claims"; IAM User Guide, "Available keys for AWS OIDC federation". Read 2026-11-23.
"""

from __future__ import annotations

import re
from typing import Final

AS_OF: Final = "2026-11-23"

HOST: Final = "token.actions.githubusercontent.com"
ISSUER: Final = f"https://{HOST}"
AUDIENCE: Final = "sts.amazonaws.com"
BRANCH_PREFIX: Final = "refs/heads/"

#: GitHub's names: letters, digits and single hyphens for an owner; letters, digits, `.`, `_` and `-` for a repository.
OWNER: Final = r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}"
REPOSITORY: Final = rf"{OWNER}/(?!\.{{1,2}}$)[A-Za-z0-9._-]{{1,100}}"
#: A part of what git allows: no wildcard, no space, no `..`, and nothing at the ends that git refuses.
#: Source: git-check-ref-format(1).
BRANCH: Final = r"(?![./-])(?!.*(?:\.\.|//|/\.|@\{|\.lock(?:/|$)))[A-Za-z0-9._/@+=#-]{1,200}(?<![./])"

#: A repository that stands for one still to be named. Nobody may be let in by it: the name may belong to somebody.
PLACEHOLDER_REPOSITORY: Final = "example-org/example-repo"


def subject(repository: str, environment: str, *, owner_id: int | None = None, repository_id: int | None = None) -> str:
    """Write the subject of a token for a job with an environment.

    Args:
        repository: owner and name, such as `example-org/example-repo`.
        environment: the GitHub environment of the job.
        owner_id: the owner's number, where the repository has subjects that never change hands.
        repository_id: the repository's number; given together with the owner's.
    """
    owner, _, name = repository.partition("/")
    numbered = owner_id is not None and repository_id is not None
    who = f"{owner}@{owner_id}/{name}@{repository_id}" if numbered else f"{owner}/{name}"
    return f"repo:{who}:environment:{environment}"


def is_branch(name: str) -> bool:
    """Whether a text names one branch.

    Args:
        name: such as `main`, without `refs/heads/`.
    """
    return re.fullmatch(BRANCH, name) is not None


def is_repository(name: str) -> bool:
    """Whether a text names one repository.

    Args:
        name: such as `example-org/example-repo`.
    """
    return re.fullmatch(REPOSITORY, name) is not None
