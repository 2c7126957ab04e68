"""Constructs that keep the promises of Nexis Network's security page: how it is built."""

from __future__ import annotations

from nexis_constructs.audit_trail import AuditTrail
from nexis_constructs.customer_key import CustomerKey
from nexis_constructs.database_client_group import DatabaseClientGroup
from nexis_constructs.database_cluster import DatabaseCluster
from nexis_constructs.database_host import DatabaseHost
from nexis_constructs.deployment_role import DeploymentRole
from nexis_constructs.hardened_network import HardenedNetwork
from nexis_constructs.host_program import HostFacts, HostProgram, PlaceholderProgram
from nexis_constructs.managed_database import ManagedDatabase
from nexis_constructs.policy_hook import PolicyHook
from nexis_constructs.private_bucket import PrivateBucket
from nexis_constructs.role_password import RolePassword
from nexis_constructs.tls_only_parameter_group import TlsOnlyParameterGroup

__all__ = [
    "AuditTrail",
    "CustomerKey",
    "DatabaseClientGroup",
    "DatabaseCluster",
    "DatabaseHost",
    "DeploymentRole",
    "HardenedNetwork",
    "HostFacts",
    "HostProgram",
    "ManagedDatabase",
    "PlaceholderProgram",
    "PolicyHook",
    "PrivateBucket",
    "RolePassword",
    "TlsOnlyParameterGroup",
]
