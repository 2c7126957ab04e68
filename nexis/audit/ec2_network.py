"""EC2's networks: VPCs, subnets, routes, gateways, endpoints, flow logs, security groups.

Source: EC2 API Reference, the operations called here; CloudFormation resource reference, AWS::EC2::*.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import chunks, policy, renamed, same, tags, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    jobs = (
        lambda: [vpc(a) for a in _ask(aws, wanted, "describe_vpcs", "Vpcs", (VPC,), "vpc-id", "vpc-id")],
        lambda: [subnet(a) for a in _ask(aws, wanted, "describe_subnets", "Subnets", (SUBNET,), "subnet-id", "vpc-id")],
        lambda: _route_tables(aws, wanted),
        lambda: _gateways(aws, wanted),
        lambda: [
            nat_gateway(a)
            for a in _ask(
                aws,
                wanted,
                "describe_nat_gateways",
                "NatGateways",
                (NAT_GATEWAY,),
                "nat-gateway-id",
                "vpc-id",
                filters="Filter",
            )
            if a.get("State") not in ("deleting", "deleted", "failed")
        ],
        lambda: [
            endpoint(a)
            for a in _ask(
                aws, wanted, "describe_vpc_endpoints", "VpcEndpoints", (ENDPOINT,), "vpc-endpoint-id", "vpc-id"
            )
            if str(a.get("State", "")).lower() not in ("deleting", "deleted", "rejected", "expired", "failed")
        ],
        lambda: _flow_logs(aws, wanted),
        lambda: _groups(aws, wanted),
    )
    return [live for found in aws.each(lambda job: job(), jobs) for live in found]


def _ask(
    aws: Aws,
    wanted: Wanted,
    operation: str,
    member: str,
    types: Sequence[str],
    id_filter: str,
    vpc_filter: str,
    *,
    filters: str = "Filters",
) -> list[dict[str, Any]]:
    """Describe by id and by network; the same thing found twice counts once."""
    if wanted.everything:
        found: list[dict[str, Any]] = aws.pages("ec2", operation, member)
        return found
    answers: dict[str, dict[str, Any]] = {}
    for name, values in ((id_filter, wanted.of(*types)), (vpc_filter, wanted.vpcs)):
        for some in chunks(values, MOST_FILTER_VALUES):
            asked: dict[str, Any] = {filters: [{"Name": name, "Values": some}]}
            for answer in aws.pages("ec2", operation, member, **asked):
                answers[repr(answer)] = answer
    return list(answers.values())


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
    by_route = {identity.split("|")[0] for identity in wanted.of(ROUTE)}
    answers = {
        answer["RouteTableId"]: answer
        for name, values in (
            ("route-table-id", {*wanted.of(ROUTE_TABLE), *by_route}),
            ("association.route-table-association-id", wanted.of(ASSOCIATION)),
            ("association.subnet-id", wanted.of(SUBNET)),
            ("vpc-id", wanted.vpcs),
        )
        for some in chunks(values, MOST_FILTER_VALUES)
        if not wanted.everything
        for answer in aws.pages("ec2", "describe_route_tables", "RouteTables", Filters=[{"Name": name, "Values": some}])
    }
    if wanted.everything:
        answers = {a["RouteTableId"]: a for a in aws.pages("ec2", "describe_route_tables", "RouteTables")}
    return [live for answer in answers.values() for live in route_table(answer)]


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
    answers = _ask(
        aws,
        wanted,
        "describe_internet_gateways",
        "InternetGateways",
        (INTERNET_GATEWAY,),
        "internet-gateway-id",
        "attachment.vpc-id",
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


def nat_gateway(answer: Mapping[str, Any]) -> Live:
    """Read a NAT gateway as DescribeNatGateways answers it."""
    identity = answer["NatGatewayId"]
    addresses = answer.get("NatGatewayAddresses") or [{}]
    properties = same(answer, "SubnetId", "ConnectivityType") | same(addresses[0], "AllocationId")
    return Live(
        type=NAT_GATEWAY, identity=identity, properties=properties | tags(answer.get("Tags")), attributes={identity: ""}
    )


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
    guarded = {*wanted.vpcs, *wanted.of(VPC)}
    answers: dict[str, dict[str, Any]] = {}
    for name, values in (("flow-log-id", wanted.of(FLOW_LOG)), ("resource-id", guarded)):
        for some in chunks(values, MOST_FILTER_VALUES):
            filters = [] if wanted.everything else [{"Name": name, "Values": some}]
            for answer in aws.pages("ec2", "describe_flow_logs", "FlowLogs", Filter=filters):
                answers[answer["FlowLogId"]] = answer
    if wanted.everything and not answers:
        answers = {a["FlowLogId"]: a for a in aws.pages("ec2", "describe_flow_logs", "FlowLogs")}
    return [flow_log(answer) for answer in answers.values()]


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
    separate = wanted.of(GROUP_INGRESS, GROUP_EGRESS)
    owners = {
        rule["GroupId"]
        for some in chunks(separate, MOST_FILTER_VALUES)
        for rule in aws.pages(
            "ec2",
            "describe_security_group_rules",
            "SecurityGroupRules",
            Filters=[{"Name": "security-group-rule-id", "Values": some}],
        )
    }
    by_id = {*wanted.of(GROUP), *owners}
    answers: dict[str, dict[str, Any]] = {}
    for name, values in (("group-id", by_id), ("vpc-id", wanted.vpcs)):
        for some in chunks(values, MOST_FILTER_VALUES):
            if not wanted.everything:
                for answer in aws.pages(
                    "ec2", "describe_security_groups", "SecurityGroups", Filters=[{"Name": name, "Values": some}]
                ):
                    answers[answer["GroupId"]] = answer
    if wanted.everything:
        answers = {a["GroupId"]: a for a in aws.pages("ec2", "describe_security_groups", "SecurityGroups")}
    rules: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for some in chunks(answers, MOST_FILTER_VALUES):
        for rule in aws.pages(
            "ec2",
            "describe_security_group_rules",
            "SecurityGroupRules",
            Filters=[{"Name": "group-id", "Values": some}],
        ):
            rules[rule["GroupId"]].append(rule)
    return [security_group(answer, rules[identity], aws.account) for identity, answer in answers.items()]


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
