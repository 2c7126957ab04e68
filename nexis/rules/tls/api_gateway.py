"""API Gateway accepts no TLS version below 1.2 and shows its backends a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.facts.tls_policies import API_GATEWAY
from nexis.rules.requirements import Requirement, property_rule
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

_STAGE: Final = "AWS::ApiGateway::Stage"
_API: Final = "AWS::ApiGateway::RestApi"
_METHOD: Final = "AWS::ApiGateway::Method"
_HTTP: Final = ("HTTP", "HTTP_PROXY")


def _policy(kind: str, *path: str, absent: str = "") -> Requirement:
    return Requirement(
        type=kind,
        path=path,
        accepts=API_GATEWAY.is_current,
        expected=f"a policy with TLS 1.2 or later, such as {API_GATEWAY.recommended}",
        absent=absent,
        source=API_GATEWAY.source,
        as_of=API_GATEWAY.as_of,
        example=API_GATEWAY.recommended,
    )


def _may_call_http(stage: View) -> bool:
    """Whether a stage's API may have a backend that is spoken to over HTTP, where alone the certificate is shown."""
    api = stage.named(stage.peek("RestApiId"), _API)
    if api is None:
        return True
    kinds = list(_integrations(api))
    if not kinds and (isinstance(api.peek("Body"), Unknown) or not isinstance(api.peek("BodyS3Location"), Absent)):
        return False  # its backends are named elsewhere
    return not kinds or any(isinstance(kind, Unknown) or str(kind).upper() in _HTTP for kind in kinds)


def _integrations(api: View) -> Iterator[Any]:
    """Give the types of an API's integrations, as far as these templates show them."""
    for method in api.referrers(_METHOD, "RestApiId"):
        yield method.peek("Integration", "Type")
    for path, value in walk(api.peek("Body")):
        if path[-2:] == ("x-amazon-apigateway-integration", "type"):
            yield value


RULES = (
    property_rule(
        rule_id="tls.api-domain",
        title="API Gateway accepts no TLS version below 1.2",
        why="TLS 1.0 and 1.1 are withdrawn; an attacker on the way can push a connection down to them.",
        requirements=(
            _policy(
                "AWS::ApiGateway::DomainName",
                "SecurityPolicy",
                absent="without it API Gateway may take TLS_1_0, its default for edge-optimized domains",
            ),
            # The others have TLS 1.2 by default, or, for the API's own endpoint, none that good templates replace.
            _policy("AWS::ApiGateway::DomainNameV2", "SecurityPolicy"),
            _policy(_API, "SecurityPolicy"),
            _policy("AWS::ApiGatewayV2::DomainName", "DomainNameConfigurations", "*", "SecurityPolicy"),
            _policy("AWS::Serverless::Api", "Domain", "SecurityPolicy"),
            _policy("AWS::Serverless::HttpApi", "Domain", "SecurityPolicy"),
        ),
        fix="set SecurityPolicy: TLS_1_2 (CDK: security_policy=apigateway.SecurityPolicy.TLS_1_2)",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source=API_GATEWAY.source,
        cdk="""\
apigateway.DomainName(
    self, "Domain", domain_name="api.example.com", certificate=certificate,
    security_policy=apigateway.SecurityPolicy.TLS_1_2,
)
""",
    ),
    property_rule(
        rule_id="tls.api-client-certificate",
        title="API Gateway shows its HTTP backends a client certificate",
        why="Without it a backend cannot tell the API's requests from anybody else's and has to answer them all.",
        requirements=(
            Requirement(
                type=_STAGE,
                path=("ClientCertificateId",),
                accepts=None,
                expected="an AWS::ApiGateway::ClientCertificate",
                absent="API Gateway then shows none",
                source="CloudFormation reference, AWS::ApiGateway::Stage ClientCertificateId",
                as_of="2026-11-23",
                example={"Ref": "Certificate"},
                # Whichever certificate it is, which a parameter may say at deployment, it is one.
                when=lambda stage: not isinstance(stage.peek("ClientCertificateId"), Unknown),
            ),
        ),
        fix="make an AWS::ApiGateway::ClientCertificate and name it in ClientCertificateId of the stage",
        applies=_may_call_http,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("APIGateway.2",), "NIST 800-53 r5": ("SC-8",)},
        source="API Gateway Developer Guide, Generate and configure an SSL certificate for backend authentication",
        cdk="""\
certificate = apigateway.CfnClientCertificate(self, "Certificate")
stage.node.default_child.client_certificate_id = certificate.attr_client_certificate_id
""",
        example={
            "Certificate": {"Type": "AWS::ApiGateway::ClientCertificate"},
            "Stage": {
                "Type": _STAGE,
                "Properties": {"RestApiId": "a1b2c3", "ClientCertificateId": {"Ref": "Certificate"}},
            },
        },
    ),
)
