"""The policy hook's answers to recorded events: what passes, what is refused and why, and that nothing is let through
because it cannot be read."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.policy_hook import answers, waived
from functions.policy_hook.event import EventProblem, read_event
from nexis.check import Finding
from tests.support.hook_asked import about_resource, about_stack, ask, recorded

TABLE = {
    "BillingMode": "PAY_PER_REQUEST",
    "DeletionProtectionEnabled": True,
    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
}
QUEUE: dict[str, Any] = {"Type": "AWS::SQS::Queue", "Properties": {"SqsManagedSseEnabled": True}}
TLS_ONLY = {
    "Type": "AWS::SQS::QueuePolicy",
    "Properties": {
        "Queues": [{"Ref": "Queue"}],
        "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "TlsOnly",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sqs:*",
                    "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        },
    },
}
GOOD = {"Resources": {"Queue": QUEUE, "QueuePolicy": TLS_ONLY}}
SOUND_YAML = """
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      DeletionProtectionEnabled: yes
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: !Ref On}
Parameters:
  On: {Type: String, AllowedValues: ['true']}
"""


def told(answer: dict[str, Any]) -> set[str]:
    """The rules and resources that an answer names in its annotations."""
    return {annotation["annotationName"] for annotation in answer.get("annotations", ())}


# ---- recorded events ----


def test_the_documented_resource_is_refused_by_name() -> None:
    answer = ask(recorded("resource-update"))
    assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "NonCompliant")
    assert told(answer) == {
        "recovery.dynamodb-point-in-time DDBTable",
        "recovery.dynamodb-deletion-protection DDBTable",
    }
    assert "recovery.dynamodb-point-in-time at DDBTable (AWS::DynamoDB::Table)" in answer["message"]
    assert "Fix: " in answer["message"]
    assert answer["clientRequestToken"] == "", "the documented event has no token"


def test_the_documented_resource_passes_once_it_is_sound() -> None:
    event = recorded("resource-update")
    event["requestData"]["targetModel"]["resourceProperties"] |= TABLE
    answer = ask(event)
    assert answer["hookStatus"] == "SUCCESS", answer["message"]
    assert "errorCode" not in answer


def test_the_documented_stack_is_refused_by_name() -> None:
    answer = ask(recorded("stack-update"), recorded("stack-payload"))
    assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "NonCompliant")
    assert {"tls.bucket-policy S3Bucket", "tls.queue-policy SQSQueue"} <= told(answer)
    assert answer["clientRequestToken"] == recorded("stack-update")["clientRequestToken"]
    assert "the stack MyStack" in answer["message"]


def test_the_documented_change_set_is_refused_by_name() -> None:
    """Its template is YAML; the resource that it removes is no longer in it, and is not judged."""
    answer = ask(recorded("change-set"), recorded("change-set-payload"))
    assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "NonCompliant")
    names = told(answer)
    assert {"recovery.dynamodb-point-in-time DynamoDBTable", "tls.queue-policy NewSQSQueue"} <= names
    assert not any(name.endswith(" SQSQueue") for name in names)
    assert "the change set of MyStack" in answer["message"]


def test_the_resource_that_cloud_control_makes_is_judged_alone() -> None:
    answer = ask(recorded("cloud-control-create"))
    assert told(answer) == {"storage.queue-encrypted bcb1a4e0-queue"}
    assert len(answer["message"]) <= answers.LONGEST_OF_CLOUD_CONTROL


def test_a_deletion_is_not_judged_and_nothing_is_fetched() -> None:
    def refuse(url: str) -> bytes:
        raise AssertionError(url)

    assert ask(recorded("stack-delete"), fetch=refuse)["hookStatus"] == "SUCCESS"
    event = recorded("resource-update")
    event["actionInvocationPoint"] = "DELETE_PRE_PROVISION"
    event["requestData"]["targetModel"] = None
    assert ask(event)["hookStatus"] == "SUCCESS"


# ---- what each target decides ----


@pytest.mark.parametrize("target", ["STACK", "CHANGE_SET"])
def test_a_sound_template_passes_and_a_weakened_one_names_the_rule(target: str) -> None:
    assert about_stack(GOOD, target=target)["hookStatus"] == "SUCCESS"
    weak = {"Resources": {"Queue": QUEUE}}
    assert told(about_stack(weak, target=target)) == {"tls.queue-policy Queue"}


def test_a_yaml_template_with_short_forms_is_read() -> None:
    assert about_stack(SOUND_YAML)["hookStatus"] == "SUCCESS"
    weak = SOUND_YAML.replace("['true']", "['false']")
    assert told(about_stack(weak)) == {"recovery.dynamodb-point-in-time Table"}


def test_a_rule_that_needs_other_resources_is_the_stacks() -> None:
    """Its policy is another resource: alone, a queue neither fails for want of one nor passes because of it."""
    assert about_resource("AWS::SQS::Queue", QUEUE["Properties"])["hookStatus"] == "SUCCESS"
    assert "need the whole template" in about_resource("AWS::SQS::Queue", QUEUE["Properties"])["message"]
    assert told(about_stack({"Resources": {"Queue": QUEUE}})) == {"tls.queue-policy Queue"}


def test_a_rule_on_what_only_a_template_says_is_the_stacks() -> None:
    """A hook on a resource is not told its update policy."""
    tags = [{"Key": "nexis:cluster", "Value": "main", "PropagateAtLaunch": True}]
    group = {"MinSize": "1", "MaxSize": "1", "VPCZoneIdentifier": ["subnet-0123456789abcdef0"], "Tags": tags}
    replacing = {"AutoScalingReplacingUpdate": {"WillReplace": True}}
    made = {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": group, "UpdatePolicy": replacing}
    assert "hosts.no-rolling-update It" in told(about_stack({"Resources": {"It": made}}))
    assert "hosts.no-rolling-update It" not in told(about_resource("AWS::AutoScaling::AutoScalingGroup", group))


FILES = {
    "Parameters": {"Encrypted": {"Type": "String", "Default": "true"}},
    "Resources": {"It": {"Type": "AWS::EFS::FileSystem", "Properties": {"Encrypted": {"Ref": "Encrypted"}}}},
}


def test_a_value_that_a_parameter_weakens_is_seen_at_the_resource(capsys: pytest.CaptureFixture[str]) -> None:
    """The template's default is good, and nobody tells the stack's hook what was given: the resource's sees it."""
    assert "storage.efs-encrypted It" not in told(about_stack(FILES))
    line = json.loads(capsys.readouterr().out)
    assert {"rule": "storage.efs-encrypted", "resource": "It"} in line["left_to_resources"]
    assert "storage.efs-encrypted It" in told(about_resource("AWS::EFS::FileSystem", {"Encrypted": "false"}))
    assert "storage.efs-encrypted It" not in told(about_resource("AWS::EFS::FileSystem", {"Encrypted": "true"}))


