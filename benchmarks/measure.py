"""Whole processes, measured from outside: CPU seconds with all children, wall seconds, peak memory."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LAUNCH: Final = Path(__file__).resolve().parent / "programs" / "launch.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a program.

    Args:
        cpu: seconds of user and system time, of the process and the children it waited for.
        wall: seconds from its start to its end.
        memory: peak resident memory of its largest process, in MB (10^6 bytes).
        code: the exit code; negative for a signal.
        output: what it wrote on standard output.
        complaints: what it wrote on standard error.
    """

    cpu: float
    wall: float
    memory: float
    code: int
    output: str
    complaints: str


@dataclass(slots=True)
class Measured:
    """The runs of one program on one set of files.

    Args:
        first: the run that filled the caches; it counts only if it stayed the only one.
        others: the runs after it.
    """

    first: Run | None = None
    others: list[Run] = field(default_factory=list)

    @property
    def runs(self) -> list[Run]:
        """Give the runs that count."""
        return self.others or ([self.first] if self.first else [])

    @property
    def spent(self) -> float:
        """Give the wall seconds of all runs."""
        return sum(run.wall for run in ([self.first] if self.first else []) + self.others)

    def median(self, figure: Callable[[Run], float]) -> float:
        """Give the median of a figure over the runs that count.

        Args:
            figure: which one.
        """
        return statistics.median(map(figure, self.runs))


def run(command: Sequence[str | Path], *, environment: Mapping[str, str], folder: Path) -> Run:
    """Run a program to its end.

    Args:
        command: the program's path and its arguments.
        environment: all variables it has.
        folder: the current directory it has.

    Raises:
        OSError: the program cannot be started.
    """
    with (
        tempfile.NamedTemporaryFile("r", encoding="utf-8") as figures,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as complaints,
    ):
        # Into files, so that nobody has to read along while the program runs.
        launched = subprocess.run(
            [sys.executable, "-I", "-S", LAUNCH, figures.name, *command],
            env=environment,
            cwd=folder,
            stdout=output,
            stderr=complaints,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        texts = []
        for stream in (output, complaints):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
        if launched.returncode:
            raise OSError(f"{command[0]} cannot be started: {texts[1].strip()}")
        user, system, wall, kibibytes, code = figures.read().split()
    return Run(
        cpu=float(user) + float(system),
        wall=float(wall),
        memory=int(kibibytes) * 1024 / 1e6,
        code=int(code),
        output=texts[0],
        complaints=texts[1],
    )


def machine() -> dict[str, Any]:
    """Say where and when something is measured: nothing by which a machine could be told from others of its kind."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cpu": names[0] if names else platform.machine(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }
