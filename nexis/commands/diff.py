"""`nexis diff`: what a change makes weaker or stronger."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nexis.commands.check import (
    CANNOT_JUDGE,
    NOT_USABLE,
    SCOPES,
    ArgumentProblem,
    complain,
    not_declared,
    parameter_values,
)
from nexis.diff.formats import FORMATS, render
from nexis.report.write import wants_colour
from nexis.run import agreed_waivers
from nexis.templates.load import load
from nexis.templates.resolver import ParameterSource

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from nexis.templates.model import Assembly, Template

#: What git names where a file does not stand: here, a side without templates.
NOTHING: Final = Path(os.devnull)
#: How the loader begins to say that a folder has no template in it.
NO_TEMPLATE: Final = "holds no template "


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    side = "template, folder of templates or cdk.out; /dev/null or a folder without templates is nothing"
    parser.add_argument("base", type=Path, metavar="BASE", help=f"before the change: {side}")
    parser.add_argument("head", type=Path, metavar="HEAD", help="after the change: the same")
    parser.add_argument("--waivers", type=Path, metavar="FILE", help="findings that somebody answers for")
    parser.add_argument("--parameters", type=Path, metavar="FILE", help="JSON map of parameter values, for both sides")
    parser.add_argument(
        "--strict-parameters",
        action="store_true",
        help="every allowed value counts, and a free parameter is open even if it has a default",
    )
    parser.add_argument(
        "--scope",
        choices=SCOPES,
        default=SCOPES[0],
        help="baseline: also compare what only our own baseline must keep; by itself for what `nexis.cdk.synthesize` "
        "made",
    )
    parser.add_argument("--format", choices=tuple(FORMATS), default="text", help="how to write the comparison")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it here instead of standard output")
    parser.add_argument("-v", "--verbose", action="store_true", help="text: say what to do, and list what is stronger")
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="text on standard output: auto is a terminal without NO_COLOR; a file has no colours",
    )


def run(arguments: argparse.Namespace) -> int:
    """Compare, write the report, and give the exit code.

    Args:
        arguments: as declared by `add_arguments`.

    Returns:
        0: nothing is weaker; 1: something is; 2: the sides could not be compared.
    """
    from nexis.diff.compare import compare  # imported late: a wrong argument need not wait for it

    try:
        waivers = agreed_waivers(arguments.waivers)
        parameters = ParameterSource(given=parameter_values(arguments.parameters), strict=arguments.strict_parameters)
        base = _read(arguments.base, "BASE", parameters)
        head = _read(arguments.head, "HEAD", parameters)
        _refuse(base, head, parameters.given)
    except NOT_USABLE as problem:
        complain("diff", *str(problem).split("\n"))
        return CANNOT_JUDGE
    roots = {id(t): arguments.base for assembly in base for t in assembly.templates.values()}
    roots |= {id(t): arguments.head for assembly in head for t in assembly.templates.values()}
    try:
        comparison = compare(
            base,
            head,
            parameters=parameters,
            baseline=arguments.scope == "baseline",
            waivers=waivers,
            base_name=str(arguments.base),
            head_name=str(arguments.head),
            file_name=lambda template: _relative(template, roots[id(template)]),
        )
    except Exception as problem:  # nothing can be said of the change then, and nobody needs the stack to know it
        crash = f"{type(problem).__name__}: {problem}"
        complain("diff", f"cannot compare, the engine crashed: {crash}; report it with both sides")
        return CANNOT_JUDGE
    options: dict[str, Any] = {}
    if arguments.format == "text":
        on_terminal = arguments.output is None and sys.stdout.isatty()
        coloured = arguments.output is None and wants_colour(
            arguments.color, terminal=on_terminal, environment=os.environ
        )
        options = {"verbose": arguments.verbose, "colour": coloured}
    not_written = _write(render(arguments.format, comparison, **options), arguments.output)
    if not_written:
        complain("diff", not_written)
        return CANNOT_JUDGE
    return comparison.exit_code


def _read(path: Path, side: str, parameters: ParameterSource) -> list[Assembly]:
    """Read one side; every file of it has to be readable, or nothing could be said of what it holds."""
    if path == NOTHING:
        return []
    loaded = load([path], parameters)
    if loaded.errors:
        from nexis.baseline import holds_findings  # imported late: most sides are read without an error

        loaded.errors = [
            error for error in loaded.errors if error.file == str(path) or not holds_findings(Path(error.file))
        ]
    if [(error.file, error.reason.startswith(NO_TEMPLATE)) for error in loaded.errors] == [(str(path), True)]:
        return []  # a commit before the first template, or after the last one
    if loaded.errors:
        listed = "".join(f"{side} {error}\n" for error in loaded.errors)
        raise ArgumentProblem(f"{listed}{side} has to be read whole, else nothing can be compared")
    return loaded.assemblies


def _refuse(base: Sequence[Assembly], head: Sequence[Assembly], given: Mapping[str, Any]) -> None:
    """Refuse two sides without templates, and parameters of neither."""
    if not base and not head:
        raise ArgumentProblem("neither BASE nor HEAD holds a template; expected one to compare")
    if problems := not_declared(given, [*base, *head]):
        raise ArgumentProblem("; ".join(problems))


def _relative(template: Template, root: Path) -> str:
    """Give a template's file as its side knows it, so that two folders can be compared."""
    return os.path.relpath(template.file, root) if root.is_dir() else template.file


def _write(text: str, file: Path | None) -> str:
    if file is None:
        sys.stdout.write(text)
        return ""
    try:
        file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except (OSError, ValueError) as problem:
        return f"cannot write {file}: {getattr(problem, 'strerror', None) or problem}"
    return ""
