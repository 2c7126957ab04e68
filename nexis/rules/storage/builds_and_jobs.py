"""What builds, jobs and data catalogues leave behind."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._policy_documents import policy_document
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import Requirement, is_false, one_of, row
from nexis.rules.storage._at_rest import AS_OF, CLAIMS, at_rest, controls, is_named, switched_on
from nexis.templates.values import Unknown
from nexis.templates.views import ABSENT, Absent, Undetermined, is_deferred, place, step_down

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from nexis.templates.views import View

PROJECT: Final = "AWS::CodeBuild::Project"
EMR_CONFIGURATION: Final = "AWS::EMR::SecurityConfiguration"
EMR_CLUSTER: Final = "AWS::EMR::Cluster"

ENCRYPTION: Final = ("SecurityConfiguration", "EncryptionConfiguration")
LOCAL_DISKS: Final = ("AtRestEncryptionConfiguration", "LocalDiskEncryptionConfiguration")


#: CodeBuild encrypts with AWS's key for S3 unless it is told not to.
_not_disabled = partial(row, as_of=AS_OF, accepts=is_false, expected="false", example=False)


def _glue_mode(name: str, *path: str, accepts: tuple[str, ...]) -> Requirement:
    return Requirement(
        type="AWS::Glue::SecurityConfiguration",
        path=("EncryptionConfiguration", *path),
        accepts=one_of(*accepts),
        expected=" or ".join(accepts),
        absent=f"jobs with this security configuration then do not encrypt their {name}",
        source="Glue Developer Guide, Encrypting data written by AWS Glue",
        as_of=AS_OF,
        example=accepts[0],
        empty=f"jobs with this security configuration then do not encrypt their {name}",
    )


def _emr(resource: View) -> Iterator[Problem]:
    if resource.type == EMR_CLUSTER:
        if not is_named(resource, "SecurityConfiguration"):
            yield Problem(
                place("SecurityConfiguration"),
                "is absent, and EMR then leaves the disks of the cluster unencrypted; expected the name of a security "
                "configuration that enables encryption at rest",
            )
        return
    found = policy_document(resource, "SecurityConfiguration").get("EncryptionConfiguration", {})
    if isinstance(found, Unknown):
        raise Undetermined(place(*ENCRYPTION), found.reason)
    settings: Mapping[str, Any] = found if isinstance(found, dict) else {}
    if not _flag(settings, ("EnableAtRestEncryption",), default=False):
        yield Problem(place(*ENCRYPTION, "EnableAtRestEncryption"), "is not true; expected true")
        return
    yield from parts(partial(_local_disks, settings))


def _local_disks(settings: Mapping[str, Any]) -> Iterator[Problem]:
    """The provider of keys for local disks, and that EBS volumes are not left to the account's default."""
    provider = step_down(settings, (*LOCAL_DISKS, "EncryptionKeyProviderType"))
    if provider is ABSENT:
        yield Problem(
            place(*ENCRYPTION, *LOCAL_DISKS, "EncryptionKeyProviderType"),
            "is absent, so local disks are not encrypted; expected AwsKms or Custom",
        )
    if not _flag(settings, (*LOCAL_DISKS, "EnableEbsEncryption"), default=True):
        yield Problem(
            place(*ENCRYPTION, *LOCAL_DISKS, "EnableEbsEncryption"),
            "is false, so the root volume is not encrypted; expected true",
        )


def _flag(settings: Mapping[str, Any], path: tuple[str, ...], *, default: bool) -> bool:
    where = place(*ENCRYPTION, *path)
    value = step_down(settings, path)
    if isinstance(value, Unknown):
        raise Undetermined(where, value.reason)
    if isinstance(value, Absent):
        return default
    text = value if isinstance(value, str) else str(value)
    if is_deferred(text) or text.lower() not in ("true", "false"):
        raise Undetermined(where, f"found {text!r}, expected true or false")
    return text.lower() == "true"


