"""A VPC of isolated subnets that has no way out but declared AWS endpoints."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import CfnResource, CfnTag, Fn, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from nexis.facts.addresses import split_subnets
from nexis.facts.tags import ISOLATED, NETWORK_TAG
from nexis.facts.topology import ZONES
from nexis_constructs._checks import (
    check_actions,
    check_between,
    check_log_retention,
    check_matches,
    refusal,
)
from nexis_constructs._functions import RUNTIME, inline_source
from nexis_constructs._log_groups import encrypted_log_group, path_name
from nexis_constructs._queues import failures_queue
from nexis_constructs._roles import allow, service_role
from nexis_constructs._security_groups import security_group, tcp_in
from nexis_constructs.customer_key import CustomerKey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_logs as logs

GLOBAL_ENDPOINTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"route53": ("com.amazonaws.route53", "us-east-1")}
)
"""Services without a regional endpoint: service name and the region that hosts it.

Source: AWS PrivateLink Guide, Cross-region enabled AWS services.
"""

_POLICY_VERSION = "2012-10-17"


class HardenedNetwork(Construct):
    """A VPC of three isolated subnets, with flow logs, a closed default security group and declared endpoints only.

    There is no internet gateway, no NAT and no public address. What runs inside reaches an AWS service only after
    `require_endpoint` declared the actions it needs; the endpoint's policy then allows these actions, to principals
    of this account, on resources of this account.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        address_range: IPv4 range of the VPC, private (RFC 1918), /16 to /24; each zone gets a quarter, the last stays
            free.
        zones: names of three availability zones of the stack's region; by default its zones a, b and c, or in a stack
            without a fixed region the first three that CloudFormation finds.
        endpoint_zones: in how many of the zones each interface endpoint stands, 1 to 3; by default in all.
        log_retention_days: days the flow logs are kept.
        retain_logs: whether flow logs and their key outlive the stack.

    Raises:
        ValueError: if an argument is not as described.

    Source: Amazon VPC User Guide, Security best practices for your VPC.

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import HardenedNetwork

        app = App()
        stack = Stack(app, "Billing")
        network = HardenedNetwork(stack, "Network", address_range="10.30.0.0/20")
        network.require_endpoint("secretsmanager", ["secretsmanager:GetSecretValue"])
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        address_range: str = "10.20.0.0/16",
        zones: Sequence[str] | None = None,
        endpoint_zones: int | None = None,
        log_retention_days: int = 365,
        retain_logs: bool = True,
    ) -> None:
        ranges = _subnet_ranges(address_range)
        region = Stack.of(scope).region
        if zones is not None:
            _check_zones(zones, region)
        if endpoint_zones is not None:
            check_between("endpoint_zones", endpoint_zones, least=1, most=ZONES, unit="zones")
        check_log_retention("log_retention_days", log_retention_days)
        super().__init__(scope, construct_id)
        self.address_range = address_range
        self.zones = tuple(zones) if zones is not None else _default_zones(region)
        self.logs_key = CustomerKey(self, "LogsKey", purpose="network logs", retain=retain_logs)
        self._endpoint_zones = ZONES if endpoint_zones is None else endpoint_zones
        self._actions: dict[str, tuple[str, ...]] = {}
        self._endpoints: dict[str, ec2.CfnVPCEndpoint] = {}
        self._endpoint_group: ec2.CfnSecurityGroup | None = None

        self._vpc = ec2.CfnVPC(
            self,
            "Vpc",
            cidr_block=address_range,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=[CfnTag(key=NETWORK_TAG, value=ISOLATED)],
        )
        self.vpc_id: str = self._vpc.ref
        self.subnet_ids, route_table_ids = self._make_subnets(ranges)
        self._endpoints["s3"] = ec2.CfnVPCEndpoint(
            self,
            "S3Endpoint",
            vpc_id=self.vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=f"com.amazonaws.{region}.s3",
            route_table_ids=list(route_table_ids),
            policy_document=_endpoint_policy((), Stack.of(self).account),
        )
        self.vpc: ec2.IVpc = ec2.Vpc.from_vpc_attributes(
            self,
            "Reference",
            vpc_id=self.vpc_id,
            vpc_cidr_block=address_range,
            availability_zones=list(self.zones),
            isolated_subnet_ids=list(self.subnet_ids),
            isolated_subnet_route_table_ids=list(route_table_ids),
        )
        self.subnets: tuple[ec2.ISubnet, ...] = tuple(self.vpc.isolated_subnets)
        self.flow_log_group = self._make_flow_log(log_retention_days, retain=retain_logs)
        self._close_default_group(log_retention_days, retain=retain_logs)

    @property
    def endpoint_services(self) -> Mapping[str, tuple[str, ...]]:
        """The declared services, each with the actions that its endpoint lets through, sorted."""
        return MappingProxyType(dict(sorted(self._actions.items())))

    def require_endpoint(self, service: str, actions: Sequence[str]) -> None:
        """Declares that something in the network calls a service; may be called again, actions add up.

        The first call makes the endpoint, in the network's own stack. S3 has its gateway endpoint from the start;
        until it is declared, nothing passes it.

        Args:
            service: name of the service's endpoint, such as `logs`, `ssm`, `kms`, `secretsmanager` or `route53`.
            actions: exact IAM actions, such as `secretsmanager:GetSecretValue`.

        Raises:
            ValueError: if an argument is not as described.

        Source: AWS PrivateLink Guide, AWS services that integrate with AWS PrivateLink; Control access to VPC
            endpoints using endpoint policies.
        """
        check_matches(
            "service",
            service,
            r"[a-z][a-z0-9.-]*",
            expected="the name of an endpoint service",
            do="Write the last part of its name: 'logs' for com.amazonaws.eu-central-1.logs.",
        )
        wanted = check_actions("actions", actions)
        merged = tuple(sorted({*self._actions.get(service, ()), *wanted}))
        self._actions[service] = merged
        policy = _endpoint_policy(merged, Stack.of(self).account)
        if service in self._endpoints:
            self._endpoints[service].policy_document = policy
        else:
            self._endpoints[service] = self._make_endpoint(service, policy)

    def _make_subnets(self, ranges: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Returns the ids of the subnets and of their route tables; a table has no route but the VPC's own."""
        subnet_ids, route_table_ids = [], []
        for number, (zone, address_range) in enumerate(zip(self.zones, ranges, strict=True), start=1):
            subnet = ec2.CfnSubnet(
                self,
                f"Subnet{number}",
                vpc_id=self.vpc_id,
                availability_zone=zone,
                cidr_block=address_range,
                map_public_ip_on_launch=False,
            )
            table = ec2.CfnRouteTable(self, f"RouteTable{number}", vpc_id=self.vpc_id)
            ec2.CfnSubnetRouteTableAssociation(
                self,
                f"RouteTableAssociation{number}",
                subnet_id=subnet.ref,
                route_table_id=table.ref,
            )
            subnet_ids.append(subnet.ref)
            route_table_ids.append(table.ref)
        return tuple(subnet_ids), tuple(route_table_ids)

    def _make_endpoint(self, service: str, policy: Mapping[str, Any]) -> ec2.CfnVPCEndpoint:
        if self._endpoint_group is None:
            self._endpoint_group = security_group(
                self,
                "EndpointSecurityGroup",
                vpc_id=self.vpc_id,
                description="Interface endpoints: HTTPS from inside the network, nothing else",
                ingress=[tcp_in(443, "HTTPS from inside the network", cidr=self.address_range)],
            )
        name, hosting_region = GLOBAL_ENDPOINTS.get(service, (f"com.amazonaws.{Stack.of(self).region}.{service}", None))
        title = "".join(part.capitalize() for part in re.split(r"[.-]", service))
        return ec2.CfnVPCEndpoint(
            self,
            f"{title}Endpoint",
            vpc_id=self.vpc_id,
            vpc_endpoint_type="Interface",
            service_name=name,
            service_region=hosting_region,
            private_dns_enabled=True,
            subnet_ids=list(self.subnet_ids[: self._endpoint_zones]),
            security_group_ids=[self._endpoint_group.attr_group_id],
            policy_document=policy,
        )

    def _make_flow_log(self, retention_days: int, *, retain: bool) -> logs.CfnLogGroup:
        """Records all traffic, accepted and rejected.

        Source: Amazon VPC User Guide, Publish flow logs to CloudWatch Logs.
        """
        stack = Stack.of(self)
        group = encrypted_log_group(
            self,
            "FlowLogGroup",
            name=path_name(self, "flow-logs"),
            key=self.logs_key,
            retention_days=retention_days,
            retain=retain,
        )
        role = service_role(
            self,
            "FlowLogRole",
            service="vpc-flow-logs.amazonaws.com",
            description="Writes the flow logs of one VPC to one log group",
            statements=[
                allow(["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], [group.attr_arn])
            ],
            trust_conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {
                    "aws:SourceArn": f"arn:{stack.partition}:ec2:{stack.region}:{stack.account}:vpc-flow-log/*"
                },
            },
        )
        ec2.CfnFlowLog(
            self,
            "FlowLog",
            resource_type="VPC",
            resource_id=self.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_group_name=group.ref,
            deliver_logs_permission_arn=role.attr_arn,
            max_aggregation_interval=60,
        )
        return group

    def _close_default_group(self, retention_days: int, *, retain: bool) -> None:
        """Revokes the rules of the group that every VPC has: CloudFormation itself cannot."""
        stack = Stack.of(self)
        group_id = self._vpc.attr_default_security_group
        log_group = encrypted_log_group(
            self,
            "CloseDefaultSecurityGroupLogGroup",
            name=path_name(self, "close-default-security-group"),
            key=self.logs_key,
            retention_days=retention_days,
            retain=retain,
        )
        failures = failures_queue(self, "CloseDefaultSecurityGroupFailures")
        role = service_role(
            self,
            "CloseDefaultSecurityGroupRole",
            service="lambda.amazonaws.com",
            description="Revokes the rules of one default security group",
            statements=[
                allow(
                    ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
                    [f"arn:{stack.partition}:ec2:{stack.region}:{stack.account}:security-group/{group_id}"],
                ),
                allow(["logs:CreateLogStream", "logs:PutLogEvents"], [log_group.attr_arn]),
                allow(["sqs:SendMessage"], [failures.attr_arn]),
            ],
        )
        function = lambda_.CfnFunction(
            self,
            "CloseDefaultSecurityGroupFunction",
            description="Closes the default security group of a VPC",
            runtime=RUNTIME,
            handler="index.handler",
            code=lambda_.CfnFunction.CodeProperty(zip_file=inline_source("close_default_security_group")),
            role=role.attr_arn,
            timeout=60,
            memory_size=128,
            reserved_concurrent_executions=1,
            dead_letter_config=lambda_.CfnFunction.DeadLetterConfigProperty(target_arn=failures.attr_arn),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(log_group=log_group.ref),
        )
        CfnResource(
            self,
            "CloseDefaultSecurityGroup",
            type="AWS::CloudFormation::CustomResource",
            properties={
                "ServiceToken": function.attr_arn,
                "ServiceTimeout": 120,
                "AccountId": stack.account,
                "SecurityGroupId": group_id,
            },
        )


def _subnet_ranges(address_range: str) -> tuple[str, ...]:
    try:
        return split_subnets(address_range, ZONES)
    except ValueError as error:
        raise ValueError(f"address_range: {error}") from error


def _default_zones(region: str) -> tuple[str, ...]:
    """Returns three zones without a lookup: by name where the region is known, else for CloudFormation to find."""
    if Token.is_unresolved(region):
        return tuple(Fn.select(number, Fn.get_azs()) for number in range(ZONES))
    return tuple(f"{region}{letter}" for letter in "abc")


def _check_zones(zones: Sequence[str], region: str) -> None:
    known_region = not Token.is_unresolved(region)
    pattern = re.compile(rf"{re.escape(region) if known_region else '[a-z0-9-]+[0-9]'}[a-z]")
    resolved = [zone for zone in zones if not Token.is_unresolved(zone)]
    wrong = [zone for zone in resolved if not pattern.fullmatch(zone)]
    if isinstance(zones, str) or len(zones) != ZONES or len(set(zones)) != ZONES or wrong:
        raise refusal(
            "zones",
            got=wrong or zones,
            expected=f"{ZONES} different zones of {region if known_region else 'one region'}",
            do="Name them as AWS does, such as "
            + ", ".join(_default_zones(region if known_region else "eu-central-1"))
            + ".",
        )


def _endpoint_policy(actions: Sequence[str], account: str) -> dict[str, Any]:
    """Returns the policy of an endpoint: the declared actions, by and on this account; without any, nothing."""
    statement: dict[str, Any] = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    if actions:
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": list(actions),
            "Resource": "*",
            "Condition": {
                "StringEquals": {"aws:PrincipalAccount": account},
                "StringEqualsIfExists": {"aws:ResourceAccount": account},
            },
        }
    return {"Version": _POLICY_VERSION, "Statement": [statement]}
