"""What database hosts are told: what all hosts of a cluster share, and what one host knows about itself.

`ClusterSettings` are known when the app is synthesized; they travel with the program as `cluster.json`. `HostSettings`
hold ids and ARNs that only the deployment knows; cloud-init writes them to `/etc/nexis/host.json`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Self

from nexis.facts.cidr import opens_to_anyone, read_range
from nexis.facts.postgres_versions import SUPPORTED

if TYPE_CHECKING:
    from collections.abc import Mapping

TLS_VERSIONS: Final = ("TLSv1.3", "TLSv1.2")
"""What the lowest version may be, best first. Source: RFC 8996 withdraws everything below."""

REPLICATION_ROLE: Final = "replicator"

_ROLE: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_NETWORK_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,62}")
_DNS_NAME: Final = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+"
)


class SettingsError(ValueError):
    """A host was told something that is not as it must be; the message says what was found and what was expected."""


def refuse(name: str, *, got: object, expected: str, do: str) -> SettingsError:
    """Make the error for a value that is not as it must be.

    Args:
        name: of the value.
        got: what was found.
        expected: what was expected.
        do: what to do.
    """
    return SettingsError(f"{name}: got {got!r}, expected {expected}. {do}")


def check_dns_name(name: str, value: object) -> str:
    """Return a DNS name of two labels or more, in lower case.

    Args:
        name: of the value, for the message.
        value: what was found.

    Raises:
        SettingsError: it is none.

    Source: RFC 1035, section 2.3; RFC 5890, section 2.3.1 (letters, digits, hyphens).
    """
    if not isinstance(value, str) or not _DNS_NAME.fullmatch(value):
        raise refuse(
            name,
            got=value,
            expected="a DNS name in lower-case letters, digits and hyphens, such as host-1.db.nexis.internal",
            do="Write the whole name, without a final dot.",
        )
    return value


def check_network(name: str, value: object) -> str:
    """Return an address range as PostgreSQL and EC2 write it.

    Args:
        name: of the value, for the message.
        value: a CIDR, with its host bits cleared.

    Raises:
        SettingsError: it is none, has host bits set, or holds more addresses than one organisation has.
    """
    expected = "the address range of a network that is yours, such as 10.20.0.0/16"
    do = "Write each client network with its own prefix length."
    if not isinstance(value, str):
        raise refuse(name, got=value, expected=expected, do=do)
    try:
        network = read_range(value)
        exact = str(network) == value and (IPv4Network if "." in value else IPv6Network)(value) == network
    except ValueError as error:
        raise refuse(name, got=value, expected=expected, do=do) from error
    if not exact:
        raise refuse(name, got=value, expected=f"{network}, the same range as it is written", do=do)
    if network.is_unspecified or network.prefixlen == 0 or opens_to_anyone([network]):
        raise refuse(name, got=value, expected=expected, do="Name your own networks; the world is not one of them.")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """What all hosts of one cluster are told.

    Attributes:
        cluster: name of its private DNS zone.
        postgresql_major: the PostgreSQL major version, one of `nexis.facts.postgres_versions.SUPPORTED`.
        minimum_tls: the lowest TLS version a client may use: TLSv1.3, or TLSv1.2 for older drivers.
        client_networks: address ranges that may connect, by name; a name is written beside its line.
        host_networks: address ranges the cluster's own hosts live in: they replicate.
        replication_role: the PostgreSQL role that replicates.
        pgaudit: whether pgaudit is loaded; off only where it is not installed.
        max_connections: most sessions at a time.
        parameters: further PostgreSQL settings, for tuning; a protected one is refused by the renderer.

    Raises:
        SettingsError: if a value is not as described.
    """

    cluster: str
    postgresql_major: int = 17
    minimum_tls: str = "TLSv1.3"
    client_networks: Mapping[str, str] = field(default_factory=dict)
    host_networks: tuple[str, ...] = ()
    replication_role: str = REPLICATION_ROLE
    pgaudit: bool = True
    max_connections: int = 200
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_dns_name("cluster", self.cluster)
        if self.postgresql_major not in SUPPORTED or isinstance(self.postgresql_major, bool):
            raise refuse(
                "postgresql_major",
                got=self.postgresql_major,
                expected=f"one of {', '.join(map(str, SUPPORTED))}",
                do="Choose a major that PostgreSQL still supports.",
            )
        if self.minimum_tls not in TLS_VERSIONS:
            raise refuse(
                "minimum_tls",
                got=self.minimum_tls,
                expected=" or ".join(TLS_VERSIONS),
                do="Choose TLSv1.3, or TLSv1.2 while a driver needs it.",
            )
        for name, network in self.client_networks.items():
            if not _NETWORK_NAME.fullmatch(name):
                raise refuse(
                    "client_networks",
                    got=name,
                    expected="names of lower-case letters, digits and hyphens",
                    do="Name each network after who lives in it.",
                )
            check_network(f"client_networks.{name}", network)
        for number, network in enumerate(self.host_networks):
            check_network(f"host_networks[{number}]", network)
        if not _ROLE.fullmatch(self.replication_role) or self.replication_role in ("postgres", "all", "replication"):
            raise refuse(
                "replication_role",
                got=self.replication_role,
                expected="the name of a role of its own, in lower-case letters, digits and underscores",
                do=f"Leave it at {REPLICATION_ROLE!r}.",
            )
        if not isinstance(self.pgaudit, bool):
            raise refuse("pgaudit", got=self.pgaudit, expected="true or false", do="Leave it at true.")
        if isinstance(self.max_connections, bool) or not isinstance(self.max_connections, int):
            raise refuse("max_connections", got=self.max_connections, expected="a whole number", do="Leave it at 200.")
        if not 10 <= self.max_connections <= 10_000:
            raise refuse("max_connections", got=self.max_connections, expected="10 to 10000", do="Leave it at 200.")
        for name, value in self.parameters.items():
            if not isinstance(name, str) or not isinstance(value, str):
                raise refuse("parameters", got={name: value}, expected="text by name", do="Write values in quotes.")
        object.__setattr__(self, "client_networks", MappingProxyType(dict(sorted(self.client_networks.items()))))
        object.__setattr__(self, "host_networks", tuple(self.host_networks))
        object.__setattr__(self, "parameters", MappingProxyType(dict(sorted(self.parameters.items()))))

    def document(self) -> dict[str, Any]:
        """Return the settings as a JSON object."""
        return _document(self)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `document` gave, as JSON.

        Args:
            text: the JSON text.

        Raises:
            SettingsError: it is no JSON, a value is missing, unknown, or not as described.
        """
        return cls(
            **_checked(cls, text, "cluster.json", lists=("host_networks",), objects=("client_networks", "parameters"))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSettings:
    """What one host knows about itself: names, ids and ARNs, never a secret.

    Attributes:
        host: its own DNS name.
        members: DNS names of all hosts of the cluster, its own among them.
        writer: DNS name of the host that accepts writes.
        readers: DNS name of the hosts that answer reads.
        zone_name: name of the private DNS zone.
        hosted_zone_id: id of that zone.
        availability_zone: the zone it runs in.
        region: the AWS region.
        postgresql_major: the PostgreSQL major version.
        log_group: the CloudWatch log group it writes to.
        log_stream: its own stream there.
        passwords: ARN of the secret of each PostgreSQL role it may read, by role.
        certificate_authority: ARN of the private CA that signs its certificate.
        certificate_days: how long a certificate is asked for, in days.
        metrics_namespace: the CloudWatch namespace of its metrics.

    Raises:
        SettingsError: if a value is not as described.
    """

    host: str
    members: tuple[str, ...]
    writer: str
    readers: str
    zone_name: str
    hosted_zone_id: str
    availability_zone: str
    region: str
    postgresql_major: int
    log_group: str
    log_stream: str
    passwords: Mapping[str, str]
    certificate_authority: str
    certificate_days: int = 7
    metrics_namespace: str = "Nexis/DatabaseHost"

    def __post_init__(self) -> None:
        for name in ("host", "writer", "readers", "zone_name"):
            check_dns_name(name, getattr(self, name))
        for number, member in enumerate(self.members):
            check_dns_name(f"members[{number}]", member)
        if self.host not in self.members:
            raise refuse("members", got=list(self.members), expected=f"{self.host} among them", do="Name every host.")
        for name in (
            "hosted_zone_id",
            "availability_zone",
            "region",
            "log_group",
            "log_stream",
            "certificate_authority",
            "metrics_namespace",
        ):
            value = getattr(self, name)
            if not isinstance(value, str) or not value or "${" in value:
                raise refuse(name, got=value, expected="text", do="Look how cloud-init wrote the file.")
        if self.postgresql_major not in SUPPORTED:
            raise refuse("postgresql_major", got=self.postgresql_major, expected=f"one of {sorted(SUPPORTED)}", do="")
        if (
            isinstance(self.certificate_days, bool)
            or not isinstance(self.certificate_days, int)
            or not (1 <= self.certificate_days <= 397)
        ):
            raise refuse("certificate_days", got=self.certificate_days, expected="1 to 397 days", do="Use 7.")
        object.__setattr__(self, "members", tuple(self.members))
        object.__setattr__(self, "passwords", MappingProxyType(dict(sorted(self.passwords.items()))))

    @property
    def certificate_names(self) -> tuple[str, ...]:
        """The DNS names that the host's certificate must hold as SANs: its own, the writer's, the readers'."""
        return (self.host, self.writer, self.readers)

    def document(self) -> dict[str, Any]:
        """Return the settings as a JSON object."""
        return _document(self)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `document` gave, as JSON.

        Args:
            text: the JSON text.

        Raises:
            SettingsError: it is no JSON, a value is missing, unknown, or not as described.
        """
        return cls(**_checked(cls, text, "host.json", lists=("members",), objects=("passwords",)))


def _document(settings: ClusterSettings | HostSettings) -> dict[str, Any]:
    values = {item.name: getattr(settings, item.name) for item in fields(settings)}
    plain = {
        name: list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, MappingProxyType) else value
        for name, value in values.items()
    }
    return dict(sorted(plain.items()))


def _checked(
    cls: type[ClusterSettings | HostSettings], text: str, file: str, *, lists: tuple[str, ...], objects: tuple[str, ...]
) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise refuse(file, got=str(error), expected="a JSON object", do="Deploy again; do not edit it.") from error
    if not isinstance(found, dict):
        raise refuse(file, got=type(found).__name__, expected="a JSON object", do="Deploy again; do not edit it.")
    names = {item.name for item in fields(cls)}
    if set(found) != names:
        raise refuse(
            file,
            got={"missing": sorted(names - set(found)), "unknown": sorted(set(found) - names)},
            expected=f"exactly {', '.join(sorted(names))}",
            do="The program and its settings come from different versions: deploy again.",
        )
    for name in lists:
        if not isinstance(found[name], list) or not all(isinstance(item, str) for item in found[name]):
            raise refuse(name, got=found[name], expected="a list of text", do="Deploy again; do not edit it.")
        found[name] = tuple(found[name])
    for name in objects:
        value = found[name]
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise refuse(name, got=value, expected="text by name", do="Deploy again; do not edit it.")
    return found
