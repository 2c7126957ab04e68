"""Fetches what waits behind the URL of an event: the only part of the hook that uses the network itself."""

from __future__ import annotations

import http.client
import json
import re
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

#: S3's endpoints, by path and by bucket. Source: AWS General Reference, "Amazon S3 endpoints and quotas".
S3_HOST: Final = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.)?s3(?:-fips)?(?:\.dualstack)?(?:[.-][a-z]{2}(?:-[a-z]+)+-[0-9])?"
    r"\.amazonaws\.com(?:\.cn)?"
)
#: Two templates of 1 MB each, written as JSON texts, or one and what a change set changes.
LARGEST_BYTES: Final = 20_000_000
CONNECTION_SECONDS: Final = 5.0
#: All of it; CloudFormation waits 30 seconds for the answer.
WHOLE_SECONDS: Final = 10.0
PIECE: Final = 65_536
HTTPS: Final = 443


class PayloadProblem(Exception):
    """A payload that cannot be had; the text says what was found and expected, and never the URL, which is a key."""


def check_url(url: str) -> tuple[str, str]:
    """Give host and path of a URL that may be fetched.

    Args:
        url: of the event.

    Raises:
        PayloadProblem: it is not https, or not S3.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise PayloadProblem("the payload is no URL; expected one of S3") from None
    if (
        parts.scheme != "https"
        or port not in (None, HTTPS)
        or "@" in parts.netloc
        or re.search(r"[\x00-\x20\x7f]", url)
    ):
        raise PayloadProblem(f"the payload's URL begins with {parts.scheme[:20]!r}, expected https without a port")
    if not S3_HOST.fullmatch(host):
        raise PayloadProblem(f"the payload waits at {host[:100]!r}, expected an S3 endpoint of AWS")
    return host, f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def fetch(url: str) -> bytes:
    """Fetch a payload over https.

    Args:
        url: of the event.

    Raises:
        PayloadProblem: it is not S3's, or cannot be had in time.
    """
    host, path = check_url(url)
    return download(lambda: http.client.HTTPSConnection(host, timeout=CONNECTION_SECONDS), path)


def download(connect: Callable[[], http.client.HTTPConnection], path: str) -> bytes:
    """Read a payload from a server, without following it anywhere else.

    Args:
        connect: makes the connection.
        path: with its query.

    Raises:
        PayloadProblem: the server refuses, is too slow, or sends too much.
    """
    until = time.monotonic() + WHOLE_SECONDS
    connection = connect()
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise PayloadProblem(f"the payload cannot be fetched: HTTP {answer.status}; expected 200")
        pieces = []
        size = 0
        while piece := answer.read(PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST_BYTES:
                raise PayloadProblem(f"the payload has more than {LARGEST_BYTES:,} bytes; expected a template")
            if time.monotonic() > until:
                raise PayloadProblem(f"the payload did not come within {WHOLE_SECONDS:g} seconds")
        if answer.length:  # what was promised and did not come
            raise PayloadProblem(f"the payload broke off, {answer.length:,} bytes before its end; expected all of it")
        return b"".join(pieces)
    except (OSError, http.client.HTTPException) as problem:
        raise PayloadProblem(f"the payload cannot be fetched: {type(problem).__name__}") from None
    finally:
        connection.close()


def template_in(payload: bytes) -> str:
    """Give the template of a payload: JSON or YAML, as it was handed to CloudFormation.

    Args:
        payload: a JSON map with `template`.

    Raises:
        PayloadProblem: there is none.
    """
    try:
        document: Any = json.loads(payload)
    except (ValueError, RecursionError):
        raise PayloadProblem("the payload is no JSON; expected a map with `template`") from None
    template = document.get("template") if isinstance(document, dict) else None
    if not isinstance(template, str) or not template.strip():
        raise PayloadProblem("the payload has no `template`; expected the text of one")
    return template
