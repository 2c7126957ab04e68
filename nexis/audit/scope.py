"""What is to be judged: the stacks, and the resources they list.

Source: CloudFormation API Reference, DescribeStacks, ListStackResources, GetTemplate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import AuditError
from nexis.facts.tags import PROJECT, PROJECT_TAG
from nexis.templates.model import TemplateError
from nexis.templates.parse import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from nexis.audit.model import Aws, Key

OURS: Final = (PROJECT_TAG, PROJECT)
"""What every stack of the baseline is tagged with."""

NESTED: Final = "AWS::CloudFormation::Stack"
GONE_STATUSES: Final = ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS")

#: Types whose physical id says nothing that another answer repeats: the property that names what they belong to, and
#: what stands before its id.
BELONGS_TO: Final[Mapping[str, tuple[str, str]]] = {
    "AWS::EC2::VPCGatewayAttachment": ("VpcId", "IGW|"),
    "AWS::S3::BucketPolicy": ("Bucket", ""),
    "AWS::SNS::TopicPolicy": ("Topics", ""),
    "AWS::SQS::QueuePolicy": ("Queues", ""),
    "AWS::SecretsManager::ResourcePolicy": ("SecretId", ""),
    "AWS::SecretsManager::RotationSchedule": ("SecretId", ""),
}

#: Types whose names AWS keeps in lower case, whatever the template wrote.
LOWER_CASE: Final = "AWS::RDS::"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A resource that a stack lists.

    Args:
        stack: the stack's name.
        logical_id: in the stack's template.
        type: the CloudFormation type.
        identity: the physical id.
        construct: the construct path, if the template says it.
        written: the resource as the deployed template writes it, with what it refers to filled in where it is known.
    """

    stack: str
    logical_id: str
    type: str
    identity: str
    construct: str | None
    written: Mapping[str, Any]

    @property
    def key(self) -> Key:
        """Its type and identity."""
        return self.type, self.identity


def find_stacks(aws: Aws, names: Sequence[str] | None) -> tuple[str, ...]:
    """Give the names of the stacks to judge: those asked for, else those of the baseline.

    Args:
        aws: who is asked.
        names: of stacks; None for those tagged as the baseline's.

    Raises:
        AuditError: a stack does not exist, or none belongs to the baseline.
    """
    stacks = [
        stack
        for stack in aws.pages("cloudformation", "describe_stacks", "Stacks")
        if stack["StackStatus"] not in GONE_STATUSES
    ]
    here = f"aws://{aws.account}/{aws.region}"
    if names is not None:
        existing = {stack["StackName"] for stack in stacks}
        missing = [name for name in names if name not in existing]
        if missing:
            raise AuditError(
                f"found no stack {', '.join(missing)} in {here}, expected it deployed; "
                f"there are {', '.join(sorted(existing)) or 'none'}"
            )
        return tuple(dict.fromkeys(names))
    key, value = OURS
    return tuple(
        sorted(
            stack["StackName"]
            for stack in stacks
            if not stack.get("ParentId")
            and any(tag["Key"] == key and tag["Value"] == value for tag in stack.get("Tags") or ())
        )
    )


def list_resources(aws: Aws, stacks: Sequence[str]) -> list[Listed]:
    """Give the resources of stacks, those of nested stacks included.

    Args:
        aws: who is asked.
        stacks: their names.
    """
    found: list[Listed] = []
    waiting = list(stacks)
    while waiting:
        batches = aws.each(lambda name: _resources_of(aws, name), waiting)
        listed = [resource for batch in batches for resource in batch]
        found += listed
        waiting = [resource.identity for resource in listed if resource.type == NESTED]
    return found


def _resources_of(aws: Aws, stack: str) -> list[Listed]:
    summaries = [
        summary
        for summary in aws.pages("cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=stack)
        if summary.get("PhysicalResourceId") and summary["ResourceStatus"] != "DELETE_COMPLETE"
    ]
    body = aws.call("cloudformation", "get_template", StackName=stack, TemplateStage="Processed")["TemplateBody"]
    return listed_resources(stack, summaries, body)


def listed_resources(stack: str, summaries: Sequence[Mapping[str, Any]], body: Any) -> list[Listed]:
    """Bring together what a stack lists and what its template says.

    Args:
        stack: the stack's name.
        summaries: of ListStackResources.
        body: of GetTemplate; text, or read by boto3 already.

    Raises:
        AuditError: the template cannot be read.
    """
    if isinstance(body, str):
        try:
            body = parse(body.encode(), file=f"template of {stack}")
        except TemplateError as problem:
            raise AuditError(f"{problem}; its resources cannot be named") from None
    template = body.get("Resources") if isinstance(body, dict) else None
    written: Mapping[str, Any] = template if isinstance(template, dict) else {}
    identities = {summary["LogicalResourceId"]: summary["PhysicalResourceId"] for summary in summaries}
    found = []
    for summary in summaries:
        logical_id, kind = summary["LogicalResourceId"], summary["ResourceType"]
        entry = written.get(logical_id)
        entry = filled_in(entry, identities) if isinstance(entry, dict) else {}
        metadata = entry.get("Metadata")
        found.append(
            Listed(
                stack=stack,
                logical_id=logical_id,
                type=kind,
                identity=_identity(kind, summary["PhysicalResourceId"], entry),
                construct=metadata.get("aws:cdk:path") if isinstance(metadata, dict) else None,
                written=entry,
            )
        )
    return found


def _identity(kind: str, physical_id: str, entry: Mapping[str, Any]) -> str:
    if kind.startswith(LOWER_CASE):
        return physical_id.lower()
    if kind not in BELONGS_TO:
        return physical_id
    name, before = BELONGS_TO[kind]
    properties = entry.get("Properties")
    value = properties.get(name) if isinstance(properties, dict) else None
    if isinstance(value, list) and value:
        value = value[0]
    return before + value if isinstance(value, str) else physical_id


def filled_in(value: Any, identities: Mapping[str, str]) -> Any:
    """Put physical ids for `Ref` into a value of a template; everything else stays.

    Args:
        value: of the template.
        identities: physical ids by logical id.
    """
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(value.get("Ref"), str) and value["Ref"] in identities:
            return identities[value["Ref"]]
        return {name: filled_in(item, identities) for name, item in value.items()}
    if isinstance(value, list):
        return [filled_in(item, identities) for item in value]
    return value


def by_type(resources: Collection[Listed], types: Collection[str]) -> dict[str, set[str]]:
    """Give physical ids by type.

    Args:
        resources: what stacks list.
        types: only these.
    """
    found: dict[str, set[str]] = {}
    for resource in resources:
        if resource.type in types:
            found.setdefault(resource.type, set()).add(resource.identity)
    return found
