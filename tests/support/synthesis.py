"""Small apps, and what their templates hold, by construct path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import App, Environment, Stack

from nexis.cdk import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

BOUNDARY = "@aws-cdk/core:permissionsBoundary"
ACCOUNT = "000000000000"
REGION = "eu-central-1"


def new_app() -> App:
    """An app without the slow built-in validation, which the tests of the real synth keep."""
    return App(
        builtin_cloud_formation_validation=False,
        analytics_reporting=False,
        context={"aws:cdk:enable-path-metadata": True, BOUNDARY: CONTEXT[BOUNDARY]},
    )


def new_stack(name: str = "Stack", *, app: App | None = None, agnostic: bool = False) -> Stack:
    """An empty stack, in a fixed account and region unless `agnostic`."""
    env = None if agnostic else Environment(account=ACCOUNT, region=REGION)
    return Stack(app or new_app(), name, env=env)


def template_of(stack: Stack) -> dict[str, Any]:
    """The synthesized template; the whole app is synthesized afresh."""
    assembly = App.of(stack).synth(force=True)  # type: ignore[union-attr]  # every stack here belongs to an app
    template: dict[str, Any] = assembly.get_stack_artifact(stack.artifact_id).template
    return template


def resources(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Resources of one type: construct path, without the stack's id, to the whole resource."""
    return dict(_by_path(template, kind))


def the_only(template: dict[str, Any], kind: str) -> dict[str, Any]:
    """The one resource of a type; says which there are if it is not alone."""
    found = resources(template, kind)
    assert len(found) == 1, f"expected one {kind}, found {sorted(found)}"
    return next(iter(found.values()))


def logical_id(template: dict[str, Any], path: str) -> str:
    """The logical id of the resource at a construct path, which is given without the stack's id."""
    (name,) = [
        name for name, it in template["Resources"].items() if it["Metadata"]["aws:cdk:path"].partition("/")[2] == path
    ]
    return str(name)


def _by_path(template: dict[str, Any], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in template.get("Resources", {}).values():
        if resource["Type"] == kind:
            yield resource["Metadata"]["aws:cdk:path"].partition("/")[2], resource
