"""Waivers: findings that somebody answers for, for a while.

A waiver is aimed at one rule and one resource, gives a reason, an owner, a decision record and an expiry. Anything
else is refused, so that no waiver can hide more than it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.patterns import pattern
from nexis.records import as_dict, record, replace

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from nexis.check import Finding

LONGEST: Final = 180  # days
REQUIRED: Final = ("rule", "resource", "reason", "owner", "decision", "expires")
OPTIONAL: Final = ("ticket",)
FEWEST_WORDS: Final = 6
RULE_PATTERN: Final = pattern(r"^(?P<name>[A-Za-z0-9.-]+)(?P<finding>\[[^\[\]]+\])?$")
OWN_RULE: Final = pattern(r"^[a-z][a-z0-9]*\.")  # the ids of cdk-nag begin with a pack, in capitals
DECISION_PATTERN: Final = pattern(r"^docs/decisions/[a-z0-9-]+\.md$")


class WaiverError(Exception):
    """A waivers file that cannot be used; the text lists every problem.

    Args:
        problems: each with its place, what was found, what was expected and what to do.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@record(kw_only=True)
class Waiver:
    """One entry of `waivers.toml`.

    Args:
        place: file and position, for messages.
        rule: a rule id, or the id of a cdk-nag finding (`AwsSolutions-IAM5[Resource::*]`).
        resource: a construct path, or a logical id.
        reason: a sentence that would convince an auditor.
        owner: a role of `config/owners.toml`.
        decision: path of a record in `docs/decisions/`.
        expires: the last day it holds.
        ticket: where the work to remove it is planned.
    """

    place: str
    rule: str
    resource: str
    reason: str
    owner: str
    decision: str
    expires: dt.date
    ticket: str = ""

    def matches(self, finding: Finding) -> bool:
        """Whether it is aimed at a finding."""
        return self.rule == finding.rule and self.resource in (finding.construct, finding.resource)

    def as_json(self) -> dict[str, Any]:
        """Give the waiver as reports write it."""
        fields = as_dict(self)
        return {**fields, "expires": self.expires.isoformat()}


@record(kw_only=True)
class WaiverPolicy:
    """What waivers may name.

    Args:
        severities: the severity of each rule id of our own.
        owners: the roles that may own a waiver.
        root: the folder that decision paths start from.
        today: the day on which the waivers are judged.
    """

    severities: Mapping[str, str]
    owners: Collection[str]
    root: Path
    today: dt.date


