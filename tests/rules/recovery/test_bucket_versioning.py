from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)

AT = ("Properties.VersioningConfiguration.Status",)


def bucket(status: Any) -> dict[str, Any]:
    return resource("AWS::S3::Bucket", VersioningConfiguration={"Status": status})


CASES = RuleCases(
    "recovery.bucket-versioning",
    (
        good("Enabled", resources(It=bucket("Enabled"))),
        bad("absent", resources(It=resource("AWS::S3::Bucket")), at=AT),
        bad("Suspended", resources(It=bucket("Suspended")), at=AT),
        bad(
            "a configuration that is a text",
            resources(It=resource("AWS::S3::Bucket", VersioningConfiguration="on")),
            at=AT,
        ),
        not_applicable(
            "object lock brings it along", resources(It=resource("AWS::S3::Bucket", ObjectLockEnabled="true"))
        ),
        bad("no object lock", resources(It=resource("AWS::S3::Bucket", ObjectLockEnabled=False)), at=AT),
        bad(
            "object lock, and Suspended",
            resources(
                It=resource("AWS::S3::Bucket", ObjectLockEnabled=True, VersioningConfiguration={"Status": "Suspended"})
            ),
            at=AT,
        ),
        not_applicable("no bucket", resources(It=resource("AWS::S3::AccessPoint"))),
        unknown(
            "a parameter without default",
            {"Parameters": {"Versions": {"Type": "String"}}, **resources(It=bucket({"Ref": "Versions"}))},
            at=AT,
        ),
        unknown("only one branch", resources(It=bucket({"Fn::If": ["Prod", "Enabled", "Suspended"]})), at=AT),
        unknown("a list", resources(It=bucket(["Enabled"])), at=AT),
    ),
)


@each(CASES)
def test_bucket_versioning(case: Case) -> None:
    hold(CASES, case)
