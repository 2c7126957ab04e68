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

    Figures = Mapping[tuple[str, str], Measured]

APP: Final = Path(__file__).resolve().parent / "programs" / "hosts_app.py"
PLAIN: Final = "plain"
OURS: Final = "policies"
VALIDATIONS: Final = {"validation": "as apps are synthesized", "without": "without the CDK's built-in validation"}
MOST_SHARE: Final = 0.03
CANNOT_MEASURE: Final = 2
LAST_LINES: Final = 12


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
            "added": {way: [round(second, 3) for second in added(figures, way)] for way in ways},
            "share": [round(part, 4) for part in share(figures)],
            "verdict": verdict(share(figures)),
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
    from nexis.cdk import CONTEXT

    context = json.dumps(dict(CONTEXT))  # the same for both
    figures = {(way, side): Measured() for way in ways for side in (PLAIN, OURS)}
    for turn in range(rounds + 1):
        for (way, side), measured in figures.items():
            with tempfile.TemporaryDirectory() as place:  # an empty folder each: no waivers, no assembly of before
                environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": place, "LANG": "C.UTF-8"}
                if tree is not None:
                    environment["PYTHONPATH"] = f"{tree}:{tree / 'constructs'}"
                command = (sys.executable, APP, side, str(hosts), str(Path(place) / "cdk.out"), way, context)
                done = run(command, environment=environment, folder=Path(place))
                if done.code or not (Path(place) / "cdk.out" / "manifest.json").is_file():
                    last = "\n".join((done.output + done.complaints).splitlines()[-LAST_LINES:])
                    raise OSError(f"the {side} synthesis ended with {done.code}:\n{last}")
            if turn:
                measured.others.append(done)
            else:
                measured.first = done
    return figures


def added(figures: Figures, way: str) -> tuple[float, float, float]:
    """Say what our policies add: CPU seconds, as quartiles of the differences within the pairs.

    Args:
        figures: as `measure` gives them.
        way: of `VALIDATIONS`.
    """
    pairs = zip(figures[way, PLAIN].runs, figures[way, OURS].runs, strict=True)
    differences = [ours.cpu - plain.cpu for plain, ours in pairs]
    if len(differences) == 1:
        return differences[0], differences[0], differences[0]
    low, middle, high = statistics.quantiles(differences, n=4, method="inclusive")
    return low, middle, high


def share(figures: Figures) -> tuple[float, float, float]:
    """Say what our policies add to a synthesis as it is done, as quartiles of a share.

    The built-in validation takes most of the time and differs most from run to run. What we do is the same with and
    without it, so it is taken from the runs without, where it can be seen, and compared with the plain runs with it.

    Args:
        figures: as `measure` gives them.
    """
    ways = list(dict.fromkeys(way for way, _ in figures))
    whole = figures[ways[0], PLAIN].median(lambda one: one.cpu)
    low, middle, high = added(figures, ways[-1])
    return low / whole, middle / whole, high / whole


def verdict(shares: tuple[float, float, float]) -> str:
    """Say whether the aim holds, or that the runs differ too much to tell.

    Args:
        shares: as `share` gives them.
    """
    low, _, high = shares
    if high <= MOST_SHARE:
        return "holds"
    return "does not hold" if low > MOST_SHARE else "cannot be told, the runs differ too much"


def _report(figures: Figures, about: Mapping[str, object], *, hosts: int, notes: Sequence[str]) -> Iterator[str]:
    yield f"{about['date']} · {about['cpus']} x {about['cpu']} · Python {about['python']}"
    yield f"load before {about['load_before']}, after {about['load_after']}; more than 1 is others at work"
    for way in dict.fromkeys(way for way, _ in figures):
        yield from ("", f"{hosts} hosts, {VALIDATIONS[way]}")
        yield f"  {'':12}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'runs':>6}"
        for side in (PLAIN, OURS):
            found = figures[way, side]
            yield (
                f"  {side:12}{found.median(lambda one: one.cpu):9.2f}{found.median(lambda one: one.wall):9.2f}"
                f"{found.median(lambda one: one.memory):9.1f}{len(found.runs):6}"
            )
        low, middle, high = added(figures, way)
        plain = [one.cpu for one in figures[way, PLAIN].runs]
        yield f"  our policies add {middle:.2f} s of CPU in the middle of the pairs ({low:.2f} to {high:.2f} in half of"
        yield f"  them); plain runs differ among themselves by {max(plain) - min(plain):.2f} s"
    shares = share(figures)
    told = f"{shares[1]:.1%} ({shares[0]:.1%} to {shares[2]:.1%})"
    yield from ("", f"Aim: at most {MOST_SHARE:.0%} of the CPU time of a plain synthesis: {told}: {verdict(shares)}")
    yield from (f"Note: {note}" for note in notes)


if __name__ == "__main__":
    sys.exit(main())
