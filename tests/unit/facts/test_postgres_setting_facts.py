"""The protected PostgreSQL settings: good, weak, unknown, in every spelling PostgreSQL understands."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.facts.postgres_settings import (
    LOGGING_SETTINGS,
    PARAMETERS,
    TLS_SETTINGS,
    Setting,
    is_protected,
    is_weaker,
    normalise,
)

_SETTINGS = pytest.mark.parametrize("setting", PARAMETERS.values(), ids=lambda setting: setting.name)


def test_what_the_promises_need_is_protected() -> None:
    assert {setting.name for setting in TLS_SETTINGS} == {
        "rds.force_ssl",
        "ssl_min_protocol_version",
        "password_encryption",
        "rds.accepted_password_auth_method",
    }
    assert {setting.name for setting in LOGGING_SETTINGS} == {
        "log_connections",
        "log_disconnections",
        "log_statement",
        "log_min_error_statement",
        "pg_stat_statements.track_utility",
    }
    assert set(PARAMETERS) == {setting.name for setting in TLS_SETTINGS + LOGGING_SETTINGS}


@_SETTINGS
def test_what_we_set_is_accepted(setting: Setting) -> None:
    assert normalise(setting.name, setting.value) in setting.accepted
    assert not is_weaker(setting.name, setting.value)


@_SETTINGS
def test_accepted_values_are_written_normalised(setting: Setting) -> None:
    for value in setting.accepted:
        assert normalise(setting.name, value) == value


@_SETTINGS
def test_every_setting_says_why_where_and_when(setting: Setting) -> None:
    assert setting.why.endswith(".")
    assert setting.source.startswith("https://")
    date.fromisoformat(setting.as_of)
    assert setting.scopes <= {"instance", "cluster"}
    assert setting.scopes


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rds.force_ssl", "0"),
        ("rds.force_ssl", "off"),
        ("ssl_min_protocol_version", "TLSv1"),
        ("ssl_min_protocol_version", "TLSv1.1"),
        ("ssl_min_protocol_version", ""),
        ("password_encryption", "md5"),
        ("password_encryption", "on"),
        ("rds.accepted_password_auth_method", "md5+scram"),
        ("log_connections", "0"),
        ("log_connections", "receipt"),
        ("log_connections", "receipt,authentication"),
        ("log_connections", ""),
        ("log_disconnections", "no"),
        ("log_statement", "ddl"),
        ("log_statement", "all"),
        ("log_min_error_statement", "error"),
        ("log_min_error_statement", "fatal"),
        ("pg_stat_statements.track_utility", "1"),
        ("pg_stat_statements.track_utility", "on"),
    ],
)
def test_a_weaker_value_is_found(name: str, value: str) -> None:
    assert is_weaker(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rds.force_ssl", "1"),
        ("rds.force_ssl", " ON "),
        ("rds.force_ssl", "True"),
        ("rds.force_ssl", "y"),
        ("RDS.Force_SSL", "1"),
        ("ssl_min_protocol_version", "TLSv1.2"),
        ("ssl_min_protocol_version", "tlsv1.3"),
        ("ssl_min_protocol_version", "'TLSv1.3'"),
        ("password_encryption", "SCRAM-SHA-256"),
        ("log_connections", "yes"),
        ("log_connections", "all"),
        ("log_connections", "authorization, receipt ,authentication"),
        ("log_connections", "receipt,authentication,authorization,setup_durations"),
        ("log_statement", "None"),
        ("log_min_error_statement", "PANIC"),
        ("pg_stat_statements.track_utility", "of"),
    ],
)
def test_the_same_strength_in_another_spelling_is_not_weaker(name: str, value: str) -> None:
    assert not is_weaker(name, value)


@pytest.mark.parametrize("value", ["o", "2", "-1", "enabled", "ja", "{DBInstanceClassMemory/32768}", "1,0", "1 1"])
def test_a_value_nobody_understands_counts_as_weaker(value: str) -> None:
    assert is_weaker("rds.force_ssl", value)


@_SETTINGS
@given(value=st.text(max_size=30))
def test_any_text_is_either_accepted_after_normalising_or_weaker(setting: Setting, value: str) -> None:
    assert is_weaker(setting.name, value) == (normalise(setting.name, value) not in setting.accepted)
    assert normalise(setting.name, normalise(setting.name, value)) in {normalise(setting.name, value), "0", "1"}


@pytest.mark.parametrize("name", ["max_connections", "shared_buffers", "rds.force_ssl2", ""])
def test_other_parameters_are_free(name: str) -> None:
    assert not is_protected(name)
    assert not is_weaker(name, "0")
    with pytest.raises(KeyError):
        normalise(name, "0")


def test_the_defaults_that_would_break_the_promise_are_known_as_weaker() -> None:
    weak_by_default = {s.name for s in PARAMETERS.values() if s.default is not None and is_weaker(s.name, s.default)}
    assert weak_by_default == {
        "rds.accepted_password_auth_method",
        "log_connections",
        "log_disconnections",
        "log_min_error_statement",
        "pg_stat_statements.track_utility",
    }


def test_tls_settings_cannot_be_overridden_by_an_aurora_instance() -> None:
    assert not any(setting.aurora_instance for setting in TLS_SETTINGS)
    assert all(setting.aurora_instance for setting in LOGGING_SETTINGS)
