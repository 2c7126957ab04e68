"""Who may call functions and use their layers.

Sources: AWS Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda", "Granting Lambda function access
to AWS services", "Control access to Lambda function URLs" and "Granting layer access to other accounts". Read
2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.access._service_principals import is_service
from nexis.rules.access._statements import is_all, is_left_open
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import Requirement, one_of, property_rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

PERMISSION: Final = "AWS::Lambda::Permission"
LAYER: Final = "AWS::Lambda::LayerVersionPermission"
AS_OF: Final = "2026-11-23"


def _named(resource: View, *narrowing: str) -> Iterator[Problem]:
    if is_left_open(resource, "Principal"):
        return
    principal = resource.get("Principal")
    if isinstance(principal, str) and is_all(principal) and all(_lacks(resource, name) for name in narrowing):
        yield Problem(
            place("Principal"), f"found '*', which is everyone; expected an account, a role or {narrowing[0]}"
        )


def _lacks(resource: View, name: str) -> bool:
    return isinstance(resource.peek(name), Absent)  # whatever it is, it names somebody


def _permission(resource: View) -> Iterator[Problem]:
    yield from parts(
        partial(_named, resource, "PrincipalOrgID", "SourceArn", "SourceAccount"),
        partial(_action, resource),
        partial(_url, resource),
    )


def _action(resource: View) -> Iterator[Problem]:
    action = resource.literal("Action")
    if not isinstance(action, Absent) and ("*" in action or not action.lower().startswith("lambda:invoke")):
        yield Problem(place("Action"), f"found {action!r}, expected lambda:InvokeFunction")


def _url(resource: View) -> Iterator[Problem]:
    if resource.literal("FunctionUrlAuthType") == "NONE":
        yield Problem(place("FunctionUrlAuthType"), "found 'NONE', so anyone may call the URL; expected 'AWS_IAM'")


def _is_for_service(resource: View) -> bool:
    principal = resource.peek("Principal")
    return isinstance(principal, str) and is_service(principal)


def _source(resource: View) -> Iterator[Problem]:
    if all(_lacks(resource, name) for name in ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")):
        yield Problem(
            place("SourceArn"),
            f"is absent, and {resource.peek('Principal')} calls for anybody's account; expected the ARN of what calls, "
            "or SourceAccount",
        )


def _layer(resource: View) -> Iterator[Problem]:
    yield from _named(resource, "OrganizationId")


_CALL: Final = {"Action": "lambda:InvokeFunction", "FunctionName": {"Ref": "Function"}}

RULES: tuple[Rule, ...] = (
    Rule(
        id="access.lambda-permission",
        severity="fatal",
        title="Permissions on functions name who may call them, and no more than calling",
        why="A function for everyone is an open door with the function's role behind it.",
        fix="name an account, a role or a service in Principal, and lambda:InvokeFunction in Action (CDK: "
        "function.grant_invoke(...))",
        types=(PERMISSION,),
        check=_permission,
        claims=("touchpoints.identity",),
        controls={
            "SOC 2": ("CC6.1", "CC6.3", "CC6.6"),
            "AWS FSBP": ("Lambda.1",),
            "NIST 800-53 r5": ("AC-3", "AC-6", "AC-21"),
        },
        source="AWS Lambda Developer Guide, Viewing resource-based IAM policies in Lambda",
        cdk="function.grant_invoke(caller)",
        example={
            "Call": {
                "Type": PERMISSION,
                "Properties": {**_CALL, "Principal": {"Fn::GetAtt": ["Caller", "Arn"]}},
            },
            "Function": {"Type": "AWS::Lambda::Function"},
            "Caller": {"Type": "AWS::IAM::Role"},
        },
    ),
    Rule(
        id="access.lambda-permission-source",
        severity="error",
        title="AWS services call functions only for chosen resources or the own account",
        why="A service calls the function for whoever asks it to: without a source, any account's bucket or topic can.",
        fix="set SourceArn to the resource that calls, or SourceAccount to the own account (CDK: "
        "function.add_permission(..., source_arn=..., source_account=...))",
        types=(PERMISSION,),
        check=_source,
        applies=_is_for_service,
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1", "CC6.3"), "AWS FSBP": ("Lambda.1",), "NIST 800-53 r5": ("AC-3", "AC-6")},
        source="AWS Lambda Developer Guide, Granting Lambda function access to AWS services",
        cdk="function.add_permission('Topic', principal=iam.ServicePrincipal('sns.amazonaws.com'),\n"
        "    source_arn=topic.topic_arn)",
        example={
            "Call": {
                "Type": PERMISSION,
                "Properties": {**_CALL, "Principal": "sns.amazonaws.com", "SourceArn": {"Ref": "Topic"}},
            },
            "Function": {"Type": "AWS::Lambda::Function"},
            "Topic": {"Type": "AWS::SNS::Topic"},
        },
    ),
    property_rule(
        rule_id="access.lambda-url-auth",
        title="Function URLs ask for a signature",
        why="A URL without authentication lets anyone on the internet run the function, with its role.",
        requirements=(
            Requirement(
                type="AWS::Lambda::Url",
                path=("AuthType",),
                accepts=one_of("AWS_IAM"),
                expected="'AWS_IAM'",
                absent="CloudFormation refuses it",
                source="AWS Lambda Developer Guide, Control access to Lambda function URLs",
                as_of=AS_OF,
                example="AWS_IAM",
            ),
            Requirement(
                type="AWS::Serverless::Function",
                path=("FunctionUrlConfig", "AuthType"),
                accepts=one_of("AWS_IAM"),
                expected="'AWS_IAM'",
                absent="",
                source="AWS SAM Developer Guide, FunctionUrlConfig",
                as_of=AS_OF,
                example="AWS_IAM",
                when=lambda function: not isinstance(function.peek("FunctionUrlConfig"), Absent),
            ),
        ),
        fix="set AuthType to AWS_IAM, or put an authorizer of API Gateway or CloudFront in front (CDK: "
        "function.add_function_url(auth_type=FunctionUrlAuthType.AWS_IAM))",
        cdk="function.add_function_url(auth_type=lambda_.FunctionUrlAuthType.AWS_IAM)",
        source="AWS Lambda Developer Guide, Control access to Lambda function URLs",
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1", "CC6.6"), "NIST 800-53 r5": ("AC-3",)},
    ),
    Rule(
        id="access.lambda-layer-private",
        severity="error",
        title="Layers of functions are for named accounts or one organisation",
        why="A layer for everyone publishes its code, and what was forgotten in it.",
        fix="name an account in Principal, or set OrganizationId (CDK: layer.add_permission(account_id=...))",
        types=(LAYER,),
        check=_layer,
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1", "CC6.6"), "NIST 800-53 r5": ("AC-3", "AC-21")},
        source="AWS Lambda Developer Guide, Granting layer access to other accounts",
        cdk="layer.add_permission('Partner', account_id='111111111111')",
        example={
            "Partner": {
                "Type": LAYER,
                "Properties": {
                    "Action": "lambda:GetLayerVersion",
                    "LayerVersionArn": {"Ref": "Layer"},
                    "Principal": {"Ref": "AWS::AccountId"},
                },
            },
            "Layer": {"Type": "AWS::Lambda::LayerVersion"},
        },
    ),
)
