"""IAM: service-linked roles with AWS's names, AWS's refusal of a second one, addresses of identity providers.

Source: IAM API Reference, CreateServiceLinkedRole, GetOpenIDConnectProvider; IAM User Guide, "AWS services that work
with IAM".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id
from ministack.services import iam

from local_aws.faults import AwsError

if TYPE_CHECKING:
    from local_aws.mends import Answer, Call

# The part of the role's name after AWSServiceRoleFor, where it is not just the service's name with a capital.
NAMES = {
    "autoscaling.amazonaws.com": "AutoScaling",
    "backup.amazonaws.com": "Backup",
    "cloudtrail.amazonaws.com": "CloudTrail",
    "ec2.amazonaws.com": "EC2",
    "ec2fleet.amazonaws.com": "EC2Fleet",
    "ecs.amazonaws.com": "ECS",
    "elasticloadbalancing.amazonaws.com": "ElasticLoadBalancing",
    "guardduty.amazonaws.com": "AmazonGuardDuty",
    "organizations.amazonaws.com": "Organizations",
    "rds.amazonaws.com": "RDS",
    "spot.amazonaws.com": "EC2Spot",
    "ssm.amazonaws.com": "AmazonSSM",
    "vpc-flow-logs.amazonaws.com": "VPCFlowLogs",
}


def create_service_linked_role(call: Call) -> dict[str, Any]:
    """CreateServiceLinkedRole: InvalidInput the second time."""
    service = str(call.parameters["AWSServiceName"])
    suffix = call.parameters.get("CustomSuffix")
    name = (
        "AWSServiceRoleFor" + NAMES.get(service, service.split(".")[0].capitalize()) + (f"_{suffix}" if suffix else "")
    )
    if name in iam._roles:
        raise AwsError(
            "InvalidInput",
            f"Service role name {name} has been taken in this account, please try a different suffix.",
        )
    answer = call.stock()
    record = iam._roles.pop(answer["Role"]["RoleName"])
    record["RoleName"] = name
    record["Arn"] = f"arn:aws:iam::{get_account_id()}:role{record['Path']}{name}"
    record["Description"] = call.parameters.get("Description", "")
    iam._roles[name] = record
    answer["Role"] |= {"RoleName": name, "Arn": record["Arn"]}
    return answer


def get_provider(call: Call) -> dict[str, Any]:
    """GetOpenIDConnectProvider: the address comes without its scheme."""
    answer = call.stock()
    return answer | {"Url": str(answer["Url"]).removeprefix("https://")}


ANSWERS: dict[tuple[str, str], Answer] = {
    ("iam", "CreateServiceLinkedRole"): create_service_linked_role,
    ("iam", "GetOpenIDConnectProvider"): get_provider,
}