def test_with_defaults_a_template_is_judged_by_them() -> None:
    weak = {**FILES, "Parameters": {"Encrypted": {"Type": "String", "Default": "false"}}}
    assert "storage.efs-encrypted It" not in told(about_stack(weak)), "nobody knows what is given"
    assert "storage.efs-encrypted It" in told(about_stack(weak, environment={"PARAMETERS": "default"}))


def test_a_parameter_that_a_rule_about_several_resources_hangs_on_fails_the_stack() -> None:
    """Whether the queue's policy is made nobody can tell, and the hook on the queue is not told of policies."""
    made = {**TLS_ONLY, "Condition": "Made"}
    template = {
        "Parameters": {"Make": {"Type": "String", "Default": "yes"}},
        "Conditions": {"Made": {"Fn::Equals": [{"Ref": "Make"}, "yes"]}},
        "Resources": {"Queue": QUEUE, "QueuePolicy": made},
    }
    answer = about_stack(template)
    assert told(answer) == {"tls.queue-policy Queue"}
    assert "(unknown) tls.queue-policy" in answer["message"]
    assert about_stack(template, environment={"PARAMETERS": "default"})["hookStatus"] == "SUCCESS"


def test_what_no_resource_hook_is_asked_about_fails_on_the_stack() -> None:
    """A macro is no resource, and CloudFormation's own types have no hook: nobody would look later."""
    assert told(about_stack({"Transform": "Team::Macro", "Resources": {}})) == {"engine.macro (Transform)"}
    hook = {
        "FailureMode": {"Ref": "Mode"},
        "HookStatus": "ENABLED",
        "TargetOperations": ["RESOURCE", "STACK", "CHANGE_SET"],
    }
    template = {
        "Parameters": {"Mode": {"Type": "String"}},
        "Resources": {"It": {"Type": "AWS::CloudFormation::LambdaHook", "Properties": hook}},
    }
    answer = about_stack(template, environment={"SCOPE": "baseline"})
    assert told(answer) == {"access.policy-hook-fails-closed It"}
    assert "(unknown)" in answer["message"]


