"""Asking AWS: clients, retries, pages, and what to say when AWS does not answer."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, NoReturn

from nexis.audit.model import AuditError
from nexis.audit.permissions import PERMISSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

CONNECT_SECONDS: Final = 5
READ_SECONDS: Final = 60
ATTEMPTS: Final = 8
FIRST_ATTEMPTS: Final = 2
WORKERS: Final = 12
"""Requests under way at once; AWS's read limits are per second and account, and the retries wait for them."""

DENIED: Final = ("accessdenied", "unauthorizedoperation", "notauthorized", "authorizationerror", "authfailure")
BAD_CREDENTIALS: Final = (
    "expiredtoken",
    "invalidclienttokenid",
    "unrecognizedclient",
    "signaturedoesnotmatch",
    "invalidaccesskeyid",
    "invalidsignature",
    "requestexpired",
)
THROTTLED: Final = ("throttl", "toomanyrequests", "requestlimitexceeded", "slowdown")


class Session:
    """An account and region that can be asked.

    Args:
        endpoint_url: where to ask; AWS's own endpoints (or `AWS_ENDPOINT_URL`) when None.
        region: the region; `AWS_REGION`, else boto3's own default when None.

    Raises:
        AuditError: boto3 is not installed, there is no region, or there are no credentials.
    """

    def __init__(self, *, endpoint_url: str | None, region: str | None) -> None:
        try:
            import boto3  # takes a quarter of a second, and only the audit needs it
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError
        except ImportError:
            raise AuditError("boto3 is not installed; expected it: pip install 'nexis-baseline[aws]'") from None
        try:
            self._boto = boto3.session.Session(region_name=region or os.environ.get("AWS_REGION") or None)
        except BotoCoreError as problem:
            raise AuditError(f"the AWS settings cannot be used: {problem}") from None
        if not self._boto.region_name:
            raise AuditError("no region is set; name one with --region or AWS_REGION")
        self.region: str = self._boto.region_name
        self._endpoint_url = endpoint_url
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            max_pool_connections=WORKERS,
            user_agent_extra="nexis-audit",
        )
        # The first call tells whether anybody answers at all: nobody waits long for that.
        first = config.merge(Config(retries={"mode": "standard", "total_max_attempts": FIRST_ATTEMPTS}))
        self._configs = defaultdict(lambda: config, {"sts": first})
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._under_way = threading.BoundedSemaphore(WORKERS)
        self.calls: set[tuple[str, str]] = set()
        self.account: str = self.call("sts", "get_caller_identity")["Account"]

    def call(self, service: str, operation: str, /, *, absent: Collection[str] = (), **parameters: Any) -> Any:
        """Make one request.

        Args:
            service: boto3's name of the service.
            operation: boto3's name of the operation; it must stand in the table of permissions.
            absent: error codes that only say that something is not there.
            parameters: of the request.

        Returns:
            The answer, or None for a code in `absent`.

        Raises:
            AuditError: AWS refuses, or cannot be reached.
        """
        client = self._client(service, operation)
        return self._asking(service, operation, absent, lambda: getattr(client, operation)(**parameters))

    def pages(
        self, service: str, operation: str, member: str, /, *, absent: Collection[str] = (), **parameters: Any
    ) -> list[Any]:
        """Make as many requests as a list has pages.

        Args:
            service: boto3's name of the service.
            operation: boto3's name of the operation; it must stand in the table of permissions.
            member: of the answer, that holds the items.
            absent: error codes that only say that there are none.
            parameters: of the request.

        Raises:
            AuditError: AWS refuses, or cannot be reached.
        """
        client = self._client(service, operation)

        def ask() -> list[Any]:
            answers = (
                client.get_paginator(operation).paginate(**parameters)
                if client.can_paginate(operation)
                else [getattr(client, operation)(**parameters)]
            )
            return [item for answer in answers for item in answer.get(member) or ()]

        found = self._asking(service, operation, absent, ask)
        return [] if found is None else found

    def each(self, function: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        """Apply a function that asks AWS to several items at a time.

        Args:
            function: of one item.
            items: what it is applied to.

        Raises:
            AuditError: with the problems of all items, each once.
        """
        work = list(items)
        if len(work) < 2:
            return [function(item) for item in work]
        results: list[Any] = []
        problems: dict[str, None] = {}
        with ThreadPoolExecutor(max_workers=min(WORKERS, len(work))) as pool:
            for future in [pool.submit(function, item) for item in work]:
                try:
                    results.append(future.result())
                except AuditError as problem:
                    problems |= dict.fromkeys(problem.problems)
        if problems:
            raise AuditError(*problems)
        return results

    def _client(self, service: str, operation: str) -> Any:
        if (service, operation) not in PERMISSIONS:
            raise LookupError(
                f"{service}.{operation} is not in nexis/audit/permissions.py; add it with its IAM actions"
            )
        from botocore.exceptions import BotoCoreError

        with self._lock:  # a boto3 session is not made for several threads; its clients are
            self.calls.add((service, operation))
            if service not in self._clients:
                try:
                    make: Any = self._boto.client  # typed for literal service names only
                    config = self._configs[service]
                    self._clients[service] = make(service, endpoint_url=self._endpoint_url, config=config)
                except (BotoCoreError, ValueError) as problem:
                    raise AuditError(f"{service} cannot be asked: {problem}") from None
            return self._clients[service]

    def _asking(self, service: str, operation: str, absent: Collection[str], ask: Callable[[], Any]) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            with self._under_way:  # what is done for several items at a time may itself be one of several
                return ask()
        except ClientError as problem:
            code = str(problem.response.get("Error", {}).get("Code", ""))
            if code in absent:
                return None
            self._refused(service, operation, code, problem)
        except BotoCoreError as problem:
            raise AuditError(unreachable(service, operation, self._endpoint_url, problem)) from None

    def _refused(self, service: str, operation: str, code: str, problem: Exception) -> NoReturn:
        raise AuditError(refusal(service, operation, code, str(problem))) from None


def refusal(service: str, operation: str, code: str, text: str) -> str:
    """Say what it means that AWS refuses a call, and what to do.

    Args:
        service: boto3's name of the service.
        operation: boto3's name of the operation.
        code: AWS's error code.
        text: AWS's whole message.
    """
    call = f"{service} {operation.replace('_', '-')}"
    plain = code.lower().replace(".", "").replace("_", "")
    if any(word in plain for word in BAD_CREDENTIALS):
        return f"{call}: AWS does not accept the credentials ({code}); sign in again: {text}"
    if any(word in plain for word in DENIED):
        needed = " and ".join(PERMISSIONS.get((service, operation), ())) or f"the right to call {call}"
        return f"{call}: AWS denies it ({code}); the audit needs {needed}: {text}"
    if any(word in plain for word in THROTTLED):
        return f"{call}: AWS still throttles it after {ATTEMPTS} attempts ({code}); run the audit again later"
    return f"{call}: AWS answers {code or 'an error'}: {text}"


def unreachable(service: str, operation: str, endpoint_url: str | None, problem: Exception) -> str:
    """Say why a call did not reach AWS, and what to do.

    Args:
        service: boto3's name of the service.
        operation: boto3's name of the operation.
        endpoint_url: where it was sent, if that was given.
        problem: of botocore.
    """
    call = f"{service} {operation.replace('_', '-')}"
    name = type(problem).__name__
    if name in ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"):
        return f"{call}: there are no AWS credentials ({problem}); sign in, or set AWS_ACCESS_KEY_ID and its secret"
    if "Connect" in name or "Timeout" in name or name in ("EndpointConnectionError", "ProxyConnectionError"):
        where = f" at {endpoint_url}" if endpoint_url else ""
        return f"{call}: nothing answers{where} ({problem}); check the endpoint and the network"
    return f"{call}: could not be asked: {name}: {problem}"
