"""Puts every mend into MiniStack, after checking that the private names they use are there."""

from __future__ import annotations

import ast
import asyncio
import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ministack.app
from ministack.services import cloudformation, rds
from ministack.services.cloudformation import handlers as stack_handlers
from ministack.services.cloudformation import provisioners

import local_aws.answers
import local_aws.types
from local_aws import wire
from local_aws.api import HANDLER_NAMES
from local_aws.faults import AwsError, LocalAwsError
from local_aws.mends import Answer, Call, MendedType, NewType, Place, Properties, RestAnswer, RestCall
from local_aws.settings import TESTED_MINISTACK

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from types import ModuleType

    Handler = Callable[
        [str, str, dict[str, str], bytes, dict[str, list[str]]], Awaitable[tuple[int, dict[str, str], Any]]
    ]

# How long an answer to a stack operation is held. The CDK CLI looks again only every few seconds, so a short stack is
# told of at once; a long one (a slow custom resource) is left to its polling.
HOLD_SECONDS = 20.0
HELD_OPERATIONS = ("CreateStack", "UpdateStack", "DeleteStack", "ExecuteChangeSet", "RollbackStack")


def modules() -> Iterator[ModuleType]:
    """The modules of `types` and `answers`."""
    for package in (local_aws.types, local_aws.answers):
        for found in pkgutil.iter_modules(package.__path__):
            yield importlib.import_module(f"{package.__name__}.{found.name}")


def new_types() -> dict[str, NewType]:
    """Every type that is added, by its CloudFormation name."""
    return {kind: new for module in modules() for kind, new in getattr(module, "NEW_TYPES", {}).items()}


def mended_types() -> dict[str, MendedType]:
    """Every type that is mended, by its CloudFormation name."""
    return {kind: mended for module in modules() for kind, mended in getattr(module, "MENDED_TYPES", {}).items()}


def answers() -> dict[tuple[str, str], Answer]:
    """Every answer that is mended or added, by service and operation."""
    return {key: answer for module in modules() for key, answer in getattr(module, "ANSWERS", {}).items()}


def rest_answers() -> dict[str, RestAnswer]:
    """The mended answers of path-style services, by service; such a function may decline with None."""
    return {key: answer for module in modules() for key, answer in getattr(module, "REST_ANSWERS", {}).items()}


def summary() -> str:
    """What is mended, as a Markdown table: one line per module, from the declarations themselves."""
    lines = ["| Module | What it mends | Types | Operations |", "|---|---|---|---|"]
    for module in sorted(modules(), key=lambda module: module.__name__):
        declared = (getattr(module, name, ()) for name in ("NEW_TYPES", "MENDED_TYPES", "WRAPPED_TYPES"))
        kinds = sorted({kind for group in declared for kind in group})
        operations = sorted(operation for _, operation in getattr(module, "ANSWERS", {}))
        operations += [f"{service} (paths)" for service in getattr(module, "REST_ANSWERS", {})]
        shown = [", ".join(kind.removeprefix("AWS::") for kind in kinds), ", ".join(operations)]
        headline = (module.__doc__ or "").splitlines()[0]
        lines.append(f"| `{module.__name__.removeprefix('local_aws.')}` | {headline} | {shown[0]} | {shown[1]} |")
    return "\n".join(lines)


# ---- private names ----


