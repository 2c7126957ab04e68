"""Which parameter makes a database server answer nothing but TLS."""

from __future__ import annotations

import pytest

from nexis.facts.tls_servers import DB2, MYSQL, SQL_SERVER, ServerSetting


@pytest.mark.parametrize("setting", [MYSQL, SQL_SERVER, DB2], ids=lambda setting: setting.parameter)
def test_the_suggested_value_is_accepted(setting: ServerSetting) -> None:
    assert setting.value.lower() in setting.accepted


@pytest.mark.parametrize(
    ("setting", "family", "has", "on"),
    [
        (MYSQL, "mysql5.6", False, False),
        (MYSQL, "mysql5.7", True, False),
        (MYSQL, "mysql8.4", True, False),
        (MYSQL, "mysql9.7", True, True),
        (MYSQL, "mysql10.0", True, True),
        (MYSQL, "aurora-mysql8.0", True, False),
        (MYSQL, "aurora5.6", False, False),
        (MYSQL, "mariadb10.4", False, False),
        (MYSQL, "mariadb10.11", True, False),
        (MYSQL, "mariadb11.4", True, False),
        (MYSQL, "mariadb11.8", True, True),
        (MYSQL, "postgres17", False, False),
        (SQL_SERVER, "sqlserver-se-16.0", True, False),
        (SQL_SERVER, "mysql8.4", False, False),
        (DB2, "db2-ae-11.5", True, False),
        (DB2, "oracle-se2-19", False, False),
    ],
)
def test_families(setting: ServerSetting, family: str, has: bool, on: bool) -> None:
    assert bool(setting.family.match(family)) is has
    assert setting.is_on_by_default(family) is on
