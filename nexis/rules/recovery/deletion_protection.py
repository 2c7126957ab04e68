"""Stores of data, and what leads to them, cannot be deleted by one call.

Each row of the tables says what AWS takes when the property is absent.

Source: CloudFormation resource reference of each type, read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._listed import Entry
from nexis.rules.requirements import is_true, one_of, property_rule, row

if TYPE_CHECKING:
    from nexis.rules.model import Rule

AS_OF: Final = "2026-11-23"
OFF: Final = "one call then deletes it"
CLAIMS: Final = ("touchpoints.backups",)


_protected = partial(row, as_of=AS_OF, absent=OFF)


DOCDB = property_rule(
    rule_id="recovery.docdb-deletion-protection",
    title="DocumentDB clusters cannot be deleted by one call",
    why="A mistyped command, a removed line or a stolen credential would delete the cluster with its backups.",
    requirements=(
        _protected("AWS::DocDB::DBCluster", "DeletionProtection"),
        _protected("AWS::DocDB::GlobalCluster", "DeletionProtection"),
    ),
    fix="set DeletionProtection: true (CDK: deletion_protection=True)",
    cdk="docdb.CfnDBCluster(self, 'Documents', deletion_protection=True)",
    source="Amazon DocumentDB Developer Guide, Deleting an Amazon DocumentDB cluster",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("DocumentDB.5",)},
)

NEPTUNE = property_rule(
    rule_id="recovery.neptune-deletion-protection",
    title="Neptune clusters and graphs cannot be deleted by one call",
    why="A mistyped command, a removed line or a stolen credential would delete the graph with its backups.",
    requirements=(
        _protected("AWS::Neptune::DBCluster", "DeletionProtection"),
        _protected("AWS::Neptune::GlobalCluster", "DeletionProtection"),
        _protected("AWS::NeptuneGraph::Graph", "DeletionProtection", absent=""),  # protected by default
    ),
    fix="set DeletionProtection: true (CDK: deletion_protection=True)",
    cdk="neptune.CfnDBCluster(self, 'Graph', deletion_protection=True)",
    source="Amazon Neptune User Guide, Deleting a DB cluster in Amazon Neptune",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("Neptune.4",)},
)

DYNAMODB = property_rule(
    rule_id="recovery.dynamodb-deletion-protection",
    title="DynamoDB tables cannot be deleted by one call",
    why="A mistyped command, a removed line or a stolen credential would delete the table.",
    requirements=(
        _protected("AWS::DynamoDB::Table", "DeletionProtectionEnabled"),
        _protected("AWS::DynamoDB::GlobalTable", "Replicas", "*", "DeletionProtectionEnabled"),
    ),
    fix="set DeletionProtectionEnabled: true (CDK: deletion_protection=True)",
    cdk="""
