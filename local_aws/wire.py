"""Requests and answers of the AWS protocols, read and written by the service models that botocore ships.

A mend sees a request and an answer as boto3 would show them, never as XML. For services that speak JSON the answer is
the JSON itself.
"""

from __future__ import annotations

import base64
import functools
import json
import re
import uuid
from datetime import datetime
from typing import Any, cast
from urllib.parse import parse_qs
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import botocore.compat
import botocore.loaders
import botocore.model
import botocore.parsers

from local_aws.faults import AwsError

Reply = tuple[int, dict[str, str], bytes]
Shape = botocore.model.Shape
XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


@functools.cache
def model(service: str) -> botocore.model.ServiceModel:
    """The service's model.

    Args:
        service: The boto3 name.
    """
    return botocore.model.ServiceModel(botocore.loaders.Loader().load_service_model(service, "service-2"), service)


def protocol(service: str) -> str:
    """The protocol clients speak with MiniStack: `ec2`, `query`, `json`, `rest-json` or `rest-xml`.

    Args:
        service: The boto3 name.
    """
    return str(model(service).metadata["protocol"])


# ---- requests ----


def operation_name(headers: dict[str, str], body: bytes, query: dict[str, list[str]]) -> str | None:
    """The operation a request of an action-style protocol names; None if it names none.

    Args:
        headers: The request's headers, lower-case names.
        body: The request's body.
        query: The query string's parameters.
    """
    target = headers.get("x-amz-target")
    if target:
        return target.rpartition(".")[2]
    named = re.search(rb"(?:^|&)Action=([A-Za-z0-9]+)", body)
    if named:
        return named.group(1).decode()
    return query["Action"][0] if "Action" in query else None


def read_request(service: str, operation: str, body: bytes, query: dict[str, list[str]]) -> dict[str, Any]:
    """A request's parameters as a client passed them to boto3.

    Args:
        service: The boto3 name.
        operation: The operation's name.
        body: The request's body.
        query: The query string's parameters.
    """
    if protocol(service) == "json":
        parsed = json.loads(body or b"{}")
        return parsed if isinstance(parsed, dict) else {}
    fields = {key: values[0] for key, values in query.items()}
    fields |= {key: values[0] for key, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    shape = model(service).operation_model(operation).input_shape
    if not isinstance(shape, botocore.model.StructureShape):
        return {}
    value = _read_structure(fields, shape, "", ec2=protocol(service) == "ec2")
    return value or {}


def _read_structure(
    fields: dict[str, str], shape: botocore.model.StructureShape, prefix: str, *, ec2: bool
) -> dict[str, Any] | None:
    found = {}
    for name, member in shape.members.items():
        wire_name = member.serialization.get("name", name)
        if ec2:
            wire_name = member.serialization.get("queryName") or wire_name[0].upper() + wire_name[1:]
        value = _read_value(fields, member, f"{prefix}.{wire_name}" if prefix else wire_name, ec2=ec2)
        if value is not None:
            found[name] = value
    return found or None


def _read_value(fields: dict[str, str], shape: Shape, key: str, *, ec2: bool) -> Any:
    if isinstance(shape, botocore.model.StructureShape):
        return _read_structure(fields, shape, key, ec2=ec2)
    if isinstance(shape, botocore.model.ListShape):
        pattern = re.compile(rf"{re.escape(key)}(?:\.[A-Za-z]+)?\.(\d+)(?:\.|$)")
        prefixes = {int(match.group(1)): match.group(0).rstrip(".") for match in map(pattern.match, fields) if match}
        if not prefixes:
            return [] if key in fields else None
        return [_read_value(fields, shape.member, prefixes[index], ec2=ec2) for index in sorted(prefixes)]
    if isinstance(shape, botocore.model.MapShape):
        entries = {}
        for number in range(1, len(fields) + 1):
            entry = next((e for e in (f"{key}.entry.{number}", f"{key}.{number}") if f"{e}.key" in fields), None)
            if entry is None:
                break
            entries[fields[f"{entry}.key"]] = _read_value(fields, shape.value, f"{entry}.value", ec2=ec2)
        return entries or None
    text = fields.get(key)
    if text is None:
        return None
    if shape.type_name == "boolean":
        return text.lower() == "true"
    if shape.type_name in {"integer", "long"}:
        return int(text)
    if shape.type_name in {"float", "double"}:
        return float(text)
    if shape.type_name == "blob":
        return base64.b64decode(text)
    return text


# ---- answers ----


_LOOSE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)")
_MARKUP = re.compile(r"<(/?)([A-Za-z][\w.-]*)([^<>]*)>|<")


