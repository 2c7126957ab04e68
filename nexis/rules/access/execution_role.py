"""CloudFormation's role is no administrator without a boundary.

A role that CloudFormation takes on does whatever a template says. Fails: AdministratorAccess and the like, or `*` on
`*`, in such a role, in a policy written into it or in one of the same assembly that is attached to it, where no
permissions boundary limits it; a policy of AWS's own as boundary does not. The CDK's own bootstrap makes such a role.

Sources: AWS CDK Developer Guide, "Customize AWS CDK bootstrapping" (CloudFormationExecutionRole); AWS CloudFormation
User Guide, "AWS CloudFormation service role". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.rules._policy_documents import statements
from nexis.rules.access._boundaries import POLICY, policy_of_aws
from nexis.rules.access._service_principals import CLOUDFORMATION, is_cloudformations
from nexis.rules.access._statements import is_all, readable
from nexis.rules.access.exact_resources import ALMIGHTY
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View


def _check(role: View) -> Iterator[Problem]:
    if not is_cloudformations(role) or _is_bounded(role):
        return
    yield from parts(partial(_attached, role), partial(_inline, role))


def _is_bounded(role: View) -> bool:
    return role.stands("PermissionsBoundary") and policy_of_aws(role) is None


def _attached(role: View) -> Iterator[Problem]:
    for position, item in enumerate(role.items("ManagedPolicyArns")):
        where = place("ManagedPolicyArns", position)
        found = ALMIGHTY.match(item.replace("${AWS::Partition}", "aws")) if isinstance(item, str) else None
        if found:
            yield Problem(where, _words(found[1]))
            continue
        policy = role.named(item, POLICY)
        if policy is not None and policy.exists and _allows_everything(policy, "PolicyDocument"):
            yield Problem(where, _words(f"{policy.logical_id}, which allows everything"))


def _inline(role: View) -> Iterator[Problem]:
    for position in range(len(role.items("Policies"))):
        if _allows_everything(role, "Policies", position, "PolicyDocument"):
            yield Problem(place("Policies", position, "PolicyDocument"), _words("a policy that allows everything"))


def _allows_everything(resource: View, *path: str | int) -> bool:
    opened: Undetermined | None = None
    for statement in statements(resource, *path):
        try:
            if statement.allows and _is_everything(statement):
                return True
        except Undetermined as open_value:
            opened = open_value
    if opened is not None and resource.type != POLICY:  # of a managed policy it is said there
        raise opened
    return False


def _is_everything(statement: Statement) -> bool:
    actions = "NotAction" in statement.elements or any(is_all(a) for a in readable(statement, "Action"))
    resources = "NotResource" in statement.elements or any(is_all(r) for r in readable(statement, "Resource"))
    return actions and resources


def _words(found: str) -> str:
    return (
        f"found {found}, in a role that does whatever a template says, without PermissionsBoundary; expected a policy "
        "of the services that the stacks use, and a boundary"
    )


RULE = Rule(
    id="access.execution-role",
    severity="error",
    title="CloudFormation's role is no administrator without a boundary",
    why="Whoever may deploy a template then is administrator of the account: a stack makes any role, key or user.",
    fix="attach a policy of the services that the stacks use, and set PermissionsBoundary (CDK: cdk bootstrap with "
    "bootstrap/bootstrap-template.yaml, or --cloudformation-execution-policies and --custom-permissions-boundary)",
    types=("AWS::IAM::Role",),
    check=_check,
    claims=("touchpoints.changes", "touchpoints.identity"),
    controls={"SOC 2": ("CC6.3", "CC8.1"), "NIST 800-53 r5": ("AC-6", "CM-5")},
    source="AWS CDK Developer Guide, Customize AWS CDK bootstrapping; AWS CloudFormation User Guide, service role",
    cdk="iam.Role(self, 'Execution', assumed_by=iam.ServicePrincipal('cloudformation.amazonaws.com'),\n"
    "    managed_policies=[policy], permissions_boundary=boundary)",
    example={
        "Execution": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Principal": {"Service": CLOUDFORMATION}, "Action": "sts:AssumeRole"}
                    ],
                },
                "ManagedPolicyArns": [{"Ref": "Queues"}],
            },
        },
        "Queues": {
            "Type": POLICY,
            "Properties": {
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:GetQueueAttributes"],
                            "Resource": {"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:app-*"},
                        }
                    ],
                }
            },
        },
    },
)
