from __future__ import annotations

import threading
from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, NoRegionError
from botocore.stub import Stubber

from nexis.audit.model import AuditError
from nexis.audit.permissions import PERMISSIONS, actions
from nexis.audit.session import Session, refusal, unreachable
from tests.unit.audit.fake import ACCOUNT, REGION


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session whose identity is known and which reaches nothing."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    call = Session.call
    monkeypatch.setattr(Session, "call", lambda *_, **__: {"Account": ACCOUNT})
    made = Session(endpoint_url="http://127.0.0.1:9", region=REGION)
    monkeypatch.setattr(Session, "call", call)
    return made


def stubbed(session: Session, service: str) -> Stubber:
    client: Any = boto3.session.Session(region_name=REGION)
    session._clients[service] = client.client(service, aws_access_key_id="x", aws_secret_access_key="y")
    stubber = Stubber(session._clients[service])
    stubber.activate()
    return stubber


def test_pages_are_joined(session: Session) -> None:
    stubber = stubbed(session, "ec2")
    stubber.add_response("describe_vpcs", {"Vpcs": [{"VpcId": "vpc-1"}], "NextToken": "more"})
    stubber.add_response("describe_vpcs", {"Vpcs": [{"VpcId": "vpc-2"}]})
    assert [vpc["VpcId"] for vpc in session.pages("ec2", "describe_vpcs", "Vpcs")] == ["vpc-1", "vpc-2"]
    assert session.calls == {("ec2", "describe_vpcs")}


def test_an_answer_that_something_is_absent_is_an_answer(session: Session) -> None:
    stubber = stubbed(session, "s3")
    stubber.add_client_error("get_bucket_policy", "NoSuchBucketPolicy")
    assert session.call("s3", "get_bucket_policy", Bucket="logs", absent=("NoSuchBucketPolicy",)) is None


def test_a_refused_call_names_itself_and_the_permission(session: Session) -> None:
    stubber = stubbed(session, "s3")
    stubber.add_client_error("get_bucket_encryption", "AccessDenied", "not yours")
    with pytest.raises(AuditError, match=r"s3 get-bucket-encryption: AWS denies it.*s3:GetEncryptionConfiguration"):
        session.call("s3", "get_bucket_encryption", Bucket="logs")


def test_problems_of_several_items_are_said_once_each(session: Session) -> None:
    def fail(item: int) -> None:
        raise AuditError("first" if item % 2 else "second")

    with pytest.raises(AuditError) as caught:
        session.each(fail, range(6))
    assert sorted(caught.value.problems) == ["first", "second"]


def test_items_keep_their_order_and_may_be_lists_of_their_own(session: Session) -> None:
    names = set()

    def outer(number: int) -> list[int]:
        def inner(other: int) -> int:
            names.add(threading.current_thread().name)
            return number * 10 + other

        return session.each(inner, range(20))

    assert session.each(outer, range(20)) == [[n * 10 + m for m in range(20)] for n in range(20)]
    assert len(names) > 1


def test_a_call_that_is_not_in_the_table_is_not_made(session: Session) -> None:
    with pytest.raises(LookupError, match=r"secretsmanager.get_secret_value is not in nexis/audit/permissions.py"):
        session.call("secretsmanager", "get_secret_value", SecretId="x")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("AccessDeniedException", "needs rds:DescribeDBInstances"),
        ("UnauthorizedOperation", "needs rds:DescribeDBInstances"),
        ("ExpiredToken", "sign in again"),
        ("InvalidClientTokenId", "sign in again"),
        ("UnrecognizedClientException", "sign in again"),
        ("Throttling", "throttles"),
        ("RequestLimitExceeded", "throttles"),
        ("InternalFailure", "AWS answers InternalFailure"),
        ("", "AWS answers an error"),
    ],
)
def test_a_refusal_says_what_to_do(code: str, says: str) -> None:
    text = refusal("rds", "describe_db_instances", code, "whatever AWS says")
    assert text.startswith("rds describe-db-instances: ")
    assert says in text


def test_what_cannot_be_reached_is_told_apart() -> None:
    def text(problem: Exception) -> str:
        return unreachable("sts", "get_caller_identity", "http://127.0.0.1:9", problem)

    assert "there are no AWS credentials" in text(NoCredentialsError())
    nothing = text(EndpointConnectionError(endpoint_url="http://127.0.0.1:9"))
    assert "nothing answers at http://127.0.0.1:9" in nothing
    assert "NoRegionError" in text(NoRegionError())


def test_without_a_region_the_audit_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(AuditError, match="no region is set; name one with --region or AWS_REGION"):
        Session(endpoint_url=None, region=None)


service_model = cache(botocore.session.get_session().get_service_model)


@pytest.mark.parametrize("call", PERMISSIONS, ids=".".join)
def test_every_call_of_the_table_exists_and_only_reads(call: tuple[str, str]) -> None:
    service, operation = call
    names = {botocore.xform_name(name) for name in service_model(service).operation_names}
    assert operation in names
    assert operation.startswith(("batch_describe_", "describe_", "get_", "list_"))


def test_the_actions_read_and_none_of_them_reads_a_secret() -> None:
    assert list(actions()) == sorted(set(actions()))
    for action in actions():
        _, _, name = action.partition(":")
        assert name.startswith(("BatchDescribe", "Describe", "Get", "List")), action
    assert "secretsmanager:GetSecretValue" not in actions()
    assert not any(action.startswith("s3:GetObject") for action in actions())
