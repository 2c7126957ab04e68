"""Parameter groups of DocumentDB, Neptune and Redshift demand TLS."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nexis.rules._policy_documents import policy_document
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.values import Reference, Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.templates.views import View

_WHY: Final = (
    "A server that does not demand TLS also answers in plain text: passwords and data are readable on the way."
)
_DOCDB_GROUP: Final = "AWS::DocDB::DBClusterParameterGroup"
_NEPTUNE_GROUP: Final = "AWS::Neptune::DBClusterParameterGroup"
_DOCDB: Final = "AWS::DocDB::DBCluster"
_NEPTUNE: Final = "AWS::Neptune::DBCluster"
_REDSHIFT: Final = "AWS::Redshift::Cluster"
_REDSHIFT_GROUP: Final = "AWS::Redshift::ClusterParameterGroup"
_WORKGROUP: Final = "AWS::RedshiftServerless::Workgroup"
_REQUIRE_SSL: Final = "require_ssl"

#: The property that names the group of a cluster, and the group's type.
_GROUP_OF: Final = {
    _DOCDB: ("DBClusterParameterGroupName", _DOCDB_GROUP),
    _NEPTUNE: ("DBClusterParameterGroupName", _NEPTUNE_GROUP),
    _REDSHIFT: ("ClusterParameterGroupName", _REDSHIFT_GROUP),
}


def _docdb(resource: View) -> Iterator[Problem]:
    yield from _through_group(resource, _docdb_group) if resource.type == _DOCDB else _docdb_group(resource)


def _docdb_group(group: View) -> Iterator[Problem]:
    # Absent is fine: TLS is enabled by default. Besides disabled and enabled there are tls1.2+, tls1.3+ and fips-140-3.
    found = _parameter(group, "tls")
    if found is not None and found.strip().lower() == "disabled":
        yield Problem(place("Parameters", "tls"), f"found {found!r}, expected 'enabled' or stricter")


def _neptune(resource: View) -> Iterator[Problem]:
    yield from _through_group(resource, _neptune_group) if resource.type == _NEPTUNE else _neptune_group(resource)


def _neptune_group(group: View) -> Iterator[Problem]:
    # Absent is fine: it is on by default, and from engine version 1.0.4.0 on it cannot be switched off.
    found = _parameter(group, "neptune_enforce_ssl")
    if found is not None and found.strip().lower() in ("0", "false", "off"):
        yield Problem(place("Parameters", "neptune_enforce_ssl"), f"found {found!r}, expected '1' or nothing")


def _parameter(group: View, name: str) -> str | None:
    """Read a parameter of a map that may be written as JSON text."""
    found = policy_document(group, "Parameters").get(name)
    where = place("Parameters", name)
    if found is None:
        return None
    if isinstance(found, Unknown):
        raise Undetermined(where, found.reason)
    if isinstance(found, (dict, list)) or is_deferred(found):
        raise Undetermined(where, "its value is no plain text")
    return str(found)


def _redshift(resource: View) -> Iterator[Problem]:
    if resource.type == _REDSHIFT_GROUP:
        yield from _redshift_group(resource)
        return
    if _group_of(resource) is not None:
        yield from _through_group(resource, _redshift_group)
        return
    path, _ = _GROUP_OF[_REDSHIFT]
    found = str(resource.get(path))
    yield Problem(
        place(path), f"found AWS's group {found!r}, which answers plaintext too; expected an {_REDSHIFT_GROUP}"
    )


def _judges_redshift(resource: View) -> bool:
    if resource.type == _REDSHIFT_GROUP or _group_of(resource) is not None:
        return True
    # A cluster that names no group gets default.redshift-2.0, which requires TLS.
    found = resource.peek("ClusterParameterGroupName")
    return isinstance(found, str) and not isinstance(found, Reference) and found.lower() == "default.redshift-1.0"


def _has_group(resource: View) -> bool:
    """Judge groups, and the clusters that name one of these templates; AWS's own groups demand TLS."""
    return resource.type not in _GROUP_OF or _group_of(resource) is not None


def _group_of(cluster: View) -> View | None:
    name, kind = _GROUP_OF[cluster.type]
    group = cluster.named(cluster.peek(name), kind)
    return group if group is not None and group.exists else None


def _through_group(cluster: View, judge: Callable[[View], Iterator[Problem]]) -> Iterator[Problem]:
    """Say of a cluster what is wrong with its group."""
    group = _group_of(cluster)
    if group is None:
        return
    for problem in parts(partial(judge, group)):
        yield Problem(
            place(_GROUP_OF[cluster.type][0]),
            f"its parameter group {group.logical_id}: {problem.property.removeprefix('Properties.')} {problem.message}",
            problem.verdict,
        )


def _redshift_group(group: View) -> Iterator[Problem]:
    family = group.peek("ParameterGroupFamily")
    found = _listed(group, "Parameters", "ParameterName")
    if found is None:
        # Source: Redshift Management Guide, "Amazon Redshift parameter groups": true in redshift-2.0, false in 1.0.
        if family != "redshift-2.0":
            yield Problem(
                place("Parameters"), f"sets no {_REQUIRE_SSL}, and Redshift's default is false; expected 'true'"
            )
    elif found[1].strip().lower() not in ("true", "on", "1"):
        yield Problem(place(*found[0]), f"{_REQUIRE_SSL}: found {found[1]!r}, expected 'true'")


