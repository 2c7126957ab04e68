"""EC2's networks: VPCs, subnets, routes, gateways, endpoints, flow logs, security groups.

Source: EC2 API Reference, the operations called here; CloudFormation resource reference, AWS::EC2::*.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import chunks, policy, renamed, same, tags, without_empty

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from nexis.audit.model import Aws, Key, Wanted

VPC: Final = "AWS::EC2::VPC"
SUBNET: Final = "AWS::EC2::Subnet"
ROUTE_TABLE: Final = "AWS::EC2::RouteTable"
ROUTE: Final = "AWS::EC2::Route"
ASSOCIATION: Final = "AWS::EC2::SubnetRouteTableAssociation"
INTERNET_GATEWAY: Final = "AWS::EC2::InternetGateway"
ATTACHMENT: Final = "AWS::EC2::VPCGatewayAttachment"
NAT_GATEWAY: Final = "AWS::EC2::NatGateway"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
FLOW_LOG: Final = "AWS::EC2::FlowLog"
GROUP: Final = "AWS::EC2::SecurityGroup"
GROUP_INGRESS: Final = "AWS::EC2::SecurityGroupIngress"
GROUP_EGRESS: Final = "AWS::EC2::SecurityGroupEgress"

TYPES: Final = (
    VPC,
    SUBNET,
    ROUTE_TABLE,
    ROUTE,
    ASSOCIATION,
    INTERNET_GATEWAY,
    ATTACHMENT,
    NAT_GATEWAY,
    ENDPOINT,
    FLOW_LOG,
    GROUP,
    GROUP_INGRESS,
    GROUP_EGRESS,
)

MOST_FILTER_VALUES: Final = 200
"""Source: EC2 API Reference, "Filter": at most 200 values."""

NOTHING_LEAVES: Final[Mapping[str, Any]] = {
    "CidrIp": "255.255.255.255/32",
    "Description": "Disallow all traffic",
    "IpProtocol": "icmp",
    "FromPort": 252,
    "ToPort": 86,
}
"""A live group without outbound rules lets nothing out; a template says so with this rule, since no rule there means
that everything may leave. Source: CloudFormation, AWS::EC2::SecurityGroup SecurityGroupEgress."""


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read the networks that are wanted, and what is in them.

    Args:
        aws: who is asked.
        wanted: resources by id, and VPCs of which everything inside is wanted.
    """
    jobs = (_vpcs, _subnets, _route_tables, _gateways, _nat_gateways, _endpoints, _flow_logs, _groups)
    return [live for found in aws.each(lambda job: job(aws, wanted), jobs) for live in found]


def describe(
    aws: Aws,
    wanted: Wanted,
    operation: str,
    member: str,
    asked: Mapping[str, Collection[str]],
    *,
    identity: str,
    filters: str = "Filters",
) -> list[dict[str, Any]]:
    """Describe what is wanted by several filters; what was found by one is not asked for by the next.

    Args:
        aws: who is asked.
        wanted: whether everything is.
        operation: of EC2.
        member: of the answer, that holds the items.
        asked: filter values by the filter's name, the widest filter first.
        identity: member of an item that holds its id.
        filters: what the operation calls its filters.
    """
    found: dict[str, dict[str, Any]] = {}
    if wanted.everything:
        found = {answer[identity]: answer for answer in aws.pages("ec2", operation, member)}
    for name, values in asked.items():
        for some in chunks(() if wanted.everything else set(values) - set(found), MOST_FILTER_VALUES):
            parameters: dict[str, Any] = {filters: [{"Name": name, "Values": some}]}
            found |= {answer[identity]: answer for answer in aws.pages("ec2", operation, member, **parameters)}
    return list(found.values())


def _vpcs(aws: Aws, wanted: Wanted) -> list[Live]:
    asked = {"vpc-id": {*wanted.vpcs, *wanted.of(VPC)}}
    return [vpc(a) for a in describe(aws, wanted, "describe_vpcs", "Vpcs", asked, identity="VpcId")]


def _subnets(aws: Aws, wanted: Wanted) -> list[Live]:
    asked = {"vpc-id": wanted.vpcs, "subnet-id": wanted.of(SUBNET)}
    return [subnet(a) for a in describe(aws, wanted, "describe_subnets", "Subnets", asked, identity="SubnetId")]


