"""Verdicts of rules that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.check import judge
from nexis.diff.changes import place_of
from nexis.diff.model import Change
from nexis.waivers import apply_waivers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nexis.check import Judgement
    from nexis.diff.match import Pair
    from nexis.diff.model import Direction, Section
    from nexis.diff.sides import Side, Sides
    from nexis.templates.resolver import ParameterSource
    from nexis.waivers import Waiver

#: What each theme of rules is about; the others stand under rules.
SECTION_OF: Final[Mapping[str, Section]] = {
    "access": "access",
    "keys": "protection",
    "logging": "protection",
    "network": "reach",
    "passwords": "protection",
    "recovery": "protection",
    "storage": "protection",
    "tls": "protection",
}
#: How good an outcome is; a rule that does not judge a resource has nothing against it.
WORTH: Final = {"fail": 0, "unknown": 1, "pass": 2, "not-applicable": 2}
SAID: Final = {"fail": "failed", "unknown": "could not be known", "pass": "passed", "not-applicable": "was not asked"}


def compare_verdicts(
    sides: Sides, parameters: ParameterSource, *, baseline: bool, waivers: Sequence[Waiver] = ()
) -> Iterator[Change]:
    """Compare what the rules say of both sides.

    Args:
        sides: both sides of the change.
        parameters: where parameters get their values.
        baseline: whether the rules that only our own baseline must keep are asked of everything; otherwise of both
            sides where one of them says that it is built on it.
        waivers: checked ones; they mark what is weaker.
    """
    marked = baseline or any(a.baseline for side in (sides.base, sides.head) for a in side.assemblies)
    before = _judged(sides.base, parameters, baseline=marked)
    after = _judged(sides.head, parameters, baseline=marked)
    for (number, rule), _ in {**before, **after}.items():
        old, new = before.get((number, rule)), after.get((number, rule))
        change = _compared(sides.matching.pairs[number], old, new, waivers)
        if change is not None:
            yield change


def _judged(side: Side, parameters: ParameterSource, *, baseline: bool) -> dict[tuple[int, str], Judgement]:
    return {
        (side.pairs[judgement.template.key, judgement.resource.logical_id].number, judgement.rule.id): judgement
        for assembly in side.assemblies
        for judgement in judge(assembly, parameters=parameters, baseline=baseline)
        if judgement.outcome != "not-applicable"
    }


def _compared(pair: Pair, old: Judgement | None, new: Judgement | None, waivers: Sequence[Waiver]) -> Change | None:
    before, after = ("not-applicable" if j is None else j.outcome for j in (old, new))
    worse = WORTH[after] - WORTH[before]
    if not worse and old is not None and new is not None:
        worse = len(old.problems) - len(new.problems)
    judgement = (new if worse < 0 else old) or new or old
    if not worse or judgement is None:
        return None
    direction: Direction = "weaker" if worse < 0 else "stronger"
    rule = judgement.rule
    findings, _ = apply_waivers(judgement.findings(), [w for w in waivers if w.rule == rule.id])
    shown = findings[0] if findings else None
    if direction == "weaker":
        message = "; ".join(dict.fromkeys(f"{f.property_path} {f.message}" for f in findings))
        opening = _opening(pair, before, after)
    else:
        message = rule.title
        opening = "its finding is gone with it" if pair.head is None else f"{SAID[before]} and now {_now(after)}"
    return Change(
        section=SECTION_OF.get(rule.id.partition(".")[0], "verdicts"),
        direction=direction,
        severity=shown.severity if shown is not None else rule.severity,
        place=place_of(pair),
        message=f"{opening}: {message}",
        rule=shown.rule if shown is not None else rule.id,
        advice=rule.fix if direction == "weaker" else "",
        waiver=shown.waiver if shown is not None and direction == "weaker" else None,
        path=shown.property_path if shown is not None else None,
    )


def _now(outcome: str) -> str:
    return {"fail": "fails", "unknown": "cannot be known", "not-applicable": "is not asked"}.get(outcome, "passes")


def _opening(pair: Pair, before: str, after: str) -> str:
    if pair.base is None:
        return "is new, and fails" if after == "fail" else "is new, and cannot be known"
    if before == after:
        return "fails in more places" if after == "fail" else "cannot be known in more places"
    return f"{SAID[before]} and now {_now(after)}"
