"""Write `bootstrap/bootstrap-template.yaml`: the CDK CLI's own bootstrap template with what we change.

`make bootstrap-template` runs it after a change of the pinned CLI or of the facts; a test fails when the file is stale.
What is changed stands in `docs/decisions/bootstrap-of-our-own.md`. Every step names what it expects, so that a new CLI
whose template is another stops here, with a message.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from nexis.facts.deployment import BOOTSTRAP_VARIANT, BOUNDARY_NAME, QUALIFIER, STACK_PREFIX, deployment_role_name
from nexis.facts.execution_actions import TARGETS, by_target
from nexis.facts.permissions_boundary import KEEP_EVIDENCE, boundary_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[1]
FILE: Final = ROOT / "bootstrap" / "bootstrap-template.yaml"
CLI: Final = ROOT / "node_modules" / ".bin" / "cdk"
#: The most characters of a managed policy, white space not counted. Source: IAM User Guide, "IAM and STS quotas".
LONGEST_POLICY: Final = 6144
#: What is left free, for names longer than their placeholders and for the next resource type.
ROOM: Final = 500

HEAD: Final = """\
# The CDK's bootstrap for accounts of the baseline. Made by scripts/write_bootstrap.py (`make bootstrap-template`).
#
# Derived from the template that aws-cdk {version} prints with `cdk bootstrap --show-template`, which is
# Copyright 2012-{year} Amazon.com, Inc. or its affiliates, under the Apache License 2.0. What is changed and why:
# docs/decisions/bootstrap-of-our-own.md. How to apply it: docs/how-changes-reach-aws.md.
"""

#: What stays a choice; the CLI has no way to set others.
KEPT_PARAMETERS: Final = ("Qualifier", "BootstrapVariant")
#: How each condition of the CLI's template is decided.
DECIDED: Final[Mapping[str, bool]] = {
    "CreateNewKey": True,
    "HasCloudFormationExecutionPolicies": True,
    "HasCustomContainerAssetsRepositoryName": False,
    "HasCustomFileAssetsBucketName": False,
    "HasTrustedAccounts": False,
    "HasTrustedAccountsForLookup": False,
    "PermissionsBoundarySet": False,
    "ShouldApplyPermissionsBoundaryToAllRoles": False,
    "ShouldCreatePermissionsBoundary": False,
    "ShouldDenyExternalId": True,
    "UseAwsManagedKey": False,
    "UsePublicAccessBlockConfiguration": True,
}
#: No container images are deployed; the boundary is ours; what was inline becomes a managed policy.
DROPPED: Final = (
    "CdkBoostrapPermissionsBoundaryPolicy",
    "ContainerAssetsRepository",
    "FilePublishingRoleDefaultPolicy",
    "ImagePublishingRole",
    "ImagePublishingRoleDefaultPolicy",
)
KEPT: Final = (
    "CdkBootstrapVersion",
    "CloudFormationExecutionRole",
    "DeploymentActionRole",
    "FileAssetsBucketEncryptionKey",
    "FileAssetsBucketEncryptionKeyAlias",
    "FilePublishingRole",
    "LookupRole",
    "StagingBucket",
    "StagingBucketPolicy",
)
#: The roles that the CDK CLI takes on.
CLI_ROLES: Final = ("DeploymentActionRole", "FilePublishingRole", "LookupRole")
NO_VALUE: Final = {"Ref": "AWS::NoValue"}
BOUNDARY: Final = "PermissionsBoundary"
ACCESS_LOGS: Final = "StagingAccessLogs"
LOG_DAYS: Final = 400


class UnknownTemplate(Exception):
    """The CLI's template is not the one that these changes were made for."""


