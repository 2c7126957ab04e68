"""Calls of MiniStack's APIs from inside its own process: the same handlers a client reaches, without the network."""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore.serialize
import ministack.app
from ministack.core.responses import get_region

from local_aws import wire
from local_aws.faults import AwsError

# MiniStack's names for the services whose boto3 names differ.
HANDLER_NAMES = {"cloudwatch": "monitoring", "lambda": "lambda", "events": "events"}


@functools.cache
def _serializer(service: str) -> Any:
    return botocore.serialize.create_serializer(wire.protocol(service), include_validation=False)


def call(service: str, operation: str, **parameters: Any) -> dict[str, Any]:
    """Call an operation in the account and region of the request being served; returns what boto3 would.

    Args:
        service: The boto3 name.
        operation: The operation's name, e.g. `CreateFlowLogs`.
        **parameters: As for boto3.

    Raises:
        AwsError: If the service answers with an error.
        RuntimeError: If the handler waits for something, which it must not do on the event loop.
    """
    request = _serializer(service).serialize_to_request(parameters, wire.model(service).operation_model(operation))
    path = urlsplit(request["url_path"])
    query = parse_qs(path.query, keep_blank_values=True)
    body = request["body"]
    if isinstance(body, dict):  # the query protocols leave the form to the HTTP layer
        form = {key: [str(value)] for key, value in body.items()}
        body, query = b"", {**query, **form}
    elif isinstance(body, str):
        body = body.encode()
    given = request["query_string"]
    if isinstance(given, dict):
        query |= {key: value if isinstance(value, list) else [str(value)] for key, value in given.items()}
    headers = {str(key).lower(): str(value) for key, value in request["headers"].items()}
    credential = f"Credential=000000000000/20260101/{get_region()}/{service}/aws4_request"
    headers.setdefault("authorization", f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0")
    handler = ministack.app.SERVICE_HANDLERS[HANDLER_NAMES.get(service, service)]
    coroutine = handler(request["method"], path.path, headers, body or b"", query)
    try:
        coroutine.send(None)
    except StopIteration as finished:
        status, reply_headers, reply_body = finished.value
    else:
        coroutine.close()
        raise RuntimeError(f"{service} {operation} waits: it cannot be called on the event loop")
    raw = reply_body.encode() if isinstance(reply_body, str) else reply_body or b""
    return wire.read_reply(service, operation, (status, reply_headers, raw))


def call_forgiving(service: str, operation: str, **parameters: Any) -> dict[str, Any]:
    """The same, for deletions: what is already gone counts as deleted.

    Args:
        service: The boto3 name.
        operation: The operation's name.
        **parameters: As for boto3.

    Raises:
        AwsError: If the service answers with another error than that there is no such thing.
    """
    try:
        return call(service, operation, **parameters)
    except AwsError as problem:
        if "NotFound" in problem.code or problem.code in {"NoSuchEntity", "NoSuchBucket", "404"}:
            return {}
        raise
