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
from tests.support.rule_templates import IMPORTED, OPEN, conditional, defaulted, either, opened

PERMISSION = "AWS::Lambda::Permission"
PRINCIPAL = ("Properties.Principal",)
SOURCE = ("Properties.SourceArn",)
LAYER = "AWS::Lambda::LayerVersionPermission"


def call(principal: Any = "111111111111", **more: Any) -> dict[str, Any]:
    return resource(
        PERMISSION, **{"Action": "lambda:InvokeFunction", "FunctionName": "f", "Principal": principal, **more}
    )


def url(kind: Any) -> dict[str, Any]:
    return resource("AWS::Lambda::Url", AuthType=kind, TargetFunctionArn="f")


CASES = (
    RuleCases(
        "access.lambda-permission",
        (
            good("an account", resources(It=call())),
            good("a service", resources(It=call("sns.amazonaws.com"))),
            good("everyone of one organisation", resources(It=call("*", PrincipalOrgID="o-0123456789"))),
            good(
                "the URL, with a signature",
                resources(It=call(Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="AWS_IAM")),
            ),
            bad("everyone", resources(It=call("*")), at=PRINCIPAL),
            bad("every action", resources(It=call(Action="lambda:*")), at=("Properties.Action",)),
            bad("another action", resources(It=call(Action="lambda:UpdateFunctionCode")), at=("Properties.Action",)),
            bad(
                "everyone by the URL",
                resources(It=call("*", Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE")),
                at=(*PRINCIPAL, "Properties.FunctionUrlAuthType"),
            ),
            bad("a parameter's default", defaulted("*", It=call(OPEN)), at=PRINCIPAL),
            unknown("an open principal", opened(It=call(OPEN)), at=PRINCIPAL, strict=True),
            good("an account that a parameter names", opened(It=call(OPEN))),
            not_applicable("a function", resources(It=resource("AWS::Lambda::Function"))),
        ),
    ),
    RuleCases(
        "access.lambda-permission-source",
        (
            good(
                "one topic",
                resources(It=call("sns.amazonaws.com", SourceArn={"Ref": "T"}), T=resource("AWS::SNS::Topic")),
            ),
            good("one account", resources(It=call("s3.amazonaws.com", SourceAccount={"Ref": "AWS::AccountId"}))),
            good("a source from elsewhere", resources(It=call("events.amazonaws.com", SourceArn=IMPORTED))),
            good(
                "a skill with its token", resources(It=call("alexa-appkit.amazon.com", EventSourceToken="amzn1.skill"))
            ),
            bad("anybody's bucket", resources(It=call("s3.amazonaws.com")), at=SOURCE),
            bad("anybody's API", resources(It=call("apigateway.amazonaws.com")), at=SOURCE),
            bad("a parameter's default", defaulted("sns.amazonaws.com", It=call(OPEN)), at=SOURCE),
            unknown(
                "a source only sometimes",
                conditional(It=call("sns.amazonaws.com", SourceArn=either("arn:x", {"Ref": "AWS::NoValue"}))),
                at=SOURCE,
            ),
            not_applicable("an account", resources(It=call())),
            not_applicable("an open principal", opened(It=call(OPEN))),
        ),
    ),
    RuleCases(
        "access.lambda-url-auth",
        (
            good("a signature", resources(It=url("AWS_IAM"))),
            bad("none", resources(It=url("NONE")), at=("Properties.AuthType",)),
            bad("a parameter's default", defaulted("NONE", It=url(OPEN)), at=("Properties.AuthType",)),
            unknown("open", opened(It=url(OPEN)), at=("Properties.AuthType",)),
            bad(
                "none, with AWS SAM",
                resources(It=resource("AWS::Serverless::Function", FunctionUrlConfig={"AuthType": "NONE"})),
                at=("Properties.FunctionUrlConfig.AuthType",),
            ),
            not_applicable("a function without a URL", resources(It=resource("AWS::Serverless::Function"))),
            not_applicable("a function", resources(It=resource("AWS::Lambda::Function"))),
        ),
    ),
    RuleCases(
        "access.lambda-layer-private",
        (
            good("an account", resources(It=resource(LAYER, Principal="111111111111"))),
            good("one organisation", resources(It=resource(LAYER, Principal="*", OrganizationId="o-0123456789"))),
            bad("everyone", resources(It=resource(LAYER, Principal="*")), at=PRINCIPAL),
            bad("a parameter's default", defaulted("*", It=resource(LAYER, Principal=OPEN)), at=PRINCIPAL),
            unknown("open", opened(It=resource(LAYER, Principal=OPEN)), at=PRINCIPAL, strict=True),
            good("an account that a parameter names", opened(It=resource(LAYER, Principal=OPEN))),
            not_applicable("a layer", resources(It=resource("AWS::Lambda::LayerVersion"))),
        ),
    ),
)


@each_of(CASES)
def test_functions(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
