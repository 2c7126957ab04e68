from __future__ import annotations

from typing import Any

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
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened

KIND = ("Properties.AuthorizationType",)
EVERYONE = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}

OTHERS = {**EVERYONE, "Effect": "Deny", "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}


def method(verb: Any = "GET", **more: Any) -> dict[str, Any]:
    return resource("AWS::ApiGateway::Method", HttpMethod=verb, RestApiId={"Ref": "Api"}, **more)


def api(**more: Any) -> dict[str, Any]:
    return resource("AWS::ApiGateway::RestApi", **more)


def route(key: Any = "GET /items", **more: Any) -> dict[str, Any]:
    return resource("AWS::ApiGatewayV2::Route", RouteKey=key, ApiId={"Ref": "Api"}, **more)


def protocol(name: str) -> dict[str, Any]:
    return resource("AWS::ApiGatewayV2::Api", ProtocolType=name)


def graph(kind: Any, *more: Any) -> dict[str, Any]:
    others = [{"AuthenticationType": one} for one in more]
    return resource("AWS::AppSync::GraphQLApi", AuthenticationType=kind, AdditionalAuthenticationProviders=others)


CASES = (
    RuleCases(
        "access.api-method-authorization",
        (
            good("a signature", resources(It=method(AuthorizationType="AWS_IAM"))),
            good("users of a pool", resources(It=method(AuthorizationType="COGNITO_USER_POOLS", AuthorizerId="a"))),
            good("a key", resources(It=method(AuthorizationType="NONE", ApiKeyRequired=True))),
            good(
                "a private API",
                resources(It=method(AuthorizationType="NONE"), Api=api(EndpointConfiguration={"Types": ["PRIVATE"]})),
            ),
            good(
                "an API for some networks",
                resources(
                    It=method(AuthorizationType="NONE"),
                    Api=api(Policy={"Statement": [EVERYONE, OTHERS]}),
                ),
            ),
            bad("none", resources(It=method(AuthorizationType="NONE")), at=KIND),
            bad("absent", resources(It=method()), at=KIND),
            bad(
                "an API whose policy lets everyone in",
                resources(It=method(AuthorizationType="NONE"), Api=api(Policy={"Statement": [EVERYONE]})),
                at=KIND,
            ),
            bad("a parameter's default", defaulted("NONE", It=method(AuthorizationType=OPEN)), at=KIND),
            unknown("open", opened(It=method(AuthorizationType=OPEN)), at=KIND),
            unknown("sometimes", conditional(It=method(AuthorizationType=either("NONE", "AWS_IAM"))), at=KIND),
            not_applicable("what browsers ask first", resources(It=method("OPTIONS", AuthorizationType="NONE"))),
        ),
    ),
    RuleCases(
        "access.api-policy-open",
        (
            good(
                "one role",
                resources(It=api(Policy={"Statement": {**EVERYONE, "Principal": {"AWS": "arn:aws:iam::1:role/app"}}})),
            ),
            good(
                "one endpoint",
                resources(
                    It=api(
                        Policy={
                            "Statement": [{**EVERYONE, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}]
                        }
                    )
                ),
            ),
            good("others are denied", resources(It=api(Policy={"Statement": [EVERYONE, OTHERS]}))),
            bad(
                "everyone",
                resources(It=api(Policy={"Statement": [EVERYONE]})),
                at=("Properties.Policy.Statement.0.Principal",),
            ),
            bad(
                "everyone by a parameter's default",
                defaulted("*", It=api(Policy={"Statement": [{**EVERYONE, "Principal": {"AWS": OPEN}}]})),
                at=("Properties.Policy.Statement.0.Principal",),
            ),
            unknown("an open policy", opened(It=api(Policy=OPEN)), at=("Properties.Policy",)),
            not_applicable("no policy", resources(It=api())),
        ),
    ),
    RuleCases(
        "access.api-route-authorization",
        (
            good("a signature", resources(It=route(AuthorizationType="AWS_IAM"))),
            good("a token", resources(It=route("$default", AuthorizationType="JWT", AuthorizerId="a"))),
            good("a connection", resources(It=route("$connect", AuthorizationType="CUSTOM"))),
            bad("none", resources(It=route(AuthorizationType="NONE")), at=KIND),
            bad("absent", resources(It=route(), Api=protocol("HTTP")), at=KIND),
            bad("a connection", resources(It=route("$connect"), Api=protocol("WEBSOCKET")), at=KIND),
            bad("a parameter's default", defaulted("NONE", It=route(AuthorizationType=OPEN)), at=KIND),
            unknown("open", opened(It=route(AuthorizationType=OPEN)), at=KIND),
            not_applicable("what browsers ask first", resources(It=route("OPTIONS /items"))),
            not_applicable("messages on a connection", resources(It=route("$default"), Api=protocol("WEBSOCKET"))),
            not_applicable("messages by name", resources(It=route("sendMessage"))),
        ),
    ),
    RuleCases(
        "access.appsync-no-api-key",
        (
            good("a signature", resources(It=graph("AWS_IAM", "OPENID_CONNECT"))),
            good(
                "events",
                resources(It=resource("AWS::AppSync::Api", EventConfig={"AuthProviders": [{"AuthType": "AWS_IAM"}]})),
            ),
            bad("a key", resources(It=graph("API_KEY")), at=("Properties.AuthenticationType",)),
            bad(
                "a key as well",
                resources(It=graph("AWS_IAM", "AWS_LAMBDA", "API_KEY")),
                at=("Properties.AdditionalAuthenticationProviders.1.AuthenticationType",),
            ),
            bad(
                "events by key",
                resources(It=resource("AWS::AppSync::Api", EventConfig={"AuthProviders": [{"AuthType": "API_KEY"}]})),
                at=("Properties.EventConfig.AuthProviders.0.AuthType",),
            ),
            bad("a parameter's default", defaulted("API_KEY", It=graph(OPEN)), at=("Properties.AuthenticationType",)),
            unknown("open", opened(It=graph(OPEN)), at=("Properties.AuthenticationType",)),
            not_applicable("a schema", resources(It=resource("AWS::AppSync::GraphQLSchema"))),
        ),
    ),
)


@each_of(CASES)
def test_apis(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
