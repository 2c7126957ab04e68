from __future__ import annotations

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

AT = ("Properties.KmsKeyId",)

CASES = RuleCases(
    "logging.log-group-encrypted",
    (
        good(
            "a key",
            resources(
                It=resource("AWS::Logs::LogGroup", KmsKeyId={"Fn::GetAtt": ["Key", "Arn"]}),
                Key=resource("AWS::KMS::Key"),
            ),
        ),
        good(
            "a key by its ARN",
            resources(It=resource("AWS::Logs::LogGroup", KmsKeyId="arn:aws:kms:eu-central-1:1:key/a")),
        ),
        bad("absent", resources(It=resource("AWS::Logs::LogGroup")), at=AT),
        bad("nothing by NoValue", resources(It=resource("AWS::Logs::LogGroup", KmsKeyId=NO_VALUE)), at=AT),
        unknown(
            "a parameter without default", opened(It=resource("AWS::Logs::LogGroup", KmsKeyId=OPEN)), at=AT, strict=True
        ),
        unknown(
            "a key only sometimes",
            conditional(It=resource("AWS::Logs::LogGroup", KmsKeyId=either("arn", NO_VALUE))),
            at=AT,
        ),
        not_applicable("a stream", resources(It=resource("AWS::Logs::LogStream"))),
    ),
)


@each(CASES)
def test_log_group_encrypted(case: Case) -> None:
    hold(CASES, case)
