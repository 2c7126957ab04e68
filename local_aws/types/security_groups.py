"""AWS::EC2::SecurityGroupIngress and -Egress, and the default group of a new VPC."""

from __future__ import annotations

from functools import partial
from typing import Any

from ministack.services import ec2
from ministack.services.cloudformation import provisioners

from local_aws import api
from local_aws.answers.security_groups import admit_members, check_unused, same_rule, single_rules, stored_group
from local_aws.mends import Attributes, MendedType, NewType, Place, Properties


def permission(properties: Properties, peer: str) -> dict[str, Any]:
    """A rule resource's properties as an IpPermission.

    Args:
        properties: The rule's properties.
        peer: `Source` or `Destination`, the prefix of the group and prefix-list properties.
    """
    result: dict[str, Any] = {"IpProtocol": str(properties["IpProtocol"])}
    if "FromPort" in properties:
        result["FromPort"] = int(properties["FromPort"])
    if "ToPort" in properties:
        result["ToPort"] = int(properties["ToPort"])
    note = {"Description": properties["Description"]} if properties.get("Description") else {}
    for name, kind, key in (
        ("CidrIp", "IpRanges", "CidrIp"),
        ("CidrIpv6", "Ipv6Ranges", "CidrIpv6"),
        (f"{peer}SecurityGroupId", "UserIdGroupPairs", "GroupId"),
        (f"{peer}PrefixListId", "PrefixListIds", "PrefixListId"),
    ):
        if properties.get(name):
            result[kind] = [{key: properties[name], **note}]
    return result


def create_rule(properties: Properties, place: Place, *, direction: str, peer: str) -> tuple[str, Attributes]:
    """Authorize the rule; its physical id is the rule's own."""
    del place
    answer = api.call(
        "ec2",
        f"AuthorizeSecurityGroup{direction}",
        GroupId=properties["GroupId"],
        IpPermissions=[permission(properties, peer)],
    )
    identity = answer["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    return identity, {"Id": identity}


def delete_rule(identity: str, properties: Properties, *, direction: str) -> None:
    """Revoke the rule."""
    api.call_forgiving(
        "ec2", f"RevokeSecurityGroup{direction}", GroupId=properties["GroupId"], SecurityGroupRuleIds=[identity]
    )


def finish_group(identity: str, old: Properties, new: Properties) -> Attributes:
    """Rules stored singly; at an update, the old template's rules out and the new one's in. Others stay: drift."""
    group = stored_group(identity)
    if old:
        for name, side in (("SecurityGroupIngress", "IpPermissions"), ("SecurityGroupEgress", "IpPermissionsEgress")):
            if old.get(name) == new.get(name):
                continue
            before = single_rules(provisioners._ec2_sg_permissions(old.get(name)))
            after = single_rules(provisioners._ec2_sg_permissions(new.get(name)))
            others = [rule for rule in group[side] if not any(same_rule(rule, known) for known in before + after)]
            group[side] = others + after
        stored_group(identity)
    return {"Id": identity}


def refuse_used(identity: str, properties: Properties) -> None:
    """A group in use is not deleted by CloudFormation either."""
    del properties
    check_unused(identity)


def finish_vpc(identity: str, old: Properties, new: Properties) -> Attributes:
    """The default group admits its own members; MiniStack leaves that rule out."""
    vpc = ec2._vpcs[identity]
    if not old:
        admit_members(vpc["DefaultSecurityGroupId"])
    return {"CidrBlock": new.get("CidrBlock"), "CidrBlockAssociations": [], "Ipv6CidrBlocks": []}


NEW_TYPES = {
    "AWS::EC2::SecurityGroupIngress": NewType(
        partial(create_rule, direction="Ingress", peer="Source"), partial(delete_rule, direction="Ingress")
    ),
    "AWS::EC2::SecurityGroupEgress": NewType(
        partial(create_rule, direction="Egress", peer="Destination"), partial(delete_rule, direction="Egress")
    ),
}
MENDED_TYPES = {
    "AWS::EC2::SecurityGroup": MendedType(finish=finish_group, refuse=refuse_used),
    "AWS::EC2::VPC": MendedType(finish=finish_vpc),
}
