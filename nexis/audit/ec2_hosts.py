"""EC2's hosts: instances, launch templates, volumes.

Source: EC2 API Reference, the operations called here; CloudFormation resource reference, AWS::EC2::*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import chunks, same, tags, without_empty

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from nexis.audit.model import Aws, Wanted

INSTANCE: Final = "AWS::EC2::Instance"
LAUNCH_TEMPLATE: Final = "AWS::EC2::LaunchTemplate"
VOLUME: Final = "AWS::EC2::Volume"
TYPES: Final = (INSTANCE, LAUNCH_TEMPLATE, VOLUME)

MOST_FILTER_VALUES: Final = 200
GONE: Final = ("InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.VersionNotFound")
GENERAL: Final = ("$Default", "$Latest")
"""The versions that are launched where a number is not named."""


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read hosts by id and by network, with their volumes, and launch templates by id and by network.

    Args:
        aws: who is asked.
        wanted: resources by id, and VPCs of which everything inside is wanted.
    """
    instances = _instances(aws, wanted)
    attached = {
        mapping["Ebs"]["VolumeId"]
        for answer in instances
        for mapping in answer.get("BlockDeviceMappings") or ()
        if mapping.get("Ebs", {}).get("VolumeId")
    }
    volumes = {answer["VolumeId"]: answer for answer in _volumes(aws, wanted, attached)}
    user_data = aws.each(lambda answer: _user_data(aws, answer["InstanceId"]), instances)
    return [
        *(instance(answer, volumes, data) for answer, data in zip(instances, user_data, strict=True)),
        *(volume(answer) for answer in volumes.values()),
        *_launch_templates(aws, wanted),
    ]


# ---- instances ----


def _instances(aws: Aws, wanted: Wanted) -> list[dict[str, Any]]:
    answers: dict[str, dict[str, Any]] = {}
    for name, values in (("instance-id", wanted.of(INSTANCE)), ("vpc-id", wanted.vpcs)):
        for some in chunks(values, MOST_FILTER_VALUES):
            if not wanted.everything:
                answers |= _reservations(aws, Filters=[{"Name": name, "Values": some}])
    if wanted.everything:
        answers = _reservations(aws)
    return [a for a in answers.values() if a.get("State", {}).get("Name") not in ("terminated", "shutting-down")]


def _reservations(aws: Aws, **parameters: Any) -> dict[str, dict[str, Any]]:
    return {
        answer["InstanceId"]: answer
        for reservation in aws.pages("ec2", "describe_instances", "Reservations", **parameters)
        for answer in reservation.get("Instances") or ()
    }


def _user_data(aws: Aws, identity: str) -> str:
    answer = aws.call(
        "ec2",
        "describe_instance_attribute",
        InstanceId=identity,
        Attribute="userData",
        absent=("InvalidInstanceID.NotFound",),
    )
    return str(((answer or {}).get("UserData") or {}).get("Value") or "")


def instance(answer: Mapping[str, Any], volumes: Mapping[str, Mapping[str, Any]], user_data: str) -> Live:
    """Read an instance as DescribeInstances answers it.

    Args:
        answer: of the API.
        volumes: answers of DescribeVolumes by volume id.
        user_data: of DescribeInstanceAttribute, base64.
    """
    properties = same(answer, "ImageId", "InstanceType", "KeyName", "SubnetId", "EbsOptimized")
    if answer.get("IamInstanceProfile"):
        properties["IamInstanceProfile"] = answer["IamInstanceProfile"]["Arn"].rpartition("/")[2]
    if "Monitoring" in answer:
        properties["Monitoring"] = answer["Monitoring"].get("State") in ("enabled", "pending")
    if answer.get("MetadataOptions"):
        properties["MetadataOptions"] = {k: v for k, v in answer["MetadataOptions"].items() if k != "State"}
    if user_data:
        properties["UserData"] = user_data
    groups = [group["GroupId"] for group in answer.get("SecurityGroups") or ()]
    if answer.get("PublicIpAddress"):
        # Written as the template would write it: CloudFormation takes groups and subnet there, not beside it.
        properties["NetworkInterfaces"] = [
            {
                "DeviceIndex": "0",
                "AssociatePublicIpAddress": True,
                "GroupSet": groups,
                **({"SubnetId": properties.pop("SubnetId")} if "SubnetId" in properties else {}),
            }
        ]
    else:
        properties["SecurityGroupIds"] = groups
    properties["BlockDeviceMappings"] = [
        {
            "DeviceName": mapping["DeviceName"],
            "Ebs": {
                **same(mapping["Ebs"], "DeleteOnTermination"),
                **same(volumes.get(mapping["Ebs"].get("VolumeId"), {}), "Encrypted", "KmsKeyId", "VolumeType"),
            },
        }
        for mapping in answer.get("BlockDeviceMappings") or ()
        if mapping.get("Ebs")
    ]
    identity = answer["InstanceId"]
    return Live(
        type=INSTANCE,
        identity=identity,
        properties=without_empty(properties) | tags(answer.get("Tags")),
        attributes={identity: ""},
    )


# ---- volumes ----


