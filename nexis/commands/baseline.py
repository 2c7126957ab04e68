"""`nexis baseline`: adopt the check in an old repository."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nexis.baseline import (
    DEFAULT_FILE,
    BaselineError,
    Judged,
    added_since,
    entries_of,
    read_baseline,
    render_baseline,
    shrunk,
)
from nexis.check import CRASH
from nexis.commands.check import NOT_USABLE, add_judging, complain, judged

if TYPE_CHECKING:
    import argparse

    from nexis.baseline import Entry

DONE: Final = 0
NOT_RECORDED: Final = 1
CANNOT_RUN: Final = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = (
        "Record the findings of today, so that `nexis check --baseline FILE` fails on new ones alone. Where the file "
        "exists, entries that are no longer found are taken out and none is ever added; to start over, delete it."
    )
    add_judging(parser, paths="*")
    parser.add_argument(
        "--file", type=Path, default=Path(DEFAULT_FILE), metavar="FILE", help="the baseline file (%(default)s)"
    )
    parser.add_argument(
        "--compare-with",
        type=Path,
        metavar="OLD",
        help="judge nothing; fail if FILE has entries that this older one has not",
    )


def run(arguments: argparse.Namespace) -> int:
    """Record, take out, or compare.

    Args:
        arguments: as declared by `add_arguments`.

    Returns:
        0 when the file holds all that fails and nothing else, 1 when something fails that it does not hold (or it has
        grown), 2 when that cannot be known; then nothing is written.
    """
    try:
        if arguments.compare_with is not None:
            return _compare(arguments)
        if not arguments.paths:
            return _refuse("names nothing to judge; expected a template, a folder of templates or a cdk.out")
        return _record(arguments)
    except (*NOT_USABLE, BaselineError) as problem:
        return _refuse(str(problem))
    except OSError as problem:
        return _refuse(f"{problem.filename}: cannot be written: {problem.strerror}")


def _refuse(reason: str) -> int:
    complain("baseline", *reason.split("\n"))
    return CANNOT_RUN


def _compare(arguments: argparse.Namespace) -> int:
    if arguments.paths:
        return _refuse("--compare-with judges nothing; leave the paths out, and name the newer file with --file")
    added = added_since(read_baseline(arguments.compare_with), read_baseline(arguments.file))
    _list(added)
    if added:
        sys.stdout.write(
            f"{arguments.file} has {_counted(added)} more than before. A baseline only shrinks: repair them, or start "
            "over where somebody else agrees to it.\n"
        )
    return NOT_RECORDED if added else DONE


def _record(arguments: argparse.Namespace) -> int:
    file: Path = arguments.file
    known = read_baseline(file) if os.path.lexists(file) else None
    judging = judged(arguments, besides=file)
    errors = [*judging.report.errors, *(f.message for f in judging.report.findings if f.rule == CRASH)]
    if errors:
        return _refuse("\n".join([*errors, "not everything could be judged, so nothing is written"]))
    done = Judged.of(arguments.paths, judging.loaded, judging.asked)
    found = [entry for _, entry in entries_of(judging.report, file, done)]
    if known is None:
        with file.open("x", encoding="utf-8") as new:
            new.write(render_baseline(found))
        fatal = [entry for entry in found if entry.severity == "fatal"]
        _list(fatal)
        sys.stdout.write(f"{file} holds {_counted(found)}; `nexis check --baseline {file}` fails on new ones.\n")
        if fatal:
            sys.stdout.write(f"The {_counted(fatal)} above break the promises themselves: repair these first.\n")
        return DONE
    kept, new_ones = shrunk(known, found, done)
    if len(kept) < len(known.entries):
        real = file.resolve()  # a link stays one
        beside = real.with_name(f".{real.name}.new")
        beside.write_text(render_baseline(kept), encoding="utf-8")
        beside.replace(real)
    _list(new_ones)
    sys.stdout.write(f"{file} holds {_counted(kept)}; {len(known.entries) - len(kept)} taken out.\n")
    if new_ones:
        sys.stdout.write(
            f"The {_counted(new_ones)} above are new and not recorded: an existing file only shrinks. Repair them.\n"
        )
    return NOT_RECORDED if new_ones else DONE


def _list(entries: list[Entry]) -> None:
    for entry in entries:
        text = f"{entry.severity.upper()} {entry}"
        sys.stdout.write("".join(c if c.isprintable() else repr(c)[1:-1] for c in text) + "\n")


def _counted(entries: list[Entry]) -> str:
    return "1 finding" if len(entries) == 1 else f"{len(entries)} findings"