def test_what_is_open_at_the_resource_fails() -> None:
    """Then nobody knows it later either."""
    answer = about_resource("AWS::EFS::FileSystem", {"Encrypted": "{{resolve:ssm:encrypted}}"})
    assert "(unknown) storage.efs-encrypted at It" in answer["message"]


@pytest.mark.parametrize("none", [None, {}])
def test_a_resource_without_properties_is_judged_by_what_aws_takes(none: Any) -> None:
    event = recorded("resource-update")
    model = {"resourceProperties": none}
    event["requestData"] = {"targetName": "AWS::EFS::FileSystem", "targetLogicalId": "It", "targetModel": model}
    assert "storage.efs-encrypted It" in told(ask(event))


def test_the_region_of_the_stack_is_judged() -> None:
    event = recorded("stack-update")
    payload = {"template": json.dumps(GOOD)}
    assert told(ask({**event, "stackId": event["stackId"].replace("us-west-2", "ap-south-1")}, payload)) == {
        "regions.approved (stack)"
    }
    without = {**event, "stackId": ""}
    assert told(ask(without, payload, environment={"AWS_REGION": "ap-south-1"})) == {"regions.approved (stack)"}


def test_the_scope_says_which_rules_are_asked() -> None:
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 365}}
    template = {"Resources": {"It": group}}
    assert about_stack(template)["hookStatus"] == "SUCCESS"
    answer = about_stack(template, environment={"SCOPE": "baseline"})
    assert told(answer) == {"logging.log-group-encrypted It"}


def test_a_setting_that_nobody_knows_stops_everything() -> None:
    answer = about_stack(GOOD, environment={"SCOPE": "nowhere"})
    assert answer["errorCode"] == "InternalFailure"
    assert "SCOPE is 'nowhere', expected one of everywhere, baseline" in answer["message"]


# ---- imports ----

HOSTS = {
    "Type": "AWS::AutoScaling::AutoScalingGroup",
    "Properties": {
        "MinSize": "1",
        "MaxSize": "1",
        "DesiredCapacity": "1",
        "VPCZoneIdentifier": [{"Fn::ImportValue": "network:Subnet"}],
        "Tags": [{"Key": "nexis:cluster", "Value": "main", "PropagateAtLaunch": True}],
    },
}


def test_an_import_has_the_value_of_the_regions_export() -> None:
    asked: list[str | None] = []

    def exports(region: str | None) -> dict[str, str]:
        asked.append(region)
        return {"network:Subnet": "subnet-0123456789abcdef0", "other": "x"}

    names = told(about_stack({"Resources": {"It": HOSTS}}, exports=exports))
    assert "hosts.group-of-one It" not in names
    assert asked == ["eu-central-1"]


def test_an_import_that_nothing_exports_cannot_be_known_and_fails() -> None:
    answer = about_stack({"Resources": {"It": HOSTS}})
    assert "hosts.group-of-one It" in told(answer)
    assert "(unknown) hosts.group-of-one" in answer["message"]


def test_exports_are_not_asked_for_where_nothing_imports() -> None:
    def refuse(region: str | None) -> dict[str, str]:
        raise AssertionError(region)

    assert about_stack(GOOD, exports=refuse)["hookStatus"] == "SUCCESS"


# ---- waivers ----

