"""Actions for which IAM knows no resource, so that `Resource: "*"` is the only way to allow them.

Taken from the action tables of the Service Authorization Reference: actions whose column "Resource types" is empty and
which do not hand out data of other resources. Read 2026-11-23; `*` stands for any ending.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

AS_OF: Final = "2026-11-23"
SOURCE: Final = "https://docs.aws.amazon.com/service-authorization/latest/reference/"

#: In lower case, sorted.
UNSCOPED_ACTIONS: Final = (
    "access-analyzer:validatepolicy",
    "acm:listcertificates",
    "autoscaling:describe*",
    "cloudformation:liststacks",
    "cloudformation:validatetemplate",
    "cloudtrail:describetrails",
    "cloudtrail:listtrails",
    "cloudtrail:lookupevents",
    "cloudwatch:describealarmsformetric",
    "cloudwatch:getmetricdata",
    "cloudwatch:getmetricstatistics",
    "cloudwatch:listmetrics",
    "cloudwatch:putmetricdata",
    "config:putevaluations",
    "dynamodb:listtables",
    "ec2:describe*",
    "ec2messages:acknowledgemessage",
    "ec2messages:deletemessage",
    "ec2messages:failmessage",
    "ec2messages:getendpoint",
    "ec2messages:getmessages",
    "ec2messages:sendreply",
    "ecr:getauthorizationtoken",
    "ecs:discoverpollendpoint",
    "elasticloadbalancing:describe*",
    "iam:getaccountpasswordpolicy",
    "iam:getaccountsummary",
    "iam:listaccountaliases",
    "kms:generaterandom",
    "kms:listaliases",
    "kms:listkeys",
    "lambda:listeventsourcemappings",
    "lambda:listfunctions",
    "organizations:describeorganization",
    "organizations:listaccounts",
    "route53:gethostedzonecount",
    "route53:listhostedzones",
    "route53:listhostedzonesbyname",
    "s3:getaccountpublicaccessblock",
    "s3:listallmybuckets",
    "secretsmanager:getrandompassword",
    "secretsmanager:listsecrets",
    "sns:listtopics",
    "sqs:listqueues",
    "ssm:describeinstanceinformation",
    "ssm:describeparameters",
    "ssmmessages:createcontrolchannel",
    "ssmmessages:createdatachannel",
    "ssmmessages:opencontrolchannel",
    "ssmmessages:opendatachannel",
    "sts:decodeauthorizationmessage",
    "sts:getcalleridentity",
    "tag:getresources",
    "xray:getsamplingrules",
    "xray:getsamplingstatisticsummaries",
    "xray:getsamplingtargets",
    "xray:puttelemetryrecords",
    "xray:puttracesegments",
)

#: Services whose every action is in the table.
UNSCOPED_SERVICES: Final = ("ec2messages", "ssmmessages")


def needs_any_resource(action: str) -> bool:
    """Whether an action can only be allowed on every resource.

    Args:
        action: as a policy writes it, such as `ssmmessages:CreateDataChannel` or `ec2:Describe*`.
    """
    name = action.strip().lower()
    if any(name == f"{service}:*" for service in UNSCOPED_SERVICES):
        return True
    return any(fnmatchcase(name, pattern) for pattern in UNSCOPED_ACTIONS)
