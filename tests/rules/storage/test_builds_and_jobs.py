from __future__ import annotations

import json
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

PROJECT = "AWS::CodeBuild::Project"
REPORTS = "AWS::CodeBuild::ReportGroup"
SECURITY = "AWS::Glue::SecurityConfiguration"
CATALOG = "AWS::Glue::DataCatalogEncryptionSettings"
TRANSFORM = "AWS::Glue::MLTransform"
EMR = "AWS::EMR::SecurityConfiguration"
CLUSTER = "AWS::EMR::Cluster"
OTHER = resources(It=resource("AWS::S3::Bucket"))


def artifacts(**settings: Any) -> dict[str, Any]:
    return resource(PROJECT, Artifacts={"Type": "S3", "Location": "bucket", **settings})


def security(s3: Any = "SSE-KMS", logs: Any = "SSE-KMS", bookmarks: Any = "CSE-KMS") -> dict[str, Any]:
    return resource(
        SECURITY,
        EncryptionConfiguration={
            "S3Encryptions": [{"S3EncryptionMode": s3}],
            "CloudWatchEncryption": {"CloudWatchEncryptionMode": logs},
            "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": bookmarks},
        },
    )


def catalog(mode: Any, passwords: Any) -> dict[str, Any]:
    settings = {
        "EncryptionAtRest": {"CatalogEncryptionMode": mode},
        "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": passwords},
    }
    return resource(CATALOG, DataCatalogEncryptionSettings=settings)


def transform(mode: Any) -> dict[str, Any]:
    return resource(TRANSFORM, TransformEncryption={"MLUserDataEncryption": {"MLUserDataEncryptionMode": mode}})


def emr(enabled: Any, **disks: Any) -> dict[str, Any]:
    encryption = {
        "EnableAtRestEncryption": enabled,
        "AtRestEncryptionConfiguration": {"LocalDiskEncryptionConfiguration": disks},
    }
    return resource(EMR, SecurityConfiguration={"EncryptionConfiguration": encryption})


def as_text(made: dict[str, Any]) -> dict[str, Any]:
    return resource(EMR, SecurityConfiguration=json.dumps(made["Properties"]["SecurityConfiguration"]))


GLUE = "Properties.EncryptionConfiguration"
MODES = (
    f"{GLUE}.S3Encryptions",
    f"{GLUE}.CloudWatchEncryption.CloudWatchEncryptionMode",
    f"{GLUE}.JobBookmarksEncryption.JobBookmarksEncryptionMode",
)
FIRST_MODE = f"{GLUE}.S3Encryptions.0.S3EncryptionMode"
SETTINGS = "Properties.DataCatalogEncryptionSettings"
AT_REST = f"{SETTINGS}.EncryptionAtRest.CatalogEncryptionMode"
PASSWORDS = f"{SETTINGS}.ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted"
USER_DATA = ("Properties.TransformEncryption.MLUserDataEncryption.MLUserDataEncryptionMode",)
ENCRYPTION = "Properties.SecurityConfiguration.EncryptionConfiguration"
ENABLED = (f"{ENCRYPTION}.EnableAtRestEncryption",)
DISKS = f"{ENCRYPTION}.AtRestEncryptionConfiguration.LocalDiskEncryptionConfiguration"