@functools.cache
def element_names(service: str) -> frozenset[str]:
    """Every element an answer of the service can hold.

    Args:
        service: The boto3 name.
    """
    described = botocore.loaders.Loader().load_service_model(service, "service-2")
    names = {
        "member",
        "item",
        "entry",
        "key",
        "value",
        "ResponseMetadata",
        "RequestId",
        "requestId",
        "return",
        "Response",
    }
    names |= {f"{operation}{part}" for operation in described["operations"] for part in ("Response", "Result")}
    names |= {"ErrorResponse", "Error", "Errors", "Code", "Message", "Type", "RequestID"}
    for shape in described["shapes"].values():
        for member_name, member in shape.get("members", {}).items():
            names |= {member_name, member.get("locationName", member_name)}
        names.add(shape.get("member", {}).get("locationName", "member"))
    return frozenset(names)


def well_formed(service: str, body: bytes) -> bytes:
    """An XML answer, repaired if MiniStack wrote a user's text into it unescaped.

    Args:
        service: The boto3 name.
        body: The answer's body.
    """
    if not body.lstrip().startswith(b"<"):
        return body
    try:
        ElementTree.fromstring(body)  # noqa: S314  MiniStack's own answer
    except ElementTree.ParseError:
        known = element_names(service)
        text = _LOOSE_AMPERSAND.sub("&amp;", body.decode())

        def keep_or_escape(found: re.Match[str]) -> str:
            whole = found.group(0)
            return whole if found.group(2) in known else whole.replace("<", "&lt;").replace(">", "&gt;")

        head, separator, rest = text.partition("?>") if text.lstrip().startswith("<?xml") else ("", "", text)
        return f"{head}{separator}{_MARKUP.sub(keep_or_escape, rest)}".encode()
    return body


def read_reply(service: str, operation: str, reply: Reply) -> dict[str, Any]:
    """An answer as boto3 would return it; the JSON itself for JSON services.

    Args:
        service: The boto3 name.
        operation: The operation's name.
        reply: Status, headers, body.

    Raises:
        AwsError: If the answer is an error.
    """
    status, headers, body = reply
    kind = protocol(service)
    if kind == "json" and status < 300:
        parsed = json.loads(body or b"{}")
        return parsed if isinstance(parsed, dict) else {}
    parser = botocore.parsers.create_parser(kind)
    shape = model(service).operation_model(operation).output_shape
    response = {"status_code": status, "headers": _plain_headers(headers), "body": body}
    parsed = parser.parse(response, cast("Shape", shape))  # its parsers take None, for an operation without an answer
    if status >= 300:
        error = parsed.get("Error", {})
        raise AwsError(str(error.get("Code", "InternalError")), str(error.get("Message", body.decode())), status)
    parsed.pop("ResponseMetadata", None)
    return dict(parsed)


def _plain_headers(headers: dict[str, str]) -> Any:
    message = botocore.compat.HTTPHeaders()
    for name, value in headers.items():
        message[name] = str(value)
    return message