ROOT = Path(__file__).resolve().parents[3]
WAIVER = """
[[waiver]]
rule = "{rule}"
resource = "{resource}"
reason = "A sentence that would convince an auditor of this."
owner = "security"
decision = "docs/decisions/unknown-fails.md"
expires = {expires}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    for name in ("config/owners.toml", "docs/decisions/unknown-fails.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def waive(folder: Path, rule: str, resource: str, expires: str = "2027-01-31") -> None:
    text = WAIVER.format(rule=rule, resource=resource, expires=expires)
    (folder / "waivers.toml").write_text(text, encoding="utf-8")


def test_a_waiver_counts_at_the_stack_and_at_the_resource(policy: Path) -> None:
    """The stack knows the construct path; of the resource only the logical id is told, which the CDK made of it."""
    waive(policy, "storage.efs-encrypted", "Files/Share/Resource")
    logical_id = next(iter(waived.logical_ids("Files/Share/Resource")))
    weak = {
        "Type": "AWS::EFS::FileSystem",
        "Properties": {"Encrypted": False},
        "Metadata": {"aws:cdk:path": "Files/Share/Resource"},
    }
    template = {"Resources": {logical_id: weak}}
    before = told(about_stack(template))
    assert f"storage.efs-encrypted {logical_id}" in before
    assert before - told(about_stack(template, waivers=policy)) == {f"storage.efs-encrypted {logical_id}"}
    alone = ("AWS::EFS::FileSystem", {"Encrypted": False})
    named = f"storage.efs-encrypted {logical_id}"
    assert named in told(about_resource(*alone, logical_id=logical_id))
    assert named not in told(about_resource(*alone, logical_id=logical_id, waivers=policy))
    assert "storage.efs-encrypted Other" in told(about_resource(*alone, logical_id="Other", waivers=policy))


def test_a_waiver_of_another_tool_is_none_of_ours(policy: Path) -> None:
    waive(policy, "AwsSolutions-SQS4", "Stack/Queue/Resource")
    assert about_stack(GOOD, waivers=policy)["hookStatus"] == "SUCCESS"


def test_an_expired_waiver_stops_everything(policy: Path) -> None:
    waive(policy, "tls.queue-policy", "Stack/Queue/Resource", "2026-11-22")
    answer = about_stack(GOOD, waivers=policy, today=dt.date(2026, 11, 23))
    assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "InternalFailure")
    assert "expired on 2026-11-22" in answer["message"]


@pytest.mark.parametrize("text", ["[[waiver]\n", "[[waiver]]\nrule = 1\n", "[other]\n"])
def test_waivers_that_cannot_be_read_stop_everything(policy: Path, text: str) -> None:
    (policy / "waivers.toml").write_text(text, encoding="utf-8")
    assert about_stack(GOOD, waivers=policy)["errorCode"] == "InternalFailure"


def test_waivers_without_their_owners_stop_everything(policy: Path) -> None:
    waive(policy, "tls.queue-policy", "Stack/Queue/Resource")
    (policy / "config" / "owners.toml").unlink()
    assert about_stack(GOOD, waivers=policy)["errorCode"] == "InternalFailure"


# ---- nothing is let through because it cannot be read ----


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"template": null}',
        b'{"template": ""}',
        b'{"template": {"Resources": {}}}',
        b'{"template": "no template"}',
        b'{"template": "{\\"Resources\\": []}"}',
        b'{"template": "{\\"Resources\\": {\\"A\\": {}}}"}',
        b'{"template": "A: &a [*a]"}',
        b'{"template": "\\ud800"}',
        b"[" * 200_000,
        json.dumps({"template": "[" * 200_000}).encode(),
        json.dumps({"template": json.dumps({"Resources": {}})[:-1] + ', "Resources": {}}'}).encode(),
    ],
)
def test_a_payload_that_is_none_stops_the_stack(payload: bytes) -> None:
    answer = ask(recorded("stack-update"), payload)
    assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "InternalFailure")
    assert "nothing could be judged, so nothing is deployed" in answer["message"]


def test_a_crash_outside_any_rule_stops_the_stack_and_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    def crash(url: str) -> bytes:
        raise ZeroDivisionError("secret-in-a-message")

    answer = ask(recorded("stack-update"), fetch=crash)
    assert answer["errorCode"] == "InternalFailure"
    assert "ZeroDivisionError at test_policy_hook.py:" in answer["message"]
    assert "secret-in-a-message" not in answer["message"] + capsys.readouterr().out


def test_a_rule_that_crashes_stops_the_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from functions.policy_hook import judging
    from nexis.rules.registry import all_rules

    def crash(view: Any) -> Any:
        raise ZeroDivisionError

    broken = tuple(replace(r, check=crash, glance=None) for r in all_rules() if r.id == "storage.efs-encrypted")
    monkeypatch.setattr(judging, "rules_for", lambda types: broken)
    answer = about_resource("AWS::EFS::FileSystem", {"Encrypted": True})
    assert told(answer) == {"engine.crash It"}


def test_a_rule_that_looks_further_than_its_code_says_stops_the_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack may have left it to the resource: then nobody would judge."""
    from functions.policy_hook import judging

    monkeypatch.setattr(judging, "looks_further", lambda rule: False)
    answer = about_resource("AWS::SQS::Queue", QUEUE["Properties"])
    assert (answer["errorCode"], "RuntimeError at judging.py:" in answer["message"]) == ("InternalFailure", True)


