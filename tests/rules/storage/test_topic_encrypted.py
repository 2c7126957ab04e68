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

TOPIC = "AWS::SNS::Topic"
AT = ("Properties.KmsMasterKeyId",)

CASES = RuleCases(
    "storage.topic-encrypted",
    (
        good(
            "a key of the template",
            resources(It=resource(TOPIC, KmsMasterKeyId={"Ref": "Key"}), Key=resource("AWS::KMS::Key")),
        ),
        good("an alias", resources(It=resource(TOPIC, KmsMasterKeyId="alias/alarms"))),
        bad("absent", resources(It=resource(TOPIC)), at=AT),
        bad("empty", resources(It=resource(TOPIC, KmsMasterKeyId="")), at=AT),
        unknown("a map", resources(It=resource(TOPIC, KmsMasterKeyId={"Key": "a", "Id": "b"})), at=AT),
        bad("AWS::NoValue", resources(It=resource(TOPIC, KmsMasterKeyId={"Ref": "AWS::NoValue"})), at=AT),
        not_applicable("no topic", resources(It=resource("AWS::SQS::Queue"))),
        good("an import", resources(It=resource(TOPIC, KmsMasterKeyId={"Fn::ImportValue": "key"}))),
        good(
            "whichever key a parameter names",
            {
                "Parameters": {"Key": {"Type": "String"}},
                **resources(It=resource(TOPIC, KmsMasterKeyId={"Ref": "Key"})),
            },
        ),
        bad(
            "a parameter that is empty by default",
            {
                "Parameters": {"Key": {"Type": "String", "Default": ""}},
                **resources(It=resource(TOPIC, KmsMasterKeyId={"Ref": "Key"})),
            },
            at=AT,
        ),
        unknown(
            "a parameter that may be empty",
            {
                "Parameters": {"Key": {"Type": "String"}},
                **resources(It=resource(TOPIC, KmsMasterKeyId={"Ref": "Key"})),
            },
            at=AT,
            strict=True,
        ),
        unknown(
            "a macro writes the properties",
            resources(It=resource(TOPIC, **{"Fn::Transform": {"Name": "Ours"}})),
            at=AT,
        ),
    ),
)


@each(CASES)
def test_topic_encrypted(case: Case) -> None:
    hold(CASES, case)
