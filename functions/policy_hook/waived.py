"""The project's waivers, as they were when the hook was built; they count until they expire."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from nexis.records import replace
from nexis.rules.registry import severities
from nexis.waivers import WaiverPolicy, apply_waivers, read_owners, read_waivers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from nexis.check import Finding
    from nexis.waivers import Waiver

LONGEST_HUMAN: Final = 240
HIDDEN: Final = "Default"
HIDDEN_FROM_HUMANS: Final = "Resource"


def bundled_waivers(folder: Path, today: dt.date) -> tuple[Waiver, ...]:
    """Read the waivers of a bundle; none where there are none.

    Args:
        folder: with `waivers.toml`, the owners and the decisions, laid out as in the project.
        today: the day on which they are judged.

    Raises:
        WaiverError: one of them is not in order, or has expired.
    """
    file = folder / "waivers.toml"
    if not file.exists():
        return ()
    ours = severities()
    policy = WaiverPolicy(
        severities=ours,
        owners=read_owners(folder / "config" / "owners.toml"),
        root=folder,
        today=today,
    )
    return tuple(waiver for waiver in read_waivers(file, policy) if waiver.rule in ours)


def failing(findings: Iterable[Finding], waivers: Sequence[Waiver]) -> list[Finding]:
    """Give the findings that fail, the most severe first.

    Args:
        findings: of one template or resource.
        waivers: checked ones.
    """
    named = [_named(finding, waivers) for finding in findings]
    marked, _ = apply_waivers(named, waivers)
    order = ("fatal", "error", "warning")
    return sorted((f for f in marked if f.counts), key=lambda f: (order.index(f.severity), f.verdict == "unknown"))


def _named(finding: Finding, waivers: Iterable[Waiver]) -> Finding:
    """Give a finding its construct path where only the logical id is known: the CDK makes the one from the other."""
    if finding.construct is not None:
        return finding
    paths = (waiver.resource for waiver in waivers if waiver.rule == finding.rule and "/" in waiver.resource)
    path = next((path for path in paths if finding.resource in logical_ids(path)), None)
    return finding if path is None else replace(finding, construct=path)


def logical_ids(path: str) -> Iterator[str]:
    """Give the logical ids that the CDK may have made of a construct path: it does not say where the stack's part ends.

    Args:
        path: such as `Database/ReplicationPassword/Resource`.

    Source: aws-cdk-lib, core/lib/private/uniqueid.ts (makeUniqueId).
    """
    parts = path.split("/")
    for start in range(1, len(parts)):
        inside = [part for part in parts[start:] if part != HIDDEN]
        if len(inside) == 1 and inside[0].isascii() and inside[0].isalnum():
            yield inside[0]
        elif inside:
            made = hashlib.md5("/".join(inside).encode(), usedforsecurity=False).hexdigest()[:8].upper()
            shown = _without_repetition([part for part in inside if part != HIDDEN_FROM_HUMANS])
            yield "".join(re.sub(r"[^A-Za-z0-9]", "", part) for part in shown)[:LONGEST_HUMAN] + made


def _without_repetition(parts: Sequence[str]) -> list[str]:
    """Leave out a part that only repeats the end of the one before."""
    kept: list[str] = []
    for part in parts:
        if not kept or not kept[-1].endswith(part):
            kept.append(part)
    return kept
