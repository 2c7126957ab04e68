"""The closing summary of a deployment, to be read at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nexis.deployment.aws import Target
    from nexis.deployment.deploy import Deployed

LABEL_WIDTH = 10


def summary(target: Target, deployed: Deployed) -> str:
    """Write the summary.

    Args:
        target: where the deployment went.
        deployed: what it did.
    """
    configuration = target.configuration
    local = target.endpoint_url if target.on_this_machine else None
    title = f"Nexis Network baseline · {configuration.environment} · {configuration.account} · {configuration.region}"
    title += f" · {local}" if local else ""
    lines = ["", title, "─" * len(title)]
    for number, (name, change) in enumerate(deployed.changes.items()):
        lines.append(_line("Stacks" if number == 0 else "", f"{name:<32} {change}"))
    if configuration.trail.existing:
        lines.append(_line("", f"no trail of our own: the account has {configuration.trail.existing}"))
    if set(deployed.changes.values()) == {"no change"}:
        lines.append(_line("", "Nothing was changed: what is deployed is what the code says."))
    lines += [_line("Policies", _policies(deployed)), _line("Audit", _audit(deployed))]
    lines += [
        _line("Not real" if n == 0 else "", text) for n, text in enumerate(_not_real(deployed, local=bool(local)))
    ]
    lines += [_line("Next" if n == 0 else "", text) for n, text in enumerate(_next(local))]
    return "\n".join(lines) + "\n"


def _line(label: str, text: str) -> str:
    return f"{label:<{LABEL_WIDTH}} {text}"


def _policies(deployed: Deployed) -> str:
    counts = deployed.policies
    waived = deployed.waived + counts["waived"]
    return (
        f"nothing fails: {counts['judgements']} judgements of {counts['resources']} resources, and cdk-nag's "
        f"two packs; {waived} waived (waivers.toml)"
    )


def _audit(deployed: Deployed) -> str:
    report = deployed.audit.report
    counts = report.summary()
    read = f"{counts['resources']} resources read back, {counts['judgements']} judgements"
    if report.exit_code == 0:
        return f"everything holds: {read}"
    reasons = [f"{len(report.failing)} findings" if report.failing else "", *report.errors]
    return f"FAILED: {read}; {'; '.join(reason for reason in reasons if reason)} (see below)"


def _not_real(deployed: Deployed, *, local: bool) -> list[str]:
    texts = []
    if deployed.audit.placeholders:
        texts.append("The database hosts are placeholders: launch templates and groups without PostgreSQL inside.")
    if local:
        texts.append("This AWS runs on your machine and forgets when it stops: no machine boots, nothing is billed.")
    return texts or ["nothing: this is your AWS account"]


def _next(local: str | None) -> list[str]:
    if local is None:
        return ["nexis audit       reads it back again; run it daily", "make cost         the fixed monthly items"]
    return [
        "make audit        reads it back again; change something through the API first and see",
        "make cost         the fixed monthly items of this configuration",
        "make destroy      removes everything and stops the local AWS",
        "make deploy TARGET=aws ENV=prod     the same, in your account",
    ]
