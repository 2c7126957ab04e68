"""What the hosts of one database cluster share: keys, security group, DNS zone, log group, notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import Aws, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from constructs import Construct

from nexis.facts.rds_limits import POSTGRESQL_PORT
from nexis.facts.tags import CLUSTER_TAG
from nexis_constructs._checks import check_log_retention, removal_policy
from nexis_constructs._database_names import READERS_LABEL, WRITER_LABEL, check_clients, check_zone_name
from nexis_constructs._log_groups import encrypted_log_group, path_name
from nexis_constructs._roles import allow
from nexis_constructs._security_groups import security_group, tcp_in, tcp_out
from nexis_constructs.customer_key import GRANT_ACTIONS, USE_ACTIONS, CustomerKey
from nexis_constructs.hardened_network import HardenedNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping

HTTPS_PORT: Final = 443

REGISTER_ACTIONS: Final = ("ssm:UpdateInstanceInformation",)
CHANNEL_ACTIONS: Final = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
"""What the Systems Manager agent needs for Session Manager, and nothing else of Systems Manager.

Source: AWS Systems Manager User Guide, "Create a custom IAM role for Session Manager" (minimal permissions).
"""


def auto_scaling_role_arn(scope: Construct) -> str:
    """Returns the ARN of the account's service-linked role for EC2 Auto Scaling.

    The role must exist before a key policy may name it. AWS makes it with the account's first Auto Scaling group, or
    with `aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com`.

    Args:
        scope: a construct in the stack.

    Source: Amazon EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes".
    """
    stack = Stack.of(scope)
    return (
        f"arn:{stack.partition}:iam::{stack.account}:role/aws-service-role/autoscaling.amazonaws.com/"
        "AWSServiceRoleForAutoScaling"
    )


class SharedHostResources(Construct):
    """What the hosts of one database cluster share; made by the cluster, or by a host that stands alone.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        network: the network of the hosts; one of its own by default.
        zone_name: name of the private DNS zone.
        clients: security groups that may reach PostgreSQL, by the name of who wears them.
        log_retention_days: days the hosts' logs are kept.
        retain: whether everything that a running host needs outlives the stack.

    Raises:
        ValueError: if an argument is not as described.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        network: HardenedNetwork | None = None,
        zone_name: str = "db.nexis.internal",
        clients: Mapping[str, ec2.ISecurityGroup] | None = None,
        log_retention_days: int = 365,
        retain: bool = True,
    ) -> None:
        check_zone_name("zone_name", zone_name)
        named_clients = check_clients("clients", clients)
        check_log_retention("log_retention_days", log_retention_days)
        super().__init__(scope, construct_id)
        self.network = network or HardenedNetwork(
            self, "Network", log_retention_days=log_retention_days, retain_logs=retain
        )
        self.zone_name = zone_name
        self.writer_name = f"{WRITER_LABEL}.{zone_name}"
        self.reader_name = f"{READERS_LABEL}.{zone_name}"
        self._retain = retain
        self.volume_key = self._make_volume_key()
        self.logs_key = CustomerKey(self, "LogsKey", purpose="database host logs", retain=retain)
        self.log_group = encrypted_log_group(
            self,
            "LogGroup",
            name=path_name(self, "hosts"),
            key=self.logs_key,
            retention_days=log_retention_days,
            retain=retain,
        )
        self.security_group = self._make_security_group(dict(named_clients))
        self.hosted_zone = route53.CfnHostedZone(
            self,
            "HostedZone",
            name=zone_name,
            hosted_zone_config=route53.CfnHostedZone.HostedZoneConfigProperty(
                comment="Database hosts; each host keeps its own record"
            ),
            hosted_zone_tags=[route53.CfnHostedZone.HostedZoneTagProperty(key=CLUSTER_TAG, value=zone_name)],
            vpcs=[route53.CfnHostedZone.VPCProperty(vpc_id=self.network.vpc_id, vpc_region=Stack.of(self).region)],
        )
        self.topic, self.topic_policy = self._make_topic()
        self.session_policy = self._make_session_policy()
        for resource in (
            self.hosted_zone,
            self.security_group,
            self.topic,
            self.topic_policy,
            self.session_policy,
        ):
            resource.apply_removal_policy(removal_policy(retain=retain))

    @property
    def hosted_zone_arn(self) -> str:
        """ARN of the private DNS zone. Source: Service Authorization Reference, Amazon Route 53."""
        return f"arn:{Stack.of(self).partition}:route53:::hostedzone/{self.hosted_zone.attr_id}"

    def _make_volume_key(self) -> CustomerKey:
        """Makes the key of the root volumes, which Auto Scaling uses and grants to EC2 when it starts a host."""
        key = CustomerKey(self, "VolumeKey", purpose="root volumes of database hosts", retain=self._retain)
        role = auto_scaling_role_arn(self)
        key.allow_principal(role, sid="UseByAutoScaling", actions=USE_ACTIONS)
        key.allow_principal(
            role,
            sid="GrantsByAutoScaling",
            actions=GRANT_ACTIONS,
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        )
        return key

    def _make_security_group(self, clients: Mapping[str, ec2.ISecurityGroup]) -> ec2.CfnSecurityGroup:
        """Lets the named clients and the hosts themselves reach PostgreSQL, and the hosts reach the endpoints."""
        group = security_group(
            self,
            "SecurityGroup",
            vpc_id=self.network.vpc_id,
            description="Database hosts: PostgreSQL from named clients and from each other",
            ingress=[
                tcp_in(POSTGRESQL_PORT, f"PostgreSQL over TLS from {name}", group_id=client.security_group_id)
                for name, client in clients.items()
            ],
            egress=[tcp_out(HTTPS_PORT, "HTTPS to the network's endpoints", cidr=self.network.address_range)],
        )
        from_each_other = ec2.CfnSecurityGroupIngress(
            self,
            "FromEachOther",
            group_id=group.attr_group_id,
            source_security_group_id=group.attr_group_id,
            ip_protocol="tcp",
            from_port=POSTGRESQL_PORT,
            to_port=POSTGRESQL_PORT,
            description="PostgreSQL over TLS from the other hosts",
        )
        to_each_other = ec2.CfnSecurityGroupEgress(
            self,
            "ToEachOther",
            group_id=group.attr_group_id,
            destination_security_group_id=group.attr_group_id,
            ip_protocol="tcp",
            from_port=POSTGRESQL_PORT,
            to_port=POSTGRESQL_PORT,
            description="PostgreSQL over TLS to the other hosts",
        )
        for rule in (from_each_other, to_each_other):
            rule.apply_removal_policy(removal_policy(retain=self._retain))
        return group

    def _make_topic(self) -> tuple[sns.CfnTopic, sns.CfnTopicPolicy]:
        """Makes the topic that hears of every host that starts, ends or fails to.

        Source: Amazon EC2 Auto Scaling User Guide, "Amazon SNS notification options" (encrypted topics); Amazon SNS
        Developer Guide, "Enforce encryption of data in transit".
        """
        role = auto_scaling_role_arn(self)
        key = CustomerKey(self, "NotificationsKey", purpose="database host notifications", retain=self._retain)
        key.allow_principal(role, sid="PublishByAutoScaling", actions=("kms:Decrypt", "kms:GenerateDataKey"))
        topic = sns.CfnTopic(self, "Topic", display_name="Database hosts", kms_master_key_id=key.key_arn)
        policy = sns.CfnTopicPolicy(
            self,
            "TopicPolicy",
            topics=[topic.ref],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "PublishByAutoScaling",
                        "Effect": "Allow",
                        "Principal": {"AWS": role},
                        "Action": "sns:Publish",
                        "Resource": topic.ref,
                    },
                    {
                        "Sid": "TlsOnly",
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": ["sns:Publish", "sns:Subscribe"],
                        "Resource": topic.ref,
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            },
        )
        return topic, policy

    def _make_session_policy(self) -> iam.CfnManagedPolicy:
        """Lets a host be reached through Session Manager: the way in that needs no key pair and no open port.

        A channel has no ARN, so there is no resource to name for the four channel actions; and an instance that does
        not exist yet has no id, so its own registration names the instances of this account and region. The
        condition admits only credentials that EC2 gave to an instance of this account.

        Source: Service Authorization Reference, "Amazon Message Gateway Service" and "AWS Systems Manager" (resource
        types; condition key ec2:SourceInstanceARN).
        """
        # Pseudo parameters, so that the finding about the wildcard reads the same in every account and region.
        instances = f"arn:{Aws.PARTITION}:ec2:{Aws.REGION}:{Aws.ACCOUNT_ID}:instance/*"
        by_instances = {"ArnLike": {"ec2:SourceInstanceARN": instances}}
        self.network.require_endpoint("ssm", REGISTER_ACTIONS)
        self.network.require_endpoint("ssmmessages", CHANNEL_ACTIONS)
        return iam.CfnManagedPolicy(
            self,
            "SessionManagerPolicy",
            description="Session Manager on database hosts, its minimum",
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    allow(REGISTER_ACTIONS, [instances], conditions=by_instances),
                    allow(CHANNEL_ACTIONS, ["*"], conditions=by_instances),
                ],
            },
        )
