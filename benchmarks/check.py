"""`nexis check` beside other checkers and the floor, in one run: medians, peak memory, ratios, and which aims hold.

Every program is a whole fresh process on the same files, in turn: A B C D A B C D … A benchmark prints ratios; it is
never a test, and its exit code says only whether it could measure.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks import peers, templates, tools
from benchmarks.aims import AIMS
from benchmarks.measure import Measured, machine, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.tools import Tool

GROWTH: Final = "growth"
SETS: Final = (*(f"templates-{count}" for count in templates.SETS), f"resources-{templates.ONE_OF}", GROWTH)
PEERS: Final = {tools.VALIDATE: tools.validate, tools.CHECKOV: tools.checkov}
CANNOT_MEASURE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """A set of templates.

    Args:
        folder: which holds them and nothing else.
        files: how many there are.
        resources: how many they have together.
        bytes: how large they are together.
    """

    folder: Path
    files: int
    resources: int
    bytes: int

    @property
    def name(self) -> str:
        """Give the name of the set."""
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Results:
    """What was measured.

    Args:
        sets: in the order they were asked for.
        tools: the names of what could be had.
        figures: by set and tool.
        problems: why there are no figures, by set and tool.
    """

    sets: tuple[Files, ...]
    tools: tuple[str, ...]
    figures: Mapping[tuple[str, str], Measured]
    problems: Mapping[tuple[str, str], str]


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, and give 0, or 2 when `nexis check` itself could not be measured.

    Args:
        words: the command line without the program's name.
    """
    arguments = _arguments().parse_args(words)
    chosen = {name: make for name, make in PEERS.items() if name not in arguments.without}
    refused = peers.install() if chosen else ""
    lineup = [tools.floor(), tools.ours(arguments.tree), *(() if refused else [make() for make in chosen.values()])]
    sets = _sets(templates.prepared(), arguments.sets)
    about = machine()
    results = measure(sets, lineup, rounds=arguments.rounds, patience=arguments.patience)
    about |= {name: peers.pinned(name) for name in PEERS}
    about["load_after"] = round(os.getloadavg()[0], 2)
    notes = [f"{name}: left out, as asked" for name in arguments.without]
    notes += [f"{name}: cannot be had: {refused}" for name in chosen if refused]
    if arguments.tree:
        notes.append(f"{tools.OURS}: of {arguments.tree}, not the installed one")
    print("\n".join(_report(results, about, notes)))
    if arguments.json:
        arguments.json.write_text(json.dumps(as_json(results, about, notes), indent=1) + "\n", encoding="utf-8")
    return CANNOT_MEASURE if any(tool == tools.OURS for _, tool in results.problems) else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks/check.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=_positive, default=5, help="runs that count, of each program on each set (5)")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="which files; all of them by default")
    parser.add_argument("--without", nargs="+", choices=list(PEERS), default=[], help="checkers to leave out")
    parser.add_argument(
        "--patience",
        type=float,
        default=60,
        metavar="SECONDS",
        help="a program that took longer on a set is not run on it again (60)",
    )
    parser.add_argument("--tree", type=Path, metavar="FOLDER", help="measure the nexis of another source tree")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures here as well")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"got {number}, expected 1 or more")
    return number


def _sets(folder: Path, names: Sequence[str]) -> tuple[Files, ...]:
    parts = [part for name in names for part in (_growing() if name == GROWTH else (name,))]
    found = []
    for part in dict.fromkeys(parts):
        files = sorted((folder / part).iterdir())
        found.append(
            Files(
                folder=folder / part,
                files=len(files),
                resources=templates.count_resources(files),
                bytes=sum(file.stat().st_size for file in files),
            )
        )
    return tuple(found)


def _growing() -> tuple[str, ...]:
    return tuple(f"blocks-{blocks}" for blocks in templates.GROWING)


def measure(sets: Sequence[Files], lineup: Sequence[Tool], *, rounds: int, patience: float) -> Results:
    """Run every tool on every set, in turn; the first run of each fills the caches and does not count.

    Args:
        sets: the files; on those that grow only ours and the floor are run.
        lineup: the tools.
        rounds: how many runs count.
        patience: wall seconds after which a tool is not run on a set again.
    """
    figures: dict[tuple[str, str], Measured] = {}
    problems: dict[tuple[str, str], str] = {}
    with tempfile.TemporaryDirectory() as home:
        # The same for all; whoever calls out is refused at once, and nobody's settings are found.
        common = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": home,
            "LANG": "C.UTF-8",
            **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"),
        }
        for turn in range(rounds + 1):
            for files in sets:
                for tool in lineup:
                    key = (files.name, tool.name)
                    if key in problems or (files.name in _growing() and tool.name in PEERS):
                        continue
                    measured = figures.setdefault(key, Measured())
                    if measured.spent > patience:
                        continue
                    _say(f"round {turn} of {rounds}: {tool.name} on {files.name}")
                    try:
                        done = run(
                            (*tool.command, files.folder), environment={**common, **tool.environment}, folder=Path(home)
                        )
                        problem = tool.problem(done, files=files.files, resources=files.resources)
                    except OSError as trouble:
                        problem = str(trouble)
                    if problem:
                        problems[key] = problem
                        del figures[key]
                    elif measured.first is None:
                        measured.first = done
                    else:
                        measured.others.append(done)
    _say("")
    return Results(tuple(sets), tuple(tool.name for tool in lineup), figures, problems)


