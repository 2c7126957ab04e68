"""What is measured: how each checker is started, and how it tells that it read every file."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import peers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.measure import Run

PROGRAMS: Final = Path(__file__).resolve().parent / "programs"
OURS: Final = "nexis check"
FLOOR: Final = "floor"
VALIDATE: Final = "cloudformation-validate"
CHECKOV: Final = "checkov"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A program that reads the templates of a folder.

    Args:
        name: as it is called here.
        command: the program and its arguments; the folder comes last.
        codes: the exit codes with which it has done its work.
        read: gives the files and the resources it says it has read, None for what it does not say.
        environment: variables it has beside those of all.
    """

    name: str
    command: tuple[str, ...]
    codes: frozenset[int]
    read: Callable[[Run], tuple[int | None, int | None]]
    environment: Mapping[str, str] = field(default_factory=dict)

    def problem(self, run: Run, *, files: int, resources: int) -> str:
        """Say what is wrong with a run, or nothing.

        Args:
            run: of this tool.
            files: how many there are.
            resources: how many the files have together.
        """
        if run.code not in self.codes:
            last = (run.complaints.strip().splitlines() or ["it says nothing"])[-1]
            return f"ended with {run.code}: {last[:200]}"
        read, seen = self.read(run)
        if read is None and seen is None:
            return "does not say what it read"
        if read not in (None, files):
            return f"read {read:,} of {files:,} files"
        if seen not in (None, resources):
            return f"read {seen:,} of {resources:,} resources"
        return ""


def ours(tree: Path | None) -> Tool:
    """Give `nexis check` as it is installed, with its text report.

    Args:
        tree: another source tree whose `nexis` runs instead, in the same environment.
    """
    return Tool(
        name=OURS,
        command=(str(Path(sys.executable).with_name("nexis")), "check"),
        codes=frozenset({0, 1}),
        read=_of_our_summary,
        environment={} if tree is None else {"PYTHONPATH": f"{tree}:{tree / 'constructs'}"},
    )


def floor() -> Tool:
    """Give the least that can be done: the same Python, fresh, parses the same files."""
    return Tool(
        name=FLOOR, command=(sys.executable, str(PROGRAMS / "floor.py")), codes=frozenset({0}), read=_of_last_line
    )


def validate() -> Tool:
    """Give cloudformation-validate, which is a library: one process, one engine, every template."""
    return Tool(
        name=VALIDATE,
        command=(str(peers.python()), str(PROGRAMS / "validate.py")),
        codes=frozenset({0}),
        read=_of_last_line,
    )


def checkov() -> Tool:
    """Give checkov with its CloudFormation checks alone, and without any download."""
    options = ("--framework", "cloudformation", "--compact", "--quiet", "--skip-download", "--output", "json")
    return Tool(
        name=CHECKOV,
        command=(str(peers.checkov()), *options, "--directory"),
        codes=frozenset({0, 1}),
        read=_of_checkov,
        environment={"CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"},
    )


def _of_our_summary(run: Run) -> tuple[int | None, int | None]:
    found = re.search(r"^([\d,]+) templates?, ([\d,]+) resources?", run.output, re.MULTILINE)
    return (None, None) if found is None else (_number(found[1]), _number(found[2]))


def _of_last_line(run: Run) -> tuple[int | None, int | None]:
    found = re.search(r"^(\d+) files read$", run.output, re.MULTILINE)
    return (None if found is None else int(found[1])), None


def _of_checkov(run: Run) -> tuple[int | None, int | None]:
    try:
        summary = json.loads(run.output)["summary"]
        return None, int(summary["resource_count"])
    except (ValueError, KeyError, TypeError):
        return None, None


def _number(text: str) -> int:
    return int(text.replace(",", ""))
