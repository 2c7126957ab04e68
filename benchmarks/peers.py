"""The environment of the checkers that are measured beside ours, from pinned requirements."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
REQUIREMENTS: Final = HERE / "requirements.txt"
ENVIRONMENT: Final = HERE / ".peers"
STAMP: Final = ENVIRONMENT / "installed-for"


def install() -> str:
    """Install the checkers, unless they are there for the same pins and the same Python.

    Returns:
        Why they cannot be had, or nothing.
    """
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + f"{sys.version} {sys.base_prefix}".encode()).hexdigest()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return ""
    print("installing checkov and cloudformation-validate, once …", file=sys.stderr, flush=True)
    pip: list[str | Path] = [
        python(),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--no-compile",
    ]
    commands: tuple[list[str | Path], ...] = (
        [sys.executable, "-m", "venv", "--clear", ENVIRONMENT],
        [*pip, "--requirement", REQUIREMENTS],
    )
    for command in commands:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            last = (done.stdout.strip().splitlines() or ["no output"])[-1]
            return f"`{' '.join(map(str, command))}` ended with {done.returncode}: {last}"
    STAMP.write_text(wanted, encoding="utf-8")
    return ""


def python() -> Path:
    """Give the interpreter that has the checkers."""
    return ENVIRONMENT / "bin" / "python"


def checkov() -> Path:
    """Give the command `checkov`."""
    return ENVIRONMENT / "bin" / "checkov"


def pinned(package: str) -> str:
    """Give the version of a package that the requirements name.

    Args:
        package: its name.
    """
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    return next(line.partition("==")[2] for line in lines if line.startswith(f"{package}=="))
