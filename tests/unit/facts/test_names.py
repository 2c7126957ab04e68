"""The nearest names: found with as few comparisons of letters as can be, and the same as by comparing all."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.facts import _names
from nexis.facts.instance_types import encrypted_nvme_types

CANDIDATES = sorted(encrypted_nvme_types())
NAMES = st.one_of(
    st.sampled_from(CANDIDATES),
    st.from_regex(r"[a-z]{1,3}[0-9][a-z]{0,3}\.(?:metal|nano|medium|large|[0-9]{0,2}xlarge)", fullmatch=True),
    st.text(max_size=20),
)


def compared_with_all(name: str, candidates: list[str], count: int) -> tuple[str, ...]:
    text = name.strip().lower()
    wanted = _names._read(text)
    distances = sorted(
        (
            _names._distance(wanted, _names._read(other)) + 2.0 * (1.0 - SequenceMatcher(None, text, other).ratio()),
            other,
        )
        for other in candidates
    )
    return tuple(other for _, other in distances[:count])


@given(name=NAMES, candidates=st.lists(st.sampled_from(CANDIDATES), unique=True, max_size=40), count=st.integers(0, 5))
def test_leaving_out_what_is_too_far_changes_nothing(name: str, candidates: list[str], count: int) -> None:
    assert _names.nearest_names(name, candidates, count) == compared_with_all(name, candidates, count)


@pytest.mark.parametrize("count", [1, 3])
def test_a_name_that_qualifies_is_the_nearest_to_itself(count: int) -> None:
    for name in CANDIDATES:
        assert _names.nearest_names(name, CANDIDATES, count)[0] == name
