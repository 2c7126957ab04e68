"""The CDK's bootstrap of an account, from the template of this project instead of the CLI's own."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from nexis.deployment.cdk_cli import cdk
from nexis.deployment.errors import DeploymentError
from nexis.facts.deployment import BOOTSTRAP_VARIANT, TOOLKIT_STACK, boundary_name, deployment_role_name
from nexis.templates.model import TemplateError
from nexis.templates.parse import parse

if TYPE_CHECKING:
    from nexis.config import Configuration
    from nexis.deployment.aws import Target

TEMPLATE: Final = Path("bootstrap/bootstrap-template.yaml")
#: Parameters of the template that an environment decides. The CLI cannot be told them, so they become defaults.
DEPLOYER: Final = "DeploymentRoleName"
KEEP_EVIDENCE: Final = "KeepEvidence"


def template_for(configuration: Configuration, text: str) -> dict[str, Any]:
    """Give the bootstrap template of an environment.

    Args:
        configuration: the environment's configuration.
        text: the template of this project.

    Raises:
        DeploymentError: the text is no such template.
    """
    values = {
        DEPLOYER: deployment_role_name(configuration.environment),
        KEEP_EVIDENCE: "true" if configuration.is_production else "false",
    }
    try:
        template: dict[str, Any] = parse(text.encode(), file=str(TEMPLATE))
        for name, value in values.items():
            template["Parameters"][name]["Default"] = value
    except (TemplateError, KeyError, TypeError) as problem:
        raise DeploymentError(
            f"{TEMPLATE} cannot be used ({type(problem).__name__}: {problem}); expected the parameters "
            f"{', '.join(values)}. Write it again with `make bootstrap-template`."
        ) from None
    return template


def bootstrap(target: Target, *, replace: bool = False) -> None:
    """Bring the account's toolkit stack to the template of this project.

    Args:
        target: where to; its account and region have been compared with the configuration.
        replace: put it in the place of a bootstrap of another kind.

    Raises:
        DeploymentError: there is a bootstrap of another kind, or the CLI failed; its output has been shown.
    """
    configuration = target.configuration
    found = variant(target)
    if found not in (None, BOOTSTRAP_VARIANT) and not replace:
        raise DeploymentError(
            f"The account has a bootstrap of another kind, {found!r}. Whoever else deploys with it would meet our "
            f"boundary and our trust. If nobody does, replace it: nexis bootstrap --environment "
            f"{configuration.environment} --replace"
        )
    place = f"aws://{configuration.account}/{configuration.region}"
    template = template_for(configuration, TEMPLATE.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bootstrap-template.json"
        file.write_text(json.dumps(template), encoding="utf-8")
        arguments = ["bootstrap", place, "--app", "", "--template", str(file), "--termination-protection", "true"]
        if not cdk(f"Bootstrap of {place}", [*arguments, *(["--force"] if replace else [])]):
            raise DeploymentError("The bootstrap failed; its output stands above.")


def variant(target: Target) -> str | None:
    """Give the kind of the account's bootstrap, or None where there is none.

    Args:
        target: where to look.
    """
    try:
        stack = target.client("cloudformation").describe_stacks(StackName=TOOLKIT_STACK)["Stacks"][0]
    except ClientError as problem:
        if problem.response["Error"]["Code"] == "ValidationError":  # CloudFormation's word for "there is none"
            return None
        raise
    if stack["StackStatus"] in ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS"):
        return None
    parameters: dict[str, str] = {p["ParameterKey"]: p.get("ParameterValue", "") for p in stack.get("Parameters", [])}
    return parameters.get("BootstrapVariant", "a kind without a name")


def refuse_without_boundary(target: Target) -> None:
    """Refuse an account whose bootstrap has no boundary: no role of ours could be made there.

    Args:
        target: where to.

    Raises:
        DeploymentError: the boundary is not there.
    """
    name = boundary_name()
    iam = target.client("iam")
    try:
        iam.get_policy(PolicyArn=f"arn:aws:iam::{target.configuration.account}:policy/{name}")
    except iam.exceptions.NoSuchEntityException:
        raise DeploymentError(
            f"The account's bootstrap has no permissions boundary {name}, which every role carries; it was not made "
            f"from {TEMPLATE}. Look at docs/how-changes-reach-aws.md, then run: make bootstrap "
            f"TARGET={'local' if target.on_this_machine else 'aws'} ENV={target.configuration.environment}"
        ) from None
