"""What the mends see of requests and answers is what boto3 sends and shows."""

from __future__ import annotations

import string
from typing import Any

import botocore.serialize
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_aws import wire
from local_aws.answers.security_groups import joined_permissions, same_rule, single_rules
from local_aws.faults import AwsError

TEXT = st.text(string.ascii_letters + string.digits + " &<>\"'é", min_size=1, max_size=12).map(str.strip).filter(bool)
TAGS = st.lists(st.fixed_dictionaries({"Key": TEXT, "Value": TEXT}), max_size=3)
PORTS = st.integers(0, 65535)
PERMISSION = st.fixed_dictionaries(
    {"IpProtocol": st.sampled_from(["tcp", "udp"]), "FromPort": PORTS, "ToPort": PORTS},
    optional={
        "IpRanges": st.lists(
            st.fixed_dictionaries({"CidrIp": st.sampled_from(["10.0.0.0/8", "0.0.0.0/0"])}), min_size=1, max_size=2
        ),
        "Ipv6Ranges": st.lists(
            st.fixed_dictionaries({"CidrIpv6": st.sampled_from(["::/0", "fd00::/8"])}), min_size=1, max_size=2
        ),
        "PrefixListIds": st.lists(
            st.fixed_dictionaries({"PrefixListId": st.sampled_from(["pl-1", "pl-2"])}), min_size=1, max_size=2
        ),
        "UserIdGroupPairs": st.lists(
            st.fixed_dictionaries({"GroupId": st.sampled_from(["sg-1", "sg-2"])}), min_size=1, max_size=2
        ),
    },
)
REQUESTS = st.one_of(
    st.tuples(
        st.just("ec2"),
        st.just("AuthorizeSecurityGroupIngress"),
        st.fixed_dictionaries({"GroupId": TEXT, "IpPermissions": st.lists(PERMISSION, min_size=1, max_size=3)}),
    ),
    st.tuples(
        st.just("ec2"),
        st.just("CreateFlowLogs"),
        st.fixed_dictionaries(
            {
                "ResourceIds": st.lists(TEXT, min_size=1, max_size=3),
                "ResourceType": st.just("VPC"),
                "MaxAggregationInterval": st.sampled_from([60, 600]),
            },
            optional={
                "TagSpecifications": st.lists(
                    st.fixed_dictionaries({"ResourceType": st.just("vpc-flow-log"), "Tags": TAGS.filter(bool)}),
                    min_size=1,
                    max_size=1,
                )
            },
        ),
    ),
    st.tuples(
        st.just("rds"),
        st.just("ModifyDBInstance"),
        st.fixed_dictionaries(
            {"DBInstanceIdentifier": TEXT, "ApplyImmediately": st.booleans()},
            optional={
                "BackupRetentionPeriod": st.integers(0, 35),
                "CloudwatchLogsExportConfiguration": st.fixed_dictionaries(
                    {"EnableLogTypes": st.lists(TEXT, min_size=1, max_size=2)}
                ),
            },
        ),
    ),
    st.tuples(
        st.just("autoscaling"),
        st.just("PutNotificationConfiguration"),
        st.fixed_dictionaries(
            {
                "AutoScalingGroupName": TEXT,
                "TopicARN": TEXT,
                "NotificationTypes": st.lists(TEXT, min_size=1, max_size=3),
            }
        ),
    ),
)


@settings(deadline=None)
@given(REQUESTS)
def test_a_request_is_read_as_boto3_was_called(request: tuple[str, str, dict[str, Any]]) -> None:
    service, operation, parameters = request
    serializer = botocore.serialize.create_serializer(wire.protocol(service))
    sent = serializer.serialize_to_request(parameters, wire.model(service).operation_model(operation))
    query = {key: [str(value)] for key, value in sent["body"].items()}
    assert wire.operation_name({}, b"", query) == operation
    assert wire.read_request(service, operation, b"", query) == parameters


ANSWERS = st.one_of(
    st.tuples(
        st.just("ec2"),
        st.just("DescribeFlowLogs"),
        st.fixed_dictionaries(
            {
                "FlowLogs": st.lists(
                    st.fixed_dictionaries({"FlowLogId": TEXT, "MaxAggregationInterval": PORTS, "Tags": TAGS}),
                    max_size=3,
                )
            }
        ),
    ),
    st.tuples(
        st.just("rds"),
        st.just("DescribeDBInstances"),
        st.fixed_dictionaries(
            {
                "DBInstances": st.lists(
                    st.fixed_dictionaries(
                        {
                            "DBInstanceIdentifier": TEXT,
                            "MultiAZ": st.booleans(),
                            "EnabledCloudwatchLogsExports": st.lists(TEXT, max_size=2),
                            "Endpoint": st.fixed_dictionaries({"Port": PORTS}),
                        }
                    ),
                    max_size=3,
                )
            }
        ),
    ),
)


@settings(deadline=None)
@given(ANSWERS)
def test_an_answer_is_shown_as_it_was_written(answer: tuple[str, str, dict[str, Any]]) -> None:
    service, operation, value = answer
    reply = wire.write_reply(service, operation, value)
    assert wire.read_reply(service, operation, reply) == value


@pytest.mark.parametrize("service", ["ec2", "rds", "kms"])
def test_an_error_is_read_back_as_it_was_written(service: str) -> None:
    operation = {"ec2": "DescribeVpcs", "rds": "DescribeDBInstances", "kms": "DescribeKey"}[service]
    with pytest.raises(AwsError) as told:
        wire.read_reply(service, operation, wire.write_error(service, AwsError("Some.Code", "a <b> & c", 404)))
    assert (told.value.code, told.value.message, told.value.status) == ("Some.Code", "a <b> & c", 404)


@given(TEXT)
def test_unescaped_text_is_escaped_once(text: str) -> None:
    role = f"<Role><Description>{text}</Description></Role>"
    broken = f"<GetRoleResponse><GetRoleResult>{role}</GetRoleResult></GetRoleResponse>"
    mended = wire.well_formed("iam", broken.encode())
    shown = wire.read_reply("iam", "GetRole", (200, {}, mended))
    assert shown["Role"]["Description"].strip() == text
    assert wire.well_formed("iam", mended) == mended


@given(st.lists(PERMISSION, max_size=4))
def test_joining_and_splitting_rules_loses_none(permissions: list[dict[str, Any]]) -> None:
    rules = single_rules(permissions)
    joined = joined_permissions(rules)
    again = single_rules(joined)
    keys = [(p["IpProtocol"], p.get("FromPort"), p.get("ToPort")) for p in joined]
    assert len(keys) == len(set(keys)), "one permission per protocol and ports"
    assert len(again) == len(rules)
    assert all(any(same_rule(rule, other) for other in again) for rule in rules)
