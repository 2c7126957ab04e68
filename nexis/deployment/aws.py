"""The account a deployment goes to, as its credentials see it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError

from nexis.deployment.errors import DeploymentError
from nexis.facts.github_oidc import PLACEHOLDER_REPOSITORY
from nexis.facts.instance_types import encrypted_nvme_types
from nexis.facts.tags import ENVIRONMENT_TAG, PROJECT, PROJECT_TAG
from nexis.facts.topology import ROOT_DEVICE

if TYPE_CHECKING:
    from nexis.config import Configuration

FIRST_CALL: Final = Config(retries={"mode": "standard", "max_attempts": 2}, connect_timeout=5, read_timeout=20)
RETRIES: Final = Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=5, read_timeout=60)
AUTO_SCALING: Final = "autoscaling.amazonaws.com"
ENDED: Final = ("DELETE_COMPLETE",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a deployment goes.

    Args:
        configuration: the environment's configuration.
        session: boto3's, in the configured region.
    """

    configuration: Configuration
    session: boto3.Session

    def client(self, service: str, *, config: Config = RETRIES) -> Any:
        """Give a client of a service in the configured region."""
        return self.session.client(service, config=config)  # type: ignore[call-overload]

    @property
    def endpoint_url(self) -> str | None:
        """The endpoint, when it is not AWS's own."""
        return endpoint_url()

    @property
    def on_this_machine(self) -> bool:
        """Whether the AWS is one of this machine, where nothing boots and nothing is billed."""
        return is_loopback(self.endpoint_url)


def endpoint_url() -> str | None:
    """Give the endpoint that the environment names, or None for AWS's own."""
    return os.environ.get("AWS_ENDPOINT_URL") or None


def is_loopback(endpoint_url: str | None) -> bool:
    """Whether an endpoint is on this machine.

    Args:
        endpoint_url: None stands for AWS itself.
    """
    return endpoint_url is not None and urlsplit(endpoint_url).hostname in ("127.0.0.1", "localhost", "::1")


def refuse_unfit_image(target: Target) -> None:
    """Refuse an image from which hosts would not start, or would start with a root volume of its own.

    On this machine no host starts, so none is looked at.

    Args:
        target: where to.

    Raises:
        DeploymentError: the configuration names no image, or one that does not fit.
    """
    if target.on_this_machine:
        return
    refuse_no_image(target.configuration)
    hosts = target.configuration.hosts
    place = f"config/{target.configuration.environment}.toml hosts.image_id"
    try:
        images = target.client("ec2").describe_images(ImageIds=[hosts.image_id])["Images"]
    except ClientError as problem:
        raise DeploymentError(
            f"{place}: {hosts.image_id} cannot be used: {problem}. Pin an image you may use."
        ) from None
    if not images:
        raise DeploymentError(f"{place}: {hosts.image_id} is not there, or not shared with this account and region.")
    expected = {
        "RootDeviceName": ROOT_DEVICE,
        "Architecture": encrypted_nvme_types()[hosts.instance_type].architecture,
        "RootDeviceType": "ebs",
    }
    for name, value in expected.items():
        if images[0].get(name) != value:
            raise DeploymentError(
                f"{place}: {hosts.image_id} has {name} {images[0].get(name)!r}, expected {value!r} for encrypted root "
                f"volumes on {hosts.instance_type}. Pin another image."
            )


def refuse_no_image(configuration: Configuration) -> None:
    """Refuse a configuration from which hosts would be made without an image.

    Args:
        configuration: the environment's configuration.

    Raises:
        DeploymentError: it names no image.
    """
    if configuration.hosts.image_id is None:
        raise DeploymentError(
            f"config/{configuration.environment}.toml hosts.image_id: names no image, and in an account the hosts "
            "start. Pin the id of the image you have tested."
        )


def refuse_placeholders(configuration: Configuration) -> None:
    """Refuse what only stands for something still to be named, as far as the configuration alone tells.

    Args:
        configuration: the environment's configuration.

    Raises:
        DeploymentError: it is to be deployed to AWS itself and names no image, or an example as the repository.
    """
    if not is_loopback(endpoint_url()):
        refuse_no_image(configuration)
        _refuse_placeholder_repository(configuration)


