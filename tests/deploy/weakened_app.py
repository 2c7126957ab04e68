"""The baseline's app with one line of the weakening table applied: run by the CDK CLI, `python weakened_app.py N`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from aws_cdk import App, CfnResource

from nexis.cdk import baseline_app, synthesize
from nexis.config import load_configuration
from nexis.facts.protected_properties import RESOURCE
from stacks.baseline import build_baseline
from tests.deploy.weaken import DROPPED, REMOVED, Added, Weakening, weakenings

ROOT = Path(__file__).resolve().parents[2]
ADDED_TYPES = {"AWS::EC2::InternetGateway": "AWS::EC2::VPCGatewayAttachment"}


def find(app: App, path: str) -> Any:
    """Give the construct at a path; a line about a construct that is not there must not pass unnoticed."""
    found: Any = app
    for name in path.split("/"):
        found = found.node.find_child(name)
    return found


BOUNDARY = "@aws-cdk/core:permissionsBoundary"


def weaken(app: App, line: Weakening) -> None:
    """Apply a line to the constructs."""
    construct = find(app, line.construct)
    if isinstance(line.weak, Added):
        stack = find(app, line.construct.split("/")[0])
        resource = CfnResource(stack, "Added", type=ADDED_TYPES.get(line.type, line.type))
        for name, value in line.weak.properties.items():
            resource.add_property_override(name, value)
        return
    if construct.cfn_resource_type != line.type:
        raise ValueError(f"{line.construct} is a {construct.cfn_resource_type}, the line says {line.type}")
    if line.path == RESOURCE:
        if line.weak != DROPPED:
            raise ValueError(f"got {line.weak!r} for a whole resource, expected to drop or add one")
        construct.node.scope.node.try_remove_child(construct.node.id)
        return
    several = isinstance(line.weak, dict) and (line.path in line.weak or REMOVED in line.weak.values())
    for path, weak in line.weak.items() if several else ((line.path, line.weak),):
        override(construct, path, weak)


def override(construct: CfnResource, path: str, weak: Any) -> None:
    """Write a weak value into the template; dots inside a setting's name belong to the name."""
    if path.startswith("@"):
        construct.add_override(path[1:], weak)
        return
    if path.startswith("Parameters."):
        path = "Parameters." + path.removeprefix("Parameters.").replace(".", "\\.")
    path = path.removesuffix(".*").replace(".*.", ".0.")
    if isinstance(weak, str) and weak == REMOVED:
        construct.add_property_deletion_override(path)
        return
    if isinstance(weak, (dict, list)):
        construct.add_property_deletion_override(path)  # overrides merge; a weak value replaces
    construct.add_property_override(path, weak)


def synthesize_weakened(line: Weakening) -> None:
    """Build, weaken, synthesize under all policies."""
    # The CDK's own validator (five CPU seconds) is not what is tested here.
    # The CDK gives every role the boundary, whatever anybody writes; an app that does not ask for it gives it to none.
    context = {BOUNDARY: None} if line.path == "PermissionsBoundary" else {}
    app = baseline_app(builtin_cloud_formation_validation=False, context=context)
    configuration = load_configuration(ROOT / "config" / f"{line.environment}.toml")
    if line.type == "Nexis::Stack":
        zones = tuple(f"{line.weak}{zone}" for zone in "abc")
        configuration = configuration.model_copy(update={"region": line.weak, "zones": zones})
    build_baseline(app, configuration)
    if line.type != "Nexis::Stack":
        weaken(app, line)
    synthesize(app, waivers=ROOT / "waivers.toml")


if __name__ == "__main__":
    synthesize_weakened(list(weakenings())[int(sys.argv[1])])
