"""What is aimed at, and whether the figures show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from benchmarks import templates, tools

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.measure import Measured

    Figures = Mapping[tuple[str, str], Measured]
    Resources = Mapping[str, int]

ONE: Final = "templates-1"
HUNDRED: Final = "templates-100"
MOST_GROWTH: Final = 1.25  # more than the noise of a small machine, far less than any square


@dataclass(frozen=True, slots=True)
class Said:
    """What the figures say of an aim.

    Args:
        word: the verdict.
        why: the figure, or what is missing.
    """

    word: Literal["holds", "does not hold", "not measured"]
    why: str


@dataclass(frozen=True, slots=True)
class Aim:
    """Something that is aimed at.

    Args:
        text: the aim in words.
        figure: computes what is compared, from figures and numbers of resources; KeyError when something is missing.
        holds: whether a figure is good enough.
        unit: how a figure is written.
    """

    text: str
    figure: Callable[[Figures, Resources], float]
    holds: Callable[[float], bool]
    unit: str

    def judge(self, figures: Figures, resources: Resources) -> Said:
        """Say whether it holds.

        Args:
            figures: what was measured, by set and tool.
            resources: how many resources each set has.
        """
        try:
            found = self.figure(figures, resources)
        except KeyError as missing:
            key = missing.args[0]
            return Said("not measured", f"no figure of {key[1]} on {key[0]}" if isinstance(key, tuple) else str(key))
        return Said("holds" if self.holds(found) else "does not hold", self.unit.format(found))


def cpu(figures: Figures, files: str, tool: str) -> float:
    """Give the median CPU seconds of a tool.

    Args:
        figures: what was measured.
        files: the name of the set.
        tool: its name.

    Raises:
        KeyError: it was not measured.
    """
    return figures[files, tool].median(lambda run: run.cpu)


def growth(figures: Figures, resources: Resources) -> float:
    """Compare what a resource costs in the upper half of the sizes with what it costs in the lower half.

    Args:
        figures: what was measured.
        resources: how many resources each set has.

    Raises:
        KeyError: a size was not measured.
    """
    points = [(f"blocks-{blocks}", tools.OURS) for blocks in (templates.GROWING[0], *templates.GROWING[-2:])]
    (few, low), (half, middle), (many, high) = [(resources.get(key[0], 0), cpu(figures, *key)) for key in points]
    return ((high - middle) / (many - half)) / ((middle - low) / (half - few))


AIMS: Final = (
    Aim(
        "100 templates in at most 3 times the floor's CPU time",
        lambda figures, _: cpu(figures, HUNDRED, tools.OURS) / cpu(figures, HUNDRED, tools.FLOOR),
        lambda ratio: ratio <= 3,
        "{:.2f} times",
    ),
    Aim(
        "100 templates at least 10 times faster than cloudformation-validate",
        lambda figures, _: cpu(figures, HUNDRED, tools.VALIDATE) / cpu(figures, HUNDRED, tools.OURS),
        lambda ratio: ratio >= 10,
        "{:.2f} times",
    ),
    Aim(
        "100 templates at least 150 times faster than checkov",
        lambda figures, _: cpu(figures, HUNDRED, tools.CHECKOV) / cpu(figures, HUNDRED, tools.OURS),
        lambda ratio: ratio >= 150,
        "{:.1f} times",
    ),
    Aim(
        "100 templates in 40 MB",
        lambda figures, _: figures[HUNDRED, tools.OURS].median(lambda run: run.memory),
        lambda megabytes: megabytes <= 40,
        "{:.1f} MB",
    ),
    Aim(
        "time grows as the number of resources",
        growth,
        lambda ratio: ratio <= MOST_GROWTH,
        f"a resource costs {{:.2f}} times as much in the upper half of the sizes, at most {MOST_GROWTH}",
    ),
    Aim(
        "one template, start-up included, under 80 ms of CPU",
        lambda figures, _: cpu(figures, ONE, tools.OURS) * 1e3,
        lambda milliseconds: milliseconds < 80,
        "{:.0f} ms",
    ),
)
