"""The comparison for a person at a terminal: what nobody may waive first, then what is weaker, section by section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.diff.model import SECTIONS
from nexis.report.arrange import counted, shown
from nexis.report.text_report import STYLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nexis.diff.model import Change, Comparison


def render_text(comparison: Comparison, *, verbose: bool = False, colour: bool = False) -> str:
    """Write a comparison as text.

    Args:
        comparison: the outcome.
        verbose: say what to do, and list what is waived or stronger.
        colour: for a terminal that knows colours.
    """
    lines: list[str] = []
    weaker = comparison.weaker
    fatal = [change for change in weaker if change.severity == "fatal"]
    lines += _part("Fatal: nobody may waive it", fatal, verbose=verbose, colour=colour)
    for section, title in SECTIONS.items():
        found = [change for change in weaker if change.section == section and change.severity != "fatal"]
        lines += _part(f"Weaker: {title[0].lower()}{title[1:]}", found, verbose=verbose, colour=colour)
    if verbose:
        lines += _part("Weaker, and somebody answers for it", comparison.waived, verbose=True, colour=colour)
        lines += _part("Stronger", comparison.stronger, verbose=False, colour=colour)
    lines += _part("Worth knowing", comparison.notes, verbose=False, colour=colour)
    hidden = not verbose and (comparison.stronger or comparison.waived)
    ending = f"{summary_line(comparison)}{'; -v lists what is stronger or waived' if hidden else ''}"
    lines.append(_style(shown(ending), "fatal" if weaker else "good", colour=colour))
    return "".join(f"{line}\n" for line in lines)


def _part(title: str, changes: Sequence[Change], *, verbose: bool, colour: bool) -> Iterator[str]:
    if not changes:
        return
    yield _style(title, "place", colour=colour)
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(where(change), []).append(change)
    for place, found in groups.items():
        yield f"  {_style(shown(place), 'aside', colour=colour)}"
        for change in found:
            yield f"    {_word(change, colour=colour)}{shown(change.message)}"
            if verbose and change.waiver is not None:
                waiver = change.waiver
                yield f"      until {waiver['expires']} by {waiver['owner']}: {shown(str(waiver['reason']))}"
            elif verbose and change.advice:
                yield _style(f"      do: {shown(change.advice)}", "aside", colour=colour)
    yield ""


def _word(change: Change, *, colour: bool) -> str:
    """Say how bad it is, and which rule says so."""
    rule = f"{change.rule}  " if change.rule else ""
    if change.direction != "weaker":
        return rule
    style = change.severity if change.counts else "waived"
    return f"{_style(change.severity.upper() if change.counts else 'waived', style, colour=colour)} {rule}"


def where(change: Change) -> str:
    """Name the resource of a change: construct path first, if there is one.

    Args:
        change: the change.
    """
    place = change.place
    was = f", before {place.before}" if place.before else ""
    resource = f"{place.resource} ({place.type}){was} in {place.file}"
    return f"{place.construct} = {resource}" if place.construct else resource


def summary_line(comparison: Comparison) -> str:
    """Sum a comparison up in one line.

    Args:
        comparison: the outcome.
    """
    counts = comparison.summary()
    told = f"{counts['weaker']} weaker" if counts["weaker"] else "nothing weaker"
    if counts["fatal"]:
        told += f" ({counts['fatal']} fatal)"
    if counts["waived"]:
        told += f", {counts['waived']} waived"
    told += f"; {counts['stronger']} stronger" if counts["stronger"] else "; nothing stronger"
    sizes = [
        f"{counted(templates, 'template')} with {counted(resources, 'resource')}"
        for templates, resources in zip(comparison.templates, comparison.resources, strict=True)
    ]
    return f"{sizes[0]} before, {sizes[1]} after: {told}"


def _style(text: str, name: str, *, colour: bool) -> str:
    return f"\x1b[{STYLES[name]}m{text}\x1b[0m" if colour and text else text
