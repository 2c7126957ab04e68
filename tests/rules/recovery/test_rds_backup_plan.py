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

INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"

AT = ("Properties",)
DATABASE = resource(INSTANCE, Engine="postgres", Tags=[{"Key": "backup", "Value": "daily"}])
BY_REFERENCE = {"Fn::GetAtt": ["It", "DBInstanceArn"]}
BUILT = {"Fn::Sub": "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:db:${It}"}


def selected(it: dict[str, Any] = DATABASE, **selection: Any) -> dict[str, Any]:
    return resources(
        It=it, Selection=resource("AWS::Backup::BackupSelection", BackupPlanId="plan", BackupSelection=selection)
    )


def tag(key: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"ConditionKey": key, "ConditionValue": value, **more}


DAILY = tag("backup", "daily", ConditionType="STRINGEQUALS")

CASES = RuleCases(
    "recovery.rds-backup-plan",
    (
        good("by its ARN", selected(Resources=[BY_REFERENCE])),
        good("by an ARN built from its name", selected(Resources=[BUILT])),
        good("the second of two", selected(Resources=["arn:aws:ec2:*:*:volume/*", BY_REFERENCE])),
        good("every database", selected(Resources=["arn:aws:rds:*:*:db:*"])),
        good("everything", selected(Resources=["*"])),
        good(
            "by the ARN of its literal name, which RDS keeps in lower case",
            selected(
                resource(INSTANCE, DBInstanceIdentifier="Main"),
                Resources=["arn:aws:rds:eu-central-1:111111111111:db:main"],
            ),
        ),
        good(
            "a cluster by its ARN",
            selected(resource(CLUSTER), Resources=[{"Fn::GetAtt": ["It", "DBClusterArn"]}]),
        ),
        good("by a tag", selected(ListOfTags=[DAILY])),
        good("by one of two tags", selected(ListOfTags=[tag("stage", "prod"), DAILY])),
        good(
            "by a condition on tags",
            selected(Resources=["*"], Conditions={"StringEquals": [tag("aws:ResourceTag/backup", "daily")]}),
        ),
        good("by a pattern of a tag", selected(Conditions={"StringLike": [tag("aws:ResourceTag/backup", "da*")]})),
        good("by what it is not", selected(Conditions={"StringNotEquals": [tag("aws:ResourceTag/stage", "test")]})),
        good("its ARN, though it lacks the tag", selected(Resources=[BY_REFERENCE], ListOfTags=[tag("a", "b")])),
        good("its tag, though another ARN is named", selected(Resources=["arn:aws:x:*:*:*"], ListOfTags=[DAILY])),
        bad("no selection", resources(It=DATABASE), at=AT),
        bad("another resource", selected(Resources=["arn:aws:rds:eu-central-1:111111111111:db:other"]), at=AT),
        bad("clusters only", selected(Resources=["arn:aws:rds:*:*:cluster:*"]), at=AT),
        bad("left out again", selected(Resources=["*"], NotResources=[BY_REFERENCE]), at=AT),
        bad("another tag", selected(ListOfTags=[tag("backup", "weekly")]), at=AT),
        bad("a tag on a database without tags", selected(resource(INSTANCE), ListOfTags=[DAILY]), at=AT),
        bad(
            "one of two conditions",
            selected(
                Conditions={
                    "StringEquals": [tag("aws:ResourceTag/backup", "daily"), tag("aws:ResourceTag/stage", "prod")]
                }
            ),
            at=AT,
        ),
        bad(
            "its ARN, narrowed down by a condition it does not meet",
            selected(Resources=[BY_REFERENCE], Conditions={"StringEquals": [tag("aws:ResourceTag/a", "b")]}),
            at=AT,
        ),
        bad(
            "neither its ARN nor its tag",
            selected(Resources=["arn:aws:ec2:*:*:volume/*"], ListOfTags=[tag("a", "b")]),
            at=AT,
        ),
        bad("an empty selection", selected(), at=AT),
        bad(
            "a selection that is never created",
            {
                "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
                "Resources": {
                    **(made := selected(Resources=["*"])["Resources"]),
                    "Selection": {**made["Selection"], "Condition": "Never"},
                },
            },
            at=AT,
        ),
        not_applicable("the cluster is backed up", resources(It=resource(INSTANCE, DBClusterIdentifier="main"))),
        not_applicable("the source is backed up", resources(It=resource(INSTANCE, SourceDBInstanceIdentifier="main"))),
        not_applicable("another type", resources(It=resource("AWS::S3::Bucket"))),
        unknown(
            "the ARN is a parameter",
            {"Parameters": {"Arn": {"Type": "String"}}, **selected(Resources=[{"Ref": "Arn"}])},
            at=AT,
        ),
        unknown(
            "the tag's value is a parameter",
            {"Parameters": {"How": {"Type": "String"}}, **selected(ListOfTags=[tag("backup", {"Ref": "How"})])},
            at=AT,
        ),
        unknown(
            "an operator AWS Backup does not know",
            selected(Conditions={"NumericEquals": [tag("aws:ResourceTag/backup", "1")]}),
            at=AT,
        ),
        unknown("conditions that are a list", selected(Conditions=[DAILY]), at=AT),
    ),
)


@each(CASES)
def test_rds_backup_plan(case: Case) -> None:
    hold(CASES, case)
