"""A real Chromium, driven over a pipe by its DevTools protocol: no port is opened and no driver is needed.

The browser comes in an npm package (tests/browser), so nobody needs root for it. It runs on Linux with x86-64; where
that is not what a developer has, NEXIS_CHROMIUM names a Chromium of theirs.
"""

from __future__ import annotations

import json
import os
import selectors
import shutil
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types import TracebackType

FOLDER: Final = Path(__file__).resolve().parents[1] / "browser"
PACKAGE: Final = FOLDER / "node_modules" / "@sparticuz" / "chromium"
PATIENCE: Final = 30.0  # seconds for one answer
# The process is alone with one page of ours, and a container without user namespaces has no sandbox to give it.
OPTIONS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--remote-debugging-pipe",
)


def chromium() -> tuple[Path, Path | None]:
    """Give the browser's program, and the folder of the libraries it needs beside the system's."""
    named = os.environ.get("NEXIS_CHROMIUM")
    if named:
        return Path(named), None
    assert PACKAGE.is_dir(), f"{PACKAGE} is not there; run make setup-dev, or name a Chromium in NEXIS_CHROMIUM"
    version = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))["version"]
    unpacked = FOLDER / "node_modules" / ".unpacked" / version
    if not unpacked.is_dir():
        unpacked.parent.mkdir(exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=unpacked.parent))
        subprocess.run(["node", str(FOLDER / "unpack.mjs"), str(PACKAGE / "bin"), str(part)], check=True)
        for archive in ("al2023.tar", "fonts.tar"):
            with tarfile.open(part / archive) as files:
                files.extractall(part, filter="data")
        try:
            part.rename(unpacked)
        except OSError:  # somebody else was quicker
            shutil.rmtree(part)
    return unpacked / "chromium", unpacked / "lib"


class Browser:
    """A Chromium with one page.

    Args:
        home: a folder for its files, thrown away afterwards.
    """

    def __init__(self, home: Path) -> None:
        program, libraries = chromium()
        from_us, self._write = os.pipe()
        self._read, to_us = os.pipe()
        # The protocol speaks on the file descriptors 3 and 4.
        command = f'exec 3<&{from_us} 4>&{to_us}; exec "$0" "$@"'
        environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
        if libraries is not None:
            environment["LD_LIBRARY_PATH"] = str(libraries)
        self._process = subprocess.Popen(
            ["bash", "-c", command, str(program), *OPTIONS, f"--user-data-dir={home}", "about:blank"],
            pass_fds=(from_us, to_us),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(from_us)
        os.close(to_us)
        self._buffer, self._number, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._write)
        os.close(self._read)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask something of the browser, and wait for its answer."""
        self._number += 1
        asked: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        with selectors.DefaultSelector() as selector:
            selector.register(self._read, selectors.EVENT_READ)
            while b"\0" not in self._buffer:
                assert selector.select(until - time.monotonic()), "the browser does not answer"
                more = os.read(self._read, 1 << 16)
                assert more, "the browser has gone"
                self._buffer += more
        message, _, self._buffer = self._buffer.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer

    def open(self, file: Path) -> None:
        """Open a page and wait until it is there."""
        self.events.clear()
        self.call("Page.navigate", url=file.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def ask(self, expression: str) -> Any:
        """Give the value of an expression of JavaScript in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key that writes nothing, or a space."""
        text = {"text": " "} if key == " " else {}
        codes = {"Tab": 9, " ": 32}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=codes[key], **text)

    def requests(self) -> list[str]:
        """Give what the page asked the network or the disk for since it was opened."""
        asked = [event for event in self.events if event["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in asked]

    def complaints(self) -> list[str]:
        """Give what the browser wrote into its log: errors, and what the page's policy refused."""
        logged = [event for event in self.events if event["method"] in ("Log.entryAdded", "Runtime.exceptionThrown")]
        return [json.dumps(event["params"]) for event in logged]
