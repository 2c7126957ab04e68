"""The audit on a real deployment: clean at first, then one drift after the other, each named exactly."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local_aws.launcher import LocalAws, running_local_aws
from nexis.audit import AuditOutcome, audit
from nexis.audit.permissions import PERMISSIONS
from nexis.audit.session import Session
from nexis.audit.text import render_audit
from nexis.check import judge
from nexis.cli import main
from nexis.config import load_configuration
from nexis.rules.model import EVERY_TYPE
from nexis.run import waiver_policy
from nexis.templates.model import Assembly, read_document
from nexis.waivers import read_waivers
from tests.deploy.drifts import DRIFTS, LASTING, Cloud
from tests.support.baseline import synthesized_baseline
from tests.support.bootstrap import bootstrapped

if TYPE_CHECKING:
    from nexis.check import Finding
    from nexis.report.model import Report

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-central-1"
WAIVERS_FILE = ROOT / "waivers.toml"
WAIVERS = read_waivers(WAIVERS_FILE, waiver_policy(WAIVERS_FILE, today=dt.date(2026, 11, 23)))
STACKS = {
    "nexis-dev-network": "Network",
    "nexis-dev-trail": "Trail",
    "nexis-dev-database": "Database",
    "nexis-dev-managed-database": "ManagedDatabase",
    "nexis-dev-deployment-access": "DeploymentAccess",
    "nexis-dev-policy-hook": "PolicyHook",
}


@pytest.fixture(scope="module")
def templates() -> dict[str, dict[str, Any]]:
    synthesized = synthesized_baseline("dev")
    return {name: synthesized[identity] for name, identity in STACKS.items()}


@pytest.fixture(scope="module")
def server(templates: dict[str, dict[str, Any]]) -> Iterator[LocalAws]:
    with running_local_aws(region=REGION) as aws, pytest.MonkeyPatch.context() as environment:
        for name, value in aws.environment().items():
            environment.setenv(name, value)
        configuration = load_configuration(ROOT / "config" / "dev.toml")
        bootstrapped(aws.client, configuration)
        formation = aws.client("cloudformation")
        tags = configuration.tags()
        for name, template in templates.items():
            formation.create_stack(
                StackName=name,
                TemplateBody=json.dumps(template, separators=(",", ":")),
                Capabilities=["CAPABILITY_NAMED_IAM"],
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            )
            formation.get_waiter("stack_create_complete").wait(
                StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
            )
        yield aws


@pytest.fixture(scope="module")
def session(server: LocalAws) -> Session:
    return Session(endpoint_url=server.endpoint_url, region=REGION)


@pytest.fixture(scope="module")
def cloud(server: LocalAws, templates: dict[str, dict[str, Any]]) -> Cloud:
    return Cloud(server, templates)


@pytest.fixture(scope="module")
def clean(session: Session) -> AuditOutcome:
    return audit(waivers=WAIVERS, aws=session)


def found(report: Report) -> set[tuple[str, str]]:
    return {(finding.rule, finding.construct or finding.resource) for finding in counted(report)}


def counted(report: Report) -> list[Finding]:
    """The findings that nobody answers for."""
    return [finding for finding in report.findings if finding.waiver is None]


def test_a_fresh_deployment_is_clean(clean: AuditOutcome) -> None:
    assert found(clean.report) == set(), render_audit(clean)
    assert clean.report.exit_code == 0
    assert clean.stacks == tuple(sorted(STACKS))
    assert clean.placeholders


def test_every_judgement_at_synth_is_made_again_on_what_is_deployed(
    clean: AuditOutcome, templates: dict[str, dict[str, Any]]
) -> None:
    at_synth = Assembly(
        templates={
            name: read_document(template, key=name, file=name, stack=name, region=REGION, account="000000000000")
            for name, template in templates.items()
        }
    )
    deployed = Assembly(templates={"live": clean.deployed.template})
    live = {(j.rule.id, j.resource.construct): j.outcome for j in judge(deployed)}
    # Rules of a group that stand by themselves in a template are read as part of the group, and judged there.
    inline = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
    for judgement in judge(at_synth):
        # A rule for every type also asks of what no API answers by itself, such as a custom resource.
        if EVERY_TYPE not in judgement.rule.types and judgement.resource.type not in inline:
            key = (judgement.rule.id, judgement.resource.construct)
            assert live.get(key) == judgement.outcome, f"{key}: {live.get(key)} on what is deployed"


@pytest.mark.parametrize("name", DRIFTS)
def test_a_drift_is_named_and_nothing_else(name: str, session: Session, cloud: Cloud) -> None:
    drift = DRIFTS[name](cloud)
    expected = next(drift)
    try:
        outcome = audit(waivers=WAIVERS, aws=session)
        assert found(outcome.report) == expected, render_audit(outcome)
        assert outcome.report.exit_code == 1
        assert {finding.verdict for finding in counted(outcome.report)} == {"fail"}
        text = render_audit(outcome)
        assert all(rule in text and place in text for rule, place in expected)
        assert text.count("put back: ") >= len({place for _, place in expected})
    finally:
        assert next(drift, None) is None


def test_what_was_put_back_is_clean_again(session: Session) -> None:
    outcome = audit(waivers=WAIVERS, aws=session)
    assert found(outcome.report) == set(), render_audit(outcome)


@pytest.mark.parametrize("name", LASTING)
def test_what_is_gone_stays_missing(name: str, session: Session, cloud: Cloud) -> None:
    before = found(audit(waivers=WAIVERS, aws=session).report)
    drift = LASTING[name](cloud)
    expected = next(drift)
    outcome = audit(waivers=WAIVERS, aws=session)
    assert found(outcome.report) - before == expected, render_audit(outcome)
    assert next(drift, None) is None
    # A rule of a security group may come back under its old id; everything else has a new one.
    assert {rule for rule, _ in found(audit(waivers=WAIVERS, aws=session).report) - before} <= {"engine.missing"}


def test_the_command_says_so(server: LocalAws, capsys: pytest.CaptureFixture[str]) -> None:
    endpoint = ["--endpoint-url", server.endpoint_url]
    code = main(["audit", *endpoint, "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert (code, report["schema"]) == (1, "nexis-check/1")
    assert {finding["rule"] for finding in report["findings"]} == {"engine.missing", "passwords.secret-rotation"}
    assert main(["audit", *endpoint, "--stack", "nexis-dev-trail"]) == 0
    assert "nexis-dev-trail" in capsys.readouterr().out


def test_nothing_to_judge_is_no_success(server: LocalAws, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--endpoint-url", server.endpoint_url, "--region", "eu-west-1"]) == 2
    assert "found nothing to judge in aws://000000000000/eu-west-1" in capsys.readouterr().err
    assert main(["audit", "--endpoint-url", server.endpoint_url, "--stack", "nexis-dev-nothing"]) == 2
    assert "found no stack nexis-dev-nothing" in capsys.readouterr().err


def test_everything_takes_in_what_no_stack_lists(session: Session, cloud: Cloud) -> None:
    key = cloud.client("kms").create_key(Description="made by hand")["KeyMetadata"]["KeyId"]
    outside = audit(waivers=WAIVERS, aws=session)
    everything = audit(waivers=WAIVERS, aws=session, everything=True)
    assert ("keys.rotation", key) not in found(outside.report)
    assert ("keys.rotation", key) in found(everything.report)


def test_every_call_has_its_permission(session: Session, clean: AuditOutcome) -> None:
    assert clean.report.exit_code == 0
    assert session.calls
    assert session.calls <= set(PERMISSIONS)
