"""What CloudFormation asks a Lambda hook, read from the event; nothing here judges or reaches out.

Source: AWS CloudFormation Hooks User Guide, "Create Lambda functions to evaluate resources for Lambda Hooks": the
input of resource, stack and change-set operations.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal

from nexis.records import field, record

if TYPE_CHECKING:
    from collections.abc import Mapping

Target = Literal["RESOURCE", "STACK", "CHANGE_SET"]

#: Targets whose template waits behind a URL.
WHOLE: Final = ("STACK", "CHANGE_SET")
ACTIONS: Final = {f"{action}_PRE_PROVISION": action for action in ("CREATE", "UPDATE", "DELETE")}
STACK_ARN: Final = re.compile(r"arn:[a-z0-9-]+:cloudformation:([a-z0-9-]+):([0-9]{12}):stack/([A-Za-z0-9-]+)/.*")
TYPE_NAME: Final = re.compile(r"[A-Za-z0-9]{2,64}(::[A-Za-z0-9@_-]{1,64}){1,3}")


class EventProblem(Exception):
    """An event that does not say what is to be judged; the text says what was found and expected."""


@record(kw_only=True)
class Request:
    """What is to be judged.

    Args:
        target: what the hook was invoked for.
        action: `CREATE`, `UPDATE` or `DELETE`.
        name: of the stack, the change set, or the resource's logical id, for messages.
        stack: the stack's name; None for a resource that Cloud Control makes.
        region: of the stack, if the event says it.
        account: of the stack, if the event says it.
        type: of the resource; empty for other targets.
        properties: of the resource, as CloudFormation has resolved them.
        payload: where the template waits; empty for a resource.
    """

    target: Target
    action: str
    name: str
    stack: str | None = None
    region: str | None = None
    account: str | None = None
    type: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    payload: str = ""


def token_of(event: Any) -> str:
    """Give the token that an answer must carry, whatever else is wrong with the event.

    Args:
        event: as Lambda hands it over. The guide spells the key in two ways.
    """
    for key in ("clientRequestToken", "clientRequesttoken"):
        token = event.get(key) if isinstance(event, dict) else None
        if isinstance(token, str):
            return token
    return ""


def is_cloud_control(event: Any) -> bool:
    """Whether no stack is behind an event: its answers may be only a quarter as long.

    Args:
        event: as Lambda hands it over.
    """
    return not (isinstance(event, dict) and (event.get("stackId") or event.get("stackID")))


def read_event(event: Any) -> Request:
    """Read an event.

    Args:
        event: as Lambda hands it over.

    Raises:
        EventProblem: it is not one of the documented shapes.
    """
    if not isinstance(event, dict):
        raise EventProblem(f"the event is a {type(event).__name__}, expected a map")
    data = event.get("requestData")
    if not isinstance(data, dict):
        raise EventProblem(f"requestData is {_kind(data)}, expected a map")
    target = data.get("targetName")
    if not isinstance(target, str):
        raise EventProblem(f"requestData.targetName is {_kind(target)}, expected STACK, CHANGE_SET or a resource type")
    point = event.get("actionInvocationPoint")
    if point is None and target == "CHANGE_SET":
        point = "CREATE_PRE_PROVISION"  # change sets know no other, and the documented shape leaves it out
    action = ACTIONS.get(point) if isinstance(point, str) else None
    if action is None:
        raise EventProblem(f"actionInvocationPoint is {_kind(point)}, expected one of {', '.join(ACTIONS)}")
    arn = event.get("stackId") or event.get("stackID")
    found = STACK_ARN.fullmatch(arn) if isinstance(arn, str) else None
    region, account, stack = found.groups() if found else (None, None, None)
    owner = event.get("awsAccountId")
    account = account or (owner if isinstance(owner, str) else None)
    if target in WHOLE:
        return Request(
            target="STACK" if target == "STACK" else "CHANGE_SET",
            action=action,
            name=stack or _text(data.get("targetLogicalId"), "(stack)"),
            stack=stack,
            region=region,
            account=account,
            payload="" if action == "DELETE" else _payload(data.get("payload")),
        )
    if not TYPE_NAME.fullmatch(target):
        raise EventProblem(
            f"requestData.targetName is {target[:100]!r}, expected STACK, CHANGE_SET or a type such as AWS::S3::Bucket"
        )
    return Request(
        target="RESOURCE",
        action=action,
        name=_text(data.get("targetLogicalId"), "(resource)"),
        stack=stack,
        region=region,
        account=account,
        type=target,
        properties={} if action == "DELETE" else _properties(data.get("targetModel")),
    )


def _payload(url: Any) -> str:
    if not isinstance(url, str) or not url:
        raise EventProblem(f"requestData.payload is {_kind(url)}, expected the URL of the template")
    return url


def _properties(model: Any) -> Mapping[str, Any]:
    if not isinstance(model, dict):
        raise EventProblem(f"requestData.targetModel is {_kind(model)}, expected a map with resourceProperties")
    if "resourceProperties" not in model:
        raise EventProblem("requestData.targetModel.resourceProperties is absent, expected a map")
    properties = model["resourceProperties"]
    if properties is None:
        return {}  # a resource may have none; what AWS takes by default is judged
    if not isinstance(properties, dict):
        raise EventProblem(f"requestData.targetModel.resourceProperties is {_kind(properties)}, expected a map")
    return properties


def _text(value: Any, otherwise: str) -> str:
    return value if isinstance(value, str) and value else otherwise


def _kind(value: Any) -> str:
    return (
        "absent" if value is None else f"a {type(value).__name__}" if not isinstance(value, str) else repr(value[:60])
    )
