from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.facts.github_oidc import is_branch, is_repository, subject
from nexis.rules.access._github_claims import BRANCH, ENVIRONMENT, REPOSITORY, _of_subject
from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, defaulted, opened

HOST = "token.actions.githubusercontent.com"
WHERE = ("Properties.AssumeRolePolicyDocument.Statement.0.Condition",)
AUD = {f"{HOST}:aud": "sts.amazonaws.com"}
REPO = "repo:example-org/example-repo"
ON_MAIN = f"{REPO}:ref:refs/heads/main"
IN_PROD = f"{REPO}:environment:prod"


def trusting(condition: Any, *, host: str = HOST, **more: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::111111111111:oidc-provider/{host}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
        **more,
    }
    return resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": [statement]})


def equals(sub: Any, **claims: Any) -> dict[str, Any]:
    named = {f"{HOST}:{claim}": value for claim, value in claims.items()}
    return trusting({"StringEquals": {**AUD, f"{HOST}:sub": sub, **named}})


def like(sub: Any) -> dict[str, Any]:
    return trusting({"StringEquals": AUD, "StringLike": {f"{HOST}:sub": sub}})


def claims_only(**claims: Any) -> dict[str, Any]:
    return trusting({"StringEquals": {**AUD, **{f"{HOST}:{claim}": value for claim, value in claims.items()}}})


BUILT = {"Provider": resource("AWS::IAM::OIDCProvider", Url=f"https://{HOST}", ClientIdList=["sts.amazonaws.com"])}
BY_REFERENCE: dict[str, Any] = {"Principal": {"Federated": {"Ref": "Provider"}}}

TRUST = RuleCases(
    "access.github-trust",
    (
        good("an environment", resources(It=equals(IN_PROD))),
        good("a branch", resources(It=equals(ON_MAIN))),
        *(
            good(f"{sub} as a pattern, of which the baseline asks more", resources(It=like(sub)))
            for sub in (
                f"{REPO}:*",
                f"{REPO}:environment:*",
                f"{REPO}:environment:p*",
                f"{REPO}:ref:*",
                f"{REPO}:ref:refs/heads/*",
                f"{REPO}:ref:refs/*/main",
                f"{REPO}:*:environment:prod",
            )
        ),
        good("pull requests, of which the baseline asks more", resources(It=equals(f"{REPO}:pull_request"))),
        good("a repository alone, of which the baseline asks more", resources(It=claims_only(repository="o/r"))),
        good("a tag", resources(It=equals(f"{REPO}:ref:refs/tags/v1"))),
        good("branches, each named", resources(It=equals([ON_MAIN, f"{REPO}:ref:refs/heads/next"]))),
        good("branches whose names begin with something", resources(It=like(f"{REPO}:ref:refs/heads/release/*"))),
        good("a pattern without wildcards", resources(It=like(IN_PROD))),
        good("the numbers of owner and repository", resources(It=equals("repo:o@1/r@2:environment:prod"))),
        good("claims of their own", resources(It=claims_only(repository="o/r", environment="prod"))),
        good(
            "the repository's number and the branch",
            resources(It=claims_only(repository_id="2", ref="refs/heads/main")),
        ),
        good(
            "a customised subject",
            resources(It=equals("repository_id:2:job_workflow_ref:o/w/.github/workflows/d.yml@refs/heads/main")),
        ),
        good(
            "any of one value, which a missing claim is not",
            resources(It=trusting({"ForAnyValue:StringEquals": {**AUD, f"{HOST}:sub": IN_PROD}})),
        ),
        good(
            "GitHub Enterprise Server",
            resources(
                It=trusting(
                    {
                        "StringEquals": {
                            "ghe.example.com/_services/token:aud": "a",
                            "ghe.example.com/_services/token:sub": IN_PROD,
                        }
                    },
                    host="ghe.example.com/_services/token",
                )
            ),
        ),
        good(
            "another provider",
            resources(It=trusting({"StringLike": {"gitlab.com:sub": "project:*"}}, host="gitlab.com")),
        ),
        good(
            "a service", resources(It=trusting({}, Principal={"Service": "ec2.amazonaws.com"}, Action="sts:AssumeRole"))
        ),
        good("what is denied", resources(It=trusting({}, Effect="Deny"))),
        good("a repository that is chosen later", opened(It=equals({"Fn::Sub": "repo:${Open}:environment:prod"}))),
        good("a repository with a default", defaulted("o/r", It=equals({"Fn::Sub": "repo:${Open}:environment:prod"}))),
        *(
            bad(f"{sub} as a pattern", resources(It=like(sub)), at=WHERE)
            for sub in (
                "*",
                "repo:*",
                "repo:example-org/*",
                "repo:example-org/*:environment:prod",
                "repo:example-org/example-*:ref:refs/heads/main",
                "repo:*/example-repo:ref:refs/heads/main",
            )
        ),
        bad("an organisation", resources(It=claims_only(repository_owner="o", ref="refs/heads/main")), at=WHERE),
        bad("a wildcard that StringEquals takes to the letter", resources(It=equals("repo:example-org/*")), at=WHERE),
        bad("one of two values", resources(It=equals([IN_PROD, "repo:example-org/*"])), at=WHERE),
        bad("without an audience", resources(It=trusting({"StringEquals": {f"{HOST}:sub": IN_PROD}})), at=WHERE),
        bad(
            "any audience",
            resources(It=trusting({"StringEquals": {f"{HOST}:sub": IN_PROD}, "StringLike": {f"{HOST}:aud": "*"}})),
            at=WHERE,
        ),
        bad(
            "all of no values",
            resources(It=trusting({"ForAllValues:StringEquals": {**AUD, f"{HOST}:sub": IN_PROD}})),
            at=WHERE,
        ),
        bad(
            "if it is there",
            resources(It=trusting({"StringEqualsIfExists": {**AUD, f"{HOST}:sub": IN_PROD}})),
            at=WHERE,
        ),
        bad("but not this", resources(It=trusting({"StringNotEquals": {**AUD, f"{HOST}:sub": IN_PROD}})), at=WHERE),
        bad("without a condition", resources(It=trusting({})), at=WHERE),
        bad(
            "a subject of another provider",
            resources(It=trusting({"StringEquals": {"gitlab.com:sub": IN_PROD}})),
            at=WHERE,
        ),
        bad(
            "a provider of the template",
            resources(It=trusting({"StringEquals": AUD}, **BY_REFERENCE), **BUILT),
            at=WHERE,
        ),
        bad("by a pattern of actions", resources(It=trusting({}, Action="sts:AssumeRoleWith*")), at=WHERE),
        bad(
            "the workflow alone",
            resources(It=equals("job_workflow_ref:o/r/.github/workflows/d.yml@refs/heads/main")),
            at=WHERE,
        ),
        not_applicable("a user", resources(It=resource("AWS::IAM::User"))),
        unknown(
            "a repository that may be anything",
            opened(It=equals({"Fn::Sub": "repo:${Open}:environment:prod"})),
            at=(f"{WHERE[0]}.StringEquals.{HOST}:sub",),
            strict=True,
        ),
        unknown("a condition that is open", opened(It=trusting(OPEN)), at=WHERE),
    ),
)

