"""Where findings stand: the line in the template, and the line of the program that made the resource.

Imported only when something was found. A file is read once, whatever the number of its findings.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from nexis.records import replace
from nexis.sources import from_traces, nearest
from nexis.synthesis import read_sources
from nexis.templates.lines import read_lines
from nexis.templates.load import cloud_assembly, read_file
from nexis.templates.model import TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nexis.check import Finding
    from nexis.templates.lines import Lines

MOST_FOLDERS = 10  # stages within stages


class Places:
    """Finds where findings stand.

    Args:
        sources: `file:line` by construct path, if they are known; otherwise the assembly beside a template is asked.
    """

    def __init__(self, sources: Mapping[str, str] | None = None) -> None:
        self._given = sources
        self._lines: dict[str, Lines | None] = {}
        self._sources: dict[str, Mapping[str, str]] = {}

    def of(self, findings: Iterable[Finding]) -> list[Finding]:
        """Give findings with the places that can be found; what cannot be found stays as it is.

        Args:
            findings: of templates in files.
        """
        return [
            replace(
                finding,
                line=self._line(finding) if finding.line is None else finding.line,
                source=self._source(finding) if finding.source is None else finding.source,
            )
            for finding in findings
        ]

    def _line(self, finding: Finding) -> int | None:
        if finding.file not in self._lines:
            self._lines[finding.file] = _lines(finding.file)
        lines = self._lines[finding.file]
        return None if lines is None else lines.of(finding.resource, finding.property_path)

    def _source(self, finding: Finding) -> str | None:
        if not finding.construct:
            return None
        if self._given is not None:
            return nearest(self._given, finding.construct)
        folder = os.path.dirname(finding.file)  # noqa: PTH120 - for every finding
        if folder not in self._sources:
            self._sources[folder] = _sources(Path(folder))
        return nearest(self._sources[folder], finding.construct)


def _lines(file: str) -> Lines | None:
    try:
        return read_lines(read_file(Path(file)), file=file)
    except (OSError, ValueError, TemplateError):  # no file at all, as of what is deployed
        return None


def _sources(folder: Path) -> Mapping[str, str]:
    """Read the sources of the assembly that a folder belongs to: the record of ours, or the CDK's own traces."""
    top = folder
    for _ in range(MOST_FOLDERS):
        if not (top / "manifest.json").is_file():
            break
        recorded = read_sources(top)
        if recorded:
            return recorded
        top = top / os.pardir
    found: dict[str, str] = {}
    if (folder / "manifest.json").is_file():
        try:
            for stack in cloud_assembly(folder):
                found.update(from_traces(stack.metadata, str(Path.cwd())))
        except TemplateError:  # told where the assembly is read
            return found
    return found