EVENT_PROBLEMS = {
    "no map": ([], "the event is a list"),
    "no request": ({}, "requestData is absent"),
    "no target": ({"requestData": {}}, "requestData.targetName is absent"),
    "no action": ({"requestData": {"targetName": "STACK"}}, "actionInvocationPoint is absent"),
    "another target": (
        {"requestData": {"targetName": "HOOK"}, "actionInvocationPoint": "CREATE_PRE_PROVISION"},
        "requestData.targetName is 'HOOK'",
    ),
    "another action": (
        {"requestData": {"targetName": "STACK"}, "actionInvocationPoint": "READ_PRE_PROVISION"},
        "actionInvocationPoint is 'READ_PRE_PROVISION'",
    ),
    "no payload": (
        {"requestData": {"targetName": "STACK"}, "actionInvocationPoint": "CREATE_PRE_PROVISION"},
        "requestData.payload is absent",
    ),
    "no model": (
        {"requestData": {"targetName": "AWS::S3::Bucket"}, "actionInvocationPoint": "UPDATE_PRE_PROVISION"},
        "requestData.targetModel is absent",
    ),
    "a model without properties": (
        {
            "requestData": {"targetName": "AWS::SQS::Queue", "targetModel": {"previousResourceProperties": None}},
            "actionInvocationPoint": "CREATE_PRE_PROVISION",
        },
        "resourceProperties is absent",
    ),
    "properties that are none": (
        {
            "requestData": {"targetName": "AWS::S3::Bucket", "targetModel": {"resourceProperties": []}},
            "actionInvocationPoint": "UPDATE_PRE_PROVISION",
        },
        "resourceProperties is a list",
    ),
}


@pytest.mark.parametrize("name", EVENT_PROBLEMS)
def test_an_event_in_another_shape_stops_and_says_what_was_expected(name: str) -> None:
    event, problem = EVENT_PROBLEMS[name]
    with pytest.raises(EventProblem, match="expected"):
        read_event(event)
    answer = ask(event)
    assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "InternalFailure")
    assert problem in answer["message"]


def test_a_change_set_may_leave_its_action_out() -> None:
    """The documented shape has none; the documented example has one."""
    event = recorded("change-set")
    del event["actionInvocationPoint"]
    assert ask(event, {"template": json.dumps(GOOD)})["hookStatus"] == "SUCCESS"


def test_both_spellings_of_the_guide_are_read() -> None:
    event = recorded("stack-update")
    event["clientRequesttoken"], event["stackID"] = event.pop("clientRequestToken"), event.pop("stackId")
    answer = ask(event, {"template": json.dumps(GOOD)})
    assert answer["clientRequestToken"] == "f8da6d11-b23f-48f4-814c-0fb6a667f50e"
    assert "MyStack" in answer["message"]


# ---- any event ----

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=20,
)
NAMES = ("resource-update", "stack-update", "change-set", "cloud-control-create", "stack-delete")


def well_formed(answer: Any) -> None:
    """The contract of an answer."""
    assert answer["hookStatus"] in ("SUCCESS", "FAILED")
    assert ("errorCode" in answer) == (answer["hookStatus"] == "FAILED")
    assert answer.get("errorCode", "NonCompliant") in ("NonCompliant", "InternalFailure")
    assert 0 < len(answer["message"]) <= answers.LONGEST_MESSAGE
    assert isinstance(answer["clientRequestToken"], str)
    for annotation in answer.get("annotations", ()):
        assert all(isinstance(value, str) and value for value in annotation.values())
    json.dumps(answer)


@given(JSON)
def test_any_event_has_a_well_formed_answer_and_none_passes(event: Any) -> None:
    answer = ask(event, {"template": json.dumps(GOOD)})
    well_formed(answer)
    assert answer["hookStatus"] == "FAILED"


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in an event."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inside for place in places(item, (*path, key)))]


