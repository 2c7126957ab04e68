"""MySQL, MariaDB, SQL Server and Db2 on RDS, and Aurora MySQL, answer nothing but TLS."""

from __future__ import annotations

from nexis.facts.tls_servers import DB2, MYSQL, SQL_SERVER
from nexis.rules.model import Rule
from nexis.rules.tls._server_groups import TYPES, ServerGroups

_WHY = "Unless the server demands TLS it also answers in plain text: passwords and rows are readable on the way."
_MYSQL = ServerGroups(MYSQL)
_SQL_SERVER = ServerGroups(SQL_SERVER)
_DB2 = ServerGroups(DB2)

RULES = (
    Rule(
        id="tls.mysql-require-secure-transport",
        severity="error",
        title="MySQL and MariaDB on RDS and Aurora answer nothing but TLS",
        why=_WHY,
        fix="set require_secure_transport to 1 in the Parameters of an AWS::RDS::DBParameterGroup (Aurora: "
        "AWS::RDS::DBClusterParameterGroup) and name that group (CDK: parameter_group=…)",
        types=TYPES,
        check=_MYSQL.check,
        applies=_MYSQL.applies,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("RDS.39", "RDS.44"), "NIST 800-53 r5": ("SC-8",)},
        source=MYSQL.source,
        cdk="""\
engine = rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.VER_8_4_3)
tls_only = rds.ParameterGroup(self, "TlsOnly", engine=engine, parameters={"require_secure_transport": "1"})
rds.DatabaseInstance(self, "Database", engine=engine, vpc=vpc, parameter_group=tls_only)
""",
        example={
            "TlsOnly": {
                "Type": "AWS::RDS::DBParameterGroup",
                "Properties": {
                    "Description": "TLS only",
                    "Family": "mysql8.4",
                    "Parameters": {"require_secure_transport": "1"},
                },
            },
            "Database": {
                "Type": "AWS::RDS::DBInstance",
                "Properties": {"Engine": "mysql", "DBParameterGroupName": {"Ref": "TlsOnly"}},
            },
        },
    ),
    Rule(
        id="tls.sqlserver-force-ssl",
        severity="error",
        title="SQL Server on RDS answers nothing but TLS",
        why=_WHY,
        fix="set rds.force_ssl to 1 in the Parameters of an AWS::RDS::DBParameterGroup and name that group "
        "(CDK: parameter_group=…)",
        types=TYPES,
        check=_SQL_SERVER.check,
        applies=_SQL_SERVER.applies,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("RDS.41",), "NIST 800-53 r5": ("SC-8",)},
        source=SQL_SERVER.source,
        cdk="""\
engine = rds.DatabaseInstanceEngine.sql_server_se(version=rds.SqlServerEngineVersion.VER_16)
tls_only = rds.ParameterGroup(self, "TlsOnly", engine=engine, parameters={"rds.force_ssl": "1"})
rds.DatabaseInstance(self, "Database", engine=engine, vpc=vpc, parameter_group=tls_only)
""",
        example={
            "TlsOnly": {
                "Type": "AWS::RDS::DBParameterGroup",
                "Properties": {
                    "Description": "TLS only",
                    "Family": "sqlserver-se-16.0",
                    "Parameters": {"rds.force_ssl": "1"},
                },
            },
            "Database": {
                "Type": "AWS::RDS::DBInstance",
                "Properties": {"Engine": "sqlserver-se", "DBParameterGroupName": {"Ref": "TlsOnly"}},
            },
        },
    ),
    Rule(
        id="tls.db2-ssl",
        severity="error",
        title="Db2 on RDS answers nothing but TLS",
        why=_WHY,
        fix="set db2comm to SSL in the Parameters of an AWS::RDS::DBParameterGroup and name that group "
        "(CDK: parameter_group=…)",
        types=TYPES,
        check=_DB2.check,
        applies=_DB2.applies,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source=DB2.source,
        cdk="""\
tls_only = rds.CfnDBParameterGroup(
    self, "TlsOnly", description="TLS only", family="db2-se-11.5", parameters={"db2comm": "SSL"}
)
rds.CfnDBInstance(self, "Database", engine="db2-se", db_parameter_group_name=tls_only.ref)
""",
        example={
            "TlsOnly": {
                "Type": "AWS::RDS::DBParameterGroup",
                "Properties": {
                    "Description": "TLS only",
                    "Family": "db2-se-11.5",
                    "Parameters": {"db2comm": "SSL"},
                },
            },
            "Database": {
                "Type": "AWS::RDS::DBInstance",
                "Properties": {"Engine": "db2-se", "DBParameterGroupName": {"Ref": "TlsOnly"}},
            },
        },
    ),
)
