"""Closes the default security group of a VPC: a CloudFormation custom resource.

EC2 gives every VPC a default group that lets its members reach each other and everything else. The two rules are
revoked by value, so no right to describe anything is needed. Source: Amazon VPC User Guide, Default security groups.
"""

from __future__ import annotations

import json
from typing import Any

import boto3
import urllib3
from botocore.exceptions import ClientError


def close(ec2: Any, group_id: str, account: str) -> None:
    """Revokes the two rules; a rule that is gone already is as good as revoked."""
    itself = {"UserIdGroupPairs": [{"GroupId": group_id, "UserId": account}]}
    anywhere = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    for revoke, peer in ((ec2.revoke_security_group_ingress, itself), (ec2.revoke_security_group_egress, anywhere)):
        try:
            revoke(GroupId=group_id, IpPermissions=[{"IpProtocol": "-1", **peer}])
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidPermission.NotFound":
                raise


def handler(event: dict[str, Any], context: object) -> None:
    """Answers one request of CloudFormation. A resource that is deleted leaves its group closed."""
    properties = event.get("ResourceProperties", {})
    group_id = properties.get("SecurityGroupId", "")
    answer = {
        "Status": "SUCCESS",
        "PhysicalResourceId": group_id or event.get("PhysicalResourceId", "none"),
        **{key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
    }
    try:
        if event["RequestType"] != "Delete":
            close(boto3.client("ec2"), group_id, properties["AccountId"])
    except Exception as error:  # whatever went wrong, CloudFormation must hear of it: else it waits for its timeout
        answer["Status"] = "FAILED"
        answer["Reason"] = f"{group_id or 'no group'} is not closed: {type(error).__name__}: {error}"[:1000]
    print(json.dumps({"Request": event["RequestType"], **answer}))
    reply = urllib3.PoolManager().request(
        "PUT", event["ResponseURL"], body=json.dumps(answer).encode(), headers={"Content-Type": ""}, timeout=10.0
    )
    if reply.status >= 300:
        raise RuntimeError(f"CloudFormation refused the answer: HTTP {reply.status}")
