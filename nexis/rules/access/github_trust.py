"""A role that GitHub's jobs take on says which repository, and of our own baseline which branch and environment.

Asked everywhere: the repository without wildcards, and the audience. Many a role elsewhere is meant for every branch of
its repository, such as one that only reads, so a subject that ends in `:*` passes. Asked of our own baseline: branch
and environment both, each exactly, so that a deployment needs what was merged and what somebody approved.

Sources: GitHub Docs, "Configuring OpenID Connect in Amazon Web Services" and "OpenID Connect reference"; IAM User
Guide, "Create a role for OpenID Connect federation" (configuring a role for GitHub OIDC). Read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.facts.github_oidc import HOST
from nexis.rules.access._github_claims import AUDIENCE, BRANCH, ENVIRONMENT, REPOSITORY, judge_github, trap
from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

SESSION_SECONDS: Final = 3600


def _check(role: View) -> Iterator[Problem]:
    yield from judge_github(role, _pins)


def _pins(statement: Statement, pinned: frozenset[str], _exactly: frozenset[str]) -> Iterator[Problem]:
    missing = []
    if REPOSITORY not in pinned:
        missing.append(f"one repository (StringEquals on {HOST}:sub with repo:OWNER/NAME:…)")
    if AUDIENCE not in pinned:
        missing.append(f"the audience (StringEquals on {HOST}:aud)")
    if missing:
        yield Problem(
            f"{statement.where}.Condition",
            f"lets in more of GitHub's jobs than chosen ones{trap(statement)}; expected {', and '.join(missing)}",
        )


def _check_both(role: View) -> Iterator[Problem]:
    yield from judge_github(role, _pins_both)


def _pins_both(statement: Statement, _pinned: frozenset[str], exactly: frozenset[str]) -> Iterator[Problem]:
    missing = [word for word in (REPOSITORY, BRANCH, ENVIRONMENT, AUDIENCE) if word not in exactly]
    if missing:
        yield Problem(
            f"{statement.where}.Condition",
            f"does not pin {' and '.join(missing)} to one value each{trap(statement)}; expected StringEquals with one "
            f"value on {HOST}:sub, :ref, :environment and :aud",
        )


def _check_session(role: View) -> Iterator[Problem]:
    if not any(True for _ in judge_github(role, _any_of_githubs)):
        return
    seconds = role.number("MaxSessionDuration")
    if not isinstance(seconds, Absent) and seconds > SESSION_SECONDS:
        yield Problem(
            place("MaxSessionDuration"), f"found {seconds:g} seconds, expected {SESSION_SECONDS} or fewer, an hour"
        )


def _any_of_githubs(statement: Statement, _pinned: frozenset[str], _exactly: frozenset[str]) -> Iterator[Problem]:
    yield Problem(statement.where, "lets GitHub's jobs in")


_EXAMPLE_CONDITION: dict[str, Any] = {
    "StringEquals": {
        f"{HOST}:aud": "sts.amazonaws.com",
        f"{HOST}:sub": "repo:example-org/example-repo:environment:prod",
        f"{HOST}:ref": "refs/heads/main",
    }
}
_EXAMPLE: dict[str, Any] = {
    "Deploy": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Federated": {"Fn::GetAtt": ["GitHub", "Arn"]}},
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Condition": _EXAMPLE_CONDITION,
                    }
                ],
            }
        },
    },
    "GitHub": {
        "Type": "AWS::IAM::OIDCProvider",
        "Properties": {"Url": f"https://{HOST}", "ClientIdList": ["sts.amazonaws.com"]},
    },
}

RULES = (
    Rule(
        id="access.github-trust",
        severity="error",
        title="GitHub's jobs take on a role only from repositories that are named",
        why="With a wildcard for the repository, or without the audience, whoever makes a repository of a fitting name "
        "runs what they like with the role.",
        fix=f"ask with StringEquals for {HOST}:aud and for {HOST}:sub with repo:OWNER/NAME:environment:NAME or "
        "repo:OWNER/NAME:ref:refs/heads/NAME (CDK: DeploymentRole(...) of nexis_constructs)",
        types=("AWS::IAM::Role",),
        check=_check,
        claims=("touchpoints.changes", "touchpoints.identity"),
        controls={"SOC 2": ("CC6.1", "CC6.3", "CC8.1"), "NIST 800-53 r5": ("AC-3", "AC-6", "CM-5")},
        source="GitHub Docs, Configuring OpenID Connect in Amazon Web Services; IAM User Guide, Create a role for "
        "OpenID Connect federation",
        cdk="DeploymentRole(self, 'Deploy', repository='example-org/example-repo', environment='prod')",
        example=_EXAMPLE,
    ),
    Rule(
        id="access.github-branch-and-environment",
        severity="error",
        title="GitHub's jobs deploy only from one branch and in one environment",
        why="The branch holds what was reviewed, the environment waits for a second person: with one of them alone the "
        "other is left out.",
        fix=f"ask with StringEquals for {HOST}:sub, :ref, :environment and :aud (CDK: DeploymentRole(...) of "
        "nexis_constructs)",
        types=("AWS::IAM::Role",),
        check=_check_both,
        claims=("touchpoints.changes", "touchpoints.identity"),
        controls={"SOC 2": ("CC6.3", "CC8.1"), "NIST 800-53 r5": ("AC-5", "CM-3", "CM-5")},
        source="GitHub Docs, OpenID Connect reference; IAM User Guide, Available keys for AWS OIDC federation",
        cdk="DeploymentRole(self, 'Deploy', repository='example-org/example-repo', branch='main', environment='prod')",
        example=_EXAMPLE,
        scope="baseline",
    ),
    Rule(
        id="access.github-session",
        severity="error",
        title="GitHub's jobs hold a role for an hour at most",
        why="What is taken from a running job works until the session ends, wherever it is taken to.",
        fix="leave MaxSessionDuration out, or set it to 3600 (CDK: max_session_duration=Duration.hours(1))",
        types=("AWS::IAM::Role",),
        check=_check_session,
        claims=("touchpoints.changes", "touchpoints.identity"),
        controls={"SOC 2": ("CC6.1", "CC8.1"), "NIST 800-53 r5": ("AC-12",)},
        source="AWS CloudFormation Template Reference, AWS::IAM::Role MaxSessionDuration (an hour by default)",
        cdk="DeploymentRole(self, 'Deploy', repository='example-org/example-repo', environment='prod')",
        example=_EXAMPLE,
        scope="baseline",
    ),
)
