"""Our own resources as CloudFormation hands them over when it makes them: names and ARNs where templates refer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexis.templates.resolver import ParameterSource
from nexis.templates.scenarios import Choices
from nexis.templates.values import NO_VALUE, DynamicReference, Reference, Text, Unknown
from nexis.templates.views import Scene
from tests.mutants.mutate import ACCOUNTS, REGION, baseline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.model import Assembly, Resource

IDS = {"AWS::EC2::SecurityGroup": "sg", "AWS::EC2::VPC": "vpc", "AWS::EC2::Subnet": "subnet"}
NAMED_BY_ARN = ("AWS::IAM::ManagedPolicy", "AWS::SNS::Topic", "AWS::SecretsManager::Secret")


def physical_properties(environment: str) -> Iterator[tuple[Resource, dict[str, Any]]]:
    """Every resource of an environment with its properties, resolved."""
    assembly = baseline(environment)
    scene = Scene(assembly, ParameterSource(), Choices({}))
    for template in assembly.templates.values():
        for logical_id, resource in template.resources.items():
            if not resource.type.startswith("Nexis::"):
                view = scene.view(template, logical_id)
                yield resource, _physical(assembly, ACCOUNTS[environment], view.peek())


def _physical(assembly: Assembly, account: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _physical(assembly, account, v) for k, v in value.items() if v is not NO_VALUE}
    if isinstance(value, list):
        return [_physical(assembly, account, v) for v in value if v is not NO_VALUE]
    if isinstance(value, Text):
        parts = (part if not isinstance(part, Reference) else _named(assembly, account, part) for part in value.parts)
        return "".join(parts)
    if isinstance(value, Reference):
        return _named(assembly, account, value)
    if isinstance(value, DynamicReference):
        return str(value)
    assert not isinstance(value, Unknown), f"{value}: our own templates leave nothing open"
    return value


def _named(assembly: Assembly, account: str, reference: Reference) -> str:
    pseudo = {"AWS::AccountId": account, "AWS::Partition": "aws", "AWS::Region": REGION, "AWS::StackName": "nexis"}
    if not reference.is_resource:
        return pseudo[reference.logical_id]
    kind = assembly.templates[reference.stack].resources[reference.logical_id].type
    service, what = kind.lower().split("::")[1:]
    if reference.attribute.endswith("Arn") or (not reference.attribute and kind in NAMED_BY_ARN):
        return f"arn:aws:{service}:{REGION}:{account}:{what}/{reference.logical_id}"
    return f"{IDS[kind]}-0123456789abcdef0" if kind in IDS else reference.logical_id.lower()
