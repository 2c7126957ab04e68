"""Smaller mends: SNS topic attributes, private hosted zones, Lambda settings."""

from __future__ import annotations

import json
from typing import Any

from ministack.services import route53, sns

from local_aws import api
from local_aws.mends import Attributes, MendedType, Properties, changed

# CloudFormation property -> topic attribute, where it is kept as it is
TOPIC_ATTRIBUTES = ("KmsMasterKeyId", "SignatureVersion", "TracingConfig", "DeliveryStatusLogging", "ArchivePolicy")


def finish_topic(arn: str, old: Properties, new: Properties) -> Attributes:
    """The topic's key and the like."""
    attributes = sns._topics[arn]["attributes"]
    for name in TOPIC_ATTRIBUTES:
        if changed(old, new, name):
            value = new.get(name)
            if value is None:
                attributes.pop(name, None)
            else:
                attributes[name] = value if isinstance(value, str) else json.dumps(value)
    return {}


def finish_zone(identity: str, old: Properties, new: Properties) -> Attributes:
    """A zone with VPCs is private."""
    zone = route53._zones[identity]
    if changed(old, new, "VPCs"):
        vpcs = [{"VPCId": vpc["VPCId"], "VPCRegion": vpc["VPCRegion"]} for vpc in new.get("VPCs") or []]
        zone.update(private=bool(vpcs), vpcs=vpcs)
    if changed(old, new, "HostedZoneTags"):
        tags = {tag["Key"]: tag.get("Value", "") for tag in new.get("HostedZoneTags") or []}
        route53._tags[("hostedzone", identity)] = tags
    return {}


def finish_function(name: str, old: Properties, new: Properties) -> Attributes:
    """Reserved concurrency, dead letters, the key of the variables."""
    if changed(old, new, "ReservedConcurrentExecutions") and "ReservedConcurrentExecutions" in new:
        reserved = int(new["ReservedConcurrentExecutions"])
        api.call("lambda", "PutFunctionConcurrency", FunctionName=name, ReservedConcurrentExecutions=reserved)
    more: dict[str, Any] = {}
    if changed(old, new, "DeadLetterConfig") and "DeadLetterConfig" in new:
        more["DeadLetterConfig"] = new["DeadLetterConfig"]
    if changed(old, new, "KmsKeyArn") and ("KmsKeyArn" in new or "KmsKeyArn" in old):
        more["KMSKeyArn"] = new.get("KmsKeyArn", "")
    if more:
        api.call("lambda", "UpdateFunctionConfiguration", FunctionName=name, **more)
    return {}


MENDED_TYPES = {
    "AWS::SNS::Topic": MendedType(finish_topic),
    "AWS::Route53::HostedZone": MendedType(finish_zone, replaces=("Name",)),
    "AWS::Lambda::Function": MendedType(finish_function),
}
