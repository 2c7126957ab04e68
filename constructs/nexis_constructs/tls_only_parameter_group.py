"""A parameter group with which RDS for PostgreSQL speaks TLS only and keeps passwords out of its logs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

from aws_cdk import aws_rds as rds
from constructs import Construct

from nexis.facts.postgres_settings import PARAMETERS, is_weaker, normalise
from nexis.facts.postgres_versions import SUPPORTED, PostgresVersion, nearest_major
from nexis_constructs._checks import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

MinimumTls = Literal["TLSv1.2", "TLSv1.3"]
"""The lowest TLS version a server may accept. Source: RFC 8996 withdraws the versions before 1.2."""

_MINIMUM_TLS_PARAMETER = "ssl_min_protocol_version"
_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?")


def check_major(argument: str, major: int) -> PostgresVersion:
    """Returns what is known of a PostgreSQL major version.

    Args:
        argument: name of the argument, for the message.
        major: the major version found.

    Raises:
        ValueError: if the baseline does not support it.
    """
    if isinstance(major, bool) or not isinstance(major, int) or major not in SUPPORTED:
        nearest = nearest_major(major) if isinstance(major, int) else max(SUPPORTED)
        raise refusal(
            argument,
            got=major,
            expected=f"a supported PostgreSQL major version: {', '.join(map(str, sorted(SUPPORTED)))}",
            do=f"The nearest is {nearest}.",
        )
    return SUPPORTED[major]


def tls_only_parameters(
    *, extra_parameters: Mapping[str, str] | None = None, minimum_tls: MinimumTls = "TLSv1.3"
) -> dict[str, str]:
    """Returns every parameter of a TLS-only DB parameter group, sorted by name.

    Args:
        extra_parameters: further parameters, or a protected one with another value that is as strict.
        minimum_tls: the lowest TLS version that the server accepts.

    Raises:
        ValueError: if a name is not a parameter's, a value is not text, or a protected setting would be weaker.
    """
    if minimum_tls not in get_args(MinimumTls):
        raise refusal(
            "minimum_tls",
            got=minimum_tls,
            expected=" or ".join(get_args(MinimumTls)),
            do="Earlier versions are withdrawn (RFC 8996); choose TLSv1.3 unless a client cannot speak it.",
        )
    parameters = {name: setting.value for name, setting in PARAMETERS.items() if "instance" in setting.scopes}
    parameters[_MINIMUM_TLS_PARAMETER] = minimum_tls
    for name, value in (extra_parameters or {}).items():
        parameters[name] = _check_extra(name, value, minimum_tls)
    return dict(sorted(parameters.items()))


def _check_extra(name: str, value: str, minimum_tls: str) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise refusal(
            "extra_parameters",
            got=name,
            expected="a parameter's name as RDS writes it: lower-case letters, digits, underscores, at most one dot",
            do="Write it as in the RDS console, such as 'work_mem'.",
        )
    if not isinstance(value, str):
        raise refusal(
            f"extra_parameters[{name!r}]", got=value, expected="text", do=f"Write it in quotes, such as {str(value)!r}."
        )
    if is_weaker(name, value):
        setting = PARAMETERS[name]
        raise refusal(
            f"extra_parameters[{name!r}]",
            got=value,
            expected=f"{setting.value!r}, or another value as strict ({', '.join(sorted(setting.accepted))})",
            do=f"{setting.why} Leave the parameter out; the group sets it. Source: {setting.source}",
        )
    if name == _MINIMUM_TLS_PARAMETER and normalise(name, value) != normalise(name, minimum_tls):
        raise refusal(
            f"extra_parameters[{name!r}]",
            got=value,
            expected=f"{minimum_tls!r}, the value of minimum_tls",
            do="State the lowest TLS version once, with minimum_tls.",
        )
    return value


class TlsOnlyParameterGroup(Construct):
    """An RDS DB parameter group for PostgreSQL that refuses plain-text connections and old TLS.

    The settings and the reasons for them are one table, `nexis.facts.postgres_settings`. For a DB instance: Aurora and
    Multi-AZ DB clusters read `rds.force_ssl` from a cluster parameter group only.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        major: PostgreSQL major version.
        extra_parameters: further parameters by name. A weaker value of a protected setting is refused.
        minimum_tls: the lowest TLS version that the server accepts.

    Attributes:
        parameters: every parameter of the group.
        version: the PostgreSQL major version and the engine version that goes with it.
        resource: the parameter group.

    Raises:
        ValueError: if the major is not supported, or a parameter is refused.

    Source: Amazon RDS User Guide, "Using SSL with a PostgreSQL DB instance"; PostgreSQL manual, "Connections and
    Authentication".

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import TlsOnlyParameterGroup

        app = App()
        stack = Stack(app, "Billing")
        group = TlsOnlyParameterGroup(stack, "Parameters", major=17, extra_parameters={"work_mem": "65536"})
        assert group.parameters["rds.force_ssl"] == "1"
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        major: int = 17,
        extra_parameters: Mapping[str, str] | None = None,
        minimum_tls: MinimumTls = "TLSv1.3",
    ) -> None:
        self.version = check_major("major", major)
        self.parameters = tls_only_parameters(extra_parameters=extra_parameters, minimum_tls=minimum_tls)
        super().__init__(scope, construct_id)
        self.resource = rds.CfnDBParameterGroup(
            self,
            "Resource",
            family=self.version.parameter_group_family,
            description=f"PostgreSQL {major}: TLS only, {minimum_tls} or later, SCRAM passwords, none in the logs",
            parameters=self.parameters,
        )

    @property
    def name(self) -> str:
        """The parameter group's name, for a DB instance."""
        return self.resource.ref
