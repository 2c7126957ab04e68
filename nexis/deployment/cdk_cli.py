"""The pinned CDK CLI as a child process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

CLI: Final = Path("node_modules/.bin/cdk")
# jsii's banner about the age of Node is not about this app, and cannot be turned off.
BANNER: Final = ("b'!!", "!!!!")
OWN_LINES: Final = ("feature flags are not configured",)
TICK_SECONDS: Final = 2


def cdk(step: str, arguments: Sequence[str], *, interactive: bool = False) -> bool:
    """Run the CDK CLI, showing that it goes on, and its output if it fails.

    Args:
        step: what is being done, for the reader.
        arguments: of the CLI.
        interactive: hand the terminal to the CLI, which may ask.

    Returns:
        Whether it succeeded.
    """
    command = [str(CLI), "--no-notices", *arguments]
    environment = {**os.environ, "CDK_DISABLE_VERSION_CHECK": "1", "CDK_DISABLE_CLI_TELEMETRY": "true"}
    if interactive:
        print(f"{step} …", flush=True)
        return subprocess.run(command, env=environment, check=False).returncode == 0
    with Progress(step) as progress:
        result = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        progress.failed = result.returncode != 0
    if result.returncode:
        sys.stderr.write(readable(result.stdout))
    return result.returncode == 0


def synthesize(environment: str, output: Path) -> bool:
    """Synthesize an environment with the CLI.

    Args:
        environment: its name.
        output: the folder of the cloud assembly.

    Returns:
        Whether nothing fails.
    """
    arguments = ["synth", "--quiet", "--context", f"environment={environment}", "--output", str(output)]
    return cdk("Synthesis under all policies", arguments)


def readable(output: str) -> str:
    """Leave out what the CLI says of itself.

    Args:
        output: of the CLI.
    """
    lines = [
        line
        for line in output.splitlines()
        if not line.startswith(BANNER) and not any(own in line for own in OWN_LINES)
    ]
    return "\n".join(lines).strip() + "\n"


class Progress:
    """A line that says what is being done, grows while it goes on, and ends with the seconds it took."""

    def __init__(self, step: str) -> None:
        self.step = step
        self.failed = False
        self.note = ""
        self._done = threading.Event()
        self._begun = 0.0
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Progress:
        self._begun = time.monotonic()
        print(f"{self.step} …", end="", flush=True)
        self._ticker.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._done.set()
        self._ticker.join()
        ending = "failed" if self.failed or kind is not None else f"{time.monotonic() - self._begun:.1f} s"
        print(f" {ending}{f' ({self.note})' if self.note else ''}", flush=True)

    def _tick(self) -> None:
        while not self._done.wait(TICK_SECONDS):
            print(".", end="", flush=True)
