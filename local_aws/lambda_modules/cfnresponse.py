"""The `cfnresponse` module that Lambda offers to inline Python functions: answers a CloudFormation custom resource.

Source: AWS CloudFormation User Guide, "cfn-response module"; same call, own implementation.
"""

from __future__ import annotations

import json
import urllib.request
from typing import Any

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(
    event: dict[str, Any],
    context: Any,
    responseStatus: str,  # noqa: N803  the names are the documented interface
    responseData: dict[str, Any],  # noqa: N803
    physicalResourceId: str | None = None,  # noqa: N803
    noEcho: bool = False,  # noqa: N803
    reason: str | None = None,
) -> None:
    """Send the result of a custom resource to the address the event names.

    Args:
        event: The event the function received.
        context: The context the function received.
        responseStatus: SUCCESS or FAILED.
        responseData: The attributes for Fn::GetAtt.
        physicalResourceId: The resource's identity; the log stream's name if absent.
        noEcho: Whether the attributes are secret.
        reason: Why it failed.
    """
    body = json.dumps(
        {
            "Status": responseStatus,
            "Reason": reason or f"See the details in CloudWatch Log Stream: {context.log_stream_name}",
            "PhysicalResourceId": physicalResourceId or context.log_stream_name,
            "StackId": event["StackId"],
            "RequestId": event["RequestId"],
            "LogicalResourceId": event["LogicalResourceId"],
            "NoEcho": noEcho,
            "Data": responseData,
        }
    ).encode()
    request = urllib.request.Request(  # noqa: S310  the address comes from CloudFormation
        event["ResponseURL"], data=body, method="PUT", headers={"content-type": "", "content-length": str(len(body))}
    )
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310
        pass
