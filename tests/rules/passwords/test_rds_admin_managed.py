from __future__ import annotations

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)

INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"
MANAGED = ("Properties.ManageMasterUserPassword",)
PASSWORD = ("Properties.MasterUserPassword",)
FROM_SECRET = {"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "Secret"}, ":SecretString:password::}}"]]}

CASES = RuleCases(
    "passwords.rds-admin-managed",
    (
        good("an instance, managed", resources(It=resource(INSTANCE, ManageMasterUserPassword=True))),
        good("a cluster, managed", resources(It=resource(CLUSTER, ManageMasterUserPassword="true"))),
        good(
            "from Secrets Manager, as CDK's from_generated_secret writes it",
            resources(
                It=resource(INSTANCE, MasterUserPassword=FROM_SECRET), Secret=resource("AWS::SecretsManager::Secret")
            ),
        ),
        good(
            "from a secret by its name",
            resources(
                It=resource(CLUSTER, MasterUserPassword="{{resolve:secretsmanager:admin:SecretString:password}}")
            ),
        ),
        bad("neither", resources(It=resource(INSTANCE)), at=MANAGED),
        bad(
            "not managed, and no password", resources(It=resource(CLUSTER, ManageMasterUserPassword=False)), at=MANAGED
        ),
        bad("a literal", resources(It=resource(INSTANCE, MasterUserPassword="hunter2")), at=PASSWORD),
        bad(
            "a plain parameter", resources(It=resource(INSTANCE, MasterUserPassword="{{resolve:ssm:/pw}}")), at=PASSWORD
        ),
        bad(
            "a secure parameter",
            resources(It=resource(INSTANCE, MasterUserPassword="{{resolve:ssm-secure:/pw}}")),
            at=PASSWORD,
        ),
        bad(
            "a secret with a literal beside it",
            resources(It=resource(INSTANCE, MasterUserPassword="x{{resolve:secretsmanager:admin}}")),
            at=PASSWORD,
        ),
        bad("a list", resources(It=resource(INSTANCE, MasterUserPassword=["a"])), at=PASSWORD),
        not_applicable("an instance of a cluster", resources(It=resource(INSTANCE, DBClusterIdentifier="main"))),
        not_applicable("a read replica", resources(It=resource(INSTANCE, SourceDBInstanceIdentifier="main"))),
        not_applicable("a restore", resources(It=resource(INSTANCE, DBSnapshotIdentifier="snap"))),
        not_applicable("a restored cluster", resources(It=resource(CLUSTER, SnapshotIdentifier="snap"))),
        not_applicable(
            "a secondary of a global database", resources(It=resource(CLUSTER, GlobalClusterIdentifier="world"))
        ),
        not_applicable("another type", resources(It=resource("AWS::RDS::DBSubnetGroup"))),
        unknown(
            "a parameter, even with NoEcho",
            {
                "Parameters": {"Password": {"Type": "String", "NoEcho": True}},
                **resources(It=resource(INSTANCE, MasterUserPassword={"Ref": "Password"})),
            },
            at=PASSWORD,
        ),
        unknown(
            "whether it is managed hangs on a parameter",
            {
                "Parameters": {"Managed": {"Type": "String"}},
                **resources(It=resource(INSTANCE, ManageMasterUserPassword={"Ref": "Managed"})),
            },
            at=MANAGED,
        ),
    ),
)


@each(CASES)
def test_rds_admin_managed(case: Case) -> None:
    hold(CASES, case)