def write_reply(service: str, operation: str, answer: dict[str, Any]) -> Reply:
    """An answer on the wire.

    Args:
        service: The boto3 name.
        operation: The operation's name.
        answer: The answer as boto3 would return it; JSON for JSON services.
    """
    kind = protocol(service)
    if kind == "json":
        version = model(service).metadata.get("jsonVersion", "1.1")
        return 200, {"Content-Type": f"application/x-amz-json-{version}"}, json.dumps(answer, default=_json).encode()
    operation_model = model(service).operation_model(operation)
    shape = operation_model.output_shape
    inner = ""
    if isinstance(shape, botocore.model.StructureShape):
        inner = "".join(_write_members(shape, answer, ec2=kind == "ec2"))
        wrapper = shape.serialization.get("resultWrapper")
        if wrapper:
            inner = f"<{wrapper}>{inner}</{wrapper}>"
    request = str(uuid.uuid4())
    if kind == "ec2":
        namespace = f"http://ec2.amazonaws.com/doc/{model(service).api_version}/"
        inner = f"<requestId>{request}</requestId>{inner}"
    else:
        namespace = str(model(service).metadata.get("xmlNamespace", ""))
        inner += f"<ResponseMetadata><RequestId>{request}</RequestId></ResponseMetadata>"
    text = f'{XML_DECLARATION}<{operation}Response xmlns="{namespace}">{inner}</{operation}Response>'
    return 200, {"Content-Type": "text/xml"}, text.encode()


def write_error(service: str, problem: AwsError) -> Reply:
    """An error on the wire.

    Args:
        service: The boto3 name.
        problem: The error.
    """
    kind = protocol(service)
    request = str(uuid.uuid4())
    if kind in {"json", "rest-json"}:
        body = json.dumps({"__type": problem.code, "message": problem.message})
        headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": problem.code}
        return problem.status, headers, body.encode()
    error = f"<Error><Code>{escape(problem.code)}</Code><Message>{escape(problem.message)}</Message>"
    if kind == "ec2":
        text = f"<Response><Errors>{error}</Error></Errors><RequestID>{request}</RequestID></Response>"
    elif service == "s3":
        text = f"{error}<RequestId>{request}</RequestId></Error>"
    else:
        text = f"<ErrorResponse>{error}<Type>Sender</Type></Error><RequestId>{request}</RequestId></ErrorResponse>"
    return problem.status, {"Content-Type": "text/xml"}, f"{XML_DECLARATION}{text}".encode()


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"Not JSON: got {type(value).__name__}")


def _write_members(shape: botocore.model.StructureShape, value: dict[str, Any], *, ec2: bool) -> list[str]:
    return [
        _write_value(member, str(member.serialization.get("name", name)), value[name], ec2=ec2)
        for name, member in shape.members.items()
        if value.get(name) is not None
    ]


def _write_value(shape: Shape, tag: str, value: Any, *, ec2: bool) -> str:
    if isinstance(shape, botocore.model.StructureShape):
        return f"<{tag}>{''.join(_write_members(shape, value, ec2=ec2))}</{tag}>"
    if isinstance(shape, botocore.model.ListShape):
        if shape.serialization.get("flattened"):
            return "".join(_write_value(shape.member, tag, item, ec2=ec2) for item in value)
        item_tag = str(shape.member.serialization.get("name", "item" if ec2 else "member"))
        return f"<{tag}>{''.join(_write_value(shape.member, item_tag, item, ec2=ec2) for item in value)}</{tag}>"
    if isinstance(shape, botocore.model.MapShape):
        key_tag = str(shape.key.serialization.get("name", "key"))
        value_tag = str(shape.value.serialization.get("name", "value"))
        pairs = (
            _write_value(shape.key, key_tag, key, ec2=ec2) + _write_value(shape.value, value_tag, item, ec2=ec2)
            for key, item in value.items()
        )
        entries = "".join(f"<entry>{pair}</entry>" for pair in pairs)
        return f"<{tag}>{entries}</{tag}>"
    return f"<{tag}>{_write_scalar(value)}</{tag}>"


def _write_scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return escape(str(value))
