"""GitHub's and AWS's token services on this machine."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

RIGHT = "the-right-to-a-token"
TOKEN = "header.claims.signature"
ASSUMED = """<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
<SessionToken>session</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"""
REFUSED = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error>
</ErrorResponse>"""


class Servers:
    """GitHub's and AWS's token services on this machine, and what they were asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.token_answer: bytes = json.dumps({"value": TOKEN}).encode()
        self.refuses = False
        servers = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                allowed = self.headers["Authorization"] == f"bearer {RIGHT}" and query["audience"] == [
                    "sts.amazonaws.com"
                ]
                self._answer(200 if allowed else 401, servers.token_answer if allowed else b"{}", "application/json")

            def do_POST(self) -> None:
                body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                servers.asked.append({name: values[0] for name, values in body.items()})
                assert "Authorization" not in self.headers
                good = body["WebIdentityToken"] == [TOKEN] and not servers.refuses
                self._answer(200 if good else 403, (ASSUMED if good else REFUSED).encode(), "text/xml")

            def _answer(self, code: int, body: bytes, kind: str) -> None:
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
