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

CASES = RuleCases(
    "storage.rds-encrypted",
    (
        good("true", resources(It=resource("AWS::RDS::DBCluster", StorageEncrypted="true"))),
        bad("absent", resources(It=resource("AWS::RDS::DBCluster")), at=("Properties.StorageEncrypted",)),
        not_applicable("another type", resources(It=resource("AWS::S3::Bucket"))),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Encrypt": {"Type": "String"}},
                **resources(It=resource("AWS::RDS::DBCluster", StorageEncrypted={"Ref": "Encrypt"})),
            },
            at=("Properties.StorageEncrypted",),
        ),
    ),
)


@each(CASES)
def test_rds_encrypted(case: Case) -> None:
    hold(CASES, case)
