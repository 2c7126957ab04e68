"""Who may call APIs.

Sources: Amazon API Gateway Developer Guide, "Control and manage access to REST APIs", "Control and manage access to
HTTP APIs" and "Control and manage access to WebSocket APIs"; AWS AppSync Developer Guide, "Configuring authorization
and authentication". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._policy_documents import statements
from nexis.rules.access._statements import is_anyone, is_narrowed, open_element, others_are_denied
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import Requirement, one_of, property_rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

METHOD: Final = "AWS::ApiGateway::Method"
ROUTE: Final = "AWS::ApiGatewayV2::Route"
AS_OF: Final = "2026-11-23"


def _is_judged(method: View) -> bool:
    """Browsers ask OPTIONS before they sign anything."""
    verb = method.peek("HttpMethod")
    return not (isinstance(verb, str) and verb.upper() == "OPTIONS")


def _method(method: View) -> Iterator[Problem]:
    kind = method.literal("AuthorizationType")
    if not isinstance(kind, Absent) and kind.upper() != "NONE":
        return
    if method.flag("ApiKeyRequired", default=False) or _is_closed(method):
        return
    found = "is absent, which is NONE" if isinstance(kind, Absent) else "found 'NONE'"
    yield Problem(
        place("AuthorizationType"),
        f"{found}, so anyone may call the method; expected 'AWS_IAM', 'COGNITO_USER_POOLS' or 'CUSTOM'",
    )


def _is_closed(method: View) -> bool:
    """Whether the API of a method is private, or has a policy that names its callers."""
    api = method.named(method.peek("RestApiId"), "AWS::ApiGateway::RestApi")
    if api is None:
        return False
    kinds = api.peek("EndpointConfiguration", "Types")
    if kinds == ["PRIVATE"]:
        return True
    if isinstance(api.peek("Policy"), Absent):
        return False
    listed = statements(api, "Policy")
    if others_are_denied(listed):
        return True
    allowing = [statement for statement in listed if statement.allows]
    return bool(allowing) and not any(is_anyone(statement) and not is_narrowed(statement) for statement in allowing)


def _route_is_judged(route: View) -> bool:
    """Browsers ask OPTIONS before they sign anything; a WebSocket API authorizes the connection alone."""
    key = route.peek("RouteKey")
    if not isinstance(key, str):
        return True
    api = route.named(route.peek("ApiId"), "AWS::ApiGatewayV2::Api")
    protocol = None if api is None else api.peek("ProtocolType")
    if protocol == "WEBSOCKET" or key in ("$connect", "$disconnect") or not (" " in key or key == "$default"):
        return key == "$connect"
    return not key.upper().startswith("OPTIONS ")


#: The types of API Gateway with a resource policy.
POLICIES: Final = ("AWS::ApiGateway::DomainNameV2", "AWS::ApiGateway::RestApi")


def _has_policy(api: View) -> bool:
    return not isinstance(api.peek("Policy"), Absent)


def _policy(api: View) -> Iterator[Problem]:
    listed = statements(api, "Policy")
    if others_are_denied(listed):
        return
    for statement in listed:
        yield from parts(partial(_statement, statement))


def _statement(statement: Statement) -> Iterator[Problem]:
    if statement.allows and is_anyone(statement) and not is_narrowed(statement):
        yield Problem(
            open_element(statement),
            "lets everyone call the API, as no policy would; expected named principals, or a condition such as "
            "aws:SourceVpce or aws:SourceIp",
        )


def _provider(kind: str, *path: str) -> Requirement:
    return Requirement(
        type=kind,
        path=path,
        accepts=lambda text: text != "API_KEY",
        expected="'AWS_IAM', 'AMAZON_COGNITO_USER_POOLS', 'OPENID_CONNECT' or 'AWS_LAMBDA'",
        absent="",
        source="AWS AppSync Developer Guide, Configuring authorization and authentication",
        as_of=AS_OF,
        example="AWS_IAM",
    )


RULES: tuple[Rule, ...] = (
    Rule(
        id="access.api-method-authorization",
        severity="error",
        title="Methods of REST APIs ask who calls",
        why="A method without authorization lets anyone on the internet reach what stands behind it.",
        fix="set AuthorizationType to AWS_IAM, COGNITO_USER_POOLS or CUSTOM with AuthorizerId (CDK: "
        "default_method_options=MethodOptions(authorization_type=AuthorizationType.IAM))",
        types=(METHOD,),
        check=_method,
        applies=_is_judged,
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1", "CC6.6"), "NIST 800-53 r5": ("AC-3",)},
        source="Amazon API Gateway Developer Guide, Control and manage access to REST APIs",
        cdk="resource.add_method('GET', integration, authorization_type=apigateway.AuthorizationType.IAM)",
        example={
            "Get": {
                "Type": METHOD,
                "Properties": {
                    "HttpMethod": "GET",
                    "AuthorizationType": "AWS_IAM",
                    "RestApiId": {"Ref": "Api"},
                    "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                },
            },
            "Api": {"Type": "AWS::ApiGateway::RestApi"},
        },
    ),
    Rule(
        id="access.api-policy-open",
        severity="error",
        title="The policy of a REST API says who may call it",
        why="A policy that allows everyone looks like a guard and is none.",
        fix="name the principals, add a condition such as aws:SourceVpce, or deny everyone else (CDK: "
        "RestApi(policy=PolicyDocument(...)))",
        types=POLICIES,
        check=_policy,
        applies=_has_policy,
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1", "CC6.6"), "NIST 800-53 r5": ("AC-3",)},
        source="Amazon API Gateway Developer Guide, Control access to a REST API with API Gateway resource policies",
        cdk="caller = iam.PolicyStatement(actions=['execute-api:Invoke'], resources=['execute-api:/*'],\n"
        "    principals=[iam.ArnPrincipal(role.role_arn)])\n"
        "apigateway.RestApi(self, 'Api', policy=iam.PolicyDocument(statements=[caller]))",
        example={
            "Api": {
                "Type": "AWS::ApiGateway::RestApi",
                "Properties": {
                    "Policy": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"AWS": {"Fn::GetAtt": ["Caller", "Arn"]}},
                                "Action": "execute-api:Invoke",
                                "Resource": "execute-api:/*",
                            }
                        ],
                    }
                },
            },
            "Caller": {"Type": "AWS::IAM::Role"},
        },
    ),
    property_rule(
        rule_id="access.api-route-authorization",
        title="Routes of HTTP and WebSocket APIs ask who calls",
        why="A route without authorization lets anyone on the internet reach what stands behind it.",
        requirements=(
            Requirement(
                type=ROUTE,
                path=("AuthorizationType",),
                accepts=one_of("AWS_IAM", "CUSTOM", "JWT"),
                expected="'AWS_IAM', 'JWT' or 'CUSTOM'",
                absent="API Gateway takes NONE, which lets anyone call the route",
                source="API Gateway V2 API Reference, Route",
                as_of=AS_OF,
                example="AWS_IAM",
            ),
        ),
        applies=_route_is_judged,
        fix="set AuthorizationType to AWS_IAM, or to JWT or CUSTOM with AuthorizerId (CDK: "
        "HttpApi(default_authorizer=HttpIamAuthorizer()))",
        cdk="apigatewayv2.HttpApi(self, 'Api', default_authorizer=authorizers.HttpIamAuthorizer())",
        source="AWS Security Hub User Guide, APIGateway.8; API Gateway V2 API Reference, Route",
        claims=("touchpoints.identity",),
        controls={
            "SOC 2": ("CC6.1", "CC6.6"),
            "AWS FSBP": ("APIGateway.8",),
            "NIST 800-53 r5": ("AC-3",),
        },
    ),
    property_rule(
        rule_id="access.appsync-no-api-key",
        title="AppSync APIs ask for more than an API key",
        why="An API key stands in every copy of the client, so whoever has an app has the API.",
        requirements=(
            _provider("AWS::AppSync::GraphQLApi", "AuthenticationType"),
            _provider("AWS::AppSync::GraphQLApi", "AdditionalAuthenticationProviders", "*", "AuthenticationType"),
            _provider("AWS::AppSync::Api", "EventConfig", "AuthProviders", "*", "AuthType"),
        ),
        fix="set AuthenticationType to AWS_IAM, AMAZON_COGNITO_USER_POOLS, OPENID_CONNECT or AWS_LAMBDA (CDK: "
        "AuthorizationMode(authorization_type=AuthorizationType.IAM))",
        cdk="mode = appsync.AuthorizationMode(authorization_type=appsync.AuthorizationType.IAM)\n"
        "appsync.GraphqlApi(self, 'Api', name='api',\n"
        "    authorization_config=appsync.AuthorizationConfig(default_authorization=mode))",
        source="AWS Security Hub User Guide, AppSync.5; AWS AppSync Developer Guide, Configuring authorization",
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("AppSync.5",), "NIST 800-53 r5": ("AC-3",)},
    ),
)
