"""Bootstrap, synthesize, deploy, read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nexis.deployment.aws import deployed_stacks, ensure_auto_scaling_role, toolkit_version
from nexis.deployment.bootstrap import bootstrap, refuse_without_boundary
from nexis.deployment.cdk_cli import Progress, cdk, synthesize
from nexis.deployment.errors import DeploymentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.audit import AuditOutcome
    from nexis.deployment.aws import Target

ASSEMBLY: Final = Path("cdk.out")
OLDEST_TOOLKIT: Final = 6  # what the CDK's default synthesizer asks of the bootstrap stack


@dataclass(slots=True, kw_only=True)
class Deployed:
    """What a deployment did.

    Args:
        changes: `created`, `updated` or `no change`, by stack name.
        policies: the summary of our report at synth.
        waived: how many findings of cdk-nag are waived.
        audit: what was read back.
    """

    changes: Mapping[str, str]
    policies: Mapping[str, Any]
    waived: int
    audit: AuditOutcome


def deploy(target: Target, *, ask: bool) -> Deployed:
    """Deploy an environment under all policies and read it back.

    Args:
        target: where to; its account and region have been compared with the configuration.
        ask: let the CDK ask before it widens permissions.

    Raises:
        DeploymentError: a step failed; its output has been shown.
    """
    configuration = target.configuration
    place = f"aws://{configuration.account}/{configuration.region}"
    with Progress("Service-linked role of Auto Scaling") as progress:
        progress.note = "created" if ensure_auto_scaling_role(target) else "there already"
    version = toolkit_version(target)
    if version is None:
        bootstrap(target)
    elif version < OLDEST_TOOLKIT:
        raise DeploymentError(
            f"The toolkit stack of {place} has version {version}, expected {OLDEST_TOOLKIT} or later; "
            f"run `make bootstrap ENV={configuration.environment}`."
        )
    else:
        refuse_without_boundary(target)
    if not synthesize(configuration.environment, ASSEMBLY):
        raise DeploymentError("The synthesis failed, so nothing was deployed; the reasons stand above.")
    waived = waived_in(ASSEMBLY)
    before = deployed_stacks(target)
    approval = "broadening" if ask else "never"
    arguments = ["deploy", "--all", "--app", str(ASSEMBLY), "--require-approval", approval, "--progress", "events"]
    arguments += ["--concurrency", "1" if ask else "4"]
    if not cdk("Deployment", arguments, interactive=ask):
        raise DeploymentError("The deployment failed; its output stands above. Stacks that were ready stay deployed.")
    changes = what_changed(before, deployed_stacks(target))
    with Progress("Audit of what is deployed") as progress:
        audit = read_back(target)
        progress.failed = audit.report.exit_code != 0
    return Deployed(
        changes=changes,
        policies=json.loads((ASSEMBLY / "nexis-report.json").read_bytes())["summary"],
        waived=waived,
        audit=audit,
    )


def read_back(target: Target) -> AuditOutcome:
    """Audit the environment's stacks.

    Args:
        target: where they are.
    """
    from nexis.audit import audit
    from nexis.run import waiver_policy
    from nexis.waivers import read_waivers

    file = Path("waivers.toml")
    return audit(
        endpoint_url=target.endpoint_url,
        region=target.configuration.region,
        stacks=sorted(deployed_stacks(target)),
        waivers=read_waivers(file, waiver_policy(file)),
    )


def what_changed(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Say of each stack whether it was created, updated, or left as it was.

    Args:
        before: stacks as CloudFormation described them, by name.
        after: the same, after the deployment.
    """

    def moment(stack: Mapping[str, Any]) -> Any:
        return stack.get("LastUpdatedTime") or stack["CreationTime"]

    def change(name: str) -> str:
        if name not in before or before[name]["StackId"] != after[name]["StackId"]:
            return "created"
        return "no change" if moment(before[name]) == moment(after[name]) else "updated"

    return {name: change(name) for name in sorted(after)}


def waived_in(assembly: Path) -> int:
    """Count the findings of others, such as cdk-nag, that are waived.

    Args:
        assembly: the cloud assembly.

    Raises:
        DeploymentError: nobody knows what the others found.
    """
    from nexis.validation_report import OWN_PLUGIN, read_report

    told = read_report(assembly, None, own_rules=())
    if told.problems:
        raise DeploymentError("\n".join((*told.problems, "Nothing was deployed.")))
    return sum(finding.waiver is not None and finding.tool != OWN_PLUGIN for finding in told.findings)
