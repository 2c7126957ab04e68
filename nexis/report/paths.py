"""Where a finding stands, as a repository names its files; and what makes it the same finding tomorrow."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from nexis.report.arrange import OWN_TOOL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nexis.check import Finding


LONGEST_NUMBER: Final = 10  # digits: no file has a billion lines


class Position(NamedTuple):
    """A line of a file.

    Args:
        file: as a tool named it.
        line: counted from 1; nothing when it is not known.
    """

    file: str
    line: int | None


def positions(finding: Finding) -> list[Position]:
    """Give where a finding stands: first the line that somebody wrote, if it is known, then the template.

    Args:
        finding: of a report.
    """
    found = [] if not finding.source else [_source(finding.source)]
    return [*found, Position(finding.file, finding.line)] if finding.file else found


def _source(text: str) -> Position:
    file, colon, line = text.rpartition(":")
    number = int(line) if line.isdecimal() and len(line) < LONGEST_NUMBER else 0
    return Position(file, number) if file and colon and number > 0 else Position(text, None)


def repository_root(folder: Path) -> Path:
    """Give the repository that a folder stands in, or the folder itself.

    Args:
        folder: where the command runs.
    """
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


def in_repository(file: str, *, folder: Path, root: Path) -> str:
    """Name a file as its repository does, with forward slashes; a file elsewhere keeps its whole path.

    Args:
        file: relative to `folder`, or absolute.
        folder: where the command runs.
        root: of the repository.
    """
    whole = os.path.normpath(os.path.join(folder, file))  # noqa: PTH118 -- Path keeps `..`, and resolve() follows links
    try:
        return Path(whole).relative_to(root).as_posix()
    except ValueError:
        return Path(whole).as_posix()


class Repository:
    """The repository around the current folder, for formats that name its files."""

    def __init__(self) -> None:
        self._folder = Path.cwd()
        self._root = repository_root(self._folder)

    def name(self, file: str) -> str:
        """Give a file's name in the repository; one from elsewhere is absolute.

        Args:
            file: as a tool named it.
        """
        return in_repository(file, folder=self._folder, root=self._root)


def file_of(error: str) -> str:
    """Give the file that the text of an error begins with, if there is one.

    Args:
        error: what could not be judged, such as `x.json: is empty`.
    """
    file = error.partition(": ")[0]
    return file if file.isprintable() and len(file) < 1_000 and Path(file).is_file() else ""


def fingerprints(findings: Iterable[Finding], repository: Repository) -> list[str]:
    """Give every finding a name that stays when lines move or values change, and wherever the check is run.

    It is made of the rule, the construct (without one: the file and the logical id) and the property, so that with a
    construct the template may be renamed too. Several findings of one property are numbered in the order of the
    report, so that no name is given twice.

    Args:
        findings: of a report, in its order.
        repository: which names the files: a checkout may lie anywhere, and be checked from any of its folders.

    Returns:
        SHA-256 in hexadecimal digits, one for each finding.
    """
    seen: dict[str, int] = {}
    found = []
    for finding in findings:
        place = (finding.construct,) if finding.construct else (repository.name(finding.file), finding.resource)
        tool = () if finding.tool == OWN_TOOL else (finding.tool,)
        name = "\n".join(map(repr, (finding.rule, *place, finding.property_path, *tool)))
        seen[name] = number = seen.get(name, 0) + 1
        found.append(hashlib.sha256((name if number == 1 else f"{name}\n{number}").encode()).hexdigest())
    return found