def _volumes(aws: Aws, wanted: Wanted, attached: Collection[str]) -> Iterable[dict[str, Any]]:
    if wanted.everything:
        yield from aws.pages("ec2", "describe_volumes", "Volumes")
        return
    for some in chunks({*wanted.of(VOLUME), *attached}, MOST_FILTER_VALUES):
        yield from aws.pages("ec2", "describe_volumes", "Volumes", Filters=[{"Name": "volume-id", "Values": some}])


def volume(answer: Mapping[str, Any]) -> Live:
    """Read a volume as DescribeVolumes answers it."""
    properties = same(answer, "AvailabilityZone", "Encrypted", "KmsKeyId", "Size", "VolumeType", "Iops", "Throughput")
    identity = answer["VolumeId"]
    return Live(
        type=VOLUME, identity=identity, properties=properties | tags(answer.get("Tags")), attributes={identity: ""}
    )


# ---- launch templates ----


def _launch_templates(aws: Aws, wanted: Wanted) -> list[Live]:
    """Versions that are asked for (`lt-1:3`, `lt-1:$Latest`), and the default and latest one of each template."""
    versions: dict[str, set[str]] = {}
    for asked in wanted.of(LAUNCH_TEMPLATE):
        identity, _, version = asked.partition(":")
        versions.setdefault(identity, set()).update({version} if version else ())
    if wanted.everything:
        for answer in aws.pages("ec2", "describe_launch_templates", "LaunchTemplates"):
            versions.setdefault(answer["LaunchTemplateId"], set())
    elif wanted.vpcs:
        for identity in _templates_inside(aws, wanted):
            versions.setdefault(identity, set())
    read = aws.each(lambda item: _versions(aws, item[0], item[1]), sorted(versions.items()))
    return [live for found in read for live in found]


def _templates_inside(aws: Aws, wanted: Wanted) -> set[str]:
    """Launch templates whose default or latest version uses a group or subnet of the wanted networks."""
    inside: set[str] = set()
    vpcs = [{"Name": "vpc-id", "Values": some} for some in chunks(wanted.vpcs, MOST_FILTER_VALUES)]
    for one in vpcs:
        inside |= {a["GroupId"] for a in aws.pages("ec2", "describe_security_groups", "SecurityGroups", Filters=[one])}
        inside |= {a["SubnetId"] for a in aws.pages("ec2", "describe_subnets", "Subnets", Filters=[one])}
    return {
        answer["LaunchTemplateId"]
        for answer in aws.pages(
            "ec2", "describe_launch_template_versions", "LaunchTemplateVersions", Versions=list(GENERAL)
        )
        if inside & places_of(answer.get("LaunchTemplateData") or {})
    }


def places_of(data: Mapping[str, Any]) -> set[str]:
    """Give the security groups and subnets of a launch template's data."""
    interfaces = data.get("NetworkInterfaces") or []
    return {
        *(data.get("SecurityGroupIds") or ()),
        *(group for interface in interfaces for group in interface.get("Groups") or ()),
        *(interface["SubnetId"] for interface in interfaces if interface.get("SubnetId")),
    }


def _versions(aws: Aws, identity: str, asked: Collection[str]) -> list[Live]:
    answers: dict[int, dict[str, Any]] = {}
    named: dict[str, int] = {}
    for version in sorted({*asked, *GENERAL}):
        for answer in aws.pages(
            "ec2",
            "describe_launch_template_versions",
            "LaunchTemplateVersions",
            absent=GONE,
            LaunchTemplateId=identity,
            Versions=[version],
        ):
            answers[answer["VersionNumber"]] = answer
            named[version] = answer["VersionNumber"]
    if not answers:
        return []
    in_use = sorted({named[version] for version in asked if version in named})
    main = in_use[0] if in_use else named.get("$Default", min(answers))
    return [launch_template(answer, named, main=number == main) for number, answer in sorted(answers.items())]


def launch_template(answer: Mapping[str, Any], named: Mapping[str, int], *, main: bool) -> Live:
    """Read one version of a launch template as DescribeLaunchTemplateVersions answers it.

    Args:
        answer: of the API.
        named: the number of each version that was asked for by name.
        main: whether it stands for the template itself: the version in use, else the default one. Any other is a
            resource of its own, such as `lt-1:3`.
    """
    identity, number = answer["LaunchTemplateId"], answer["VersionNumber"]
    names = {f"{identity}:{number}", *(f"{identity}:{name}" for name, n in named.items() if n == number)}
    attributes = dict.fromkeys(sorted(names), "")
    if main:
        attributes[identity] = ""
    return Live(
        type=LAUNCH_TEMPLATE,
        identity=identity if main else f"{identity}:{number}",
        properties={
            **same(answer, "LaunchTemplateName"),
            "LaunchTemplateData": template_data(answer.get("LaunchTemplateData") or {}),
        },
        attributes=attributes,
        handles={"Version": str(number)},
    )


def template_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """Write a launch template's data as CloudFormation does, which differs from the API only in what it adds."""
    shaped = dict(data)
    if isinstance(shaped.get("MetadataOptions"), dict):
        shaped["MetadataOptions"] = {k: v for k, v in shaped["MetadataOptions"].items() if k != "State"}
    return without_empty(shaped)
