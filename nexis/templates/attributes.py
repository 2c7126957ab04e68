"""Attributes whose value is that of a property, so that a template says it.

Source: CloudFormation resource reference, "Fn::GetAtt" return values of each type. As of 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SAME_AS_PROPERTY: Final[Mapping[str, Mapping[str, str]]] = {
    "AWS::DocDB::DBCluster": {"Port": "Port"},
    "AWS::EC2::Instance": {"AvailabilityZone": "AvailabilityZone"},
    "AWS::EC2::SecurityGroup": {"VpcId": "VpcId"},
    "AWS::EC2::Subnet": {
        "AvailabilityZone": "AvailabilityZone",
        "AvailabilityZoneId": "AvailabilityZoneId",
        "CidrBlock": "CidrBlock",
        "OutpostArn": "OutpostArn",
        "VpcId": "VpcId",
    },
    "AWS::EC2::VPC": {"CidrBlock": "CidrBlock"},
    "AWS::ElastiCache::CacheCluster": {"ConfigurationEndpoint.Port": "Port", "RedisEndpoint.Port": "Port"},
    "AWS::ElastiCache::ReplicationGroup": {
        "ConfigurationEndPoint.Port": "Port",
        "PrimaryEndPoint.Port": "Port",
        "ReaderEndPoint.Port": "Port",
    },
    "AWS::MemoryDB::Cluster": {"ClusterEndpoint.Port": "Port"},
    "AWS::Neptune::DBCluster": {"Port": "DBPort"},
    "AWS::RDS::DBCluster": {"Endpoint.Port": "Port"},
    "AWS::RDS::DBInstance": {"Endpoint.Port": "Port"},
    "AWS::Redshift::Cluster": {"Endpoint.Port": "Port"},
    "AWS::SSM::Parameter": {"Type": "Type", "Value": "Value"},
}