def read_waivers(file: Path, policy: WaiverPolicy) -> tuple[Waiver, ...]:
    """Read and check a waivers file.

    Args:
        file: TOML with `[[waiver]]` tables.
        policy: what waivers may name.

    Raises:
        WaiverError: the file is missing, is no TOML, or any waiver is not in order.
    """
    import tomllib  # late, as most checks have no waivers

    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise WaiverError([f"{file}: cannot be read ({problem.strerror}); an empty file says there are none"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise WaiverError([f"{file}: is not valid TOML: {problem}; repair it, nothing was waived"]) from None
    problems = [f"{file}: found `{key}`, expected only [[waiver]] tables" for key in document if key != "waiver"]
    entries = document.get("waiver", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise WaiverError([f"{file}: `waiver` is not a list of tables; write [[waiver]] before each"])
    waivers = []
    for number, entry in enumerate(entries, 1):
        place = f"{file} waiver {number}"
        found = list(_shape_problems(entry, place))
        if not found:
            waiver = Waiver(place=place, **entry)
            found = list(_problems(waiver, policy))
            waivers.append(waiver)
        problems += found
    seen: dict[tuple[str, str], str] = {}
    for waiver in waivers:
        first = seen.setdefault((waiver.rule, waiver.resource), waiver.place)
        if first != waiver.place:
            problems.append(f"{waiver.place}: repeats {first}; keep one")
    if problems:
        raise WaiverError(problems)
    return tuple(waivers)


def _shape_problems(entry: Mapping[str, Any], place: str) -> Iterable[str]:
    import datetime as dt

    for key in REQUIRED:
        if key not in entry:
            yield f"{place}: `{key}` is missing; expected {', '.join(REQUIRED)}"
    for key, value in entry.items():
        if key not in (*REQUIRED, *OPTIONAL):
            yield f"{place}: found `{key}`, expected only {', '.join((*REQUIRED, *OPTIONAL))}"
        elif key == "expires":
            if type(value) is not dt.date:
                yield f"{place}: expires is {value!r}, expected a date without quotes, such as 2027-01-31"
        elif not isinstance(value, str) or not value.strip():
            yield f"{place}: {key} is {value!r}, expected text"


def _problems(waiver: Waiver, policy: WaiverPolicy) -> Iterable[str]:
    import datetime as dt

    place = f"{waiver.place} ({waiver.rule} at {waiver.resource})"
    known = RULE_PATTERN.match(waiver.rule)
    if known is None:
        yield f"{place}: rule {waiver.rule!r} is too broad or misspelt; expected one exact rule id"
    elif OWN_RULE.match(waiver.rule) and waiver.rule not in policy.severities:
        yield f"{place}: there is no rule {waiver.rule!r}; `nexis rules` lists them"
    elif policy.severities.get(waiver.rule) == "fatal":
        yield f"{place}: {waiver.rule} is fatal and cannot be waived; repair the resource"
    elif not OWN_RULE.match(waiver.rule) and "-" not in waiver.rule:
        yield f"{place}: rule {waiver.rule!r} is neither a rule of ours nor of a cdk-nag pack; name one exact rule"
    if any(mark in waiver.resource for mark in "*?[]{}") or waiver.resource.strip("/") != waiver.resource:
        yield f"{place}: resource {waiver.resource!r} is too broad; expected one exact construct path or logical id"
    if len(waiver.reason.split()) < FEWEST_WORDS:
        yield f"{place}: reason {waiver.reason!r} is no explanation; write a sentence that would convince an auditor"
    if waiver.owner not in policy.owners:
        listed = ", ".join(sorted(policy.owners))
        yield f"{place}: owner {waiver.owner!r} is not in config/owners.toml; expected one of {listed}"
    if not DECISION_PATTERN.match(waiver.decision):
        yield f"{place}: decision {waiver.decision!r}, expected the path of a record such as docs/decisions/name.md"
    elif not (policy.root / waiver.decision).is_file():
        yield f"{place}: decision {waiver.decision} does not exist; write the record first"
    if waiver.expires < policy.today:
        yield f"{place}: expired on {waiver.expires}; repair the resource, or decide again and set a new date"
    elif waiver.expires > policy.today + dt.timedelta(days=LONGEST):
        yield (
            f"{place}: expires {waiver.expires}, expected at most {LONGEST} days ahead "
            f"({policy.today + dt.timedelta(days=LONGEST)}); decide again by then"
        )


def apply_waivers(findings: Iterable[Finding], waivers: Sequence[Waiver]) -> tuple[list[Finding], list[Waiver]]:
    """Mark the findings that are waived.

    Args:
        findings: of our own rules.
        waivers: checked ones.

    Returns:
        All findings, and the waivers that matched none. A fatal finding is never waived.
    """
    used: set[str] = set()
    marked = []
    for finding in findings:
        waiver = next((w for w in waivers if finding.severity != "fatal" and w.matches(finding)), None)
        if waiver is not None:
            used.add(waiver.place)
            finding = replace(finding, waiver=waiver.as_json())
        marked.append(finding)
    return marked, [waiver for waiver in waivers if waiver.place not in used]


def too_broad(findings: Iterable[Finding]) -> list[str]:
    """Name waivers by logical id that reach resources of more than one template.

    Args:
        findings: marked ones.
    """
    reached: dict[str, set[str]] = {}
    for finding in findings:
        if finding.waiver is not None:
            reached.setdefault(finding.waiver["place"], set()).add(f"{finding.file}#{finding.resource}")
    return [
        f"{place}: reaches {', '.join(sorted(where))}; expected one resource, so name its construct path"
        for place, where in reached.items()
        if len(where) > 1
    ]


def read_owners(file: Path) -> tuple[str, ...]:
    """Read the roles that may own things.

    Args:
        file: `config/owners.toml`, a table per role.

    Raises:
        WaiverError: it cannot be read.
    """
    import tomllib

    try:
        roles = tomllib.loads(file.read_text(encoding="utf-8")).get("roles")
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise WaiverError([f"{file}: cannot be read: {problem}; expected a table [roles]"]) from None
    if not isinstance(roles, dict):
        raise WaiverError([f"{file}: found no table [roles], expected one that names the roles that may own a waiver"])
    return tuple(roles)
