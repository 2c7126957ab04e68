"""The `nexis` command: finds the subcommand and imports nothing else."""

from __future__ import annotations

import argparse
import errno
import importlib
import io
import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# name: (module, one line of help). The module is imported only when its command is used.
COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "check": ("nexis.commands.check", "judge templates, folders of them, or a cloud assembly"),
    "baseline": ("nexis.commands.baseline", "record the findings of today, so that only new ones fail"),
    "diff": ("nexis.commands.diff", "tell what a change makes weaker or stronger"),
    "rules": ("nexis.commands.rules", "list the rules"),
    "explain": ("nexis.commands.explain", "tell everything about a rule"),
    "audit": ("nexis.commands.audit", "read what is deployed and judge it by the same rules"),
    "synth": ("nexis.commands.synth", "synthesize the baseline under all policies"),
    "config": ("nexis.commands.config", "print a value of a configuration"),
    "catalog": ("nexis.commands.catalog", "show or refresh the table of instance types"),
    "cost": ("nexis.commands.cost", "print the fixed monthly items of a configuration"),
    "bootstrap": ("nexis.commands.bootstrap", "prepare an account for deployments with the CDK"),
    "deploy": ("nexis.commands.deploy", "synthesize, deploy and audit the baseline"),
    "github-credentials": ("nexis.commands.github_credentials", "answer an AWS SDK in a job on GitHub"),
    "gate": ("nexis.commands.gate", "tell whether GitHub asks for a second person before a deployment"),
    "destroy": ("nexis.commands.destroy", "remove the deployed baseline"),
}
USAGE_ERROR: Final = 2
CANNOT_RUN: Final = 2


def usage() -> str:
    """Write the list of commands."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {text}" for name, (_, text) in COMMANDS.items()]
    return "\n".join(["usage: nexis COMMAND …", "", *lines, "", "nexis COMMAND --help tells more", ""])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand.

    Args:
        arguments: the command line without the program's name.

    Returns:
        The exit code: 0 nothing fails, 1 findings, 2 could not judge or wrong arguments.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help"):
        sys.stdout.write(usage())
        return 0 if words else USAGE_ERROR
    if words[0] == "--version":
        from nexis import __version__

        sys.stdout.write(f"nexis {__version__}\n")
        return 0
    if words[0] not in COMMANDS:
        sys.stderr.write(f"nexis: there is no command {words[0]!r}; expected {', '.join(COMMANDS)}\n")
        return USAGE_ERROR
    return _run(words[0], words[1:])


class _Formatter(argparse.HelpFormatter):
    """Writes the help as wide as the terminal; argparse makes one for every argument, and imports `shutil` to ask."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    """Give the width of the terminal, as `shutil.get_terminal_size` does."""
    written = os.environ.get("COLUMNS", "")
    if written.isdecimal() and int(written):
        return int(written)
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:  # standard output is no terminal
        return 80


def _run(name: str, words: Sequence[str]) -> int:
    if sys.stderr is None:  # closed by who started us: the exit code still has to be the right one
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - as long as the process lives
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a template may hold text that no terminal can show
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(prog=f"nexis {name}", description=COMMANDS[name][1], formatter_class=_Formatter)
    try:
        command = importlib.import_module(COMMANDS[name][0])
        command.add_arguments(parser)
        code = int(command.run(parser.parse_args(words)))
        if sys.stdout is not None:
            sys.stdout.flush()
    except ModuleNotFoundError as problem:
        sys.stderr.write(
            f"nexis {name}: the Python package {problem.name!r} is not installed; install nexis-baseline with the "
            "extra that has it: [aws], [cdk] or [yaml]\n"
        )
        return CANNOT_RUN
    except BrokenPipeError:  # whoever read has gone, so nobody knows the verdict
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT_RUN
    except OSError as problem:
        if problem.errno != errno.ENOSPC or problem.filename is not None:
            return _crashed(name, problem)
        sys.stderr.write(f"nexis {name}: cannot write to standard output: {problem.strerror}\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT_RUN
    except Exception as problem:
        return _crashed(name, problem)
    return code


def _crashed(name: str, problem: Exception) -> int:
    import traceback

    traceback.print_exception(problem)
    sys.stderr.write(f"nexis {name}: crashed ({type(problem).__name__}: {problem}); please report the lines above\n")
    return CANNOT_RUN


if __name__ == "__main__":
    sys.exit(main())