@given(st.sampled_from(NAMES), st.data())
def test_a_recorded_event_with_anything_in_any_place_has_a_well_formed_answer(name: str, data: st.DataObject) -> None:
    event = recorded(name)
    place = data.draw(st.sampled_from(places(event)[1:]))
    inside = event
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = data.draw(JSON)
    well_formed(ask(event, {"template": json.dumps(GOOD)}))


@given(st.text(max_size=200) | JSON.map(json.dumps))
def test_any_template_has_a_well_formed_answer(text: str) -> None:
    well_formed(ask(recorded("stack-update"), {"template": text}))


# ---- what is told ----


def finding(number: int, message: str = "is absent") -> Finding:
    return Finding(
        rule=f"tls.rule-{number}",
        verdict="fail",
        severity="error",
        file="stack",
        resource=f"Resource{number}",
        type="AWS::S3::Bucket",
        property_path="Properties.A",
        message=message,
        fix="set it",
    )


@given(st.integers(1, 300), st.integers(0, 6000), st.sampled_from([1024, 4096]))
def test_a_message_never_grows_too_long_and_counts_what_it_leaves_out(count: int, words: int, longest: int) -> None:
    findings = [finding(n, "x" * words) for n in range(count)]
    text = answers.findings_message(findings, where="the stack S", longest=longest)
    assert len(text) <= longest
    assert text.startswith(f"Nexis: {count} finding")
    told = sum(f"[{n + 1}]" in text for n in range(count))
    assert told >= 1
    assert (f"And {count - told} more" in text) == (told < count)


def test_an_answer_holds_no_more_annotations_than_fit() -> None:
    answer = answers.refused("t", [finding(n, "x" * 20_000) for n in range(400)], where="the stack S")
    assert len(answer["annotations"]) == answers.MOST_ANNOTATIONS
    assert len(json.dumps(answer)) < 1_000_000
    well_formed(answer)


def test_the_worst_is_told_first() -> None:
    from dataclasses import replace

    found = [
        replace(finding(1), severity="warning"),
        replace(finding(2), verdict="unknown"),
        finding(3),
        replace(finding(4), severity="fatal"),
    ]
    assert [f.resource for f in waived.failing(found, ())] == ["Resource4", "Resource3", "Resource2"]


def test_the_log_is_one_line_of_json_without_any_value(capsys: pytest.CaptureFixture[str]) -> None:
    about_resource("AWS::RDS::DBInstance", {"MasterUserPassword": "Sup3rSecret", "Engine": "postgres"})
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    line = json.loads(out)
    assert line["target"] == "RESOURCE"
    assert {"rule", "verdict", "resource", "property"} == set(line["findings"][0])
    assert "Sup3rSecret" not in out


def test_no_answer_tells_a_password() -> None:
    for kind, properties in (
        ("AWS::RDS::DBInstance", {"MasterUserPassword": "Sup3rSecret", "Engine": "postgres"}),
        ("AWS::SecretsManager::Secret", {"SecretString": "Sup3rSecret"}),
        ("AWS::ElastiCache::ReplicationGroup", {"AuthToken": "Sup3rSecret"}),
        ("AWS::Lambda::Function", {"Environment": {"Variables": {"PASSWORD": "Sup3rSecret"}}}),
        ("AWS::IAM::User", {"LoginProfile": {"Password": "Sup3rSecret"}}),
    ):
        for scope in ("everywhere", "baseline"):
            answer = about_resource(kind, properties, environment={"SCOPE": scope})
            assert "Sup3rSecret" not in json.dumps(answer)
        answer = about_stack({"Resources": {"It": {"Type": kind, "Properties": properties}}})
        assert "Sup3rSecret" not in json.dumps(answer)


def test_the_handler_takes_its_surroundings_from_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template behind a URL that is not S3's is not fetched, so nothing is deployed."""
    from functions.policy_hook.index import handler

    monkeypatch.delenv("SCOPE", raising=False)
    event = recorded("stack-update")
    event["requestData"]["payload"] = "https://example.org/template"
    answer = handler(event, None)
    assert answer["errorCode"] == "InternalFailure"
    assert "'example.org', expected an S3 endpoint" in answer["message"]
    assert handler(recorded("resource-update"), None)["errorCode"] == "NonCompliant"
