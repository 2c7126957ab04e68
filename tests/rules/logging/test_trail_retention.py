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
from tests.support.rule_templates import OPEN, allowed, opened

AT = ("Properties.S3BucketName",)


def trail(**properties: Any) -> dict[str, Any]:
    return resource("AWS::CloudTrail::Trail", **{"S3BucketName": {"Ref": "Logs"}, **properties})


def logs(*rules: Any, **more: Any) -> dict[str, Any]:
    return resource("AWS::S3::Bucket", LifecycleConfiguration={"Rules": list(rules)}, **more)


def rule(**properties: Any) -> dict[str, Any]:
    return {"Status": "Enabled", **properties}


CASES = RuleCases(
    "logging.trail-retention",
    (
        good("a year", resources(It=trail(), Logs=logs(rule(ExpirationInDays=365)))),
        good("for ever", resources(It=trail(), Logs=resource("AWS::S3::Bucket"))),
        good(
            "old versions go sooner",
            resources(It=trail(), Logs=logs(rule(NoncurrentVersionExpiration={"NoncurrentDays": 30}))),
        ),
        good(
            "a rule that is switched off", resources(It=trail(), Logs=logs(rule(Status="Disabled", ExpirationInDays=1)))
        ),
        good(
            "a rule for something else", resources(It=trail(), Logs=logs(rule(Prefix="inventory/", ExpirationInDays=1)))
        ),
        good(
            "a rule for another prefix than the trail's",
            resources(It=trail(S3KeyPrefix="trail"), Logs=logs(rule(Prefix="AWSLogs/", ExpirationInDays=1))),
        ),
        good(
            "a rule for tagged objects: CloudTrail gives its files no tags",
            resources(
                It=trail(), Logs=logs(rule(ExpirationInDays=1, TagFilters=[{"Key": "keep", "Value": "briefly"}]))
            ),
        ),
        bad("ninety days", resources(It=trail(), Logs=logs(rule(ExpirationInDays=90))), at=AT),
        bad("a day short, as text", resources(It=trail(), Logs=logs(rule(ExpirationInDays="364"))), at=AT),
        bad("on a date", resources(It=trail(), Logs=logs(rule(ExpirationDate="2027-01-01"))), at=AT),
        bad(
            "for the trail's prefix",
            resources(It=trail(), Logs=logs(rule(Prefix="AWSLogs/", ExpirationInDays=1))),
            at=AT,
        ),
        bad(
            "for a part of the trail's files",
            resources(It=trail(), Logs=logs(rule(Prefix="AWSLogs/111111111111/", ExpirationInDays=1))),
            at=AT,
        ),
        bad(
            "one rule of two",
            resources(It=trail(), Logs=logs(rule(ExpirationInDays=400), rule(ExpirationInDays=9))),
            at=AT,
        ),
        bad(
            "a bucket by name",
            resources(It=trail(S3BucketName="ours"), Logs=logs(rule(ExpirationInDays=9), BucketName="ours")),
            at=AT,
        ),
        unknown("a bucket from elsewhere", resources(It=trail(S3BucketName="theirs")), at=AT),
        unknown("an open bucket", opened(It=trail(S3BucketName=OPEN)), at=AT),
        unknown("open days", opened(It=trail(), Logs=logs(rule(ExpirationInDays=OPEN))), at=AT),
        unknown(
            "allowed days that disagree", allowed(30, 400, It=trail(), Logs=logs(rule(ExpirationInDays=OPEN))), at=AT
        ),
        good(
            "text where rules are expected",
            resources(It=trail(), Logs=resource("AWS::S3::Bucket", LifecycleConfiguration="none")),
        ),
        not_applicable("the bucket", resources(It=logs())),
        bad("for a shorter prefix", resources(It=trail(), Logs=logs(rule(Prefix="AWS", ExpirationInDays=1))), at=AT),
        bad("for every prefix", resources(It=trail(), Logs=logs(rule(Prefix="", ExpirationInDays=1))), at=AT),
    ),
)


@each(CASES)
def test_trail_retention(case: Case) -> None:
    hold(CASES, case)
