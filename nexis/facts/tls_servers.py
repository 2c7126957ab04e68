"""Which parameter makes a database server of RDS answer nothing but TLS, engine by engine, PostgreSQL apart.

PostgreSQL's settings stand in `nexis.facts.postgres_settings`.
"""

from __future__ import annotations

import re
from typing import Final

from nexis.patterns import pattern
from nexis.records import record

_AS_OF: Final = "2026-11-23"


@record(kw_only=True)
class ServerSetting:
    """The parameter of one kind of server.

    Attributes:
        engines: Engine names of RDS instances and clusters, or their beginnings.
        family: The parameter group families in which the parameter exists, in lower case; the group `version` is the
            server's version, the group `aurora` is there for Aurora.
        parameter: The parameter's name.
        accepted: Values with which nothing but TLS is answered, in lower case.
        value: The value to suggest.
        on_since: The first version, by engine of a family, whose default is an accepted value.
        source: The page that documents it.
        as_of: Day on which the page was read, ISO 8601.
    """

    engines: tuple[str, ...]
    family: re.Pattern[str]
    parameter: str
    accepted: frozenset[str]
    value: str
    on_since: tuple[tuple[str, tuple[int, ...]], ...]
    source: str
    as_of: str = _AS_OF

    def is_on_by_default(self, family: str) -> bool:
        """Say whether a group of a family that leaves the parameter out answers nothing but TLS.

        Args:
            family: A parameter group family, in lower case.
        """
        match = self.family.match(family)
        if match is None:
            return False
        version = tuple(int(part) for part in re.findall(r"\d+", match["version"] or ""))
        return any(family.startswith(engine) and version >= since for engine, since in self.on_since)


MYSQL: Final = ServerSetting(
    engines=("mysql", "mariadb", "aurora-mysql"),
    # MySQL has had the parameter since 5.7 and MariaDB since 10.5.
    family=pattern(
        r"(?P<aurora>aurora-)?(?:mysql(?=5\.7|[89]\.|\d\d)|mariadb(?=10\.(?:[5-9]|1\d)|1[1-9]\.))(?P<version>[\d.]+)$"
    ),
    parameter="require_secure_transport",
    accepted=frozenset({"1", "on", "true"}),
    value="1",
    on_since=(("mysql", (9, 7)), ("mariadb", (11, 8))),
    source="RDS User Guide, Requiring SSL/TLS for all connections to a MySQL DB instance; to a MariaDB DB instance; "
    "Aurora User Guide, Security with Amazon Aurora MySQL",
)

SQL_SERVER: Final = ServerSetting(
    engines=("sqlserver-", "custom-sqlserver-"),
    family=pattern(r"sqlserver-[a-z]+-(?P<version>[\d.]+)$"),
    parameter="rds.force_ssl",
    accepted=frozenset({"1", "true"}),
    value="1",
    on_since=(),
    source="RDS User Guide, Using SSL with a Microsoft SQL Server DB instance",
)

DB2: Final = ServerSetting(
    engines=("db2-",),
    # Whatever stands around it, as other checkers read it too.
    family=pattern(r".*db2-[as]e(?P<version>[\d.-]*)$"),
    parameter="db2comm",
    accepted=frozenset({"ssl"}),
    value="SSL",
    on_since=(),
    source="RDS User Guide, Using SSL/TLS with an RDS for Db2 DB instance",
)
