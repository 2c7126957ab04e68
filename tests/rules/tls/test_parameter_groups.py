from __future__ import annotations

import json

from tests.rules.tls._rows import cases_of
from tests.support.rule_cases import Case, RuleCases, bad, each_of, good, hold, not_applicable, resource, resources
from tests.support.rule_templates import IMPORTED, OPEN, either, opened

REDSHIFT_GROUP = "AWS::Redshift::ClusterParameterGroup"
REDSHIFT = "AWS::Redshift::Cluster"
TLS = "Properties.Parameters.tls"
SSL = "Properties.Parameters.neptune_enforce_ssl"
NAMED = "Properties.ClusterParameterGroupName"
CLUSTER_NAMED = "Properties.DBClusterParameterGroupName"


def required(value: object, family: str = "redshift-1.0") -> dict[str, object]:
    return {
        "ParameterGroupFamily": family,
        "Parameters": [
            {"ParameterName": "enable_user_activity_logging", "ParameterValue": "true"},
            {"ParameterName": "require_ssl", "ParameterValue": value},
        ],
    }


def warehouse(value: object) -> dict[str, object]:
    return resources(
        It=resource(REDSHIFT, ClusterParameterGroupName={"Ref": "Group"}),
        Group=resource(REDSHIFT_GROUP, **required(value)),
    )


def clustered(service: str, **parameters: object) -> dict[str, object]:
    return resources(
        It=resource(f"AWS::{service}::DBCluster", DBClusterParameterGroupName={"Ref": "Group"}),
        Group=resource(f"AWS::{service}::DBClusterParameterGroup", Parameters=parameters),
    )


def workgroup(value: object) -> dict[str, object]:
    return {"ConfigParameters": [{"ParameterKey": "require_ssl", "ParameterValue": value}]}


CASES = (
    cases_of(
        "tls.docdb",
        "AWS::DocDB::DBClusterParameterGroup",
        fine={
            "enabled": {"Parameters": {"tls": "enabled"}},
            "TLS 1.2 and later": {"Parameters": {"tls": "tls1.2+"}},
            "FIPS": {"Parameters": {"tls": "fips-140-3"}},
            "by default": {"Parameters": {"audit_logs": "enabled"}},
            "no parameters": {},
        },
        wrong={
            "disabled": ({"Parameters": {"tls": "disabled"}}, TLS),
            "disabled in JSON text": ({"Parameters": json.dumps({"tls": "disabled"})}, TLS),
        },
        weak=({"Parameters": {"tls": OPEN}}, "disabled", TLS),
        either=({"Parameters": {"tls": either("enabled", "disabled")}}, TLS),
        open_=({"Parameters": {"tls": OPEN}}, TLS),
        more=(
            bad("a cluster with such a group", clustered("DocDB", tls="disabled"), at=(CLUSTER_NAMED,)),
            good("a cluster with a good group", clustered("DocDB", tls="tls1.2+")),
            not_applicable("a cluster with AWS's group", resources(It=resource("AWS::DocDB::DBCluster"))),
        ),
    ),
    cases_of(
        "tls.neptune",
        "AWS::Neptune::DBClusterParameterGroup",
        fine={"enforced": {"Parameters": {"neptune_enforce_ssl": 1}}, "by default": {"Parameters": {}}},
        wrong={
            "off": ({"Parameters": {"neptune_enforce_ssl": 0}}, SSL),
            "off as text": ({"Parameters": {"neptune_enforce_ssl": "0"}}, SSL),
        },
        open_=({"Parameters": {"neptune_enforce_ssl": OPEN}}, SSL),
        more=(
            bad("a cluster with such a group", clustered("Neptune", neptune_enforce_ssl=0), at=(CLUSTER_NAMED,)),
            good("a cluster with a good group", clustered("Neptune", neptune_enforce_ssl=1)),
            not_applicable("a cluster with AWS's group", resources(It=resource("AWS::Neptune::DBCluster"))),
        ),
    ),
    cases_of(
        "tls.redshift-require-ssl",
        REDSHIFT_GROUP,
        fine={
            "required": required("true"),
            "a boolean": required(value=True),
            "by default in the newer family": {"ParameterGroupFamily": "redshift-2.0"},
        },
        wrong={
            "not required": (required("false"), "Properties.Parameters.1.ParameterValue"),
            "not required in the newer family": (
                required("false", "redshift-2.0"),
                "Properties.Parameters.1.ParameterValue",
            ),
            "no parameters": ({"ParameterGroupFamily": "redshift-1.0"}, "Properties.Parameters"),
            "other parameters": (
                {"Parameters": [{"ParameterName": "datestyle", "ParameterValue": "ISO"}]},
                "Properties.Parameters",
            ),
        },
        weak=(required(OPEN), "false", "Properties.Parameters.1.ParameterValue"),
        open_=(required(OPEN), "Properties.Parameters.1.ParameterValue"),
        more=(
            good("a cluster and its group", warehouse("true")),
            bad("a cluster whose group does not", warehouse("false"), at=(NAMED,)),
            bad(
                "AWS's old group",
                resources(It=resource(REDSHIFT, ClusterParameterGroupName="default.redshift-1.0")),
                at=(NAMED,),
            ),
            not_applicable("AWS's newer group, by default", resources(It=resource(REDSHIFT))),
            not_applicable("a group elsewhere", opened(It=resource(REDSHIFT, ClusterParameterGroupName=OPEN))),
            not_applicable(
                "another stack's group", resources(It=resource(REDSHIFT, ClusterParameterGroupName=IMPORTED))
            ),
        ),
    ),
    cases_of(
        "tls.redshift-serverless-require-ssl",
        "AWS::RedshiftServerless::Workgroup",
        fine={"required": workgroup("true"), "by default": {}},
        wrong={"not required": (workgroup("false"), "Properties.ConfigParameters.0.ParameterValue")},
        weak=(workgroup(OPEN), "false", "Properties.ConfigParameters.0.ParameterValue"),
        open_=(workgroup(OPEN), "Properties.ConfigParameters.0.ParameterValue"),
    ),
)


@each_of(CASES)
def test_parameter_groups(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
