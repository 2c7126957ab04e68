"""The security.txt that a template serves is one, is still valid, and stands where readers look.

Judged are the fixed answers of load balancers, inline code of CloudFront and Lambda functions, mock answers of APIs,
the bodies of web ACLs, and parameters that hold the text. A template that serves none is not judged.

Source: RFC 9116, "A File Format to Aid in Security Vulnerability Disclosure". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.disclosure.security_txt import CONTENT_TYPE, PATH, faults, parse, read_date
from nexis.rules.disclosure._texts import (
    CODE,
    LISTENER_RULE,
    TYPES,
    Served,
    asks_for_it,
    now,
    path_patterns,
    served,
)
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"


def _serves(resource: View) -> bool:
    return bool(served(resource))


def _check_valid(resource: View) -> Iterator[Problem]:
    yield from parts(*(partial(_judge, text) for text in served(resource)))


def _judge(found: Served) -> Iterator[Problem]:
    expires = parse(found.text).values("expires")
    is_made = bool(expires) and "{" in expires[0].value and read_date(expires[0].value) is None
    if is_made and not found.is_code:
        raise Undetermined(found.where, f"Expires is {expires[0].value!r}, which is known only after deployment")
    wrong = [fault for fault in faults(found.text, now=now()) if fault.weight == "must"]
    # What is known only after deployment, or made by the code, reads as ${…} or {…}, and may be a whole value.
    messages = [
        fault.message
        for fault in wrong
        if "'${" not in fault.message and not (is_made and fault.message.startswith("Expires is"))
    ]
    if messages:
        yield Problem(found.where, f"is no valid security.txt: {'; '.join(messages)}")


_BODY: Final = "Contact: mailto:security@example.com\nExpires: 2099-12-31T00:00:00Z\nPreferred-Languages: en\n"
_EXAMPLE: Final = {
    "SecurityTxt": {
        "Type": LISTENER_RULE,
        "Properties": {
            "ListenerArn": "arn:aws:elasticloadbalancing:eu-central-1:111111111111:listener/app/web/1/2",
            "Priority": 1,
            "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": [PATH]}}],
            "Actions": [
                {
                    "Type": "fixed-response",
                    "FixedResponseConfig": {
                        "StatusCode": "200",
                        "ContentType": CONTENT_TYPE,
                        "MessageBody": _BODY,
                    },
                }
            ],
        },
    }
}
_CDK: Final = """
elbv2.ApplicationListenerRule(
    self, "SecurityTxt", listener=listener, priority=1,
    conditions=[elbv2.ListenerCondition.path_patterns(["/.well-known/security.txt"])],
    action=elbv2.ListenerAction.fixed_response(
        200, content_type="text/plain",
        message_body="Contact: mailto:security@example.com\\nExpires: 2027-06-30T00:00:00Z\\n",
    ),
)
"""

VALID = Rule(
    id="disclosure.security-txt-valid",
    severity="error",
    title="A security.txt names a contact and has not expired",
    why="Who finds a hole reads the file once; an expired one, or one without a contact, sends them to the newspapers.",
    fix="write at least one Contact with a URI, and exactly one Expires ahead of today, each on a line of its own",
    types=TYPES,
    applies=_serves,
    check=_check_valid,
    controls={"SOC 2": ("CC7.4", "CC2.3")},
    source="RFC 9116, A File Format to Aid in Security Vulnerability Disclosure, section 2.5",
    cdk=_CDK,
    example=_EXAMPLE,
)


def _is_answered(resource: View) -> bool:
    """Whether a resource answers requests with a security.txt, so that it can be said where."""
    return resource.type in (LISTENER_RULE, *CODE) and bool(served(resource))


def _check_path(resource: View) -> Iterator[Problem]:
    if resource.type in CODE:
        path = CODE[resource.type]
        code = resource.peek(*path)
        if isinstance(code, str) and "security.txt" in code and ".well-known" not in code:
            yield Problem(place(*path), f"serves security.txt elsewhere than at {PATH}; expected it there")
        return
    yield from parts(
        partial(_pattern, resource),
        partial(_protocol, resource),
        *(partial(_type, resource, n) for n in _fixed(resource)),
    )


def _pattern(rule: View) -> Iterator[Problem]:
    patterns = path_patterns(rule)
    if asks_for_it(rule) and not any(pattern.endswith(PATH) for pattern in patterns):
        yield Problem(
            place("Conditions"), f"answers {', '.join(patterns)}; expected {PATH} (other paths may redirect there)"
        )


def _protocol(rule: View) -> Iterator[Problem]:
    listener = rule.target("ListenerArn", types=(LISTENER,))
    if listener is not None and listener.peek("Protocol") == "HTTP":
        yield Problem(place("ListenerArn"), f"{listener.logical_id} listens for HTTP; expected HTTPS")


def _fixed(rule: View) -> list[int]:
    return [
        position
        for position in range(len(rule.items("Actions")))
        if not isinstance(rule.peek("Actions", position, "FixedResponseConfig"), Absent)
    ]


def _type(rule: View, position: int) -> Iterator[Problem]:
    path = ("Actions", position, "FixedResponseConfig", "ContentType")
    found = rule.literal(*path)
    if isinstance(found, Absent) or found.partition(";")[0].strip() != CONTENT_TYPE:
        said = "is absent" if isinstance(found, Absent) else f"found {found!r}"
        yield Problem(place(*path), f"{said}, expected {CONTENT_TYPE}")


SERVED_AT = Rule(
    id="disclosure.security-txt-path",
    severity="error",
    title="A security.txt is served at /.well-known/security.txt, over https, as text",
    why="Readers and scanners look there and nowhere else, and trust nothing that came over plain http.",
    fix=f"answer {PATH} on the HTTPS listener, with the content type {CONTENT_TYPE}; redirect /security.txt to it",
    types=(LISTENER_RULE, *CODE),
    applies=_is_answered,
    check=_check_path,
    controls={"SOC 2": ("CC7.4", "CC2.3")},
    source="RFC 9116, A File Format to Aid in Security Vulnerability Disclosure, section 3",
    cdk=_CDK,
    example=_EXAMPLE,
)

RULES: tuple[Rule, ...] = (VALID, SERVED_AT)