def vpc(answer: Mapping[str, Any]) -> Live:
    """Read a VPC as DescribeVpcs answers it."""
    properties = same(answer, "CidrBlock", "InstanceTenancy") | tags(answer.get("Tags"))
    identity = answer["VpcId"]
    return Live(type=VPC, identity=identity, properties=properties, attributes={identity: ""})


def subnet(answer: Mapping[str, Any]) -> Live:
    """Read a subnet as DescribeSubnets answers it."""
    properties = same(
        answer, "AvailabilityZone", "CidrBlock", "VpcId", "MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation"
    )
    associations = answer.get("Ipv6CidrBlockAssociationSet") or []
    ranges = [a["Ipv6CidrBlock"] for a in associations if a.get("Ipv6CidrBlockState", {}).get("State") == "associated"]
    if ranges:
        properties["Ipv6CidrBlock"] = ranges[0]
    identity = answer["SubnetId"]
    return Live(
        type=SUBNET, identity=identity, properties=properties | tags(answer.get("Tags")), attributes={identity: ""}
    )


def _route_tables(aws: Aws, wanted: Wanted) -> list[Live]:
    tables = {*wanted.of(ROUTE_TABLE), *(identity.partition("|")[0] for identity in wanted.of(ROUTE))}
    asked = {
        "vpc-id": wanted.vpcs,
        "association.subnet-id": wanted.of(SUBNET),
        "association.route-table-association-id": () if wanted.vpcs else wanted.of(ASSOCIATION),
        "route-table-id": tables,
    }
    answers = describe(aws, wanted, "describe_route_tables", "RouteTables", asked, identity="RouteTableId")
    return [live for answer in answers for live in route_table(answer)]


def route_table(answer: Mapping[str, Any]) -> Iterator[Live]:
    """Read a route table with its routes and associations as DescribeRouteTables answers it.

    The route inside the VPC and those that gateway endpoints make are left out: no template writes them.
    """
    identity = answer["RouteTableId"]
    properties = same(answer, "VpcId") | tags(answer.get("Tags"))
    yield Live(type=ROUTE_TABLE, identity=identity, properties=properties, attributes={identity: ""})
    for route in answer.get("Routes") or ():
        gateway = str(route.get("GatewayId", ""))
        if gateway == "local" or gateway.startswith("vpce-") or route.get("Origin") == "CreateRouteTable":
            continue
        target = renamed(
            route,
            {
                "DestinationCidrBlock": "DestinationCidrBlock",
                "DestinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
                "DestinationPrefixListId": "DestinationPrefixListId",
                "GatewayId": "GatewayId",
                "NatGatewayId": "NatGatewayId",
                "TransitGatewayId": "TransitGatewayId",
                "VpcPeeringConnectionId": "VpcPeeringConnectionId",
                "EgressOnlyInternetGatewayId": "EgressOnlyInternetGatewayId",
                "CarrierGatewayId": "CarrierGatewayId",
                "LocalGatewayId": "LocalGatewayId",
                "InstanceId": "InstanceId",
                "NetworkInterfaceId": "NetworkInterfaceId",
            },
        )
        destination = next((str(v) for name, v in target.items() if name.startswith("Destination")), "")
        yield Live(
            type=ROUTE,
            identity=f"{identity}|{destination}",
            properties={"RouteTableId": identity, **without_empty(target)},
        )
    for association in answer.get("Associations") or ():
        if association.get("SubnetId") and association.get("AssociationState", {}).get("State") != "disassociated":
            yield Live(
                type=ASSOCIATION,
                identity=association["RouteTableAssociationId"],
                properties={"RouteTableId": identity, "SubnetId": association["SubnetId"]},
            )


def _gateways(aws: Aws, wanted: Wanted) -> list[Live]:
    asked = {"attachment.vpc-id": wanted.vpcs, "internet-gateway-id": wanted.of(INTERNET_GATEWAY)}
    answers = describe(
        aws, wanted, "describe_internet_gateways", "InternetGateways", asked, identity="InternetGatewayId"
    )
    return [live for answer in answers for live in internet_gateway(answer)]


def internet_gateway(answer: Mapping[str, Any]) -> Iterator[Live]:
    """Read an internet gateway and what it is attached to as DescribeInternetGateways answers it."""
    identity = answer["InternetGatewayId"]
    yield Live(type=INTERNET_GATEWAY, identity=identity, properties=tags(answer.get("Tags")), attributes={identity: ""})
    for attachment in answer.get("Attachments") or ():
        if attachment.get("State") not in ("detaching", "detached"):
            yield Live(
                type=ATTACHMENT,
                identity=f"IGW|{attachment['VpcId']}",
                properties={"InternetGatewayId": identity, "VpcId": attachment["VpcId"]},
            )