def refuse_placeholder_repository(target: Target) -> None:
    """Refuse to let in a repository that stands for one still to be named: the name may belong to somebody.

    Args:
        target: where to.

    Raises:
        DeploymentError: the configuration names it.
    """
    if not target.on_this_machine:
        _refuse_placeholder_repository(target.configuration)


def _refuse_placeholder_repository(configuration: Configuration) -> None:
    changes = configuration.changes
    if changes is None or changes.repository != PLACEHOLDER_REPOSITORY:
        return
    raise DeploymentError(
        f"config/{configuration.environment}.toml changes.repository: {changes.repository!r} is an example, and "
        "whoever owns that name would be let into your account. Name your repository, or remove the section [changes]."
    )


def reach(configuration: Configuration) -> Target:
    """Compare the caller's account and region with the configuration, before anything else happens.

    Args:
        configuration: the environment's configuration.

    Raises:
        DeploymentError: there are no credentials, they do not work, or they belong elsewhere.
    """
    file = f"config/{configuration.environment}.toml"
    try:
        _compare_region(configuration.region, file)
        target = Target(configuration=configuration, session=boto3.Session(region_name=configuration.region))
        account = target.client("sts", config=FIRST_CALL).get_caller_identity()["Account"]
    except NoCredentialsError:
        raise DeploymentError(
            f"There are no AWS credentials. {file} deploys to the account {configuration.account}: sign in to it "
            "(aws sso login, AWS_PROFILE=…, or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY) and try again."
        ) from None
    except EndpointConnectionError as problem:
        raise DeploymentError(
            f"AWS does not answer: {problem}. Is the network up, is AWS_ENDPOINT_URL right?"
        ) from None
    except (BotoCoreError, ClientError) as problem:
        raise DeploymentError(f"Your AWS credentials do not work: {problem}. Sign in again, then try again.") from None
    if account != configuration.account:
        raise DeploymentError(
            f"Your credentials belong to the account {account}, and {file} names {configuration.account}. "
            "Sign in to that account, or choose another ENV."
        )
    return target


def _compare_region(region: str, file: str) -> None:
    """Refuse a region that the caller's variables or profile name and the configuration does not.

    The CDK reads AWS_REGION, boto3 reads AWS_DEFAULT_REGION and the profile; each of them must agree if it is set.
    """
    named = {
        "the variable AWS_REGION": os.environ.get("AWS_REGION"),
        "the variable AWS_DEFAULT_REGION or your profile": boto3.Session().region_name,
    }
    for place, found in named.items():
        if found and found != region:
            raise DeploymentError(
                f"Your credentials are for the region {found} ({place}), and {file} names {region}. "
                f"Set AWS_REGION={region} and AWS_DEFAULT_REGION={region}, or choose another ENV."
            )


def ensure_auto_scaling_role(target: Target) -> bool:
    """Make the service-linked role of Auto Scaling exist, which the hosts' key policy names.

    Args:
        target: where to.

    Returns:
        Whether it was made now. Source: Amazon EC2 Auto Scaling User Guide, "Service-linked roles".
    """
    iam = target.client("iam")
    try:
        iam.get_role(RoleName="AWSServiceRoleForAutoScaling")
    except iam.exceptions.NoSuchEntityException:
        try:
            iam.create_service_linked_role(AWSServiceName=AUTO_SCALING)
        except iam.exceptions.InvalidInputException:
            return False  # another process made it meanwhile
        return True
    return False


def toolkit_version(target: Target) -> int | None:
    """Give the version of the CDK's toolkit stack in the account, or None when it was never bootstrapped.

    Args:
        target: where to look. Source: AWS CDK Developer Guide, "Bootstrapping".
    """
    ssm = target.client("ssm")
    try:
        return int(ssm.get_parameter(Name="/cdk-bootstrap/hnb659fds/version")["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        return None


def deployed_stacks(target: Target) -> dict[str, dict[str, Any]]:
    """Give the environment's stacks by name, as CloudFormation describes them.

    Args:
        target: where to look.
    """
    found = {}
    for page in target.client("cloudformation").get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            tags = {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])}
            ours = (tags.get(PROJECT_TAG), tags.get(ENVIRONMENT_TAG)) == (PROJECT, target.configuration.environment)
            if ours and stack["StackStatus"] not in ENDED:
                found[stack["StackName"]] = stack
    return found
