"""Resource policies let in nobody they do not name.

The types are in `nexis.facts.access_policies`. `Allow` for everyone passes where a condition names callers or
networks, or where the policy denies everyone else. An OpenSearch domain passes in a VPC, where security groups decide,
and with fine-grained access control, which asks for a user.

Sources: IAM User Guide, "AWS JSON policy elements: Principal"; OpenSearch Service Developer Guide, "Fine-grained access
control" and "Launching your domains within a VPC". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.facts.access_policies import BUCKET_POLICIES, NARROWED_BY
from nexis.rules._policy_documents import statements
from nexis.rules.access._resource_documents import TYPES, policies
from nexis.rules.access._statements import asks_for, is_anyone, is_narrowed, open_element, others_are_denied
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.rules.access._resource_documents import Path
    from nexis.templates.views import View

SEARCH = ("AWS::Elasticsearch::Domain", "AWS::OpenSearchService::Domain")


#: Judged here for who is let in only; what a key policy may allow is the business of the rules of keys.
KEYS = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")


def _policies(resource: View) -> Iterator[tuple[Path, str]]:
    if resource.type not in KEYS:
        yield from policies(resource)
    elif not isinstance(resource.peek("KeyPolicy"), Absent):
        yield ("KeyPolicy",), "what the key encrypts"


def _applies(resource: View) -> bool:
    return next(_policies(resource), None) is not None


def _check(resource: View) -> Iterator[Problem]:
    for path, guards in _policies(resource):
        yield from parts(partial(_policy, resource, path, guards))


def _policy(resource: View, path: Path, guards: str) -> Iterator[Problem]:
    listed = statements(resource, *path)
    if others_are_denied(listed):
        return
    for statement in listed:
        yield from parts(partial(_statement, resource, statement, guards))


def _statement(resource: View, statement: Statement, guards: str) -> Iterator[Problem]:
    if not statement.allows or not is_anyone(statement) or is_narrowed(statement):
        return
    if asks_for(statement, *NARROWED_BY.get(resource.type, ())) or _is_guarded_otherwise(resource):
        return
    yield Problem(
        open_element(statement),
        f"lets everyone in to {guards}; expected named principals, or a condition such as aws:SourceArn",
    )


def _is_guarded_otherwise(resource: View) -> bool:
    if resource.type not in SEARCH:
        return False
    return not isinstance(resource.get("VPCOptions", "SubnetIds"), Absent) or resource.flag(
        "AdvancedSecurityOptions", "Enabled", default=False
    )


RULE = Rule(
    id="access.no-public-policy",
    severity="fatal",
    title="Policies of resources name who they let in",
    why="A policy that allows everyone hands keys, secrets, messages and backups to any AWS account in the world.",
    fix="name the principals in the policy's Principal, or add a condition such as aws:SourceArn or aws:PrincipalOrgID "
    "(CDK: PolicyStatement(principals=[...]))",
    types=(*(kind for kind in TYPES if kind not in BUCKET_POLICIES), *KEYS),
    check=_check,
    applies=_applies,
    claims=("touchpoints.identity",),
    controls={
        "SOC 2": ("CC6.1", "CC6.3", "CC6.6"),
        "AWS FSBP": ("KMS.5", "SNS.4", "SQS.3"),
        "NIST 800-53 r5": ("AC-3", "AC-6", "AC-21"),
    },
    source="IAM User Guide, AWS JSON policy elements: Principal; AWS Security Hub User Guide, KMS.5, SNS.4 and SQS.3",
    cdk="topic.add_to_resource_policy(iam.PolicyStatement(\n"
    "    actions=['sns:Publish'], resources=[topic.topic_arn], principals=[iam.ArnPrincipal(publisher.role_arn)]))",
    example={
        "Alarms": {
            "Type": "AWS::SNS::TopicPolicy",
            "Properties": {
                "Topics": [{"Ref": "Topic"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": {"Fn::GetAtt": ["Publisher", "Arn"]}},
                            "Action": "sns:Publish",
                            "Resource": {"Ref": "Topic"},
                        }
                    ],
                },
            },
        },
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Publisher": {"Type": "AWS::IAM::Role"},
    },
)