def bootstrap_template(original: Mapping[str, Any]) -> dict[str, Any]:
    """Change the CLI's template.

    Args:
        original: as the pinned CLI prints it.

    Raises:
        UnknownTemplate: it holds a condition or a resource that nobody decided about, or misses one.
    """
    _expect("conditions", original["Conditions"], DECIDED)
    _expect("resources", original["Resources"], (*KEPT, *DROPPED))
    _expect("parameters that stay", set(KEPT_PARAMETERS) & set(original["Parameters"]), KEPT_PARAMETERS)
    kept = {name: _settled(copy.deepcopy(original["Resources"][name])) for name in KEPT}
    parameters = {name: dict(original["Parameters"][name]) for name in KEPT_PARAMETERS}
    parameters["BootstrapVariant"]["Default"] = BOOTSTRAP_VARIANT
    # The apps of the baseline name the boundary with it.
    parameters["Qualifier"] = {
        **{
            name: text
            for name, text in parameters["Qualifier"].items()
            if not name.startswith(("Allowed", "Constraint"))
        },
        "Default": QUALIFIER,
        "AllowedValues": [QUALIFIER],
    }
    return {
        "Description": "The CDK's bootstrap for an account of the Nexis Network baseline",
        "Parameters": {**parameters, **_parameters()},
        "Conditions": {KEEP_EVIDENCE: {"Fn::Equals": ["true", {"Ref": KEEP_EVIDENCE_PARAMETER}]}},
        "Resources": {
            BOUNDARY: _boundary(),
            **_staging(kept),
            **_cli_roles(kept),
            **_execution(kept["CloudFormationExecutionRole"]),
            "CdkBootstrapVersion": kept["CdkBootstrapVersion"],
        },
        "Outputs": {
            name: _settled(copy.deepcopy(output))
            for name, output in original["Outputs"].items()
            if name != "ImageRepositoryName"
        },
    }


KEEP_EVIDENCE_PARAMETER: Final = "KeepEvidence"
DEPLOYER_PARAMETER: Final = "DeploymentRoleName"


def _parameters() -> dict[str, Any]:
    return {
        DEPLOYER_PARAMETER: {
            "Description": "The role that may take on the CLI's roles; nexis bootstrap sets it to the environment's",
            "Type": "String",
            "Default": deployment_role_name("prod"),
            "AllowedPattern": "[A-Za-z0-9_+=,.@-]{1,64}",
            "ConstraintDescription": "the name of one role, without wildcards",
        },
        KEEP_EVIDENCE_PARAMETER: {
            "Description": "false only where environments come and go: CloudFormation may then delete trails and keys",
            "Type": "String",
            "Default": "true",
            "AllowedValues": ["true", "false"],
        },
    }


def _expect(what: str, found: Any, wanted: Any) -> None:
    missing, new = set(wanted) - set(found), set(found) - set(wanted)
    if missing or new:
        raise UnknownTemplate(
            f"the CLI's bootstrap template has other {what}: missing {sorted(missing)}, new {sorted(new)}; expected "
            "those of the pinned CLI. Read what they are for, and decide about them in scripts/write_bootstrap.py"
        )


def _settled(value: Any) -> Any:
    """Put the chosen branch in the place of every `Fn::If`."""
    if isinstance(value, dict):
        if set(value) == {"Fn::If"}:
            condition, yes, no = value["Fn::If"]
            return _settled(yes if DECIDED[condition] else no)
        settled = {name: _settled(item) for name, item in value.items() if not _is_decided(name, item)}
        return {name: item for name, item in settled.items() if item != NO_VALUE}
    if isinstance(value, list):
        return [item for item in map(_settled, value) if item != NO_VALUE]
    return value


def _is_decided(name: str, value: Any) -> bool:
    """Whether it is the condition under which a resource exists; a policy has conditions too."""
    return name == "Condition" and isinstance(value, str) and value in DECIDED


def _filled(value: Any) -> Any:
    """Wrap texts with `${…}` in `Fn::Sub`."""
    if isinstance(value, dict):
        return {name: item if name in ("Fn::Sub", "Ref") else _filled(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item) for item in value]
    return {"Fn::Sub": value} if isinstance(value, str) and "${" in value else value


def _policy(name: str, description: str, statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "ManagedPolicyName": {"Fn::Sub": name},
            "Description": description,
            "PolicyDocument": _filled({"Version": "2012-10-17", "Statement": statements}),
        },
    }


def _allow(sid: str, actions: list[str], resources: list[str], **conditions: Any) -> dict[str, Any]:
    statement = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
    return statement | ({"Condition": conditions} if conditions else {})


def _boundary() -> dict[str, Any]:
    document = boundary_document()
    policy = _policy(BOUNDARY_NAME, "What no role of this account may do, whatever its policies allow", [])
    policy["Properties"]["PolicyDocument"] = _filled(document)
    return policy


