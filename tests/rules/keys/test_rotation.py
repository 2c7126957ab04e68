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

KEY = "AWS::KMS::Key"
AT = ("Properties.EnableKeyRotation",)

CASES = RuleCases(
    "keys.rotation",
    (
        good("true", resources(It=resource(KEY, EnableKeyRotation=True))),
        good(
            "true as text, and all that says symmetric",
            resources(
                It=resource(
                    KEY,
                    EnableKeyRotation="true",
                    KeySpec="SYMMETRIC_DEFAULT",
                    KeyUsage="ENCRYPT_DECRYPT",
                    Origin="AWS_KMS",
                    MultiRegion=True,
                )
            ),
        ),
        bad("absent", resources(It=resource(KEY)), at=AT),
        bad("false", resources(It=resource(KEY, EnableKeyRotation=False)), at=AT),
        bad(
            "the default of a parameter is false",
            {
                "Parameters": {"Rotate": {"Type": "String", "Default": "false"}},
                **resources(It=resource(KEY, EnableKeyRotation={"Ref": "Rotate"})),
            },
            at=AT,
        ),
        not_applicable("an asymmetric key", resources(It=resource(KEY, KeySpec="RSA_4096", KeyUsage="SIGN_VERIFY"))),
        not_applicable("an HMAC key", resources(It=resource(KEY, KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC"))),
        not_applicable("imported key material", resources(It=resource(KEY, Origin="EXTERNAL"))),
        not_applicable("a custom key store", resources(It=resource(KEY, Origin="AWS_CLOUDHSM"))),
        not_applicable("a replica rotates with its primary", resources(It=resource("AWS::KMS::ReplicaKey"))),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Rotate": {"Type": "String"}},
                **resources(It=resource(KEY, EnableKeyRotation={"Ref": "Rotate"})),
            },
            at=AT,
        ),
        unknown(
            "what kind of key it is, is open",
            {
                "Parameters": {"Spec": {"Type": "String"}},
                **resources(It=resource(KEY, KeySpec={"Ref": "Spec"})),
            },
            at=("Properties.KeySpec",),
        ),
        good(
            "whatever kind of key it is, it rotates",
            {
                "Parameters": {"Spec": {"Type": "String"}},
                **resources(It=resource(KEY, KeySpec={"Ref": "Spec"}, EnableKeyRotation=True)),
            },
        ),
        unknown("a list", resources(It=resource(KEY, EnableKeyRotation=[True])), at=AT),
    ),
)


@each(CASES)
def test_rotation(case: Case) -> None:
    hold(CASES, case)