def borrowed_names(source: str) -> list[tuple[str, str]]:
    """The (module, attribute) pairs of MiniStack that a module's source uses.

    Args:
        source: Python source.
    """
    tree = ast.parse(source)
    known: dict[str, str] = {}
    names: list[tuple[str, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ministack"):
            for alias in node.names:
                known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                names.append((str(node.module), alias.name))
        elif isinstance(node, ast.Import):
            names += [(alias.name, "") for alias in node.names if alias.name.startswith("ministack")]
            known |= {
                alias.asname: alias.name for alias in node.names if alias.asname and alias.name.startswith("ministack")
            }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            base = ast.unparse(node.value)
            module = known.get(base) or (base if base.startswith("ministack.") else None)
            if module:
                names.append((module, node.attr))
    return names


def missing_names() -> list[str]:
    """The names our modules use that this MiniStack lacks."""
    missing = set()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        for module_name, attribute in borrowed_names(path.read_text(encoding="utf-8")):
            try:
                module = importlib.import_module(module_name)
            except ImportError:
                continue  # a name inside a module, such as a function: its import statement is checked beside
            if attribute and not hasattr(module, attribute):
                try:
                    importlib.import_module(f"{module_name}.{attribute}")
                except ImportError:
                    missing.add(f"{module_name}.{attribute} (used by {path.name})")
    return sorted(missing)


# ---- types ----


def _forgiven(delete: Callable[[str, Properties], None], identity: str, properties: Properties) -> None:
    try:
        delete(identity, properties)
    except AwsError as problem:
        if "NotFound" not in problem.code and not problem.code.startswith("NoSuch"):
            raise


def add_type(kind: str, new: NewType) -> None:
    """Register a type MiniStack lacks.

    Args:
        kind: Its CloudFormation name.
        new: How to make and end it.
    """

    def create(logical_id: str, properties: Properties, stack: str) -> tuple[str, dict[str, Any]]:
        return new.create(properties, Place(stack, logical_id))

    def delete(identity: str, properties: Properties) -> None:
        _forgiven(new.delete, identity, properties)

    def update(
        identity: str, old: Properties, properties: Properties, stack: str, logical_id: str
    ) -> tuple[str, dict[str, Any]]:
        if new.update is not None:
            return identity, new.update(identity, old, properties)
        delete(identity, old)  # first: most of these exist once per thing they belong to
        return create(logical_id, properties, stack)

    provisioners._RESOURCE_HANDLERS[kind] = {
        "create": create,
        "update": update,
        "update_with_logical_id": True,
        "delete": delete,
    }
    if new.replaces:
        provisioners._REPLACING_PROPERTIES[kind] = new.replaces


XML_SERVICES = ("autoscaling", "cloudformation", "ec2", "iam", "rds", "sns", "sts")
# The property that takes the stack's tags, where MiniStack passes none on.
STACK_TAGS = {
    "AWS::CloudTrail::Trail": "Tags",
    "AWS::EC2::FlowLog": "Tags",
    "AWS::IAM::OIDCProvider": "Tags",
    "AWS::RDS::DBCluster": "Tags",
    "AWS::Route53::HostedZone": "HostedZoneTags",
    "AWS::S3::Bucket": "Tags",
}


def mend_type(kind: str, mended: MendedType) -> None:
    """Wrap a stock handler.

    Args:
        kind: Its CloudFormation name.
        mended: What it forgets.
    """
    handler = provisioners._RESOURCE_HANDLERS[kind]
    stock = dict(handler)

    def create(logical_id: str, properties: Properties, stack: str) -> tuple[str, dict[str, Any]]:
        created, attributes = stock["create"](logical_id, properties, stack)
        identity = mended.shown_id(created, properties)
        more = mended.finish(identity, {}, properties) if mended.finish else {}
        return identity, {**attributes, **more}

    def update(identity: str, old: Properties, new: Properties, stack: str, *rest: str) -> tuple[str, dict[str, Any]]:
        updated, attributes = stock["update"](mended.stock_id(identity, old), old, new, stack, *rest)
        present = mended.shown_id(updated, new)
        more = mended.finish(present, old if present == identity else {}, new) if mended.finish else {}
        return present, {**attributes, **more}

    def delete(identity: str, properties: Properties, *rest: str) -> None:
        mended.refuse(identity, properties)
        mended.before_delete(identity, properties)
        stock["delete"](mended.stock_id(identity, properties), properties, *rest)

    def snapshot(identity: str, properties: Properties) -> None:
        mended.refuse(identity, properties)  # the snapshot precedes the deletion; a refused deletion leaves none
        stock["snapshot"](identity, properties)

    handler.update(create=create, delete=delete)
    if "update" in stock:
        handler["update"] = update
    if "snapshot" in stock:
        handler["snapshot"] = snapshot
    if mended.replaces:
        known = provisioners._REPLACING_PROPERTIES.get(kind, ())
        provisioners._REPLACING_PROPERTIES[kind] = (*known, *mended.replaces)


# ---- answers ----


def _run(coroutine: Any) -> wire.Reply:
    """Drive a handler that does not wait."""
    try:
        coroutine.send(None)
    except StopIteration as finished:
        status, headers, body = finished.value
        return status, headers, body.encode() if isinstance(body, str) else body or b""
    coroutine.close()
    raise RuntimeError("The handler waits: its answers cannot be mended")


def mend_answers(service: str, mends: dict[str, Answer]) -> None:
    """Put the mended operations in front of a service's handler.

    Args:
        service: The boto3 name.
        mends: The mends by operation.
    """
    name = HANDLER_NAMES.get(service, service)
    stock: Handler = ministack.app.SERVICE_HANDLERS[name]

    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> tuple[int, dict[str, str], Any]:
        operation = wire.operation_name(headers, body, query)
        mend = mends.get(operation or "")
        if mend is None or operation is None:
            return await stock(method, path, headers, body, query)

        def ask() -> dict[str, Any]:
            return wire.read_reply(service, operation, _run(stock(method, path, headers, body, query)))

        try:
            call = Call(service, operation, wire.read_request(service, operation, body, query), ask)
            return wire.write_reply(service, operation, mend(call))
        except AwsError as problem:
            return wire.write_error(service, problem)

    ministack.app.SERVICE_HANDLERS[name] = handle


def mend_rest_answers(service: str, mend: RestAnswer) -> None:
    """Put a mend in front of a path-style service's handler.

    Args:
        service: The boto3 name.
        mend: The mend.
    """
    name = HANDLER_NAMES.get(service, service)
    stock: Handler = ministack.app.SERVICE_HANDLERS[name]

    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> tuple[int, dict[str, str], Any]:
        def ask() -> wire.Reply:
            return _run(stock(method, path, headers, body, query))

        try:
            reply = mend(RestCall(method, path, headers, query, body, ask))
        except AwsError as problem:
            return wire.write_error(service, problem)
        return reply if reply is not None else await stock(method, path, headers, body, query)

    ministack.app.SERVICE_HANDLERS[name] = handle


def escape_answers(service: str) -> None:
    """Make a service's XML well-formed whatever text users put into it.

    Args:
        service: The boto3 name.
    """
    name = HANDLER_NAMES.get(service, service)
    stock: Handler = ministack.app.SERVICE_HANDLERS[name]

    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> tuple[int, dict[str, str], Any]:
        status, reply_headers, reply_body = await stock(method, path, headers, body, query)
        if isinstance(reply_body, str):
            reply_body = reply_body.encode()
        if isinstance(reply_body, bytes):
            reply_body = wire.well_formed(service, reply_body)
        return status, reply_headers, reply_body

    ministack.app.SERVICE_HANDLERS[name] = handle


async def rds_on_the_loop(
    method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
) -> tuple[int, dict[str, str], Any]:
    """RDS without the thread MiniStack gives every request, in case it starts a container: here it never does.

    Args:
        method: The HTTP method.
        path: The path.
        headers: The headers.
        body: The body.
        query: The query string's parameters.
    """
    status, reply_headers, reply_body = rds._handle_request_sync(method, path, headers, body, query)
    return status, reply_headers, reply_body


def _is_busy(name: str) -> bool:
    stack = stack_handlers._resolve_stack(name) or cloudformation._stacks.get(name)
    status = str((stack or {}).get("StackStatus", ""))
    return status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"


def hold_stack_answers() -> None:
    """Answer a stack operation once that stack has settled, or after HOLD_SECONDS."""
    stock: Handler = ministack.app.SERVICE_HANDLERS["cloudformation"]

    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> tuple[int, dict[str, str], Any]:
        reply = await stock(method, path, headers, body, query)
        operation = wire.operation_name(headers, body, query)
        if operation in HELD_OPERATIONS and reply[0] < 300:
            parameters = wire.read_request("cloudformation", operation, body, query)
            name = str(parameters.get("StackName") or parameters.get("ChangeSetName") or "")
            await asyncio.sleep(0.005)  # a deletion says so only when its own task has begun
            deadline = asyncio.get_running_loop().time() + HOLD_SECONDS
            while _is_busy(name) and asyncio.get_running_loop().time() < deadline:
                await asyncio.sleep(0.02)
        return reply

    ministack.app.SERVICE_HANDLERS["cloudformation"] = handle


def install() -> None:
    """Put every mend into MiniStack.

    Raises:
        LocalAwsError: If a private name is missing.
    """
    missing = missing_names()
    if missing:
        raise LocalAwsError(
            f"MiniStack lacks names that the mends use: got none of {', '.join(missing)}; expected ministack "
            f"{TESTED_MINISTACK} as it was published. Reinstall it: "
            f"pip install --force-reinstall ministack=={TESTED_MINISTACK}"
        )
    for kind, new in new_types().items():
        add_type(kind, new)
    for kind, mended in mended_types().items():
        mend_type(kind, mended)
    for kind, name in STACK_TAGS.items():
        provisioners._STACK_TAG_PROPERTY[kind] = (name, "list")
    ministack.app.SERVICE_HANDLERS["rds"] = rds_on_the_loop
    for service in XML_SERVICES:
        escape_answers(service)
    by_service: dict[str, dict[str, Answer]] = {}
    for (service, operation), answer in answers().items():
        by_service.setdefault(service, {})[operation] = answer
    for service, mends in by_service.items():
        mend_answers(service, mends)
    for service, rest in rest_answers().items():
        mend_rest_answers(service, rest)
    hold_stack_answers()
    for module in modules():
        getattr(module, "install", lambda: None)()
