"""Where reports go: standard output, a file, several files; and when they have colours."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nexis import cli
from nexis.report.formats import FORMATS, render
from nexis.report.write import wants_colour
from tests.support.reports import LONG, NASTY, finding, report, sound_report

BAD: dict[str, Any] = {"Resources": {"Db": {"Type": "AWS::RDS::DBCluster", "Properties": {"StorageEncrypted": False}}}}
RULE = ("--rules", "storage.rds-encrypted")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.json").write_text(json.dumps(BAD), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_every_kind_of_finding(name: str) -> None:
    text = render(name, sound_report(), **({"verbose": True} if name == "text" else {}))
    for said in ("first thing", "second thing", "third thing", "foreign thing", "broken.json: is empty"):
        assert said in text
    assert text.endswith("\n")
    for word, count in (("waived", 1), ("known", 1)):
        assert text.count(word) >= count
    assert render(name, report()) == render(name, report())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", [LONG * 15, *NASTY], ids=range(len(NASTY) + 1))
def test_no_text_is_too_odd_or_too_long_for_a_format(name: str, text: str) -> None:
    odd = finding(message=text, fix=text, file=text, resource=text, type=text, property_path=text, construct=text)
    other = finding(source=text, tool=text or "x", rule=text, controls=(text,), claims=(text,))
    made = render(name, report(odd, other, errors=(text,)))
    made.encode()
    assert "\x00" not in made
    assert "\x1b" not in made


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_written_to_standard_output_and_to_a_file(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert cli.main(["check", "bad.json", *RULE, "--format", name]) == 1
    printed = capsys.readouterr().out
    assert cli.main(["check", "bad.json", *RULE, "--format", name, "--output", "report.out"]) == 1
    assert capsys.readouterr().out == ""
    assert (here / "report.out").read_bytes().decode() == printed


def test_several_reports_of_one_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [f"--also={name}={name}.out" for name in FORMATS]
    assert cli.main(["check", "bad.json", *RULE, *words]) == 1
    assert "FATAL storage.rds-encrypted" in capsys.readouterr().out
    assert json.loads((here / "sarif.out").read_text())["runs"][0]["results"][0]["ruleId"] == "storage.rds-encrypted"
    for name in FORMATS:
        assert "storage.rds-encrypted" in (here / f"{name}.out").read_text(encoding="utf-8")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("words", [["--also", "sarif"], ["--also", "xml=a"], ["--also", "sarif="]])
def test_one_more_report_needs_a_format_and_a_file(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["check", "bad.json", *words])
    assert caught.value.code == 2
    assert "expected FORMAT=FILE" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--also", "sarif=a", "--also", "json=./a"], "is named for two reports"),
        (["--also", "sarif=a", "--output", "a"], "is named for two reports"),
        (["--also", "sarif=absent/a", "--also", "json=b"], "cannot write absent/a: No such file or directory"),
        (["--output", "."], "cannot write .: Is a directory"),
        (["--output", "./bad.json"], "bad.json is what is read here"),
        (["--also", "sarif=bad.json"], "bad.json is what is read here"),
        (["--output", "values.json", "--parameters", "values.json"], "values.json is what is read here"),
    ],
)
def test_a_report_that_cannot_be_written_is_2(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "bad.json", *RULE, *words]) == 2
    assert said in capsys.readouterr().err
    assert ("two reports" in said) or words[-2:] != ["--also", "json=b"] or Path("b").exists()


@pytest.mark.usefixtures("here")
def test_a_report_never_takes_the_place_of_a_template(here: Path) -> None:
    before = (here / "bad.json").read_bytes()
    assert cli.main(["check", "bad.json", "--output", "bad.json"]) == 2
    assert (here / "bad.json").read_bytes() == before


RUN = "import sys; from nexis.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("words", "streams", "code", "said"),
    [
        (["bad.json"], ">/dev/full", 2, "nexis check: cannot write to standard output: No space left on device\n"),
        (["bad.json"], ">&-", 2, "nexis check: cannot write to standard output: it is closed; name a file"),
        (["bad.json", "--output", "report.txt"], ">&-", 1, ""),
        (["absent.json"], "2>&-", 2, ""),
        (["bad.json"], "2>&-", 1, ""),
    ],
)
def test_standard_streams_that_take_nothing(words: list[str], streams: str, code: int, said: str) -> None:
    command = ["/bin/sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-c", RUN, "check", *words, *RULE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert done.stderr.startswith(said)
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("words", [["rules"], ["diff", "bad.json", "bad.json"], ["explain", "tls.bucket-policy"]])
def test_a_full_disk_is_no_crash(words: list[str]) -> None:
    command = ["/bin/sh", "-c", 'exec "$@" >/dev/full', "sh", sys.executable, "-c", RUN, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        2,
        f"nexis {words[0]}: cannot write to standard output: No space left on device\n",
    )


@pytest.mark.parametrize("command", [["check"], ["baseline"], ["diff", "bad.json"]])
def test_no_name_of_a_file_steers_standard_error(
    here: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    odd = "x\n::error::pwned\x1b[31m.json"
    (here / odd).write_text("{}", encoding="utf-8")
    assert cli.main([*command, odd]) == 2
    told = capsys.readouterr().err
    assert r"::error::pwned\x1b[31m.json: found no `Resources`" in told
    assert all(line.startswith(f"nexis {command[0]}: ") and line.isprintable() for line in told.splitlines())


@pytest.mark.usefixtures("here")
def test_what_could_not_be_judged_is_on_standard_error_and_in_files(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", "bad.json", "absent.json", *RULE, "--also", "text=report.txt"]) == 2
    captured = capsys.readouterr()
    assert "nexis check: absent.json: does not exist" in captured.err
    assert "absent.json" not in captured.out
    assert "could not be judged: absent.json: does not exist" in (here / "report.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("choice", "terminal", "environment", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", True, {"TERM": "xterm", "NO_COLOR": ""}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {}, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    choice: str, terminal: bool, environment: dict[str, str], wanted: bool
) -> None:
    assert wants_colour(choice, terminal=terminal, environment=environment) is wanted


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("here")
def test_a_terminal_gets_colours_and_a_file_never(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    assert cli.main(["check", "bad.json", *RULE, "--also", "text=report.txt", "--also", "json=report.json"]) == 1
    assert "\x1b[1;31mFATAL\x1b[0m" in terminal.getvalue()
    assert "\x1b" not in (here / "report.txt").read_text(encoding="utf-8")
    assert cli.main(["check", "bad.json", *RULE, "--color", "always", "--output", "report.txt"]) == 1
    assert "\x1b" not in (here / "report.txt").read_text(encoding="utf-8")
    terminal.seek(terminal.truncate(0))
    assert cli.main(["check", "bad.json", *RULE, "--format", "github"]) == 1
    assert "\x1b" not in terminal.getvalue()


LOADED = """
import sys
from nexis.cli import main
main(["check", "bad.json", "--format", {name!r}, "--output", "report.out"])
print(*sorted(name for name in sys.modules if name.startswith("nexis.report.")))
print(*sorted({{"html", "hashlib", "urllib.parse", "xml", "json.encoder"}} & set(sys.modules)))
"""


def test_only_the_format_that_is_asked_for_is_imported(here: Path) -> None:
    def loaded(name: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", LOADED.format(name=name)], cwd=here, capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines()[0].removeprefix("nexis.report.").split(" nexis.report.")

    assert loaded("text") == ["arrange", "formats", "model", "text_report", "write"]
    assert loaded("json") == ["formats", "json_report", "model", "write"]
    assert "html_report" not in loaded("sarif")


def test_every_format_is_described() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "reports.md").read_text(encoding="utf-8")
    for name in FORMATS:
        assert f"\n| `{name}` | " in text
        assert name == "json" or f"\n## {name}\n" in text
