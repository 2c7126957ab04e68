"""Database servers of RDS whose parameter group decides whether they answer plaintext, PostgreSQL apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules import _rds
from nexis.rules._postgres_parameters import CLUSTER_GROUP, INSTANCE_GROUP
from nexis.rules.model import Problem, parts
from nexis.templates.values import Reference
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.facts.tls_servers import ServerSetting
    from nexis.templates.views import View

#: The property that names the group which decides, and the group's type.
_GROUP_OF: Final = {
    _rds.INSTANCE: ("DBParameterGroupName", INSTANCE_GROUP),
    _rds.CLUSTER: ("DBClusterParameterGroupName", CLUSTER_GROUP),
}
TYPES: Final = (INSTANCE_GROUP, CLUSTER_GROUP, *_GROUP_OF)


class ServerGroups:
    """The check of one kind of server.

    Args:
        setting: its parameter.
    """

    def __init__(self, setting: ServerSetting) -> None:
        self._setting = setting

    def applies(self, resource: View) -> bool:
        """Judge the groups of this kind of server, and the instances and clusters that decide for themselves.

        Args:
            resource: of one of `TYPES`.
        """
        if resource.type not in _GROUP_OF:
            return self._is_ours(resource)
        if _rds.is_cluster_member(resource):
            return False  # its cluster decides and is judged
        group = self._group_of(resource)
        if group is not None:
            return self._is_ours(group)
        try:
            ours = _rds.engine_of(resource).startswith(self._setting.engines)
        except Undetermined:
            return False  # which engine it is, nothing tells; the rule for PostgreSQL says so
        if not ours or _rds.is_replica(resource):
            return False
        found = resource.peek(_GROUP_OF[resource.type][0])
        return isinstance(found, Absent) or _is_default(found)

    def check(self, resource: View) -> Iterator[Problem]:
        """Give what is wrong with a group, or with the group of an instance or a cluster.

        Args:
            resource: of one of `TYPES`.
        """
        if resource.type not in _GROUP_OF:
            yield from self._group_problems(resource)
            return
        name, kind = _GROUP_OF[resource.type]
        group = self._group_of(resource)
        if group is not None:
            for problem in parts(lambda: self._group_problems(group)):
                yield Problem(
                    place(name),
                    f"its parameter group {group.logical_id}: {problem.property.removeprefix('Properties.')} "
                    f"{problem.message}",
                    problem.verdict,
                )
            return
        found = resource.get(name)
        if isinstance(found, str) and self._setting.is_on_by_default(_family_of_default(found)):
            return
        what = (
            "is absent, so AWS's default group decides"
            if isinstance(found, Absent)
            else f"found AWS's default group {str(found)!r}"
        )
        yield Problem(place(name), f"{what}, which answers plaintext too; expected an {kind} with {self._wanted}")

    @property
    def _wanted(self) -> str:
        return f"{self._setting.parameter} {self._setting.value}"

    def _group_of(self, database: View) -> View | None:
        """Give the group of these templates that an instance or a cluster names."""
        name, kind = _GROUP_OF[database.type]
        group = database.named(database.peek(name), kind)
        return group if group is not None and group.exists else None

    def _is_ours(self, group: View) -> bool:
        family = group.peek("Family")
        if not isinstance(family, str) or is_deferred(family):
            return False
        match = self._setting.family.match(family.strip().lower())
        # An Aurora instance's own group does not have the parameter; its cluster's has.
        return match is not None and not (group.type == INSTANCE_GROUP and match.groupdict().get("aurora"))

    def _group_problems(self, group: View) -> Iterator[Problem]:
        setting = self._setting
        parameters = group.get("Parameters")
        if not isinstance(parameters, (Absent, dict)):
            raise Undetermined(place("Parameters"), "found no map, expected a map of parameters")
        names = [
            name
            for name in ({} if isinstance(parameters, Absent) else parameters)
            if isinstance(name, str)
            and name.strip().lower() == setting.parameter
            and not isinstance(group.peek("Parameters", name), Absent)
        ]
        for name in names:
            found = group.literal("Parameters", name)
            if str(found).strip().lower() not in setting.accepted:
                yield Problem(place("Parameters", name), f"found {found!r}, expected {setting.value!r}")
        if not names and not setting.is_on_by_default(str(group.literal("Family")).strip().lower()):
            yield Problem(
                place("Parameters", setting.parameter),
                f"is absent, and AWS's default answers plaintext too; expected {setting.value!r}",
            )


def _is_default(name: object) -> bool:
    return isinstance(name, str) and not isinstance(name, Reference) and name.lower().startswith("default.")


def _family_of_default(name: str) -> str:
    return name.lower().removeprefix("default.").removeprefix("cluster-")
