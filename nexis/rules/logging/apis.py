"""APIs record who called them.

Access logs have a line for every request; execution logs tell what the API did with it. Execution logs are asked for
where a stage sets up its methods, since a stage with access logs already records every request.

Source: CloudFormation resource reference of each type, read 2026-11-23. Neither kind of log is on by default.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import Requirement, one_of, property_rule, row
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
LOG_GROUP_ARN: Final = "arn:aws:logs:eu-central-1:111111111111:log-group:api"
V1_STAGE: Final = "AWS::ApiGateway::Stage"
V2_STAGE: Final = "AWS::ApiGatewayV2::Stage"
V2_API: Final = "AWS::ApiGatewayV2::Api"
DEPLOYMENT: Final = "AWS::ApiGateway::Deployment"
LEVELS: Final = ("INFO", "ERROR")


def makes_a_stage(deployment: View) -> bool:
    """Whether a deployment makes a stage of its own."""
    return not isinstance(deployment.peek("StageName"), Absent)


def _destination(type_: str, *path: str) -> Requirement:
    return row(
        type_,
        *path,
        as_of=AS_OF,
        accepts=None,
        expected="the ARN of a log group or of a Firehose stream",
        absent="API Gateway then records no request",
        example=LOG_GROUP_ARN,
        when=makes_a_stage if type_ == DEPLOYMENT else None,
    )


ACCESS_LOGS = property_rule(
    rule_id="logging.apigateway-access-logs",
    title="Stages of REST APIs record every request",
    why="Without access logs nobody can say who called the API, from where, and what the answer was.",
    requirements=(
        _destination(V1_STAGE, "AccessLogSetting", "DestinationArn"),
        _destination(DEPLOYMENT, "StageDescription", "AccessLogSetting", "DestinationArn"),
        _destination("AWS::Serverless::Api", "AccessLogSetting", "DestinationArn"),
    ),
    fix="set AccessLogSetting.DestinationArn to the ARN of a log group (CDK: StageOptions(access_log_destination=...))",
    cdk="""
apigateway.RestApi(
    self, "Api",
    deploy_options=apigateway.StageOptions(access_log_destination=apigateway.LogGroupLogDestination(log_group)),
)
""",
    source="API Gateway Developer Guide, Set up CloudWatch logging for REST APIs in API Gateway",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "NIST 800-53 r5": ("AU-2", "AU-12")},
    example={
        "Stage": {
            "Type": V1_STAGE,
            "Properties": {"RestApiId": "api", "AccessLogSetting": {"DestinationArn": LOG_GROUP_ARN}},
        }
    },
)

V2_ACCESS_LOGS = property_rule(
    rule_id="logging.apigatewayv2-access-logs",
    title="Stages of HTTP and WebSocket APIs record every request",
    why="Without access logs nobody can say who called the API, from where, and what the answer was.",
    requirements=(
        _destination(V2_STAGE, "AccessLogSettings", "DestinationArn"),
        _destination("AWS::Serverless::HttpApi", "AccessLogSettings", "DestinationArn"),
    ),
    fix="set AccessLogSettings.DestinationArn to the ARN of a log group",
    cdk="""
