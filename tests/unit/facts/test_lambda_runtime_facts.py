from __future__ import annotations

import datetime as dt
import re

from nexis.facts.lambda_runtimes import AS_OF, DEPRECATED


def test_every_runtime_was_deprecated_by_the_day_of_the_table() -> None:
    days = [dt.date.fromisoformat(day) for day in DEPRECATED.values()]
    assert max(days) == dt.date.fromisoformat(AS_OF)


def test_no_runtime_has_an_alias() -> None:
    assert all(re.fullmatch(r"[a-z]+[0-9.]*x?(-edge)?", name) for name in DEPRECATED), list(DEPRECATED)


def test_what_aws_supports_is_not_in_the_table() -> None:
    assert not {"python3.13", "nodejs22.x", "java21", "java8.al2", "provided.al2023", "ruby3.4"} & set(DEPRECATED)
