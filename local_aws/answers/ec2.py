"""EC2: flow logs, VPC endpoints, launch templates and instance types, as EC2 shows them.

Source: EC2 API Reference, the operations of the same names.
"""

from __future__ import annotations

import copy
import functools
import gzip
import json
from importlib.resources import files
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2

from local_aws.answers.ec2_filters import matches, select
from local_aws.faults import AwsError
from local_aws.mends import Answer, Call, flag

# The policy of an endpoint that was given none. Source: AWS PrivateLink Guide, "Default endpoint policy".
FULL_ACCESS = {"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}


# ---- flow logs ----


def create_flow_logs(call: Call) -> dict[str, Any]:
    """CreateFlowLogs: with role, group, interval, format and tags."""
    answer = call.stock()
    asked = call.parameters
    tags = [tag for spec in asked.get("TagSpecifications") or [] for tag in spec.get("Tags") or []]
    for identity in answer.get("FlowLogIds", []):
        record = ec2._flow_logs[identity]
        record["MaxAggregationInterval"] = int(asked.get("MaxAggregationInterval") or 600)
        for name in ("DeliverLogsPermissionArn", "LogGroupName", "LogFormat", "DestinationOptions"):
            if asked.get(name):
                record[name] = asked[name]
        if tags:
            ec2._tags[identity] = tags
    return answer


def describe_flow_logs(call: Call) -> dict[str, Any]:
    """DescribeFlowLogs: with all that was asked for."""
    answer = call.stock()
    for flow_log in answer.get("FlowLogs", []):
        record = ec2._flow_logs[flow_log["FlowLogId"]]
        flow_log["MaxAggregationInterval"] = record.get("MaxAggregationInterval", 600)
        flow_log["DeliverLogsStatus"] = "SUCCESS"
        for name in ("DeliverLogsPermissionArn", "LogGroupName", "LogFormat", "DestinationOptions"):
            if record.get(name):
                flow_log[name] = record[name]
        if record["LogDestinationType"] == "cloud-watch-logs":
            group, destination = _log_destination(record)
            flow_log["LogGroupName"] = group
            flow_log["LogDestination"] = destination
        if not record.get("LogFormat"):
            flow_log["LogFormat"] = DEFAULT_LOG_FORMAT
    return select(call, answer)


# Source: Amazon VPC User Guide, "Flow log records", default format.
DEFAULT_LOG_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
    "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)


def _log_destination(record: dict[str, Any]) -> tuple[str, str]:
    """The log group's name and ARN, whichever of the two was given."""
    given = str(record.get("LogGroupName") or record.get("LogDestination") or "")
    name = given.split(":log-group:", 1)[1].removesuffix(":*") if ":log-group:" in given else given
    return name, f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{name}"


# ---- VPC endpoints ----


def create_vpc_endpoint(call: Call) -> dict[str, Any]:
    """CreateVpcEndpoint: with policy, groups and private names."""
    answer = call.stock()
    asked = call.parameters
    record = ec2._vpc_endpoints[answer["VpcEndpoint"]["VpcEndpointId"]]
    record["SecurityGroupIds"] = list(asked.get("SecurityGroupIds") or [])
    record["PolicyDocument"] = asked.get("PolicyDocument")
    record["ServiceRegion"] = asked.get("ServiceRegion") or get_region()
    interface = record["VpcEndpointType"] == "Interface"
    record["PrivateDnsEnabled"] = asked.get("PrivateDnsEnabled", interface) if interface else False
    record["CreationTimestamp"] = ec2._now_ts()
    _show_endpoint(answer["VpcEndpoint"])
    return answer


def _show_endpoint(endpoint: dict[str, Any]) -> None:
    record = ec2._vpc_endpoints[endpoint["VpcEndpointId"]]
    policy = record.get("PolicyDocument") or FULL_ACCESS
    endpoint["PolicyDocument"] = policy if isinstance(policy, str) else json.dumps(policy)
    endpoint["PrivateDnsEnabled"] = flag(record.get("PrivateDnsEnabled"))
    endpoint["CreationTimestamp"] = record.get("CreationTimestamp")
    endpoint["ServiceRegion"] = record.get("ServiceRegion") or get_region()
    endpoint["Groups"] = [
        {"GroupId": group, "GroupName": (ec2._security_groups.get(group) or {}).get("GroupName", "")}
        for group in record.get("SecurityGroupIds") or []
    ]
    endpoint["NetworkInterfaceIds"] = list(record.get("NetworkInterfaceIds") or [])
    endpoint["RequesterManaged"] = False


def describe_vpc_endpoints(call: Call) -> dict[str, Any]:
    """DescribeVpcEndpoints: everything, and the filters."""
    unknown = set(call.parameters.get("VpcEndpointIds") or []) - set(ec2._vpc_endpoints.keys())
    if unknown:
        raise AwsError("InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{min(unknown)}' does not exist")
    answer = call.stock()
    for endpoint in answer.get("VpcEndpoints", []):
        _show_endpoint(endpoint)
    return select(call, answer)


def modify_vpc_endpoint(call: Call) -> dict[str, Any]:
    """ModifyVpcEndpoint: groups, private names and the policy's reset as well."""
    answer = call.stock()
    asked = call.parameters
    record = ec2._vpc_endpoints[asked["VpcEndpointId"]]
    groups = [g for g in record.get("SecurityGroupIds") or [] if g not in (asked.get("RemoveSecurityGroupIds") or [])]
    record["SecurityGroupIds"] = groups + [g for g in asked.get("AddSecurityGroupIds") or [] if g not in groups]
    if "PrivateDnsEnabled" in asked:
        record["PrivateDnsEnabled"] = asked["PrivateDnsEnabled"]
    if asked.get("ResetPolicy"):
        record["PolicyDocument"] = None
    return {"Return": answer.get("Return", True)}


# ---- launch templates ----


def _template_of(parameters: dict[str, Any]) -> dict[str, Any]:
    identity, name = parameters.get("LaunchTemplateId"), parameters.get("LaunchTemplateName")
    for template in ec2._launch_templates.values():
        if identity == template["LaunchTemplateId"] or (name and name == template["LaunchTemplateName"]):
            found: dict[str, Any] = template
            return found
    if identity:
        raise AwsError(
            "InvalidLaunchTemplateId.NotFound",
            f"The specified launch template, with template ID {identity}, does not exist.",
        )
    raise AwsError(
        "InvalidLaunchTemplateName.NotFoundException",
        f"The specified launch template, with template name {name}, does not exist.",
    )


def _version_of(template: dict[str, Any], number: int) -> dict[str, Any]:
    for version in template["Versions"]:
        if int(version["VersionNumber"]) == number:
            found: dict[str, Any] = version
            return found
    raise AwsError(
        "InvalidLaunchTemplateId.VersionNotFound",
        f"Could not find the specified version {number} for the launch template with ID "
        f"{template['LaunchTemplateId']}.",
    )


def shown_data(data: dict[str, Any]) -> dict[str, Any]:
    """Launch-template data, from a request or a CloudFormation template, as EC2 shows it.

    Args:
        data: What was stored.
    """
    shown: dict[str, Any] = copy.deepcopy(dict(data))
    for mapping in shown.get("BlockDeviceMappings") or []:
        volume = mapping.get("Ebs") or {}
        for name in ("Encrypted", "DeleteOnTermination"):
            if name in volume:
                volume[name] = flag(volume[name])
    for interface in shown.get("NetworkInterfaces") or []:
        for name in ("AssociatePublicIpAddress", "DeleteOnTermination"):
            if name in interface:
                interface[name] = flag(interface[name])
    for name in ("EbsOptimized", "DisableApiTermination", "DisableApiStop"):
        if name in shown:
            shown[name] = flag(shown[name])
    if "Monitoring" in shown:
        shown["Monitoring"] = {"Enabled": flag((shown["Monitoring"] or {}).get("Enabled"))}
    if "MetadataOptions" in shown:
        shown["MetadataOptions"] = {"State": "applied", **shown["MetadataOptions"]}
    for name in ("HibernationOptions", "EnclaveOptions"):
        spelled = {"HibernationOptions": "Configured", "EnclaveOptions": "Enabled"}[name]
        if name in shown:
            shown[name] = {spelled: flag((shown[name] or {}).get(spelled))}
    return shown


def create_launch_template(call: Call) -> dict[str, Any]:
    """CreateLaunchTemplate: nothing of the data is lost."""
    answer = call.stock()
    template = ec2._launch_templates[answer["LaunchTemplate"]["LaunchTemplateId"]]
    _version_of(template, 1)["LaunchTemplateData"] = call.parameters.get("LaunchTemplateData") or {}
    return answer


def create_launch_template_version(call: Call) -> dict[str, Any]:
    """CreateLaunchTemplateVersion: nothing of the data is lost, the source version's neither."""
    template = _template_of(call.parameters)
    data = dict(call.parameters.get("LaunchTemplateData") or {})
    source = call.parameters.get("SourceVersion")
    if source:
        data = {**_version_of(template, _number(template, str(source)))["LaunchTemplateData"], **data}
    template["LatestVersionNumber"] = max(int(template["LatestVersionNumber"]), int(template.get("HighestEver") or 0))
    number = int(call.stock()["LaunchTemplateVersion"]["VersionNumber"])
    _version_of(template, number)["LaunchTemplateData"] = data
    return {"LaunchTemplateVersion": _shown_version(template, number)}


def _number(template: dict[str, Any], version: str) -> int:
    symbolic = {"$Default": "DefaultVersionNumber", "$Latest": "LatestVersionNumber"}.get(version)
    if symbolic:
        return int(template[symbolic])
    if not version.isdecimal():
        raise AwsError("InvalidLaunchTemplateId.VersionNotFound", f"Could not find the specified version {version}.")
    return int(version)


def _shown_version(template: dict[str, Any], number: int) -> dict[str, Any]:
    record = _version_of(template, number)
    return {
        "LaunchTemplateId": template["LaunchTemplateId"],
        "LaunchTemplateName": template["LaunchTemplateName"],
        "VersionNumber": number,
        "VersionDescription": record.get("VersionDescription") or None,
        "CreateTime": record["CreateTime"],
        "CreatedBy": f"arn:aws:iam::{get_account_id()}:root",
        "DefaultVersion": int(template["DefaultVersionNumber"]) == number,
        "LaunchTemplateData": shown_data(record.get("LaunchTemplateData") or {}),
    }


def describe_launch_template_versions(call: Call) -> dict[str, Any]:
    """DescribeLaunchTemplateVersions: of one template, or the latest and default ones of every template."""
    asked = call.parameters
    versions = [str(version) for version in asked.get("Versions") or []]
    if asked.get("LaunchTemplateId") or asked.get("LaunchTemplateName"):
        templates = [_template_of(asked)]
    elif versions and set(versions) <= {"$Latest", "$Default"}:
        templates = list(ec2._launch_templates.values())
    else:
        raise AwsError(
            "InvalidParameterCombination",
            "Without a launch template ID or name the versions must be $Latest, $Default or both of them.",
        )
    shown = []
    for template in templates:
        numbers = {_number(template, version) for version in versions} or {
            int(version["VersionNumber"]) for version in template["Versions"]
        }
        low, high = int(asked.get("MinVersion") or 1), int(asked.get("MaxVersion") or max(numbers, default=1))
        shown += [_shown_version(template, n) for n in sorted(numbers, reverse=True) if low <= n <= high]
    found = select(call, {"LaunchTemplateVersions": shown})["LaunchTemplateVersions"]
    page, token = _page(found, asked, 200)
    return {"LaunchTemplateVersions": page, **({"NextToken": token} if token else {})}


def delete_launch_template_versions(call: Call) -> dict[str, Any]:
    """DeleteLaunchTemplateVersions: each on its own; the default one stays."""
    template = _template_of(call.parameters)
    named = {name: template[name] for name in ("LaunchTemplateId", "LaunchTemplateName")}
    gone, kept = [], []
    for text in call.parameters.get("Versions") or []:
        shown = {**named, "VersionNumber": int(text) if str(text).isdecimal() else 0}
        problem = _reason_to_keep(template, str(text))
        if problem:
            kept.append({**shown, "ResponseError": problem})
            continue
        number = int(text)
        template["Versions"] = [v for v in template["Versions"] if int(v["VersionNumber"]) != number]
        template["LatestVersionNumber"] = max(int(v["VersionNumber"]) for v in template["Versions"])
        template["HighestEver"] = max(int(template.get("HighestEver") or 0), number)
        gone.append(shown)
    return {
        "SuccessfullyDeletedLaunchTemplateVersions": gone,
        "UnsuccessfullyDeletedLaunchTemplateVersions": kept,
    }


def _reason_to_keep(template: dict[str, Any], version: str) -> dict[str, str] | None:
    if version not in {str(v["VersionNumber"]) for v in template["Versions"]}:
        return {"Code": "launchTemplateVersionDoesNotExist", "Message": f"Version {version} does not exist."}
    if int(version) == int(template["DefaultVersionNumber"]):
        return {
            "Code": "unexpectedError",
            "Message": f"Version {version} is the default version: it cannot be deleted.",
        }
    return None


# ---- instance types: moto ships what EC2 answered ----


@functools.cache
def instance_types() -> dict[str, dict[str, Any]]:
    """EC2's own descriptions of its instance types, by name."""
    packed = files("moto").joinpath("ec2/resources/instance_types.json.gz").read_bytes()
    read: dict[str, dict[str, Any]] = json.loads(gzip.decompress(packed))
    return dict(sorted(read.items()))


@functools.cache
def offerings(location_type: str, region: str) -> tuple[dict[str, str], ...]:
    """EC2's offerings of a region.

    Args:
        location_type: `region`, `availability-zone` or `availability-zone-id`.
        region: The region.
    """
    folder = files("moto").joinpath(f"ec2/resources/instance_type_offerings/{location_type}")
    for name, unpack in ((f"{region}.json.gz", gzip.decompress), (f"{region}.json", bytes)):
        if folder.joinpath(name).is_file():
            return tuple(json.loads(unpack(folder.joinpath(name).read_bytes())))
    return ()


# Source: EC2 API Reference, DescribeInstanceTypes, filters; those that anybody here uses.
TYPE_FILTERS = {
    "instance-storage-supported": ("InstanceStorageSupported",),
    "instance-storage-info.nvme-support": ("InstanceStorageInfo", "NvmeSupport"),
    "instance-storage-info.encryption-support": ("InstanceStorageInfo", "EncryptionSupport"),
    "current-generation": ("CurrentGeneration",),
    "bare-metal": ("BareMetal",),
    "burstable-performance-supported": ("BurstablePerformanceSupported",),
    "instance-type": ("InstanceType",),
    "processor-info.supported-architecture": ("ProcessorInfo", "SupportedArchitectures"),
    "supported-usage-class": ("SupportedUsageClasses",),
    "ebs-info.encryption-support": ("EbsInfo", "EncryptionSupport"),
    "hypervisor": ("Hypervisor",),
}


def _matches(description: dict[str, Any], name: str, values: list[str]) -> bool:
    if name not in TYPE_FILTERS:
        raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
    found: Any = description
    for step in TYPE_FILTERS[name]:
        found = (found or {}).get(step)
    texts = [
        str(item).lower() if isinstance(item, bool) else str(item)
        for item in (found if isinstance(found, list) else [found])
    ]
    return any(matches(value, text) for value in values for text in texts)


def _page(items: list[Any], parameters: dict[str, Any], default: int) -> tuple[list[Any], str | None]:
    """One page and the token of the next; the token is where it begins."""
    size = int(parameters.get("MaxResults") or default)
    try:
        begin = int(parameters.get("NextToken") or 0)
    except ValueError as problem:
        raise AwsError("InvalidNextToken", "The token is invalid") from problem
    return items[begin : begin + size], str(begin + size) if begin + size < len(items) else None


def describe_instance_types(call: Call) -> dict[str, Any]:
    """DescribeInstanceTypes: EC2's data, filters and pages."""
    known = instance_types()
    wanted = call.parameters.get("InstanceTypes") or []
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise AwsError(
            "InvalidInstanceType", f"The following supplied instance types do not exist: [{', '.join(unknown)}]"
        )
    offered = {offer["InstanceType"] for offer in offerings("region", get_region())}
    found = [known[name] for name in known if (name in wanted if wanted else not offered or name in offered)]
    for entry in call.parameters.get("Filters") or []:
        found = [d for d in found if _matches(d, entry["Name"], entry.get("Values") or [])]
    page, token = _page(found, call.parameters, 100)
    return {"InstanceTypes": page, **({"NextToken": token} if token else {})}


def describe_instance_type_offerings(call: Call) -> dict[str, Any]:
    """DescribeInstanceTypeOfferings: EC2's data, filters and pages."""
    kind = call.parameters.get("LocationType") or "region"
    found = list(offerings(kind, get_region()))
    for entry in call.parameters.get("Filters") or []:
        key = {"instance-type": "InstanceType", "location": "Location"}.get(entry["Name"])
        if key is None:
            raise AwsError("InvalidParameterValue", f"The filter '{entry['Name']}' is invalid")
        found = [o for o in found if any(matches(value, o[key]) for value in entry.get("Values") or [])]
    page, token = _page([{"LocationType": kind, **offer} for offer in found], call.parameters, 1000)
    return {"InstanceTypeOfferings": page, **({"NextToken": token} if token else {})}


ANSWERS: dict[tuple[str, str], Answer] = {
    ("ec2", "CreateFlowLogs"): create_flow_logs,
    ("ec2", "DescribeFlowLogs"): describe_flow_logs,
    ("ec2", "CreateVpcEndpoint"): create_vpc_endpoint,
    ("ec2", "DescribeVpcEndpoints"): describe_vpc_endpoints,
    ("ec2", "ModifyVpcEndpoint"): modify_vpc_endpoint,
    ("ec2", "CreateLaunchTemplate"): create_launch_template,
    ("ec2", "CreateLaunchTemplateVersion"): create_launch_template_version,
    ("ec2", "DescribeLaunchTemplateVersions"): describe_launch_template_versions,
    ("ec2", "DeleteLaunchTemplateVersions"): delete_launch_template_versions,
    ("ec2", "DescribeInstanceTypes"): describe_instance_types,
    ("ec2", "DescribeInstanceTypeOfferings"): describe_instance_type_offerings,
}
