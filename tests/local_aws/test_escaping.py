"""Text that XML must escape: it survives every service that answers in XML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.local_aws.cloud import Cloud, allow, ref

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.real

TEXT = 'reads & writes <all> "logs"'
TAGS = [{"Key": "note", "Value": TEXT}]
SUBNETS = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16", "Tags": TAGS}},
    "A": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": ref("Vpc"), "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "eu-central-1a"},
    },
    "B": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": ref("Vpc"), "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "eu-central-1b"},
    },
}
RESOURCES: dict[str, Any] = {
    **SUBNETS,
    "Group": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": TEXT,
            "VpcId": ref("Vpc"),
            "SecurityGroupIngress": [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8", "Description": TEXT}],
            "Tags": TAGS,
        },
    },
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": allow("ec2.amazonaws.com"), "Description": TEXT, "Tags": TAGS},
    },
    "Managed": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "Description": TEXT,
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}],
            },
        },
    },
    "Subnets": {
        "Type": "AWS::RDS::DBSubnetGroup",
        "Properties": {"DBSubnetGroupDescription": TEXT, "SubnetIds": [ref("A"), ref("B")], "Tags": TAGS},
    },
    "Parameters": {
        "Type": "AWS::RDS::DBParameterGroup",
        "Properties": {"Family": "postgres17", "Description": TEXT, "Tags": TAGS},
    },
    "ClusterParameters": {
        "Type": "AWS::RDS::DBClusterParameterGroup",
        "Properties": {"Family": "aurora-postgresql16", "Description": TEXT, "Parameters": {"rds.force_ssl": "1"}},
    },
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": TEXT, "Tags": TAGS}},
    "TopicPolicy": {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {
            "Topics": [ref("Topic")],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Sid": TEXT, "Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}
                ],
            },
        },
    },
    "Template": {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {
            "LaunchTemplateData": {
                "InstanceType": "m6gd.large",
                "TagSpecifications": [{"ResourceType": "instance", "Tags": TAGS}],
            }
        },
    },
    "Hosts": {
        "Type": "AWS::AutoScaling::AutoScalingGroup",
        "Properties": {
            "MinSize": "0",
            "MaxSize": "1",
            "LaunchTemplate": {"LaunchTemplateId": ref("Template"), "Version": "1"},
            "VPCZoneIdentifier": [ref("A")],
            "Tags": [{**TAGS[0], "PropagateAtLaunch": True}],
        },
    },
    "Zone": {
        "Type": "AWS::Route53::HostedZone",
        "Properties": {
            "Name": "example.internal",
            "HostedZoneConfig": {"Comment": TEXT},
            "VPCs": [{"VPCId": ref("Vpc"), "VPCRegion": "eu-central-1"}],
        },
    },
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"Tags": TAGS}},
    "Alarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": TEXT,
            "MetricName": "m",
            "Namespace": "n",
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold",
        },
    },
    "Database": {
        "Type": "AWS::RDS::DBInstance",
        "Properties": {
            "Engine": "postgres",
            "EngineVersion": "17.4",
            "DBInstanceClass": "db.m6gd.large",
            "AllocatedStorage": "20",
            "MasterUsername": "x",
            "MasterUserPassword": "a-password",
            "DBSubnetGroupName": ref("Subnets"),
            "Tags": TAGS,
        },
    },
}


@pytest.fixture(scope="module")
def ids(cloud: Cloud) -> dict[str, str]:
    tags = [{"Key": "stack-note", "Value": TEXT}]
    return cloud.deploy("escaping", RESOURCES, {"Text": TEXT}, Tags=tags)


def tag(tags: list[dict[str, str]]) -> str:
    return next(entry["Value"] for entry in tags if entry["Key"] == "note")


READERS: dict[str, Callable[[Cloud, dict[str, str]], str]] = {
    "stack output": lambda c, _: c.outputs("escaping")["Text"],
    "stack tag": lambda c, _: c.client("cloudformation").describe_stacks(StackName="escaping")["Stacks"][0]["Tags"][0][
        "Value"
    ],
    "VPC tag": lambda c, i: tag(c.client("ec2").describe_vpcs(VpcIds=[i["Vpc"]])["Vpcs"][0]["Tags"]),
    "security group": lambda c, i: c.client("ec2").describe_security_groups(GroupIds=[i["Group"]])["SecurityGroups"][0][
        "Description"
    ],
    "security group rule": lambda c, i: c.client("ec2").describe_security_groups(GroupIds=[i["Group"]])[
        "SecurityGroups"
    ][0]["IpPermissions"][0]["IpRanges"][0]["Description"],
    "role": lambda c, i: c.client("iam").get_role(RoleName=i["Role"])["Role"]["Description"],
    "role's tag": lambda c, i: tag(c.client("iam").get_role(RoleName=i["Role"])["Role"]["Tags"]),
    "roles listed": lambda c, i: next(
        r["Description"] for r in c.client("iam").list_roles()["Roles"] if r["RoleName"] == i["Role"]
    ),
    "managed policy": lambda c, i: c.client("iam").get_policy(PolicyArn=i["Managed"])["Policy"]["Description"],
    "subnet group": lambda c, i: c.client("rds").describe_db_subnet_groups(DBSubnetGroupName=i["Subnets"])[
        "DBSubnetGroups"
    ][0]["DBSubnetGroupDescription"],
    "subnet group of a database": lambda c, i: c.client("rds").describe_db_instances()["DBInstances"][0][
        "DBSubnetGroup"
    ]["DBSubnetGroupDescription"],
    "database's tag": lambda c, i: tag(c.client("rds").describe_db_instances()["DBInstances"][0]["TagList"]),
    "parameter group": lambda c, i: c.client("rds").describe_db_parameter_groups(DBParameterGroupName=i["Parameters"])[
        "DBParameterGroups"
    ][0]["Description"],
    "cluster parameter group": lambda c, i: c.client("rds").describe_db_cluster_parameter_groups(
        DBClusterParameterGroupName=i["ClusterParameters"]
    )["DBClusterParameterGroups"][0]["Description"],
    "topic": lambda c, i: c.client("sns").get_topic_attributes(TopicArn=i["Topic"])["Attributes"]["DisplayName"],
    "topic's policy": lambda c, i: __import__("json").loads(
        c.client("sns").get_topic_attributes(TopicArn=i["Topic"])["Attributes"]["Policy"]
    )["Statement"][0]["Sid"],
    "topic's tag": lambda c, i: tag(c.client("sns").list_tags_for_resource(ResourceArn=i["Topic"])["Tags"]),
    "launch template's tag": lambda c, i: tag(
        c.client("ec2").describe_launch_template_versions(LaunchTemplateId=i["Template"])["LaunchTemplateVersions"][0][
            "LaunchTemplateData"
        ]["TagSpecifications"][0]["Tags"]
    ),
    "Auto Scaling group's tag": lambda c, i: tag(
        c.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]["Tags"]
    ),
    "hosted zone": lambda c, i: c.client("route53").get_hosted_zone(Id=i["Zone"])["HostedZone"]["Config"]["Comment"],
    "bucket's tag": lambda c, i: tag(c.client("s3").get_bucket_tagging(Bucket=i["Bucket"])["TagSet"]),
    "alarm": lambda c, i: c.client("cloudwatch").describe_alarms()["MetricAlarms"][0]["AlarmDescription"],
}


@pytest.mark.parametrize("place", READERS)
def test_text_survives(cloud: Cloud, ids: dict[str, str], place: str) -> None:
    assert READERS[place](cloud, ids) == TEXT
