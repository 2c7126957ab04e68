"""Settings of keys and certificates that must not be weakened.

What KMS and ACM do by themselves is right; these rules find where a template says otherwise.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.requirements import is_false, one_of, property_rule, row
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
KEYS: Final = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")
CERTIFICATE: Final = "AWS::CertificateManager::Certificate"
AUTHORITY: Final = "AWS::ACMPCA::CertificateAuthority"
ISSUED: Final = "AWS::ACMPCA::Certificate"

#: Key algorithms that ACM knows and that hold 112 bits of security or more.
#: Sources: ACM User Guide, "Key algorithms for certificates"; NIST SP 800-57 part 1 r5, table 2.
STRONG: Final = (
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
)


#: The defaults are what is asked for.
_row = partial(row, as_of=AS_OF)


def _is_public(certificate: View) -> bool:
    """Whether a certificate comes from Amazon's public authority: one of a private authority is never logged."""
    return isinstance(certificate.peek("CertificateAuthorityArn"), Absent)


def _not_weak(text: str) -> bool:
    """Accept an algorithm unless it is RSA below 2048 bits, or signs with MD5 or SHA-1."""
    name = text.upper().replace("-", "").replace("_", "")
    return not (name.startswith(("SHA1W", "MD5")) or name in ("RSA1024", "RSA512"))


RULES: Final = (
    property_rule(
        rule_id="keys.enabled",
        title="KMS keys are enabled",
        why="What a disabled key has encrypted cannot be read: databases stop, and backups do not restore.",
        requirements=tuple(_row(kind, "Enabled") for kind in KEYS),
        fix="leave Enabled out or set it to true; remove a key that nothing needs (CDK: enabled=True)",
        cdk='kms.Key(self, "Key", enabled=True, enable_key_rotation=True)',
        source="KMS Developer Guide, Enable and disable keys",
        claims=("touchpoints.keys",),
        controls={"SOC 2": ("CC6.1", "A1.2")},
    ),
    property_rule(
        rule_id="keys.policy-lockout-check",
        title="KMS checks that a key's policy locks nobody out",
        why="A policy that nobody may change makes a key that nobody can manage, repair or delete; only AWS can help.",
        requirements=(
            _row(KEYS[0], "BypassPolicyLockoutSafetyCheck", accepts=is_false, expected="false", example=False),
        ),
        fix="leave BypassPolicyLockoutSafetyCheck out, or set it to false",
        cdk='kms.CfnKey(self, "Key", enable_key_rotation=True, bypass_policy_lockout_safety_check=False)',
        source="KMS Developer Guide, Default key policy: reduces the risk of the key becoming unmanageable",
        claims=("touchpoints.keys",),
        controls={"SOC 2": ("CC6.1",)},
    ),
    property_rule(
        rule_id="keys.certificate-algorithm",
        title="Certificates have keys of 2048 bits RSA or more, or elliptic curves",
        why="RSA keys of 1024 bits are within reach of an attacker with money; browsers refuse their certificates.",
        requirements=(
            _row(
                CERTIFICATE,
                "KeyAlgorithm",
                accepts=one_of(*STRONG),
                expected=f"one of {', '.join(STRONG)}",
                example="EC_prime256v1",
            ),
        ),
        fix="leave KeyAlgorithm out for RSA_2048, or set EC_prime256v1 (CDK: key_algorithm=…)",
        cdk='acm.Certificate(self, "Certificate", domain_name="db.example.com",\n'
        "    key_algorithm=acm.KeyAlgorithm.EC_PRIME256_V1)",
        source="ACM User Guide, AWS Certificate Manager public certificate characteristics and limitations",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("ACM.2",)},
    ),
    property_rule(
        rule_id="keys.certificate-transparency",
        title="Public certificates are logged in certificate transparency logs",
        why="The logs show certificates that somebody else got for your names; browsers do not trust unlogged ones.",
        requirements=(
            _row(
                CERTIFICATE,
                "CertificateTransparencyLoggingPreference",
                accepts=one_of("ENABLED"),
                expected="ENABLED",
                example="ENABLED",
                when=_is_public,
            ),
        ),
        fix="leave CertificateTransparencyLoggingPreference out, or set it to ENABLED "
        "(CDK: transparency_logging_enabled=True)",
        cdk='acm.Certificate(self, "Certificate", domain_name="db.example.com", transparency_logging_enabled=True)',
        source="ACM User Guide, Opting out of certificate transparency logging",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",)},
    ),
    property_rule(
        rule_id="keys.private-ca-algorithms",
        title="Private certificate authorities use neither short RSA keys nor SHA-1",
        why="Whoever forges one signature of an authority can speak for every host that trusts it.",
        requirements=(
            _row(
                AUTHORITY,
                "KeyAlgorithm",
                accepts=_not_weak,
                expected="RSA_2048 or longer, or an elliptic curve",
                example="EC_prime256v1",
            ),
            _row(
                AUTHORITY,
                "SigningAlgorithm",
                accepts=_not_weak,
                expected="SHA-256 or longer",
                example="SHA256WITHECDSA",
            ),
            _row(
                ISSUED, "SigningAlgorithm", accepts=_not_weak, expected="SHA-256 or longer", example="SHA256WITHECDSA"
            ),
        ),
        fix="set KeyAlgorithm: EC_prime256v1 and SigningAlgorithm: SHA256WITHECDSA, or RSA_2048 and SHA256WITHRSA",
        cdk='acmpca.CfnCertificateAuthority(self, "Authority", type="ROOT", key_algorithm="EC_prime256v1",\n'
        '    signing_algorithm="SHA256WITHECDSA", subject=subject)',
        source="AWS Private CA User Guide, Supported cryptographic algorithms",
        claims=("connections.verify-full",),
        controls={"SOC 2": ("CC6.1", "CC6.7")},
    ),
)
