"""Where a report goes: the arguments that say so, and the writing."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nexis.report.formats import FORMATS, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.report.model import Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of every command that writes a report."""
    parser.add_argument("--format", choices=tuple(FORMATS), default="text", help="how to write the report")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report here instead of standard output")
    parser.add_argument(
        "--also",
        type=also,
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write one more report, such as sarif=findings.sarif; may be repeated",
    )
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="text: say why and how to fix, and list what is waived or known"
    )
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="text on standard output: auto is a terminal without NO_COLOR; a file has no colours",
    )


def also(text: str) -> tuple[str, Path]:
    """Read one more report's format and file.

    Args:
        text: `FORMAT=FILE`.

    Returns:
        The format and the file.

    Raises:
        argparse.ArgumentTypeError: it is something else.
    """
    name, equals, file = text.partition("=")
    if name not in FORMATS or not equals or not file:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected FORMAT=FILE with a format of {', '.join(FORMATS)}")
    return name, Path(file)


def refused(arguments: argparse.Namespace) -> str:
    """Say why the arguments cannot be used together; nothing when they can.

    Args:
        arguments: as declared by `add_arguments`.
    """
    files = [file for _, file in arguments.also]
    files += [] if arguments.output is None else [arguments.output]
    inputs = [getattr(arguments, name, None) for name in ("waivers", "baseline", "parameters")]
    read = {os.path.realpath(file) for file in (*getattr(arguments, "paths", ()), *filter(None, inputs))}
    seen: set[str] = set()
    for file in files:
        place = os.path.realpath(file)
        if place in read and not os.path.isdir(place):  # noqa: PTH112 - a folder is told when it is written
            return f"{file} is what is read here; give the report a file of its own"
        if place in seen:
            return f"{file} is named for two reports; give each a file of its own"
        seen.add(place)
    return ""


def write(report: Report, arguments: argparse.Namespace) -> list[str]:
    """Write a report wherever the arguments say.

    Args:
        report: the outcome of a run.
        arguments: as declared by `add_arguments`.

    Returns:
        What could not be written, with the reason.
    """
    problems = [_to_file(file, name, report, arguments) for name, file in arguments.also]
    if arguments.output is None:
        problems.append(_to_standard_output(report, arguments))
    else:
        problems.append(_to_file(arguments.output, arguments.format, report, arguments))
    return [problem for problem in problems if problem]


def _to_standard_output(report: Report, arguments: argparse.Namespace) -> str:
    if sys.stdout is None:
        return "cannot write to standard output: it is closed; name a file with --output"
    options: Mapping[str, Any] = {}
    if arguments.format == "text":
        colour = wants_colour(arguments.color, terminal=sys.stdout.isatty(), environment=os.environ)
        options = {"verbose": arguments.verbose, "colour": colour, "errors": False}
    text = render(arguments.format, report, **options)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        # What is left in the buffer would be tried once more at the end, and end in a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return f"cannot write to standard output: {problem.strerror}"
    return ""


def _to_file(file: Path, name: str, report: Report, arguments: argparse.Namespace) -> str:
    text = render(name, report, **({"verbose": arguments.verbose} if name == "text" else {}))
    try:
        file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except (OSError, ValueError) as problem:
        return f"cannot write {file}: {getattr(problem, 'strerror', None) or problem}"
    return ""


def wants_colour(choice: str, *, terminal: bool, environment: Mapping[str, str]) -> bool:
    """Say whether to write colours.

    Args:
        choice: `auto`, `always` or `never`.
        terminal: whether a terminal reads.
        environment: of the process.

    Source: no-color.org (a NO_COLOR that is not empty), and TERM=dumb as terminfo names a terminal without abilities.
    """
    if choice != "auto":
        return choice == "always"
    return terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
