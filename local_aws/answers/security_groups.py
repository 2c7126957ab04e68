"""Security groups: rules over IPv4, IPv6, prefix lists and groups, as EC2 keeps and shows them.

MiniStack drops prefix lists, and shows a permission with two ranges as two rules of one identity. Here every rule is
stored on its own, DescribeSecurityGroups joins rules of one protocol and port range as EC2 does, and
DescribeSecurityGroupRules lists them singly.

Source: EC2 API Reference, AuthorizeSecurityGroupIngress, RevokeSecurityGroupIngress, DescribeSecurityGroupRules,
DeleteSecurityGroup.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id
from ministack.services import ec2, rds

from local_aws.answers.ec2_filters import select
from local_aws.faults import AwsError

if TYPE_CHECKING:
    from local_aws.mends import Answer, Call

Rule = dict[str, Any]
# The four kinds of peer: (list in a permission, key that names the peer, key in a SecurityGroupRule)
PEERS = (
    ("IpRanges", "CidrIp", "CidrIpv4"),
    ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
    ("PrefixListIds", "PrefixListId", "PrefixListId"),
    ("UserIdGroupPairs", "GroupId", "ReferencedGroupInfo"),
)
PROTOCOL_NAMES = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}


def single_rules(permissions: list[Rule]) -> list[Rule]:
    """Permissions as rules with one peer each.

    Args:
        permissions: IpPermissions as boto3 takes them.
    """
    rules = []
    for permission in permissions:
        protocol = str(permission.get("IpProtocol", "-1")).lower()
        base: Rule = {"IpProtocol": PROTOCOL_NAMES.get(protocol, protocol)}
        if base["IpProtocol"] != "-1":
            base |= {key: int(permission[key]) for key in ("FromPort", "ToPort") if permission.get(key) is not None}
        for kind, _, _ in PEERS:
            for peer in permission.get(kind) or []:
                rule = {**base, **{other: [] for other, _, _ in PEERS}}
                rule[kind] = [dict(peer)]
                rules.append(rule)
    return rules


def joined_permissions(rules: list[Rule]) -> list[Rule]:
    """Rules as DescribeSecurityGroups shows them: one permission per protocol and port range.

    Args:
        rules: Stored rules.
    """
    joined: dict[tuple[Any, ...], Rule] = {}
    for rule in single_rules(rules):
        key = (rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort"))
        permission = joined.setdefault(key, {**rule, **{kind: [] for kind, _, _ in PEERS}})
        for kind, _, _ in PEERS:
            for peer in rule[kind]:
                shown = dict(peer)
                if kind == "UserIdGroupPairs":
                    shown.setdefault("UserId", get_account_id())
                permission[kind].append(shown)
    return list(joined.values())


def same_rule(one: Rule, other: Rule) -> bool:
    """Whether two single rules are the same for EC2: protocol, ports and peer; a description does not count.

    Args:
        one: A rule with one peer.
        other: Another.
    """
    return _identity(one) == _identity(other)


def _identity(rule: Rule) -> tuple[Any, ...]:
    peers = tuple((kind, peer.get(key)) for kind, key, _ in PEERS for peer in rule.get(kind) or [])
    return (rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort"), peers)


def rule_shown(group_id: str, rule: Rule, *, egress: bool) -> dict[str, Any]:
    """A rule as a SecurityGroupRule.

    Args:
        group_id: The group.
        rule: A rule with one peer.
        egress: Whether it is an outbound rule.
    """
    kind, key, shown_as = next(peer for peer in PEERS if rule.get(peer[0]))
    peer = rule[kind][0]
    identity = ec2._sg_rule_id(group_id, egress, rule)
    shown: dict[str, Any] = {
        "SecurityGroupRuleId": identity,
        "GroupId": group_id,
        "GroupOwnerId": get_account_id(),
        "IsEgress": egress,
        "IpProtocol": rule["IpProtocol"],
        "FromPort": rule.get("FromPort", -1),
        "ToPort": rule.get("ToPort", -1),
        "Tags": list(ec2._tags.get(identity) or []),
    }
    if peer.get("Description"):
        shown["Description"] = peer["Description"]
    if kind == "UserIdGroupPairs":
        shown[shown_as] = {"GroupId": peer.get(key), "UserId": peer.get("UserId") or get_account_id()}
    else:
        shown[shown_as] = peer[key]
    return shown


def stored_group(group_id: str) -> Rule:
    """The record of a group, its rules stored singly from now on.

    Args:
        group_id: The group.

    Raises:
        AwsError: If there is no such group.
    """
    ec2._ensure_defaults_initialized()
    group: Rule | None = ec2._security_groups.get(group_id)
    if group is None:
        raise AwsError("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
    for side in ("IpPermissions", "IpPermissionsEgress"):
        group[side] = [
            _with_identity(group_id, rule, egress=side == "IpPermissionsEgress") for rule in _split(group[side])
        ]
    return group


def admit_members(group_id: str) -> None:
    """The inbound rule every default group is born with: everything from its own members.

    Args:
        group_id: The default group of a new VPC.

    Source: Amazon VPC User Guide, "Default security groups for your VPCs".
    """
    group = stored_group(group_id)
    if not group["IpPermissions"]:
        rule = single_rules([{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group_id}]}])[0]
        group["IpPermissions"] = [_with_identity(group_id, rule, egress=False)]


def create_vpc(call: Call) -> dict[str, Any]:
    """CreateVpc: with the default group's inbound rule."""
    answer = call.stock()
    admit_members(ec2._vpcs[answer["Vpc"]["VpcId"]]["DefaultSecurityGroupId"])
    return answer


