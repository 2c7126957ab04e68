"""The PostgreSQL settings that keep connections TLS-only and passwords out of the logs, for RDS and Aurora.

One table. `TlsOnlyParameterGroup` writes `value` for every setting in it, refuses anything outside `accepted`, and the
rules judge parameter groups of other teams by the same two columns.

Sources: PostgreSQL manual, chapter "Server Configuration"; RDS User Guide, "Using SSL with a PostgreSQL DB instance",
"Working with parameters on your RDS for PostgreSQL DB instance"; Aurora User Guide, "Amazon Aurora PostgreSQL
parameters".
"""

from __future__ import annotations

from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Kinds of parameter group. `instance`: AWS::RDS::DBParameterGroup; `cluster`: AWS::RDS::DBClusterParameterGroup.
Scope = Literal["instance", "cluster"]

_BOTH: Final[frozenset[Scope]] = frozenset({"instance", "cluster"})
_MANUAL: Final = "https://www.postgresql.org/docs/current/"
_RDS_TLS: Final = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html"
_RDS_SCRAM: Final = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL_Password_Encryption_configuration.html"
)
_RDS_PARAMETERS: Final = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html"
)
_AS_OF: Final = "2026-11-01"

#: How PostgreSQL spells a boolean: any of these or an unambiguous beginning of one, in either case.
#: Source: PostgreSQL manual, "Setting Parameters", "Parameter Names and Values".
_TRUE: Final = frozenset({"on", "t", "tr", "tru", "true", "y", "ye", "yes", "1"})
_FALSE: Final = frozenset({"of", "off", "f", "fa", "fal", "fals", "false", "n", "no", "0"})


@record
class Setting:
    """A parameter that is protected: what we set, and what is at least as strict.

    Attributes:
        name: The parameter's name in an RDS parameter group.
        value: What our constructs set, as RDS spells it.
        accepted: Normalised values that are at least as strict as the promise (see `normalise`).
        default: The value in force on PostgreSQL 15 and later when a parameter group of ours leaves it out;
            None if AWS documents none, or if it differs between the families.
        kind: How values are compared: `boolean`, `choice` (one word), or `list` (words separated by commas).
        scopes: The kinds of parameter group in which it can be set.
        aurora_instance: True if an Aurora instance's own DB parameter group can override the cluster's value.
        why: What goes wrong without it, in one sentence.
        source: The page that documents it.
        as_of: Day on which the page was read, ISO 8601.
    """

    name: str
    value: str
    accepted: frozenset[str]
    default: str | None
    kind: Literal["boolean", "choice", "list"]
    scopes: frozenset[Scope]
    aurora_instance: bool
    why: str
    source: str
    as_of: str = _AS_OF


TLS_SETTINGS: Final[tuple[Setting, ...]] = (
    Setting(
        name="rds.force_ssl",
        value="1",
        accepted=frozenset({"1"}),
        default=None,  # 1 for RDS from PostgreSQL 15 (17 on Aurora), 0 before
        kind="boolean",
        scopes=_BOTH,
        aurora_instance=False,
        why="Without it the server also answers connections in plain text.",
        source=_RDS_TLS,
    ),
    Setting(
        name="ssl_min_protocol_version",
        value="TLSv1.3",
        accepted=frozenset({"tlsv1.2", "tlsv1.3"}),
        default=None,  # RDS lists no default; the server's own is TLSv1.2
        kind="choice",
        scopes=_BOTH,
        aurora_instance=False,
        why="TLS 1.0 and 1.1 are withdrawn (RFC 8996) and must not be negotiated.",
        source=_MANUAL + "runtime-config-connection.html#GUC-SSL-MIN-PROTOCOL-VERSION",
    ),
    Setting(
        name="password_encryption",
        value="scram-sha-256",
        accepted=frozenset({"scram-sha-256"}),
        default="scram-sha-256",
        kind="choice",
        scopes=_BOTH,
        aurora_instance=False,
        why="An md5 verifier is as good as the password to whoever reads it.",
        source=_RDS_SCRAM,
    ),
    Setting(
        name="rds.accepted_password_auth_method",
        value="scram",
        accepted=frozenset({"scram"}),
        default="md5+scram",
        kind="choice",
        scopes=_BOTH,
        aurora_instance=False,
        why="With md5+scram the server still logs in roles that keep an md5 verifier.",
        source=_RDS_SCRAM,
    ),
)

