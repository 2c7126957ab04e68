"""Identity providers that strangers share, and the claims with which a trust policy tells its own users apart.

Anyone can have tokens of such a provider, so a role that trusts it must ask whose token it is. Sources: IAM User Guide,
"Create a role for OpenID Connect federation" and "Identity-provider controls for shared OIDC providers"; GitHub Docs,
"Configuring OpenID Connect in Amazon Web Services"; Amazon Cognito Developer Guide, "Role trust and permissions";
Amazon EKS User Guide, "Assign IAM roles to Kubernetes service accounts".
"""

from __future__ import annotations

from typing import Final

from nexis.records import record

AS_OF: Final = "2026-11-23"


@record
class SharedProvider:
    """A provider of tokens.

    Attributes:
        host: Its address, as trust policies name it; `*` stands for any text.
        claims: One of them must be asked for.
        whole_until: The value must be without wildcards up to the first such character; empty for any value that is
            not only wildcards.
    """

    host: str
    claims: tuple[str, ...]
    whole_until: str = ""


SHARED_PROVIDERS: Final = (
    SharedProvider("token.actions.githubusercontent.com", ("sub", "job_workflow_ref", "repository"), "/"),
    SharedProvider("token.actions.*", ("sub", "job_workflow_ref", "repository"), "/"),
    SharedProvider("gitlab.com", ("sub",), "/"),
    SharedProvider("agent.buildkite.com", ("sub",)),
    SharedProvider("api.bitbucket.org/*", ("sub", "aud")),
    SharedProvider("oidc.codefresh.io", ("sub",)),
    SharedProvider("app.terraform.io", ("sub",)),
    SharedProvider("studio.datachain.ai/api", ("sub",)),
    SharedProvider("oidc.upbound.io", ("sub",)),
    SharedProvider("proidc.upbound.io", ("sub",)),
    SharedProvider("oidc.eks.*", ("sub",)),
    SharedProvider("cognito-identity.amazonaws.com", ("aud",)),
    SharedProvider("accounts.google.com", ("aud", "oaud", "sub")),
    SharedProvider("graph.facebook.com", ("app_id",)),
    SharedProvider("www.amazon.com", ("app_id",)),
)
