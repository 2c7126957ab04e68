"""The server process: MiniStack with the mends, on one loopback port, ended at once by SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from local_aws.faults import LocalAwsError
from local_aws.launcher import check_ministack, port_in_use
from local_aws.processes import family, read_process, send_signal
from local_aws.settings import HOST, IDENTITY_PATH, PORT_VARIABLE, TESTED_MINISTACK, Settings, server_environment

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import FrameType

    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]
    Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

PARENT_CHECK_SECONDS = 0.5
PR_SET_CHILD_SUBREAPER = 36


def identified(application: Application, settings: Settings) -> Application:
    """The application, answering one more path that says which server this is.

    Args:
        application: The ASGI application.
        settings: The server.
    """
    body = json.dumps(
        {
            "name": "local_aws",
            "ministack": TESTED_MINISTACK,
            "pid": os.getpid(),
            "region": settings.region,
            "state": str(settings.state),
        }
    ).encode()

    async def serve_or_identify(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == IDENTITY_PATH:
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        await application(scope, receive, send)

    return serve_or_identify


def end_now(settings: Settings, code: int) -> None:
    """End the Lambda workers and this process, whatever waits for an answer. State is in memory only: nothing to save.

    Args:
        settings: The server.
        code: The exit code.
    """
    send_signal([process for process in family(os.getpid()) if process.pid != os.getpid()], signal.SIGKILL)
    settings.pid_file.unlink(missing_ok=True)
    shutil.rmtree(settings.work, ignore_errors=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def watch_parent(settings: Settings) -> None:
    """End the server when the process that started it is gone.

    Args:
        settings: The server.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_CHECK_SECONDS)
        end_now(settings, 0)

    threading.Thread(target=watch, daemon=True, name="watch-parent").start()


def serve(settings: Settings, *, watched: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; never returns normally.

    Args:
        settings: The server.
        watched: Whether to end with the parent process.

    Raises:
        LocalAwsError: If MiniStack is another version, a private name it mends has moved, or the port is taken.
    """
    check_ministack()
    if port_in_use(settings.port):
        raise LocalAwsError(
            f"Port {settings.port} on {HOST} is already used. Choose another: {PORT_VARIABLE}={settings.port + 1}"
        )
    shutil.rmtree(settings.work, ignore_errors=True)
    for name in ("tmp", "home", "s3", "state"):
        (settings.work / name).mkdir(parents=True, exist_ok=True)
    own = server_environment(settings)
    os.environ.clear()
    os.environ.update(own)

    # Only now: MiniStack reads its environment when it is imported.
    application = importlib.import_module("ministack.app").app
    importlib.import_module("local_aws.registry").install()
    importlib.import_module("local_aws.enforcement").install()
    importlib.import_module("local_aws.lambda_python").install(settings.work)
    hypercorn = importlib.import_module("hypercorn.asyncio")
    config = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"{HOST}:{settings.port}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a burst of connections needs more than the usual 1024
    with contextlib.suppress(OSError, AttributeError):  # an orphaned grandchild of a Lambda worker stays in our family
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def end(number: int, _frame: FrameType | None) -> None:
        end_now(settings, 0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if watched:
        watch_parent(settings)
    me = read_process(os.getpid())
    started = me.started if me is not None else 0
    record = {"pid": os.getpid(), "started": started, "port": settings.port, "region": settings.region}
    settings.pid_file.write_text(json.dumps(record) + "\n", encoding="utf-8")

    async def run() -> None:
        await hypercorn.serve(identified(application, settings), config, shutdown_trigger=asyncio.Event().wait)

    asyncio.run(run())
