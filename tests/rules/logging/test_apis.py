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
from tests.support.rule_templates import NO_VALUE, OPEN, defaulted, opened

STAGE = "AWS::ApiGateway::Stage"
STAGE2 = "AWS::ApiGatewayV2::Stage"
ARN = {"DestinationArn": {"Fn::GetAtt": ["Log", "Arn"]}}
LOG = resource("AWS::Logs::LogGroup")
OTHER = not_applicable("another type", resources(It=resource("AWS::ApiGateway::RestApi")))
AT = ("Properties.AccessLogSetting.DestinationArn",)
AT2 = ("Properties.AccessLogSettings.DestinationArn",)


def methods(**settings: Any) -> dict[str, Any]:
    return resource(STAGE, MethodSettings=[{"HttpMethod": "*", "ResourcePath": "/*", **settings}])


def appsync(**settings: Any) -> dict[str, Any]:
    role = {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/logs"}
    return resource("AWS::AppSync::GraphQLApi", LogConfig={"CloudWatchLogsRoleArn": role, **settings})


LEVEL = ("Properties.MethodSettings.0.LoggingLevel",)

CASES = (
    RuleCases(
        "logging.apigateway-access-logs",
        (
            good("a log group", resources(It=resource(STAGE, AccessLogSetting=ARN), Log=LOG)),
            good(
                "a deployment with a stage",
                resources(
                    It=resource(
                        "AWS::ApiGateway::Deployment", StageName="v1", StageDescription={"AccessLogSetting": ARN}
                    ),
                    Log=LOG,
                ),
            ),
            bad("absent", resources(It=resource(STAGE)), at=AT),
            bad("a format alone", resources(It=resource(STAGE, AccessLogSetting={"Format": "$context.ip"})), at=AT),
            bad("SAM", resources(It=resource("AWS::Serverless::Api", StageName="v1")), at=AT),
            bad(
                "a deployment with a bare stage",
                resources(It=resource("AWS::ApiGateway::Deployment", StageName="v1")),
                at=("Properties.StageDescription.AccessLogSetting.DestinationArn",),
            ),
            not_applicable("a deployment without a stage", resources(It=resource("AWS::ApiGateway::Deployment"))),
            unknown(
                "an open setting",
                opened(It=resource(STAGE, AccessLogSetting={"Fn::GetAtt": ["X", OPEN]})),
                at=AT,
            ),
        ),
    ),
    RuleCases(
        "logging.apigatewayv2-access-logs",
        (
            good("a log group", resources(It=resource(STAGE2, AccessLogSettings=ARN), Log=LOG)),
            good("SAM", resources(It=resource("AWS::Serverless::HttpApi", AccessLogSettings=ARN), Log=LOG)),
            bad("absent", resources(It=resource(STAGE2)), at=AT2),
            bad("no value", resources(It=resource(STAGE2, AccessLogSettings=NO_VALUE)), at=AT2),
            OTHER,
            unknown(
                "an open setting", opened(It=resource(STAGE2, AccessLogSettings={"Fn::GetAtt": ["X", OPEN]})), at=AT2
            ),
        ),
    ),
    RuleCases(
        "logging.apigateway-execution-logs",
        (
            good("errors", resources(It=methods(LoggingLevel="ERROR"))),
            good("everything", resources(It=methods(LoggingLevel="INFO"))),
            good("no method settings", resources(It=resource(STAGE))),
            good(
                "one method beside all methods",
                resources(
                    It=resource(
                        STAGE,
                        MethodSettings=[
                            {"HttpMethod": "*", "ResourcePath": "/*", "LoggingLevel": "INFO"},
                            {"HttpMethod": "GET", "ResourcePath": "/a", "CachingEnabled": True},
                        ],
                    )
                ),
            ),
            good("an HTTP API, which has none", resources(It=resource(STAGE2))),
            good("an API that is handed in", opened(It=resource(STAGE2, ApiId=OPEN))),
            good(
                "a WebSocket API",
                resources(
                    It=resource(STAGE2, ApiId={"Ref": "Api"}, DefaultRouteSettings={"LoggingLevel": "ERROR"}),
                    Api=resource("AWS::ApiGatewayV2::Api", ProtocolType="WEBSOCKET"),
                ),
            ),
            bad("switched off", resources(It=methods(LoggingLevel="OFF")), at=LEVEL),
            bad("no level", resources(It=methods(MetricsEnabled=True)), at=LEVEL),
            bad("a parameter's default", defaulted("OFF", It=methods(LoggingLevel=OPEN)), at=LEVEL),
            bad(
                "a WebSocket API without",
                resources(
                    It=resource(STAGE2, ApiId={"Ref": "Api"}),
                    Api=resource("AWS::ApiGatewayV2::Api", ProtocolType="WEBSOCKET"),
                ),
                at=("Properties.DefaultRouteSettings.LoggingLevel",),
            ),
            bad(
                "a deployment's stage",
                resources(
                    It=resource(
                        "AWS::ApiGateway::Deployment",
                        StageName="v1",
                        StageDescription={"MethodSettings": [{"LoggingLevel": "OFF"}]},
                    )
                ),
                at=("Properties.StageDescription.MethodSettings.0.LoggingLevel",),
            ),
            not_applicable("a deployment without a stage", resources(It=resource("AWS::ApiGateway::Deployment"))),
            unknown("an open level", opened(It=methods(LoggingLevel=OPEN)), at=LEVEL),
        ),
    ),
    RuleCases(
        "logging.appsync-logs",
        (
            good("errors", resources(It=appsync(FieldLogLevel="ERROR"))),
            good("everything", resources(It=appsync(FieldLogLevel="ALL"))),
            bad("no fields", resources(It=appsync(FieldLogLevel="NONE")), at=("Properties.LogConfig.FieldLogLevel",)),
            bad("no level", resources(It=appsync()), at=("Properties.LogConfig.FieldLogLevel",)),
            bad(
                "nothing",
                resources(It=resource("AWS::AppSync::GraphQLApi")),
                at=("Properties.LogConfig.CloudWatchLogsRoleArn", "Properties.LogConfig.FieldLogLevel"),
            ),
            OTHER,
            unknown(
                "an open level",
                opened(It=appsync(FieldLogLevel=OPEN)),
                at=("Properties.LogConfig.FieldLogLevel",),
            ),
        ),
    ),
)


@each_of(CASES)
def test_apis(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