def _say(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()


def _report(results: Results, about: Mapping[str, Any], notes: Sequence[str]) -> Iterator[str]:
    yield f"{about['date']} · {about['cpus']} x {about['cpu']} · Python {about['python']}"
    yield f"load before {about['load_before']}, after {about['load_after']}; more than 1 is others at work"
    for files in results.sets:
        if files.name not in _growing():
            yield from ("", *_table(results, files))
    grown = [files for files in results.sets if files.name in _growing()]
    if grown:
        yield from ("", *_growth(results, grown))
    yield from ("", "Aims")
    for aim in AIMS:
        said = aim.judge(results.figures, {files.name: files.resources for files in results.sets})
        yield f"  {said.word:14} {aim.text}: {said.why}"
    if notes:
        yield from ("", *(f"Note: {note}" for note in notes))


def _table(results: Results, files: Files) -> Iterator[str]:
    many = f"{files.files:,} file{'s' if files.files != 1 else ''}"
    yield f"{files.name}: {many}, {files.resources:,} resources, {files.bytes / 1e6:.2f} MB"
    yield f"  {'':24}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'x floor':>9}{'x nexis':>9}{'runs':>6}"
    for tool in results.tools:
        measured = results.figures.get((files.name, tool))
        if measured is None:
            yield f"  {tool:24}  no figures: {results.problems[files.name, tool]}"
            continue
        cpu = measured.median(lambda run: run.cpu)
        ratios = "".join(f"{_ratio(cpu, results, files.name, other):>9}" for other in (tools.FLOOR, tools.OURS))
        yield (
            f"  {tool:24}{cpu:9.3f}{measured.median(lambda run: run.wall):9.3f}"
            f"{measured.median(lambda run: run.memory):9.1f}{ratios}{len(measured.runs):6}"
        )


def _ratio(cpu: float, results: Results, files: str, other: str) -> str:
    measured = results.figures.get((files, other))
    return "-" if measured is None else f"{cpu / measured.median(lambda run: run.cpu):.2f}"


def _growth(results: Results, grown: Sequence[Files]) -> Iterator[str]:
    yield f"one template that grows: {tools.OURS} (start-up: what the smallest takes, with every type of resource)"
    yield f"  {'resources':>9}{'CPU s':>9}{'peak MB':>9}{'ms per resource over start-up':>32}"
    least: tuple[int, float] | None = None
    for files in grown:
        measured = results.figures.get((files.name, tools.OURS))
        if measured is None:
            yield f"  {files.resources:9,}  no figures: {results.problems[files.name, tools.OURS]}"
            continue
        cpu = measured.median(lambda run: run.cpu)
        over = "" if least is None else f"{(cpu - least[1]) / (files.resources - least[0]) * 1e3:.3f}"
        yield f"  {files.resources:9,}{cpu:9.3f}{measured.median(lambda run: run.memory):9.1f}{over:>32}"
        least = least or (files.resources, cpu)


def as_json(results: Results, about: Mapping[str, Any], notes: Sequence[str]) -> dict[str, Any]:
    """Give everything that was measured as JSON can hold it.

    Args:
        results: what was measured.
        about: where and when.
        notes: what a reader must know.
    """
    resources = {files.name: files.resources for files in results.sets}
    return {
        "machine": dict(about),
        "notes": list(notes),
        "sets": [
            {
                "set": files.name,
                "files": files.files,
                "resources": files.resources,
                "bytes": files.bytes,
                "tools": {
                    tool: {
                        "cpu": [round(run.cpu, 4) for run in measured.runs],
                        "wall": [round(run.wall, 4) for run in measured.runs],
                        "memory": [round(run.memory, 1) for run in measured.runs],
                    }
                    for tool in results.tools
                    if (measured := results.figures.get((files.name, tool)))
                },
                "problems": {tool: why for (name, tool), why in results.problems.items() if name == files.name},
            }
            for files in results.sets
        ],
        "aims": [
            {"aim": aim.text, "verdict": said.word, "why": said.why}
            for aim in AIMS
            for said in [aim.judge(results.figures, resources)]
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
