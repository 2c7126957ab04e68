"""MySQL, MariaDB, SQL Server and Db2 on RDS, and Aurora MySQL, answer nothing but TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.tls_servers import DB2, MYSQL, SQL_SERVER
from nexis.rules.model import Rule
from nexis.rules.tls._server_groups import TYPES, ServerGroups

if TYPE_CHECKING:
    from nexis.facts.tls_servers import ServerSetting


def _rule(
    rule_id: str,
    setting: ServerSetting,
    *,
    title: str,
    engine: str,
    family: str,
    cdk: str,
    or_cluster: bool = False,
    fsbp: tuple[str, ...] = (),
) -> Rule:
    """Make the rule for one kind of server; its example is an instance of an engine with a group of a family."""
    name, value = setting.parameter, setting.value
    groups = ServerGroups(setting)
    aurora = " (Aurora: AWS::RDS::DBClusterParameterGroup)" if or_cluster else ""
    return Rule(
        id=rule_id,
        severity="error",
        title=title,
        why="Unless the server demands TLS it also answers in plain text: passwords and rows are readable on the way.",
        fix=f"set {name} to {value} in the Parameters of an AWS::RDS::DBParameterGroup{aurora} and name that group "
        "(CDK: parameter_group=…)",
        types=TYPES,
        check=groups.check,
        applies=groups.applies,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), **({"AWS FSBP": fsbp} if fsbp else {}), "NIST 800-53 r5": ("SC-8",)},
        source=setting.source,
        cdk=cdk,
        example={
            "TlsOnly": {
                "Type": "AWS::RDS::DBParameterGroup",
                "Properties": {"Description": "TLS only", "Family": family, "Parameters": {name: value}},
            },
            "Database": {
                "Type": "AWS::RDS::DBInstance",
                "Properties": {"Engine": engine, "DBParameterGroupName": {"Ref": "TlsOnly"}},
            },
        },
    )


RULES = (
    _rule(
        "tls.mysql-require-secure-transport",
        MYSQL,
        title="MySQL and MariaDB on RDS and Aurora answer nothing but TLS",
        engine="mysql",
        family="mysql8.4",
        or_cluster=True,
        fsbp=("RDS.39", "RDS.44"),
        cdk="""\
engine = rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.VER_8_4_3)
tls_only = rds.ParameterGroup(self, "TlsOnly", engine=engine, parameters={"require_secure_transport": "1"})
rds.DatabaseInstance(self, "Database", engine=engine, vpc=vpc, parameter_group=tls_only)
""",
    ),
    _rule(
        "tls.sqlserver-force-ssl",
        SQL_SERVER,
        title="SQL Server on RDS answers nothing but TLS",
        engine="sqlserver-se",
        family="sqlserver-se-16.0",
        fsbp=("RDS.41",),
        cdk="""\
engine = rds.DatabaseInstanceEngine.sql_server_se(version=rds.SqlServerEngineVersion.VER_16)
tls_only = rds.ParameterGroup(self, "TlsOnly", engine=engine, parameters={"rds.force_ssl": "1"})
rds.DatabaseInstance(self, "Database", engine=engine, vpc=vpc, parameter_group=tls_only)
""",
    ),
    _rule(
        "tls.db2-ssl",
        DB2,
        title="Db2 on RDS answers nothing but TLS",
        engine="db2-se",
        family="db2-se-11.5",
        cdk="""\
tls_only = rds.CfnDBParameterGroup(
    self, "TlsOnly", description="TLS only", family="db2-se-11.5", parameters={"db2comm": "SSL"}
)
rds.CfnDBInstance(self, "Database", engine="db2-se", db_parameter_group_name=tls_only.ref)
""",
    ),
)
