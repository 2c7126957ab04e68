"""Working in several processes gives what working in one gives."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis import processes
from nexis.processes import MOST, PAYS, spread, worth
from nexis.rules.registry import all_rules
from nexis.run import report_on
from nexis.templates.model import Assembly, read_document
from tests.support.rule_cases import resource, resources

SIZES = st.lists(st.integers(0, 500), max_size=30)


@given(sizes=SIZES, count=st.integers(1, 9))
def test_the_parts_are_everything_once_and_in_order(sizes: list[int], count: int) -> None:
    parts = processes._shares(sizes, count)
    assert len(parts) == count
    assert [n for part in parts for n in range(len(sizes))[part]] == [*range(len(sizes))]


@given(sizes=st.lists(st.integers(1, 50), min_size=1, max_size=60), count=st.integers(1, 9))
def test_no_part_is_larger_than_its_share_by_more_than_one_thing(sizes: list[int], count: int) -> None:
    for part in processes._shares(sizes, count):
        assert sum(sizes[part]) <= sum(sizes) / count + max(sizes)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
def test_the_results_are_in_order_whoever_worked(count: int) -> None:
    worked = spread(lambda n: (n, os.getpid()), range(12), [1] * 12, processes=count)
    assert [n for n, _ in worked] == [*range(12)]
    assert len({process for _, process in worked}) == min(count, 12)
    assert worked[0][1] == os.getpid(), "this process works as well"


def test_nothing_to_do_needs_no_process() -> None:
    assert spread(str, [], [], processes=4) == []


def test_what_a_process_that_is_killed_had_to_do_is_done_here() -> None:
    first = os.getpid()

    def work(number: int) -> int:
        if os.getpid() != first:
            os.kill(os.getpid(), 9)
        return number

    assert spread(work, range(6), [1] * 6, processes=3) == [*range(6)]


def test_a_failure_is_raised_here_as_if_there_were_one_process() -> None:
    def work(number: int) -> int:
        if number == 5:
            raise ValueError("five")
        return number

    with pytest.raises(ValueError, match="five"):
        spread(work, range(6), [1] * 6, processes=3)


def test_results_that_cannot_be_sent_are_made_here() -> None:
    def work(number: int) -> object:
        return (lambda: None) if number else None  # pickle refuses functions without a name

    made = spread(work, range(4), [1] * 4, processes=2)
    assert [callable(one) for one in made] == [False, True, True, True]


def _open_files() -> int:
    listed = Path("/proc/self/fd")  # Linux only
    return len([*listed.iterdir()]) if listed.exists() else 0


def test_where_no_process_can_be_started_everything_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left() -> int:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", none_left)
    before = _open_files()
    assert spread(str, range(4), [1] * 4, processes=2) == ["0", "1", "2", "3"]
    assert _open_files() == before


def test_more_processes_only_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_has_threads", lambda: False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert [worth(size) for size in (0, 500, 2 * PAYS - 1)] == [1, 1, 1]
    assert [worth(size) for size in (2 * PAYS, 5 * PAYS, 500 * PAYS)] == [2, 5, MOST]
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert worth(500 * PAYS) == 1, "one core"


def test_a_process_with_threads_is_not_copied() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert worth(500 * PAYS) == 1
    finally:
        stop.set()
        thread.join()


def test_a_report_is_the_same_however_many_processes_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def assembly(number: int) -> Assembly:
        given = resources(
            Open=resource(
                "AWS::EC2::SecurityGroup", GroupDescription="x", SecurityGroupIngress=[{"CidrIp": "0.0.0.0/0"}]
            ),
            Bucket=resource("AWS::S3::Bucket", BucketName=f"bucket-{number}"),
        )
        return Assembly(templates={"t": read_document(given, key="t", file=f"{number}.json", region="eu-central-1")})

    def report(count: int) -> str:
        monkeypatch.setattr(processes, "worth", lambda _: count)
        return repr(report_on([assembly(number) for number in range(7)], rules=all_rules()))

    alone = report(1)
    assert alone.count("0.0.0.0/0") >= 7
    assert report(2) == report(5) == alone
