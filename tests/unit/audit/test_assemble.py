from __future__ import annotations

from typing import Any

from nexis.audit.assemble import Deployed, assemble
from nexis.audit.model import Live
from nexis.audit.read import READ_TYPES
from nexis.audit.run import audit
from nexis.audit.scope import OURS, Listed
from nexis.rules.engine.missing import LISTED_TYPE
from nexis.rules.registry import all_rules
from tests.support.baseline import synthesized_baseline
from tests.unit.audit.fake import ACCOUNT, REGION, FakeAws, Refused

KEY = "AWS::KMS::Key"
SECRET = "AWS::SecretsManager::Secret"


def listed(kind: str, identity: str, **written: Any) -> Listed:
    return Listed(
        stack="stack", logical_id="Logical", type=kind, identity=identity, construct="Stack/It", written=written
    )


def deployed(read: list[Live], listing: list[Listed]) -> Deployed:
    return assemble(read, listing, judged={KEY, SECRET, "AWS::ECS::Service"}, account=ACCOUNT, region=REGION)


def states(found: Deployed) -> dict[str, str]:
    resources = found.template.resources.values()
    return {r.logical_id: r.properties["State"] for r in resources if r.type == LISTED_TYPE}


def test_a_resource_keeps_its_construct_and_its_stacks_attributes() -> None:
    entry = listed(KEY, "k-1", DeletionPolicy="Retain", UpdateReplacePolicy="Delete", UpdatePolicy={"A": {}})
    found = deployed([Live(type=KEY, identity="k-1", properties={"Enabled": True})], [entry])
    resource = found.template.resources["k-1"]
    assert (resource.construct, resource.deletion_policy, resource.update_replace_policy) == (
        "Stack/It",
        "Retain",
        "Delete",
    )
    assert resource.update_policy == {"A": {}}
    assert found.stacks == {"k-1": "stack"}
    assert found.template.file == f"aws://{ACCOUNT}/{REGION}"
    assert states(found) == {}


def test_what_no_api_tells_comes_from_the_template_and_nothing_else_does() -> None:
    written = {"GenerateSecretString": {"PasswordLength": 32}, "KmsKeyId": "from-the-template"}
    live = Live(type=SECRET, identity="arn", name="secret:x", properties={"KmsKeyId": "alias/live"})
    found = deployed([live], [listed(SECRET, "arn", Properties=written)])
    assert found.template.resources["secret:x"].properties == {
        "KmsKeyId": "alias/live",
        "GenerateSecretString": {"PasswordLength": 32},
    }


def test_what_is_listed_and_not_there_is_said() -> None:
    broken = Live(type=KEY, identity="k-2", properties={}, trouble="is disabled")
    found = deployed(
        [broken],
        [listed(KEY, "k-1"), listed(KEY, "k-2"), listed("AWS::ECS::Service", "s-1"), listed("AWS::Some::Thing", "t-1")],
    )
    assert states(found) == {"k-1": "gone", "s-1": "unread", "k-2 (listed)": "broken"}
    assert found.real["k-2 (listed)"] == ("k-2", KEY)
    assert found.not_read == {"AWS::Some::Thing": 1}


def test_what_stands_in_another_resource_is_there() -> None:
    rule = ("AWS::EC2::SecurityGroupIngress", "sgr-1")
    group = Live(type="AWS::EC2::SecurityGroup", identity="sg-1", properties={}, stands_for=(rule,))
    assert states(deployed([group], [listed(*rule)])) == {}
    assert states(deployed([group], [listed(rule[0], "sgr-2")])) == {"sgr-2": "gone"}


def test_trouble_of_what_no_stack_lists_is_said_too() -> None:
    found = deployed([Live(type=KEY, identity="k-1", properties={}, trouble="is disabled")], [])
    assert states(found) == {"k-1 (listed)": "broken"}


def test_placeholders_are_known_by_their_tag() -> None:
    tags = [{"Key": "nexis:program", "Value": "placeholder", "PropagateAtLaunch": True}]
    group = Live(type="AWS::AutoScaling::AutoScalingGroup", identity="g", properties={"Tags": tags})
    template = Live(
        type="AWS::EC2::LaunchTemplate",
        identity="lt-1",
        properties={"LaunchTemplateData": {"TagSpecifications": [{"ResourceType": "instance", "Tags": tags}]}},
    )
    real = [{"Key": "nexis:program", "Value": "postgresql"}]
    program = Live(type="AWS::AutoScaling::AutoScalingGroup", identity="p", properties={"Tags": real})
    assert deployed([group], []).placeholders
    assert deployed([template], []).placeholders
    assert not deployed([program], []).placeholders


def test_every_type_that_our_stacks_deploy_and_some_rule_judges_is_read() -> None:
    judged = {kind for rule in all_rules() for kind in rule.types}
    for environment in ("dev", "prod"):
        for template in synthesized_baseline(environment).values():
            types = {resource["Type"] for resource in template["Resources"].values()}
            assert (types & judged) - READ_TYPES == set()


def test_an_audit_from_stack_to_finding() -> None:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k-1"
    metadata = {
        "KeyId": "k-1",
        "Arn": arn,
        "KeyManager": "CUSTOMER",
        "KeyState": "Enabled",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "Origin": "AWS_KMS",
    }
    group_arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/app:*"
    resources = {
        "Group": {"Type": "AWS::Logs::LogGroup", "Metadata": {"aws:cdk:path": "Stack/Group"}},
        "Bucket": {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "Stack/Bucket"}},
    }
    summaries = [
        {
            "LogicalResourceId": logical_id,
            "ResourceType": resources[logical_id]["Type"],
            "PhysicalResourceId": identity,
            "ResourceStatus": "CREATE_COMPLETE",
        }
        for logical_id, identity in (("Group", "/app"), ("Bucket", "logs"))
    ]
    group = {"logGroupName": "/app", "arn": group_arn, "retentionInDays": 365, "kmsKeyId": arn}
    aws = FakeAws(
        {
            ("cloudformation", "describe_stacks"): [
                {
                    "StackName": "stack",
                    "StackStatus": "CREATE_COMPLETE",
                    "Tags": [{"Key": OURS[0], "Value": OURS[1]}],
                }
            ],
            ("cloudformation", "list_stack_resources"): summaries,
            ("cloudformation", "get_template"): {"TemplateBody": {"Resources": resources}},
            ("logs", "describe_log_groups"): [group],
            ("kms", "describe_key"): {"KeyMetadata": metadata},
            ("kms", "get_key_policy"): {"Policy": '{"Statement": []}'},
            ("kms", "get_key_rotation_status"): {"KeyRotationEnabled": False},
            ("s3", "get_bucket_versioning"): Refused("NoSuchBucket"),
        }
    )
    outcome = audit(aws=aws)
    # The bucket is gone; the key, which no stack lists, was followed from the log group and does not rotate.
    assert {(f.rule, f.resource, f.type, f.construct) for f in outcome.report.findings} == {
        ("engine.missing", "logs", "AWS::S3::Bucket", "Stack/Bucket"),
        ("keys.rotation", "k-1", KEY, None),
    }
    assert outcome.deployed.template.resources["/app"].properties["KmsKeyId"] == {"Fn::GetAtt": ["k-1", "Arn"]}
    assert outcome.stacks == ("stack",)
