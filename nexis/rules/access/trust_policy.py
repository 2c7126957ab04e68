"""A role can be taken on only by principals that its trust policy names.

Fails: everyone as a principal without a condition on who; an identity provider without a condition, or one that
strangers share without a condition on its users; every action, a whole service, or all but a list of actions.

Sources: IAM User Guide, "AWS JSON policy elements: Principal" and "Create a role for OpenID Connect federation";
GitHub Docs, "Configuring OpenID Connect in Amazon Web Services". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from nexis.facts.globs import matches_glob
from nexis.facts.identity_providers import SHARED_PROVIDERS, SharedProvider
from nexis.rules._conditions import EXACT, WITH_WILDCARDS, as_list, open_name
from nexis.rules._policy_documents import texts
from nexis.rules.access._statements import (
    is_all,
    is_anyone,
    is_narrowed,
    is_whole_service,
    judge_statements,
    open_element,
    readable,
)
from nexis.rules.access._web_identity import SAML, WEB, hosts, is_made_while_deploying
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View


def check(role: View) -> Iterator[Problem]:
    """Judge a role."""
    yield from judge_statements(role, ("AssumeRolePolicyDocument",), partial(_statement, role))


def _statement(role: View, statement: Statement) -> Iterator[Problem]:
    if statement.allows:
        yield from parts(
            partial(_principal, statement), partial(_actions, statement), partial(_provider, role, statement)
        )


def _principal(statement: Statement) -> Iterator[Problem]:
    if is_anyone(statement) and not is_narrowed(statement):
        yield Problem(
            open_element(statement), "lets everyone take on the role; expected named principals, or a condition on who"
        )


def _actions(statement: Statement) -> Iterator[Problem]:
    if "NotAction" in statement.elements:
        yield Problem(f"{statement.where}.NotAction", "allows everything but a list; expected Action")
    for action in readable(statement, "Action", in_part=False):
        if is_all(action) or is_whole_service(action):
            yield Problem(f"{statement.where}.Action", f"found {action!r}, expected sts:AssumeRole or what is needed")


def _provider(role: View, statement: Statement) -> Iterator[Problem]:
    actions = {action.lower() for action in statement.texts("Action")} & {WEB, SAML}
    if not actions:
        return
    if not statement.elements.get("Condition"):
        expected = "conditions on the audience and the subject" if WEB in actions else "StringEquals on SAML:aud"
        yield Problem(
            f"{statement.where}.Condition",
            "is absent, so everyone with an account at the identity provider can take on the role; "
            f"expected {expected}",
        )
        return
    if WEB not in actions or is_made_while_deploying(role, statement):
        return
    asked = statement.asked()
    for host in dict.fromkeys(hosts(role, statement, asked)):
        for provider in SHARED_PROVIDERS:
            if _is(provider, host):
                claims = {f"{host}:{claim}".lower() for claim in provider.claims}
                chosen = partial(_is_chosen, provider, in_part=not statement.strict)
                if not any(key.lower() in claims and chosen(*rest) for key, *rest in _exact(asked)):
                    yield Problem(
                        f"{statement.where}.Condition",
                        f"lets in whoever has a token of {host}; expected StringEquals or StringLike on "
                        f"{host}:{provider.claims[0]} with whose token it must be",
                    )
                break


def _is(provider: SharedProvider, host: str) -> bool:
    return matches_glob(provider.host, host.lower())


def _exact(asked: list[tuple[str, str, Any, str]]) -> Iterator[tuple[str, str, Any, str]]:
    for operator, key, values, where in asked:
        name = operator.lower().removeprefix("foranyvalue:").removeprefix("forallvalues:")
        if name in EXACT:
            yield key, name, values, where


def _is_chosen(provider: SharedProvider, operator: str, values: Any, where: str, *, in_part: bool) -> bool:
    """Whether the values of a condition name somebody."""
    if operator not in WITH_WILDCARDS:
        return True
    known = texts([open_name(v) if in_part and isinstance(v, Unknown) else v for v in as_list(values)], where)
    return bool(known) and all(_names_somebody(provider, text) for text in known)


def _names_somebody(provider: SharedProvider, text: str) -> bool:
    if provider.whole_until:
        return not set(text.split(provider.whole_until)[0]) & set("*?")
    return not is_all(text)


RULE = Rule(
    id="access.trust-policy",
    severity="error",
    title="A role can be taken on only by principals that its trust policy names",
    why="Whoever can take on the role has all it may do, from any account in the world.",
    fix="name the service or role in AssumeRolePolicyDocument's Principal (CDK: assumed_by=ServicePrincipal(...)); for "
    "Principal * add a condition such as aws:PrincipalArn, for an identity provider one on its subject",
    types=("AWS::IAM::Role",),
    check=check,
    claims=("touchpoints.identity",),
    controls={"SOC 2": ("CC6.1", "CC6.3"), "NIST 800-53 r5": ("AC-3", "AC-6")},
    source="IAM User Guide, AWS JSON policy elements: Principal; Create a role for OpenID Connect federation",
    cdk="iam.Role(self, 'Host', assumed_by=iam.ServicePrincipal('ec2.amazonaws.com'))",
    example={
        "Host": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "ec2.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            },
        }
    },
)
