"""What `nexis.cdk.synthesize` leaves in a cloud assembly: what it judged, and which lines made the constructs.

The record holds a digest of every template and of both reports, so that `nexis check` can tell an assembly that was
judged from one that was changed afterwards or whose reports are of another synthesis. It is no signature: whoever may
write the assembly may write the record too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nexis.templates.load import read_file
from nexis.templates.model import TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MANIFEST: Final = "manifest.json"
REPORT_FILE: Final = "nexis-report.json"
RECORD_FILE: Final = "nexis-synthesis.json"
VALIDATION_REPORT: Final = "validation-report.json"
SCHEMA: Final = "nexis-synthesis/1"
AGAIN: Final = "synthesize the app again, and judge what that writes"


def write_record(folder: Path, *, files: Iterable[Path], sources: Mapping[str, str], project: Path) -> None:
    """Record a synthesis.

    Args:
        folder: of the cloud assembly.
        files: what was judged; each in the folder, or in one below it.
        sources: `file:line` by construct path, relative to the project's folder.
        project: the project's folder, in which the app ran.
    """
    top = folder.resolve()
    record = {
        "schema": SCHEMA,
        "project": _way(top, project.resolve()),
        "files": {
            file.resolve().relative_to(top).as_posix(): _digest(file) for file in sorted(files) if file.is_file()
        },
        "sources": dict(sorted(sources.items())),
    }
    folder.joinpath(RECORD_FILE).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def forget_record(folder: Path) -> None:
    """Remove what an earlier synthesis left, so that nothing of it can pass for this one's.

    Args:
        folder: of the cloud assembly, which need not exist.
    """
    for name in (REPORT_FILE, RECORD_FILE, VALIDATION_REPORT):
        folder.joinpath(name).unlink(missing_ok=True)


def read_sources(folder: Path) -> dict[str, str]:
    """Give the recorded sources, as they are named from the current directory.

    Args:
        folder: of a cloud assembly.

    Returns:
        `file:line` by construct path; nothing where no synthesis was recorded.
    """
    try:
        record = _read(folder)
        project = os.path.normpath(folder.resolve() / record["project"])
        found = {str(path): str(source) for path, source in record["sources"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, TemplateError, RecursionError):
        return {}
    here, known = str(Path.cwd()), dict[str, str]()
    if project == here:
        return found
    return {path: _from_here(source, project, here, known) for path, source in found.items()}


def record_problems(folder: Path, files: Iterable[Path]) -> list[str]:
    """Say what of an assembly is not as `nexis.cdk.synthesize` left it.

    Args:
        folder: of the cloud assembly.
        files: its templates, those of nested stacks and stages included.
    """
    try:
        recorded = _read(folder)["files"]
        wanted = set(recorded) | {file.resolve().relative_to(folder.resolve()).as_posix() for file in files}
        wanted |= {MANIFEST, REPORT_FILE, VALIDATION_REPORT}
        return [
            f"{folder / name}: {problem}; {AGAIN}"
            for name in sorted(wanted)
            for problem in (_difference(folder / name, recorded.get(name)),)
            if problem
        ]
    except FileNotFoundError:
        missing = f"its {RECORD_FILE} is missing: the synthesis did not end, or files were left out"
        return [f"{folder}: says that `nexis.cdk.synthesize` made it, but {missing}; {AGAIN}"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, TemplateError, RecursionError) as problem:
        return [f"{folder / RECORD_FILE}: is not what was written ({type(problem).__name__}: {problem}); {AGAIN}"]


def _difference(file: Path, digest: str | None) -> str:
    if not file.is_file():
        return "is missing, though it was there at the synthesis" if digest else "is missing"
    if digest is None:
        return "is not what was judged at the synthesis: the record does not name it"
    return "" if _digest(file) == digest else "has changed since the synthesis judged it"


def _read(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(read_file(folder / RECORD_FILE))
    if record["schema"] != SCHEMA:
        raise ValueError(f"found the schema {record['schema']!r}, expected {SCHEMA!r}")
    return record


def _digest(file: Path) -> str:
    import hashlib  # few assemblies have a record

    return hashlib.sha256(file.read_bytes()).hexdigest()


def _way(start: Path, end: Path) -> str:
    """Give the relative way from a folder to another, or the other itself where there is none."""
    try:
        return Path(os.path.relpath(end, start)).as_posix()
    except ValueError:  # on another drive
        return end.as_posix()


def _from_here(source: str, project: str, here: str, known: dict[str, str]) -> str:
    """Name a source from the current directory, if its file is where the record says."""
    file, _, line = source.rpartition(":")
    if file not in known:
        place = os.path.normpath(Path(project, file))
        below = place.startswith(here.rstrip(os.sep) + os.sep)
        shown = Path(os.path.relpath(place, here) if below else place).as_posix()
        known[file] = shown if Path(place).is_file() else file
    return f"{known[file]}:{line}"
