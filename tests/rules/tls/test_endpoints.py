from __future__ import annotations

from typing import Any

from tests.rules.tls._rows import cases_of
from tests.support.rule_cases import Case, RuleCases, bad, each_of, good, hold, not_applicable, resource, resources
from tests.support.rule_templates import OPEN, opened

SUBSCRIPTION = "AWS::SNS::Subscription"
METHOD = "AWS::ApiGateway::Method"
PLAIN = "http://hooks.example.com/x"


def method(uri: Any, kind: Any = "HTTP_PROXY") -> dict[str, Any]:
    return {"Integration": {"Type": kind, "Uri": uri}}


def document(uri: Any, **more: Any) -> dict[str, Any]:
    integration = {"type": "http_proxy", "httpMethod": "GET", "uri": uri, **more}
    return {"openapi": "3.0.1", "paths": {"/x": {"get": {"x-amazon-apigateway-integration": integration}}}}


CASES = (
    cases_of(
        "tls.delivery-endpoint",
        SUBSCRIPTION,
        fine={
            "HTTPS": {"Protocol": "https", "Endpoint": "https://hooks.example.com/x"},
            "a queue": {"Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]}},
        },
        wrong={
            "the protocol": ({"Protocol": "http", "Endpoint": "//x"}, "Properties.Protocol"),
            "the address": ({"Protocol": "https", "Endpoint": PLAIN}, "Properties.Endpoint"),
        },
        weak=({"Protocol": OPEN, "Endpoint": "//x"}, "http", "Properties.Protocol"),
        open_=({"Protocol": OPEN, "Endpoint": "//x"}, "Properties.Protocol"),
        more=(
            good("mail to whoever", opened(It=resource(SUBSCRIPTION, Protocol="email", Endpoint=OPEN))),
            bad(
                "a topic's own",
                resources(It=resource("AWS::SNS::Topic", Subscription=[{"Protocol": "http", "Endpoint": "x"}])),
                at=("Properties.Subscription.0.Protocol",),
            ),
            not_applicable("a topic without", resources(It=resource("AWS::SNS::Topic"))),
            bad(
                "an API destination, of which only the end is open",
                opened(
                    It=resource("AWS::Events::ApiDestination", InvocationEndpoint={"Fn::Sub": "http://${It}.local/x"})
                ),
                at=("Properties.InvocationEndpoint",),
            ),
            good(
                "an API destination, all of it open: EventBridge takes HTTPS alone",
                opened(It=resource("AWS::Events::ApiDestination", InvocationEndpoint=OPEN)),
            ),
            good(
                "an API destination, of which the host is open",
                opened(It=resource("AWS::Events::ApiDestination", InvocationEndpoint={"Fn::Sub": "https://${Open}/x"})),
            ),
            bad(
                "an API destination, plain, of which the host is open",
                opened(It=resource("AWS::Events::ApiDestination", InvocationEndpoint={"Fn::Sub": "http://${Open}/x"})),
                at=("Properties.InvocationEndpoint",),
            ),
            bad(
                "protocol and address, said once",
                resources(It=resource(SUBSCRIPTION, Protocol="http", Endpoint=PLAIN)),
                at=("Properties.Protocol",),
            ),
            bad(
                "the address of a topic's second subscription",
                resources(
                    It=resource(
                        "AWS::SNS::Topic",
                        Subscription=[
                            {"Protocol": "email", "Endpoint": "a@example.com"},
                            {"Protocol": "https", "Endpoint": PLAIN},
                        ],
                    )
                ),
                at=("Properties.Subscription.1.Endpoint",),
            ),
            bad(
                "a rule of IoT",
                resources(It=resource("AWS::IoT::TopicRule", TopicRulePayload={"Actions": [{"Http": {"Url": PLAIN}}]})),
                at=("Properties.TopicRulePayload.Actions.0.Http.Url",),
            ),
        ),
    ),
    cases_of(
        "tls.api-backend",
        METHOD,
        fine={
            "HTTPS": method("https://backend.example.com"),
            "a function": method(
                {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/x/${Function.Arn}/y"}, "AWS_PROXY"
            ),
        },
        wrong={"HTTP": (method(PLAIN), "Properties.Integration.Uri")},
        weak=(method(OPEN), PLAIN, "Properties.Integration.Uri"),
        open_=(method(OPEN), "Properties.Integration.Uri"),
        more=(
            good("a function that a parameter names", opened(It=resource(METHOD, **method(OPEN, "AWS_PROXY")))),
            bad(
                "the second version",
                resources(
                    It=resource("AWS::ApiGatewayV2::Integration", IntegrationType="HTTP_PROXY", IntegrationUri=PLAIN)
                ),
                at=("Properties.IntegrationUri",),
            ),
            bad(
                "AppSync",
                resources(It=resource("AWS::AppSync::DataSource", HttpConfig={"Endpoint": PLAIN})),
                at=("Properties.HttpConfig.Endpoint",),
            ),
            good("HTTPS to an open host", opened(It=resource(METHOD, **method({"Fn::Sub": "https://${Open}/x"})))),
            bad(
                "HTTP to an open host",
                opened(It=resource(METHOD, **method({"Fn::Sub": "http://${Open}/x"}))),
                at=("Properties.Integration.Uri",),
            ),
            not_applicable(
                "through a VPC link",
                resources(
                    It=resource(METHOD, Integration={"Type": "HTTP_PROXY", "ConnectionType": "VPC_LINK", "Uri": PLAIN})
                ),
            ),
            bad(
                "a quickly made API",
                resources(It=resource("AWS::ApiGatewayV2::Api", Target=PLAIN)),
                at=("Properties.Target",),
            ),
            good("a quickly made API of a function", opened(It=resource("AWS::ApiGatewayV2::Api", Target=OPEN))),
            bad(
                "in an OpenAPI document",
                resources(It=resource("AWS::ApiGateway::RestApi", Body=document(PLAIN))),
                at=("Properties.Body.paths./x.get.x-amazon-apigateway-integration.uri",),
            ),
            good(
                "in an OpenAPI document, HTTPS",
                resources(It=resource("AWS::ApiGatewayV2::Api", Body=document("https://backend.example.com"))),
            ),
            good(
                "in an OpenAPI document, through a VPC link",
                resources(It=resource("AWS::ApiGateway::RestApi", Body=document(PLAIN, connectionType="VPC_LINK"))),
            ),
            not_applicable("an API without a document", resources(It=resource("AWS::ApiGateway::RestApi"))),
            not_applicable(
                "an API with an odd document", resources(It=resource("AWS::ApiGateway::RestApi", Body=[["x"], "y"]))
            ),
        ),
    ),
)


@each_of(CASES)
def test_endpoints(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
