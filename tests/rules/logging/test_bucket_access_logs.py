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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, either, opened

AT = ("Properties.LoggingConfiguration",)


def bucket(**properties: Any) -> dict[str, Any]:
    return resource("AWS::S3::Bucket", **properties)


def odd_policy(document: Any) -> dict[str, Any]:
    return resource("AWS::S3::BucketPolicy", Bucket={"Ref": "It"}, PolicyDocument=document)


def policy(*services: str) -> dict[str, Any]:
    allowed = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "s3:PutObject", "Resource": "*"}
    return odd_policy({"Statement": [allowed]})


ODD = {"Statement": ["text", {"Effect": "Allow", "Principal": "*"}, {"Principal": {"Service": [{}]}}]}


def balancer(name: Any) -> dict[str, Any]:
    attributes = [{"Key": "access_logs.s3.enabled", "Value": True}, {"Key": "access_logs.s3.bucket", "Value": name}]
    return resource("AWS::ElasticLoadBalancingV2::LoadBalancer", LoadBalancerAttributes=attributes)


def site(name: str) -> dict[str, Any]:
    config = {"Logging": {"Bucket": {"Fn::Sub": name}}}
    return resource("AWS::CloudFront::Distribution", DistributionConfig=config)


CASES = RuleCases(
    "logging.bucket-access-logs",
    (
        good(
            "a bucket for access logs",
            resources(It=bucket(LoggingConfiguration={"DestinationBucketName": {"Ref": "Logs"}}), Logs=bucket()),
        ),
        good("a bucket from elsewhere", resources(It=bucket(LoggingConfiguration={"DestinationBucketName": "theirs"}))),
        bad("absent", resources(It=bucket()), at=AT),
        bad("nothing by NoValue", resources(It=bucket(LoggingConfiguration=NO_VALUE)), at=AT),
        unknown("open", opened(It=bucket(LoggingConfiguration=OPEN)), at=AT, strict=True),
        good("handed in", opened(It=bucket(LoggingConfiguration={"DestinationBucketName": OPEN}))),
        bad("nothing set", resources(It=bucket(LoggingConfiguration={})), at=AT),
        unknown(
            "only sometimes",
            conditional(It=bucket(LoggingConfiguration=either({"LogFilePrefix": "own/"}, NO_VALUE))),
            at=AT,
        ),
        not_applicable(
            "the bucket for access logs",
            resources(It=bucket(), Data=bucket(LoggingConfiguration={"DestinationBucketName": {"Ref": "It"}})),
        ),
        not_applicable(
            "the bucket for access logs by name",
            resources(
                It=bucket(BucketName="ours"), Data=bucket(LoggingConfiguration={"DestinationBucketName": "ours"})
            ),
        ),
        not_applicable("a bucket that S3 may deliver logs to", resources(It=bucket(AccessControl="LogDeliveryWrite"))),
        not_applicable(
            "a bucket whose policy lets S3 deliver logs to it",
            resources(It=bucket(), P=policy("logging.s3.amazonaws.com")),
        ),
        bad(
            "a bucket whose policy lets the trail in",
            resources(It=bucket(), P=policy("cloudtrail.amazonaws.com", "config.amazonaws.com")),
            at=AT,
        ),
        bad("a bucket whose policy is odd", resources(It=bucket(), P=odd_policy("text")), at=AT),
        bad("a bucket whose policy has odd statements", resources(It=bucket(), P=odd_policy(ODD)), at=AT),
        not_applicable("the bucket for a load balancer's logs", resources(It=bucket(), B=balancer({"Ref": "It"}))),
        bad("another's bucket for a load balancer's logs", resources(It=bucket(), B=balancer("theirs")), at=AT),
        not_applicable("the bucket for CloudFront's logs", resources(It=bucket(), D=site("${It}.s3.amazonaws.com"))),
        not_applicable(
            "the bucket for flow logs",
            resources(It=bucket(), F=resource("AWS::EC2::FlowLog", LogDestination={"Fn::GetAtt": ["It", "Arn"]})),
        ),
        bad(
            "the bucket of a trail",
            resources(It=bucket(), T=resource("AWS::CloudTrail::Trail", S3BucketName={"Ref": "It"})),
            at=AT,
        ),
        not_applicable("a queue", resources(It=resource("AWS::SQS::Queue"))),
    ),
)


@each(CASES)
def test_bucket_access_logs(case: Case) -> None:
    hold(CASES, case)