CASES: tuple[RuleCases, ...] = (
    RuleCases(
        "storage.build-artifacts-encrypted",
        (
            good("absent: CodeBuild encrypts", resources(It=artifacts())),
            good("false", resources(It=artifacts(EncryptionDisabled="false"))),
            good(
                "a project without artifacts",
                resources(It=resource(PROJECT, Artifacts={"Type": "NO_ARTIFACTS", "EncryptionDisabled": True})),
            ),
            good(
                "logs that are off",
                resources(
                    It=resource(PROJECT, LogsConfig={"S3Logs": {"Status": "DISABLED", "EncryptionDisabled": True}})
                ),
            ),
            bad(
                "artifacts",
                resources(It=artifacts(EncryptionDisabled=True)),
                at=("Properties.Artifacts.EncryptionDisabled",),
            ),
            bad(
                "secondary artifacts",
                resources(It=resource(PROJECT, SecondaryArtifacts=[{"EncryptionDisabled": True}])),
                at=("Properties.SecondaryArtifacts.0.EncryptionDisabled",),
            ),
            bad(
                "logs",
                resources(
                    It=resource(PROJECT, LogsConfig={"S3Logs": {"Status": "ENABLED", "EncryptionDisabled": "true"}})
                ),
                at=("Properties.LogsConfig.S3Logs.EncryptionDisabled",),
            ),
            bad(
                "reports",
                resources(It=resource(REPORTS, ExportConfig={"S3Destination": {"EncryptionDisabled": True}})),
                at=("Properties.ExportConfig.S3Destination.EncryptionDisabled",),
            ),
            bad(
                "a default of true",
                defaulted("true", It=artifacts(EncryptionDisabled=OPEN)),
                at=("Properties.Artifacts.EncryptionDisabled",),
            ),
            not_applicable("something else", OTHER),
            unknown(
                "a parameter",
                opened(It=artifacts(EncryptionDisabled=OPEN)),
                at=("Properties.Artifacts.EncryptionDisabled",),
            ),
        ),
    ),
    RuleCases(
        "storage.glue-security-configuration",
        (
            good("KMS", resources(It=security())),
            good("S3's own key", resources(It=security(s3="SSE-S3"))),
            bad("nothing in it", resources(It=resource(SECURITY, EncryptionConfiguration={})), at=MODES),
            bad("data", resources(It=security(s3="DISABLED")), at=(FIRST_MODE,)),
            bad("logs and bookmarks", resources(It=security(logs="DISABLED", bookmarks="DISABLED")), at=MODES[1:]),
            not_applicable("something else", OTHER),
            unknown("a parameter", opened(It=security(s3=OPEN)), at=(FIRST_MODE,)),
        ),
    ),
    RuleCases(
        "storage.glue-catalog-encrypted",
        (
            good("both", resources(It=catalog("SSE-KMS", True))),
            good("with a role of the service", resources(It=catalog("SSE-KMS-WITH-SERVICE-ROLE", "true"))),
            bad("neither", resources(It=resource(CATALOG)), at=(AT_REST, PASSWORDS)),
            bad("disabled", resources(It=catalog("DISABLED", True)), at=(AT_REST,)),
            bad("plain passwords", resources(It=catalog("SSE-KMS", False)), at=(PASSWORDS,)),
            not_applicable("something else", OTHER),
            unknown("a parameter", opened(It=catalog("SSE-KMS", OPEN)), at=(PASSWORDS,)),
        ),
    ),
    RuleCases(
        "storage.glue-transform-encrypted",
        (
            good("KMS", resources(It=transform("SSE-KMS"))),
            bad("absent", resources(It=resource(TRANSFORM)), at=USER_DATA),
            bad("disabled", resources(It=transform("DISABLED")), at=USER_DATA),
            not_applicable("something else", OTHER),
            unknown("a parameter", opened(It=transform(OPEN)), at=USER_DATA),
        ),
    ),
    RuleCases(
        "storage.emr-encrypted",
        (
            good("KMS", resources(It=emr(True, EncryptionKeyProviderType="AwsKms", EnableEbsEncryption="true"))),
            good("EBS left to LUKS", resources(It=emr(True, EncryptionKeyProviderType="Custom"))),
            good("JSON text", resources(It=as_text(emr(True, EncryptionKeyProviderType="AwsKms")))),
            good(
                "a cluster that names one",
                resources(It=resource(CLUSTER, SecurityConfiguration={"Ref": "Security"}), Security=resource(EMR)),
            ),
            good("a cluster with whichever one", opened(It=resource(CLUSTER, SecurityConfiguration=OPEN))),
            bad("a cluster without", resources(It=resource(CLUSTER)), at=("Properties.SecurityConfiguration",)),
            bad(
                "a cluster whose configuration's name is empty by default",
                defaulted("", It=resource(CLUSTER, SecurityConfiguration=OPEN)),
                at=("Properties.SecurityConfiguration",),
            ),
            bad("nothing in it", resources(It=resource(EMR, SecurityConfiguration={})), at=ENABLED),
            bad("off", resources(It=emr(False, EncryptionKeyProviderType="AwsKms")), at=ENABLED),
            bad("off, as text", resources(It=as_text(emr("false"))), at=ENABLED),
            bad("no local disks", resources(It=emr(True)), at=(f"{DISKS}.EncryptionKeyProviderType",)),
            bad(
                "no EBS",
                resources(It=emr(True, EncryptionKeyProviderType="AwsKms", EnableEbsEncryption=False)),
                at=(f"{DISKS}.EnableEbsEncryption",),
            ),
            not_applicable("serverless", resources(It=resource("AWS::EMRServerless::Application"))),
            unknown("a parameter", opened(It=emr(OPEN)), at=ENABLED),
            unknown(
                "text that is no JSON",
                resources(It=resource(EMR, SecurityConfiguration="on")),
                at=("Properties.SecurityConfiguration",),
            ),
            unknown("neither true nor false", resources(It=emr("maybe")), at=ENABLED),
        ),
    ),
)


@each_of(CASES)
def test_builds_and_jobs(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
