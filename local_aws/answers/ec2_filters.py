"""EC2's filters: only what matches is answered, and an unknown filter is an error rather than ignored.

Source: EC2 API Reference, the `Filter.N` parameter of each operation; EC2 User Guide, "List and filter using the CLI
and API": values of a filter are alternatives, filters must all match, `*` and `?` are wildcards.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local_aws.faults import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local_aws.mends import Answer, Call

TAGS = {"tag-key": "Tags.Key", "tag-value": "Tags.Value"}


@dataclass(frozen=True, slots=True)
class Filtered:
    """An operation that takes filters.

    Args:
        result: The member of the answer that lists what was found.
        fields: For each filter the member of such an item, dots leading into members and lists; without the tags.
        parameter: The member of the request that holds the filters.
    """

    result: str
    fields: Mapping[str, str]
    parameter: str = "Filters"


def _permission_fields() -> dict[str, str]:
    """`ip-permission.*` and `egress.ip-permission.*` of DescribeSecurityGroups."""
    members = {
        "cidr": "IpRanges.CidrIp",
        "from-port": "FromPort",
        "group-id": "UserIdGroupPairs.GroupId",
        "group-name": "UserIdGroupPairs.GroupName",
        "ipv6-cidr": "Ipv6Ranges.CidrIpv6",
        "prefix-list-id": "PrefixListIds.PrefixListId",
        "protocol": "IpProtocol",
        "to-port": "ToPort",
        "user-id": "UserIdGroupPairs.UserId",
    }
    sides = {"ip-permission": "IpPermissions", "egress.ip-permission": "IpPermissionsEgress"}
    return {f"{side}.{name}": f"{kept}.{path}" for side, kept in sides.items() for name, path in members.items()}


FILTERED: dict[str, Filtered] = {
    "DescribeFlowLogs": Filtered(
        "FlowLogs",
        {
            "deliver-log-status": "DeliverLogsStatus",
            "log-destination-type": "LogDestinationType",
            "flow-log-id": "FlowLogId",
            "log-group-name": "LogGroupName",
            "resource-id": "ResourceId",
            "traffic-type": "TrafficType",
        },
        parameter="Filter",
    ),
    "DescribeInternetGateways": Filtered(
        "InternetGateways",
        {
            "attachment.state": "Attachments.State",
            "attachment.vpc-id": "Attachments.VpcId",
            "internet-gateway-id": "InternetGatewayId",
            "owner-id": "OwnerId",
        },
    ),
    "DescribeLaunchTemplates": Filtered(
        "LaunchTemplates",
        {"create-time": "CreateTime", "launch-template-name": "LaunchTemplateName"},
    ),
    "DescribeLaunchTemplateVersions": Filtered(
        "LaunchTemplateVersions",
        {
            "create-time": "CreateTime",
            "ebs-optimized": "LaunchTemplateData.EbsOptimized",
            "http-endpoint": "LaunchTemplateData.MetadataOptions.HttpEndpoint",
            "http-protocol-ipv6": "LaunchTemplateData.MetadataOptions.HttpProtocolIpv6",
            "http-tokens": "LaunchTemplateData.MetadataOptions.HttpTokens",
            "host-resource-group-arn": "LaunchTemplateData.Placement.HostResourceGroupArn",
            "iam-instance-profile": "LaunchTemplateData.IamInstanceProfile.Arn",
            "image-id": "LaunchTemplateData.ImageId",
            "instance-type": "LaunchTemplateData.InstanceType",
            "is-default-version": "DefaultVersion",
            "kernel-id": "LaunchTemplateData.KernelId",
            "license-configuration-arn": "LaunchTemplateData.LicenseSpecifications.LicenseConfigurationArn",
            "network-card-index": "LaunchTemplateData.NetworkInterfaces.NetworkCardIndex",
            "ram-disk-id": "LaunchTemplateData.RamDiskId",
        },
    ),
    "DescribeRouteTables": Filtered(
        "RouteTables",
        {
            "association.gateway-id": "Associations.GatewayId",
            "association.main": "Associations.Main",
            "association.route-table-association-id": "Associations.RouteTableAssociationId",
            "association.route-table-id": "Associations.RouteTableId",
            "association.subnet-id": "Associations.SubnetId",
            "owner-id": "OwnerId",
            "route-table-id": "RouteTableId",
            "route.carrier-gateway-id": "Routes.CarrierGatewayId",
            "route.destination-cidr-block": "Routes.DestinationCidrBlock",
            "route.destination-ipv6-cidr-block": "Routes.DestinationIpv6CidrBlock",
            "route.destination-prefix-list-id": "Routes.DestinationPrefixListId",
            "route.egress-only-internet-gateway-id": "Routes.EgressOnlyInternetGatewayId",
            "route.gateway-id": "Routes.GatewayId",
            "route.instance-id": "Routes.InstanceId",
            "route.nat-gateway-id": "Routes.NatGatewayId",
            "route.origin": "Routes.Origin",
            "route.state": "Routes.State",
            "route.transit-gateway-id": "Routes.TransitGatewayId",
            "route.vpc-peering-connection-id": "Routes.VpcPeeringConnectionId",
            "vpc-id": "VpcId",
        },
    ),
    "DescribeSecurityGroupRules": Filtered(
        "SecurityGroupRules",
        {"group-id": "GroupId", "security-group-rule-id": "SecurityGroupRuleId"},
    ),
    "DescribeSecurityGroups": Filtered(
        "SecurityGroups",
        {
            "description": "Description",
            "group-id": "GroupId",
            "group-name": "GroupName",
            "owner-id": "OwnerId",
            "vpc-id": "VpcId",
            **_permission_fields(),
        },
    ),
    "DescribeSubnets": Filtered(
        "Subnets",
        {
            "availability-zone": "AvailabilityZone",
            "availabilityZone": "AvailabilityZone",
            "availability-zone-id": "AvailabilityZoneId",
            "availabilityZoneId": "AvailabilityZoneId",
            "available-ip-address-count": "AvailableIpAddressCount",
            "cidr-block": "CidrBlock",
            "cidr": "CidrBlock",
            "cidrBlock": "CidrBlock",
            "default-for-az": "DefaultForAz",
            "defaultForAz": "DefaultForAz",
            "ipv6-cidr-block-association.ipv6-cidr-block": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlock",
            "ipv6-native": "Ipv6Native",
            "map-public-ip-on-launch": "MapPublicIpOnLaunch",
            "owner-id": "OwnerId",
            "state": "State",
            "subnet-arn": "SubnetArn",
            "subnet-id": "SubnetId",
            "vpc-id": "VpcId",
        },
    ),
    "DescribeVpcEndpoints": Filtered(
        "VpcEndpoints",
        {
            "ip-address-type": "IpAddressType",
            "service-name": "ServiceName",
            "service-region": "ServiceRegion",
            "vpc-endpoint-id": "VpcEndpointId",
            "vpc-endpoint-state": "State",
            "vpc-endpoint-type": "VpcEndpointType",
            "vpc-id": "VpcId",
        },
    ),
    "DescribeVpcs": Filtered(
        "Vpcs",
        {
            "cidr": "CidrBlock",
            "cidr-block-association.association-id": "CidrBlockAssociationSet.AssociationId",
            "cidr-block-association.cidr-block": "CidrBlockAssociationSet.CidrBlock",
            "cidr-block-association.state": "CidrBlockAssociationSet.CidrBlockState.State",
            "dhcp-options-id": "DhcpOptionsId",
            "is-default": "IsDefault",
            "isDefault": "IsDefault",
            "owner-id": "OwnerId",
            "state": "State",
            "vpc-id": "VpcId",
        },
    ),
}


def matches(pattern: str, text: str) -> bool:
    """Whether a filter's value, with `*` and `?`, fits.

    Args:
        pattern: The value.
        text: What was found.
    """
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))


def _texts(item: Any, path: list[str]) -> Iterator[str]:
    """What stands at a path of an item, as the filters spell it."""
    if isinstance(item, list):
        for part in item:
            yield from _texts(part, path)
    elif path:
        if isinstance(item, dict) and path[0] in item:
            yield from _texts(item[path[0]], path[1:])
    elif isinstance(item, bool):
        yield str(item).lower()
    elif isinstance(item, datetime):
        yield item.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    elif item is not None:
        yield str(item)


def _fits(item: dict[str, Any], name: str, values: list[str], fields: Mapping[str, str]) -> bool:
    if name.startswith("tag:"):
        key = name.removeprefix("tag:")
        found = [str(tag.get("Value", "")) for tag in item.get("Tags") or [] if tag["Key"] == key]
    else:
        found = list(_texts(item, fields[name].split(".")))
    return any(matches(value, text) for value in values for text in found)


def select(call: Call, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with those items only that the request's filters let through.

    Args:
        call: A call of an operation of FILTERED.
        answer: The answer before its filters.

    Raises:
        AwsError: If a filter is unknown.
    """
    filtered = FILTERED[call.operation]
    fields = {**TAGS, **filtered.fields}
    chosen = answer.get(filtered.result) or []
    for entry in call.parameters.get(filtered.parameter) or []:
        name, values = entry["Name"], [str(value) for value in entry.get("Values") or []]
        if not name.startswith("tag:") and name not in fields:
            raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
        chosen = [item for item in chosen if _fits(item, name, values, fields)]
    return {**answer, filtered.result: chosen}