def _split(rules: list[Rule]) -> list[Rule]:
    """Single rules; those that are single already stay the same object with their identity."""
    result: list[Rule] = []
    for rule in rules:
        if sum(len(rule.get(kind) or []) for kind, _, _ in PEERS) == 1 and "SecurityGroupRuleId" in rule:
            result.append(rule)
        else:
            result += single_rules([rule])
    return result


def _with_identity(group_id: str, rule: Rule, *, egress: bool) -> Rule:
    rule["SecurityGroupRuleId"] = ec2._sg_rule_id(group_id, egress, rule)
    return rule


def _asked(parameters: dict[str, Any]) -> list[Rule]:
    """The rules of a request, in the long form or the short one (CidrIp=…)."""
    rules = single_rules(parameters.get("IpPermissions") or [])
    if parameters.get("CidrIp"):
        short = {key: parameters.get(key) for key in ("IpProtocol", "FromPort", "ToPort")}
        rules += single_rules([{**short, "IpRanges": [{"CidrIp": parameters["CidrIp"]}]}])
    if parameters.get("SourceSecurityGroupName"):
        name = parameters["SourceSecurityGroupName"]
        group: Rule = next((g for g in ec2._security_groups.values() if g["GroupName"] == name), {})
        short = {key: parameters.get(key) for key in ("IpProtocol", "FromPort", "ToPort")}
        rules += single_rules([{**short, "UserIdGroupPairs": [{"GroupId": group.get("GroupId")}]}])
    return rules


def _group_of(parameters: dict[str, Any]) -> Rule:
    group_id = parameters.get("GroupId")
    if not group_id and parameters.get("GroupName"):
        named = (g for g in ec2._security_groups.values() if g["GroupName"] == parameters["GroupName"])
        group_id = next((g["GroupId"] for g in named), parameters["GroupName"])
    return stored_group(str(group_id))


def _authorize(call: Call, *, egress: bool) -> dict[str, Any]:
    group = _group_of(call.parameters)
    stored = group["IpPermissionsEgress" if egress else "IpPermissions"]
    asked = _asked(call.parameters)
    if not asked:
        raise AwsError(
            "InvalidParameterValue", "The request must contain at least one rule with a source or destination"
        )
    for rule in asked:
        if any(same_rule(rule, other) for other in stored):
            raise AwsError(
                "InvalidPermission.Duplicate",
                f'the specified rule "peer: {_identity(rule)[3]}, {rule["IpProtocol"]}, ALLOW" already exists',
            )
    tags = [tag for spec in call.parameters.get("TagSpecifications") or [] for tag in spec.get("Tags") or []]
    for rule in asked:
        _with_identity(group["GroupId"], rule, egress=egress)
        stored.append(rule)
        if tags:
            ec2._tags[rule["SecurityGroupRuleId"]] = tags
    shown = [rule_shown(group["GroupId"], rule, egress=egress) for rule in asked]
    return {"Return": True, "SecurityGroupRules": shown}


