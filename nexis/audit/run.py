"""The audit: read what is deployed, put it back into CloudFormation's shape, and judge it by the same rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nexis.audit.assemble import Deployed, assemble
from nexis.audit.model import AuditError
from nexis.audit.read import READ_TYPES, read
from nexis.audit.scope import OURS, by_type, find_stacks, list_resources
from nexis.audit.session import Session
from nexis.rules.engine.missing import RULE as MISSING
from nexis.rules.registry import all_rules
from nexis.run import report_on
from nexis.templates.model import Assembly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nexis.audit.model import Aws
    from nexis.report.model import Report
    from nexis.waivers import Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOutcome:
    """What an audit found.

    Args:
        report: the findings, as `nexis check` reports them.
        account: the audited account.
        region: the audited region.
        stacks: the names of the judged stacks.
        not_read: how many resources of which types stacks list that no rule looks at.
        placeholders: whether hosts are placeholders that run no database yet.
        deployed: what was judged.
    """

    report: Report
    account: str
    region: str
    stacks: Sequence[str]
    not_read: Mapping[str, int]
    placeholders: bool
    deployed: Deployed = field(repr=False)


def audit(
    *,
    endpoint_url: str | None = None,
    region: str | None = None,
    stacks: Sequence[str] | None = None,
    everything: bool = False,
    waivers: Sequence[Waiver] = (),
    aws: Aws | None = None,
) -> AuditOutcome:
    """Judge what is deployed.

    Nothing is judged unless everything could be read: what a refused call would have shown would look like a failure.

    Args:
        endpoint_url: where AWS is asked; AWS's own endpoints (or `AWS_ENDPOINT_URL`) when None.
        region: the region; boto3's default when None.
        stacks: names of stacks; those tagged as the baseline's when None.
        everything: whether to judge the whole region, and not only what belongs to the stacks.
        waivers: checked ones; a waiver by construct path holds for the deployed resource too.
        aws: who is asked instead of a session made here.

    Raises:
        AuditError: nothing could be judged; with what AWS refused, or what is not there.
    """
    if aws is None:
        aws = Session(endpoint_url=endpoint_url, region=region)
    names = find_stacks(aws, stacks)
    if not names and not everything:
        tag = "=".join(OURS)
        raise AuditError(
            f"found nothing to judge in aws://{aws.account}/{aws.region}: no stack is tagged {tag}; "
            "deploy the baseline first, check account and region, or name stacks with --stack"
        )
    listed = list_resources(aws, names)
    found = read(aws, by_type(listed, READ_TYPES), everything=everything)
    rules = all_rules()
    deployed = assemble(
        found,
        listed,
        judged={kind for rule in rules for kind in rule.types},
        account=aws.account,
        region=aws.region,
    )
    template = deployed.template
    report = report_on(
        [Assembly(templates={template.key: template})],
        waivers=waivers,
        all_waivers_must_match=False,  # a waiver may be for a stack that is not deployed here
    )
    return AuditOutcome(
        report=_with_real_names(report, deployed),
        account=aws.account,
        region=aws.region,
        stacks=names,
        not_read=deployed.not_read,
        placeholders=deployed.placeholders,
        deployed=deployed,
    )


def _with_real_names(report: Report, deployed: Deployed) -> Report:
    """Let findings on missing resources name these, not their stand-ins."""
    findings = []
    for finding in report.findings:
        if finding.rule == MISSING.id and finding.resource in deployed.real:
            identity, kind = deployed.real[finding.resource]
            finding = replace(finding, resource=identity, type=kind)
        findings.append(finding)
    return replace(report, findings=findings)
