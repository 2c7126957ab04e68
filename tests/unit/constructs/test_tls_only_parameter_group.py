from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexis.facts.postgres_settings import PARAMETERS, is_weaker
from nexis.facts.postgres_versions import SUPPORTED
from nexis_constructs.tls_only_parameter_group import MinimumTls, TlsOnlyParameterGroup, tls_only_parameters
from tests.support.database_templates import Synthesized, new_stack

WEAK = {
    "rds.force_ssl": ("0", "off", "OFF", " off ", "false", "no", "f", ""),
    "ssl_min_protocol_version": ("TLSv1", "TLSv1.1", "tlsv1.1", "''", ""),
    "password_encryption": ("md5", "MD5", "on", ""),
    "rds.accepted_password_auth_method": ("md5+scram", "md5", ""),
    "log_connections": ("0", "off", "", "receipt"),
    "log_disconnections": ("0", "off", "fal", ""),
    "log_statement": ("ddl", "mod", "all", "DDL", ""),
    "log_min_error_statement": ("error", "fatal", "log", ""),
    "pg_stat_statements.track_utility": ("1", "on", "true", "yes", ""),
}


@pytest.mark.parametrize("major", sorted(SUPPORTED))
def test_every_protected_setting_is_set_for_every_major(major: int) -> None:
    stack = new_stack()
    group = TlsOnlyParameterGroup(stack, "Parameters", major=major)
    properties = Synthesized(stack).properties(group.resource)
    assert properties["Family"] == SUPPORTED[major].parameter_group_family
    for name, setting in PARAMETERS.items():
        assert properties["Parameters"][name] == setting.value, f"{name} in {properties['Family']}"


def test_the_promise_in_plain_words() -> None:
    parameters = tls_only_parameters()
    assert parameters["rds.force_ssl"] == "1"
    assert parameters["ssl_min_protocol_version"] == "TLSv1.3"
    assert parameters["rds.accepted_password_auth_method"] == "scram"


def test_the_weak_values_cover_every_protected_setting() -> None:
    assert sorted(WEAK) == sorted(PARAMETERS)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WEAK.items() for value in values])
def test_a_weaker_value_is_refused_in_every_spelling(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"extra_parameters\['.*'\]: got") as refused:
        TlsOnlyParameterGroup(new_stack(), "Parameters", extra_parameters={name: value})
    assert name in str(refused.value)
    assert PARAMETERS[name].value in str(refused.value)
    assert PARAMETERS[name].why in str(refused.value)


def test_extra_parameters_are_added_and_change_nothing_else() -> None:
    assert tls_only_parameters(extra_parameters={"work_mem": "65536", "auto_explain.log_analyze": "0"}) == {
        **tls_only_parameters(),
        "auto_explain.log_analyze": "0",
        "work_mem": "65536",
    }


def test_an_equally_strict_spelling_is_accepted() -> None:
    assert tls_only_parameters(extra_parameters={"rds.force_ssl": "on"})["rds.force_ssl"] == "on"


def test_tls_1_2_is_an_option() -> None:
    assert tls_only_parameters(minimum_tls="TLSv1.2")["ssl_min_protocol_version"] == "TLSv1.2"


@pytest.mark.parametrize("minimum", ["TLSv1", "TLSv1.1", "tlsv1.3", "", None])
def test_withdrawn_or_misspelled_tls_is_refused(minimum: MinimumTls) -> None:
    with pytest.raises(ValueError, match=r"minimum_tls: got .*TLSv1\.2 or TLSv1\.3"):
        TlsOnlyParameterGroup(new_stack(), "Parameters", minimum_tls=minimum)


def test_the_lowest_tls_version_is_stated_once() -> None:
    with pytest.raises(ValueError, match="State the lowest TLS version once"):
        tls_only_parameters(extra_parameters={"ssl_min_protocol_version": "TLSv1.2"})
    assert tls_only_parameters(extra_parameters={"ssl_min_protocol_version": "TLSv1.2"}, minimum_tls="TLSv1.2")


@pytest.mark.parametrize(
    "name", ["RDS.FORCE_SSL", " rds.force_ssl", "rds.force_ssl ", "a.b.c", "", "log-connections", 1]
)
def test_a_name_in_another_spelling_cannot_slip_past(name: str) -> None:
    with pytest.raises(ValueError, match="extra_parameters: got"):
        tls_only_parameters(extra_parameters={name: "0"})


@pytest.mark.parametrize("value", [1, True, None, ["1"]])
def test_a_value_that_is_not_text_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="expected text"):
        tls_only_parameters(extra_parameters={"work_mem": value})


@pytest.mark.parametrize("major", [9, 14, 99, 17.0, "17", True, None])
def test_an_unsupported_major_is_refused_with_the_nearest(major: int) -> None:
    with pytest.raises(ValueError, match=r"major: got .*nearest is \d+"):
        TlsOnlyParameterGroup(new_stack(), "Parameters", major=major)


@settings(deadline=None)  # a first call starts the CDK
@given(st.sampled_from(sorted(PARAMETERS)), st.text(max_size=20))
def test_no_text_at_all_weakens_a_protected_setting(name: str, value: str) -> None:
    try:
        parameters = tls_only_parameters(extra_parameters={name: value})
    except ValueError:
        return
    assert not is_weaker(name, parameters[name])


@settings(deadline=None)  # a first call starts the CDK
@given(st.dictionaries(st.from_regex(r"[a-z_][a-z0-9_]{0,20}(\.[a-z_][a-z0-9_]{0,10})?", fullmatch=True), st.text()))
def test_whatever_is_added_the_protected_settings_stay(extra: dict[str, str]) -> None:
    others = {name: value for name, value in extra.items() if name not in PARAMETERS}
    parameters = tls_only_parameters(extra_parameters=others)
    assert {name: parameters[name] for name in PARAMETERS} == tls_only_parameters()
    assert others.items() <= parameters.items()
