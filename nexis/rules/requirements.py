"""Rules of the kind "this property must be so", as tables of requirements."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from nexis.records import record
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.resolver import scalar_text
from nexis.templates.values import DYNAMIC_REFERENCE_MARK, Unknown
from nexis.templates.views import ABSENT, Absent, Undetermined, as_number, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from nexis.rules.model import Scope, Seen, Severity
    from nexis.templates.model import Resource, Template
    from nexis.templates.views import View


@record(kw_only=True)
class Requirement:
    """One property of one resource type that must have an accepted value.

    Args:
        type: the resource type.
        path: of the property, from `Properties` down; `*` stands for every item of a list.
        accepts: whether a scalar, as CloudFormation writes it (`true`, `443`), is accepted; None accepts anything
            that is there, references included.
        expected: the accepted values in words.
        absent: what AWS does when the property is absent, in words; empty when its default is accepted.
        source: where the default is documented.
        as_of: when that was read, ISO date.
        example: an accepted value as a template writes it, for the documentation; None leaves the property out of
            the example, where its absence is accepted.
        when: whether the requirement is asked of a resource of the type; always when None. It may let `Undetermined`
            pass.
        empty: what it means when the list at the first `*` is absent or has no items, in words; empty when nothing
            is asked then.
    """

    type: str
    path: tuple[str, ...]
    accepts: Callable[[str], bool] | None
    expected: str
    absent: str
    source: str
    as_of: str
    example: Any = None
    when: Callable[[View], bool] | None = None
    empty: str = ""

    def problems(self, resource: View) -> Iterator[Problem]:
        """Give what is wrong with a resource of the type.

        Args:
            resource: the resource.

        Raises:
            Undetermined: the value is open.
        """
        if self.asked(resource):
            yield from self._problems(resource, (), self.path)

    def asked(self, resource: View) -> bool:
        """Whether the requirement is asked of a resource of the type.

        Args:
            resource: the resource.

        Raises:
            Undetermined: that hangs on an open value.
        """
        return self.when is None or self.when(resource)

    def _problems(self, resource: View, done: tuple[str | int, ...], left: tuple[str, ...]) -> Iterator[Problem]:
        if "*" in left:
            star = left.index("*")
            here = (*done, *left[:star])
            count = len(resource.items(*here))
            if not count and self.empty and "*" not in self.path[: len(here)]:
                yield Problem(place(*here), f"has nothing in it, and {self.empty}; expected {self.expected}")
            for position in range(count):
                yield from parts(partial(self._problems, resource, (*here, position), left[star + 1 :]))
            return
        path = (*done, *left)
        found = something(resource, path) if self.accepts is None else resource.literal(*path)
        if isinstance(found, Absent):
            if self.absent:
                yield Problem(place(*path), f"is absent, and {self.absent}; expected {self.expected}")
        elif self.accepts is not None and not self.accepts(found):
            yield Problem(place(*path), f"found {found!r}, expected {self.expected}")


def is_true(text: str) -> bool:
    """Accept `true`."""
    return text.lower() == "true"


def is_false(text: str) -> bool:
    """Accept `false`."""
    return text.lower() == "false"


def row(
    type_: str,
    *path: str,
    as_of: str,
    accepts: Callable[[str], bool] | None = is_true,
    expected: str = "true",
    absent: str = "",
    source: str = "",
    example: Any = True,
    when: Callable[[View], bool] | None = None,
) -> Requirement:
    """Make a requirement on a property whose default the reference of its resource type says.

    Args:
        type_: the resource type.
        path: of the property, from `Properties` down.
        as_of: when the reference was read, ISO date.
        accepts: see `Requirement`; `true` by default.
        expected: see `Requirement`.
        absent: see `Requirement`.
        source: where the default is documented, if not in the reference of the type.
        example: see `Requirement`.
        when: see `Requirement`.
    """
    return Requirement(
        type=type_,
        path=path,
        accepts=accepts,
        expected=expected,
        absent=absent,
        source=source or f"CloudFormation resource reference, {type_} {path[-1]}",
        as_of=as_of,
        example=example,
        when=when,
    )


def something(resource: View, path: tuple[str | int, ...]) -> Any:
    """Read a value of which it only matters that it is there.

    A key or a bucket that whoever deploys has to name is there, whichever it is. A parameter without a default can be
    given nothing at all only where every value counts (`--strict-parameters`).

    Raises:
        Undetermined: it may not be there.
    """
    found = resource.peek(*path)
    if isinstance(found, Unknown):
        if resource.scene.resolver.parameters.strict:
            raise Undetermined(place(*path), found.reason)
        return found if resource.stands(*path) else ABSENT
    return ABSENT if isinstance(found, str | list | dict) and not found else found


def requiring(*requirements: Requirement) -> Callable[[View], Iterator[Problem]]:
    """Make a rule's check of a table.

    Args:
        requirements: each is checked on the resources of its type.
    """

    def check(resource: View) -> Iterator[Problem]:
        yield from parts(*(partial(r.problems, resource) for r in requirements if r.type == resource.type))

    return check


def property_rule(
    *,
    rule_id: str,
    title: str,
    why: str,
    requirements: tuple[Requirement, ...],
    fix: str,
    cdk: str,
    source: str,
    severity: Severity = "error",
    applies: Callable[[View], bool] | None = None,
    claims: tuple[str, ...] = (),
    controls: Mapping[str, tuple[str, ...]] | None = None,
    example: Mapping[str, Any] | None = None,
    scope: Scope = "everywhere",
) -> Rule:
    """Make a rule of the kind "this property must be so".

    Args:
        rule_id: `theme.name`; for ever.
        title: the compliant state, in one sentence.
        why: what goes wrong otherwise.
        requirements: each is checked on the resources of its type.
        fix: what to do, with the property to set.
        cdk: Python that makes it so with aws-cdk-lib.
        source: where the facts come from.
        severity: `fatal`, `error` or `warning`.
        applies: narrows the resources judged.
        claims: ids of the promises it keeps.
        controls: ids of other frameworks' controls, by framework with its version.
        example: the `Resources` of a template that passes; made of the requirements when not given.
        scope: see `Rule`.

    Raises:
        ValueError: something is missing.
    """
    return Rule(
        id=rule_id,
        severity=severity,
        title=title,
        why=why,
        fix=fix,
        types=types_of(*requirements),
        check=requiring(*requirements),
        applies=_asked(requirements, applies),
        claims=claims,
        controls=controls or {},
        source=source,
        cdk=cdk,
        example=example_of(*requirements) if example is None else example,
        scope=scope,
        glance=_glance(requirements) if applies is None else None,
    )


def _glance(requirements: tuple[Requirement, ...]) -> Callable[[Template, Resource], Seen | None] | None:
    """Make the quick look of a table: accepted values that are written out pass at once."""
    if any(type(r) is not Requirement or r.when is not None for r in requirements):
        return None
    by_type: dict[str, list[Requirement]] = {}
    for requirement in requirements:
        by_type.setdefault(requirement.type, []).append(requirement)

    def glance(template: Template, resource: Resource) -> Seen | None:
        properties = resource.properties
        if any(key.startswith("Fn::") for key in properties if isinstance(key, str)):
            return None
        for requirement in by_type.get(resource.type, ()):
            if not _is_written(requirement, properties, requirement.path):
                return None
        return "pass"

    return glance


def _is_written(requirement: Requirement, value: Any, left: tuple[str, ...]) -> bool:
    """Whether an accepted value certainly stands there, or nothing where nothing is accepted."""
    for position, name in enumerate(left):
        if value is None:
            return not (requirement.empty if "*" in left[position:] else requirement.absent)
        if name == "*":
            if not isinstance(value, list) or (not value and requirement.empty):
                return False
            return all(item is not None and _is_written(requirement, item, left[position + 1 :]) for item in value)
        if not isinstance(value, dict) or any(key == "Ref" or key.startswith("Fn::") for key in value):
            return False
        value = value.get(name)
    if value is None:
        return not requirement.absent
    if requirement.accepts is None:
        return isinstance(value, str) and bool(value) and DYNAMIC_REFERENCE_MARK not in value
    if isinstance(value, str):
        return DYNAMIC_REFERENCE_MARK not in value and requirement.accepts(value)
    return isinstance(value, (bool, int)) and requirement.accepts(scalar_text(value))


def _asked(
    requirements: tuple[Requirement, ...], applies: Callable[[View], bool] | None
) -> Callable[[View], bool] | None:
    """Judge a resource only if at least one requirement is asked of it."""
    if all(requirement.when is None for requirement in requirements):
        return applies

    def asked(resource: View) -> bool:
        if applies is not None and not applies(resource):
            return False
        return any(r.type == resource.type and r.asked(resource) for r in requirements)

    return asked


def example_of(*requirements: Requirement) -> dict[str, Any]:
    """Make resources that meet requirements, one of each type, named after it.

    Args:
        requirements: those without an example value are left out.
    """
    resources: dict[str, Any] = {}
    for requirement in requirements:
        service, kind = requirement.type.split("::")[1:3]
        entry = resources.setdefault(f"{service}{kind}", {"Type": requirement.type, "Properties": {}})
        if requirement.example is None:
            continue
        here = entry["Properties"]
        for name, following in zip(requirement.path, (*requirement.path[1:], None), strict=True):
            if name == "*":
                if not here:
                    here.append({} if following is not None else requirement.example)
                here = here[0]
            elif following is None:
                here[name] = requirement.example
            else:
                here = here.setdefault(name, [] if following == "*" else {})
    return resources


def types_of(*requirements: Requirement) -> tuple[str, ...]:
    """Give the resource types of a table, each once, in order."""
    return tuple(dict.fromkeys(requirement.type for requirement in requirements))


def one_of(*values: str) -> Callable[[str], bool]:
    """Accept some values, to the letter."""
    return lambda text: text in values


def at_least(least: float) -> Callable[[str], bool]:
    """Accept numbers from a least one up."""

    def accept(text: str) -> bool:
        number = as_number(text)
        return number is not None and number >= least

    return accept
