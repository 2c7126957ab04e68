"""Resource policies that refuse requests without TLS.

Source: IAM User Guide, "AWS global condition context keys", aws:SecureTransport; S3 User Guide, "Enforcing encryption
of data in transit".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexis.records import record, replace
from nexis.rules._policy_documents import Statement, statements, texts
from nexis.rules.model import Problem, unknown
from nexis.templates.values import OPEN_PART, Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nexis.templates.views import View


@record(kw_only=True)
class Guard:
    """How the policy of one kind of resource must refuse plaintext.

    Args:
        guarded: the type of resource that is guarded.
        policies: the property that names the guarded resource, by type of policy resource.
        actions: whether the actions of a statement, in lower case, take in everything that must be refused.
        parts: what must be covered, by name, given the guarded resource and a statement's resource.
        expected: the statement that is wanted, in words.
        own_name: the property with the name of the guarded resource, where policies name it by that; else empty.
        names_policy: whether a policy is named as well where what it guards is in a template and is named too.
    """

    guarded: str
    policies: Mapping[str, str]
    actions: Callable[[Sequence[str]], bool]
    parts: Mapping[str, Callable[[View, str], bool]]
    expected: str
    own_name: str = ""
    names_policy: bool = False

    @property
    def types(self) -> tuple[str, ...]:
        """The types that a rule with this guard judges."""
        return (self.guarded, *self.policies)

    def applies(self, resource: View) -> bool:
        """Judge what is guarded, and a policy whose subject is in none of the templates.

        Where the subject is in a template, what is wrong is said of the subject, and of the policy only as well.

        Args:
            resource: of one of `types`.
        """
        return resource.type == self.guarded or self.names_policy or not self._subjects(resource)

    def _subjects(self, policy: View) -> list[View]:
        """Give what a policy names, as far as it is in a template."""
        named = policy.peek(self.policies[policy.type])
        listed = named if isinstance(named, list) else [named]
        return [view for view in (policy.named(item, self.guarded) for item in listed) if view is not None]

    def check(self, resource: View) -> Iterator[Problem]:
        """Give what is wrong with what is guarded, or with a policy that stands alone.

        Args:
            resource: of one of `types`.
        """
        return self.problems(resource) if resource.type == self.guarded else self._policy(resource)

    def _policy(self, policy: View) -> Iterator[Problem]:
        subjects = self._subjects(policy)
        for subject in subjects:
            for problem in self._policy_problems(subject, policy):
                said = problem.message.removeprefix(f"its policy {policy.logical_id} ")
                yield replace(problem, property=place("PolicyDocument"), message=said)
        if subjects:
            return
        doubt: Undetermined | None = None
        for statement in statements(policy, "PolicyDocument"):
            try:
                # What it is about is outside the templates, so which resources must be named is not known.
                if refuses_plaintext(statement) and self._takes_in(statement):
                    return
            except Undetermined as opened:
                doubt = opened
        if doubt is not None:
            raise doubt
        yield Problem(place("PolicyDocument"), f"does not refuse plaintext requests; expected {self.expected}")

    def _takes_in(self, statement: Statement) -> bool:
        return self.actions([action.lower() for action in statement.texts("Action")])

    def problems(self, guarded: View) -> Iterator[Problem]:
        """Give what is wrong with the policies of a resource.

        Args:
            guarded: the bucket, the queue, the topic.
        """
        policies = [policy for kind, name in self.policies.items() for policy in guarded.referrers(kind, name)]
        policies = policies or [*self._in_the_same_words(guarded)]
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
                for part in self._covered(guarded, statement, policy):
                    missing.discard(part)
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

    def _covered(self, guarded: View, statement: Statement, policy: View) -> Iterator[str]:
        """Give the parts that a statement covers, then let what is open in its resources pass."""
        if not refuses_plaintext(statement) or not self._takes_in(statement):
            return
        opened: Undetermined | None = None
        # The same open name on both sides of one template is the same name, whatever it is.
        name = guarded.peek(self.own_name) if policy.template.key == guarded.template.key else None
        for position, item in enumerate(statement.listed("Resource")):
            where = f"{statement.where}.Resource.{position}"
            try:
                same = open_name(item, name)
                resources = [same] if same else texts(item, where)
            except Undetermined as why:
                opened = opened or why
                continue
            yield from (n for n, covered in self.parts.items() if any(covered(guarded, r) for r in resources))
        if opened is not None:
            raise opened

    def _in_the_same_words(self, guarded: View) -> Iterator[View]:
        """Give the policies that name the resource just as its own name is written, whatever that comes to."""
        wanted = guarded.resource.properties.get(self.own_name) if self.own_name else None
        if not isinstance(wanted, dict) or not isinstance(guarded.peek(self.own_name), Unknown):
            return
        for kind, name in self.policies.items():
            for policy in guarded.scene.views(kind):
                if policy.template.key == guarded.template.key and policy.resource.properties.get(name) == wanted:
                    yield policy

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


def open_name(value: Any, name: Any) -> str:
    """Give a text in which the one open part is what is open in a name too; empty when that is not so.

    Args:
        value: a resolved value, such as an ARN.
        name: a resolved name.
    """
    if not isinstance(value, Unknown) or not isinstance(name, Unknown) or value.reason != name.reason:
        return ""
    own = name.text or OPEN_PART
    return value.text if own.count(OPEN_PART) == value.text.count(OPEN_PART) == 1 and own in value.text else ""


def own_name(resource: View, name: str, otherwise: str) -> str:
    """Give the name of a resource as policies write it, with a mark for a part that is open.

    Args:
        resource: the resource.
        name: the property with its name.
        otherwise: what to write where the name is made by CloudFormation, or is open as a whole in more than one part.
    """
    found = resource.peek(name)
    if isinstance(found, Unknown):
        text = found.text or OPEN_PART
        return text if text.count(OPEN_PART) == 1 else otherwise
    return str(found) if isinstance(found, str) else otherwise


def _of(policy: View, opened: Undetermined) -> Undetermined:
    return Undetermined(place(), f"{policy.logical_id}.{opened.path}: {opened.reason}")