RULES: Final = (
    at_rest(
        "storage.build-artifacts-encrypted",
        # Neither has artifacts of its own in S3.
        _not_disabled(
            PROJECT, "Artifacts", "EncryptionDisabled", when=lambda p: p.peek("Artifacts", "Type") != "NO_ARTIFACTS"
        ),
        _not_disabled(PROJECT, "SecondaryArtifacts", "*", "EncryptionDisabled"),
        _not_disabled(
            PROJECT,
            "LogsConfig",
            "S3Logs",
            "EncryptionDisabled",
            when=lambda p: p.peek("LogsConfig", "S3Logs", "Status") != "DISABLED",
        ),
        _not_disabled("AWS::CodeBuild::ReportGroup", "ExportConfig", "S3Destination", "EncryptionDisabled"),
        title="CodeBuild does not switch off encryption of artifacts, logs and reports",
        why="Artifacts are what will run in production, and build logs name what it needs.",
        fix="leave EncryptionDisabled out, or set it to false (CDK: encryption=True)",
        cdk='codebuild.Artifacts.s3(bucket=bucket, encryption=True, name="build")',
        source="CodeBuild User Guide, Data encryption",
        fsbp=("CodeBuild.3", "CodeBuild.7"),
    ),
    at_rest(
        "storage.glue-security-configuration",
        _glue_mode("data", "S3Encryptions", "*", "S3EncryptionMode", accepts=("SSE-KMS", "SSE-S3")),
        _glue_mode("logs", "CloudWatchEncryption", "CloudWatchEncryptionMode", accepts=("SSE-KMS",)),
        _glue_mode("job bookmarks", "JobBookmarksEncryption", "JobBookmarksEncryptionMode", accepts=("CSE-KMS",)),
        title="Glue security configurations encrypt data, logs and job bookmarks",
        why="A job takes its encryption from its security configuration; DISABLED leaves a part of it out.",
        fix="set S3EncryptionMode: SSE-KMS or SSE-S3, CloudWatchEncryptionMode: SSE-KMS, JobBookmarksEncryptionMode: "
        "CSE-KMS",
        cdk='glue.CfnSecurityConfiguration(self, "Security", name="jobs",\n'
        "    encryption_configuration=glue.CfnSecurityConfiguration.EncryptionConfigurationProperty(\n"
        "        s3_encryptions=[glue.CfnSecurityConfiguration.S3EncryptionProperty(\n"
        '            s3_encryption_mode="SSE-KMS", kms_key_arn=key.key_arn)]))',
        source="Glue Developer Guide, Encrypting data written by AWS Glue",
    ),
    at_rest(
        "storage.glue-catalog-encrypted",
        Requirement(
            type="AWS::Glue::DataCatalogEncryptionSettings",
            path=("DataCatalogEncryptionSettings", "EncryptionAtRest", "CatalogEncryptionMode"),
            accepts=one_of("SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE"),
            expected="SSE-KMS or SSE-KMS-WITH-SERVICE-ROLE",
            absent="Glue then keeps the catalogue's metadata unencrypted",
            source="CloudFormation reference, AWS::Glue::DataCatalogEncryptionSettings",
            as_of=AS_OF,
            example="SSE-KMS",
        ),
        switched_on(
            "AWS::Glue::DataCatalogEncryptionSettings",
            "DataCatalogEncryptionSettings",
            "ConnectionPasswordEncryption",
            "ReturnConnectionPasswordEncrypted",
            absent="Glue then hands out the passwords of its connections in plain text",
            source="CloudFormation reference, AWS::Glue::DataCatalogEncryptionSettings",
        ),
        title="The Glue data catalogue is encrypted, its connections' passwords too",
        why="The catalogue names every table, and its connections hold the passwords of the databases behind it.",
        fix="set CatalogEncryptionMode: SSE-KMS and ReturnConnectionPasswordEncrypted: true with a KMS key",
        cdk="settings = glue.CfnDataCatalogEncryptionSettings\n"
        'settings(self, "Catalog", catalog_id=self.account,\n'
        "    data_catalog_encryption_settings=settings.DataCatalogEncryptionSettingsProperty(\n"
        '        encryption_at_rest=settings.EncryptionAtRestProperty(catalog_encryption_mode="SSE-KMS"),\n'
        "        connection_password_encryption=settings.ConnectionPasswordEncryptionProperty(\n"
        "            return_connection_password_encrypted=True, kms_key_id=key.key_id)))",
        source="Glue Developer Guide, Encrypting your Data Catalog; Encrypting connection passwords",
    ),
    at_rest(
        "storage.glue-transform-encrypted",
        Requirement(
            type="AWS::Glue::MLTransform",
            path=("TransformEncryption", "MLUserDataEncryption", "MLUserDataEncryptionMode"),
            accepts=one_of("SSE-KMS"),
            expected="SSE-KMS",
            absent="Glue then keeps the transform's user data unencrypted",
            source="CloudFormation reference, AWS::Glue::MLTransform TransformEncryption",
            as_of=AS_OF,
            example="SSE-KMS",
        ),
        title="Glue machine learning transforms encrypt user data",
        why="Labelling files hold rows of the tables that a transform learns from.",
        fix="set TransformEncryption: {MLUserDataEncryption: {MLUserDataEncryptionMode: SSE-KMS}} with a KMS key",
        cdk="transform = glue.CfnMLTransform\n"
        "encryption = transform.TransformEncryptionProperty(\n"
        "    ml_user_data_encryption=transform.MLUserDataEncryptionProperty(\n"
        '        ml_user_data_encryption_mode="SSE-KMS", kms_key_id=key.key_id))',
        source="Glue Developer Guide, Record matching with AWS Lake Formation FindMatches",
        fsbp=("Glue.3",),
    ),
    Rule(
        id="storage.emr-encrypted",
        severity="error",
        title="EMR clusters encrypt their disks through a security configuration",
        why="HDFS and shuffle files lie readable on the disks of the cluster, and on what is left of them.",
        fix="name a SecurityConfiguration with EnableAtRestEncryption: true and a LocalDiskEncryptionConfiguration",
        types=(EMR_CONFIGURATION, EMR_CLUSTER),
        check=_emr,
        claims=CLAIMS,
        controls=controls("EMR.3"),
        source="EMR Management Guide, Encryption options; Create a security configuration",
        cdk='emr.CfnSecurityConfiguration(self, "Security", security_configuration={"EncryptionConfiguration": {\n'
        '    "EnableAtRestEncryption": True, "EnableInTransitEncryption": True,\n'
        '    "AtRestEncryptionConfiguration": {"LocalDiskEncryptionConfiguration": {\n'
        '        "EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": key.key_arn, "EnableEbsEncryption": True}}}})',
        example={
            "Security": {
                "Type": EMR_CONFIGURATION,
                "Properties": {
                    "SecurityConfiguration": {
                        "EncryptionConfiguration": {
                            "EnableAtRestEncryption": True,
                            "AtRestEncryptionConfiguration": {
                                "LocalDiskEncryptionConfiguration": {
                                    "EncryptionKeyProviderType": "AwsKms",
                                    "AwsKmsKey": {"Fn::GetAtt": ["Key", "Arn"]},
                                    "EnableEbsEncryption": True,
                                }
                            },
                        }
                    }
                },
            },
            "Cluster": {"Type": EMR_CLUSTER, "Properties": {"SecurityConfiguration": {"Ref": "Security"}}},
            "Key": {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}},
        },
    ),
)
