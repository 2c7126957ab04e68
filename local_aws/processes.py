"""What Linux knows about processes, and ending them: reads /proc, so a recycled pid is never mistaken for ours."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """One live process.

    Args:
        pid: The process id.
        parent: The parent's process id.
        session: The session id; a detached server leads its own.
        started: Start time in clock ticks since boot: with the pid it names one process for ever.
        command: The command line.
    """

    pid: int
    parent: int
    session: int
    started: int
    command: tuple[str, ...]


def read_process(pid: int) -> Process | None:
    """Read one process; None if there is none, or only its remains (a zombie).

    Args:
        pid: The process id.

    Source: proc(5), /proc/[pid]/stat.
    """
    try:
        stat = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        command = (PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name in parentheses may hold anything; state is the field after it
    if fields[0] in {"Z", "X"}:
        return None
    return Process(
        pid=pid,
        parent=int(fields[1]),
        session=int(fields[3]),
        started=int(fields[19]),
        command=tuple(part for part in command.split("\0") if part),
    )


def all_processes() -> list[Process]:
    """Every process of the machine that can be read."""
    found = (read_process(int(entry.name)) for entry in PROC.iterdir() if entry.name.isdigit())
    return [process for process in found if process is not None]


def family(pid: int) -> list[Process]:
    """The process, its descendants, and whatever else lives in the session it leads.

    Args:
        pid: The process id of the eldest.
    """
    processes = all_processes()
    members = {process.pid for process in processes if process.pid == pid or process.session == pid}
    grown = True
    while grown:
        more = {process.pid for process in processes if process.parent in members} - members
        members |= more
        grown = bool(more)
    return [process for process in processes if process.pid in members]


def still_there(processes: list[Process]) -> list[Process]:
    """Those of the processes that live on: same pid and same start time.

    Args:
        processes: Processes read earlier.
    """
    now = ((process, read_process(process.pid)) for process in processes)
    return [process for process, found in now if found is not None and found.started == process.started]


def send_signal(processes: list[Process], number: signal.Signals) -> None:
    """Signal the processes that are still there.

    Args:
        processes: Processes read earlier.
        number: The signal.
    """
    for process in still_there(processes):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)


def end_processes(processes: list[Process], grace: float) -> list[Process]:
    """Ask the processes to end, then make them; returns what survived both.

    Args:
        processes: Processes read earlier.
        grace: Seconds between TERM and KILL.
    """
    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
        send_signal(processes, number)
        deadline = time.monotonic() + seconds
        while still_there(processes):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            return []
    return still_there(processes)
