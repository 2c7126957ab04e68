"""Log retention and PostgreSQL versions."""

from __future__ import annotations

import re
from datetime import date

import pytest
from botocore.session import Session

from nexis.facts import log_retention, postgres_versions


def test_retention_periods_are_those_that_the_api_documents() -> None:
    shape = Session().get_service_model("logs").shape_for("Days")
    documented = shape.documentation.partition("Possible values are:")[2].partition("To set")[0]
    days = {int(number) for number in re.findall(r"\d+", documented)}
    assert days == set(log_retention.ALLOWED_DAYS)


@pytest.mark.parametrize(
    ("asked", "nearest"), [(0, 365), (364, 365), (365, 365), (382, 365), (383, 400), (9999, 3653), (-7, 365)]
)
def test_the_nearest_period_that_is_long_enough(asked: int, nearest: int) -> None:
    assert log_retention.nearest_days(asked) == nearest


def test_no_period_under_a_year_is_long_enough() -> None:
    assert log_retention.long_enough_days()[0] == 365
    assert 180 not in log_retention.long_enough_days()


@pytest.mark.parametrize(("asked", "nearest"), [(9, 15), (14, 15), (17, 17), (19, 18), (99, 18)])
def test_the_nearest_major(asked: int, nearest: int) -> None:
    assert postgres_versions.nearest_major(asked) == nearest


def test_every_version_belongs_to_its_major_and_is_still_supported() -> None:
    as_of = date.fromisoformat(postgres_versions.AS_OF)
    for major, version in postgres_versions.SUPPORTED.items():
        assert version.major == major
        assert version.rds_engine_version.startswith(f"{major}.")
        assert version.parameter_group_family == f"postgres{major}"
        assert date.fromisoformat(f"{version.supported_until}-01") > as_of, major
