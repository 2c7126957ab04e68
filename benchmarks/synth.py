"""What our policies add to a synthesis with 400 database hosts: whole processes, in turn, plain and with our plugin.

Both sides make the same app with the same settings; the built-in validation of CloudFormation runs on both or on
none, and no pack of cdk-nag runs. A benchmark prints ratios; it is never a test.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.measure import Measured, machine, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

APP: Final = Path(__file__).resolve().parent / "programs" / "hosts_app.py"
PLAIN: Final = "plain"
OURS: Final = "policies"
VALIDATIONS: Final = {"validation": "as apps are synthesized", "without": "without the CDK's built-in validation"}
MOST_SHARE: Final = 0.03
CANNOT_MEASURE: Final = 2


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, and give 0, or 2 when a synthesis failed.

    Args:
        words: the command line without the program's name.
    """
    parser = argparse.ArgumentParser(prog="benchmarks/synth.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7, help="pairs that count (7)")
    parser.add_argument("--hosts", type=int, default=400, help="database hosts (400)")
    parser.add_argument("--only", choices=list(VALIDATIONS), help="with or without the built-in validation; both")
    parser.add_argument("--tree", type=Path, metavar="FOLDER", help="measure the nexis of another source tree")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures here as well")
    arguments = parser.parse_args(words)
    if arguments.rounds < 1 or arguments.hosts < 1:
        parser.error("--rounds and --hosts: expected 1 or more")
    ways = [arguments.only] if arguments.only else list(VALIDATIONS)
    about = machine()
    try:
        figures = measure(ways, hosts=arguments.hosts, rounds=arguments.rounds, tree=arguments.tree)
    except OSError as problem:
        sys.stderr.write(f"benchmarks/synth.py: {problem}\n")
        return CANNOT_MEASURE
    about["load_after"] = round(os.getloadavg()[0], 2)
    notes = [f"the nexis of {arguments.tree}, not the installed one"] if arguments.tree else []
    print("\n".join(_report(figures, about, hosts=arguments.hosts, notes=notes)))
    if arguments.json:
        written = {
            "machine": about,
            "notes": notes,
            "hosts": arguments.hosts,
            "cpu": {
                f"{way} {side}": [round(one.cpu, 3) for one in found.runs] for (way, side), found in figures.items()
            },
            "added": {way: added(figures, way) for way in ways},
        }
        arguments.json.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    return 0


def measure(ways: Sequence[str], *, hosts: int, rounds: int, tree: Path | None) -> dict[tuple[str, str], Measured]:
    """Synthesize the app plain and under our policies, in turn; the first pair fills the caches and does not count.

    Args:
        ways: of `VALIDATIONS`.
        hosts: how many.
        rounds: pairs that count.
        tree: another source tree whose `nexis` runs instead.

    Raises:
        OSError: a synthesis failed; the message says how.
    """
    figures = {(way, side): Measured() for way in ways for side in (PLAIN, OURS)}
    for turn in range(rounds + 1):
        for (way, side), measured in figures.items():
            with tempfile.TemporaryDirectory() as place:  # an empty folder each: no waivers, no assembly of before
                environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": place, "LANG": "C.UTF-8"}
                if tree is not None:
                    environment["PYTHONPATH"] = f"{tree}:{tree / 'constructs'}"
                command = (sys.executable, APP, side, str(hosts), str(Path(place) / "cdk.out"), way)
                done = run(command, environment=environment, folder=Path(place))
                if done.code or not (Path(place) / "cdk.out" / "manifest.json").is_file():
                    raise OSError(f"the {side} synthesis ended with {done.code}:\n{done.output}{done.complaints}")
            if turn:
                measured.others.append(done)
            else:
                measured.first = done
    return figures


def added(figures: Mapping[tuple[str, str], Measured], way: str) -> dict[str, float]:
    """Say what our policies add: the median of the differences within the pairs, over the median of the plain runs.

    Args:
        figures: as `measure` gives them.
        way: of `VALIDATIONS`.
    """
    plain, ours = figures[way, PLAIN], figures[way, OURS]
    seconds = statistics.median(b.cpu - a.cpu for a, b in zip(plain.runs, ours.runs, strict=True))
    walls = statistics.median(b.wall - a.wall for a, b in zip(plain.runs, ours.runs, strict=True))
    return {
        "cpu_seconds": round(seconds, 3),
        "cpu_share": round(seconds / plain.median(lambda one: one.cpu), 4),
        "wall_seconds": round(walls, 3),
        "wall_share": round(walls / plain.median(lambda one: one.wall), 4),
    }


def _report(
    figures: Mapping[tuple[str, str], Measured], about: Mapping[str, object], *, hosts: int, notes: Sequence[str]
) -> Iterator[str]:
    yield f"{about['date']} · {about['cpus']} x {about['cpu']} · Python {about['python']}"
    yield f"load before {about['load_before']}, after {about['load_after']}; more than 1 is others at work"
    for way in dict.fromkeys(way for way, _ in figures):
        plain, share = figures[way, PLAIN], added(figures, way)
        yield from (
            "",
            f"{hosts} hosts, {VALIDATIONS[way]}",
            f"  {'':12}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'runs':>6}",
        )
        for side in (PLAIN, OURS):
            found = figures[way, side]
            yield (
                f"  {side:12}{found.median(lambda one: one.cpu):9.2f}{found.median(lambda one: one.wall):9.2f}"
                f"{found.median(lambda one: one.memory):9.1f}{len(found.runs):6}"
            )
        spread = [one.cpu for one in plain.runs]
        yield (
            f"  our policies add {share['cpu_seconds']:.2f} s of CPU, {share['cpu_share']:.1%}; "
            f"{share['wall_seconds']:.2f} s of time, {share['wall_share']:.1%} "
            f"(plain runs differ among themselves by {(max(spread) - min(spread)) / min(spread):.1%})"
        )
    way = next(iter(dict.fromkeys(way for way, _ in figures)))
    holds = "holds" if added(figures, way)["cpu_share"] <= MOST_SHARE else "does not hold"
    yield from ("", f"Aim: at most {MOST_SHARE:.0%} of the CPU time, {VALIDATIONS[way]}: {holds}")
    yield from (f"Note: {note}" for note in notes)


if __name__ == "__main__":
    sys.exit(main())
