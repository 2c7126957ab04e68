"""Reading: in rounds, from what stacks list to whatever it names, until nothing new is named."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from nexis.audit import (
    autoscaling,
    backup,
    cloudtrail,
    ec2_hosts,
    ec2_network,
    hooks,
    iam,
    kms,
    lambda_functions,
    logs,
    rds,
    route53,
    s3,
    secretsmanager,
    sns,
    sqs,
)
from nexis.audit.links import named_by
from nexis.audit.model import AuditError, Wanted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from nexis.audit.model import Aws, Key, Live

SERVICES: Final = (
    autoscaling,
    backup,
    cloudtrail,
    ec2_hosts,
    ec2_network,
    hooks,
    iam,
    kms,
    lambda_functions,
    logs,
    rds,
    route53,
    s3,
    secretsmanager,
    sns,
    sqs,
)

READ_TYPES: Final = frozenset(kind for service in SERVICES for kind in service.TYPES)
"""Every type the audit can read."""

TEMPLATE: Final = ec2_hosts.LAUNCH_TEMPLATE
MOST_ROUNDS: Final = 12
"""Longest chain of names that is followed; a host's is six long (group, template, profile, role, policy, key)."""

#: Properties that no API answers, taken from the deployed template: what was written, not what is.
ONLY_WRITTEN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AWS::RDS::DBCluster": ("MasterUserPassword", "SnapshotIdentifier"),
        "AWS::RDS::DBInstance": ("MasterUserPassword", "DBSnapshotIdentifier", "DeleteAutomatedBackups"),
        "AWS::SecretsManager::Secret": ("GenerateSecretString", "SecretString"),
    }
)


def read(aws: Aws, listed: Mapping[str, Collection[str]], *, everything: bool = False) -> list[Live]:
    """Read what stacks list, what lives in their networks, and what these name.

    Args:
        aws: who is asked.
        listed: physical ids by type, as stacks list them.
        everything: whether to read the whole region.

    Raises:
        AuditError: AWS refuses a call, or cannot be reached; with every such call.
    """
    found: dict[Key, Live] = {}
    asked: set[Key] = {(kind, identity) for kind, identities in listed.items() for identity in identities}
    swept: set[str] = set(listed.get(ec2_network.VPC, ()))
    wanted = Wanted(ids=listed, vpcs=frozenset(swept), everything=everything)
    for _ in range(MOST_ROUNDS):
        answers = _round(aws, wanted)
        _forget_superseded(found, wanted)
        new = [live for live in answers if live.key not in found]
        found |= {live.key: live for live in new}
        known = {(live.type, text) for live in found.values() for text in (live.identity, *live.attributes)}
        named = {key for live in new for key in named_by(live, region=aws.region, account=aws.account)}
        named -= asked | known
        asked |= named
        vpcs = {live.identity for live in new if live.type == ec2_network.VPC} - swept
        swept |= vpcs
        databases = {arn for live in new if live.type in (rds.INSTANCE, rds.CLUSTER) for arn in live.attributes}
        if not named and not vpcs and not databases:
            break
        ids: dict[str, set[str]] = {}
        for kind, identity in named:
            ids.setdefault(kind, set()).add(identity)
        if TEMPLATE in ids:  # the versions that were named before are launched still
            templates = {_template(identity) for identity in ids[TEMPLATE]}
            ids[TEMPLATE] |= {i for kind, i in asked if kind == TEMPLATE and ":" in i and _template(i) in templates}
        wanted = Wanted(ids=ids, vpcs=frozenset(vpcs), databases=frozenset(databases))
    return list(found.values())


def _forget_superseded(found: dict[Key, Live], wanted: Wanted) -> None:
    """Drop what was read of launch templates before it was known which of their versions are launched."""
    templates = {_template(identity) for identity in wanted.of(TEMPLATE) if ":" in identity}
    for key in [key for key in found if key[0] == TEMPLATE and _template(key[1]) in templates]:
        del found[key]


def _template(identity: str) -> str:
    """Give the launch template of `lt-1:3`."""
    return identity.partition(":")[0]


def _round(aws: Aws, wanted: Wanted) -> list[Live]:
    def ask(service: Any) -> list[Live]:
        try:
            answer: list[Live] = service.fetch(aws, wanted)
        except AuditError:
            raise
        except Exception as problem:  # an answer nobody foresaw must not pass for a finding
            name = service.__name__.rpartition(".")[2]
            raise AuditError(
                f"{name}: AWS's answer could not be read: {type(problem).__name__}: {problem}; report it"
            ) from problem
        return answer

    return [live for answer in aws.each(ask, SERVICES) for live in answer]
