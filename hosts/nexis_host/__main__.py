"""`nexis-host COMMAND`: one command of the program on a database host."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: command: the module whose `main(arguments)` runs it and gives the exit code, and what it does.
COMMANDS: Final = {
    "storage": ("nexis_host.storage.command", "make the NVMe instance-store disks the data volume"),
    "certificate": ("nexis_host.certificate.command", "issue, install, renew and check the server's certificate"),
    "configure": ("nexis_host.configure.command", "put PostgreSQL's configuration in force"),
    "verify": ("nexis_host.verify.command", "check that the host keeps the promises"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: the command and its arguments; those of the process by default.

    Returns:
        0 if all is well, 1 if something is wrong with the host, 2 if it could not be told.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help"):
        lines = [f"  {name:12}{about}" for name, (_, about) in COMMANDS.items()]
        sys.stdout.write("\n".join(["usage: nexis-host COMMAND [--help]", "", *lines, ""]))
        return 0 if given else 2
    if given[0] not in COMMANDS:
        sys.stderr.write(f"nexis-host: got the command {given[0]!r}, expected one of {', '.join(COMMANDS)}\n")
        return 2
    module = importlib.import_module(COMMANDS[given[0]][0])
    code: int = module.main(given[1:])
    return code


if __name__ == "__main__":
    sys.exit(main())
