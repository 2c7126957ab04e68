"""What policies allow, as sets: who may do what on which resource under which condition.

Every statement is taken for the set of calls it is about. What a policy allows has grown when a call is allowed after
the change that was not before; what it denies has shrunk when a call was denied before and is not any more. The order
of statements, their ids, and how actions are spread over them play no part.

Sources: IAM User Guide, "IAM JSON policy element reference", "Policy evaluation logic" (an explicit deny wins), "IAM
JSON policy elements: Condition operators" (a value list is an or, negated operators an and).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from nexis.diff.patterns import holds, is_pattern, meet
from nexis.diff.reach_sets import IPV4, of_range
from nexis.diff.spans import spans, without
from nexis.facts.cidr import read_range
from nexis.facts.iam_actions import actions_covered
from nexis.templates.values import OPEN_PART

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nexis.diff.spans import Spans

ANYONE: Final = "*"
#: Operators under which more values let more through.
WIDENING: Final = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress")
#: Operators under which more values let less through.
NARROWING: Final = tuple(
    name.replace("equals", "notequals").replace("like", "notlike").replace("ipaddress", "notipaddress")
    for name in WIDENING
)
#: Of these, the operators whose values are patterns.
WITH_WILDCARDS: Final = frozenset({"stringlike", "stringnotlike", "arnequals", "arnlike", "arnnotequals", "arnnotlike"})


@dataclass(frozen=True, slots=True)
class Choice:
    """Some patterns, or everything but them.

    Args:
        patterns: principals, actions or resources.
        negated: whether everything else is meant.
    """

    patterns: frozenset[str]
    negated: bool = False

    def each(self) -> Iterator[Choice]:
        """Give the parts that can be looked at one by one."""
        if self.negated:
            yield self
        else:
            for pattern in sorted(self.patterns):
                yield Choice(frozenset((pattern,)))

    def has(self, part: Choice) -> bool:
        """Whether it holds everything that a part holds.

        Args:
            part: as `each` gives it.
        """
        if part.negated:
            if self.negated:  # what it leaves out must be left out by the part as well
                return all(any(holds(out, mine) for out in part.patterns) for mine in self.patterns)
            return ANYONE in self.patterns
        if self.negated:
            return not any(meet(mine, theirs) for mine in self.patterns for theirs in part.patterns)
        if part.patterns <= self.patterns:
            return True
        return all(any(holds(mine, theirs) for mine in self.patterns) for theirs in part.patterns)

    def __str__(self) -> str:
        listed = ", ".join(sorted(self.patterns))
        return f"everything but {listed}" if self.negated else listed


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: an operator, a key, and the values that satisfy it."""

    operator: str
    key: str
    values: frozenset[str]

    def implies(self, other: Condition) -> bool:
        """Whether whatever satisfies this satisfies the other.

        Args:
            other: a condition, most often on the same key.
        """
        if self == other:
            return True
        if self.key != other.key or not _same_operator(self.operator, other.operator):
            return False
        if self.values == other.values:
            return True
        name = _bare(other.operator)
        if name in WIDENING:
            return _values_within(name, self.values, other.values)
        if name in NARROWING and not other.operator.startswith("foranyvalue:"):
            return _values_within(name, other.values, self.values)
        return False

    def __str__(self) -> str:
        return f"{self.operator} {self.key} {', '.join(sorted(self.values))}"


def _bare(operator: str) -> str:
    return operator.rpartition(":")[2].removesuffix("ifexists")


def _same_operator(mine: str, others: str) -> bool:
    """Whether one is the other, or the other is its form that also holds without the key."""
    return mine == others or f"{mine}ifexists" == others


def _values_within(name: str, inner: frozenset[str], outer: frozenset[str]) -> bool:
    if name in ("ipaddress", "notipaddress"):
        small, large = _addresses(inner), _addresses(outer)
        if small is None or large is None:
            return inner <= outer
        return not without(small[0], large[0]) and not without(small[1], large[1])
    if name in WITH_WILDCARDS:
        return all(any(holds(one, value) for one in outer) for value in inner)
    return inner <= outer


def _addresses(values: Iterable[str]) -> tuple[Spans, Spans] | None:
    found: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for value in values:
        try:
            kind, where = of_range(read_range(value if "/" in value else f"{value}/{128 if ':' in value else 32}"))
        except ValueError:
            return None
        found[kind == IPV4].append(where)
    return spans(found[True]), spans(found[False])