def _workgroup(workgroup: View) -> Iterator[Problem]:
    # Absent is fine: workgroups require TLS by default.
    found = _listed(workgroup, "ConfigParameters", "ParameterKey")
    if found is not None and found[1].strip().lower() not in ("true", "on", "1"):
        yield Problem(place(*found[0]), f"{_REQUIRE_SSL}: found {found[1]!r}, expected 'true' or nothing")


def _listed(resource: View, listing: str, name: str) -> tuple[tuple[str | int, ...], str] | None:
    """Give place and value of require_ssl in a list of names and values."""
    doubt: Undetermined | None = None
    for position in range(len(resource.items(listing))):
        try:
            named: Any = resource.literal(listing, position, name)
        except Undetermined as opened:
            doubt = opened
            continue
        if not isinstance(named, Absent) and named.strip().lower() == _REQUIRE_SSL:
            path = (listing, position, "ParameterValue")
            value = resource.literal(*path)
            return path, "" if isinstance(value, Absent) else value
    if doubt is not None:
        raise doubt
    return None


RULES = (
    Rule(
        id="tls.docdb",
        severity="error",
        title="DocumentDB answers nothing but TLS",
        why=_WHY,
        fix="leave the parameter tls out of the group or set it to enabled, or to tls1.2+ or tls1.3+",
        types=(_DOCDB_GROUP, _DOCDB),
        check=_docdb,
        applies=_has_group,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("DocumentDB.6",), "NIST 800-53 r5": ("SC-8",)},
        source="DocumentDB Developer Guide, Managing Amazon DocumentDB cluster TLS settings",
        cdk="""\
docdb.ClusterParameterGroup(self, "TlsOnly", family="docdb5.0", parameters={"tls": "tls1.2+"})
""",
        example={
            "TlsOnly": {
                "Type": _DOCDB_GROUP,
                "Properties": {"Description": "TLS only", "Family": "docdb5.0", "Parameters": {"tls": "tls1.2+"}},
            }
        },
    ),
    Rule(
        id="tls.neptune",
        severity="error",
        title="Neptune answers nothing but TLS",
        why=_WHY,
        fix="leave neptune_enforce_ssl out of the group or set it to 1",
        types=(_NEPTUNE_GROUP, _NEPTUNE),
        check=_neptune,
        applies=_has_group,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="Neptune User Guide, Encrypting connections to your Amazon Neptune database with SSL/HTTPS",
        cdk="""\
neptune.CfnDBClusterParameterGroup(
    self, "TlsOnly", description="TLS only", family="neptune1", parameters={"neptune_enforce_ssl": 1}
)
""",
        example={
            "TlsOnly": {
                "Type": _NEPTUNE_GROUP,
                "Properties": {
                    "Description": "TLS only",
                    "Family": "neptune1",
                    "Parameters": {"neptune_enforce_ssl": 1},
                },
            }
        },
    ),
    Rule(
        id="tls.redshift-require-ssl",
        severity="error",
        title="Redshift clusters answer nothing but TLS",
        why=_WHY,
        fix="set require_ssl to true in Parameters of an AWS::Redshift::ClusterParameterGroup",
        types=(_REDSHIFT_GROUP, _REDSHIFT),
        check=_redshift,
        applies=_judges_redshift,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("Redshift.2",), "NIST 800-53 r5": ("SC-8",)},
        source="Redshift Management Guide, Configuring security options for connections; Amazon Redshift parameter "
        "groups",
        cdk="""\
redshift.CfnClusterParameterGroup(
    self, "TlsOnly", description="TLS only", parameter_group_family="redshift-2.0",
    parameters=[{"parameterName": "require_ssl", "parameterValue": "true"}],
)
""",
        example={
            "TlsOnly": {
                "Type": _REDSHIFT_GROUP,
                "Properties": {
                    "Description": "TLS only",
                    "ParameterGroupFamily": "redshift-2.0",
                    "Parameters": [{"ParameterName": "require_ssl", "ParameterValue": "true"}],
                },
            },
            "Warehouse": {"Type": _REDSHIFT, "Properties": {"ClusterParameterGroupName": {"Ref": "TlsOnly"}}},
        },
    ),
    Rule(
        id="tls.redshift-serverless-require-ssl",
        severity="error",
        title="Redshift Serverless workgroups answer nothing but TLS",
        why=_WHY,
        fix="leave require_ssl out of ConfigParameters or set it to true",
        types=(_WORKGROUP,),
        check=_workgroup,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("RedshiftServerless.2",), "NIST 800-53 r5": ("SC-8",)},
        source="Redshift Management Guide, Connecting to Amazon Redshift Serverless; Security Hub, "
        "RedshiftServerless.2",
        cdk="""\
redshiftserverless.CfnWorkgroup(
    self, "Warehouse", workgroup_name="warehouse",
    config_parameters=[{"parameterKey": "require_ssl", "parameterValue": "true"}],
)
""",
        example={
            "Warehouse": {
                "Type": _WORKGROUP,
                "Properties": {
                    "WorkgroupName": "warehouse",
                    "ConfigParameters": [{"ParameterKey": "require_ssl", "ParameterValue": "true"}],
                },
            }
        },
    ),
)
