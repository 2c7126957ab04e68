"""The bootstrap template: what is changed of the CLI's, that it stays so, and that the CLI's own would not pass."""

from __future__ import annotations

import copy
import importlib.util
import json
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from nexis.check import judge
from nexis.config import load_configuration
from nexis.deployment.bootstrap import template_for
from nexis.deployment.errors import DeploymentError
from nexis.facts.deployment import BOOTSTRAP_VARIANT, boundary_name, cli_role_name
from nexis.facts.execution_actions import BY_TYPE, TARGETS, by_target
from nexis.facts.iam_actions import is_known, may_have_any_resource
from nexis.facts.permissions_boundary import boundary_document
from nexis.rules.registry import all_rules
from nexis.templates.model import Assembly, read_document
from nexis.templates.resolver import ParameterSource
from tests.support.baseline import synthesized_baseline

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "bootstrap" / "bootstrap-template.yaml"
TEXT = FILE.read_text(encoding="utf-8")
ACCOUNT, REGION = "111111111111", "eu-central-1"


@cache
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_bootstrap", ROOT / "scripts" / "write_bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@cache
def of_the_cli() -> dict[str, Any]:
    template: dict[str, Any] = script().template_of_the_cli()
    return template


def template() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(TEXT)
    return loaded


def findings(document: dict[str, Any], *, strict: bool = False) -> set[str]:
    read = read_document(document, key="b", file="bootstrap-template.yaml", region=REGION, account=ACCOUNT)
    judged = judge(Assembly(templates={"b": read}), rules=all_rules(), parameters=ParameterSource(strict=strict))
    return {finding.rule for judgement in judged for finding in judgement.findings()}


@pytest.mark.real
def test_the_file_is_what_the_script_makes_of_the_pinned_cli() -> None:
    made = script().written(of_the_cli(), version=script().version_of_the_cli())
    assert made == TEXT, "stale: run `make bootstrap-template`"


@pytest.mark.real
def test_the_clis_own_template_would_not_pass() -> None:
    assert {
        "access.execution-role",
        "access.exact-resources",
        "access.role-boundary",
        "access.trust-named-principals",
        "keys.rotation",
        "logging.bucket-access-logs",
    } <= findings(of_the_cli())


@pytest.mark.real
@pytest.mark.parametrize(("part", "name"), [("Conditions", "New"), ("Resources", "New")])
def test_what_a_new_cli_adds_must_be_decided_about(part: str, name: str) -> None:
    changed = copy.deepcopy(of_the_cli())
    changed[part][name] = {"Fn::Equals": ["a", "a"]}
    with pytest.raises(script().UnknownTemplate, match=r"new \['New'\]"):
        script().bootstrap_template(changed)


@pytest.mark.real
def test_what_a_new_cli_takes_away_must_be_decided_about() -> None:
    changed = copy.deepcopy(of_the_cli())
    del changed["Resources"]["LookupRole"]
    with pytest.raises(script().UnknownTemplate, match=r"missing \['LookupRole'\]"):
        script().bootstrap_template(changed)


@pytest.mark.parametrize("strict", [False, True])
def test_it_passes_every_rule_with_whatever_parameters(strict: bool) -> None:
    assert findings(template(), strict=strict) == set()


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_it_passes_for_each_environment(environment: str) -> None:
    configuration = load_configuration(ROOT / "config" / f"{environment}.toml")
    made = template_for(configuration, TEXT)
    assert findings(made, strict=True) == set()
    defaults = {name: parameter["Default"] for name, parameter in made["Parameters"].items()}
    assert defaults == {
        "Qualifier": "hnb659fds",
        "BootstrapVariant": BOOTSTRAP_VARIANT,
        "DeploymentRoleName": f"nexis-{environment}-deployment",
        "KeepEvidence": "true" if environment == "prod" else "false",
    }


@pytest.mark.parametrize("text", ["", "[]", "Parameters: {}", "a: [", "Parameters: {DeploymentRoleName: 1}"])
def test_what_is_no_template_is_an_error(text: str) -> None:
    with pytest.raises(DeploymentError, match="make bootstrap-template"):
        template_for(load_configuration(ROOT / "config" / "dev.toml"), text)


