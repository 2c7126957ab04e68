from __future__ import annotations

import datetime as dt
from typing import Any

from nexis.check import judge_resource
from nexis.rules.disclosure._texts import judged_at
from nexis.rules.disclosure.security_txt import VALID
from nexis.templates.model import Assembly, read_document
from nexis.templates.resolver import ParameterSource
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
from tests.support.rule_templates import OPEN, opened

PATH = "/.well-known/security.txt"
LASTING = "Contact: mailto:security@example.com\nExpires: 2099-12-31T00:00:00Z\n"
EXPIRED = "Contact: mailto:security@example.com\nExpires: 2021-12-31T00:00:00Z\n"
BODY = ("Properties.Actions.0.FixedResponseConfig.MessageBody",)


def rule(body: Any, *paths: Any, kind: Any = "text/plain", **more: Any) -> dict[str, Any]:
    return resource(
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": list(paths or (PATH,))}}],
        Actions=[
            {
                "Type": "fixed-response",
                "FixedResponseConfig": {"StatusCode": "200", "ContentType": kind, "MessageBody": body},
            }
        ],
        **more,
    )


def edge(code: Any) -> dict[str, Any]:
    return resource("AWS::CloudFront::Function", Name="security", FunctionCode=code)


def javascript(text: str, path: str = PATH) -> str:
    literal = text.replace("\n", "\\n")
    return f"function handler(event) {{ if (event.request.uri == '{path}') return {{ body: '{literal}' }}; }}"


FORWARD = resource(
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    Conditions=[{"Field": "path-pattern", "Values": ["/api/*"]}],
    Actions=[{"Type": "forward"}],
)
REDIRECT = resource(
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    Conditions=[{"Field": "path-pattern", "Values": ["/security.txt"]}],
    Actions=[{"Type": "redirect", "RedirectConfig": {"Path": PATH, "StatusCode": "HTTP_301"}}],
)


def listener(protocol: str) -> dict[str, Any]:
    return resource("AWS::ElasticLoadBalancingV2::Listener", Protocol=protocol)


UNTIL = "Expires: 2099-12-31T00:00:00Z\n"

CASES = (
    RuleCases(
        "disclosure.security-txt-valid",
        (
            good("a fixed answer", resources(It=rule(LASTING))),
            good("code", resources(It=edge(javascript(LASTING)))),
            good("a parameter", resources(It=resource("AWS::SSM::Parameter", Type="String", Value=LASTING))),
            good(
                "code that makes the date",
                resources(It=edge("var t = `Contact: mailto:a@example.com\nExpires: ${soon}\n`;")),
            ),
            good(
                "a contact that is known later",
                resources(It=rule({"Fn::Sub": "Contact: ${Page}\nExpires: 2099-12-31T00:00:00Z\n"}), Page=FORWARD),
            ),
            bad("expired", resources(It=rule(EXPIRED)), at=BODY),
            bad("no contact", resources(It=rule("Expires: 2099-12-31T00:00:00Z\n")), at=BODY),
            bad("an address without scheme", resources(It=rule(LASTING.replace("mailto:", ""))), at=BODY),
            bad("expired, in code", resources(It=edge(javascript(EXPIRED))), at=("Properties.FunctionCode",)),
            bad(
                "expired, in a function",
                resources(It=resource("AWS::Lambda::Function", Code={"ZipFile": f'BODY = """{EXPIRED}"""'})),
                at=("Properties.Code.ZipFile",),
            ),
            bad(
                "expired, in a parameter",
                resources(It=resource("AWS::SSM::Parameter", Type="String", Value=EXPIRED)),
                at=("Properties.Value",),
            ),
            bad(
                "expired, answered by an API",
                resources(
                    It=resource(
                        "AWS::ApiGateway::Method",
                        Integration={
                            "Type": "MOCK",
                            "IntegrationResponses": [{"ResponseTemplates": {"text/plain": EXPIRED}}],
                        },
                    )
                ),
                at=("Properties.Integration.IntegrationResponses.0.ResponseTemplates.text/plain",),
            ),
            not_applicable("another path", resources(It=FORWARD)),
            not_applicable("a redirect", resources(It=REDIRECT)),
            not_applicable("other code", resources(It=edge("function handler(event) { return event.request; }"))),
            not_applicable("another type", resources(It=resource("AWS::S3::Bucket"))),
            good("an open contact", opened(It=rule({"Fn::Sub": f"Contact: mailto:${{Open}}\n{UNTIL}"}))),
            bad("an open contact, and no date", opened(It=rule({"Fn::Sub": "Contact: mailto:${Open}\n"})), at=BODY),
            unknown(
                "an open contact, where every value counts",
                opened(It=rule({"Fn::Sub": f"Contact: mailto:${{Open}}\n{UNTIL}"})),
                at=BODY,
                strict=True,
            ),
            unknown("an open date", opened(It=rule({"Fn::Sub": "Contact: tel:+1\nExpires: ${Open}\n"})), at=BODY),
            unknown("an open body", opened(It=rule(OPEN)), at=BODY),
            unknown(
                "an open date",
                resources(It=rule({"Fn::Sub": "Contact: mailto:a@example.com\nExpires: ${Page}\n"}), Page=FORWARD),
                at=BODY,
            ),
        ),
    ),
    RuleCases(
        "disclosure.security-txt-path",
        (
            good("the path", resources(It=rule(LASTING))),
            good("both paths", resources(It=rule(LASTING, PATH, "/security.txt"))),
            good("https", resources(It=rule(LASTING, ListenerArn={"Ref": "L"}), L=listener("HTTPS"))),
            good("code", resources(It=edge(javascript(LASTING)))),
            bad("the old path only", resources(It=rule(LASTING, "/security.txt")), at=("Properties.Conditions",)),
            bad(
                "plain http",
                resources(It=rule(LASTING, ListenerArn={"Ref": "L"}), L=listener("HTTP")),
                at=("Properties.ListenerArn",),
            ),
            bad(
                "as a page",
                resources(It=rule(LASTING, kind="text/html")),
                at=("Properties.Actions.0.FixedResponseConfig.ContentType",),
            ),
            bad(
                "code of the old path",
                resources(It=edge(javascript(LASTING, "/security.txt"))),
                at=("Properties.FunctionCode",),
            ),
            not_applicable("a redirect from the old path", resources(It=REDIRECT)),
            unknown(
                "an open content type",
                opened(It=rule(LASTING, kind=OPEN)),
                at=("Properties.Actions.0.FixedResponseConfig.ContentType",),
            ),
        ),
    ),
)


@each_of(CASES)
def test_security_txt(cases: RuleCases, case: Case) -> None:
    hold(cases, case)


def test_what_is_valid_today_expires_one_day() -> None:
    template = read_document(resources(It=rule(LASTING)), key="t", file="t.json", region=None, account=None)

    def outcome() -> str:
        return judge_resource(
            Assembly(templates={"t": template}), template, template.resources["It"], VALID, ParameterSource()
        ).outcome

    with judged_at(dt.datetime(2099, 12, 30, tzinfo=dt.UTC)):
        assert outcome() == "pass"
    with judged_at(dt.datetime(2100, 1, 1, tzinfo=dt.UTC)):
        assert outcome() == "fail"