@dataclass(frozen=True, slots=True)
class Grant:
    """What one statement is about.

    Args:
        principals: who; `*` stands for everyone, and for the identity that a policy belongs to.
        actions: in lower case.
        resources: ARNs.
        tests: conditions, all of which have to hold.
    """

    principals: Choice
    actions: Choice
    resources: Choice
    tests: frozenset[Condition] = frozenset()

    def parts(self) -> Iterator[Grant]:
        """Give every single principal, action and resource of it."""
        for who in self.principals.each():
            for what in self.actions.each():
                for where in self.resources.each():
                    yield Grant(who, what, where, self.tests)

    def holds(self, part: Grant, *, tests: bool = True) -> bool:
        """Whether every call that a part is about is one that this is about.

        Args:
            part: as `parts` gives it.
            tests: whether conditions count.
        """
        return (
            self.principals.has(part.principals)
            and self.actions.has(part.actions)
            and self.resources.has(part.resources)
            and (not tests or all(any(mine.implies(asked) for mine in part.tests) for asked in self.tests))
        )


def beyond(before: Iterable[Grant], after: Iterable[Grant]) -> list[Grant]:
    """Give the calls that grants are about after a change and were not before, part by part.

    Args:
        before: grants; of what is allowed, or of what is denied.
        after: grants of the same kind.
    """
    old = list(before)
    known = set(old)
    found: dict[Grant, None] = {}
    for grant in after:
        if grant in known:
            continue
        for part in grant.parts():
            if not any(one.holds(part) for one in old):
                for rest in _uncovered(part, old):
                    found[rest] = None
    return list(found)


def _uncovered(part: Grant, old: list[Grant]) -> Iterator[Grant]:
    """Take an action with wildcards apart into the actions there are: a list of all of them says the same."""
    if part.actions.negated:
        yield part
        return
    (pattern,) = part.actions.patterns
    names = actions_covered(pattern) if is_pattern(pattern) else ()
    single = [Grant(part.principals, Choice(frozenset((n.lower(),))), part.resources, part.tests) for n in names]
    rest = [one for one in single if not any(grant.holds(one) for grant in old)]
    if not single or len(rest) == len(single):
        yield part
    else:
        yield from rest


@dataclass(frozen=True, slots=True)
class Growth:
    """Parts that can be told in one sentence.

    Args:
        principals: who.
        actions: what.
        resources: where.
        tests: under which conditions.
        why: what is wider than before: `actions`, `resources`, `conditions` or `principals`; or `new`.
    """

    principals: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    tests: tuple[str, ...]
    why: str


def told(parts: Iterable[Grant], before: Iterable[Grant], name: Callable[[str], str]) -> list[Growth]:
    """Put parts together that differ in action or resource only.

    Args:
        parts: as `beyond` gives them.
        before: the grants before, to say what is wider.
        name: words for a principal or a resource.
    """
    old = list(before)
    where: dict[tuple[str, tuple[str, ...], str, str], set[str]] = {}
    for part in parts:
        tests = tuple(sorted(_test_said(test, name) for test in part.tests))
        key = (_said(part.principals, name), tests, _why(part, old), _said(part.resources, _resource_named(name)))
        where.setdefault(key, set()).add(_said(part.actions, _action_named))
    groups: dict[tuple[str, tuple[str, ...], str, tuple[str, ...]], list[str]] = {}
    for (who, tests, why, resource), actions in where.items():
        groups.setdefault((who, tests, why, tuple(sorted(actions))), []).append(resource)
    return [
        Growth(who, actions, tuple(sorted(resources)), tests, why)
        for (who, tests, why, actions), resources in groups.items()
    ]


def _resource_named(name: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "everything" if text == ANYONE else name(text)


def _action_named(action: str) -> str:
    """Write an action as AWS does."""
    if action == ANYONE:
        return "everything"
    known = () if is_pattern(action) else actions_covered(action)
    return known[0] if known else action


def _said(choice: Choice, name: Callable[[str], str]) -> str:
    listed = ", ".join(sorted(map(name, choice.patterns)))
    return f"everything but {listed}" if choice.negated else listed


def _test_said(test: Condition, name: Callable[[str], str]) -> str:
    if OPEN_PART in test.operator + test.key:
        return f"a condition that cannot be known ({(test.operator + test.key).split(OPEN_PART)[1]})"
    return f"{test.operator} {test.key} {', '.join(sorted(map(name, test.values)))}"


def _why(part: Grant, old: list[Grant]) -> str:
    """Say what is wider: with which one element left out of account it was covered before."""
    if any(grant.holds(part, tests=False) for grant in old):
        return "conditions"
    everything = Choice(frozenset((ANYONE,)))
    if any(replace(grant, resources=everything).holds(part) for grant in old):
        return "resources"
    if any(replace(grant, actions=everything).holds(part) for grant in old):
        return "actions"
    return "principals" if any(replace(grant, principals=everything).holds(part) for grant in old) else "new"
