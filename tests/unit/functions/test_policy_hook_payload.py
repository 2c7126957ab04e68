"""What the policy hook fetches: from S3 alone, over https, in bounded size and time."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.policy_hook import payload
from functions.policy_hook.payload import PayloadProblem, check_url, download, template_in
from tests.support.hook_asked import ask, recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

S3 = "https://s3.eu-central-1.amazonaws.com/bucket/key?X-Amz-Signature=0"


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        (S3, "s3.eu-central-1.amazonaws.com", "/bucket/key?X-Amz-Signature=0"),
        ("https://bucket.s3.eu-central-1.amazonaws.com/key", "bucket.s3.eu-central-1.amazonaws.com", "/key"),
        ("https://b.with.dots.s3.us-gov-west-1.amazonaws.com/k", "b.with.dots.s3.us-gov-west-1.amazonaws.com", "/k"),
        ("https://s3.amazonaws.com/bucket/key", "s3.amazonaws.com", "/bucket/key"),
        ("https://bucket.s3.amazonaws.com", "bucket.s3.amazonaws.com", "/"),
        ("https://s3-us-west-2.amazonaws.com/b/k", "s3-us-west-2.amazonaws.com", "/b/k"),
        ("https://s3.dualstack.us-west-2.amazonaws.com/b/k", "s3.dualstack.us-west-2.amazonaws.com", "/b/k"),
        ("https://s3-fips.us-east-1.amazonaws.com/b/k", "s3-fips.us-east-1.amazonaws.com", "/b/k"),
        ("https://b.s3.cn-north-1.amazonaws.com.cn/k", "b.s3.cn-north-1.amazonaws.com.cn", "/k"),
        ("https://S3.EU-central-1.amazonaws.com:443/b", "s3.eu-central-1.amazonaws.com", "/b"),
    ],
)
def test_every_form_of_an_s3_url_is_known(url: str, host: str, path: str) -> None:
    assert check_url(url) == (host, path)


@pytest.mark.parametrize(
    "url",
    [
        "http://s3.eu-central-1.amazonaws.com/key",
        "file:///etc/passwd",
        "ftp://s3.amazonaws.com/key",
        "//s3.amazonaws.com/key",
        "s3://bucket/key",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[",
        "https://localhost/key",
        "https://s3.amazonaws.com.example.org/key",
        "https://example.org/s3.amazonaws.com",
        "https://s3.amazonaws.com@example.org/key",
        "https://user:word@s3.amazonaws.com/key",
        "https://example.org\\@s3.amazonaws.com/key",
        "https://s3.amazonaws.com:8443/key",
        "https://s3.amazonaws.com:x/key",
        "https://evils3.amazonaws.com/key",
        "https://s3.compute.amazonaws.com/key",
        "https://ec2-1-2-3-4.eu-central-1.compute.amazonaws.com/key",
        "https://-s3.s3.amazonaws.com/key",
        "https://s3.amazonaws.com./key",
        "https://s3.amazonaws.com/a b",
        "https://s3.amazonaws.com/a\r\nHost: example.org",
        "https://s3.\u0435u-central-1.amazonaws.com/key",
        "",
    ],
)
def test_no_other_url_is_fetched(url: str) -> None:
    with pytest.raises(PayloadProblem, match="expected"):
        check_url(url)


@given(st.text(max_size=60))
def test_any_text_is_a_url_of_s3_or_refused(url: str) -> None:
    try:
        host, path = check_url(url)
    except PayloadProblem:
        return
    assert host.endswith((".amazonaws.com", ".amazonaws.com.cn"))
    assert path.startswith("/")


# ---- a real server ----


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Callable[[], http.client.HTTPConnection]]:
    """A server on this machine; gives what connects to it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield lambda: http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
        finally:
            server.shutdown()


def giving(
    body: bytes, status: int = 200, *, length: int | None = None, location: str = ""
) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(length or len(body)), "Location": location}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def test_a_payload_is_fetched_with_its_signature_and_judged() -> None:
    asked: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        giving(json.dumps(recorded("stack-payload")).encode())(request)

    event = recorded("stack-update")
    with serving(answer) as connect:

        def fetch(url: str) -> bytes:
            return download(connect, check_url(url)[1])

        refused = ask(event, fetch=fetch)
    assert refused["errorCode"] == "NonCompliant"
    assert "tls.bucket-policy at S3Bucket" in refused["message"]
    assert asked == [event["requestData"]["payload"].partition(".com")[2]]


@pytest.mark.parametrize("status", [301, 302, 307, 403, 404, 500])
def test_a_server_that_refuses_or_sends_elsewhere_stops_the_stack(status: int) -> None:
    with serving(giving(b"{}", status, location="https://example.org/")) as connect:
        with pytest.raises(PayloadProblem, match=f"HTTP {status}; expected 200"):
            download(connect, "/key")
        answer = ask(recorded("stack-update"), fetch=lambda url: download(connect, "/key"))
    assert answer["errorCode"] == "InternalFailure"


def test_a_payload_larger_than_any_template_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "LARGEST_BYTES", 100_000)
    with serving(giving(b"x" * 300_000)) as connect, pytest.raises(PayloadProblem, match="more than 100,000 bytes"):
        download(connect, "/key")


def test_a_payload_that_trickles_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "WHOLE_SECONDS", -1.0)
    with serving(giving(b"x" * 300_000)) as connect, pytest.raises(PayloadProblem, match="did not come within"):
        download(connect, "/key")


def test_a_connection_that_breaks_off_is_refused() -> None:
    with (
        serving(giving(b"half", length=400)) as connect,
        pytest.raises(PayloadProblem, match="broke off, 396 bytes"),
    ):
        download(connect, "/key")
    with pytest.raises(PayloadProblem, match="ConnectionRefusedError"):
        download(lambda: http.client.HTTPConnection("127.0.0.1", 1, timeout=1), "/key")


def test_no_problem_tells_the_signature() -> None:
    with pytest.raises(PayloadProblem) as refused:
        check_url("http://s3.amazonaws.com/key?X-Amz-Signature=Secret")
    assert "Secret" not in str(refused.value)


@given(st.binary(max_size=60))
def test_any_payload_holds_a_template_or_is_refused(content: bytes) -> None:
    try:
        template = template_in(content)
    except PayloadProblem as problem:
        template = str(problem)
    assert template.strip()