BOTH = RuleCases(
    "access.github-branch-and-environment",
    (
        good("the subject's environment, and the branch", resources(It=equals(IN_PROD, ref="refs/heads/main"))),
        good("the subject's branch, and the environment", resources(It=equals(ON_MAIN, environment="prod"))),
        good("a customised subject with both", resources(It=equals(f"{ON_MAIN}:environment:prod"))),
        bad("the environment alone", resources(It=equals(IN_PROD)), at=WHERE),
        bad("a pull request", resources(It=equals(f"{REPO}:pull_request")), at=WHERE),
        bad("a repository alone", resources(It=claims_only(repository="o/r")), at=WHERE),
        *(
            bad(f"{sub} as a pattern", resources(It=like(sub)), at=WHERE)
            for sub in (f"{REPO}:*", f"{REPO}:environment:*", f"{REPO}:ref:refs/heads/*", f"{REPO}:*:environment:prod")
        ),
        bad("the branch alone", resources(It=equals(ON_MAIN)), at=WHERE),
        bad(
            "a pattern of branches",
            resources(
                It=trusting(
                    {
                        "StringEquals": {**AUD, f"{HOST}:sub": IN_PROD},
                        "StringLike": {f"{HOST}:ref": "refs/heads/release/*"},
                    }
                )
            ),
            at=WHERE,
        ),
        bad(
            "the branch, if the token says one",
            resources(
                It=trusting(
                    {
                        "StringEquals": {**AUD, f"{HOST}:sub": IN_PROD},
                        "StringEqualsIfExists": {f"{HOST}:ref": "refs/heads/main"},
                    }
                )
            ),
            at=WHERE,
        ),
        good(
            "both forms of the subject of one environment",
            resources(
                It=equals([IN_PROD, "repo:example-org@1/example-repo@2:environment:prod"], ref="refs/heads/main")
            ),
        ),
        bad("two branches", resources(It=equals(IN_PROD, ref=["refs/heads/main", "refs/heads/next"])), at=WHERE),
        bad(
            "two environments",
            resources(
                It=equals(
                    [IN_PROD, f"{REPO}:environment:dev"], ref="refs/heads/main", repository="example-org/example-repo"
                )
            ),
            at=WHERE,
        ),
        bad(
            "two repositories",
            resources(It=equals([IN_PROD, "repo:example-org/other:environment:prod"], ref="refs/heads/main")),
            at=WHERE,
        ),
        bad("two audiences", resources(It=equals(IN_PROD, ref="refs/heads/main", aud=["a", "b"])), at=WHERE),
        bad("a tag", resources(It=equals(IN_PROD, ref="refs/tags/v1")), at=WHERE),
        bad(
            "the branch of a shared workflow, not of the job",
            resources(It=equals(IN_PROD, job_workflow_ref="o/w/.github/workflows/d.yml@refs/heads/main")),
            at=WHERE,
        ),
        bad(
            "a branch in capitals as well",
            resources(
                It=trusting(
                    {
                        "StringEquals": {**AUD, f"{HOST}:sub": IN_PROD},
                        "StringEqualsIgnoreCase": {f"{HOST}:ref": "refs/heads/main"},
                    }
                )
            ),
            at=WHERE,
        ),
        good("no role of GitHub's", resources(It=resource("AWS::IAM::Role"))),
        not_applicable("a user", resources(It=resource("AWS::IAM::User"))),
        unknown(
            "a branch that may be any",
            opened(It=equals(IN_PROD, ref=OPEN)),
            at=(f"{WHERE[0]}.StringEquals.{HOST}:ref",),
            strict=True,
        ),
    ),
)


