"""Ports behind which administration and databases listen, and ports whose other side is the whole internet by nature.

Sources: AWS Security Hub User Guide, EC2.13, EC2.14, EC2.19 and EC2.21 (the ports named there); the documentation of
each database for its default port; IANA Service Name and Transport Protocol Port Number Registry. Read 2026-11-23.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Day on which the sources were read.
AS_OF: Final = "2026-11-23"

#: Ports of remote administration, file transfer and management interfaces.
ADMIN_PORTS: Final[Mapping[int, str]] = MappingProxyType(
    {
        20: "FTP data",
        21: "FTP",
        22: "SSH",
        23: "Telnet",
        111: "RPC",
        115: "SFTP",
        135: "Windows RPC",
        137: "NetBIOS",
        138: "NetBIOS",
        139: "NetBIOS",
        389: "LDAP",
        445: "SMB",
        636: "LDAPS",
        873: "rsync",
        2049: "NFS",
        2375: "Docker",
        2376: "Docker",
        3389: "Remote Desktop",
        5500: "VNC",
        5601: "Kibana",
        5900: "VNC",
        5985: "Windows Remote Management",
        5986: "Windows Remote Management",
        6443: "Kubernetes",
        10250: "Kubernetes kubelet",
    }
)

#: Default ports of databases, caches, queues and search engines.
DATABASE_PORTS: Final[Mapping[int, str]] = MappingProxyType(
    {
        1433: "SQL Server",
        1434: "SQL Server",
        1521: "Oracle",
        2181: "ZooKeeper",
        2379: "etcd",
        2380: "etcd",
        2483: "Oracle",
        2484: "Oracle",
        3306: "MySQL",
        4333: "mSQL",
        5432: "PostgreSQL",
        5433: "PostgreSQL",
        5439: "Redshift",
        5671: "AMQP",
        5672: "AMQP",
        5984: "CouchDB",
        6379: "Redis",
        6380: "Redis",
        6432: "PgBouncer",
        7000: "Cassandra",
        7001: "Cassandra",
        7199: "Cassandra",
        7474: "Neo4j",
        7687: "Neo4j",
        8086: "InfluxDB",
        8111: "DAX",
        8123: "ClickHouse",
        8182: "Neptune",
        9000: "ClickHouse",
        9042: "Cassandra",
        9092: "Kafka",
        9093: "Kafka",
        9094: "Kafka",
        9096: "Kafka",
        9098: "Kafka",
        9111: "DAX",
        9142: "Cassandra",
        9160: "Cassandra",
        9200: "Elasticsearch",
        9300: "Elasticsearch",
        11211: "Memcached",
        26257: "CockroachDB",
        27017: "MongoDB",
        27018: "MongoDB",
        27019: "MongoDB",
        28015: "RethinkDB",
        50000: "Db2",
        61616: "ActiveMQ",
        61617: "ActiveMQ",
    }
)

#: What nobody on the internet has any business with.
SENSITIVE_PORTS: Final[Mapping[int, str]] = MappingProxyType({**ADMIN_PORTS, **DATABASE_PORTS})

#: Ports of a website.
WEB_PORTS: Final = frozenset({80, 443})

#: Ports of services that stand anywhere on the internet, so that a rule cannot name a network: name lookup, web,
#: time, and the submission of mail.
SERVICES_ANYWHERE: Final = frozenset({53, 80, 123, 443, 465, 587, 853})

#: A range from here up to the last port is where the answers to a client's connections arrive (RFC 6056, section 2.1).
FIRST_REPLY_PORT: Final = 1024


def sensitive_in(first: int, last: int) -> dict[int, str]:
    """Give the ports of administration and databases within a range, with what listens there.

    Args:
        first: first port.
        last: last port, included.
    """
    return {port: name for port, name in sorted(SENSITIVE_PORTS.items()) if first <= port <= last}


def describe_ports(first: int, last: int) -> str:
    """Write a range of ports as a reader expects it: `22 (SSH)`, `0-65535 (22 SSH, 5432 PostgreSQL and others)`.

    Args:
        first: first port.
        last: last port, included.
    """
    found = sensitive_in(first, last)
    written = str(first) if first == last else f"{first}-{last}"
    if not found:
        return written
    if first == last:
        return f"{written} ({found[first]})"
    named = [f"{port} {found[port]}" for port in (22, 3389, 3306, 5432, *found) if port in found]
    shown = list(dict.fromkeys(named))
    return f"{written} ({', '.join(shown[:2])}{' and others' if len(shown) > 2 else ''})"
