"""TLS policies by name."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import Session

from nexis.facts import tls_policies
from nexis.facts.tls_policies import Policies

TABLES = [value for value in vars(tls_policies).values() if isinstance(value, Policies)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.recommended)
def test_the_recommended_policy_is_in_the_table_and_current(table: Policies) -> None:
    assert table.lowest[table.recommended] >= tls_policies.LOWEST
    assert table.is_current(table.recommended)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.recommended)
def test_names_say_what_the_table_says(table: Policies) -> None:
    for name, lowest in table.lowest.items():
        match = table.naming.match(name)
        if match is not None:
            assert (1, int(match["minor"])) == lowest, name


@pytest.mark.parametrize(
    ("service", "shape", "table"),
    [
        ("apigateway", "SecurityPolicy", tls_policies.API_GATEWAY),
        ("cloudfront", "MinimumProtocolVersion", tls_policies.CLOUDFRONT),
        ("opensearch", "TLSSecurityPolicy", tls_policies.OPENSEARCH),
    ],
)
def test_the_tables_list_what_the_api_accepts(service: str, shape: str, table: Policies) -> None:
    found: Any = Session().get_service_model(service).shape_for(shape)
    assert set(found.enum) == set(table.lowest)


@pytest.mark.parametrize(
    ("table", "name", "current"),
    [
        (tls_policies.LOAD_BALANCER, "ELBSecurityPolicy-TLS13-1-3-2031-01", True),
        (tls_policies.LOAD_BALANCER, "ELBSecurityPolicy-TLS13-1-1-2031-01", False),
        (tls_policies.LOAD_BALANCER, "ELBSecurityPolicy-2031-01", False),
        (tls_policies.LOAD_BALANCER, "ELBSecurityPolicy-2016-08", False),
        (tls_policies.CLOUDFRONT, "TLSv1.3_2031", True),
        (tls_policies.CLOUDFRONT, "TLSv1.12_2031", False),
        (tls_policies.API_GATEWAY, "SecurityPolicy_TLS13_1_4_2031_01", True),
        (tls_policies.OPENSEARCH, "Policy-Min-TLS-1-3-2031-01", True),
        (tls_policies.LIGHTSAIL, "TLS-2016-08", False),
        (tls_policies.IOT, "IoTSecurityPolicy_TLS12_1_0_2016_01", False),
    ],
)
def test_a_name_that_is_not_in_the_table_is_read(table: Policies, name: str, current: bool) -> None:
    assert table.is_current(name) is current


@pytest.mark.parametrize(
    ("name", "weak"),
    [
        ("ECDHE-RSA-AES128-GCM-SHA256", False),
        ("ECDHE-ECDSA-AES256-SHA384", False),
        ("AES128-SHA256", False),
        ("ECDHE-RSA-AES128-SHA", True),
        ("DES-CBC3-SHA", True),
        ("RC4-MD5", True),
        ("EXP-RC4-MD5", True),
        ("DHE-DSS-AES128-GCM-SHA256", True),
        ("TLS_RSA_WITH_NULL_SHA256", True),
        ("CAMELLIA128-SHA256", True),
        ("", False),
    ],
)
def test_weak_ciphers(name: str, weak: bool) -> None:
    assert tls_policies.is_weak_cipher(name) is weak
