"""Which identity providers a trust policy lets in by their tokens, and whether the tokens are GitHub's.

Sources: IAM User Guide, "Create a role for OpenID Connect federation"; GitHub Docs, "OpenID Connect reference" (the
issuers of GitHub.com, of GHE.com and of GitHub Enterprise Server). Read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.facts.github_oidc import HOST
from nexis.facts.globs import matches_glob
from nexis.rules._conditions import as_list
from nexis.templates.values import OPEN_PART, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

WEB: Final = "sts:assumerolewithwebidentity"
SAML: Final = "sts:assumerolewithsaml"

#: GitHub.com, GHE.com with a subdomain, and GitHub Enterprise Server.
GITHUB: Final = (HOST, "token.actions.*.ghe.com", "*/_services/token")


def is_made_while_deploying(role: View, statement: Statement) -> bool:
    """Whether CDK makes the condition while it deploys, as it does where a key of it holds the provider's address.

    Args:
        role: whose trust policy it is.
        statement: of the policy.
    """
    condition = statement.elements.get("Condition")
    values = condition.values() if isinstance(condition, dict) else ()
    return any(isinstance(value, str) and role.named(value, "Custom::AWSCDKCfnJson") is not None for value in values)


def hosts(role: View, statement: Statement, asked: list[tuple[str, str, Any, str]]) -> Iterator[str]:
    """Give the addresses of the providers that a statement trusts; also one that the template makes.

    Where the provider is open, as with a parameter, the keys of the conditions begin with its address.

    Args:
        role: whose trust policy it is.
        statement: of the policy.
        asked: its conditions, as `Statement.asked` gives them.
    """
    principal = statement.elements.get("Principal")
    for item in as_list(principal.get("Federated")) if isinstance(principal, dict) else []:
        made = role.named(item, "AWS::IAM::OIDCProvider")
        value = item if made is None else made.peek("Url")
        text = value.text if isinstance(value, Unknown) else str(value)
        if isinstance(value, Unknown) and OPEN_PART in (text or OPEN_PART):
            yield from (key.rpartition(":")[0].lower() for _, key, _, _ in asked if ":" in key)
        yield text.rpartition("oidc-provider/")[2].removeprefix("https://").rstrip("/")


def is_github(host: str) -> bool:
    """Whether a provider issues GitHub's tokens.

    Args:
        host: its address, as trust policies name it.
    """
    return any(matches_glob(pattern, host.lower()) for pattern in GITHUB)
