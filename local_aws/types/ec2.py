"""AWS::EC2::FlowLog, and what MiniStack's EC2 types forget."""

from __future__ import annotations

from ministack.core.responses import get_region
from ministack.services import ec2

from local_aws import api
from local_aws.mends import Attributes, MendedType, NewType, Place, Properties, flag, pick


def create_flow_log(properties: Properties, place: Place) -> tuple[str, Attributes]:
    """CreateFlowLogs with the template's properties."""
    del place
    more = pick(
        properties,
        "ResourceType",
        "TrafficType",
        "LogDestinationType",
        "LogDestination",
        "LogGroupName",
        "DeliverLogsPermissionArn",
        "LogFormat",
        "DestinationOptions",
    )
    if properties.get("Tags"):
        more["TagSpecifications"] = [{"ResourceType": "vpc-flow-log", "Tags": list(properties["Tags"])}]
    answer = api.call(
        "ec2",
        "CreateFlowLogs",
        ResourceIds=[properties["ResourceId"]],
        MaxAggregationInterval=int(properties.get("MaxAggregationInterval", 600)),
        **more,
    )
    identity = answer["FlowLogIds"][0]
    return identity, {"Id": identity}


def delete_flow_log(identity: str, properties: Properties) -> None:
    """DeleteFlowLogs."""
    del properties
    api.call_forgiving("ec2", "DeleteFlowLogs", FlowLogIds=[identity])


def update_flow_log(identity: str, old: Properties, new: Properties) -> Attributes:
    """Only the tags of a flow log can change."""
    del old
    ec2._tags[identity] = list(new.get("Tags") or [])
    return {"Id": identity}


def finish_endpoint(identity: str, old: Properties, new: Properties) -> Attributes:
    """PrivateDnsEnabled as a boolean, whatever the template's spelling, and the service's region."""
    del old
    record = ec2._vpc_endpoints[identity]
    record["PrivateDnsEnabled"] = flag(new.get("PrivateDnsEnabled", False))
    record["ServiceRegion"] = new.get("ServiceRegion") or get_region()
    return {}


NEW_TYPES = {
    "AWS::EC2::FlowLog": NewType(
        create_flow_log,
        delete_flow_log,
        update_flow_log,
        replaces=(
            "ResourceId",
            "ResourceType",
            "TrafficType",
            "LogDestinationType",
            "LogDestination",
            "LogGroupName",
            "LogFormat",
            "DeliverLogsPermissionArn",
            "DeliverCrossAccountRole",
            "DestinationOptions",
            "MaxAggregationInterval",
        ),
    ),
}
MENDED_TYPES = {
    "AWS::EC2::VPCEndpoint": MendedType(
        finish=finish_endpoint, replaces=("ServiceName", "ServiceRegion", "VpcEndpointType", "VpcId")
    ),
}
