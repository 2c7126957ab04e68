from __future__ import annotations

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, defaulted, opened

KEY = "AWS::KMS::Key"
REPLICA = "AWS::KMS::ReplicaKey"
CERTIFICATE = "AWS::CertificateManager::Certificate"
AUTHORITY = "AWS::ACMPCA::CertificateAuthority"
ISSUED = "AWS::ACMPCA::Certificate"
OTHER = resources(It=resource("AWS::KMS::Alias"))
ENABLED = ("Properties.Enabled",)
BYPASS = ("Properties.BypassPolicyLockoutSafetyCheck",)
ALGORITHM = ("Properties.KeyAlgorithm",)
LOGGING = ("Properties.CertificateTransparencyLoggingPreference",)
SIGNING = ("Properties.SigningAlgorithm",)

CASES: tuple[RuleCases, ...] = (
    RuleCases(
        "keys.enabled",
        (
            good("absent: keys are enabled", resources(It=resource(KEY))),
            good("true", resources(It=resource(REPLICA, Enabled="true"))),
            bad("a key", resources(It=resource(KEY, Enabled=False)), at=ENABLED),
            bad("a replica", resources(It=resource(REPLICA, Enabled="false")), at=ENABLED),
            bad("a default of false", defaulted("false", It=resource(KEY, Enabled=OPEN)), at=ENABLED),
            not_applicable("an alias", OTHER),
            unknown("a parameter", opened(It=resource(KEY, Enabled=OPEN)), at=ENABLED),
        ),
    ),
    RuleCases(
        "keys.policy-lockout-check",
        (
            good("absent: KMS checks", resources(It=resource(KEY))),
            good("false", resources(It=resource(KEY, BypassPolicyLockoutSafetyCheck=False))),
            bad("true", resources(It=resource(KEY, BypassPolicyLockoutSafetyCheck="true")), at=BYPASS),
            not_applicable("an alias", OTHER),
            unknown("a parameter", opened(It=resource(KEY, BypassPolicyLockoutSafetyCheck=OPEN)), at=BYPASS),
        ),
    ),
    RuleCases(
        "keys.certificate-algorithm",
        (
            good("absent: RSA_2048", resources(It=resource(CERTIFICATE))),
            good("a curve", resources(It=resource(CERTIFICATE, KeyAlgorithm="EC_prime256v1"))),
            bad("1024 bits", resources(It=resource(CERTIFICATE, KeyAlgorithm="RSA_1024")), at=ALGORITHM),
            not_applicable("something else", OTHER),
            unknown("a parameter", opened(It=resource(CERTIFICATE, KeyAlgorithm=OPEN)), at=ALGORITHM),
        ),
    ),
    RuleCases(
        "keys.certificate-transparency",
        (
            good("absent: logged", resources(It=resource(CERTIFICATE))),
            good("logged", resources(It=resource(CERTIFICATE, CertificateTransparencyLoggingPreference="ENABLED"))),
            bad(
                "not logged",
                resources(It=resource(CERTIFICATE, CertificateTransparencyLoggingPreference="DISABLED")),
                at=LOGGING,
            ),
            not_applicable("something else", OTHER),
            not_applicable(
                "a certificate of a private authority is never logged",
                opened(
                    It=resource(
                        CERTIFICATE, CertificateAuthorityArn=OPEN, CertificateTransparencyLoggingPreference="DISABLED"
                    )
                ),
            ),
            unknown(
                "a parameter",
                opened(It=resource(CERTIFICATE, CertificateTransparencyLoggingPreference=OPEN)),
                at=LOGGING,
            ),
        ),
    ),
    RuleCases(
        "keys.private-ca-algorithms",
        (
            good("RSA", resources(It=resource(AUTHORITY, KeyAlgorithm="RSA_4096", SigningAlgorithm="SHA512WITHRSA"))),
            good("after quantum computers", resources(It=resource(AUTHORITY, KeyAlgorithm="ML_DSA_65"))),
            good("a certificate", resources(It=resource(ISSUED, SigningAlgorithm="SHA256WITHECDSA"))),
            bad("1024 bits", resources(It=resource(AUTHORITY, KeyAlgorithm="RSA_1024")), at=ALGORITHM),
            bad("SHA-1", resources(It=resource(AUTHORITY, SigningAlgorithm="SHA1WITHRSA")), at=SIGNING),
            bad(
                "a certificate with SHA-1", resources(It=resource(ISSUED, SigningAlgorithm="SHA1WITHECDSA")), at=SIGNING
            ),
            not_applicable("something else", OTHER),
            unknown("a parameter", opened(It=resource(AUTHORITY, KeyAlgorithm=OPEN)), at=ALGORITHM),
        ),
    ),
)


@each_of(CASES)
def test_settings(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
