"""Removing an environment: what goes, what stays, and in which order."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from nexis.deployment.aws import deployed_stacks
from nexis.deployment.errors import DeploymentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nexis.deployment.aws import Target

# AWS deletes none of these while something is in them (records, recovery points, retained groups); they are
# left behind with what they hold.
LEFT_WHEN_FULL: Final = ("AWS::S3::Bucket", "AWS::Backup::BackupVault", "AWS::EC2::VPC", "AWS::Route53::HostedZone")
DATABASES: Final = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster")
POLL_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 3600


@dataclass(slots=True, kw_only=True)
class Plan:
    """What a removal does.

    Args:
        stacks: the stack names in the order of their removal.
        goes: (type, physical id) of what is deleted.
        stays: (type, physical id, why) of what is left.
        protected: identifiers of the databases whose deletion protection is lifted first.
    """

    stacks: Sequence[str]
    goes: list[tuple[str, str]] = field(default_factory=list)
    stays: list[tuple[str, str, str]] = field(default_factory=list)
    protected: list[tuple[str, str]] = field(default_factory=list)


def plan_removal(target: Target) -> Plan:
    """Read what is deployed and say what a removal would do.

    Args:
        target: where to look.
    """
    client = target.client("cloudformation")
    stacks = deployed_stacks(target)
    plan = Plan(stacks=removal_order(stacks, importers(client, stacks)))
    for name in plan.stacks:
        template = client.get_template(StackName=name)["TemplateBody"]
        declared = template["Resources"] if isinstance(template, dict) else {}
        for page in client.get_paginator("list_stack_resources").paginate(StackName=name):
            for resource in page["StackResourceSummaries"]:
                kind, identity = resource["ResourceType"], resource.get("PhysicalResourceId", "")
                policy = declared.get(resource["LogicalResourceId"], {}).get("DeletionPolicy", "Delete")
                _sort_resource(plan, kind, identity, policy)
    return plan


def _sort_resource(plan: Plan, kind: str, identity: str, policy: str) -> None:
    if policy.startswith("Retain"):
        plan.stays.append((kind, identity, "retained by its deletion policy"))
    elif policy == "Snapshot":
        plan.goes.append((kind, identity))
        plan.stays.append((kind, identity, "leaves a final snapshot"))
    elif kind == "AWS::KMS::Key":
        plan.stays.append(
            (
                kind,
                identity,
                "pending deletion; once its waiting period is over, what it encrypts is unreadable",
            )
        )
    elif kind in LEFT_WHEN_FULL:
        plan.stays.append((kind, identity, "deleted only if nothing is in it"))
    elif kind in DATABASES:
        plan.goes.append((kind, f"{identity}: with all its data, and no final snapshot"))
    else:
        plan.goes.append((kind, identity))
    if kind in DATABASES:
        plan.protected.append((kind, identity))


def importers(client: Any, stacks: Iterable[str]) -> dict[str, set[str]]:
    """Give the stacks that import something of each stack.

    Args:
        client: of CloudFormation.
        stacks: the names of interest.
    """
    names = set(stacks)
    users: dict[str, set[str]] = {name: set() for name in names}
    for page in client.get_paginator("list_exports").paginate():
        for export in page["Exports"]:
            owner = export["ExportingStackId"].split("/")[1]
            if owner not in names:
                continue
            try:
                found = client.get_paginator("list_imports").paginate(ExportName=export["Name"])
                users[owner].update(name for imports in found for name in imports["Imports"])
            except client.exceptions.ClientError as problem:
                if "not imported" not in str(problem):
                    raise
    return users


def removal_order(stacks: Iterable[str], users: Mapping[str, set[str]]) -> list[str]:
    """Put stacks in an order in which nothing is removed while another stack imports from it.

    Args:
        stacks: names.
        users: the stacks that import from each.

    Raises:
        DeploymentError: a stack outside the environment imports from one of these.
    """
    waiting = set(stacks)
    foreign = {name: sorted(users.get(name, set()) - waiting) for name in waiting}
    blocked = {name: others for name, others in foreign.items() if others}
    if blocked:
        listed = "; ".join(f"{name} is used by {', '.join(others)}" for name, others in sorted(blocked.items()))
        raise DeploymentError(f"Other stacks import from this environment: {listed}. Remove them first.")
    order: list[str] = []
    while waiting:
        free = sorted(name for name in waiting if not users.get(name, set()) & waiting)
        if not free:
            raise DeploymentError(
                f"The stacks {', '.join(sorted(waiting))} import from each other; remove one by hand."
            )
        order += free
        waiting -= set(free)
    return order


def lift_protection(target: Target, plan: Plan) -> None:
    """Turn the deletion protection of the environment's databases off.

    Args:
        target: where they are.
        plan: which they are.
    """
    rds = target.client("rds")
    for kind, identity in plan.protected:
        if kind == "AWS::RDS::DBInstance":
            rds.modify_db_instance(DBInstanceIdentifier=identity, DeletionProtection=False, ApplyImmediately=True)
        else:
            rds.modify_db_cluster(DBClusterIdentifier=identity, DeletionProtection=False, ApplyImmediately=True)


def remove_stack(target: Target, name: str, *, lift_termination_protection: bool = False) -> list[tuple[str, str]]:
    """Delete a stack and wait for its end; what is not empty is left behind.

    Args:
        target: where it is.
        name: of the stack.
        lift_termination_protection: turn the stack's own protection off first.

    Returns:
        (type, physical id) of what was left behind.

    Raises:
        DeploymentError: CloudFormation could not delete it.
    """
    client = target.client("cloudformation")
    identity = client.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
    if lift_termination_protection:
        client.update_termination_protection(StackName=name, EnableTerminationProtection=False)
    client.delete_stack(StackName=name)
    failed = _wait(client, identity)
    if not failed:
        return []
    left = [r for r in failed if r["ResourceType"] in LEFT_WHEN_FULL]
    others = [r for r in failed if r["ResourceType"] not in LEFT_WHEN_FULL]
    if others:
        reasons = "; ".join(
            f"{r['LogicalResourceId']} ({r['ResourceType']}): {r.get('ResourceStatusReason', 'no reason given')}"
            for r in others
        )
        raise DeploymentError(f"The stack {name} could not be removed: {reasons}")
    client.delete_stack(StackName=name, RetainResources=[r["LogicalResourceId"] for r in left])
    if _wait(client, identity):
        raise DeploymentError(f"The stack {name} could not be removed, even without what is not empty.")
    return [(r["ResourceType"], r["PhysicalResourceId"]) for r in left]


def _wait(client: Any, identity: str) -> list[dict[str, Any]]:
    """Wait until a stack is deleted; gives the resources that failed."""
    end = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < end:
        stack = client.describe_stacks(StackName=identity)["Stacks"][0]
        if stack["StackStatus"] == "DELETE_COMPLETE":
            return []
        if stack["StackStatus"] == "DELETE_FAILED":
            found = client.describe_stack_resources(StackName=identity)["StackResources"]
            failed = [r for r in found if r["ResourceStatus"] == "DELETE_FAILED"]
            if not failed:
                reason = stack.get("StackStatusReason", "no reason given")
                raise DeploymentError(f"The stack {stack['StackName']} could not be removed: {reason}")
            return failed
        time.sleep(POLL_SECONDS)
    raise DeploymentError(
        f"The stack {identity} was not removed within {LONGEST_SECONDS} s; look at it in the console."
    )
