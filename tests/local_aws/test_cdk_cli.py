"""The real CDK CLI against the local AWS: bootstrap, deploy, deploy again, destroy."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.cloud import REGION, Cloud, error_code, ref

if TYPE_CHECKING:
    from local_aws.launcher import LocalAws

pytestmark = pytest.mark.real

ACCOUNT = "300000000003"
CDK = Path(__file__).resolve().parents[2] / "node_modules" / ".bin" / "cdk"
RESOURCES: dict[str, Any] = {
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "example"}},
    "Policy": {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {"Topics": [ref("Topic")], "PolicyDocument": {"Version": "2012-10-17", "Statement": []}},
    },
}


def bootstrapped_role(name: str) -> str:
    return f"arn:${{AWS::Partition}}:iam::{ACCOUNT}:role/cdk-hnb659fds-{name}-role-{ACCOUNT}-{REGION}"


def write_assembly(folder: Path) -> None:
    """A cloud assembly of one stack, as `cdk synth` leaves it: the template is an asset that the CLI publishes."""
    template = json.dumps({"Resources": RESOURCES}).encode()
    key = hashlib.sha256(template).hexdigest()
    bucket = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
    needs = {
        "requiresBootstrapStackVersion": 6,
        "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/hnb659fds/version",
    }
    destination = {
        "bucketName": bucket,
        "objectKey": f"{key}.json",
        "region": REGION,
        "assumeRoleArn": bootstrapped_role("file-publishing"),
    }
    source = {"path": "Example.template.json", "packaging": "file"}
    assets = {"version": "36.0.0", "files": {key: {"source": source, "destinations": {"here": destination}}}}
    stack = {
        "templateFile": "Example.template.json",
        "stackName": "example",
        "tags": {"project": "example"},
        "assumeRoleArn": bootstrapped_role("deploy"),
        "cloudFormationExecutionRoleArn": bootstrapped_role("cfn-exec"),
        "stackTemplateAssetObjectUrl": f"s3://{bucket}/{key}.json",
        "additionalDependencies": ["Example.assets"],
        **needs,
    }
    manifest = {
        "version": "36.0.0",
        "artifacts": {
            "Example.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Example.assets.json", **needs}},
            "Example": {
                "type": "aws:cloudformation:stack",
                "environment": f"aws://{ACCOUNT}/{REGION}",
                "properties": stack,
                "dependencies": ["Example.assets"],
            },
        },
    }
    folder.mkdir()
    (folder / "Example.template.json").write_bytes(template)
    (folder / "Example.assets.json").write_text(json.dumps(assets), encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_the_cdk_cli_deploys_finds_nothing_to_change_and_destroys(aws: LocalAws, tmp_path: Path) -> None:
    write_assembly(tmp_path / "assembly")
    (tmp_path / "home").mkdir()

    def cdk(*arguments: str) -> str:
        ran = subprocess.run(
            [str(CDK), "--no-notices", *arguments],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), **aws.environment(ACCOUNT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout
        return ran.stdout

    cloud = Cloud(aws, ACCOUNT)
    cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}")
    assert cloud.status("CDKToolkit") == "CREATE_COMPLETE"

    cdk("deploy", "--app", "assembly", "--require-approval", "never", "Example")
    assert cloud.status("example") == "CREATE_COMPLETE"
    (topic,) = cloud.client("sns").list_topics()["Topics"]
    assert cloud.client("sns").get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]["DisplayName"] == (
        "example"
    )
    (asset,) = cloud.client("s3").list_objects_v2(Bucket=f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}")["Contents"]
    assert asset["Key"].endswith(".json"), "the template was published"

    assert "no changes" in cdk("deploy", "--app", "assembly", "--require-approval", "never", "Example")

    cdk("destroy", "--app", "assembly", "--force", "Example")
    assert cloud.status("example") == ""
    with pytest.raises(ClientError) as gone:
        cloud.client("sns").get_topic_attributes(TopicArn=topic["TopicArn"])
    assert error_code(gone) == "NotFound"