def _staging(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The bucket that holds templates and code: logged, TLS 1.2 or later, a rotating key that outlives the stack."""
    key, bucket, policy = (
        kept[name] for name in ("FileAssetsBucketEncryptionKey", "StagingBucket", "StagingBucketPolicy")
    )
    key["Properties"] = {"EnableKeyRotation": True, **key["Properties"]}
    key["UpdateReplacePolicy"] = key["DeletionPolicy"] = "Retain"
    properties = bucket["Properties"]
    properties.pop("AccessControl")
    properties["OwnershipControls"] = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    properties["LoggingConfiguration"] = {"DestinationBucketName": {"Ref": ACCESS_LOGS}, "LogFilePrefix": "staging/"}
    policy["Properties"]["PolicyDocument"]["Statement"].append(_old_tls("StagingBucket"))
    return {
        **{name: kept[name] for name in ("FileAssetsBucketEncryptionKey", "FileAssetsBucketEncryptionKeyAlias")},
        "StagingBucket": bucket,
        "StagingBucketPolicy": policy,
        ACCESS_LOGS: {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "BucketName": {"Fn::Sub": "cdk-${Qualifier}-access-logs-${AWS::AccountId}-${AWS::Region}"},
                # S3 delivers access logs only to buckets that its own keys encrypt.
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                },
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "PublicAccessBlockConfiguration": dict(properties["PublicAccessBlockConfiguration"]),
                "VersioningConfiguration": {"Status": "Enabled"},
                "LifecycleConfiguration": {
                    "Rules": [
                        {"Id": "expire", "Status": "Enabled", "ExpirationInDays": LOG_DAYS},
                        {
                            "Id": "tidy",
                            "Status": "Enabled",
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                        },
                    ]
                },
            },
            "UpdateReplacePolicy": "Retain",
            "DeletionPolicy": "Retain",
        },
        f"{ACCESS_LOGS}Policy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": {"Ref": ACCESS_LOGS}, "PolicyDocument": _access_logs_document()},
        },
    }


def _everything_in(bucket: str) -> list[dict[str, str]]:
    return [{"Fn::Sub": f"${{{bucket}.Arn}}"}, {"Fn::Sub": f"${{{bucket}.Arn}}/*"}]


def _old_tls(bucket: str) -> dict[str, Any]:
    return {
        "Sid": "RefuseOldTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": _everything_in(bucket),
        "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    }


def _access_logs_document() -> dict[str, Any]:
    without_tls = {"Sid": "RefuseWithoutTls", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {**_old_tls(ACCESS_LOGS), **without_tls},
            _old_tls(ACCESS_LOGS),
            {
                "Sid": "LetS3DeliverItsLogs",
                "Effect": "Allow",
                "Principal": {"Service": "logging.s3.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": {"Fn::Sub": f"${{{ACCESS_LOGS}.Arn}}/staging/*"},
                "Condition": {
                    "ArnEquals": {"aws:SourceArn": {"Fn::Sub": "${StagingBucket.Arn}"}},
                    "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                },
            },
        ],
    }


STACKS: Final = f"arn:${{AWS::Partition}}:cloudformation:${{AWS::Region}}:${{AWS::AccountId}}:stack/{STACK_PREFIX}*/*"
VERSION: Final = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${CdkBootstrapVersion}"
READ_STACKS: Final = [
    f"cloudformation:{action}"
    for action in (
        *("DescribeChangeSet", "DescribeEvents", "DescribeStackEvents", "DescribeStackResources", "DescribeStacks"),
        *("GetTemplate", "ListStackResources"),
    )
]
CHANGE_STACKS: Final = [
    f"cloudformation:{action}"
    for action in (
        *("ContinueUpdateRollback", "CreateChangeSet", "CreateStack", "DeleteChangeSet", "DeleteStack"),
        *("ExecuteChangeSet", "RollbackStack", "UpdateStack", "UpdateTerminationProtection"),
    )
]


def _policies_of_cli_roles() -> dict[str, list[dict[str, Any]]]:
    version = _allow("ReadVersion", ["ssm:GetParameter", "ssm:GetParameters"], [VERSION])
    key = ["${FileAssetsBucketEncryptionKey.Arn}"]
    look = _allow("LookForStacks", ["cloudformation:DescribeStacks", "cloudformation:ListStacks"], ["*"])
    read = _allow("ReadStacks", READ_STACKS, [STACKS])
    return {
        "DeploymentActionRole": [
            _allow("ChangeStacks", CHANGE_STACKS, [STACKS]),
            read,
            look,
            _allow(
                "PassExecutionRole",
                ["iam:PassRole"],
                ["${CloudFormationExecutionRole.Arn}"],
                StringEquals={"iam:PassedToService": "cloudformation.amazonaws.com"},
            ),
            _allow("ReadTemplates", ["s3:GetObject"], ["${StagingBucket.Arn}/*"]),
            _allow("FindTemplates", ["s3:GetBucketLocation", "s3:ListBucket"], ["${StagingBucket.Arn}"]),
            _allow("DecryptTemplates", ["kms:Decrypt"], key),
            version,
        ],
        "FilePublishingRole": [
            _allow("Publish", ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], ["${StagingBucket.Arn}/*"]),
            _allow(
                "LookFirst",
                ["s3:GetBucketLocation", "s3:GetEncryptionConfiguration", "s3:ListBucket"],
                ["${StagingBucket.Arn}"],
                StringEquals={"aws:ResourceAccount": "${AWS::AccountId}"},
            ),
            _allow("Encrypt", ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"], key),
        ],
        "LookupRole": [read, look, version],
    }


def _cli_roles(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The roles of the CLI: trusted for one role of this account, exact policies of their own, in bounds."""
    made: dict[str, Any] = {}
    for name, statements in _policies_of_cli_roles().items():
        role = kept[name]
        properties = role["Properties"]
        kind = properties["Tags"][0]["Value"]
        properties.pop("Policies", None)
        properties["AssumeRolePolicyDocument"] = {"Version": "2012-10-17", "Statement": [_trust()]}
        properties.pop("ManagedPolicyArns", None)
        properties["MaxSessionDuration"] = 3600
        properties[BOUNDARY] = {"Ref": BOUNDARY}
        described = f"What the CDK CLI does as {kind}"
        made[name] = role
        policy = _policy(f"cdk-${{Qualifier}}-{kind}-${{AWS::Region}}", described, statements)
        # Attached from here: the key names a role, and the role's policy the key.
        policy["Properties"]["Roles"] = [{"Ref": name}]
        made[f"{name}Policy"] = policy
    return made


def _trust() -> dict[str, Any]:
    """By its ARN in a condition: the role is made by the first deployment, which comes after the bootstrap."""
    deployer = f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/${{{DEPLOYER_PARAMETER}}}"
    trust: dict[str, Any] = _filled(
        {
            "Effect": "Allow",
            "Principal": {"AWS": {"Ref": "AWS::AccountId"}},
            "Action": "sts:AssumeRole",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": deployer}, "Null": {"sts:ExternalId": "true"}},
        }
    )
    return trust


def _execution(role: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's role: what the resource types of the stacks need, in bounds."""
    made: dict[str, Any] = {}
    for number, statements in enumerate(_packed(_execution_statements()), 1):
        name = f"cdk-${{Qualifier}}-execution-{number}-${{AWS::Region}}"
        made[f"ExecutionPolicy{number}"] = _policy(name, "What the stacks of the baseline are made of", statements)
    properties = role["Properties"]
    properties["ManagedPolicyArns"] = [{"Ref": name} for name in made]
    properties["MaxSessionDuration"] = 3600
    properties[BOUNDARY] = {"Ref": BOUNDARY}
    return {**made, "CloudFormationExecutionRole": role}


def _execution_statements() -> Iterator[dict[str, Any]]:
    for target, actions in by_target().items():
        resources, conditions = TARGETS[target]
        sid = "".join(word.capitalize() for word in target.replace("-", " ").split())
        yield _allow(sid, list(actions), list(resources), **conditions)


def _packed(statements: Iterator[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Part statements over as few policies as hold them."""
    packed: list[list[dict[str, Any]]] = [[]]
    for statement in sorted(statements, key=lambda one: -_length([one])):
        fitting = next((p for p in packed if _length([*p, statement]) < LONGEST_POLICY - ROOM), None)
        if fitting is None:
            packed.append([statement])
        else:
            fitting.append(statement)
    return packed


def _length(statements: list[dict[str, Any]]) -> int:
    return len(json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":")))


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        del data
        return True


def written(original: Mapping[str, Any], *, version: str) -> str:
    """Write the file.

    Args:
        original: the CLI's template.
        version: of the CLI.
    """
    body = yaml.dump(bootstrap_template(original), Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)
    return HEAD.format(version=version, year=2026) + body


def template_of_the_cli() -> dict[str, Any]:
    """Ask the pinned CLI for its template."""
    environment = {**os.environ, "CDK_DISABLE_VERSION_CHECK": "1", "CDK_DISABLE_CLI_TELEMETRY": "true"}
    command = [str(CLI), "--no-notices", "bootstrap", "--show-template"]
    text = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    template: dict[str, Any] = yaml.safe_load(text)
    return template


def version_of_the_cli() -> str:
    """Give the version that `package.json` pins."""
    pinned: str = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]["aws-cdk"]
    return pinned


def main() -> None:
    """Write the file."""
    try:
        text = written(template_of_the_cli(), version=version_of_the_cli())
    except UnknownTemplate as problem:
        sys.exit(str(problem))
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text, encoding="utf-8")
    print(f"wrote {FILE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
