"""Resource policies that refuse requests without TLS.

Source: IAM User Guide, "AWS global condition context keys", aws:SecureTransport; S3 User Guide, "Enforcing encryption
of data in transit".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nexis.rules._policy_documents import Statement, statements
from nexis.rules.model import Problem, unknown
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from nexis.templates.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """How the policy of one kind of resource must refuse plaintext.

    Args:
        policies: the property that names the guarded resource, by type of policy resource.
        actions: whether an action of a statement, in lower case, takes in everything that must be refused.
        parts: what must be covered, by name, given the guarded resource and a statement's resource.
        expected: the statement that is wanted, in words.
    """

    policies: Mapping[str, str]
    actions: Callable[[str], bool]
    parts: Mapping[str, Callable[[View, str], bool]]
    expected: str

    def problems(self, guarded: View) -> Iterator[Problem]:
        """Give what is wrong with the policies of a resource.

        Args:
            guarded: the bucket, the topic.
        """
        policies = [policy for kind, name in self.policies.items() for policy in guarded.referrers(kind, name)]
        if not policies:
            opened = self._open_policy(guarded)
            if opened is not None:
                yield unknown(Undetermined(place(), opened))
                return
            kinds = " or ".join(self.policies)
            yield Problem(place(), f"no {kinds} names it, so plaintext requests are answered; expected {self.expected}")
        for policy in policies:
            yield from self._policy_problems(guarded, policy)

    def _policy_problems(self, guarded: View, policy: View) -> Iterator[Problem]:
        try:
            found = statements(policy, "PolicyDocument")
        except Undetermined as opened:
            yield unknown(_of(policy, opened))
            return
        missing = set(self.parts)
        doubt: Undetermined | None = None
        for statement in found:
            try:
                missing -= self._covered(guarded, statement)
            except Undetermined as opened:
                doubt = _of(policy, opened)
        if missing and doubt is not None:
            yield unknown(doubt)
        elif missing:
            lacking = " and ".join(name for name in self.parts if name in missing)
            yield Problem(
                place(),
                f"its policy {policy.logical_id} does not refuse plaintext requests to {lacking}; "
                f"expected {self.expected}",
            )

    def _covered(self, guarded: View, statement: Statement) -> set[str]:
        if not refuses_plaintext(statement) or not any(self.actions(a.lower()) for a in statement.texts("Action")):
            return set()
        resources = statement.texts("Resource")
        return {name for name, covered in self.parts.items() if any(covered(guarded, r) for r in resources)}

    def _open_policy(self, guarded: View) -> str | None:
        """Say which policy might be for this resource, because what it names is not known."""
        for kind, name in self.policies.items():
            for policy in guarded.scene.views(kind):
                value = policy.peek(name)
                for item in value if isinstance(value, list) else [value]:
                    if isinstance(item, Unknown):
                        return f"{policy.logical_id}.{name} may name it: {item.reason}"
                    if not isinstance(item, Absent) and is_deferred(item) and policy.named(item) is None:
                        return f"{policy.logical_id}.{name} may name it: {str(item)!r} is known only after deployment"
        return None


def refuses_plaintext(statement: Statement) -> bool:
    """Whether a statement denies everyone whatever comes without TLS, and no further condition weakens it.

    Args:
        statement: of a resource policy.

    Raises:
        Undetermined: something in it is open.
    """
    if not statement.denies or not statement.is_for_everyone():
        return False
    return all(
        operator.lower() in ("bool", "boolifexists")
        and key == "aws:securetransport"
        and "false" in [value.lower() for value in values]
        for operator, key, values in statement.conditions()
    )


def _of(policy: View, opened: Undetermined) -> Undetermined:
    return Undetermined(place(), f"{policy.logical_id}.{opened.path}: {opened.reason}")