def weakened(change: str) -> dict[str, Any]:
    made = template()
    resources = made["Resources"]
    if change == "administrator":
        arn = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"}
        resources["CloudFormationExecutionRole"]["Properties"]["ManagedPolicyArns"] = [arn]
        del resources["CloudFormationExecutionRole"]["Properties"]["PermissionsBoundary"]
    elif change == "whole account":
        trust = resources["DeploymentActionRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
        del trust["Condition"]["ArnEquals"]
    elif change == "any role":
        trust = resources["DeploymentActionRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
        trust["Condition"]["ArnEquals"] = {"aws:PrincipalArn": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/*"}}
    elif change == "another account":
        trust = resources["LookupRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
        trust["Principal"] = {"AWS": "arn:aws:iam::222222222222:role/ci"}
    elif change == "a boundary of AWS's own":
        arn = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"}
        resources["LookupRole"]["Properties"]["PermissionsBoundary"] = arn
    elif change == "no boundary":
        del resources["FilePublishingRole"]["Properties"]["PermissionsBoundary"]
    else:
        statements = resources["PermissionsBoundary"]["Properties"]["PolicyDocument"]["Statement"]
        statements[:] = [one for one in statements if one["Sid"] != change]
    return made


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("administrator", "access.execution-role"),
        ("administrator", "access.exact-resources"),
        ("whole account", "access.trust-named-principals"),
        ("no boundary", "access.role-boundary"),
        ("DenyRolesWithoutThisBoundary", "access.boundary-denies"),
        ("DenyErasingEvidence", "access.boundary-denies"),
        ("DenyOtherRegions", "access.boundary-denies"),
        ("DenySwitchingHooksOff", "access.boundary-denies"),
        ("a boundary of AWS's own", "access.role-boundary"),
        ("another account", "access.trust-named-principals"),
        ("any role", "access.trust-named-principals"),
    ],
)
def test_a_weaker_one_does_not(change: str, rule: str) -> None:
    assert rule in findings(weakened(change))


def test_the_roles_have_the_names_that_the_cli_takes_on() -> None:
    names = {
        resource["Properties"]["RoleName"]["Fn::Sub"]
        .replace("${Qualifier}", "hnb659fds")
        .replace("${AWS::AccountId}", ACCOUNT)
        .replace("${AWS::Region}", REGION)
        for resource in template()["Resources"].values()
        if resource["Type"] == "AWS::IAM::Role"
    }
    wanted = {cli_role_name(kind, account=ACCOUNT, region=REGION) for kind in ("deploy", "file-publishing", "lookup")}
    assert names == wanted | {cli_role_name("cfn-exec", account=ACCOUNT, region=REGION)}


def test_no_policy_is_longer_than_iam_takes() -> None:
    longest_region, account = "ap-southeast-2", "1" * 12
    for name, resource in template()["Resources"].items():
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            text = json.dumps(resource["Properties"]["PolicyDocument"], separators=(",", ":"))
            for placeholder, value in {"AWS::Region": longest_region, "AWS::AccountId": account}.items():
                text = text.replace(f"${{{placeholder}}}", value)
            assert len(text) <= 6144, name


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_every_resource_type_of_the_stacks_has_its_actions(environment: str) -> None:
    types = {r["Type"] for t in synthesized_baseline(environment).values() for r in t["Resources"].values()}
    assert sorted(types - set(BY_TYPE)) == [], "say in nexis/facts/execution_actions.py what it needs"


@pytest.mark.parametrize("target", by_target())
def test_each_action_is_one_that_iam_knows_and_narrow_where_it_can_be(target: str) -> None:
    assert target in TARGETS
    for action in by_target()[target]:
        assert is_known(action)
        assert "*" not in action
        if TARGETS[target] == (("*",), {}):
            assert may_have_any_resource(action), f"{action} can be narrowed: give it a target of its own"


def test_what_is_left_out_on_purpose_is_not_there() -> None:
    allowed = {action for actions in by_target().values() for action in actions}
    assert allowed.isdisjoint(
        {
            "iam:CreateAccessKey",
            "iam:CreateUser",
            "iam:DeleteRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "kms:DisableKeyRotation",
            "secretsmanager:GetSecretValue",
        }
    )


# ---- the boundary, by an evaluator of IAM policies that knows nothing of this project ----

OWN_ARN = f"arn:aws:iam::{ACCOUNT}:policy/{boundary_name()}"
EXECUTION = cli_role_name("cfn-exec", account=ACCOUNT, region=REGION)


def boundary(*, keeps_evidence: bool) -> Any:
    """The boundary with its placeholders filled in."""

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            if set(value) == {"Fn::If"}:
                return filled(value["Fn::If"][1 if keeps_evidence else 2])
            kept = {name: filled(item) for name, item in value.items()}
            return {name: item for name, item in kept.items() if item != {"Ref": "AWS::NoValue"}}
        if isinstance(value, list):
            return [filled(item) for item in value]
        for name, text in {
            "AWS::Partition": "aws",
            "AWS::AccountId": ACCOUNT,
            "AWS::Region": REGION,
            "Qualifier": "hnb659fds",
        }.items():
            value = value.replace(f"${{{name}}}", text)
        return value

    return filled(boundary_document())


def may(action: str, resource: str = "*", *, keeps_evidence: bool = True, region: str = REGION, **keys: Any) -> bool:
    principal = keys.pop("principal", "nexis-prod-host")
    context = EvalContext(
        principal_arn=f"arn:aws:iam::{ACCOUNT}:role/{principal}",
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region=region,
        service_context={
            **{key.replace("_", ":"): value for key, value in keys.items()},
        },
    )
    everything = parse_policy_document({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    bounds = parse_policy_document(boundary(keeps_evidence=keeps_evidence))
    decision: str = evaluate(context, [everything], [bounds]).decision
    return decision == "Allow"


ROLE = f"arn:aws:iam::{ACCOUNT}:role/nexis-prod-app"
BOUND: dict[str, Any] = {"iam_permissionsboundary": OWN_ARN}
OTHER: dict[str, Any] = {"iam_permissionsboundary": f"arn:aws:iam::{ACCOUNT}:policy/another"}


def test_the_boundary_leaves_the_rest_to_policies() -> None:
    assert may("s3:GetObject", "arn:aws:s3:::bucket/key")
    assert may("ec2:RunInstances")
    assert may("route53:ChangeResourceRecordSets", region="us-east-1")
    assert may("iam:CreatePolicyVersion", f"arn:aws:iam::{ACCOUNT}:policy/nexis-prod-app")
    assert may("iam:UpdateAssumeRolePolicy", ROLE)


@pytest.mark.parametrize(
    "action", ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
)
def test_roles_are_made_and_widened_only_with_the_boundary(action: str) -> None:
    assert may(action, ROLE, **BOUND)
    assert not may(action, ROLE)
    assert not may(action, ROLE, **OTHER)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:DeleteRolePermissionsBoundary", ROLE),
        ("iam:CreatePolicyVersion", OWN_ARN),
        ("iam:SetDefaultPolicyVersion", OWN_ARN),
        ("iam:DeletePolicy", f"arn:aws:iam::{ACCOUNT}:policy/cdk-hnb659fds-execution-1-eu-central-1"),
        ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/{EXECUTION}"),
        ("iam:DetachRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/{EXECUTION}"),
        ("iam:CreateUser", "*"),
        ("iam:CreateAccessKey", "*"),
        ("organizations:LeaveOrganization", "*"),
        ("account:CloseAccount", "*"),
        ("sso:CreatePermissionSet", "*"),
        ("cloudtrail:StopLogging", "*"),
        ("kms:ScheduleKeyDeletion", "*"),
    ],
)
def test_what_nobody_may(action: str, resource: str) -> None:
    assert not may(action, resource, **BOUND)
    assert not may(action, resource)


def test_evidence_goes_only_with_an_environment_that_comes_and_goes() -> None:
    for action in ("cloudtrail:DeleteTrail", "kms:ScheduleKeyDeletion", "ec2:DeleteFlowLogs"):
        assert not may(action, principal=EXECUTION)
        assert may(action, keeps_evidence=False, principal=EXECUTION)
        assert not may(action, keeps_evidence=False)


@pytest.mark.parametrize("keeps_evidence", [True, False])
def test_nobody_switches_hooks_off_but_cloudformation_which_makes_them(keeps_evidence: bool) -> None:
    needed = {action for action in by_target()["anything"] if action.endswith(("Type", "TypeConfiguration"))}
    assert {"cloudformation:DeactivateType", "cloudformation:SetTypeConfiguration"} <= needed
    for action in needed:
        assert may(action, keeps_evidence=keeps_evidence, principal=EXECUTION)
    for action in ("DeactivateType", "DeregisterType", "SetTypeConfiguration", "SetTypeDefaultVersion"):
        assert not may(f"cloudformation:{action}", keeps_evidence=keeps_evidence)
        assert not may(f"cloudformation:{action}", keeps_evidence=keeps_evidence, principal=f"{EXECUTION}-2")


@pytest.mark.parametrize("region", ["eu-south-2", "us-west-1", "ap-northeast-1"])
def test_other_regions_are_out_of_reach(region: str) -> None:
    assert not may("ec2:RunInstances", region=region)
    assert may("iam:GetRole", ROLE, region=region)
