from __future__ import annotations

import datetime as dt
import re

import pytest

from nexis.facts import secret_properties
from nexis.facts.secret_properties import PROGRAMS, SCRIPTS, SECRET_PROPERTIES

TABLES = {"secrets": SECRET_PROPERTIES, "scripts": SCRIPTS, "programs": PROGRAMS}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_type_and_path_is_written_as_cloudformation_does(table: dict[str, frozenset[tuple[str, ...]]]) -> None:
    for kind, paths in table.items():
        assert re.fullmatch(r"(AWS|Alexa)::\w+::\w+", kind), kind
        assert paths, kind
        for path in paths:
            assert path[0] != "*", (kind, path)
            assert all(part == "*" or re.fullmatch(r"\w+", part) for part in path), (kind, path)


def test_no_property_is_both_a_secret_and_a_text() -> None:
    for kind, paths in SECRET_PROPERTIES.items():
        assert not paths & (SCRIPTS.get(kind, frozenset()) | PROGRAMS.get(kind, frozenset())), kind


def test_names_of_secrets_are_no_secrets() -> None:
    for kind, paths in SECRET_PROPERTIES.items():
        for path in paths:
            assert not re.search(r"(Arn|ARN|SecretId|KmsKeyId|RoleArn)$", path[-1]), (kind, path)


def test_the_tables_are_dated() -> None:
    assert dt.date.fromisoformat(secret_properties.AS_OF) <= dt.date(2026, 11, 23)
