"""Which log each engine of RDS can send to CloudWatch Logs, and which of them tells who did what.

Sources: Amazon RDS User Guide, "Publishing database logs to Amazon CloudWatch Logs" and the page of each engine; Aurora
User Guide, "Publishing Amazon Aurora MySQL logs to Amazon CloudWatch Logs"; AWS Security Hub User Guide, RDS.9, RDS.34,
RDS.36, RDS.37 and RDS.40.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF: Final = "2026-11-23"


@record
class Exports:
    """The log exports that are asked of an engine.

    Args:
        names: as `EnableCloudwatchLogsExports` writes them.
        one_is_enough: whether any one of them will do; else all are asked for.
    """

    names: tuple[str, ...]
    one_is_enough: bool = False


_POSTGRESQL: Final = Exports(("postgresql",))
#: The audit log of MySQL and MariaDB needs an option group with the audit plugin, so the error log will do.
_MYSQL: Final = Exports(("audit", "error", "general"), one_is_enough=True)
#: Aurora MySQL has its audit log built in.
_AURORA_MYSQL: Final = Exports(("audit",))
_ORACLE: Final = Exports(("alert", "audit", "listener"), one_is_enough=True)
_SQL_SERVER: Final = Exports(("error",))
_DB2: Final = Exports(("diag.log", "notify.log"), one_is_enough=True)

BY_ENGINE: Final[Mapping[str, Exports]] = MappingProxyType(
    {
        "aurora": _AURORA_MYSQL,
        "aurora-mysql": _AURORA_MYSQL,
        "aurora-postgresql": _POSTGRESQL,
        "db2-ae": _DB2,
        "db2-se": _DB2,
        "mariadb": _MYSQL,
        "mysql": _MYSQL,
        "oracle-ee": _ORACLE,
        "oracle-ee-cdb": _ORACLE,
        "oracle-se": _ORACLE,
        "oracle-se1": _ORACLE,
        "oracle-se2": _ORACLE,
        "oracle-se2-cdb": _ORACLE,
        "postgres": _POSTGRESQL,
        "sqlserver-ee": _SQL_SERVER,
        "sqlserver-ex": _SQL_SERVER,
        "sqlserver-se": _SQL_SERVER,
        "sqlserver-web": _SQL_SERVER,
    }
)

#: A log that is enough for every engine that has it, so that the engine need not be known.
ENOUGH_ANYWHERE: Final = ("postgresql", "audit", "alert", "listener", "diag.log", "notify.log")