def _nat_gateways(aws: Aws, wanted: Wanted) -> list[Live]:
    asked = {"vpc-id": wanted.vpcs, "nat-gateway-id": wanted.of(NAT_GATEWAY)}
    answers = describe(
        aws, wanted, "describe_nat_gateways", "NatGateways", asked, identity="NatGatewayId", filters="Filter"
    )
    return [nat_gateway(a) for a in answers if a.get("State") not in ("deleting", "deleted", "failed")]


def nat_gateway(answer: Mapping[str, Any]) -> Live:
    """Read a NAT gateway as DescribeNatGateways answers it."""
    identity = answer["NatGatewayId"]
    addresses = answer.get("NatGatewayAddresses") or [{}]
    properties = same(answer, "SubnetId", "ConnectivityType") | same(addresses[0], "AllocationId")
    return Live(
        type=NAT_GATEWAY, identity=identity, properties=properties | tags(answer.get("Tags")), attributes={identity: ""}
    )


def _endpoints(aws: Aws, wanted: Wanted) -> list[Live]:
    asked = {"vpc-id": wanted.vpcs, "vpc-endpoint-id": wanted.of(ENDPOINT)}
    answers = describe(aws, wanted, "describe_vpc_endpoints", "VpcEndpoints", asked, identity="VpcEndpointId")
    gone = ("deleting", "deleted", "rejected", "expired", "failed")
    return [endpoint(a) for a in answers if str(a.get("State", "")).lower() not in gone]


def endpoint(answer: Mapping[str, Any]) -> Live:
    """Read a VPC endpoint as DescribeVpcEndpoints answers it."""
    properties = same(
        answer, "ServiceName", "VpcEndpointType", "VpcId", "RouteTableIds", "SubnetIds", "PrivateDnsEnabled"
    )
    properties["SecurityGroupIds"] = [group["GroupId"] for group in answer.get("Groups") or ()]
    if answer.get("PolicyDocument"):
        properties["PolicyDocument"] = policy(answer["PolicyDocument"])
    identity = answer["VpcEndpointId"]
    return Live(
        type=ENDPOINT,
        identity=identity,
        properties=without_empty(properties) | tags(answer.get("Tags")),
        attributes={identity: ""},
    )


RESOURCE_TYPES: Final = {
    "vpc": "VPC",
    "subnet": "Subnet",
    "eni": "NetworkInterface",
    "tgw": "TransitGateway",
    "tgw-attach": "TransitGatewayAttachment",
}
"""Source: CloudFormation, AWS::EC2::FlowLog ResourceType; the API tells the id only."""


def _flow_logs(aws: Aws, wanted: Wanted) -> list[Live]:
    asked = {"resource-id": {*wanted.vpcs, *wanted.of(VPC)}, "flow-log-id": wanted.of(FLOW_LOG)}
    answers = describe(aws, wanted, "describe_flow_logs", "FlowLogs", asked, identity="FlowLogId", filters="Filter")
    return [flow_log(answer) for answer in answers]


def flow_log(answer: Mapping[str, Any]) -> Live:
    """Read a flow log as DescribeFlowLogs answers it."""
    properties = same(
        answer,
        "ResourceId",
        "TrafficType",
        "LogDestinationType",
        "MaxAggregationInterval",
        "LogFormat",
        "DeliverLogsPermissionArn",
    )
    kind = str(answer.get("ResourceId", "")).rpartition("-")[0]
    if kind in RESOURCE_TYPES:
        properties["ResourceType"] = RESOURCE_TYPES[kind]
    if answer.get("LogGroupName"):
        properties["LogGroupName"] = answer["LogGroupName"]
    elif answer.get("LogDestination"):
        properties["LogDestination"] = answer["LogDestination"]
    trouble = ""
    if answer.get("DeliverLogsStatus") == "FAILED":
        trouble = f"delivers nothing: {answer.get('DeliverLogsErrorMessage') or 'AWS gives no reason'}"
    elif answer.get("FlowLogStatus", "ACTIVE") != "ACTIVE":
        trouble = f"is {answer['FlowLogStatus']}, expected ACTIVE"
    identity = answer["FlowLogId"]
    return Live(
        type=FLOW_LOG,
        identity=identity,
        properties=without_empty(properties) | tags(answer.get("Tags")),
        attributes={identity: ""},
        trouble=trouble,
    )