def _revoke(call: Call, *, egress: bool) -> dict[str, Any]:
    group = _group_of(call.parameters)
    side = "IpPermissionsEgress" if egress else "IpPermissions"
    by_identity = call.parameters.get("SecurityGroupRuleIds") or []
    known = {rule["SecurityGroupRuleId"]: rule for rule in group[side]}
    for identity in by_identity:
        if identity not in known:
            raise AwsError(
                "InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{identity}' does not exist"
            )
    doomed = [known[identity] for identity in by_identity]
    for asked in _asked(call.parameters):
        found = [rule for rule in group[side] if same_rule(rule, asked)]
        if not found:
            raise AwsError("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
        doomed += found
    group[side] = [rule for rule in group[side] if not any(rule is gone for gone in doomed)]
    return {"Return": True}


def authorize_ingress(call: Call) -> dict[str, Any]:
    """AuthorizeSecurityGroupIngress."""
    return _authorize(call, egress=False)


def authorize_egress(call: Call) -> dict[str, Any]:
    """AuthorizeSecurityGroupEgress."""
    return _authorize(call, egress=True)


def revoke_ingress(call: Call) -> dict[str, Any]:
    """RevokeSecurityGroupIngress."""
    return _revoke(call, egress=False)


def revoke_egress(call: Call) -> dict[str, Any]:
    """RevokeSecurityGroupEgress."""
    return _revoke(call, egress=True)


def describe_groups(call: Call) -> dict[str, Any]:
    """DescribeSecurityGroups: rules joined per protocol and ports."""
    answer = call.stock()
    for group in answer.get("SecurityGroups", []):
        record = stored_group(group["GroupId"])
        for side in ("IpPermissions", "IpPermissionsEgress"):
            group[side] = joined_permissions(record[side])
    return select(call, answer)


def describe_rules(call: Call) -> dict[str, Any]:
    """DescribeSecurityGroupRules: each rule on its own."""
    ec2._ensure_defaults_initialized()
    rules = []
    for group_id in [group["GroupId"] for group in ec2._security_groups.values()]:
        record = stored_group(group_id)
        for side, egress in (("IpPermissions", False), ("IpPermissionsEgress", True)):
            rules += [rule_shown(group_id, rule, egress=egress) for rule in record[side]]
    wanted = call.parameters.get("SecurityGroupRuleIds") or []
    missing = set(wanted) - {rule["SecurityGroupRuleId"] for rule in rules}
    if missing:
        raise AwsError(
            "InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{min(missing)}' does not exist"
        )
    chosen = [rule for rule in rules if not wanted or rule["SecurityGroupRuleId"] in wanted]
    return select(call, {"SecurityGroupRules": chosen})


def modify_rules(call: Call) -> dict[str, Any]:
    """ModifySecurityGroupRules: a rule keeps its identity, whatever it says now."""
    group = _group_of(call.parameters)
    for change in call.parameters.get("SecurityGroupRules") or []:
        identity, asked = change["SecurityGroupRuleId"], change.get("SecurityGroupRule") or {}
        rule = next(
            (
                r
                for side in ("IpPermissions", "IpPermissionsEgress")
                for r in group[side]
                if r["SecurityGroupRuleId"] == identity
            ),
            None,
        )
        if rule is None:
            raise AwsError(
                "InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{identity}' does not exist"
            )
        names = {
            "CidrIpv4": ("IpRanges", "CidrIp"),
            "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
            "PrefixListId": ("PrefixListIds", "PrefixListId"),
            "ReferencedGroupId": ("UserIdGroupPairs", "GroupId"),
        }
        permission = copy.deepcopy({key: asked[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in asked})
        for key, (kind, name) in names.items():
            if asked.get(key):
                note = {"Description": asked["Description"]} if asked.get("Description") else {}
                permission[kind] = [{name: asked[key], **note}]
        new = single_rules([permission])
        if len(new) != 1:
            raise AwsError("InvalidParameterValue", "A security group rule needs exactly one source or destination")
        rule.clear()
        rule.update(new[0], SecurityGroupRuleId=identity)
    return {"Return": True}


def check_unused(group_id: str) -> None:
    """Refuse to delete a group that another group's rule names, or that an endpoint or a database uses.

    Args:
        group_id: The group.

    Raises:
        AwsError: As EC2 refuses it.
    """
    rules = (
        peer.get("GroupId")
        for other in ec2._security_groups.values()
        if other["GroupId"] != group_id
        for rule in [*other["IpPermissions"], *other["IpPermissionsEgress"]]
        for peer in rule.get("UserIdGroupPairs") or []
    )
    endpoints = (group for e in ec2._vpc_endpoints.values() for group in e.get("SecurityGroupIds") or [])
    databases = (
        group.get("VpcSecurityGroupId")
        for store in (rds._instances, rds._clusters)
        for record in store.values()
        for group in record.get("VpcSecurityGroups") or []
    )
    if any(group_id in users for users in (rules, endpoints, databases)):
        raise AwsError("DependencyViolation", f"resource {group_id} has a dependent object")


def delete_group(call: Call) -> dict[str, Any]:
    """DeleteSecurityGroup: not while it is in use."""
    group = _group_of(call.parameters)
    check_unused(group["GroupId"])
    return call.stock()


ANSWERS: dict[tuple[str, str], Answer] = {
    ("ec2", "DeleteSecurityGroup"): delete_group,
    ("ec2", "CreateVpc"): create_vpc,
    ("ec2", "AuthorizeSecurityGroupIngress"): authorize_ingress,
    ("ec2", "AuthorizeSecurityGroupEgress"): authorize_egress,
    ("ec2", "RevokeSecurityGroupIngress"): revoke_ingress,
    ("ec2", "RevokeSecurityGroupEgress"): revoke_egress,
    ("ec2", "DescribeSecurityGroups"): describe_groups,
    ("ec2", "DescribeSecurityGroupRules"): describe_rules,
    ("ec2", "ModifySecurityGroupRules"): modify_rules,
}
