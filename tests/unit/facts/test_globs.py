from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from nexis.facts.globs import matches_glob


@given(st.text("ab*?", max_size=12), st.text("ab", max_size=12))
def test_a_pattern_covers_what_its_plain_expression_covers(pattern: str, text: str) -> None:
    plain = "".join(".*" if c == "*" else "." if c == "?" else c for c in re.sub(r"\*+", "*", pattern))
    assert matches_glob(pattern, text) == (re.fullmatch(plain, text) is not None)


def test_letters_of_expressions_are_letters() -> None:
    assert matches_glob("a.b*", "a.bc")
    assert not matches_glob("a.b*", "axbc")


def test_many_wildcards_take_no_longer_than_a_few() -> None:
    started = time.process_time()
    assert not matches_glob("*a" * 400 + "b", "a" * 4000)
    assert not matches_glob("*" * 4000 + "b", "a" * 4000)
    assert time.process_time() - started < 2
