from __future__ import annotations

from typing import Any

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate_trust_policy

from nexis.facts.github_oidc import AUDIENCE, HOST
from nexis_constructs import DeploymentRole
from tests.support.synthesis import ACCOUNT, new_stack, resources, template_of, the_only

PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
CHOSEN: dict[str, Any] = {
    "repository": "example-org/example-repo",
    "environment": "prod",
    "existing_provider": PROVIDER,
}
#: What a job of the environment prod has in its token, run from main.
TOKEN = {
    "aud": AUDIENCE,
    "sub": "repo:example-org/example-repo:environment:prod",
    "repository": "example-org/example-repo",
    "repository_id": "456789",
    "ref": "refs/heads/main",
    "environment": "prod",
}


def role(**arguments: Any) -> dict[str, Any]:
    stack = new_stack()
    DeploymentRole(stack, "Role", **{**CHOSEN, **arguments})
    return the_only(template_of(stack), "AWS::IAM::Role")["Properties"]  # type: ignore[no-any-return]


def lets_in(properties: dict[str, Any], token: dict[str, str]) -> bool:
    """Ask an evaluator of IAM policies that knows nothing of this project."""
    context = EvalContext(
        principal_arn=PROVIDER,
        principal_type="WebIdentityUser",
        principal_account=ACCOUNT,
        action="sts:AssumeRoleWithWebIdentity",
        resource_arn=f"arn:aws:iam::{ACCOUNT}:role/deployment",
        region="eu-central-1",
        service_context={f"{HOST}:{claim}": value for claim, value in token.items()},
    )
    return bool(evaluate_trust_policy(properties["AssumeRolePolicyDocument"], PROVIDER, context))


def test_a_job_of_the_environment_on_the_branch_is_let_in() -> None:
    assert lets_in(role(), TOKEN)


@pytest.mark.parametrize(
    "other",
    [
        {"ref": "refs/heads/other"},
        {"ref": "refs/tags/main"},
        {"ref": "refs/pull/1/merge"},
        {"environment": "dev", "sub": "repo:example-org/example-repo:environment:dev"},
        {"sub": "repo:example-org/example-repo:pull_request"},
        {"sub": "repo:example-org/example-repo:ref:refs/heads/main"},
        {"repository": "stranger/example-repo", "sub": "repo:stranger/example-repo:environment:prod"},
        {"aud": "https://github.com/example-org"},
        {"sub": "repo:example-org@1/example-repo@2:environment:prod"},
    ],
    ids=str,
)
def test_any_other_job_is_not(other: dict[str, str]) -> None:
    assert not lets_in(role(), {**TOKEN, **other})


@pytest.mark.parametrize("claim", ["aud", "sub", "repository", "ref", "environment"])
def test_a_missing_claim_refuses(claim: str) -> None:
    assert not lets_in(role(), {name: value for name, value in TOKEN.items() if name != claim})


def test_with_the_numbers_a_name_that_changed_hands_is_not_let_in() -> None:
    numbered = role(owner_id=123456, repository_id=456789)
    token = {**TOKEN, "sub": "repo:example-org@123456/example-repo@456789:environment:prod"}
    assert lets_in(numbered, token)
    assert not lets_in(numbered, TOKEN)
    assert not lets_in(numbered, {**token, "repository_id": "1"})


def test_it_may_take_on_the_roles_of_the_bootstrap_and_nothing_else() -> None:
    stack = new_stack()
    DeploymentRole(stack, "Role", **CHOSEN)
    (statement,) = the_only(template_of(stack), "AWS::IAM::ManagedPolicy")["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", ["sts:AssumeRole"])
    tails = [resource["Fn::Join"][1][-1] for resource in statement["Resource"]]
    assert tails == [
        f":iam::{ACCOUNT}:role/cdk-hnb659fds-{kind}-role-{ACCOUNT}-eu-central-1"
        for kind in ("deploy", "file-publishing", "lookup")
    ]


def test_its_sessions_are_short() -> None:
    assert role()["MaxSessionDuration"] == 3600


def test_the_provider_of_the_account_is_taken_and_no_second_one_made() -> None:
    stack = new_stack()
    made = DeploymentRole(stack, "Role", **CHOSEN)
    assert made.provider_arn == PROVIDER
    assert resources(template_of(stack), "AWS::IAM::OIDCProvider") == {}


def test_without_one_it_is_made_for_the_audience_of_aws() -> None:
    stack = new_stack()
    DeploymentRole(stack, "Role", repository="example-org/example-repo", environment="prod")
    provider = the_only(template_of(stack), "AWS::IAM::OIDCProvider")["Properties"]
    assert provider == {"Url": f"https://{HOST}", "ClientIdList": ["sts.amazonaws.com"]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"repository": "example-org/*"}, "without wildcards"),
        ({"repository": "example-org"}, "its owner and its name"),
        ({"repository": "a/b:environment:prod"}, "one repository"),
        ({"environment": "*"}, "one GitHub environment"),
        ({"environment": "prod:ref"}, "one GitHub environment"),
        ({"branch": "release/*"}, "one branch"),
        ({"branch": ""}, "one branch"),
        ({"owner_id": 1}, "both numbers"),
        ({"owner_id": 0, "repository_id": 1}, "both numbers"),
        ({"owner_id": True, "repository_id": 1}, "both numbers"),
        ({"existing_provider": "arn:aws:iam::111111111111:oidc-provider/gitlab.com"}, "identity provider for GitHub"),
    ],
    ids=str,
)
def test_refused(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said) as refusal:
        DeploymentRole(new_stack(), "Role", **{**CHOSEN, **arguments})
    assert "expected" in str(refusal.value)
