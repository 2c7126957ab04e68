"""Set-up: the virtual environment, the Python packages and the CDK CLI, each at its pinned version.

Runs with the system's Python and its standard library alone. What is there already, for the same pins, is left alone.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = ROOT / ".make"
REQUIREMENTS = {"aws": "requirements.txt", "local": "requirements-local.txt", "dev": "requirements-dev.txt"}
LEVELS = tuple(REQUIREMENTS)
BROWSER = "tests/browser"  # its own package: who only deploys needs no browser
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20


def main(arguments: list[str]) -> int:
    """Set up for a level: `aws` (deploy to AWS), `local` (and to this machine), `dev` (and test).

    Args:
        arguments: the level.
    """
    if len(arguments) != 1 or arguments[0] not in LEVELS:
        return fail(f"set-up: got {' '.join(arguments) or 'nothing'}, expected one of {', '.join(LEVELS)}")
    level = arguments[0]
    problem = missing_prerequisite()
    if problem:
        return fail(problem)
    STAMPS.mkdir(exist_ok=True)
    steps = [
        ("virtual environment", digest("python"), "venv", [[sys.executable, "-m", "venv", "--clear", str(VENV)]]),
        (
            "Python packages",
            digest(*sorted(set(REQUIREMENTS.values())), "pyproject.toml", level),
            f"packages-{level}",
            [
                [*pip(), "--requirement", str(ROOT / REQUIREMENTS[level])],
                [*pip(), "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
            ],
        ),
        (
            "CDK CLI",
            digest("package.json", "package-lock.json"),
            "node",
            [["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]],
        ),
    ]
    if level == "dev":
        install = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        pins = digest(f"{BROWSER}/package.json", f"{BROWSER}/package-lock.json")
        steps.append(("browser for the tests", pins, "browser", [install]))
    for name, wanted, stamp, commands in steps:
        if is_done(stamp, wanted):
            continue
        if stamp == "venv":  # what was installed goes with the old environment
            for old in STAMPS.glob("packages-*"):
                old.unlink()
        for command in commands:
            # In its folder: with `--prefix`, npm would also look for its own settings there.
            if not run(name, command, ROOT / BROWSER if stamp == "browser" else ROOT):
                return 1
        (STAMPS / stamp).write_text(wanted, encoding="utf-8")
    return 0


def pip() -> list[str]:
    """Give the start of a pip command."""
    # Python compiles what is imported; compiling everything would take four times as long as installing it.
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"]
    return [str(PYTHON), "-m", "pip", "install", *quiet]


def is_done(stamp: str, wanted: str) -> bool:
    """Tell whether a step was done for these pins; packages of a higher level hold those of a lower one."""
    made = {"node": ROOT / "node_modules" / ".bin" / "cdk", "browser": ROOT / BROWSER / "node_modules"}
    if not PYTHON.exists() or (stamp in made and not made[stamp].exists()):
        return False
    file = STAMPS / stamp
    if file.exists() and file.read_text(encoding="utf-8") == wanted:
        return True
    if not stamp.startswith("packages-"):
        return False
    higher = LEVELS[LEVELS.index(stamp.removeprefix("packages-")) + 1 :]
    names = (*sorted(set(REQUIREMENTS.values())), "pyproject.toml")
    return any(
        (STAMPS / f"packages-{level}").exists()
        and (STAMPS / f"packages-{level}").read_text(encoding="utf-8") == digest(*names, level)
        for level in higher
    )


def digest(*names: str) -> str:
    """Sum up the content of files (a name that is no file stands for itself) and the Python in use."""
    total = hashlib.sha256(f"{sys.version} {sys.base_prefix} {ROOT}".encode())
    for name in names:
        file = ROOT / name
        total.update(name.encode() + b"\0" + (file.read_bytes() if file.is_file() else b""))
    return total.hexdigest()


def missing_prerequisite() -> str:
    """Say what is missing on this machine, or nothing."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        return f"set-up: found Python {found}, expected 3.11 or later; run make PYTHON=/path/to/python3.11"
    try:
        import ensurepip  # noqa: F401 - Debian ships venv without it
    except ImportError:
        return "set-up: this Python has no venv; install it (Debian: the package python3-venv)"
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            return f"set-up: {program} is not on PATH; install Node {OLDEST_NODE} or later"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = version.lstrip("v").split(".")[0]
    if not major.isdigit() or int(major) < OLDEST_NODE:
        return f"set-up: found Node {version or '(no version)'}, expected {OLDEST_NODE} or later"
    return ""


def run(name: str, command: list[str], folder: Path = ROOT) -> bool:
    """Run a command, showing that it goes on; its output appears only when it fails."""
    begun = time.monotonic()
    print(f"set-up: {name} …", end="", flush=True)
    done = threading.Event()
    ticker = threading.Thread(target=tick, args=(done,), daemon=True)
    ticker.start()
    result = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    done.set()
    ticker.join()
    if result.returncode:
        print(" failed", flush=True)
        fail(f"{result.stdout}\nset-up: `{' '.join(command)}` ended with {result.returncode}; see its output above")
        return False
    print(f" {time.monotonic() - begun:.0f} s", flush=True)
    return True


def tick(done: threading.Event) -> None:
    """Print a dot every two seconds until done."""
    while not done.wait(2):
        print(".", end="", flush=True)


def fail(message: str) -> int:
    """Print a message on standard error."""
    print(message, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
