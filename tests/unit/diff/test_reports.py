"""The comparison as text, Markdown and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from nexis.diff.formats import FORMATS, render
from nexis.diff.model import SECTIONS, Change, Comparison, Place
from tests.support.changes import compared, resource

SCHEMA = Path(__file__).resolve().parents[3] / "nexis" / "diff" / "nexis-diff-1.schema.json"


def change(**more: Any) -> Change:
    fields: dict[str, Any] = {
        "section": "reach",
        "direction": "weaker",
        "severity": "error",
        "place": Place(resource="It", type="AWS::EC2::SecurityGroup", file="t.json", construct="App/It"),
        "message": "the internet can newly reach It",
        "advice": "narrow it",
    }
    return Change(**{**fields, **more})


WAIVER = {"expires": "2030-01-01", "owner": "platform", "reason": "It was decided."}
SOME = (
    change(severity="fatal", section="hosts", message="one deployment could replace two hosts"),
    change(),
    change(rule="network.x", waiver=WAIVER, message="is waived"),
    change(direction="stronger", message="nobody can reach It"),
    change(direction="note", section="hosts", severity="warning", message="the new settings wait"),
)


def comparison(*changes: Change) -> Comparison:
    return Comparison(base="before", head="after", changes=changes, templates=(1, 2), resources=(3, 4))


def test_text_says_what_is_fatal_first_and_counts_what_is_stronger() -> None:
    text = render("text", comparison(*SOME))
    assert (
        text.index("Fatal: nobody may waive it")
        < text.index("Weaker: who can reach what")
        < text.index("Worth knowing")
    )
    assert text.splitlines()[-1] == (
        "1 template with 3 resources before, 2 templates with 4 resources after: 2 weaker (1 fatal), 1 waived; "
        "1 stronger; -v lists what is stronger or waived"
    )
    assert "nobody can reach It" not in text
    assert "is waived" not in text
    assert "\x1b" not in text


def test_verbose_text_says_what_to_do_and_lists_the_rest() -> None:
    text = render("text", comparison(*SOME), verbose=True)
    for said in ("do: narrow it", "nobody can reach It", "waived network.x  is waived", "until 2030-01-01 by platform"):
        assert said in text


def test_colour_is_only_written_when_asked_for() -> None:
    assert "\x1b[1;31mFATAL\x1b[0m" in render("text", comparison(*SOME), colour=True)


def test_nothing_weaker_says_so() -> None:
    assert "nothing weaker; nothing stronger" in render("text", comparison())
    assert "## ✅ nexis diff: nothing is weaker" in render("markdown", comparison())


def test_markdown_begins_with_its_mark_and_the_worst() -> None:
    text = render("markdown", comparison(*SOME))
    assert text.startswith("<!-- nexis diff -->\n## ❌ nexis diff: 2 weaker than before\n")
    assert text.index("### Fatal") < text.index("### Who can reach what") < text.index("<summary>1 worth knowing")
    assert "<summary>1 stronger</summary>" in text


HOSTILE = "<script> @everyone ![x](http://x.invalid) | `code` #1 \x1b[2J\n## heading"


def test_nothing_in_markdown_or_text_is_steered_by_a_template() -> None:
    place = Place(resource=HOSTILE, type=HOSTILE, file=HOSTILE, construct=HOSTILE, before=HOSTILE)
    made = comparison(change(place=place, message=f"found {HOSTILE}", advice=HOSTILE))
    for name in ("text", "markdown"):
        text = render(name, made)
        assert "\x1b" not in text
        assert "\n## heading" not in text
    outside = "".join(part for n, part in enumerate(_code_spans(render("markdown", made))) if n % 2 == 0)
    assert not any(mark in outside for mark in ("<script", "@everyone", "](http", "#1"))


def _code_spans(text: str) -> list[str]:
    """Part a text at its code spans: every second part is inside of one."""
    import re

    return re.split(r"(?<!`)(?:``|```|`)(?!`)", text)


def test_a_comment_has_room_for_what_fits_and_says_how_much_does_not() -> None:
    many = [
        change(place=Place(resource=f"R{n}", type="AWS::X::Y", file="t.json"), message="x " * 120) for n in range(1500)
    ]
    text = render("markdown", comparison(*many))
    assert len(text.encode()) < 65_536
    assert "changes more found no room in this comment" in text
    assert text.count("<details>") == text.count("</details>")


@pytest.mark.parametrize("made", [comparison(), comparison(*SOME)])
def test_json_is_as_the_schema_says(made: Comparison) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    document = json.loads(render("json", made))
    Draft202012Validator(schema).validate(document)
    assert document["summary"]["weaker"] == len(made.weaker)
    assert set(schema["$defs"]["change"]["properties"]["section"]["enum"]) == set(SECTIONS)


def test_a_real_comparison_is_as_the_schema_says() -> None:
    before = {"Db": resource("RDS::DBInstance", StorageEncrypted=True, MultiAZ=True), "Q": resource("SQS::Queue")}
    after = {"Db": resource("RDS::DBInstance"), "\ud800": resource("S3::Bucket")}
    for name in FORMATS:
        text = render(name, compared(before, after))
        text.encode("utf-8", "backslashreplace")
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(
        json.loads(render("json", compared(before, after)))
    )
