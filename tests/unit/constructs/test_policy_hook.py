"""The policy hook: what is asked, by whom, and what is refused where it is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App

from nexis_constructs import PolicyHook
from nexis_constructs._hook_bundle import HANDLER, bundle_files, fingerprint
from nexis_constructs.policy_hook import SECONDS
from tests.support.synthesis import new_stack, resources, template_of, the_only

if TYPE_CHECKING:
    from pathlib import Path

HOOK = "AWS::CloudFormation::LambdaHook"
FUNCTION = "AWS::Lambda::Function"


def made(**arguments: Any) -> dict[str, Any]:
    stack = new_stack("Policies")
    PolicyHook(stack, "Hook", **arguments)
    return template_of(stack)


def test_without_arguments_everything_is_judged_and_stopped() -> None:
    hook = the_only(made(), HOOK)["Properties"]
    assert (hook["FailureMode"], hook["HookStatus"]) == ("FAIL", "ENABLED")
    assert hook["TargetOperations"] == ["RESOURCE", "STACK", "CHANGE_SET"]
    assert hook["TargetFilters"] == {"Actions": ["CREATE", "UPDATE"]}
    assert hook["Alias"] == "Nexis::Baseline::Policy"
    assert hook["StackFilters"] == {"FilteringCriteria": "ALL", "StackNames": {"Exclude": ["Policies"]}}


def test_the_stack_of_the_hook_is_always_left_out() -> None:
    names = the_only(made(stacks=["a-*", "b"], exclude=["a-old"]), HOOK)["Properties"]["StackFilters"]["StackNames"]
    assert names == {"Include": ["a-*", "b"], "Exclude": ["Policies", "a-old"]}


def test_the_function_holds_the_bundle_and_answers_in_time() -> None:
    function = the_only(made(), FUNCTION)["Properties"]
    assert function["Handler"] == HANDLER
    assert function["Code"]["S3Key"] == f"{fingerprint_of_asset()}.zip"
    assert function["Timeout"] == SECONDS < 30
    assert function["ReservedConcurrentExecutions"] == 10
    assert function["Environment"]["Variables"] == {"SCOPE": "everywhere", "PARAMETERS": "strict"}
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": next(iter(logs(made())))}


def logs(template: dict[str, Any]) -> list[str]:
    return [name for name, it in template["Resources"].items() if it["Type"] == "AWS::Logs::LogGroup"]


def fingerprint_of_asset() -> str:
    """The CDK makes its own hash of ours."""
    stack = new_stack("Other")
    return str(PolicyHook(stack, "Hook").bundle.asset_hash)


def test_the_staged_asset_is_the_bundle(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), builtin_cloud_formation_validation=False, analytics_reporting=False)
    hook = PolicyHook(new_stack("Policies", app=app), "Hook")
    app.synth()
    (folder,) = tmp_path.glob("asset.*")
    staged = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert staged == bundle_files()
    assert folder.name == f"asset.{hook.bundle.asset_hash}"


def test_the_asset_changes_when_a_file_does_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    first, again = fingerprint_of_asset(), fingerprint_of_asset()
    assert first == again
    changed = {**bundle_files(), "nexis/check.py": b""}
    monkeypatch.setattr("nexis_constructs.policy_hook.bundle_files", lambda waivers: changed)
    assert fingerprint(changed) != fingerprint(bundle_files())
    assert fingerprint_of_asset() != first


def test_the_choices_reach_the_function() -> None:
    template = made(rules="baseline", strict_parameters=False, concurrency=3)
    function = the_only(template, FUNCTION)["Properties"]
    assert function["Environment"]["Variables"] == {"SCOPE": "baseline", "PARAMETERS": "default"}
    assert function["ReservedConcurrentExecutions"] == 3


def test_only_this_hook_may_invoke_only_this_function() -> None:
    template = made(alias="Nexis::Billing::Policy")
    role = resources(template, "AWS::IAM::Role")["Hook/HookRole"]["Properties"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "hooks.cloudformation.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "000000000000"}
    ending = ":cloudformation:eu-central-1:000000000000:type/hook/Nexis-Billing-Policy"
    assert [arn["Fn::Join"][1][-1] for arn in trust["Condition"]["ArnLike"]["aws:SourceArn"]] == [ending, f"{ending}/*"]
    (right,) = resources(template, "AWS::IAM::ManagedPolicy")["Hook/HookRolePolicy"]["Properties"]["PolicyDocument"][
        "Statement"
    ]
    function = next(name for name, it in template["Resources"].items() if it["Type"] == FUNCTION)
    assert right == {
        "Effect": "Allow",
        "Action": ["lambda:InvokeFunction"],
        "Resource": [{"Fn::GetAtt": [function, "Arn"]}],
    }


def test_the_function_may_write_its_log_and_list_exports_and_nothing_else() -> None:
    policy = resources(made(), "AWS::IAM::ManagedPolicy")["Hook/FunctionRolePolicy"]["Properties"]["PolicyDocument"]
    rights = {action: statement["Resource"] for statement in policy["Statement"] for action in statement["Action"]}
    assert set(rights) == {
        "cloudformation:ListExports",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "sqs:SendMessage",
    }
    assert [action for action, on in rights.items() if on == ["*"]] == ["cloudformation:ListExports"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rules": "all"}, "rules: got 'all'; expected one of everywhere, baseline"),
        ({"alias": "Policy"}, "alias: got 'Policy'; expected three names joined by ::"),
        ({"alias": "AWS::Baseline::Policy"}, "alias: got 'AWS::Baseline::Policy'"),
        ({"alias": "awsome::Baseline::Policy"}, "alias: got"),
        ({"stacks": []}, r"stacks: got \[\]; expected a list of 1 to 50 names"),
        ({"stacks": "billing-*"}, "stacks: got 'billing-"),
        ({"stacks": ["a"] * 51}, "stacks: got"),
        ({"stacks": ["-a"]}, "stacks: got '-a'; expected the name of a stack"),
        ({"exclude": ["a_b"]}, "exclude: got 'a_b'"),
        ({"exclude": ["a"] * 50}, "exclude: got"),
        ({"concurrency": 0}, "concurrency: got 0; expected a whole number of invocations from 1 to 1000"),
        ({"log_retention_days": 30}, "log_retention_days: got 30"),
    ],
)
def test_a_value_out_of_bounds_is_refused_before_anything_is_made(arguments: dict[str, Any], message: str) -> None:
    stack = new_stack()
    with pytest.raises(ValueError, match=message):
        PolicyHook(stack, "Hook", **arguments)
    assert template_of(stack).get("Resources", {}) == {}


def test_two_hooks_in_one_app_share_the_bundle(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), builtin_cloud_formation_validation=False, analytics_reporting=False)
    for name in ("One", "Two"):
        PolicyHook(new_stack(name, app=app), "Hook", alias=f"Nexis::{name}::Policy")
    app.synth()
    assert len(list(tmp_path.glob("asset.*"))) == 1


def test_the_template_is_json_without_tokens() -> None:
    assert "${Token" not in json.dumps(made())
