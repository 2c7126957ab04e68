"""A text of which only parts cannot be known keeps the rest."""

from __future__ import annotations

from nexis.templates.values import OPEN_PART, Reference, Unknown, joined

OPEN = Unknown("parameter Size has no default")


def test_a_joined_text_keeps_what_is_known_of_it() -> None:
    made = joined(["arn:aws:s3:::", OPEN, "/*"])
    assert isinstance(made, Unknown)
    assert made == OPEN
    assert made.text == f"arn:aws:s3:::{OPEN_PART}/*"


def test_texts_joined_twice_keep_all_of_it() -> None:
    inner = joined(["a-", OPEN], "")
    made = joined([inner, Reference("t", "Bucket"), 1], ",")
    assert isinstance(made, Unknown)
    assert made.text == f"a-{OPEN_PART},${{Bucket}},1"


def test_what_is_no_text_is_said_first() -> None:
    made = joined([OPEN, {}])
    assert isinstance(made, Unknown)
    assert made.text == ""
    assert "dict" in made.reason
