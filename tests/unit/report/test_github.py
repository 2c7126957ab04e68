"""GitHub annotations, read back as GitHub's runner reads them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given

from nexis.report.arrange import cut, shown, status
from nexis.report.github_report import LONGEST, render_github
from tests.support.reports import finding, odd_reports, report, some, sound_report

if TYPE_CHECKING:
    import pytest

    from nexis.report.model import Report

COMMAND = re.compile(r"::(?P<level>[a-z]+) (?P<properties>[^:]*)::(?P<message>.*)")


class Command(NamedTuple):
    level: str
    properties: dict[str, str]
    message: str


def data(text: str) -> str:
    assert not re.search(r"[\r\n]", text)
    assert not re.search(r"%(?!25|0D|0A|3A|2C)", text)
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(written, meant)
    return text


def read(text: str) -> tuple[list[Command], list[str]]:
    """The commands and the plain lines of a log."""
    commands, plain = [], []
    assert text.endswith("\n")
    for line in text[:-1].split("\n"):
        found = COMMAND.fullmatch(line)
        if found is None:
            assert "::" not in line[:2]
            assert "##[" not in line  # which the runner looks for anywhere
            plain.append(line)
            continue
        properties = dict(entry.split("=", 1) for entry in found["properties"].split(",") if entry)
        read_back = {name: data(value) for name, value in properties.items()}
        commands.append(Command(found["level"], read_back, data(found["message"])))
    return commands, plain


def test_the_worst_stands_first_at_the_line_that_somebody_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path / "infra")
    commands, plain = read(render_github(sound_report()))
    assert [command.level for command in commands] == ["error", "error", "error", "error", "warning", "notice"]
    assert commands[0].message == "could not be judged: broken.json: is empty"
    assert commands[1].properties == {
        "file": "infra/t.json",
        "title": "fatal (unknown) tls.postgres-force-ssl",
    }
    assert commands[2].properties == {
        "file": "infra/s/b.py",
        "line": "42",
        "title": "error tls.postgres-force-ssl",
    }
    assert commands[2].message == (
        "S/B = B (A::B::C) in t.json:12, made at s/b.py:42\nProperties.A second thing\nfix: set it right"
    )
    assert commands[-1].message.startswith("1 template, 2 resources, 3 judgements: 1 fatal, 2 error")
    assert [line.split(" at ")[0] for line in plain] == [
        "known tls.postgres-force-ssl",
        "waived storage.rds-encrypted",
    ]


def test_colons_commas_and_percents_stay_what_they_are() -> None:
    commands, _ = read(render_github(report(finding(file="a,b:c%2C.json", message="50%0A: a, b"))))
    assert commands[0].properties["file"] == "a,b:c%2C.json"
    assert "Properties.A 50%0A: a, b" in commands[0].message


def test_the_summary_says_when_github_shows_less_than_there_is() -> None:
    ten = [finding(resource=f"R{n}") for n in range(10)]
    assert "GitHub shows" not in render_github(report(*ten, finding(severity="warning")))
    commands, _ = read(render_github(report(*ten, finding(severity="error"))))
    assert len(commands) == 12
    assert commands[-1].message.endswith("GitHub shows 10 of each level here; all of them stand in the log of the step")


def test_an_empty_report_is_a_notice() -> None:
    assert render_github(report()) == (
        "::notice title=nexis check::1 template, 2 resources, 3 judgements: nothing to report\n"
    )


@some
@given(odd=odd_reports)
def test_no_template_writes_a_command_of_its_own(odd: Report) -> None:
    text = render_github(odd)
    assert text == render_github(odd)
    text.encode()
    commands, plain = read(text)
    open_ones = [one for one in odd.findings if status(one) == "open"]
    assert len(commands) == len(open_ones) + len(odd.errors) + 1
    assert len(plain) == len(odd.findings) - len(open_ones)
    messages = [command.message for command in commands]
    for one in open_ones:
        assert any(cut(shown(one.message), LONGEST - 300)[:-1] in message for message in messages)
    assert all(set(command.properties) <= {"file", "line", "title"} for command in commands)
    assert all(line.isprintable() for line in text.split("\n"))
