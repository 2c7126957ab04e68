from __future__ import annotations

import pytest
from aws_cdk import aws_ec2 as ec2

from nexis_constructs.database_client_group import DatabaseClientGroup
from nexis_constructs.hardened_network import HardenedNetwork
from tests.support.database_templates import Synthesized, new_stack


@pytest.mark.parametrize("port", [5432, 6432])
def test_a_client_reaches_one_port_inside_the_network_and_nothing_reaches_it(port: int) -> None:
    stack = new_stack()
    network = HardenedNetwork(stack, "Network", address_range="10.30.0.0/20")
    clients = DatabaseClientGroup(stack, "Clients", network=network, port=port)
    properties = Synthesized(stack).properties(clients.resource)
    assert "SecurityGroupIngress" not in properties
    assert [(rule["CidrIp"], rule["FromPort"], rule["ToPort"]) for rule in properties["SecurityGroupEgress"]] == [
        ("10.30.0.0/20", port, port)
    ]


@pytest.mark.parametrize(("retain", "policy"), [(True, "RetainExceptOnCreate"), (False, "Delete")])
def test_it_stays_where_the_group_of_the_database_stays(retain: bool, policy: str) -> None:
    stack = new_stack()
    network = HardenedNetwork(stack, "Network", retain_logs=retain)
    clients = DatabaseClientGroup(stack, "Clients", network=network, retain=retain)
    assert Synthesized(stack).whole(clients.resource)["DeletionPolicy"] == policy


def test_nobody_can_add_a_rule_to_it_by_the_way() -> None:
    stack = new_stack()
    clients = DatabaseClientGroup(stack, "Clients", network=HardenedNetwork(stack, "Network"))
    clients.security_group.connections.allow_from_any_ipv4(ec2.Port.all_traffic())
    assert not Synthesized(stack).of_type("AWS::EC2::SecurityGroupIngress")


@pytest.mark.parametrize("port", [0, 65536, True, "5432"])
def test_what_is_no_port_is_refused(port: int) -> None:
    stack = new_stack()
    network = HardenedNetwork(stack, "Network")
    with pytest.raises(ValueError, match="port: got"):
        DatabaseClientGroup(stack, "Clients", network=network, port=port)