stage = apigatewayv2.HttpStage(
    self, "Stage", http_api=api,
    access_log_settings=apigatewayv2.LogGroupAccessLogSettings(
        destination=apigatewayv2.LogGroupLogDestination(log_group)
    ),
)
""",
    source="API Gateway Developer Guide, Configure logging for HTTP APIs in API Gateway",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("APIGateway.9",), "NIST 800-53 r5": ("AU-2", "AU-12")},
)


def _sets_methods(resource: View) -> bool:
    return resource.type != DEPLOYMENT or makes_a_stage(resource)


def _check_execution(resource: View) -> Iterator[Problem]:
    if resource.type == V2_STAGE:
        yield from _level(resource, ("DefaultRouteSettings", "LoggingLevel"), expected=_is_websocket(resource))
        return
    base = ("StageDescription",) if resource.type == DEPLOYMENT else ()
    paths = [
        (*base, "MethodSettings", position, "LoggingLevel")
        for position in range(len(resource.items(*base, "MethodSettings")))
    ]
    # An entry for one method may leave to the entry for all methods what is recorded.
    expected = not any(resource.peek(*path) in LEVELS for path in paths)
    yield from parts(*(partial(_level, resource, path, expected=expected) for path in paths))


def _level(resource: View, path: tuple[str | int, ...], *, expected: bool) -> Iterator[Problem]:
    found = resource.literal(*path)
    if isinstance(found, Absent):
        if expected:
            yield Problem(place(*path), f"is absent, and nothing is recorded then; expected {' or '.join(LEVELS)}")
    elif found not in LEVELS:
        yield Problem(place(*path), f"found {found!r}, expected {' or '.join(LEVELS)}")


def _is_websocket(stage: View) -> bool:
    """Whether the stage is known to be a WebSocket API's: HTTP APIs have no execution logs."""
    api = stage.named(stage.peek("ApiId"), V2_API)
    return api is not None and api.peek("ProtocolType") == "WEBSOCKET"


EXECUTION_LOGS = Rule(
    id="logging.apigateway-execution-logs",
    severity="error",
    title="REST and WebSocket APIs record what they do with a request",
    why="An access log shows that a request failed; the execution log shows who was refused, by which authorizer, and "
    "why.",
    fix="set LoggingLevel of every entry of MethodSettings (WebSocket: DefaultRouteSettings) to INFO or ERROR "
    "(CDK: StageOptions(logging_level=MethodLoggingLevel.ERROR))",
    types=(V1_STAGE, DEPLOYMENT, V2_STAGE, "AWS::Serverless::Api"),
    applies=_sets_methods,
    check=_check_execution,
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("APIGateway.1",), "NIST 800-53 r5": ("AU-2", "AU-12")},
    source="API Gateway Developer Guide, Set up CloudWatch logging for REST APIs in API Gateway",
    cdk="""
apigateway.RestApi(
    self, "Api",
    deploy_options=apigateway.StageOptions(logging_level=apigateway.MethodLoggingLevel.ERROR),
)
""",
    example={
        "Stage": {
            "Type": V1_STAGE,
            "Properties": {
                "RestApiId": "api",
                "MethodSettings": [{"HttpMethod": "*", "ResourcePath": "/*", "LoggingLevel": "ERROR"}],
            },
        }
    },
)

APPSYNC = property_rule(
    rule_id="logging.appsync-logs",
    title="GraphQL APIs record requests and failing fields",
    why="Without logs nobody can say who asked the API for what, and which fields were refused.",
    requirements=(
        Requirement(
            type="AWS::AppSync::GraphQLApi",
            path=("LogConfig", "CloudWatchLogsRoleArn"),
            accepts=None,
            expected="the ARN of a role that may write to CloudWatch Logs",
            absent="AppSync then records nothing",
            source="CloudFormation resource reference, AWS::AppSync::GraphQLApi LogConfig",
            as_of=AS_OF,
            example="arn:aws:iam::111111111111:role/appsync-logs",
        ),
        Requirement(
            type="AWS::AppSync::GraphQLApi",
            path=("LogConfig", "FieldLogLevel"),
            accepts=one_of("ALL", "ERROR", "INFO", "DEBUG"),
            expected="ERROR, INFO, DEBUG or ALL",
            absent="AppSync then records no field (NONE)",
            source="CloudFormation resource reference, AWS::AppSync::GraphQLApi LogConfig",
            as_of=AS_OF,
            example="ERROR",
        ),
    ),
    fix="set LogConfig.CloudWatchLogsRoleArn, and LogConfig.FieldLogLevel to ERROR or ALL",
    cdk="""
appsync.GraphqlApi(
    self, "Api", name="api", definition=definition,
    log_config=appsync.LogConfig(field_log_level=appsync.FieldLogLevel.ERROR),
)
""",
    source="AWS AppSync Developer Guide, Using CloudWatch to monitor and log GraphQL API data",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("AppSync.2",)},
)

RULES: tuple[Rule, ...] = (ACCESS_LOGS, V2_ACCESS_LOGS, EXECUTION_LOGS, APPSYNC)
