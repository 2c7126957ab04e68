"""What RDS for PostgreSQL accepts, and what this baseline asks within it."""

from __future__ import annotations

from typing import Final

AS_OF: Final = "2026-11-01"

#: Source: IANA Service Name and Transport Protocol Port Number Registry, postgresql.
POSTGRESQL_PORT: Final = 5432

#: Where managed databases listen unless told otherwise: not where every scanner looks first.
MANAGED_PORT: Final = 6432

#: Source: RDS API Reference, CreateDBInstance, Port (PostgreSQL).
LOWEST_PORT: Final = 1150
HIGHEST_PORT: Final = 65535

#: The promise: no backup younger than this is deleted.
LEAST_BACKUP_DAYS: Final = 14

#: Source: RDS API Reference, CreateDBInstance, BackupRetentionPeriod.
MOST_BACKUP_DAYS: Final = 35

#: Source: RDS User Guide, "Amazon RDS DB instance storage", gp3 for PostgreSQL.
SMALLEST_STORAGE_GIB: Final = 20
LARGEST_STORAGE_GIB: Final = 65536
