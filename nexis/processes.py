"""Work on many things in as many processes as pay, with the results in order."""

from __future__ import annotations

import os
import sys
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Thing = TypeVar("Thing")
Result = TypeVar("Result")

#: What one process can be given before a second pays: starting it and reading its results takes as long as judging
#: some dozens of resources, and below this what is gained is too short for anyone to notice.
PAYS: Final = 2_000
MOST: Final = 8


def spread(
    work: Callable[[Thing], Result], things: Sequence[Thing], sizes: Sequence[int], *, processes: int | None = None
) -> list[Result]:
    """Work on things, some of them in other processes where it pays.

    A part whose process ends without all its results is worked on here, so that nothing is lost and a failure is
    raised as if there were one process.

    Args:
        work: what to do with one thing; its result has to be one that `pickle` takes.
        things: what to work on.
        sizes: how much work each of them is, in resources.
        processes: how many, with this one; as many as pay when not given.

    Returns:
        The results, in the order of the things.
    """
    count = worth(sum(sizes)) if processes is None else processes
    shares = _shares(sizes, max(1, min(count, len(things))))
    started = [(share, _start(work, things[share])) for share in shares[1:]]
    results: list[Result] = []
    try:
        for share in shares[:1]:
            results += [work(thing) for thing in things[share]]
        while started:
            share, process = started.pop(0)
            found = _finish(process)
            results += [work(thing) for thing in things[share]] if found is None else found
    finally:  # what was started is waited for, whatever happened here
        for _, process in started:
            _finish(process)
    return results


def worth(size: int) -> int:
    """Say how many processes pay.

    Args:
        size: how much work there is, in resources.
    """
    if size < 2 * PAYS or not hasattr(os, "fork") or _has_threads():
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, MOST, size // PAYS))


def _has_threads() -> bool:
    """Whether there are threads: a fork would leave their locks held for ever."""
    threading = sys.modules.get("threading")
    return threading is not None and threading.active_count() > 1


def _shares(sizes: Sequence[int], count: int) -> list[slice]:
    """Cut what is there into parts of about the same size, each next to the other."""
    if count == 1:
        return [slice(0, len(sizes))]
    total = sum(sizes)
    middles = [after - size / 2 for size, after in zip(sizes, accumulate(sizes), strict=True)]
    ends = [sum(middle * count <= total * part for middle in middles) for part in range(1, count)]
    return [slice(start, end) for start, end in zip([0, *ends], [*ends, len(sizes)], strict=True)]


class _Process(NamedTuple):
    """A process at work, and where its results come from."""

    number: int
    results: int


def _start(work: Callable[[Any], Any], things: Sequence[Any]) -> _Process | None:
    """Start a process; None if the system has none left."""
    import pickle  # late, as most checks need one process

    reading, writing = os.pipe()
    try:
        number = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if number:
        os.close(writing)
        return _Process(number, reading)
    code = 1
    try:  # from here on this is the other process, which must never return; what it cannot do, the first one does
        os.close(reading)
        with os.fdopen(writing, "wb") as results:
            pickle.dump([work(thing) for thing in things], results, pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)


def _finish(process: _Process | None) -> list[Any] | None:
    """Wait for a process and give its results; None if it has not given them all."""
    if process is None:
        return None
    import pickle

    with os.fdopen(process.results, "rb") as results:
        data = results.read()
    _, status = os.waitpid(process.number, 0)
    if status:
        return None
    found: list[Any] = pickle.loads(data)  # noqa: S301  # of a process that this one made of itself
    return found
