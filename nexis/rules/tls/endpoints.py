"""Nothing is delivered to, or fetched from, a plain HTTP address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.rules.model import Problem, Rule, unknown
from nexis.templates.values import OPEN_PART, Unknown
from nexis.templates.views import Absent, Undetermined, place, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from nexis.templates.views import View

_Path = tuple[str, ...]

#: Where an address to deliver to stands, by type; `*` stands for every item of a list.
#: Source: CloudFormation reference of each type, read 2026-11-23.
_DELIVERY: Final[Mapping[str, tuple[_Path, ...]]] = {
    "AWS::SNS::Subscription": (("Endpoint",),),
    "AWS::SNS::Topic": (("Subscription", "*", "Endpoint"),),
    "AWS::Events::ApiDestination": (("InvocationEndpoint",),),
    "AWS::Events::Connection": (("AuthParameters", "OAuthParameters", "AuthorizationEndpoint"),),
    "AWS::IoT::TopicRule": (
        ("TopicRulePayload", "Actions", "*", "Http", "Url"),
        ("TopicRulePayload", "ErrorAction", "Http", "Url"),
    ),
    "AWS::KinesisFirehose::DeliveryStream": (
        ("HttpEndpointDestinationConfiguration", "EndpointConfiguration", "Url"),
        ("SplunkDestinationConfiguration", "HECEndpoint"),
    ),
    "AWS::SecurityLake::SubscriberNotification": (
        ("NotificationConfiguration", "HttpsNotificationConfiguration", "Endpoint"),
    ),
}
_BACKENDS: Final[Mapping[str, tuple[_Path, ...]]] = {
    "AWS::ApiGateway::Method": (("Integration", "Uri"),),
    "AWS::ApiGatewayV2::Integration": (("IntegrationUri",),),
    "AWS::ApiGatewayV2::Api": (("Target",),),
    "AWS::AppSync::DataSource": (("HttpConfig", "Endpoint"),),
}
#: Where the kind of an integration and of its connection stand, by type.
_INTEGRATIONS: Final[Mapping[str, tuple[_Path, _Path]]] = {
    "AWS::ApiGateway::Method": (("Integration", "Type"), ("Integration", "ConnectionType")),
    "AWS::ApiGatewayV2::Integration": (("IntegrationType",), ("ConnectionType",)),
}
#: APIs that may bring their integrations in an OpenAPI document.
_DOCUMENTS: Final = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
_IN_DOCUMENTS: Final = "x-amazon-apigateway-integration"


def _addresses(resource: View, table: Mapping[str, tuple[_Path, ...]]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Give what stands where an address is wanted, or what is open on the way to it."""
    for wanted in table.get(resource.type, ()):
        top = wanted[0]
        for path, value in walk(resource.peek(top), (top,)):
            steps = tuple("*" if isinstance(step, int) else step for step in path)
            if steps == wanted or (isinstance(value, Unknown) and steps == wanted[: len(steps)]):
                yield path, value


def _plain(path: tuple[str | int, ...], value: Any) -> Iterator[Problem]:
    # The beginning is enough: what follows may be known only after deployment, or not at all.
    text = value.text if isinstance(value, Unknown) else value
    if isinstance(text, str) and text.strip().lower().startswith("http://"):
        said = str(text).replace(OPEN_PART, "…")
        yield Problem(place(*path), f"found {said!r}, expected an address that begins with https://")


def _delivers(resource: View) -> Iterator[Problem]:
    # What is open is not asked for: apart from SNS, whose protocol says it, every service here refuses plain HTTP.
    found = {path: [*_plain(path, value)] for path, value in _addresses(resource, _DELIVERY)}
    if resource.type == "AWS::SNS::Subscription":
        yield from _protocol(resource, found, ())
    elif resource.type == "AWS::SNS::Topic":
        for position in range(len(resource.items("Subscription"))):
            yield from _protocol(resource, found, ("Subscription", position))
    else:
        yield from (problem for problems in found.values() for problem in problems)


