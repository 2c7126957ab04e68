"""The benchmark's figures: what is measured, what is told of it, and that no tool is believed that did not read all."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from benchmarks import check, templates, tools
from benchmarks.aims import AIMS, MOST_GROWTH
from benchmarks.measure import Measured, Run, run
from benchmarks.tools import Tool

ENVIRONMENT = {"PATH": os.environ["PATH"]}


def one(cpu: float = 1.0, *, memory: float = 20.0, code: int = 0, output: str = "", complaints: str = "") -> Run:
    return Run(cpu=cpu, wall=cpu, memory=memory, code=code, output=output, complaints=complaints)


def figures(**seconds: float) -> dict[tuple[str, str], Measured]:
    """One run of each tool on 100 templates, by the first letters of its name."""
    names = {"floor": tools.FLOOR, "ours": tools.OURS, "validate": tools.VALIDATE, "checkov": tools.CHECKOV}
    return {("templates-100", names[name]): Measured(one(cpu)) for name, cpu in seconds.items()}


def test_a_process_is_measured_with_its_children(tmp_path: Path) -> None:
    burn = "import time\nwhile time.process_time() < 0.2: pass\n"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}]); print('done'); sys.exit(3)"
    found = run([sys.executable, "-I", "-c", program], environment=ENVIRONMENT, folder=tmp_path)
    assert (found.code, found.output, found.complaints) == (3, "done\n", "")
    assert found.cpu >= 0.2
    assert found.wall >= 0.2
    assert 5 < found.memory < 40, "the size of the program, not of whoever started it"


def test_a_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing-here cannot be started"):
        run([tmp_path / "nothing-here"], environment=ENVIRONMENT, folder=tmp_path)


def test_the_first_run_counts_only_if_it_stays_alone() -> None:
    measured = Measured(one(9.0))
    assert measured.median(lambda run: run.cpu) == 9.0
    measured.others += [one(1.0), one(2.0), one(4.0)]
    assert measured.median(lambda run: run.cpu) == 2.0
    assert measured.spent == 16.0


@pytest.mark.parametrize(
    ("tool", "done", "problem"),
    [
        (tools.floor(), one(output="3 files read\n"), ""),
        (tools.floor(), one(output="2 files read\n"), "read 2 of 3 files"),
        (tools.floor(), one(output=""), "does not say what it read"),
        (tools.floor(), one(code=1, complaints="…\nValueError: odd\n"), "ended with 1: ValueError: odd"),
        (tools.floor(), one(code=-9), "ended with -9: it says nothing"),
        (tools.ours(None), one(code=1, output="x\n3 templates, 40 resources, 7 judgements: 1 error\n"), ""),
        (tools.ours(None), one(output="3 templates, 39 resources, …"), "read 39 of 40 resources"),
        (tools.ours(None), one(code=2, complaints="nexis check: no\n"), "ended with 2: nexis check: no"),
        (tools.checkov(), one(code=1, output=json.dumps({"summary": {"resource_count": 40}})), ""),
        (tools.checkov(), one(output=json.dumps({"summary": {"resource_count": 4}})), "read 4 of 40 resources"),
        (tools.checkov(), one(output='{"passed": 0}'), "does not say what it read"),
        (tools.checkov(), one(output="no JSON"), "does not say what it read"),
    ],
)
def test_a_run_is_believed_only_if_it_read_everything(tool: Tool, done: Run, problem: str) -> None:
    assert tool.problem(done, files=3, resources=40) == problem


def test_aims_hold_by_the_medians() -> None:
    fast = figures(floor=0.04, ours=0.1, validate=1.0, checkov=15.0)
    slow = figures(floor=0.04, ours=0.2, validate=1.0, checkov=15.0)
    assert [aim.judge(fast, {}).word for aim in AIMS[:4]] == ["holds"] * 4
    assert [aim.judge(slow, {}).word for aim in AIMS[:3]] == ["does not hold"] * 3
    assert AIMS[0].judge(slow, {}).why == "5.00 times"


def test_what_was_not_measured_does_not_hold_either() -> None:
    said = [aim.judge(figures(floor=0.04), {}) for aim in AIMS]
    assert {each.word for each in said} == {"not measured"}
    assert said[0].why == "no figure of nexis check on templates-100"


@pytest.mark.parametrize(("power", "word"), [(1, "holds"), (2, "does not hold")])
def test_growth_is_told_from_its_square(power: int, word: str) -> None:
    sizes = {f"blocks-{blocks}": blocks * 82 for blocks in templates.GROWING}
    grown = {(name, tools.OURS): Measured(one(0.1 + (size / 1000) ** power)) for name, size in sizes.items()}
    (aim,) = (aim for aim in AIMS if str(MOST_GROWTH) in aim.unit)
    assert aim.judge(grown, sizes).word == word


def test_a_tool_that_fails_has_no_figures_and_the_others_have(tmp_path: Path) -> None:
    folder = tmp_path / "templates-1"
    folder.mkdir()
    (folder / "one.json").write_text('{"Resources": {}}', encoding="utf-8")
    files = check.Files(folder=folder, files=1, resources=0, bytes=17)
    broken = Tool(name="broken", command=("/bin/false",), codes=frozenset({0}), read=tools.floor().read)
    results = check.measure([files], [tools.floor(), broken], rounds=1, patience=60)
    assert results.problems == {("templates-1", "broken"): "ended with 1: it says nothing"}
    assert list(results.figures) == [("templates-1", tools.FLOOR)]
    assert len(results.figures["templates-1", tools.FLOOR].others) == 1
    written = check.as_json(results, {"cpus": 2}, [])
    assert written["sets"][0]["problems"] == {"broken": "ended with 1: it says nothing"}
    assert list(written["sets"][0]["tools"]) == [tools.FLOOR]
