"""The findings that an old repository starts with: recorded once, exactly, in a file that can only shrink.

An entry says which rule found what, of which resource, at which property; what the statement of a policy or the rule of
a firewall allows is in it as a digest. It holds no line and no place in a list, so nothing unrelated makes it stale. A
second rule beside the first, and another value, are told by other messages, and so are new. What matches nothing must
be taken out.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nexis.allowances import allowances, digest_of
from nexis.check import CRASH
from nexis.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from nexis.check import Finding
    from nexis.report.model import Report
    from nexis.templates.load import Loaded
    from nexis.templates.model import Assembly
    from nexis.templates.resolver import ParameterSource

SCHEMA: Final = "nexis-baseline/1"
DEFAULT_FILE: Final = "nexis-baseline.json"
ANY_PLACE: Final = "*"
PATHS: Final = pattern(r"\bProperties(?:\.\w+)+")  # in a message
SEVERITIES: Final = ("fatal", "error")  # a warning fails nothing, so it need not be known
VERDICTS: Final = ("fail", "unknown")


class BaselineError(Exception):
    """A baseline file that cannot be used; the text lists every problem.

    Args:
        problems: each with its place, what was found, what was expected and what to do.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Entry:
    """A finding that was there when the check was adopted.

    Args:
        file: the template, as seen from the folder of the baseline file, with forward slashes.
        resource: the construct path, if there is one, and the logical id.
        rule: its id.
        path: of the property, with `*` for a place in a list.
        found: what was found and expected, in the words of the report, with `*` for a place in a list.
        statement: a digest of the policy statement or firewall rule that the property stands in; empty elsewhere.
        severity: `fatal` or `error`.
        verdict: `fail` or `unknown`.
        tool: whose finding it is.
    """

    file: str
    resource: str
    rule: str
    path: str
    found: str
    statement: str
    severity: str
    verdict: str
    tool: str

    @property
    def digest(self) -> str:
        """Tell the entry from one that was edited by hand."""
        return digest_of(asdict(self))

    def __str__(self) -> str:
        """Name it in a message."""
        return f"{self.rule} at {self.resource} in {self.file} ({self.path} {self.found})"


FIELDS: Final = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The recorded findings.

    Args:
        file: where they stand.
        entries: sorted; one that was found twice stands twice.
    """

    file: Path
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was judged, so that an entry about something else is not taken for a stale one.

    Args:
        files: the templates that were judged or named.
        folders: the folders that were named.
        unread: the files that could not be read; nothing can be said of their entries.
        rules: the ids of the rules that were asked; None when all were.
        assemblies: the templates.
        parameters: where their parameters get their values.
    """

    files: Collection[str]
    folders: Collection[str]
    unread: Collection[str]
    rules: Collection[str] | None
    assemblies: Sequence[Assembly]
    parameters: ParameterSource | None

    @classmethod
    def of(cls, paths: Iterable[Path], loaded: Loaded, rules: Collection[str] | None) -> Judged:
        """Say what a run judged.

        Args:
            paths: as they were named.
            loaded: what was read of them.
            rules: ids of those that were asked; None when all were.
        """
        named = list(paths)
        judged = [template.file for assembly in loaded.assemblies for template in assembly.templates.values()]
        return cls(
            files={os.path.realpath(file) for file in [*map(str, named), *judged]},
            folders=[os.path.realpath(str(path)) for path in named if path.is_dir()],
            unread={os.path.realpath(problem.file) for problem in loaded.errors},
            rules=rules,
            assemblies=tuple(loaded.assemblies),
            parameters=loaded.parameters,
        )

    def asks(self, entry: Entry, folder: Path) -> bool:
        """Whether an entry would have been found again, were it still true.

        Args:
            entry: of a baseline file.
            folder: where that file stands.
        """
        if self.rules is not None and entry.rule not in self.rules:
            return False
        file = os.path.realpath(folder / entry.file)
        if file in self.unread or any(_is_within(file, broken) for broken in self.unread):
            return False
        return file in self.files or any(_is_within(file, above) for above in self.folders) or not Path(file).exists()


def read_baseline(file: Path) -> Baseline:
    """Read a baseline file.

    Args:
        file: as `nexis baseline` wrote it.

    Raises:
        BaselineError: it is missing, is no such file, or was changed by hand.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=_without_repetition)
    except OSError as problem:
        raise BaselineError(
            [f"{file}: cannot be read ({problem.strerror}); `nexis baseline PATH… --file {file}` writes one"]
        ) from None
    except (ValueError, RecursionError) as problem:
        raise BaselineError([f"{file}: is not valid JSON: {problem}; restore it, nothing is taken as known"]) from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        found = document.get("schema") if isinstance(document, dict) else type(document).__name__
        raise BaselineError([f"{file}: found {found!r}, expected a baseline file with schema {SCHEMA!r}"])
    unknown = [key for key in document if key not in ("schema", "findings")]
    listed = document.get("findings")
    if unknown or not isinstance(listed, list):
        found = f"`{unknown[0]}`" if unknown else f"findings of type {type(listed).__name__}"
        raise BaselineError([f"{file}: found {found}, expected `schema` and the list `findings`; restore the file"])
    problems: list[str] = []
    entries = []
    for number, item in enumerate(listed, 1):
        wrong = _problem_of(item)
        if wrong:
            problems.append(f"{file} finding {number}: {wrong}")
        else:
            entries.append(Entry(**{name: item[name] for name in FIELDS}))
    if problems:
        raise BaselineError(problems)
    return Baseline(file=file, entries=tuple(sorted(entries)))


def holds_findings(file: Path) -> bool:
    """Whether a file that is no template is a baseline file, which may lie among the templates.

    Args:
        file: any; what is wrong inside it, `read_baseline` says.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.get("schema") == SCHEMA and "Resources" not in document


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {twice!r} stands twice")
    return made


