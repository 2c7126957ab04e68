"""An AWS of recorded answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexis.audit.model import AuditError
from nexis.audit.permissions import PERMISSIONS
from nexis.audit.session import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

ACCOUNT = "111122223333"
REGION = "eu-central-1"


class Refused(Exception):
    """AWS's answer to a call that it refuses."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FakeAws:
    """Answers from a table: an answer, a function of the parameters, or `Refused`. Lists are empty unless given."""

    def __init__(self, answers: Mapping[tuple[str, str], Any] | None = None) -> None:
        self.account = ACCOUNT
        self.region = REGION
        self.answers = dict(answers or {})
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    def _answer(self, service: str, operation: str, absent: Collection[str], parameters: dict[str, Any]) -> Any:
        assert (service, operation) in PERMISSIONS, f"{service}.{operation} is not in the table of permissions"
        self.calls.append((service, operation, parameters))
        answer = self.answers.get((service, operation))
        if callable(answer):
            answer = answer(**parameters)
        if isinstance(answer, Refused):
            if answer.code in absent:
                return None
            raise AuditError(refusal(service, operation, answer.code, "refused"))
        return answer

    def call(self, service: str, operation: str, /, *, absent: Collection[str] = (), **parameters: Any) -> Any:
        answer = self._answer(service, operation, absent, parameters)
        assert answer is not None or absent, f"no answer recorded for {service}.{operation}({parameters})"
        return answer

    def pages(
        self, service: str, operation: str, member: str, /, *, absent: Collection[str] = (), **parameters: Any
    ) -> list[Any]:
        answer = self._answer(service, operation, absent, parameters)
        return [] if answer is None else list(answer)

    def each(self, function: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        return [function(item) for item in items]
