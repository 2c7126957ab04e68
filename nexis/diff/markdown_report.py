"""The comparison as a comment on a pull request: short enough for one, and nothing in it is steered by a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.diff.model import SECTIONS
from nexis.diff.text_report import summary_line
from nexis.report.arrange import counted
from nexis.report.markdown_report import FOR_THE_END, MOST_BYTES, SIGNS, code, prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nexis.diff.model import Change, Comparison

MARK: Final = "<!-- nexis diff -->"  # by it a bot finds the comment that it wrote before
MOST_TOGETHER: Final = 15  # changes in one block: a block is told whole or not at all


def render_markdown(comparison: Comparison) -> str:
    """Write a comparison as Markdown, the worst first, cut where a comment ends.

    Args:
        comparison: the outcome.
    """
    weaker = comparison.weaker
    sign = "❌" if weaker else "✅"
    verdict = f"{len(weaker)} weaker than before" if weaker else "nothing is weaker"
    text = f"{MARK}\n## {sign} nexis diff: {verdict}\n\n{summary_line(comparison)}.\n\n"
    room = MOST_BYTES - FOR_THE_END - len(text.encode())
    left_out = 0
    for block, changes in _blocks(comparison):
        room -= len(block.encode())
        if left_out or room < 0:
            left_out += changes
        else:
            text += block
    if left_out:
        text += (
            f"**{counted(left_out, 'change')} more found no room in this comment.** The job's log has all of them, and "
            "so has `nexis diff --format json`.\n"
        )
    return text


def _blocks(comparison: Comparison) -> Iterator[tuple[str, int]]:
    weaker = comparison.weaker
    yield from _section("Fatal: nobody may waive it", [c for c in weaker if c.severity == "fatal"])
    for section, title in SECTIONS.items():
        yield from _section(title, [c for c in weaker if c.section == section and c.severity != "fatal"])
    for title, changes in (
        ("weaker, and somebody answers for it", comparison.waived),
        ("worth knowing", comparison.notes),
        ("stronger", comparison.stronger),
    ):
        for start in range(0, len(changes), MOST_TOGETHER):
            found = changes[start : start + MOST_TOGETHER]
            lines = "\n".join(_line(change, with_place=True) for change in found)
            yield f"<details><summary>{len(found)} {title}</summary>\n\n{lines}\n\n</details>\n\n", len(found)


def _section(title: str, changes: Sequence[Change]) -> Iterator[tuple[str, int]]:
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        place = change.place
        groups.setdefault((place.construct or place.resource, f"{place.resource} {place.file}"), []).append(change)
    heading = f"### {title}\n\n"
    for (name, _), found in groups.items():
        for start in range(0, len(found), MOST_TOGETHER):
            part = found[start : start + MOST_TOGETHER]
            place = part[0].place
            known = [place.resource if place.resource != name else "", place.type, place.file]
            if place.before:
                known.append(f"before {place.before}")
            where = " · ".join(code(text) for text in known if text)
            lines = "\n".join(_line(change) for change in part)
            yield f"{heading}**{code(name)}** {where}\n\n{lines}\n\n{_advice(part)}", len(part)
            heading = ""


def _line(change: Change, *, with_place: bool = False) -> str:
    sign = f"{SIGNS[change.severity if change.counts else 'waived']} " if change.direction == "weaker" else ""
    place = f"{code(change.place.construct or change.place.resource)} " if with_place else ""
    rule = f"{code(change.rule)} " if change.rule else ""
    waiver = change.waiver
    answered = "" if waiver is None else f" (until {waiver['expires']} by {prose(waiver['owner'])})"
    return f"- {sign}{place}{rule}{prose(change.message)}{answered}"


def _advice(changes: Sequence[Change]) -> str:
    told = list(dict.fromkeys(change.advice for change in changes if change.advice))
    if not told:
        return ""
    lines = "\n".join(f"- {prose(text)}" for text in told)
    return f"<details><summary>What to do</summary>\n\n{lines}\n\n</details>\n\n"
