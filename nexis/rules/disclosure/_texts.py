"""Where a template serves a security.txt from, and what it says there."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from nexis.disclosure.security_txt import OLD_PATH, in_code, looks_like
from nexis.records import record
from nexis.templates.values import Unknown
from nexis.templates.views import Undetermined, place, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

LISTENER_RULE: Final = "AWS::ElasticLoadBalancingV2::ListenerRule"

#: Types that hold code, with the property that holds it.
CODE: Final = {
    "AWS::CloudFront::Function": ("FunctionCode",),
    "AWS::Lambda::Function": ("Code", "ZipFile"),
    "AWS::Serverless::Function": ("InlineCode",),
}
#: Types that hold texts to be served, with the property below which they stand.
TEXTS: Final = {
    "AWS::ApiGateway::Method": ("Integration",),
    "AWS::ElasticLoadBalancingV2::Listener": ("DefaultActions",),
    LISTENER_RULE: ("Actions",),
    "AWS::SSM::Parameter": ("Value",),
    "AWS::WAFv2::WebACL": ("CustomResponseBodies",),
}
TYPES: Final = (*CODE, *TEXTS)

_now: ContextVar[dt.datetime | None] = ContextVar("now", default=None)


def now() -> dt.datetime:
    """Give the moment at which templates are judged."""
    return _now.get() or dt.datetime.now(dt.UTC)


@contextmanager
def judged_at(moment: dt.datetime) -> Iterator[None]:
    """Judge templates as of another moment.

    Args:
        moment: with a time zone.
    """
    token = _now.set(moment)
    try:
        yield
    finally:
        _now.reset(token)


@record
class Served:
    """A security.txt in a template.

    Args:
        where: the property that holds it.
        text: what it says.
        is_code: whether it is made by code, which may write some of it anew each time.
    """

    where: str
    text: str
    is_code: bool = False


def served(resource: View) -> list[Served]:
    """Give every security.txt that a resource serves.

    Args:
        resource: a resource of one of the `TYPES`.

    Raises:
        Undetermined: it answers the path of security.txt with a text that is open.
    """
    if resource.type in CODE:
        property_path = CODE[resource.type]
        code = resource.peek(*property_path)
        found = in_code(code) if isinstance(code, str) else None
        return [] if found is None else [Served(place(*property_path), found, is_code=True)]
    base = TEXTS.get(resource.type, ())
    asked = asks_for_it(resource)
    made: list[Served] = []
    for path, value in walk(resource.peek(*base)):
        is_body = bool(path) and path[-1] == "MessageBody"
        if asked and is_body and isinstance(value, Unknown):
            written = _as_written(resource, (*base, *path))
            if written is None:
                raise Undetermined(place(*base, *path), value.reason)
            made.append(Served(place(*base, *path), written))
        if isinstance(value, str) and ((asked and is_body) or looks_like(value)):
            made.append(Served(place(*base, *path), str(value)))
    return made


def _as_written(resource: View, path: tuple[str | int, ...]) -> str | None:
    """Give a text that is handed some of its parts, with `${…}` for them; None where every part may count."""
    if resource.scene.resolver.parameters.strict:
        return None
    here: Any = resource.resource.properties
    for part in path:
        if isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        elif isinstance(here, dict) and isinstance(part, str):
            here = here.get(part)
        else:
            return None
    made = here.get("Fn::Sub") if isinstance(here, dict) and len(here) == 1 else None
    text = made[0] if isinstance(made, list) and made else made
    return text if isinstance(text, str) else None


def path_patterns(rule: View) -> list[str]:
    """Give the paths that a listener rule answers; none for any other resource.

    Args:
        rule: a resource.
    """
    if rule.type != LISTENER_RULE:
        return []
    found = []
    for path, value in walk(rule.peek("Conditions")):
        is_pattern = "PathPatternConfig" in path or rule.peek("Conditions", *path[:1], "Field") == "path-pattern"
        if is_pattern and "Values" in path and isinstance(value, str):
            found.append(str(value))
    return found


def asks_for_it(rule: View) -> bool:
    """Whether a listener rule answers the path of security.txt.

    Args:
        rule: a resource.
    """
    return any(pattern.endswith(OLD_PATH) for pattern in path_patterns(rule))
