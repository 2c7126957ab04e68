from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, defaulted, opened

GROUP = "AWS::RDS::DBParameterGroup"
CLUSTER_GROUP = "AWS::RDS::DBClusterParameterGroup"
INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"
NAMED = "Properties.DBParameterGroupName"
NAMED_BY_CLUSTER = "Properties.DBClusterParameterGroupName"
SECURE = "Properties.Parameters.require_secure_transport"
FORCE = "Properties.Parameters.rds.force_ssl"
DB2COMM = "Properties.Parameters.db2comm"


def group(family: Any, kind: str = GROUP, **parameters: Any) -> dict[str, Any]:
    return resource(kind, Description="x", Family=family, Parameters=parameters)


def secure(value: Any, family: Any = "mysql8.4", kind: str = GROUP) -> dict[str, Any]:
    return group(family, kind, require_secure_transport=value)


def force(value: Any) -> dict[str, Any]:
    return resource(GROUP, Family="sqlserver-se-16.0", Parameters={"rds.force_ssl": value})


def linked(parameters: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return resources(It=resource(INSTANCE, DBParameterGroupName={"Ref": "Group"}, **properties), Group=parameters)


CASES = (
    RuleCases(
        "tls.mysql-require-secure-transport",
        (
            good("demanded", resources(It=secure("1"))),
            good("a number", resources(It=secure(1))),
            good("ON, MariaDB", resources(It=secure("ON", "mariadb11.4"))),
            good("an Aurora cluster's", resources(It=secure("ON", "aurora-mysql8.0", CLUSTER_GROUP))),
            good("by default", resources(It=group("mysql9.7"))),
            good("an instance and its group", linked(secure("1"), Engine="mysql")),
            good("an instance whose group alone tells the engine", linked(secure("1"))),
            good(
                "AWS's group of a version with TLS",
                resources(It=resource(INSTANCE, Engine="mysql", DBParameterGroupName="default.mysql9.7")),
            ),
            bad("not demanded", resources(It=secure("0")), at=(SECURE,)),
            bad("not demanded, and on by default", resources(It=secure("OFF", "mysql9.7")), at=(SECURE,)),
            bad("absent", resources(It=group("mysql8.0", max_connections="100")), at=(SECURE,)),
            bad("no parameters", resources(It=resource(GROUP, Family="mariadb10.11")), at=(SECURE,)),
            bad("behind a parameter's default", defaulted("0", It=secure(OPEN)), at=(SECURE,)),
            bad("an instance and its group", linked(secure("0")), at=(NAMED,)),
            bad("an instance without a group", resources(It=resource(INSTANCE, Engine="mysql")), at=(NAMED,)),
            bad(
                "AWS's group",
                resources(It=resource(INSTANCE, Engine="mariadb", DBParameterGroupName="default.mariadb10.11")),
                at=(NAMED,),
            ),
            bad(
                "an Aurora cluster without a group",
                resources(It=resource(CLUSTER, Engine="aurora-mysql")),
                at=(NAMED_BY_CLUSTER,),
            ),
            bad(
                "an Aurora cluster and its group",
                resources(
                    It=resource(CLUSTER, Engine="aurora-mysql", DBClusterParameterGroupName={"Ref": "Group"}),
                    Group=secure("OFF", "aurora-mysql8.0", CLUSTER_GROUP),
                ),
                at=(NAMED_BY_CLUSTER,),
            ),
            not_applicable("an Aurora instance's group", resources(It=secure("0", "aurora-mysql8.0"))),
            not_applicable("a version without the parameter", resources(It=group("mysql5.6"))),
            not_applicable("another engine", resources(It=resource(INSTANCE, Engine="postgres"))),
            not_applicable(
                "a member of a cluster",
                resources(It=resource(INSTANCE, Engine="aurora-mysql", DBClusterIdentifier="x")),
            ),
            not_applicable(
                "a replica, which takes its source's group",
                resources(It=resource(INSTANCE, Engine="mysql", SourceDBInstanceIdentifier="x")),
            ),
            not_applicable(
                "a group elsewhere", opened(It=resource(INSTANCE, Engine="mysql", DBParameterGroupName=OPEN))
            ),
            not_applicable("nothing tells the engine", resources(It=resource(INSTANCE, DBSnapshotIdentifier="x"))),
            unknown("a parameter without a default", opened(It=secure(OPEN)), at=(SECURE,)),
            unknown(
                "its group's parameter has no default",
                {"Parameters": {"Open": {"Type": "String"}}, **linked(secure(OPEN))},
                at=(NAMED,),
            ),
        ),
    ),
    RuleCases(
        "tls.sqlserver-force-ssl",
        (
            good("forced", resources(It=force("1"))),
            bad("not forced", resources(It=force("0")), at=(FORCE,)),
            bad("absent", resources(It=group("sqlserver-ex-15.0")), at=(FORCE,)),
            bad("without a group", resources(It=resource(INSTANCE, Engine="sqlserver-web")), at=(NAMED,)),
            not_applicable("PostgreSQL has a rule of its own", resources(It=group("postgres16"))),
            unknown("a parameter without a default", opened(It=force(OPEN)), at=(FORCE,)),
        ),
    ),
    RuleCases(
        "tls.db2-ssl",
        (
            good("TLS alone", resources(It=group("db2-se-11.5", db2comm="SSL"))),
            bad("TCP as well", resources(It=group("db2-ae-11.5", db2comm="TCPIP,SSL")), at=(DB2COMM,)),
            bad("absent", resources(It=group("db2-ae-11.5")), at=(DB2COMM,)),
            bad("an instance and its group", linked(group("db2-ae-11.5", db2comm="TCPIP")), at=(NAMED,)),
            not_applicable("another engine", resources(It=group("oracle-se2-19"))),
            unknown("a parameter without a default", opened(It=group("db2-se-11.5", db2comm=OPEN)), at=(DB2COMM,)),
        ),
    ),
)


@each_of(CASES)
def test_database_servers(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
