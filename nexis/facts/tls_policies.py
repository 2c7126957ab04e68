"""The TLS policies that AWS services offer by name, and the lowest protocol version each still lets a client use.

A name that a table does not list is read by the service's own way of naming: a policy that came out after the table was
read is accepted if its name says TLS 1.2 or later, and refused if it says nothing.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.patterns import pattern
from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

#: RFC 8996 withdraws everything below.
LOWEST: Final = (1, 2)


@record(kw_only=True)
class Policies:
    """The policies of one service.

    Attributes:
        lowest: The lowest TLS version that a policy lets a client use, by policy name; (0, 0) stands for SSL 3.0.
        naming: How the service names policies; the group `minor` is what follows "1." in the lowest version.
        recommended: The policy to suggest.
        source: The page that lists them.
        as_of: Day on which the page was read, ISO 8601.
    """

    lowest: Mapping[str, tuple[int, int]]
    naming: re.Pattern[str]
    recommended: str
    source: str
    as_of: str

    def is_current(self, name: str) -> bool:
        """Say whether a policy refuses everything below TLS 1.2.

        Args:
            name: The policy's name.
        """
        found = self.lowest.get(name)
        if found is None:
            match = self.naming.match(name)
            found = (1, int(match["minor"])) if match else (0, 0)
        return found >= LOWEST


def _by_version(versions: Mapping[tuple[int, int], tuple[str, ...]], prefix: str = "") -> Mapping[str, tuple[int, int]]:
    return MappingProxyType({prefix + name: version for version, names in versions.items() for name in names})


#: Application, Network and Classic Load Balancers.
LOAD_BALANCER: Final = Policies(
    lowest=_by_version(
        {
            (1, 3): (
                "TLS13-1-3-2021-06",
                "TLS13-1-3-FIPS-2023-04",
                "TLS13-1-3-FIPS-PQ-2025-09",
                "TLS13-1-3-PQ-2025-09",
            ),
            (1, 2): (
                "FS-1-2-2019-08",
                "FS-1-2-Res-2019-08",
                "FS-1-2-Res-2020-10",
                "TLS-1-2-2017-01",
                "TLS-1-2-Ext-2018-06",
                "TLS13-1-2-2021-06",
                "TLS13-1-2-Ext0-FIPS-2023-04",
                "TLS13-1-2-Ext0-FIPS-PQ-2025-09",
                "TLS13-1-2-Ext0-RFC9151-FIPS-2023-07",
                "TLS13-1-2-Ext1-2021-06",
                "TLS13-1-2-Ext1-FIPS-2023-04",
                "TLS13-1-2-Ext1-FIPS-PQ-2025-09",
                "TLS13-1-2-Ext1-PQ-2025-09",
                "TLS13-1-2-Ext2-2021-06",
                "TLS13-1-2-Ext2-FIPS-2023-04",
                "TLS13-1-2-Ext2-FIPS-PQ-2025-09",
                "TLS13-1-2-Ext2-PQ-2025-09",
                "TLS13-1-2-FIPS-2023-04",
                "TLS13-1-2-FIPS-PQ-2025-09",
                "TLS13-1-2-PQ-2025-09",
                "TLS13-1-2-RFC9151-FIPS-2023-07",
                "TLS13-1-2-RFC9151-INTEROP1-FIPS-2023-07",
                "TLS13-1-2-RFC9151-INTEROP2-FIPS-2023-07",
                "TLS13-1-2-RFC9151-INTEROP3-FIPS-2023-07",
                "TLS13-1-2-RFC9151-INTEROP4-FIPS-2023-07",
                "TLS13-1-2-Res-2021-06",
                "TLS13-1-2-Res-FIPS-2023-04",
                "TLS13-1-2-Res-FIPS-PQ-2025-09",
                "TLS13-1-2-Res-PQ-2025-09",
            ),
            (1, 1): (
                "FS-1-1-2019-08",
                "TLS-1-1-2017-01",
                "TLS13-1-1-2021-06",
                "TLS13-1-1-FIPS-2023-04",
            ),
            (1, 0): (
                "2015-03",
                "2015-05",
                "2016-08",
                "FS-2018-06",
                "TLS-1-0-2015-04",
                "TLS13-1-0-2021-06",
                "TLS13-1-0-FIPS-2023-04",
                "TLS13-1-0-FIPS-PQ-2025-09",
                "TLS13-1-0-PQ-2025-09",
            ),
            (0, 0): ("2011-08", "2014-01", "2014-10", "2015-02"),
        },
        "ELBSecurityPolicy-",
    ),
    naming=pattern(r"(?:ELBSecurityPolicy-)?(?:TLS|TLS13|FS)-1-(?P<minor>[0-9])-"),
    recommended="ELBSecurityPolicy-TLS13-1-2-2021-06",
    source="User Guides for Application, Network and Classic Load Balancers, security policies",
    as_of="2026-11-23",
)

CLOUDFRONT: Final = Policies(
    lowest=_by_version(
        {
            (1, 3): ("TLSv1.3_2025",),
            (1, 2): ("TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025"),
            (1, 1): ("TLSv1.1_2016",),
            (1, 0): ("TLSv1", "TLSv1_2016"),
            (0, 0): ("SSLv3",),
        }
    ),
    naming=pattern(r"TLSv1\.(?P<minor>[0-9])(?![0-9])"),
    recommended="TLSv1.2_2021",
    source="CloudFront Developer Guide, Supported protocols and ciphers between viewers and CloudFront",
    as_of="2026-11-23",
)

#: Custom domain names and REST APIs.
API_GATEWAY: Final = Policies(
    lowest=_by_version(
        {
            (1, 3): (
                "SecurityPolicy_TLS13_1_3_2025_09",
                "SecurityPolicy_TLS13_1_3_FIPS_2025_09",
                "SecurityPolicy_TLS13_2025_EDGE",
            ),
            (1, 2): (
                "TLS_1_2",
                "SecurityPolicy_TLS12_2018_EDGE",
                "SecurityPolicy_TLS12_PFS_2025_EDGE",
                "SecurityPolicy_TLS13_1_2_2021_06",
                "SecurityPolicy_TLS13_1_2_Ext2_FIPS_PQ_2025_09",
                "SecurityPolicy_TLS13_1_2_Ext2_PQ_2025_09",
                "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09",
                "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09",
                "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
                "SecurityPolicy_TLS13_1_2_PQ_2025_09",
            ),
            (1, 0): ("TLS_1_0",),
        }
    ),
    naming=pattern(r"(?:SecurityPolicy_TLS13_|TLS_)1_(?P<minor>[0-9])(?![0-9])"),
    recommended="TLS_1_2",
    source="API Gateway Developer Guide, Choose a security policy for your custom domain",
    as_of="2026-11-23",
)

#: OpenSearch Service and its predecessor, the Elasticsearch Service.
OPENSEARCH: Final = Policies(
    lowest=_by_version(
        {
            (1, 2): (
                "Policy-Min-TLS-1-2-2019-07",
                "Policy-Min-TLS-1-2-PFS-2023-10",
                "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
            ),
            (1, 0): ("Policy-Min-TLS-1-0-2019-07",),
        }
    ),
    naming=pattern(r"Policy-Min-TLS-1-(?P<minor>[0-9])(?![0-9])"),
    recommended="Policy-Min-TLS-1-2-PFS-2023-10",
    source="OpenSearch Service API reference, DomainEndpointOptions TLSSecurityPolicy",
    as_of="2026-11-23",
)

IOT: Final = Policies(
    lowest=_by_version(
        {
            (1, 3): ("IoTSecurityPolicy_TLS13_1_3_2022_10",),
            (1, 2): ("IoTSecurityPolicy_TLS13_1_2_2022_10", "IoTSecurityPolicy_TLS12_1_2_2022_10"),
            (1, 0): ("IoTSecurityPolicy_TLS12_1_0_2015_01", "IoTSecurityPolicy_TLS12_1_0_2016_01"),
        }
    ),
    naming=pattern(r"I[oO]TSecurityPolicy_TLS1[23]_1_(?P<minor>[0-9])_"),
    recommended="IoTSecurityPolicy_TLS13_1_2_2022_10",
    source="IoT Core Developer Guide, Transport security in AWS IoT Core",
    as_of="2026-11-23",
)

LIGHTSAIL: Final = Policies(
    lowest=_by_version({(1, 2): ("TLS-FS-Res-1-2-2022-10",), (1, 0): ("TLS-2016-08",)}),
    naming=pattern(r"TLS-(?:[A-Za-z]+-)*1-(?P<minor>[0-9])-"),
    recommended="TLS-FS-Res-1-2-2022-10",
    source="Lightsail User Guide, Configure TLS security policies on your Lightsail load balancers",
    as_of="2026-11-23",
)

#: Policies of Transfer Family servers without SHA-1 in key exchange, message authentication or TLS cipher suites.
TRANSFER_WITHOUT_SHA1: Final = frozenset(
    {
        "TransferSecurityPolicy-2024-01",
        "TransferSecurityPolicy-2025-03",
        "TransferSecurityPolicy-AS2Restricted-2025-07",
        "TransferSecurityPolicy-FIPS-2024-01",
        "TransferSecurityPolicy-FIPS-2024-05",
        "TransferSecurityPolicy-FIPS-2025-03",
        "TransferSecurityPolicy-Restricted-2024-06",
        "TransferSecurityPolicy-SshAuditCompliant-2025-02",
    }
)
#: Source: Transfer Family User Guide, "Security policies for AWS Transfer Family servers", read 2026-11-23.
TRANSFER_RECOMMENDED: Final = "TransferSecurityPolicy-2025-03"

#: TLS and SSL versions that a CloudFront origin or a classic load balancer may be told to speak and that are withdrawn.
#: Source: RFC 7568 (SSL 3.0), RFC 8996 (TLS 1.0 and 1.1).
WITHDRAWN: Final = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"})

#: Parts of the OpenSSL name of a cipher suite that is broken or does not authenticate the server.
#: Source: RFC 7465 (RC4), RFC 9325 section 4.1 (NULL, EXPORT, anonymous, below 112 bits), RFC 9155 (MD5, SHA-1).
_BROKEN_PARTS: Final = frozenset(
    {
        "3DES",
        "ADH",
        "AECDH",
        "CAMELLIA",
        "DES",
        "DSS",
        "EXP",
        "IDEA",
        "KRB5",
        "MD5",
        "NULL",
        "PSK",
        "RC2",
        "RC4",
        "SEED",
    }
)


def is_weak_cipher(name: str) -> bool:
    """Say whether the name of a cipher suite, in OpenSSL's or IANA's spelling, names a weak one.

    Args:
        name: A cipher suite such as `ECDHE-RSA-AES128-GCM-SHA256`.

    Source: RFC 9325 section 4; Elastic Load Balancing, SSL ciphers for Classic Load Balancers.
    """
    parts = [part.rstrip("0123456789") if part.startswith("CAMELLIA") else part for part in _parts(name)]
    return bool(_BROKEN_PARTS.intersection(parts)) or parts[-1:] in (["SHA"], ["SHA1"]) or "CBC3" in parts


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[-_]", name.strip().upper()) if part]
