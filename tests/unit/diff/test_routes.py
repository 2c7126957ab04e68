"""Where networks lead: routes, network ACLs, public addresses and load balancers."""

from __future__ import annotations

from typing import Any

from tests.support.changes import resource, told

TABLE = resource("EC2::RouteTable", VpcId="vpc-1")


def route(**target: Any) -> dict[str, Any]:
    return resource("EC2::Route", **{"RouteTableId": {"Ref": "Table"}, "DestinationCidrBlock": "0.0.0.0/0", **target})


def reach(before: dict[str, Any], after: dict[str, Any], direction: str = "weaker") -> list[str]:
    return told(before, after, "reach", direction)


def test_a_route_to_an_internet_gateway() -> None:
    before = {"Table": TABLE, "Gateway": resource("EC2::InternetGateway")}
    after = {**before, "Out": route(GatewayId={"Ref": "Gateway"})}
    assert reach(before, after) == ["Table newly has a route to the internet (0.0.0.0/0) through the internet gateway"]
    assert reach(after, before, "stronger") == [
        "Table no longer has a route to the internet (0.0.0.0/0) through the internet gateway"
    ]


def test_a_route_in_two_halves_is_the_same_route_and_another_target_is_not() -> None:
    whole = {"Table": TABLE, "Out": route(NatGatewayId="nat-1")}
    halves = {
        "Table": TABLE,
        **{f"R{n}": route(NatGatewayId="nat-1", DestinationCidrBlock=f"{n}.0.0.0/1") for n in (0, 128)},
    }
    assert reach(whole, halves) == reach(halves, whole) == []
    assert reach(whole, {"Table": TABLE, "Out": route(GatewayId="igw-1")}) == [
        "Table newly has a route to the internet (0.0.0.0/0) through the internet gateway"
    ]


def test_a_subnet_that_is_given_a_public_table() -> None:
    common = {
        "Table": TABLE,
        "Private": resource("EC2::RouteTable", VpcId="vpc-1"),
        "Out": route(GatewayId="igw-1"),
        "Net": resource("EC2::Subnet", VpcId="vpc-1", CidrBlock="10.0.0.0/24"),
    }
    before, after = (
        {
            **common,
            "Link": resource("EC2::SubnetRouteTableAssociation", SubnetId={"Ref": "Net"}, RouteTableId={"Ref": table}),
        }
        for table in ("Private", "Table")
    )
    assert reach(before, after) == ["Net newly has a route to the internet (0.0.0.0/0) through the internet gateway"]
    assert reach(after, before) == []


def acl(*entries: tuple[int, str, str, Any]) -> dict[str, Any]:
    made = {"Acl": resource("EC2::NetworkAcl", VpcId="vpc-1")}
    for number, action, cidr, ports in entries:
        port_range = {"Protocol": -1} if ports is None else {"Protocol": 6, "PortRange": {"From": ports, "To": ports}}
        made[f"E{number}"] = resource(
            "EC2::NetworkAclEntry",
            NetworkAclId={"Ref": "Acl"},
            RuleNumber=number,
            RuleAction=action,
            CidrBlock=cidr,
            **port_range,
        )
    return made


def test_the_first_entry_that_matches_decides() -> None:
    guarded = acl((100, "deny", "10.0.0.0/8", 22), (200, "allow", "0.0.0.0/0", None))
    swapped = acl((100, "allow", "0.0.0.0/0", None), (200, "deny", "10.0.0.0/8", 22))
    assert reach(guarded, swapped) == [
        "the network ACL Acl newly lets 10.0.0.0/8 (16,777,216 addresses) in on TCP 22 (SSH)"
    ]
    renumbered = acl((7, "deny", "10.0.0.0/8", 22), (8, "allow", "0.0.0.0/0", None))
    assert reach(guarded, renumbered) == reach(renumbered, guarded) == []


def test_a_new_acl_only_narrows_and_one_taken_away_widens() -> None:
    subnet = {"Net": resource("EC2::Subnet", VpcId="vpc-1", CidrBlock="10.0.0.0/24")}
    link = resource("EC2::SubnetNetworkAclAssociation", SubnetId={"Ref": "Net"}, NetworkAclId={"Ref": "Acl"})
    guarded = {**subnet, **acl((100, "allow", "10.0.0.0/8", 443)), "Link": link}
    assert reach(subnet, guarded) == []
    widened = reach(guarded, subnet)
    assert any(said.startswith("the internet (0.0.0.0/0) can newly pass into Net on") for said in widened)


def test_a_public_database_names_its_port() -> None:
    before, after = (
        {"Db": resource("RDS::DBInstance", PubliclyAccessible=public, Port="6432")} for public in (False, "true")
    )
    assert reach(before, after) == [
        "Db newly has an address on the internet on TCP 6432 (PubliclyAccessible), as far as its security groups let in"
    ]
    assert reach(after, before) == []


def test_a_launch_template_and_a_subnet_with_public_addresses() -> None:
    def launch(*, public: bool) -> dict[str, Any]:
        interface = {"DeviceIndex": 0, "AssociatePublicIpAddress": public}
        return {
            "Launch": resource("EC2::LaunchTemplate", LaunchTemplateData={"NetworkInterfaces": [interface]}),
            "Net": resource("EC2::Subnet", VpcId="vpc-1", MapPublicIpOnLaunch=public),
        }

    found = reach(launch(public=False), launch(public=True))
    assert [said.split(" ")[0] for said in found] == ["Launch", "Net"]
    assert all("newly has an address on the internet" in said for said in found)


def balancer(scheme: str, *ports: int) -> dict[str, Any]:
    return {
        "Web": resource("ElasticLoadBalancingV2::LoadBalancer", Scheme=scheme, Type="network"),
        **{
            f"L{port}": resource(
                "ElasticLoadBalancingV2::Listener", LoadBalancerArn={"Ref": "Web"}, Protocol="TLS", Port=port
            )
            for port in ports
        },
    }


def test_a_listener_on_the_internet_and_a_load_balancer_that_moves_there() -> None:
    assert reach(balancer("internet-facing", 443), balancer("internet-facing", 443, 8443)) == [
        "the internet can newly reach the load balancer Web on TCP 8443, as far as its security groups let in"
    ]
    assert reach(balancer("internal", 443), balancer("internet-facing", 443)) == [
        "the internet can newly reach the load balancer Web on TCP 443, as far as its security groups let in"
    ]
    assert reach(balancer("internet-facing", 443), balancer("internal", 443)) == []
