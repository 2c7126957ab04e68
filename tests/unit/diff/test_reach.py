"""Who can newly reach what: security groups as sets of sources, protocols and ports."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.changes import compared, resource, told

VPC_GROUP = "EC2::SecurityGroup"


def rule(source: Any = "10.0.0.0/8", ports: Any = 443, protocol: Any = "tcp", **more: Any) -> dict[str, Any]:
    first, last = ports if isinstance(ports, tuple) else (ports, ports)
    name = "CidrIpv6" if isinstance(source, str) and ":" in source else "CidrIp"
    peer = {} if source is None else {name: source}
    return {"IpProtocol": protocol, "FromPort": first, "ToPort": last, **peer, **more}


def group(*rules: Any, **more: Any) -> dict[str, Any]:
    nothing_out = [rule("255.255.255.255/32", -1, "icmp")]
    return resource(
        VPC_GROUP, GroupDescription="x", SecurityGroupIngress=list(rules), SecurityGroupEgress=nothing_out, **more
    )


def reach(before: Any, after: Any, direction: str = "weaker", **more: Any) -> list[str]:
    """Compare one group, or several resources."""
    one = [{"G": side} if "Type" in side else side for side in (before, after)]
    return told(one[0], one[1], "reach", direction, **more)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([rule("0.0.0.0/0")], [rule("0.0.0.0/1"), rule("128.0.0.0/1")]),
        ([rule(ports=(1, 10))], [rule(ports=(6, 10)), rule(ports=(1, 5))]),
        ([rule("10.0.0.0/8"), rule("::/0")], [rule("0:0::0/0"), rule("10.1.2.3/8")]),
        ([rule(protocol="6")], [rule(protocol="tcp")]),
        ([rule(ports=(0, 65535))], [rule(ports=-1)]),
        ([rule()], [{**rule(), "FromPort": "443", "Description": "web"}]),
        ([rule(), rule("10.1.0.0/16")], [rule()]),
        ([rule(protocol="-1"), rule(protocol="udp")], [rule(protocol="-1")]),
    ],
)
def test_the_same_set_said_differently_is_no_change(before: list[Any], after: list[Any]) -> None:
    for one, other in ((before, after), (after, before)):
        assert reach(group(*one), group(*other)) == []


def test_an_added_range_says_who_what_and_how_many() -> None:
    assert reach(group(rule()), group(rule(), rule("192.168.0.0/16", 5432))) == [
        "192.168.0.0/16 (65,536 addresses) can newly reach G (worn by nothing here) on TCP 5432 (PostgreSQL)"
    ]


def test_the_internet_is_called_so_in_pieces_too() -> None:
    halves = group(rule("0.0.0.0/1", 22), rule("128.0.0.0/1", 22))
    assert reach(group(), halves) == [
        "the internet (0.0.0.0/0) can newly reach G (worn by nothing here) on TCP 22 (SSH)"
    ]
    assert reach(group(), group(rule("::/0", (0, 0), "-1"))) == [
        "the internet (::/0) can newly reach G (worn by nothing here) on every protocol and port"
    ]


def test_less_reach_is_stronger() -> None:
    assert reach(group(rule(), rule("11.0.0.0/8")), group(rule())) == []
    assert reach(group(rule("10.0.0.0/15")), group(rule("10.0.0.0/16")), "stronger") == [
        "10.1.0.0/16 (65,536 addresses) can no longer reach G (worn by nothing here) on TCP 443"
    ]


def test_what_stands_behind_a_group_is_named() -> None:
    users = {
        "Host": resource("EC2::Instance", SecurityGroupIds=[{"Ref": "G"}]),
        "Database": resource("RDS::DBInstance", VPCSecurityGroups=[{"Fn::GetAtt": ["G", "GroupId"]}]),
        "Function": resource("Lambda::Function", VpcConfig={"SecurityGroupIds": [{"Ref": "G"}]}),
    }
    (said,) = reach({"G": group(), **users}, {"G": group(rule())} | users)
    assert " can newly reach G (worn by " in said
    assert all(name in said for name in users)


def test_separate_rules_count_with_the_group() -> None:
    apart = resource("EC2::SecurityGroupIngress", GroupId={"Fn::GetAtt": "G.GroupId"}, **rule())
    assert reach({"G": group(rule())}, {"G": group(), "Apart": apart}) == []
    assert reach({"G": group()}, {"G": group(), "Apart": apart}) == [
        "10.0.0.0/8 (16,777,216 addresses) can newly reach G (worn by nothing here) on TCP 443"
    ]


def test_groups_prefix_lists_and_the_group_itself_are_sources_too() -> None:
    def sides(*sources: dict[str, Any]) -> dict[str, Any]:
        return {
            "Clients": group(),
            "G": group(),
            **{
                f"R{n}": resource("EC2::SecurityGroupIngress", GroupId={"Ref": "G"}, **rule(None, 5432, **source))
                for n, source in enumerate(sources)
            },
        }

    sources = (
        {"SourceSecurityGroupId": {"Ref": "Clients"}},
        {"SourceSecurityGroupId": {"Ref": "G"}},
        {"SourceSecurityGroupId": "sg-0123456789abcdef0"},
        {"SourcePrefixListId": "pl-0123456789abcdef0"},
    )
    assert reach(sides(), sides(*sources)) == [
        f"{who} can newly reach G (worn by nothing here) on TCP 5432 (PostgreSQL)"
        for who in (
            "everything in the group itself",
            "prefix list pl-0123456789abcdef0",
            "security group Clients",
            "security group sg-0123456789abcdef0",
        )
    ]
    assert reach(sides(*sources), sides(*reversed(sources))) == []


def test_egress_is_what_the_group_reaches_and_its_absence_is_everything() -> None:
    open_out = resource(VPC_GROUP, GroupDescription="x", SecurityGroupIngress=[])
    everywhere = resource(
        VPC_GROUP,
        GroupDescription="x",
        SecurityGroupEgress=[rule("0.0.0.0/0", -1, "-1"), rule("::/0", -1, "-1")],
    )
    assert reach(open_out, everywhere) == reach(everywhere, open_out) == []
    assert reach(group(), open_out) == [
        f"G (worn by nothing here) can newly reach the internet ({whole}) on every protocol and port"
        for whole in ("0.0.0.0/0", "::/0")
    ]


def test_a_resource_that_moves_into_an_open_group_is_reached_by_more() -> None:
    groups = {"Closed": group(), "Open": group(rule("0.0.0.0/0", 80))}
    before, after = ({**groups, "Host": resource("EC2::Instance", SecurityGroupIds=[{"Ref": g}])} for g in groups)
    assert reach(before, after) == ["the internet (0.0.0.0/0) can newly reach Host on TCP 80"]
    assert reach(after, before) == []
    assert reach(after, before, "stronger") == ["the internet (0.0.0.0/0) can no longer reach Host on TCP 80"]
    # What a group's own growth explains is said with the group, once.
    (said,) = reach({"Open": group(), "Host": after["Host"]}, {"Open": groups["Open"], "Host": after["Host"]})
    assert said == "the internet (0.0.0.0/0) can newly reach Open (worn by Host) on TCP 80"


def test_a_group_of_elsewhere_lets_in_whoever_it_lets_in() -> None:
    before, after = ({"H": resource("EC2::Instance", SecurityGroupIds=ids)} for ids in (["sg-1"], ["sg-1", "sg-2"]))
    assert reach(before, after) == [
        "whoever the security group sg-2 lets in can newly reach H on every protocol and port"
    ]


def test_rules_added_to_a_group_of_elsewhere_are_told_and_may_be_split() -> None:
    def added(*rules: dict[str, Any]) -> dict[str, Any]:
        return {f"R{n}": resource("EC2::SecurityGroupIngress", GroupId="sg-1", **one) for n, one in enumerate(rules)}

    assert reach({}, added(rule("0.0.0.0/0", 22))) == [
        "the internet (0.0.0.0/0) can newly reach whatever wears the security group sg-1 on TCP 22 (SSH)"
    ]
    assert reach(added(rule("0.0.0.0/0")), added(rule("0.0.0.0/1"), rule("128.0.0.0/1"))) == []


OPEN: Any = {"Parameters": {"From": {"Type": "String"}, "Other": {"Type": "String"}}}


def test_what_cannot_be_known_is_weaker_when_it_was_known() -> None:
    (said,) = reach(group(rule()), group(rule({"Ref": "From"})), **OPEN)
    assert said.startswith("G (worn by nothing here) may newly be reached by somebody who cannot be known on TCP 443")
    assert "parameter From has no default" in said
    assert reach(group(rule({"Ref": "From"})), group(rule({"Ref": "From"})), **OPEN) == []
    assert reach(group(rule({"Ref": "From"})), group(rule({"Ref": "Other"})), **OPEN) != []
    assert reach(group(rule()), group(rule(ports={"Ref": "From"})), **OPEN) != []
    assert reach(group(rule()), resource(VPC_GROUP, SecurityGroupIngress={"Ref": "From"}), **OPEN) != []


def test_an_open_condition_that_nobody_touched_changes_nothing() -> None:
    sections: Any = {
        "Parameters": {"Mode": {"Type": "String"}},
        "Conditions": {"Wide": {"Fn::Equals": [{"Ref": "Mode"}, "wide"]}},
    }
    cidr = {"Fn::If": ["Wide", "0.0.0.0/0", "10.0.0.0/8"]}
    assert reach(group(rule(cidr)), group(rule(cidr)), **sections) == []
    (said,) = reach(group(rule("10.0.0.0/8")), group(rule(cidr)), **sections)
    assert said.startswith("the internet (0.0.0.0/0) can newly reach G")
    assert "(when Mode is 'wide'" in said


def test_a_group_whose_condition_fails_lets_nobody_in() -> None:
    never: Any = {"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}}
    gone = {**group(rule("0.0.0.0/0")), "Condition": "Never"}
    assert reach(gone, group(rule("0.0.0.0/0")), **never) != []
    assert compared({"G": gone}, {"G": gone}, **never).changes == ()


def test_icmp_types_are_told_apart() -> None:
    (said,) = reach(group(rule(ports=(3, 4), protocol="icmp")), group(rule(ports=-1, protocol="icmp")))
    assert "on ICMP type 0-2, 4-65535" in said
    endless = group(rule(ports=float("inf"), protocol="icmp"))
    (said,) = reach(group(rule(ports=(3, 4), protocol="icmp")), endless)
    assert "on ICMP type 0-2, 4-65535" in said
