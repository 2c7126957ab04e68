"""Patterns as sets: a yes is never wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.diff.patterns import holds, meet
from nexis.facts.globs import matches_glob

PATTERNS = st.text("ab*?", max_size=5)
TEXTS = st.text("ab", max_size=6)


@given(PATTERNS, PATTERNS, TEXTS)
def test_what_a_held_pattern_covers_its_holder_covers(outer: str, inner: str, text: str) -> None:
    if holds(outer, inner) and matches_glob(inner, text):
        assert matches_glob(outer, text)


@given(PATTERNS, PATTERNS, TEXTS)
def test_patterns_that_cover_one_text_meet(left: str, right: str, text: str) -> None:
    if matches_glob(left, text) and matches_glob(right, text):
        assert meet(left, right)


@given(PATTERNS, TEXTS)
def test_for_a_plain_text_both_are_what_covering_is(pattern: str, text: str) -> None:
    assert holds(pattern, text) == matches_glob(pattern, text) == meet(pattern, text)


@pytest.mark.parametrize(
    ("outer", "inner", "is_held"),
    [
        ("s3:*", "s3:Get*", True),
        ("s3:Get*", "s3:*", False),
        ("*", "anything:*", True),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/*", True),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket*", False),
        ("a?c", "abc", True),
        ("a?c", "a*c", False),
        ("a", "a", True),
    ],
)
def test_examples(outer: str, inner: str, is_held: bool) -> None:
    assert holds(outer, inner) is is_held
