"""PostgreSQL parameter groups ask for TLS 1.2 or later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.postgres_settings import PARAMETERS
from nexis.rules._postgres_parameters import GROUP_TYPES, checks_group, judges_group, setting_problems
from nexis.rules.model import Rule
from nexis.rules.tls._postgres_groups import is_set_right
from nexis.templates.views import Absent, Undetermined, as_mapping, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules.model import Problem
    from nexis.templates.views import View

ID: Final = "tls.postgres-minimum-version"
NAME: Final = "ssl_min_protocol_version"


def _is_set(group: View) -> bool:
    parameters = group.get("Parameters")
    names = () if isinstance(parameters, Absent) else as_mapping(parameters)
    return not isinstance(parameters, (Absent, dict)) or any(
        isinstance(name, str)
        and name.strip().lower() == NAME
        and not isinstance(group.peek("Parameters", name), Absent)
        for name in names
    )


_judges_group: Final = judges_group(ID)


def _judges(group: View) -> bool:
    try:
        return _judges_group(group)
    except Undetermined:
        if not _is_set(group) or is_set_right(group, NAME):
            return False  # whatever its family is
        raise


def _check(group: View) -> Iterator[Problem]:
    # The server's own default has been TLSv1.2 since PostgreSQL 13.
    if _is_set(group):
        yield from checks_group(ID)(group)


def _check_set(group: View) -> Iterator[Problem]:
    if not _is_set(group):
        yield from (p for p in setting_problems(group, PARAMETERS[NAME]) if p.property == place("Parameters", NAME))


_GROUP: Final = {
    "TlsOnly": {
        "Type": "AWS::RDS::DBParameterGroup",
        "Properties": {"Description": "TLS only", "Family": "postgres17", "Parameters": {NAME: "TLSv1.3"}},
    }
}
_CDK: Final = """\
TlsOnlyParameterGroup(self, "TlsOnly")
# or, with aws-cdk-lib alone:
engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17)
rds.ParameterGroup(self, "Tls13", engine=engine, parameters={"ssl_min_protocol_version": "TLSv1.3"})
"""

RULES = (
    Rule(
        id=ID,
        severity="fatal",
        title="PostgreSQL accepts no TLS version below 1.2",
        why="TLS 1.0 and 1.1 are withdrawn; an attacker on the way can push a connection down to them.",
        fix="set ssl_min_protocol_version to TLSv1.3 (or TLSv1.2) in Parameters of the group, or leave it out "
        "(CDK: TlsOnlyParameterGroup, or parameters={'ssl_min_protocol_version': 'TLSv1.3'})",
        types=GROUP_TYPES,
        check=_check,
        applies=_judges,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",)},
        source="PostgreSQL manual, ssl_min_protocol_version; RFC 8996; RDS User Guide, Using SSL with a PostgreSQL DB "
        "instance",
        cdk=_CDK,
        example=_GROUP,
    ),
    Rule(
        id="tls.postgres-minimum-version-set",
        severity="fatal",
        title="PostgreSQL's lowest TLS version is written down",
        why="The default is TLS 1.2 and not ours to keep; our promise is 1.3, and what is not written drifts unseen.",
        fix="set ssl_min_protocol_version to TLSv1.3 (or TLSv1.2) in Parameters of the group "
        "(CDK: TlsOnlyParameterGroup, or parameters={'ssl_min_protocol_version': 'TLSv1.3'})",
        types=GROUP_TYPES,
        check=_check_set,
        applies=_judges_group,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",)},
        source="PostgreSQL manual, ssl_min_protocol_version; RFC 8996",
        cdk=_CDK,
        example=_GROUP,
        scope="baseline",
    ),
)