# What a request may name, where MiniStack leaves an unknown one out: parameter, member of the items, error code.
# Source: EC2 API Reference, "Error codes for the Amazon EC2 API".
NAMED = {
    "DescribeLaunchTemplates": (
        ("LaunchTemplateIds", "LaunchTemplateId", "InvalidLaunchTemplateId.NotFound"),
        ("LaunchTemplateNames", "LaunchTemplateName", "InvalidLaunchTemplateName.NotFoundException"),
    ),
    "DescribeRouteTables": (("RouteTableIds", "RouteTableId", "InvalidRouteTableID.NotFound"),),
}


def _stock_answer(call: Call) -> dict[str, Any]:
    """An answer of MiniStack's, filtered; what is named must exist."""
    answer = call.stock()
    for parameter, member, code in NAMED.get(call.operation, ()):
        found = {item[member] for item in answer.get(FILTERED[call.operation].result) or []}
        unknown = [name for name in call.parameters.get(parameter) or [] if name not in found]
        if unknown and not call.parameters.get(FILTERED[call.operation].parameter):
            raise AwsError(code, f"The {member} '{unknown[0]}' does not exist")
    return select(call, answer)


ANSWERS: dict[tuple[str, str], Answer] = {
    ("ec2", operation): _stock_answer
    for operation in (
        "DescribeInternetGateways",
        "DescribeLaunchTemplates",
        "DescribeRouteTables",
        "DescribeSubnets",
        "DescribeVpcs",
    )
}
