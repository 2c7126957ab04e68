from __future__ import annotations

from datetime import date

import pytest

from nexis.facts import network_ports, network_security_groups
from nexis.facts.network_ports import (
    ADMIN_PORTS,
    DATABASE_PORTS,
    SENSITIVE_PORTS,
    SERVICES_ANYWHERE,
    WEB_PORTS,
    describe_ports,
    sensitive_in,
)
from nexis.facts.network_security_groups import SECURITY_GROUP_PATHS


def test_tables_are_dated() -> None:
    for table in (network_ports, network_security_groups):
        assert date.fromisoformat(table.AS_OF) <= date(2026, 11, 23)


def test_ports_are_ports_and_stand_in_one_table() -> None:
    assert all(0 < port < 65536 for port in SENSITIVE_PORTS)
    assert not set(ADMIN_PORTS) & set(DATABASE_PORTS)
    assert not set(SENSITIVE_PORTS) & (SERVICES_ANYWHERE | WEB_PORTS)
    assert list(ADMIN_PORTS) == sorted(ADMIN_PORTS)
    assert list(DATABASE_PORTS) == sorted(DATABASE_PORTS)


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (443, 443, "443"),
        (22, 22, "22 (SSH)"),
        (100, 110, "100-110"),
        (5432, 5433, "5432-5433 (5432 PostgreSQL, 5433 PostgreSQL)"),
        (0, 65535, "0-65535 (22 SSH, 3389 Remote Desktop and others)"),
    ],
)
def test_ports_are_described(first: int, last: int, written: str) -> None:
    assert describe_ports(first, last) == written


def test_a_range_of_ports_holds_what_is_in_it() -> None:
    assert sensitive_in(22, 23) == {22: "SSH", 23: "Telnet"}
    assert sensitive_in(80, 80) == {}
    assert sensitive_in(5, 4) == {}


def test_security_group_paths_are_of_resource_types() -> None:
    assert list(SECURITY_GROUP_PATHS) == sorted(SECURITY_GROUP_PATHS)
    assert SECURITY_GROUP_PATHS["AWS::RDS::DBInstance"] == ("VPCSecurityGroups",)
    for kind, paths in SECURITY_GROUP_PATHS.items():
        assert kind.count("::") == 2
        assert paths
        assert len(set(paths)) == len(paths)
