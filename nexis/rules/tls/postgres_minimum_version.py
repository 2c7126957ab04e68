"""PostgreSQL parameter groups ask for TLS 1.2 or later."""

from __future__ import annotations

from nexis.rules._postgres_parameters import GROUP_TYPES, checks_group, judges_group
from nexis.rules.model import Rule

ID = "tls.postgres-minimum-version"

RULE = Rule(
    id=ID,
    severity="fatal",
    title="PostgreSQL accepts no TLS version below 1.2",
    why="TLS 1.0 and 1.1 are withdrawn; an attacker on the way can push a connection down to them.",
    fix="set ssl_min_protocol_version to TLSv1.3 (or TLSv1.2) in Parameters of the group "
    "(CDK: TlsOnlyParameterGroup, or parameters={'ssl_min_protocol_version': 'TLSv1.3'})",
    types=GROUP_TYPES,
    check=checks_group(ID),
    applies=judges_group(ID),
    claims=("connections.tls",),
    controls={"SOC 2": ("CC6.7",)},
    source="PostgreSQL manual, ssl_min_protocol_version; RFC 8996; RDS User Guide, Using SSL with a PostgreSQL DB "
    "instance",
)