def lasting(seconds: Any) -> dict[str, Any]:
    made = equals(IN_PROD)
    made["Properties"]["MaxSessionDuration"] = seconds
    return made


SESSION = RuleCases(
    "access.github-session",
    (
        good("an hour", resources(It=lasting(3600))),
        good("AWS's default", resources(It=equals(IN_PROD))),
        good("a role of people", resources(It=resource("AWS::IAM::Role", MaxSessionDuration=43200))),
        bad("half a day", resources(It=lasting("43200")), at=("Properties.MaxSessionDuration",)),
        unknown("a time that is open", opened(It=lasting(OPEN)), at=("Properties.MaxSessionDuration",)),
        not_applicable("a user", resources(It=resource("AWS::IAM::User"))),
    ),
)

CASES = (TRUST, BOTH, SESSION)


@each_of(CASES)
def test_github_trust(cases: RuleCases, case: Case) -> None:
    hold(cases, case)


NAMES = st.from_regex(r"[A-Za-z0-9]{1,10}(-[a-z]{1,3})?", fullmatch=True)


@given(owner=NAMES, name=NAMES, environment=NAMES, numbers=st.none() | st.tuples(st.integers(1), st.integers(1)))
def test_our_own_subject_pins_repository_and_environment(
    owner: str, name: str, environment: str, numbers: tuple[int, int] | None
) -> None:
    owner_id, repository_id = numbers or (None, None)
    text = subject(f"{owner}/{name}", environment, owner_id=owner_id, repository_id=repository_id)
    assert _of_subject(text, like=True) == {REPOSITORY, ENVIRONMENT}


@given(st.text(alphabet="repo:/*?@refshadsmainvt-.0", max_size=60), st.booleans())
def test_no_subject_that_begins_with_a_wildcard_pins_anything(rest: str, like: bool) -> None:
    assert _of_subject(f"*{rest}", like=like) == frozenset()
    pinned = _of_subject(f"repo:*{rest}", like=like)
    assert REPOSITORY not in pinned or ":" in rest


@pytest.mark.parametrize("name", ["main", "release/2026.11", "feature/a_b#1", "v1.0"])
def test_branches(name: str) -> None:
    assert is_branch(name)
    assert BRANCH in _of_subject(f"repo:o/r:ref:refs/heads/{name}", like=False)


@pytest.mark.parametrize(
    "name", ["", "*", "a*", "a b", "/a", "a/", "a..b", "-a", "a.lock", "a//b", "a@{b", ".a", "a/.b"]
)
def test_what_is_no_branch(name: str) -> None:
    assert not is_branch(name)


@pytest.mark.parametrize(
    "name", ["a", "a/", "/a", "a/b/c", "a/*", "*/b", "a/b:ref", "-a/b", "a-/b", "a--b/c", "a/.", "a/.."]
)
def test_what_is_no_repository(name: str) -> None:
    assert not is_repository(name)
