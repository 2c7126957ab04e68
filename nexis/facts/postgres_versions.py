"""Which PostgreSQL majors the baseline supports, and the RDS engine version for each.

A major is listed while the PostgreSQL project and RDS both support it and its parameter groups know every setting of
`postgres_settings`.

Sources: PostgreSQL "Versioning Policy"; RDS answer to DescribeDBEngineVersions for the engine postgres as recorded in
cfn-lint 1.58.0 of 2026-10-20 (aws_rds_dbinstance/engine_version.json, without engine_version_deprecated.json).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF: Final = "2026-10-20"
SOURCE: Final = "rds:DescribeDBEngineVersions for postgres, as recorded in cfn-lint 1.58.0"


@record
class PostgresVersion:
    """A supported PostgreSQL major.

    Attributes:
        major: The major version.
        rds_engine_version: The minor version that RDS is asked for.
        parameter_group_family: The family of an RDS DB parameter group.
        supported_until: Month of the project's last minor release for it, ISO 8601.
    """

    major: int
    rds_engine_version: str
    parameter_group_family: str
    supported_until: str


SUPPORTED: Final[Mapping[int, PostgresVersion]] = MappingProxyType(
    {
        version.major: version
        for version in (
            PostgresVersion(15, "15.19", "postgres15", "2027-11"),
            PostgresVersion(16, "16.15", "postgres16", "2028-11"),
            PostgresVersion(17, "17.11", "postgres17", "2029-11"),
            PostgresVersion(18, "18.6", "postgres18", "2030-11"),
        )
    }
)


def nearest_major(major: int) -> int:
    """Return the supported major nearest to a number; the newer one if two are equally near.

    Args:
        major: What was asked for.
    """
    return min(SUPPORTED, key=lambda supported: (abs(supported - major), -supported))