def _protocol(
    resource: View, found: Mapping[tuple[str | int, ...], list[Problem]], where: tuple[str | int, ...]
) -> Iterator[Problem]:
    """Judge the protocol of a subscription and, where that is right, its address."""
    if str(resource.literal(*where, "Protocol")).lower() == "http":
        yield Problem(place(*where, "Protocol"), "found 'http', expected 'https'")
    else:
        yield from found.get((*where, "Endpoint"), ())


def _backends(resource: View) -> Iterator[Problem]:
    for path, value in _addresses(resource, _BACKENDS):
        problems = [*_plain(path, value)]
        yield from problems
        begun = isinstance(value, Unknown) and value.text.lower().startswith("https://")
        if isinstance(value, Unknown) and not problems and not begun and _is_address(resource):
            yield unknown(Undetermined(place(*path), value.reason))
    if resource.type in _DOCUMENTS:
        for path, integration in _in_document(resource.peek("Body"), ("Body",)):
            if str(integration.get("connectionType")).upper() != "VPC_LINK":
                yield from _plain((*path, "uri"), integration.get("uri"))


def _in_document(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    """Give every integration of an OpenAPI document with its place."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == _IN_DOCUMENTS and isinstance(item, dict):
                yield (*path, name), item
            else:
                yield from _in_document(item, (*path, name))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _in_document(item, (*path, position))


def _is_address(resource: View) -> bool:
    """Whether what is not known must be an address; APIs also call functions."""
    if resource.type == "AWS::ApiGatewayV2::Api":
        return False
    kind = _INTEGRATIONS.get(resource.type)
    return kind is None or str(resource.peek(*kind[0])).upper().startswith("HTTP")


def _has_backend(resource: View) -> bool:
    """Whether an API passes requests on to an address; through a VPC link they stay in the VPC."""
    integration = _INTEGRATIONS.get(resource.type)
    if integration is not None and str(resource.peek(*integration[1])).upper() == "VPC_LINK":
        return False
    if resource.type in _DOCUMENTS and any(True for _ in _in_document(resource.peek("Body"), ())):
        return True
    return _has_address(_BACKENDS)(resource)


def _has_address(table: Mapping[str, tuple[_Path, ...]]) -> Callable[[View], bool]:
    def has(resource: View) -> bool:
        return any(not isinstance(resource.peek(path[0]), Absent) for path in table.get(resource.type, ()))

    return has


RULES = (
    Rule(
        id="tls.delivery-endpoint",
        severity="error",
        title="Messages and events are delivered over HTTPS",
        why="A message that is delivered over plain HTTP can be read and forged by whoever is on the way.",
        fix="use an address that begins with https:// (SNS: Protocol: https)",
        types=tuple(_DELIVERY),
        check=_delivers,
        applies=_has_address(_DELIVERY),
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="SNS Developer Guide, Security best practices; EventBridge User Guide, API destinations",
        cdk="""\
sns.Subscription(
    self, "Hook", topic=topic, protocol=sns.SubscriptionProtocol.HTTPS, endpoint="https://hooks.example.com/alarms"
)
""",
        example={
            "Hook": {
                "Type": "AWS::SNS::Subscription",
                "Properties": {
                    "TopicArn": "arn:aws:sns:eu-central-1:111122223333:alarms",
                    "Protocol": "https",
                    "Endpoint": "https://hooks.example.com/alarms",
                },
            }
        },
    ),
    Rule(
        id="tls.api-backend",
        severity="error",
        title="APIs speak HTTPS to their backends",
        why="Where the API passes requests on over plain HTTP, they are readable on the second half of the way.",
        fix="use an address that begins with https://",
        types=tuple(dict.fromkeys((*_BACKENDS, *_DOCUMENTS))),
        check=_backends,
        applies=_has_backend,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="API Gateway Developer Guide, HTTP integrations; AppSync Developer Guide, HTTP resolvers",
        cdk='apigateway.HttpIntegration("https://backend.example.com/orders", http_method="POST")',
        example={
            "Method": {
                "Type": "AWS::ApiGateway::Method",
                "Properties": {
                    "HttpMethod": "POST",
                    "Integration": {"Type": "HTTP_PROXY", "Uri": "https://backend.example.com/orders"},
                },
            }
        },
    ),
)
