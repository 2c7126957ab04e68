"""Where everything stands on a database host: one definition for the program, the units, the image and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: The PostgreSQL server's files name each other relative to the data directory, so the same bytes work wherever the
#: volume is mounted. Source: PostgreSQL manual, "Connections and Authentication" (a relative path starts there).
CERTIFICATE_FROM_DATA: Final = "../tls/server.crt"
KEY_FROM_DATA: Final = "../tls/server.key"
AUTHORITY_FROM_DATA: Final = "../tls/ca.crt"
LOG_FROM_DATA: Final = "../log"

#: The operating-system user and group that own the data.
OWNER: Final = "postgres"

#: systemd's name of the server.
SERVER_UNIT: Final = "nexis-postgresql.service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The places of a host, below one root.

    Attributes:
        root: where the host's file system begins; `/` but in tests.
    """

    root: Path = Path("/")

    @property
    def host_settings(self) -> Path:
        """What the host knows about itself; written by cloud-init."""
        return self.root / "etc/nexis/host.json"

    @property
    def program(self) -> Path:
        """The unpacked program: packages, units, `configuration`."""
        return self.root / "usr/lib/nexis"

    @property
    def shipped_configuration(self) -> Path:
        """`cluster.json` and the rendered files as they were deployed."""
        return self.program / "configuration"

    @property
    def configuration(self) -> Path:
        """`postgresql.conf`, `pg_hba.conf`, `pg_ident.conf` in force."""
        return self.root / "etc/nexis/postgresql"

    @property
    def volume(self) -> Path:
        """Where the NVMe volume is mounted."""
        return self.root / "var/lib/nexis-data"

    @property
    def empty_mark(self) -> Path:
        """There after a new file system was made: PostgreSQL must be seeded from a peer or the archive."""
        return self.volume / ".nexis-empty"

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.volume / "pgdata"

    @property
    def tls(self) -> Path:
        """`server.key`, `server.crt` with its chain, `ca.crt`; on the volume, but outside the data directory."""
        return self.volume / "tls"

    @property
    def log(self) -> Path:
        """PostgreSQL's log."""
        return self.volume / "log"

    @property
    def state(self) -> Path:
        """What the commands found last, as JSON; gone with a reboot."""
        return self.root / "run/nexis"

    @property
    def socket(self) -> Path:
        """Folder of PostgreSQL's Unix socket."""
        return self.root / "run/postgresql"

    @property
    def binaries(self) -> Path:
        """Parent of the folders `MAJOR/bin` of the server's programs. Source: Debian's PostgreSQL packages."""
        return self.root / "usr/lib/postgresql"