dynamodb.TableV2(
    self, "Orders", partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
    deletion_protection=True,
)
""",
    source="Amazon DynamoDB Developer Guide, Protecting DynamoDB tables with deletion protection",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("DynamoDB.6",)},
)

ELBV2 = property_rule(
    rule_id="recovery.elbv2-deletion-protection",
    title="Load balancers cannot be deleted by one call",
    why="The name and the addresses of a deleted load balancer do not come back; every client has to be told.",
    requirements=(
        Entry(
            type="AWS::ElasticLoadBalancingV2::LoadBalancer",
            path=("LoadBalancerAttributes",),
            named=(("Key", "deletion_protection.enabled"),),
            accepts=is_true,
            expected="true",
            absent=OFF,
            source="CloudFormation resource reference, AWS::ElasticLoadBalancingV2::LoadBalancer LoadBalancerAttribute",
            as_of=AS_OF,
            example=[{"Key": "deletion_protection.enabled", "Value": "true"}],
        ),
    ),
    fix="add the attribute deletion_protection.enabled with the value true (CDK: deletion_protection=True)",
    cdk='elbv2.ApplicationLoadBalancer(self, "Balancer", vpc=vpc, deletion_protection=True)',
    source="Application Load Balancers, Deletion protection",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("ELB.6",)},
)

COGNITO = property_rule(
    rule_id="recovery.cognito-deletion-protection",
    title="User pools cannot be deleted by one call",
    why="With the pool go its users and their passwords; there is no backup of them.",
    requirements=(
        _protected(
            "AWS::Cognito::UserPool",
            "DeletionProtection",
            accepts=one_of("ACTIVE"),
            expected="ACTIVE",
            example="ACTIVE",
        ),
    ),
    fix="set DeletionProtection: ACTIVE (CDK: deletion_protection=True)",
    cdk='cognito.UserPool(self, "Users", deletion_protection=True)',
    source="Amazon Cognito Developer Guide, User pool deletion protection",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("Cognito.6",)},
)

NETWORK_FIREWALL = property_rule(
    rule_id="recovery.network-firewall-deletion-protection",
    title="Network firewalls cannot be deleted or moved out of their subnets by one call",
    why="A network whose firewall is gone either stands still or stands open.",
    requirements=(
        _protected("AWS::NetworkFirewall::Firewall", "DeleteProtection"),
        _protected(
            "AWS::NetworkFirewall::Firewall", "SubnetChangeProtection", absent="one call then moves it out of a subnet"
        ),
    ),
    fix="set DeleteProtection: true and SubnetChangeProtection: true",
    cdk="""
networkfirewall.CfnFirewall(
    self, "Firewall", firewall_name="edge", firewall_policy_arn=policy, vpc_id=vpc.vpc_id,
    subnet_mappings=[{"subnetId": subnet} for subnet in subnets],
    delete_protection=True, subnet_change_protection=True,
)
""",
    source="AWS Network Firewall Developer Guide, Firewall settings in AWS Network Firewall",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("NetworkFirewall.9", "NetworkFirewall.10")},
)

QLDB = property_rule(
    rule_id="recovery.qldb-deletion-protection",
    title="Ledgers cannot be deleted by one call",
    why="A ledger is kept because nobody may change it; deleting it is the greatest change of all.",
    requirements=(_protected("AWS::QLDB::Ledger", "DeletionProtection", absent=""),),  # protected by default
    fix="set DeletionProtection: true, or leave it out",
    cdk='qldb.CfnLedger(self, "Ledger", permissions_mode="STANDARD", deletion_protection=True)',
    source="CloudFormation resource reference, AWS::QLDB::Ledger DeletionProtection",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",)},
)

DSQL = property_rule(
    rule_id="recovery.dsql-deletion-protection",
    title="Aurora DSQL clusters cannot be deleted by one call",
    why="A mistyped command, a removed line or a stolen credential would delete the database.",
    requirements=(_protected("AWS::DSQL::Cluster", "DeletionProtectionEnabled", absent=""),),  # judged where written
    fix="set DeletionProtectionEnabled: true",
    cdk='dsql.CfnCluster(self, "Database", deletion_protection_enabled=True)',
    source="CloudFormation resource reference, AWS::DSQL::Cluster DeletionProtectionEnabled",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",)},
)

EKS = property_rule(
    rule_id="recovery.eks-deletion-protection",
    title="EKS clusters cannot be deleted by one call",
    why="With the cluster goes everything that Kubernetes knows of it.",
    requirements=(_protected("AWS::EKS::Cluster", "DeletionProtection"),),
    fix="set DeletionProtection: true",
    cdk='cluster.node.default_child.add_property_override("DeletionProtection", True)',
    source="Amazon EKS User Guide, Protect EKS clusters from accidental deletion",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",)},
    scope="baseline",  # the property is new, and no framework asks for it
)

RULES: tuple[Rule, ...] = (DOCDB, NEPTUNE, DYNAMODB, ELBV2, COGNITO, NETWORK_FIREWALL, QLDB, DSQL, EKS)
