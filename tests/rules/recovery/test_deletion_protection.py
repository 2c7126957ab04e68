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
from tests.support.rule_templates import NO_VALUE, OPEN, defaulted, opened

OTHER = not_applicable("another type", resources(It=resource("AWS::S3::Bucket")))
BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
TABLE = "AWS::DynamoDB::Table"
GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable"
POOL = "AWS::Cognito::UserPool"
FIREWALL = "AWS::NetworkFirewall::Firewall"


def balancer(value: Any) -> dict[str, Any]:
    return resource(BALANCER, LoadBalancerAttributes=[{"Key": "deletion_protection.enabled", "Value": value}])


VALUE = ("Properties.LoadBalancerAttributes.0.Value",)


def switched(rule: str, kind: str, name: str, *, absent_is_good: bool = False) -> RuleCases:
    at = (f"Properties.{name}",)
    absent = resources(It=resource(kind))
    return RuleCases(
        rule,
        (
            good("on", resources(It=resource(kind, **{name: True}))),
            good("on, as text", resources(It=resource(kind, **{name: "true"}))),
            good("absent", absent) if absent_is_good else bad("absent", absent, at=at),
            bad("off", resources(It=resource(kind, **{name: False})), at=at),
            bad("a parameter's default", defaulted("false", It=resource(kind, **{name: OPEN})), at=at),
            unknown("open", opened(It=resource(kind, **{name: OPEN})), at=at),
            OTHER,
        ),
    )


def also(cases: RuleCases, *more: Case) -> RuleCases:
    return RuleCases(cases.rule, (*cases.cases, *more))


CASES = (
    also(
        switched("recovery.docdb-deletion-protection", "AWS::DocDB::DBCluster", "DeletionProtection"),
        bad(
            "a global cluster",
            resources(It=resource("AWS::DocDB::GlobalCluster")),
            at=("Properties.DeletionProtection",),
        ),
    ),
    also(
        switched("recovery.neptune-deletion-protection", "AWS::Neptune::DBCluster", "DeletionProtection"),
        good("a graph, by default", resources(It=resource("AWS::NeptuneGraph::Graph"))),
        bad(
            "a graph without",
            resources(It=resource("AWS::NeptuneGraph::Graph", DeletionProtection=False)),
            at=("Properties.DeletionProtection",),
        ),
    ),
    also(
        switched("recovery.dynamodb-deletion-protection", TABLE, "DeletionProtectionEnabled"),
        good(
            "a global table",
            resources(It=resource(GLOBAL_TABLE, Replicas=[{"Region": "eu-west-1", "DeletionProtectionEnabled": True}])),
        ),
        bad(
            "one replica of a global table",
            resources(It=resource(GLOBAL_TABLE, Replicas=[{"DeletionProtectionEnabled": True}, {"Region": "x"}])),
            at=("Properties.Replicas.1.DeletionProtectionEnabled",),
        ),
    ),
    RuleCases(
        "recovery.elbv2-deletion-protection",
        (
            good("on", resources(It=balancer("true"))),
            bad("off", resources(It=balancer(False)), at=VALUE),
            bad("absent", resources(It=resource(BALANCER)), at=("Properties.LoadBalancerAttributes",)),
            bad("no value", resources(It=balancer(NO_VALUE)), at=VALUE),
            OTHER,
            unknown("open", opened(It=balancer(OPEN)), at=VALUE),
        ),
    ),
    RuleCases(
        "recovery.cognito-deletion-protection",
        (
            good("active", resources(It=resource(POOL, DeletionProtection="ACTIVE"))),
            bad(
                "inactive",
                resources(It=resource(POOL, DeletionProtection="INACTIVE")),
                at=("Properties.DeletionProtection",),
            ),
            bad("absent", resources(It=resource(POOL)), at=("Properties.DeletionProtection",)),
            OTHER,
            unknown("open", opened(It=resource(POOL, DeletionProtection=OPEN)), at=("Properties.DeletionProtection",)),
        ),
    ),
    RuleCases(
        "recovery.network-firewall-deletion-protection",
        (
            good("both", resources(It=resource(FIREWALL, DeleteProtection=True, SubnetChangeProtection=True))),
            bad(
                "one",
                resources(It=resource(FIREWALL, DeleteProtection=True)),
                at=("Properties.SubnetChangeProtection",),
            ),
            bad(
                "none",
                resources(It=resource(FIREWALL, DeleteProtection=False)),
                at=("Properties.DeleteProtection", "Properties.SubnetChangeProtection"),
            ),
            OTHER,
            unknown(
                "open",
                opened(It=resource(FIREWALL, DeleteProtection=OPEN, SubnetChangeProtection=True)),
                at=("Properties.DeleteProtection",),
            ),
        ),
    ),
    switched("recovery.qldb-deletion-protection", "AWS::QLDB::Ledger", "DeletionProtection", absent_is_good=True),
    switched(
        "recovery.dsql-deletion-protection", "AWS::DSQL::Cluster", "DeletionProtectionEnabled", absent_is_good=True
    ),
    switched("recovery.eks-deletion-protection", "AWS::EKS::Cluster", "DeletionProtection"),
)


@each_of(CASES)
def test_deletion_protection(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
