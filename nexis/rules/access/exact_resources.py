"""Policies allow exact actions on exact resources.

Fails: `*` or `service:*` as an action; `*`, or an ARN without account whose resource part is only `*`, as a resource of
an action that can be narrowed; `NotAction` and `NotResource`; AWS's managed policies that allow everything, or every
action of a service. A wildcard inside a name (`bucket/*`, `instance/*`) passes, and so does everything of a service in
one account and region (`arn:aws:logs:eu-central-1:111111111111:*`). `Resource: "*"` passes for actions that cannot be
narrowed, for those that only list or describe, for what AWS's own execution role policies allow on everything, and
where a condition asks for a tag of the resource (`aws:ResourceTag/…`) or for a key of the service that says for what
(`kms:ViaService`, `ec2:CreateAction`), which narrow just as well. A resource that a parameter without a default or an
import gives is a name, except where parameters are taken strictly. `iam:PassRole` is judged by access.pass-role. A
policy that is attached to nobody and only a permissions boundary allows nothing, and passes.

Sources: IAM User Guide, "AWS managed policies for job functions"; AWS Managed Policy Reference (policies that end in
FullAccess); Service Authorization Reference (condition keys). Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.facts.iam_actions import may_have_any_resource
from nexis.patterns import pattern
from nexis.rules.access._boundaries import is_only_a_boundary
from nexis.rules.access._identity_documents import DOCUMENTS, IDENTITIES, PERMISSION_SET, SERVERLESS, documents
from nexis.rules.access._statements import (
    asks_for,
    is_all,
    is_of_one_place,
    is_unbounded,
    is_whole_service,
    judge_statements,
    readable,
)
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

#: By ARN, or by name as AWS SAM takes it.
ALMIGHTY: Final = pattern(r"(?:arn:[^:]*:iam::aws:policy/)?(AdministratorAccess|PowerUserAccess|IAMFullAccess)$")
#: AWS's managed policies that allow a whole service on everything, by the name AWS gives them.
WHOLE_SERVICE_POLICY: Final = pattern(
    r"(?:arn:[^:]*:iam::aws:policy/)?(\w+FullAccess(?:V\d)?|SecretsManagerReadWrite)$"
)

#: The property that attaches managed policies, by type.
ATTACHED: Final = {
    **dict.fromkeys(IDENTITIES, "ManagedPolicyArns"),
    PERMISSION_SET: "ManagedPolicies",
    SERVERLESS: "Policies",
}

#: Condition keys of all services that name resources, or through what they are reached, in lower case.
NAMING: Final = ("aws:requesttag/", "aws:resourcetag/", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast")
#: Keys of single services that say how something is asked for, and not for what; the others narrow.
MANNERS: Final = pattern(
    r"ec2:region|iam:awsservicename|kms:calleraccount|s3:(authtype|resourceaccount|signature.*|tlsversion"
    r"|x-amz-(acl|content-sha256|grant-.*|server-side-encryption.*|storage-class))|sts:(externalid|rolesessionname)"
)


def check(resource: View) -> Iterator[Problem]:
    """Judge a policy, or the inline policies of an identity."""
    yield from parts(partial(_documents, resource), partial(_attached, resource))


def _documents(resource: View) -> Iterator[Problem]:
    if is_only_a_boundary(resource):
        return  # it allows nothing by itself
    for path in documents(resource):
        yield from parts(partial(judge_statements, resource, path, _statement))


def _attached(resource: View) -> Iterator[Problem]:
    name = ATTACHED.get(resource.type, "")
    for position, arn in enumerate(resource.items(name) if name else []):
        text = arn.replace("${AWS::Partition}", "aws") if isinstance(arn, str) else ""
        for policies, much in ((ALMIGHTY, "almost everything"), (WHOLE_SERVICE_POLICY, "every action of a service")):
            found = policies.match(text)
            if found:
                yield Problem(
                    place(name, position),
                    f"found {found[1]}, which allows {much} on everything; expected exact policies",
                )
                break


def _statement(statement: Statement) -> Iterator[Problem]:
    if not statement.allows:
        return
    for element in ("NotAction", "NotResource"):
        if element in statement.elements:
            yield Problem(f"{statement.where}.{element}", f"allows everything but a list; expected {element[3:]}")
    yield from parts(partial(_actions, statement), partial(_resources, statement))


def _actions(statement: Statement) -> Iterator[Problem]:
    for action in readable(statement, "Action", in_part=False):
        if is_all(action) or (is_whole_service(action) and not may_have_any_resource(action)):
            yield Problem(f"{statement.where}.Action", f"found {action!r}, expected the actions that are needed")


def _resources(statement: Statement) -> Iterator[Problem]:
    for resource in readable(statement, "Resource"):
        if is_unbounded(resource) and not is_of_one_place(resource):
            yield from _unbounded(statement, resource)
            return


def _unbounded(statement: Statement, resource: str) -> Iterator[Problem]:
    if _is_narrowed(statement):
        return
    narrowable = [action for action in statement.texts("Action") if _can_be_narrowed(action, statement)]
    if narrowable or "NotAction" in statement.elements:
        actions = ", ".join(narrowable[:3]) + (", …" if len(narrowable) > 3 else "") if narrowable else "every action"
        yield Problem(
            f"{statement.where}.Resource", f"found {resource!r} for {actions}; expected the resources that are needed"
        )


def _can_be_narrowed(action: str, statement: Statement) -> bool:
    name = action.strip().lower()
    if name in ("iam:passrole", "iam:pass*"):
        return False
    if name == "iam:createservicelinkedrole":
        return not asks_for(statement, "iam:awsservicename")
    return not may_have_any_resource(name)


def _is_narrowed(statement: Statement) -> bool:
    return asks_for(statement, *NAMING) or asks_for(statement, *_keys_of_services(statement))


def _keys_of_services(statement: Statement) -> Iterator[str]:
    """Give the condition keys that belong to the services of the actions: they narrow better than an ARN could."""
    services = {action.lower().partition(":")[0].strip() for action in statement.texts("Action")}
    for _, key, _, _ in statement.asked():
        service, _, name = key.lower().partition(":")
        if service in services and name and not MANNERS.fullmatch(key.lower()):
            yield key.lower()


RULE = Rule(
    id="access.exact-resources",
    severity="error",
    title="Policies allow exact actions on exact resources",
    why="What a role may do beyond its task is what an intruder may do with it.",
    fix="list the actions in Action and the ARNs in Resource; where IAM knows no resource for an action, give it a "
    "statement of its own (CDK: PolicyStatement(actions=[...], resources=[thing.arn]))",
    types=(*DOCUMENTS, *IDENTITIES, PERMISSION_SET, SERVERLESS, "AWS::IoT::Policy"),
    check=check,
    claims=("touchpoints.identity",),
    controls={
        "SOC 2": ("CC6.1", "CC6.3"),
        "AWS FSBP": ("IAM.1", "IAM.21"),
        "NIST 800-53 r5": ("AC-3", "AC-6"),
    },
    source="IAM User Guide, Security best practices (least privilege); Service Authorization Reference",
    cdk="role.add_to_policy(iam.PolicyStatement(actions=['dynamodb:GetItem'], resources=[table.table_arn]))",
    example={
        "ReadTable": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["dynamodb:GetItem", "dynamodb:Query"],
                            "Resource": {"Fn::GetAtt": ["Table", "Arn"]},
                        }
                    ],
                }
            },
        },
        "Table": {"Type": "AWS::DynamoDB::Table"},
    },
)
