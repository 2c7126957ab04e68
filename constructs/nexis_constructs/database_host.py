"""One database host: a launch template and an Auto Scaling group of exactly one, in one zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import CfnTag, Fn, Stack, Token
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from nexis.facts.instance_types import HOST_ARCHITECTURES, encrypted_nvme_types, nearest_instance_types
from nexis.facts.tags import CLUSTER_TAG, PROGRAM_TAG
from nexis.facts.topology import ROOT_DEVICE, ZONES
from nexis_constructs._checks import check_between, check_matches, refusal, removal_policy
from nexis_constructs._database_names import check_label
from nexis_constructs._database_shared import SharedHostResources
from nexis_constructs._roles import allow
from nexis_constructs.host_program import HostFacts, PlaceholderProgram, rendered_user_data
from nexis_constructs.tls_only_parameter_group import check_major

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nexis_constructs.hardened_network import HardenedNetwork
    from nexis_constructs.host_program import HostProgram
    from nexis_constructs.role_password import RolePassword

DEFAULT_INSTANCE_TYPE: Final = "m6gd.medium"
"""The least expensive type with an encrypted NVMe disk and 4 GiB of memory."""

PLACEHOLDER_IMAGE_ID: Final = "ami-00000000000000000"
"""An image id that EC2 never gives out: with it a template is complete, and no host can start by accident."""


NOTIFICATIONS: Final = (
    "autoscaling:EC2_INSTANCE_LAUNCH",
    "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
    "autoscaling:EC2_INSTANCE_TERMINATE",
    "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
)
"""Source: Amazon EC2 Auto Scaling API Reference, NotificationConfiguration."""

RECORD_ACTIONS: Final = ("route53:ChangeResourceRecordSets",)
LOG_ACTIONS: Final = ("logs:CreateLogStream", "logs:PutLogEvents")
READ_ACTIONS: Final = ("secretsmanager:GetSecretValue",)
DECRYPT_ACTIONS: Final = ("kms:Decrypt",)
"""What a host's own policy allows, and so what the network's endpoints must let through."""


def check_instance_type(argument: str, instance_type: str) -> str:
    """Returns an EC2 type whose local disks are NVMe and always encrypted, and that can run a database host.

    Args:
        argument: name of the argument, for the message.
        instance_type: the type found.

    Raises:
        ValueError: if the catalogue does not list it; the message names the closest types that it lists.
    """
    known = encrypted_nvme_types().get(instance_type) if isinstance(instance_type, str) else None
    if known is None or known.architecture not in HOST_ARCHITECTURES:
        nearest = nearest_instance_types(str(instance_type))
        raise refusal(
            argument,
            got=instance_type,
            expected="an EC2 type with local NVMe disks that are always encrypted",
            do=f"The closest are {', '.join(nearest)}.",
        )
    return instance_type


def check_image_id(argument: str, image_id: str | None) -> str:
    """Returns the id of a machine image, or the placeholder if there is none.

    Args:
        argument: name of the argument, for the message.
        image_id: the id found.

    Raises:
        ValueError: if it is not the id of an image. A parameter that is read again at every deployment is none: it
            could change the image under a running host.
    """
    if image_id is None:
        return PLACEHOLDER_IMAGE_ID
    expected = "the id of a machine image, 'ami-' and 8 or 17 hexadecimal digits"
    do = "Pin the image by its id, so that no deployment can change it by itself."
    if Token.is_unresolved(image_id):
        raise refusal(argument, got="a value known only at deployment", expected=expected, do=do)
    return check_matches(argument, image_id, r"ami-(?:[0-9a-f]{8}|[0-9a-f]{17})", expected=expected, do=do)


class DatabaseHost(Construct):
    """One database host on encrypted local NVMe, replaced by an Auto Scaling group of exactly one when it is lost.

    Session Manager is the only way in: no key pair, no public address, no SSH. A deployment never replaces a running
    host: the group has no update policy, so a new launch template takes effect with the next host only.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        network: the network, for a host that stands alone; one of its own by default.
        shared: what it shares with the other hosts of its cluster.
        name: first label of its DNS name.
        members: first labels of all hosts of the cluster; by default its own alone.
        zone_index: in which of the network's zones it runs, counted from 0.
        instance_type: EC2 type, from the catalogue of types with encrypted NVMe.
        image_id: the machine image; by default a placeholder with which no host can start.
        root_device_name: the image's root device.
        root_volume_gib: size of the root volume in GiB; the database does not live on it.
        major: PostgreSQL major version.
        program: what runs inside; by default a placeholder.
        tags: tags of its instance, volumes and network interface.
        retain: whether the group, and all a running host needs, outlives the stack.

    Attributes:
        host_name: its DNS name.
        image_id: the machine image it starts from.
        role: its role.
        shared: what it shares with the other hosts of its cluster.
        launch_template: its launch template.
        group: its Auto Scaling group.
        is_placeholder: whether no database runs in it.

    Raises:
        ValueError: if an argument is not as described.

    Source: Amazon EC2 User Guide, "SSD instance store volumes" and "Use the Instance Metadata Service"; Amazon EC2
    Auto Scaling User Guide.

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import DatabaseHost

        app = App()
        stack = Stack(app, "Billing")
        host = DatabaseHost(stack, "Host", name="host-1", instance_type="i4i.large")
        assert host.host_name == "host-1.db.nexis.internal"
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        network: HardenedNetwork | None = None,
        shared: SharedHostResources | None = None,
        name: str = "host-1",
        members: Sequence[str] | None = None,
        zone_index: int = 0,
        instance_type: str = DEFAULT_INSTANCE_TYPE,
        image_id: str | None = None,
        root_device_name: str = ROOT_DEVICE,
        root_volume_gib: int = 30,
        major: int = 17,
        program: HostProgram | None = None,
        tags: Mapping[str, str] | None = None,
        retain: bool = True,
    ) -> None:
        labels = tuple(check_label("members", member) for member in (members if members is not None else (name,)))
        check_label("name", name)
        if name not in labels or len(set(labels)) != len(labels):
            raise refusal(
                "members", got=labels, expected=f"different names, {name!r} among them", do="Name each host once."
            )
        if network is not None and shared is not None:
            raise refusal(
                "network, shared", got="both", expected="one of them", do="The shared resources bring their network."
            )
        check_instance_type("instance_type", instance_type)
        image = check_image_id("image_id", image_id)
        check_matches(
            "root_device_name",
            root_device_name,
            r"/dev/(?:xvda|sda1)",
            expected="'/dev/xvda' or '/dev/sda1'",
            do="Ask EC2 for the image's RootDeviceName.",
        )
        check_between("root_volume_gib", root_volume_gib, least=8, most=1024, unit="GiB")
        check_major("major", major)
        given = shared.network if shared is not None else network
        zones = len(given.zones) if given is not None else ZONES
        check_between("zone_index", zone_index, least=0, most=zones - 1, unit="zones")
        super().__init__(scope, construct_id)
        self.shared = shared or SharedHostResources(self, "Shared", network=network, retain=retain)
        self._zone_index = zone_index
        self._labels = labels
        self._name = name
        self._major = major
        self._program = program or PlaceholderProgram()
        self._passwords: dict[str, RolePassword] = {}
        self._instance_type = instance_type
        self._root_device_name = root_device_name
        self._root_volume_gib = root_volume_gib
        self.image_id = image
        self.host_name = f"{name}.{self.shared.zone_name}"

        self._policy = iam.CfnManagedPolicy(
            self,
            "Policy",
            description=f"Rights of the database host {name}: its own log stream, DNS records and passwords",
            policy_document=self._policy_document(),
        )
        self.role = iam.CfnRole(
            self,
            "Role",
            description=f"Database host {name}",
            assume_role_policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
                ],
            },
            managed_policy_arns=[self._policy.ref, self.shared.session_policy.ref],
        )
        self._profile = iam.CfnInstanceProfile(self, "InstanceProfile", roles=[self.role.ref])
        self._tags = {
            **(tags or {}),
            "Name": self.host_name,
            CLUSTER_TAG: self.shared.zone_name,
            PROGRAM_TAG: self._program.name,
        }
        self.launch_template = self._make_launch_template()
        self.group = self._make_group()
        for resource in (self._policy, self.role, self._profile, self.launch_template, self.group):
            resource.apply_removal_policy(removal_policy(retain=retain))
        self._require_endpoints()

    @property
    def is_placeholder(self) -> bool:
        """Whether no database runs in the host."""
        return self._program.is_placeholder

    @property
    def facts(self) -> HostFacts:
        """What the host knows about itself."""
        shared = self.shared
        return HostFacts(
            host=self.host_name,
            members=tuple(f"{label}.{shared.zone_name}" for label in self._labels),
            writer=shared.writer_name,
            readers=shared.reader_name,
            zone_name=shared.zone_name,
            hosted_zone_id=shared.hosted_zone.attr_id,
            availability_zone=shared.network.zones[self._zone_index],
            region=Stack.of(self).region,
            postgresql_major=self._major,
            log_group=shared.log_group.ref,
            log_stream=self._name,
            passwords={role: password.secret_arn for role, password in self._passwords.items()},
        )

    def may_read(self, password: RolePassword) -> None:
        """Lets the host read one password, through the network's own endpoints.

        Args:
            password: the password of one PostgreSQL role.

        Raises:
            ValueError: if the host reads a different password of the same role already.
        """
        if self._passwords.setdefault(password.role, password) is not password:
            raise refusal(
                "password",
                got=f"a second password of the role {password.role!r}",
                expected="one password per role",
                do="Give each role one RolePassword and share it.",
            )
        self._policy.policy_document = self._policy_document()
        self.launch_template.launch_template_data = self._launch_template_data()
        self._require_endpoints()

    def _statements(self) -> list[dict[str, Any]]:
        """Returns the host's rights: its own log stream, its DNS records, the passwords it was given.

        Source: Service Authorization Reference, "Amazon CloudWatch Logs" (resource type log-stream); Amazon Route 53
        Developer Guide, "Using IAM policy conditions for fine-grained access control"; AWS Secrets Manager User Guide,
        "Secret encryption and decryption" (encryption context).
        """
        stack = Stack.of(self)
        shared = self.shared
        log_group = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:{shared.log_group.ref}"
        names = [self.host_name, shared.reader_name, shared.writer_name]
        record = "route53:ChangeResourceRecordSets"
        statements = [
            allow(LOG_ACTIONS, [f"{log_group}:log-stream:{self._name}"]),
            allow(
                RECORD_ACTIONS,
                [shared.hosted_zone_arn],
                conditions={
                    "ForAllValues:StringEquals": {
                        f"{record}NormalizedRecordNames": names,
                        f"{record}RecordTypes": ["A"],
                        f"{record}Actions": ["DELETE", "UPSERT"],
                    },
                    # ForAllValues also holds where the key is absent: an unnamed record must not pass.
                    "Null": {f"{record}NormalizedRecordNames": "false"},
                },
            ),
        ]
        for _, password in sorted(self._passwords.items()):
            statements += [
                allow(READ_ACTIONS, [password.secret_arn]),
                allow(
                    DECRYPT_ACTIONS,
                    [password.key.key_arn],
                    conditions={
                        "StringEquals": {
                            "kms:EncryptionContext:SecretARN": password.secret_arn,
                            "kms:ViaService": f"secretsmanager.{stack.region}.amazonaws.com",
                        }
                    },
                ),
            ]
        return statements

    def _policy_document(self) -> dict[str, Any]:
        return {"Version": "2012-10-17", "Statement": self._statements()}

    def _require_endpoints(self) -> None:
        """Declares every call that the rights allow: without an endpoint a right is of no use in this network."""
        needed = [("logs", LOG_ACTIONS), ("route53", RECORD_ACTIONS)]
        if self._passwords:
            needed += [("secretsmanager", READ_ACTIONS), ("kms", DECRYPT_ACTIONS)]
        for service, actions in needed:
            self.shared.network.require_endpoint(service, actions)

    def _launch_template_data(self) -> ec2.CfnLaunchTemplate.LaunchTemplateDataProperty:
        """Describes the host. A stopped host loses its disks, so it can be ended and replaced but not stopped."""
        template = ec2.CfnLaunchTemplate
        tags = [CfnTag(key=key, value=value) for key, value in sorted(self._tags.items())]
        return template.LaunchTemplateDataProperty(
            image_id=self.image_id,
            instance_type=self._instance_type,
            iam_instance_profile=template.IamInstanceProfileProperty(arn=self._profile.attr_arn),
            metadata_options=template.MetadataOptionsProperty(
                http_tokens="required",
                http_put_response_hop_limit=1,
                http_endpoint="enabled",
                http_protocol_ipv6="disabled",
                instance_metadata_tags="disabled",
            ),
            network_interfaces=[
                template.NetworkInterfaceProperty(
                    device_index=0,
                    associate_public_ip_address=False,
                    delete_on_termination=True,
                    groups=[self.shared.security_group.attr_group_id],
                )
            ],
            block_device_mappings=[
                template.BlockDeviceMappingProperty(
                    device_name=self._root_device_name,
                    ebs=template.EbsProperty(
                        volume_type="gp3",
                        volume_size=self._root_volume_gib,
                        encrypted=True,
                        kms_key_id=self.shared.volume_key.key_arn,
                        delete_on_termination=True,
                    ),
                )
            ],
            disable_api_stop=True,
            disable_api_termination=True,
            ebs_optimized=True,
            hibernation_options=template.HibernationOptionsProperty(configured=False),
            instance_initiated_shutdown_behavior="terminate",
            monitoring=template.MonitoringProperty(enabled=True),
            tag_specifications=[
                template.TagSpecificationProperty(resource_type=resource_type, tags=tags)
                for resource_type in ("instance", "network-interface", "volume")
            ],
            user_data=Fn.base64(rendered_user_data(self._program, self.facts)),
        )

    def _make_launch_template(self) -> ec2.CfnLaunchTemplate:
        tags = [CfnTag(key=key, value=value) for key, value in sorted(self._tags.items())]
        return ec2.CfnLaunchTemplate(
            self,
            "LaunchTemplate",
            launch_template_data=self._launch_template_data(),
            tag_specifications=[
                ec2.CfnLaunchTemplate.LaunchTemplateTagSpecificationProperty(resource_type="launch-template", tags=tags)
            ],
            version_description=f"{self.host_name}, program {self._program.name}",
        )

    def _make_group(self) -> autoscaling.CfnAutoScalingGroup:
        """Keeps exactly one host running, in one zone."""
        group = autoscaling.CfnAutoScalingGroup
        made = group(
            self,
            "Group",
            min_size="1",
            max_size="1",
            desired_capacity="1",
            vpc_zone_identifier=[self.shared.network.subnet_ids[self._zone_index]],
            launch_template=group.LaunchTemplateSpecificationProperty(
                launch_template_id=self.launch_template.attr_launch_template_id,
                version=self.launch_template.attr_latest_version_number,
            ),
            cooldown="300",
            health_check_type="EC2",
            health_check_grace_period=300,
            metrics_collection=[group.MetricsCollectionProperty(granularity="1Minute")],
            notification_configurations=[
                group.NotificationConfigurationProperty(
                    topic_arn=self.shared.topic.ref, notification_types=list(NOTIFICATIONS)
                )
            ],
            tags=[
                group.TagPropertyProperty(key=key, value=value, propagate_at_launch=True)
                for key, value in sorted(self._tags.items())
            ],
        )
        # Auto Scaling publishes a test message when it is told of a topic.
        made.add_resource_dependency(self.shared.topic_policy)
        return made
