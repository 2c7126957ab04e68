"""PostgreSQL settings in RDS parameter groups: which rule answers for which setting, and how a group is judged.

The settings themselves stand in `nexis.facts.postgres_settings`; every one of them belongs to exactly one rule here.
"""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.facts.postgres_settings import PARAMETERS, is_weaker
from nexis.patterns import pattern
from nexis.rules.model import Problem, parts
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from nexis.facts.postgres_settings import Scope, Setting
    from nexis.templates.views import View

#: The rule that answers for each protected setting, by rule id.
SETTINGS_BY_RULE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "logging.postgres-connections": ("log_connections", "log_disconnections"),
        "passwords.postgres-log-leak": (
            "log_statement",
            "log_min_error_statement",
            "pg_stat_statements.track_utility",
        ),
        "passwords.postgres-scram": ("password_encryption", "rds.accepted_password_auth_method"),
        "tls.postgres-force-ssl": ("rds.force_ssl",),
        "tls.postgres-minimum-version": ("ssl_min_protocol_version",),
    }
)

INSTANCE_GROUP: Final = "AWS::RDS::DBParameterGroup"
CLUSTER_GROUP: Final = "AWS::RDS::DBClusterParameterGroup"
GROUP_TYPES: Final = (INSTANCE_GROUP, CLUSTER_GROUP)
SCOPES: Final[Mapping[str, Scope]] = MappingProxyType({INSTANCE_GROUP: "instance", CLUSTER_GROUP: "cluster"})

#: `Setting.default` is what AWS does from this major on; what older ones do differs from family to family.
OLDEST_MAJOR_WITH_KNOWN_DEFAULTS: Final = 15

_FAMILY: Final = pattern(r"(?P<engine>aurora-postgresql|postgres)(?P<major>\d+)(?:\.\d+)?$")


def judges_group(rule_id: str) -> Callable[[View], bool]:
    """Make a rule's `applies`: parameter groups of PostgreSQL in which a setting of the rule can take effect.

    Args:
        rule_id: a key of `SETTINGS_BY_RULE`.
    """
    settings = settings_of(rule_id)
    return lambda group: is_postgresql_group(group) and any(_takes_effect(group, setting) for setting in settings)


def checks_group(rule_id: str) -> Callable[[View], Iterator[Problem]]:
    """Make a rule's `check` of parameter groups.

    Args:
        rule_id: a key of `SETTINGS_BY_RULE`.
    """
    settings = settings_of(rule_id)
    return lambda group: parts(
        *(partial(setting_problems, group, setting) for setting in settings if _takes_effect(group, setting))
    )


def settings_of(rule_id: str) -> tuple[Setting, ...]:
    """Give the settings a rule answers for.

    Args:
        rule_id: a key of `SETTINGS_BY_RULE`.
    """
    return tuple(PARAMETERS[name] for name in SETTINGS_BY_RULE[rule_id])


def is_postgresql_group(group: View) -> bool:
    """Whether a parameter group is for PostgreSQL or Aurora PostgreSQL.

    Args:
        group: a resource of `GROUP_TYPES`.

    Raises:
        Undetermined: its family is open or absent.
    """
    return _family(group).startswith(("postgres", "aurora-postgresql"))


def is_aurora_instance_group(group: View) -> bool:
    """Whether it is an Aurora instance's own group, in which only some of the cluster's settings can be overridden.

    Args:
        group: a resource of `GROUP_TYPES`.

    Raises:
        Undetermined: its family is open or absent.
    """
    return group.type == INSTANCE_GROUP and _family(group).startswith("aurora-postgresql")


def setting_problems(group: View, setting: Setting) -> Iterator[Problem]:
    """Give what is wrong with one setting of a parameter group.

    In an Aurora instance's own group absence is fine: the cluster's value stays in force.

    Args:
        group: a resource of `GROUP_TYPES` for PostgreSQL.
        setting: the setting.

    Raises:
        Undetermined: the value is open.
    """
    others = sorted(setting.accepted - {setting.value.lower()})
    # RDS takes the names of TLS versions in this spelling only.
    expected = " or ".join(repr(text.replace("tlsv", "TLSv")) for text in (setting.value, *others))
    names = [name for name in _parameter_names(group) if name.strip().lower() == setting.name]
    for name in names:
        found = group.literal("Parameters", name)
        if isinstance(found, Absent):
            names = []
        elif is_weaker(setting.name, found):
            yield Problem(place("Parameters", name), f"found {found!r}, expected {expected}. {setting.why}")
    if not names and not is_aurora_instance_group(group) and not _default_is_accepted(group, setting):
        by_default = "" if setting.default is None else f", and AWS's default is {setting.default!r}"
        yield Problem(place("Parameters", setting.name), f"is absent{by_default}; expected {expected}. {setting.why}")


def _default_is_accepted(group: View, setting: Setting) -> bool:
    if setting.default is None or is_weaker(setting.name, setting.default):
        return False
    match = _FAMILY.match(_family(group))
    return match is not None and int(match["major"]) >= OLDEST_MAJOR_WITH_KNOWN_DEFAULTS


def _takes_effect(group: View, setting: Setting) -> bool:
    return SCOPES[group.type] in setting.scopes and (setting.aurora_instance or not is_aurora_instance_group(group))


def _family(group: View) -> str:
    family = group.literal("Family")
    if isinstance(family, Absent):
        raise Undetermined(place("Family"), "the group names no family, so its engine is not known")
    return family.strip().lower()


def _parameter_names(group: View) -> list[str]:
    parameters = group.get("Parameters")
    if isinstance(parameters, Absent):
        return []
    if not isinstance(parameters, dict) or is_deferred(parameters) or isinstance(parameters, Unknown):
        raise Undetermined(place("Parameters"), f"found a {type(parameters).__name__}, expected a map of parameters")
    return [name for name in parameters if isinstance(name, str)]