LOGGING_SETTINGS: Final[tuple[Setting, ...]] = (
    Setting(
        name="log_connections",
        value="1",
        # From PostgreSQL 18 it is a list of stages; `on` stands for the three that older versions log.
        accepted=frozenset(
            {"1", "all", "authentication,authorization,receipt", "authentication,authorization,receipt,setup_durations"}
        ),
        default="0",
        kind="list",
        scopes=_BOTH,
        aurora_instance=True,
        why="Without it nobody can say who connected, from where, or whether over TLS.",
        source=_MANUAL + "runtime-config-logging.html#GUC-LOG-CONNECTIONS",
    ),
    Setting(
        name="log_disconnections",
        value="1",
        accepted=frozenset({"1"}),
        default="0",
        kind="boolean",
        scopes=_BOTH,
        aurora_instance=True,
        why="Without it nobody can say how long a session lasted.",
        source=_MANUAL + "runtime-config-logging.html#GUC-LOG-DISCONNECTIONS",
    ),
    Setting(
        name="log_statement",
        value="none",
        accepted=frozenset({"none"}),
        default="none",
        kind="choice",
        scopes=_BOTH,
        aurora_instance=True,
        why="ddl, mod and all write the password of every CREATE ROLE and ALTER ROLE into the log.",
        source=_MANUAL + "runtime-config-logging.html#GUC-LOG-STATEMENT",
    ),
    Setting(
        name="log_min_error_statement",
        value="panic",
        accepted=frozenset({"panic"}),
        default="error",
        kind="choice",
        scopes=_BOTH,
        aurora_instance=True,
        why="A refused ALTER ROLE would be logged with the password that was tried.",
        source=_MANUAL + "runtime-config-logging.html#GUC-LOG-MIN-ERROR-STATEMENT",
    ),
    Setting(
        name="pg_stat_statements.track_utility",
        value="0",
        accepted=frozenset({"0"}),
        default="1",
        kind="boolean",
        scopes=_BOTH,
        aurora_instance=True,
        why="pg_stat_statements would keep the text of CREATE ROLE and ALTER ROLE, password included.",
        source=_MANUAL + "pgstatstatements.html#PGSTATSTATEMENTS-CONFIG-PARAMS",
    ),
)

#: Every protected setting by name: what `TlsOnlyParameterGroup` sets.
PARAMETERS: Final[Mapping[str, Setting]] = MappingProxyType(
    {setting.name: setting for setting in chain(TLS_SETTINGS, LOGGING_SETTINGS)}
)


def normalise(name: str, value: str) -> str:
    """Write a protected setting's value in the one spelling that `accepted` uses.

    Booleans become ``1`` or ``0`` whichever way PostgreSQL lets them be written; words are compared without regard to
    case and surrounding space or quotes; a list is sorted.

    Args:
        name: A parameter's name, in either case.
        value: The value as written in a parameter group.

    Returns:
        The normalised value; text that PostgreSQL would not understand stays as it is, in lower case.

    Raises:
        KeyError: If the name is not a protected setting.

    Source: PostgreSQL manual, "Setting Parameters", "Parameter Names and Values".
    """
    setting = PARAMETERS[name.strip().lower()]
    text = value.strip().strip("'\"").strip().lower()
    if setting.kind == "list":
        items = sorted({item.strip().strip("'\"").strip() for item in text.split(",")} - {""})
        text = ",".join(items)
    if setting.kind in ("boolean", "list"):
        if text in _TRUE:
            return "1"
        if text in _FALSE:
            return "0"
    return text


def is_protected(name: str) -> bool:
    """Say whether a parameter is one of the protected settings.

    Args:
        name: A parameter's name, in either case.
    """
    return name.strip().lower() in PARAMETERS


def is_weaker(name: str, value: str) -> bool:
    """Say whether a value would weaken a protected setting.

    Args:
        name: A parameter's name, in either case.
        value: The value as written in a parameter group.

    Returns:
        True if the name is a protected setting and the value, in whatever spelling, is not one of its accepted
        values: also for a value nobody understands. False for every other parameter.
    """
    if not is_protected(name):
        return False
    return normalise(name, value) not in PARAMETERS[name.strip().lower()].accepted
