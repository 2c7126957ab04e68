"""The typed model of a configuration. It cannot be built with a value that the checks refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from nexis.config import checks
from nexis.facts.github_oidc import PLACEHOLDER_REPOSITORY
from nexis.facts.log_retention import MINIMUM_DAYS
from nexis.facts.rds_limits import LEAST_BACKUP_DAYS, MANAGED_PORT, SMALLEST_STORAGE_GIB
from nexis.facts.tags import ENVIRONMENT_TAG, PROJECT, PROJECT_TAG
from nexis.facts.topology import HOSTS

if TYPE_CHECKING:
    from nexis.config.problems import Problem

#: TOML lists become tuples; what is in them stays strict.
_Texts = Annotated[tuple[str, ...], Field(strict=False)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Network(_Section):
    """The network of an environment.

    Attributes:
        address_range: Private IPv4 network in CIDR notation, large enough for all zones.
        endpoint_zones: Number of zones in which each interface endpoint has an address; each costs money.
        private_dns_zone: Name of the private DNS zone of the database hosts.
    """

    address_range: str = Field(examples=["10.20.0.0/16"])
    endpoint_zones: int = Field(examples=[1])
    private_dns_zone: str = Field(examples=["db.dev.nexis.internal"])


class Hosts(_Section):
    """The NVMe database hosts.

    Attributes:
        instance_type: EC2 type with encrypted NVMe disks.
        count: Number of hosts, at most one per zone.
        image_id: Image they start from; may be absent outside prod.
    """

    instance_type: str = Field(examples=["i4i.2xlarge"])
    count: int = Field(default=HOSTS, examples=[HOSTS])
    image_id: str | None = Field(default=None, examples=["ami-0123456789abcdef0"])


class PostgreSQL(_Section):
    """The PostgreSQL on the hosts and on RDS.

    Attributes:
        major: Major version.
    """

    major: int = Field(examples=[17])


class ManagedDatabase(_Section):
    """The RDS PostgreSQL instance.

    Attributes:
        instance_class: RDS class with a local NVMe disk.
        port: TCP port, not 5432.
        backup_retention_days: Days for which RDS keeps automated backups.
        allocated_storage_gib: Size of its gp3 volume in GiB.
    """

    instance_class: str = Field(examples=["db.m6gd.large"])
    port: int = Field(default=MANAGED_PORT, examples=[MANAGED_PORT])
    backup_retention_days: int = Field(default=LEAST_BACKUP_DAYS, examples=[LEAST_BACKUP_DAYS])
    allocated_storage_gib: int = Field(default=SMALLEST_STORAGE_GIB, examples=[SMALLEST_STORAGE_GIB])


class Logs(_Section):
    """The logs.

    Attributes:
        retention_days: Days for which log groups and the trail's bucket keep events.
    """

    retention_days: int = Field(default=MINIMUM_DAYS, examples=[MINIMUM_DAYS])


class Trail(_Section):
    """The audit trail.

    Attributes:
        existing: ARN of the account's existing trail; None to have one created.
    """

    existing: str | None = Field(default=None, examples=["arn:aws:cloudtrail:eu-central-1:000000000000:trail/audit"])

    @model_validator(mode="before")
    @classmethod
    def _empty_means_absent(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("existing") == "":
            return {key: value for key, value in data.items() if key != "existing"}
        return data


class Changes(_Section):
    """The repository from which changes are deployed, through GitHub's OIDC.

    The GitHub environment of the deploying job has the name of this environment.

    Attributes:
        repository: Owner and name on GitHub.
        branch: The only branch that deploys.
        owner_id: Number of the owner on GitHub, if its subjects carry the numbers.
        repository_id: Number of the repository; given together with `owner_id`.
        existing_provider: ARN of the account's identity provider for GitHub; None to have one created.
        reviewers: Team roles, GitHub teams of the same names, of which a second person approves each deployment;
            production needs one.
    """

    repository: str = Field(examples=[PLACEHOLDER_REPOSITORY])
    branch: str = Field(default="main", examples=["main"])
    owner_id: int | None = Field(default=None, examples=[123456])
    repository_id: int | None = Field(default=None, examples=[456789])
    existing_provider: str | None = Field(
        default=None, examples=["arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com"]
    )
    reviewers: _Texts = Field(default=(), examples=[["security"]])


class Hook(_Section):
    """The hook that judges what is deployed.

    Attributes:
        stacks: ``baseline`` for the stacks of this environment, ``account`` for every stack of the account and region.
    """

    stacks: str = Field(default=checks.HOOKED[0], examples=[checks.HOOKED[0]])


class Configuration(_Section):
    """What differs between one environment and another.

    Attributes:
        environment: ``dev``, ``staging`` or ``prod``.
        account: AWS account id, 12 digits.
        region: An approved AWS region.
        zones: Three different Availability Zones of the region, by name.
        owners: Team roles that answer for it, from config/owners.toml.
        network: See `Network`.
        hosts: See `Hosts`.
        postgresql: See `PostgreSQL`.
        managed_database: See `ManagedDatabase`.
        logs: See `Logs`.
        trail: See `Trail`.
        changes: See `Changes`; None where nothing but people may deploy.
        hook: See `Hook`; None where nothing is judged at deployment.

    Raises:
        pydantic.ValidationError: If a value is refused; it names every problem at once.
    """

    environment: str = Field(examples=["dev"])
    account: str = Field(examples=["000000000000"])
    region: str = Field(examples=["eu-central-1"])
    zones: _Texts = Field(examples=[["eu-central-1a", "eu-central-1b", "eu-central-1c"]])
    owners: _Texts = Field(examples=[["platform-engineering"]])
    network: Network
    hosts: Hosts
    postgresql: PostgreSQL
    managed_database: ManagedDatabase
    logs: Logs = Logs()
    trail: Trail = Trail()
    changes: Changes | None = None
    hook: Hook | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _report_everything_at_once(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        errors: list[InitErrorDetails] = []
        model: Self | None = None
        try:
            model = handler(data)
        except ValidationError as refused:
            errors += [_kept(error) for error in refused.errors(include_url=False)]
        document = _plain(data)
        if isinstance(document, dict):
            errors += [_reported(problem) for problem in checks.problems(document)]
        if errors:
            raise ValidationError.from_exception_data(cls.__name__, errors)
        if model is None:
            raise TypeError("no model and no error: expected exactly one of them")
        return model

    @property
    def is_production(self) -> bool:
        """True if this is the environment with every protection on."""
        return self.environment == checks.PRODUCTION

    def tags(self) -> Mapping[str, str]:
        """Return the tags of every resource.

        Returns:
            ``project``, ``environment`` and ``owner`` (several owners joined by ``+``, which tag values allow).

        Source: AWS General Reference, "Tag naming limits and requirements".
        """
        return {PROJECT_TAG: PROJECT, ENVIRONMENT_TAG: self.environment, "owner": "+".join(self.owners)}


#: Type of the errors that carry a `Problem`.
PROBLEM = "nexis_problem"


def _plain(value: Any) -> Any:
    """Return sections and tuples as the dictionaries and lists of a document, so that no spelling goes unchecked."""
    if isinstance(value, BaseModel):
        return _plain(dict(value))
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value


def _reported(problem: Problem) -> InitErrorDetails:
    context = {"got": problem.got, "expected": problem.expected, "do": problem.do}
    error = PydanticCustomError(PROBLEM, "got {got}; expected {expected}; do: {do}", context)
    return InitErrorDetails(type=error, loc=problem.place, input=None)


def _kept(error: Any) -> InitErrorDetails:
    # Rebuilt with its own type and message: pydantic offers no way to pass a finished error on.
    message = PydanticCustomError(error["type"], "{message}", {"message": error["msg"]})
    return InitErrorDetails(type=message, loc=error["loc"], input=error["input"])
