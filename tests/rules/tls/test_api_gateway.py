from __future__ import annotations

from typing import Any

from tests.rules.tls._rows import cases_of
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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, either

STAGE = "AWS::ApiGateway::Stage"
API = "AWS::ApiGateway::RestApi"
CERTIFICATE = "Properties.ClientCertificateId"
SHOWN = {"Ref": "Certificate"}


def stage(*kinds: Any, api: Any = None, **properties: Any) -> dict[str, Any]:
    methods = {
        f"Method{n}": resource("AWS::ApiGateway::Method", RestApiId={"Ref": "Api"}, Integration={"Type": kind})
        for n, kind in enumerate(kinds)
    }
    return {
        "Parameters": {"Open": {"Type": "String"}},
        **resources(
            It=resource(STAGE, RestApiId={"Ref": "Api"}, **properties),
            Api=api or resource(API, Name="orders"),
            Certificate=resource("AWS::ApiGateway::ClientCertificate"),
            **methods,
        ),
    }


def imported(kind: str) -> dict[str, Any]:
    return resource(API, Body={"paths": {"/": {"get": {"x-amazon-apigateway-integration": {"type": kind}}}}})


CASES = (
    cases_of(
        "tls.api-domain",
        "AWS::ApiGateway::DomainName",
        fine={
            "TLS 1.2": {"SecurityPolicy": "TLS_1_2"},
            "TLS 1.3": {"SecurityPolicy": "SecurityPolicy_TLS13_1_3_2025_09"},
            "newer than our table": {"SecurityPolicy": "SecurityPolicy_TLS13_1_3_2031_09"},
        },
        wrong={
            "TLS 1.0": ({"SecurityPolicy": "TLS_1_0"}, "Properties.SecurityPolicy"),
            "absent": ({"DomainName": "api.example.com"}, "Properties.SecurityPolicy"),
        },
        weak=({"SecurityPolicy": OPEN}, "TLS_1_0", "Properties.SecurityPolicy"),
        open_=({"SecurityPolicy": OPEN}, "Properties.SecurityPolicy"),
        more=(
            good("an API by default", resources(It=resource(API))),
            bad("an API", resources(It=resource(API, SecurityPolicy="TLS_1_0")), at=("Properties.SecurityPolicy",)),
            good(
                "a domain of the second version by default",
                resources(It=resource("AWS::ApiGatewayV2::DomainName", DomainNameConfigurations=[{}])),
            ),
            bad(
                "a domain of the second version",
                resources(
                    It=resource(
                        "AWS::ApiGatewayV2::DomainName", DomainNameConfigurations=[{"SecurityPolicy": "TLS_1_0"}]
                    )
                ),
                at=("Properties.DomainNameConfigurations.0.SecurityPolicy",),
            ),
            bad(
                "a domain of SAM",
                resources(It=resource("AWS::Serverless::Api", Domain={"SecurityPolicy": "TLS_1_0"})),
                at=("Properties.Domain.SecurityPolicy",),
            ),
            good("SAM without a domain", resources(It=resource("AWS::Serverless::HttpApi"))),
        ),
    ),
    RuleCases(
        "tls.api-client-certificate",
        (
            good("shown", stage("HTTP", ClientCertificateId=SHOWN)),
            not_applicable("named by a parameter", stage("HTTP", ClientCertificateId=OPEN)),
            bad("not shown", stage("AWS_PROXY", "HTTP_PROXY"), at=(CERTIFICATE,)),
            bad("not shown to what a definition names", stage(api=imported("http_proxy")), at=(CERTIFICATE,)),
            bad("an API without methods here", stage(), at=(CERTIFICATE,)),
            bad("an API elsewhere", resources(It=resource(STAGE, RestApiId="a1b2c3")), at=(CERTIFICATE,)),
            not_applicable("functions need none", stage("AWS_PROXY", "MOCK")),
            not_applicable("nor where a definition names them", stage(api=imported("aws_proxy"))),
            not_applicable(
                "a definition elsewhere", stage(api=resource(API, BodyS3Location={"Bucket": "definitions"}))
            ),
            not_applicable(
                "a definition that a macro makes", stage(api=resource(API, Body={"Fn::Transform": {"Name": "Include"}}))
            ),
            unknown(
                "in one case of two",
                conditional(It=resource(STAGE, RestApiId="a1b2c3", ClientCertificateId=either("x", NO_VALUE))),
                at=(CERTIFICATE,),
            ),
        ),
    ),
)


@each_of(CASES)
def test_api_gateway(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
