"""The function that closes a default security group: what it revokes, and what it answers to CloudFormation."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from functions.close_default_security_group import index

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = "sg-0123456789abcdef0"
OTHER = "sg-0fedcba9876543210"
ACCOUNT = "000000000000"


def ingress(group: str) -> dict[str, Any]:
    """The default rule that lets members reach each other, by value."""
    peer = {"UserIdGroupPairs": [{"GroupId": group, "UserId": ACCOUNT}]}
    return {"GroupId": group, "IpPermissions": [{"IpProtocol": "-1", **peer}]}


def egress(group: str) -> dict[str, Any]:
    """The default rule that lets members reach everything, by value."""
    return {"GroupId": group, "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}


class CloudFormation:
    """Receives the answers, as the response URL does."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, str, dict[str, Any]]] = []
        self.status = 200
        received = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received.answers.append((self.path, self.headers["Content-Type"], json.loads(body)))
                self.send_response(received.status)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Keeps the test's output clean."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/answer?signature=abc"

    @property
    def answer(self) -> dict[str, Any]:
        """The one answer."""
        ((_, _, answer),) = self.answers
        return answer


@pytest.fixture
def cloudformation() -> Iterator[CloudFormation]:
    it = CloudFormation()
    thread = threading.Thread(target=it.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield it
    it.server.shutdown()
    it.server.server_close()
    thread.join()


@pytest.fixture
def ec2(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    client = boto3.client(
        "ec2", region_name="eu-central-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    monkeypatch.setattr(boto3, "client", lambda service: {"ec2": client}[service])
    with Stubber(client) as stubber:
        yield stubber
    client.close()


def request(cloudformation: CloudFormation, kind: str, **properties: Any) -> dict[str, Any]:
    return {
        "RequestType": kind,
        "ResponseURL": cloudformation.url,
        "StackId": "arn:aws:cloudformation:eu-central-1:000000000000:stack/network/1",
        "RequestId": "request-1",
        "LogicalResourceId": "CloseDefaultSecurityGroup",
        "ResourceProperties": {"ServiceToken": "x", "AccountId": ACCOUNT, "SecurityGroupId": GROUP} | properties,
    }


def expect(ec2: Stubber, group: str) -> None:
    ec2.add_response("revoke_security_group_ingress", {"Return": True}, ingress(group))
    ec2.add_response("revoke_security_group_egress", {"Return": True}, egress(group))


def test_both_default_rules_are_revoked_by_value(ec2: Stubber, cloudformation: CloudFormation) -> None:
    expect(ec2, GROUP)
    index.handler(request(cloudformation, "Create"), None)
    ec2.assert_no_pending_responses()
    assert cloudformation.answer == {
        "Status": "SUCCESS",
        "PhysicalResourceId": GROUP,
        "StackId": "arn:aws:cloudformation:eu-central-1:000000000000:stack/network/1",
        "RequestId": "request-1",
        "LogicalResourceId": "CloseDefaultSecurityGroup",
    }


def test_the_answer_keeps_the_signed_address_and_has_no_content_type(
    ec2: Stubber, cloudformation: CloudFormation
) -> None:
    expect(ec2, GROUP)
    index.handler(request(cloudformation, "Create"), None)
    ((path, content_type, _),) = cloudformation.answers
    assert path == "/answer?signature=abc"
    assert content_type == "", "the signature of the real address covers an empty content type"


@pytest.mark.parametrize("gone", ["ingress", "egress", "both"])
def test_a_rule_that_is_gone_already_is_success_and_the_other_is_still_revoked(
    ec2: Stubber, cloudformation: CloudFormation, gone: str
) -> None:
    for kind, expected in (("ingress", ingress(GROUP)), ("egress", egress(GROUP))):
        method = f"revoke_security_group_{kind}"
        if gone in (kind, "both"):
            ec2.add_client_error(method, "InvalidPermission.NotFound", "no such rule", expected_params=expected)
        else:
            ec2.add_response(method, {"Return": True}, expected)
    index.handler(request(cloudformation, "Create"), None)
    ec2.assert_no_pending_responses()
    assert cloudformation.answer["Status"] == "SUCCESS"


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "InvalidGroup.NotFound", "RequestLimitExceeded"])
def test_any_other_failure_is_reported_with_its_reason(ec2: Stubber, cloudformation: CloudFormation, code: str) -> None:
    ec2.add_client_error("revoke_security_group_ingress", code, "EC2 says no", expected_params=ingress(GROUP))
    index.handler(request(cloudformation, "Create"), None)
    assert cloudformation.answer["Status"] == "FAILED"
    assert cloudformation.answer["PhysicalResourceId"] == GROUP
    for part in (GROUP, code, "EC2 says no"):
        assert part in cloudformation.answer["Reason"]


def test_a_failure_of_the_second_rule_is_reported_too(ec2: Stubber, cloudformation: CloudFormation) -> None:
    ec2.add_response("revoke_security_group_ingress", {"Return": True}, ingress(GROUP))
    ec2.add_client_error("revoke_security_group_egress", "UnauthorizedOperation", "no", expected_params=egress(GROUP))
    index.handler(request(cloudformation, "Create"), None)
    assert cloudformation.answer["Status"] == "FAILED"


def test_an_update_closes_the_group_it_names_now(ec2: Stubber, cloudformation: CloudFormation) -> None:
    expect(ec2, OTHER)
    event = request(cloudformation, "Update", SecurityGroupId=OTHER) | {"PhysicalResourceId": GROUP}
    index.handler(event, None)
    ec2.assert_no_pending_responses()
    assert (cloudformation.answer["Status"], cloudformation.answer["PhysicalResourceId"]) == ("SUCCESS", OTHER)


def test_a_deletion_changes_nothing(ec2: Stubber, cloudformation: CloudFormation) -> None:
    ec2.assert_no_pending_responses()  # any call to EC2 would now fail, for want of a prepared answer
    index.handler(request(cloudformation, "Delete") | {"PhysicalResourceId": GROUP}, None)
    assert (cloudformation.answer["Status"], cloudformation.answer["PhysicalResourceId"]) == ("SUCCESS", GROUP)


@pytest.mark.parametrize("missing", ["AccountId", "SecurityGroupId"])
def test_a_request_without_its_properties_fails_and_says_so(
    ec2: Stubber, cloudformation: CloudFormation, missing: str
) -> None:
    event = request(cloudformation, "Create")
    del event["ResourceProperties"][missing]
    index.handler(event, None)
    assert cloudformation.answer["Status"] == "FAILED"
    assert "is not closed" in cloudformation.answer["Reason"]
    assert cloudformation.answer["PhysicalResourceId"], "CloudFormation refuses an empty id"


def test_a_long_reason_is_cut_to_what_cloudformation_takes(ec2: Stubber, cloudformation: CloudFormation) -> None:
    ec2.add_client_error("revoke_security_group_ingress", "InternalError", "x" * 9000, expected_params=ingress(GROUP))
    index.handler(request(cloudformation, "Create"), None)
    assert len(json.dumps(cloudformation.answer)) < 4096, "the limit of a response object"


def test_an_answer_that_is_refused_fails_the_function(ec2: Stubber, cloudformation: CloudFormation) -> None:
    expect(ec2, GROUP)
    cloudformation.status = 403
    with pytest.raises(RuntimeError, match="refused the answer: HTTP 403"):
        index.handler(request(cloudformation, "Create"), None)
