"""The line of every key of a TOML document."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.config.locate import Place, line_numbers, line_of


def test_a_configuration_as_people_write_it() -> None:
    text = """\
# comment = "not a key"
environment = "dev"   # [not.a.table]
zones = [
  "a",  # ] not the end
  "b", "c",
]

[network]
address_range = "10.0.0.0/16"
"quoted key" = 1
dotted.inner = '''
[looks.like.a.table]
key = "but is text"
'''
after = { x = 1, y = [ "z" ] }

[[list]]
name = "first"
[[list]]
name = "second"
[list.sub]
deep = true
"""
    assert line_numbers(text) == {
        ("environment",): 2,
        ("zones",): 3,
        ("zones", 0): 4,
        ("zones", 1): 5,
        ("zones", 2): 5,
        ("network",): 8,
        ("network", "address_range"): 9,
        ("network", "quoted key"): 10,
        ("network", "dotted"): 11,
        ("network", "dotted", "inner"): 11,
        ("network", "after"): 15,
        ("network", "after", "x"): 15,
        ("network", "after", "y"): 15,
        ("network", "after", "y", 0): 15,
        ("list",): 17,
        ("list", 0): 17,
        ("list", 0, "name"): 18,
        ("list", 1): 19,
        ("list", 1, "name"): 20,
        ("list", 1, "sub"): 21,
        ("list", 1, "sub", "deep"): 22,
    }


@pytest.mark.parametrize(
    "value",
    [
        '"""one\ntwo"""',
        '"""quote at the end""""',
        '"""two quotes"""""',
        '"""\\\n  folded"""',
        '"""escaped \\""" inside"""',
        "'''raw \\'''",
        "'''quote'''''",
        '"\\" = # ["',
        "'# \" ['",
        '""',
        "''",
        '""""""',
        "1979-05-27 07:32:00Z",
        "-1.5e+3",
        "[[1, 2], [\n3]]",
        "[]",
        "{}",
        '{ "a b".c = [ { d = 1 } ] }',
    ],
)
def test_a_value_of_any_kind_is_passed_over(value: str) -> None:
    lines = line_numbers(f"before = 1\nvalue = {value}\nafter = 2\n")
    assert lines["before",] == 1
    assert lines["value",] == 2
    assert lines["after",] == 3 + value.count("\n")


def test_windows_line_ends() -> None:
    assert line_numbers('a = 1\r\n[b]\r\nc = """\r\n"""\r\nd = 1\r\n')["b", "d"] == 5


def test_what_is_not_toml_is_refused_as_tomllib_does() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        line_numbers("a = \n")


def test_a_missing_place_gets_the_line_of_what_is_around_it() -> None:
    lines = line_numbers("\n\n[hosts]\ncount = 3\nlist = [1]\n")
    assert line_of(lines, ("hosts", "count")) == 4
    assert line_of(lines, ("hosts", "image_id")) == 3
    assert line_of(lines, ("hosts", "list", 7)) == 5
    assert line_of(lines, ("network", "address_range")) == 1


# Documents written by the test itself, which notes the line of everything as it writes.

_KEYS = st.text("ab", min_size=1, max_size=3) | st.text("a .#[]\"='é", min_size=1, max_size=4)
_TEXTS = st.text("a\"'#[]{},=\\\n\t é", max_size=8)
_SCALARS = st.integers(-9, 9) | st.booleans() | _TEXTS
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=6,
)
_DOCUMENTS = st.dictionaries(_KEYS, _VALUES, max_size=5)


class _Writer:
    def __init__(self, choose: Any) -> None:
        self.choose = choose
        self.text = ""
        self.lines: dict[Place, int] = {}

    def note(self, place: Place) -> None:
        self.lines[place] = self.text.count("\n") + 1

    def key(self, key: str) -> str:
        return (
            key
            if key.isascii() and key.isalnum() and self.choose(st.booleans())
            else json.dumps(key, ensure_ascii=False)
        )

    def string(self, value: str) -> str:
        forms = [json.dumps(value, ensure_ascii=False)]
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        forms.append(f'"""\n{escaped}"""')
        if "'" not in value and "\n" not in value:
            forms.append(f"'{value}'")
        if "'" not in value:
            forms.append(f"'''\n{value}'''")
        return str(self.choose(st.sampled_from(forms)))

    def value(self, place: Place, value: Any, *, inline: bool) -> None:
        if isinstance(value, str):
            self.text += json.dumps(value, ensure_ascii=False) if inline else self.string(value)
        elif isinstance(value, list):
            self.text += "["
            for position, element in enumerate(value):
                self.text += "" if inline else self.choose(st.sampled_from(["", " ", "\n", " # ] [\n", "\n\n  "]))
                self.note((*place, position))
                self.value((*place, position), element, inline=inline)
                self.text += ","
            self.text += "]"
        elif isinstance(value, dict):
            self.text += "{"
            for position, (key, inner) in enumerate(value.items()):
                self.text += ", " if position else " "
                self.note((*place, key))
                self.text += f"{self.key(key)} = "
                self.value((*place, key), inner, inline=True)
            self.text += " }"
        else:
            self.text += str(value).lower()

    def table(self, place: Place, table: dict[str, Any]) -> None:
        sections = []
        for key, value in table.items():
            self.text += self.choose(st.sampled_from(["", "\n", "# a = 1\n", "  "]))
            if isinstance(value, dict) and self.choose(st.booleans()):
                sections.append((key, value))
                continue
            self.note((*place, key))
            self.text += f"{self.key(key)} = "
            self.value((*place, key), value, inline=False)
            self.text += self.choose(st.sampled_from(["\n", " # x\n"]))
        for key, value in sections:
            self.text += "\n"
            self.note((*place, key))
            self.text += "[" + ".".join(self.key(str(part)) for part in (*place, key)) + "]\n"
            self.table((*place, key), value)


@given(document=_DOCUMENTS, data=st.data())
def test_every_key_is_found_on_the_line_it_was_written(document: dict[str, Any], data: st.DataObject) -> None:
    writer = _Writer(data.draw)
    writer.table((), document)
    assert tomllib.loads(writer.text) == document, "the test must write TOML"
    assert line_numbers(writer.text) == writer.lines