def _problem_of(item: Any) -> str:
    """Say what is wrong with an entry; nothing if it is as it was written."""
    expected = (*FIELDS, "digest")
    if not isinstance(item, dict):
        return f"is a {type(item).__name__}, expected a map with {', '.join(expected)}"
    for name in expected:
        if not isinstance(item.get(name), str):
            return f"{name} is {item.get(name)!r}, expected text; restore the line"
    for name in item:
        if name not in expected:
            return f"found `{name}`, expected only {', '.join(expected)}; restore the line"
    if item["severity"] not in SEVERITIES or item["verdict"] not in VERDICTS:
        return (
            f"is {item['severity']!r} and {item['verdict']!r}, expected one of {', '.join(SEVERITIES)} and one of "
            f"{', '.join(VERDICTS)}; restore the line"
        )
    entry = Entry(**{name: item[name] for name in FIELDS})
    if item["digest"] != entry.digest:
        return f"{entry} was changed by hand; restore the line, or repair the resource and take the line out"
    return ""


def render_baseline(entries: Iterable[Entry]) -> str:
    """Write a baseline file: sorted, an entry per line, nothing that changes by itself.

    Args:
        entries: in any order.
    """
    lines = [json.dumps({**asdict(entry), "digest": entry.digest}) for entry in sorted(entries)]
    listed = "".join(f"\n    {line}," for line in lines).removesuffix(",")
    return f'{{\n  "schema": "{SCHEMA}",\n  "findings": [{listed}{chr(10) + "  " if lines else ""}]\n}}\n'


def entries_of(report: Report, file: Path, judged: Judged) -> list[tuple[Finding, Entry]]:
    """Give the findings that fail, each with what would be recorded of it.

    Args:
        report: the outcome of a run.
        file: the baseline file; the names of templates are as seen from its folder.
        judged: what was judged.
    """
    folder = os.path.realpath(file.parent)
    statement_of = allowances(judged.assemblies, judged.parameters)
    return [
        (finding, _entry(finding, folder, statement_of(finding)))
        for finding in report.findings
        if finding.counts and finding.rule != CRASH  # a crash is no finding about the template
    ]


def apply_baseline(report: Report, baseline: Baseline, judged: Judged) -> Report:
    """Mark the findings that are known; entries that match nothing become errors.

    Args:
        report: the outcome of a run.
        baseline: the recorded findings.
        judged: what was judged.
    """
    left = Counter(baseline.entries)
    recorded = set()
    for finding, entry in entries_of(report, baseline.file, judged):
        if left[entry] > 0:
            left[entry] -= 1
            recorded.add(id(finding))
    findings = [replace(f, known=True) if id(f) in recorded else f for f in report.findings]
    return replace(
        report,
        findings=findings,
        errors=(
            *report.errors,
            *(
                f"{baseline.file}: {entry} is recorded, and is not found like this any more; take it out with "
                f"`nexis baseline PATH… --file {baseline.file}`"
                for entry in stale_entries(left, baseline, judged)
            ),
        ),
    )


def stale_entries(left: Counter[Entry], baseline: Baseline, judged: Judged) -> list[Entry]:
    """Give the entries that should have matched a finding and did not.

    Args:
        left: how often each entry matched nothing.
        baseline: the recorded findings.
        judged: what was judged.
    """
    return [entry for entry in sorted(left.elements()) if judged.asks(entry, baseline.file.parent)]


def shrunk(baseline: Baseline, found: Iterable[Entry], judged: Judged) -> tuple[list[Entry], list[Entry]]:
    """Take out of a baseline what is no longer found.

    Args:
        baseline: the recorded findings.
        found: what would be recorded now.
        judged: what was judged.

    Returns:
        The entries that stay, and what was found and is not recorded: that stays a failure.
    """
    recorded, now = Counter(baseline.entries), Counter(found)
    stale = Counter(stale_entries(recorded - now, baseline, judged))
    return sorted((recorded - stale).elements()), sorted((now - recorded).elements())


def added_since(base: Baseline, head: Baseline) -> list[Entry]:
    """Give the entries that one file has and an older one has not.

    Args:
        base: the older one.
        head: the newer one.
    """
    return sorted((Counter(head.entries) - Counter(base.entries)).elements())


def _entry(finding: Finding, folder: str, statement: str) -> Entry:
    return Entry(
        file=_seen_from(finding.file, folder),
        resource=f"{finding.construct} = {finding.resource}" if finding.construct else finding.resource,
        rule=finding.rule,
        path=_without_places(finding.property_path),
        found=PATHS.sub(lambda path: _without_places(path[0]), finding.message),
        statement=statement,
        severity=finding.severity,
        verdict=finding.verdict,
        tool=finding.tool,
    )


def _without_places(path: str) -> str:
    return ".".join(ANY_PLACE if part.isdecimal() else part for part in path.split("."))


def _seen_from(file: str, folder: str) -> str:
    path = Path(os.path.realpath(file))
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()


def _is_within(file: str, folder: str) -> bool:
    return file.startswith(folder.rstrip(os.sep) + os.sep)
