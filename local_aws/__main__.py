"""`python -m local_aws start|stop|status|serve`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from local_aws.faults import LocalAwsError
from local_aws.launcher import find_running, identity, port_in_use, start, stop
from local_aws.settings import DEFAULT_PORT, DEFAULT_REGION, DEFAULT_STATE, PORT_VARIABLE, Settings


def default_port() -> int:
    """The port that LOCAL_AWS_PORT names, else 4566.

    Raises:
        LocalAwsError: If the variable holds no port number.
    """
    text = os.environ.get(PORT_VARIABLE, "").strip() or str(DEFAULT_PORT)
    try:
        port = int(text)
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        raise LocalAwsError(f"{PORT_VARIABLE} is not a port: got {text!r}, expected a number from 1 to 65535")
    return port


def default_region() -> str:
    """The region the AWS variables name, else eu-central-1."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m local_aws", description="An AWS on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("start", "start a detached server and wait until it answers"),
        ("stop", "end the server and every process it started"),
        ("status", "say whether it runs (exit code 0) or not (1)"),
        ("serve", "serve in the foreground"),
    ):
        command = commands.add_parser(name, help=text, description=text.capitalize() + ".")
        command.add_argument(
            "--port", type=int, help=f"TCP port on 127.0.0.1 (else {PORT_VARIABLE}, else {DEFAULT_PORT})"
        )
        command.add_argument("--region", help=f"default region (else AWS_REGION, else {DEFAULT_REGION})")
        command.add_argument("--state", type=Path, default=DEFAULT_STATE, help=f"state folder (else {DEFAULT_STATE})")
        if name == "serve":
            command.add_argument("--watch-parent", action="store_true", help="end when the parent process does")
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Run one command; returns its exit code.

    Args:
        arguments: The parsed command line.

    Raises:
        LocalAwsError: With what to tell the person.
    """
    port = default_port() if arguments.port is None else arguments.port
    settings = Settings(port=port, region=arguments.region or default_region(), state=arguments.state.resolve())
    if arguments.command == "start":
        server, started = start(settings, tell=lambda line: print(line, file=sys.stderr, flush=True))
        verb = "runs" if started else "already runs"
        print(f"The local AWS {verb} on {server.endpoint_url} ({server.region}, pid {server.pid}).")
    elif arguments.command == "stop":
        ended = stop(settings)
        nothing = f"Nothing is running on port {port} for {settings.state}."
        print(f"The local AWS on port {port} is stopped." if ended else nothing)
    elif arguments.command == "status":
        return report_status(settings)
    else:
        from local_aws.server import serve

        settings.state.mkdir(parents=True, exist_ok=True)
        serve(settings, watched=arguments.watch_parent)
    return 0


def report_status(settings: Settings) -> int:
    """Say what is on the port; returns 0 if it is the local AWS of this folder.

    Args:
        settings: The server; its region does not matter here.
    """
    answer = identity(settings.port) if port_in_use(settings.port) else None
    region = str(answer["region"]) if answer is not None else settings.region
    try:
        running = find_running(Settings(settings.port, region, settings.state))
    except LocalAwsError as problem:
        print(problem)
        return 1
    if running is None:
        print(f"Nothing is running on port {settings.port}.")
        return 1
    print(
        f"The local AWS runs on {running.endpoint_url} ({running.region}, pid {running.pid}). Log: {settings.log_file}"
    )
    return 0


def main(argv: list[str] | None = None) -> int:
    """The entry point.

    Args:
        argv: The arguments; the process's own if absent.
    """
    try:
        return run(build_parser().parse_args(argv))
    except LocalAwsError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