def _groups(aws: Aws, wanted: Wanted) -> list[Live]:
    asked = {"vpc-id": wanted.vpcs, "group-id": {*wanted.of(GROUP), *_owners(aws, wanted)}}
    answers = describe(aws, wanted, "describe_security_groups", "SecurityGroups", asked, identity="GroupId")
    rules: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for some in chunks((answer["GroupId"] for answer in answers), MOST_FILTER_VALUES):
        for rule in _rules(aws, "group-id", some):
            rules[rule["GroupId"]].append(rule)
    return [security_group(answer, rules[answer["GroupId"]], aws.account) for answer in answers]


def _owners(aws: Aws, wanted: Wanted) -> set[str]:
    """The groups of separate rules; inside a wanted network every group is read anyway."""
    separate = () if wanted.vpcs or wanted.everything else wanted.of(GROUP_INGRESS, GROUP_EGRESS)
    return {
        rule["GroupId"]
        for some in chunks(separate, MOST_FILTER_VALUES)
        for rule in _rules(aws, "security-group-rule-id", some)
    }


def _rules(aws: Aws, name: str, values: list[str]) -> list[dict[str, Any]]:
    return aws.pages(
        "ec2",
        "describe_security_group_rules",
        "SecurityGroupRules",
        Filters=[{"Name": name, "Values": values}],
    )


def security_group(answer: Mapping[str, Any], rules: Iterable[Mapping[str, Any]], account: str) -> Live:
    """Read a security group with all its rules, inline and separate alike, as inline ones.

    A VPC's default group, which no template can write, keeps an empty list when it has no rules.

    Args:
        answer: of DescribeSecurityGroups.
        rules: of DescribeSecurityGroupRules.
        account: groups of other accounts are named with their owner.
    """
    properties = renamed(answer, {"GroupName": "GroupName", "Description": "GroupDescription", "VpcId": "VpcId"})
    properties |= tags(answer.get("Tags"))
    handles: dict[str, str] = {}
    parts: list[Key] = []
    for name, separate, egress in (
        ("SecurityGroupIngress", GROUP_INGRESS, False),
        ("SecurityGroupEgress", GROUP_EGRESS, True),
    ):
        own = sorted((r for r in rules if bool(r.get("IsEgress")) is egress), key=_rule_id)
        properties[name] = [security_rule(rule, egress=egress, account=account) for rule in own]
        for position, rule in enumerate(own):
            handles[f"{name}.{position}"] = rule["SecurityGroupRuleId"]
            parts.append((separate, rule["SecurityGroupRuleId"]))
    if not properties["SecurityGroupEgress"] and properties.get("GroupName") != "default":
        properties["SecurityGroupEgress"] = [dict(NOTHING_LEAVES)]
    identity = answer["GroupId"]
    return Live(
        type=GROUP,
        identity=identity,
        properties=properties,
        attributes={identity: "GroupId"},
        stands_for=tuple(parts),
        handles=handles,
    )


def _rule_id(answer: Mapping[str, Any]) -> str:
    return str(answer["SecurityGroupRuleId"])


def security_rule(answer: Mapping[str, Any], *, egress: bool, account: str) -> dict[str, Any]:
    """Read one rule as DescribeSecurityGroupRules answers it.

    Args:
        answer: of the API.
        egress: whether it is outbound.
        account: groups of other accounts are named with their owner.
    """
    side = "Destination" if egress else "Source"
    rule = renamed(
        answer,
        {
            "IpProtocol": "IpProtocol",
            "CidrIpv4": "CidrIp",
            "CidrIpv6": "CidrIpv6",
            "PrefixListId": f"{side}PrefixListId",
            "Description": "Description",
        },
    )
    if str(rule.get("IpProtocol")) != "-1":
        rule |= same(answer, "FromPort", "ToPort")
    group = answer.get("ReferencedGroupInfo") or {}
    if group.get("GroupId"):
        rule[f"{side}SecurityGroupId"] = group["GroupId"]
        if not egress and group.get("UserId", account) != account:
            rule["SourceSecurityGroupOwnerId"] = group["UserId"]
    return without_empty(rule)
