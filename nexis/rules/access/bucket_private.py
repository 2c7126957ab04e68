"""S3 buckets are private.

Since April 2023 every new bucket, also one that CloudFormation makes, starts with all four settings of Block Public
Access on and with ACLs off: no `PublicAccessBlockConfiguration` is safe. One that is given replaces all four, and what
it leaves out is off. Access points start with all four on as well. Canned ACLs for everyone fail, and so do bucket and
access point policies that allow everyone without a condition on who, and a Lightsail bucket whose objects are public.

Sources: Amazon S3 User Guide, "Default settings for new S3 buckets FAQ", "Blocking public access to your Amazon S3
storage" and "Managing public access to access points"; S3 API reference, PutPublicAccessBlock; CloudFormation,
AWS::Lightsail::Bucket AccessRules. Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.facts.access_policies import BUCKET_POLICIES
from nexis.rules.access._statements import is_anyone, is_narrowed, judge_statements, open_element
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

BUCKET: Final = "AWS::S3::Bucket"
LIGHTSAIL: Final = "AWS::Lightsail::Bucket"
#: Types with settings of Block Public Access.
BLOCKED: Final = (
    BUCKET,
    "AWS::S3::AccessPoint",
    "AWS::S3::MultiRegionAccessPoint",
    "AWS::S3Express::AccessPoint",
    "AWS::S3ObjectLambda::AccessPoint",
)
BLOCK: Final = "PublicAccessBlockConfiguration"
SETTINGS: Final = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
PUBLIC_ACLS: Final = ("PublicRead", "PublicReadWrite", "AuthenticatedRead")


def check(resource: View) -> Iterator[Problem]:
    """Judge a bucket, an access point, or the policy of one."""
    if resource.type == LIGHTSAIL:
        yield from parts(partial(_lightsail, resource))
    if resource.type in BLOCKED:
        yield from parts(partial(_block, resource))
    if resource.type == BUCKET:
        yield from parts(partial(_acl, resource))
    if resource.type in BUCKET_POLICIES:
        yield from parts(partial(judge_statements, resource, (BUCKET_POLICIES[resource.type],), _statement))


def _block(resource: View) -> Iterator[Problem]:
    if isinstance(resource.get(BLOCK), Absent):
        return
    for setting in SETTINGS:
        yield from parts(partial(_setting, resource, setting))


def _setting(resource: View, setting: str) -> Iterator[Problem]:
    if not resource.flag(BLOCK, setting, default=False):
        found = "is absent, which turns it off" if isinstance(resource.get(BLOCK, setting), Absent) else "found false"
        yield Problem(place(BLOCK, setting), f"{found}; expected true")


def _acl(resource: View) -> Iterator[Problem]:
    acl = resource.literal("AccessControl")
    if acl in PUBLIC_ACLS:
        yield Problem(place("AccessControl"), f"found {acl!r}, expected no ACL for everyone")


def _lightsail(resource: View) -> Iterator[Problem]:
    if resource.literal("AccessRules", "GetObject") == "public":
        yield Problem(place("AccessRules", "GetObject"), "found 'public', expected 'private'")
    if resource.flag("AccessRules", "AllowPublicOverrides", default=False):
        yield Problem(place("AccessRules", "AllowPublicOverrides"), "found true, expected false")


def _statement(statement: Statement) -> Iterator[Problem]:
    if statement.allows and is_anyone(statement) and not is_narrowed(statement):
        yield Problem(
            open_element(statement),
            "lets everyone in; expected named principals, or a condition on who (aws:SourceArn…)",
        )


RULE = Rule(
    id="access.bucket-private",
    severity="fatal",
    title="S3 buckets are private",
    why="Logs, backups and archives of a database are the database: a public bucket gives them to everyone.",
    fix="set all four of PublicAccessBlockConfiguration to true (CDK: "
    "block_public_access=BlockPublicAccess.BLOCK_ALL), leave AccessControl out, and name the "
    "principals in the bucket policy",
    types=(*BLOCKED, *(kind for kind in BUCKET_POLICIES if kind not in BLOCKED), LIGHTSAIL),
    check=check,
    claims=("touchpoints.identity", "touchpoints.backups"),
    controls={
        "SOC 2": ("CC6.1", "CC6.6"),
        "AWS FSBP": ("S3.2", "S3.3", "S3.8", "S3.19", "S3.24"),
        "NIST 800-53 r5": ("AC-3", "AC-21", "SC-7"),
    },
    source="Amazon S3 User Guide, Blocking public access to your Amazon S3 storage; Default settings for new buckets",
    cdk="s3.Bucket(self, 'Archive', block_public_access=s3.BlockPublicAccess.BLOCK_ALL)",
    example={
        "Archive": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                }
            },
        }
    },
)
