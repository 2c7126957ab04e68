"""Which template and which resource of one side is which of the other.

A resource is known again by its logical id, then by its construct path, then by equal properties, in which a reference
counts as what it leads to, not as the name it is written with; last by the most similar properties. So a change that
only renames changes nothing. Whether it is also the same thing in AWS is another question: `Pair.stays`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from nexis.templates.model import Assembly, Resource, Template

#: Names and descriptions for people: two resources that differ in nothing else are the same one, renamed.
FOR_PEOPLE: Final = frozenset(
    {"Description", "GroupDescription", "Tags", "TagSpecifications", "HostedZoneTags", "VersionDescription", "Comment"}
)
#: So many of its properties, at least, must a renamed and changed resource have in common with what it was.
MOST_ALIKE: Final = 0.6
#: How far references are followed to tell resources apart.
ROUNDS: Final = 3
#: Alike resources are compared one by one; beyond so many of a type, only equal ones are matched.
MOST_COMPARED: Final = 60
SUB: Final = re.compile(r"\$\{([A-Za-z0-9]+)((?:\.[A-Za-z0-9.]+)?)\}")

Key = tuple[str, str]
Entry = tuple["Template", "Resource"]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A resource before and after the change.

    Args:
        number: names it.
        base: the template and the resource before; None for a new one.
        head: the template and the resource after; None for one that is gone.
        stays: whether it is the same thing in AWS: same stack, same logical id, same type.
    """

    number: int
    base: Entry | None
    head: Entry | None
    stays: bool = False

    @property
    def type(self) -> str:
        """The resource type, after the change if it still stands."""
        return self.shown[1].type

    @property
    def shown(self) -> Entry:
        """The side that reports show: after the change, if it still stands."""
        found = self.head or self.base
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class TemplatePair:
    """A template before and after the change; `stays` says whether its stack is the same one."""

    base: Template | None
    head: Template | None
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Matching:
    """What is which.

    Args:
        templates: the pairs of templates.
        pairs: the pairs of resources.
        of_base: each pair by (template key, logical id) before the change.
        of_head: each pair by (template key, logical id) after the change.
    """

    templates: Sequence[TemplatePair]
    pairs: Sequence[Pair]
    of_base: Mapping[Key, Pair]
    of_head: Mapping[Key, Pair]


# ---- templates ----


def match_templates(
    base: Sequence[Assembly], head: Sequence[Assembly], names: Callable[[Template], str]
) -> list[TemplatePair]:
    """Match the templates of two sides: by stack, construct path, file, and what stands in them.

    Args:
        base: the assemblies before the change.
        head: the assemblies after it.
        names: gives a template's file relative to what was named on the command line.
    """
    left = [t for assembly in base for t in assembly.templates.values() if t.nested_in is None]
    right = [t for assembly in head for t in assembly.templates.values() if t.nested_in is None]
    made: list[TemplatePair] = []
    by: tuple[Callable[[Template], Any], ...] = (
        lambda t: (t.stack, t.account, t.region) if t.stack else None,
        lambda t: (t.stack, t.region) if t.stack else None,
        lambda t: t.stack,
        _stack_construct,
        names,
        lambda t: names(t).replace("\\", "/").rpartition("/")[2],
    )
    for key in by:
        for one, other in _unique(left, right, key):
            made.append(TemplatePair(one, other, _same_stack(one, other)))
            left.remove(one)
            right.remove(other)
    for one, other in _alike(left, right):
        made.append(TemplatePair(one, other, _same_stack(one, other)))
        left.remove(one)
        right.remove(other)
    made += [TemplatePair(one, None) for one in left] + [TemplatePair(None, other) for other in right]
    return _with_nested(made, base, head)


def _stack_construct(template: Template) -> str | None:
    stack = template.resources.get("(stack)")
    return None if stack is None else stack.construct


def _same_stack(one: Template, other: Template) -> bool:
    """Whether nothing says that they are two stacks."""
    facts = ((one.stack, other.stack), (one.region, other.region), (one.account, other.account))
    return all(a is None or b is None or a == b for a, b in facts)


def _unique(
    left: Sequence[Any], right: Sequence[Any], key: Callable[[Any], Any], *, any_of_equals: bool = False
) -> Iterator[tuple[Any, Any]]:
    """Give those of which both sides have exactly one with a key; or as many as both have, where they are equal."""
    groups: dict[Any, tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
    for side, items in enumerate((left, right)):
        for item in items:
            name = key(item)
            if name is not None:
                groups[name][side].append(item)
    for ours, theirs in groups.values():
        if len(ours) == len(theirs) == 1 or any_of_equals:
            yield from zip(ours, theirs, strict=False)


def _alike(left: Sequence[Template], right: Sequence[Template]) -> list[tuple[Template, Template]]:
    """Pair what is left by what stands in it; two files that are left alone are one file, renamed."""
    if len(left) == len(right) == 1 and left[0].stack is None and right[0].stack is None:
        return [(left[0], right[0])]
    scored = sorted(
        (
            (-_overlap(_contents(one), _contents(other)), i, j)
            for i, one in enumerate(left)
            for j, other in enumerate(right)
        ),
    )
    found: list[tuple[Template, Template]] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for score, i, j in scored:
        if -score >= MOST_ALIKE and i not in taken[0] and j not in taken[1]:
            found.append((left[i], right[j]))
            taken[0].add(i)
            taken[1].add(j)
    return found


def _contents(template: Template) -> set[tuple[str, str]]:
    return {(logical_id, resource.type) for logical_id, resource in template.resources.items() if logical_id[0] != "("}


def _overlap(left: set[Any], right: set[Any]) -> float:
    return len(left & right) / len(left | right) if left | right else 0.0


def _held(left: set[Any], right: set[Any]) -> float:
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0


def _with_nested(made: list[TemplatePair], base: Sequence[Assembly], head: Sequence[Assembly]) -> list[TemplatePair]:
    """Add nested templates: they follow their parents; what has no counterpart there is matched by construct path."""
    inner = (_nested(base), _nested(head))
    for pair in made:  # grows while it is walked
        ours = inner[0].get(pair.base.key, {}) if pair.base is not None else {}
        theirs = inner[1].get(pair.head.key, {}) if pair.head is not None else {}
        for logical_id in [name for name in ours if name in theirs]:
            made.append(TemplatePair(ours.pop(logical_id), theirs.pop(logical_id), pair.stays))
        for one, other in _alike(list(ours.values()), list(theirs.values())):
            made.append(TemplatePair(one, other, stays=False))  # a new logical id is a new nested stack
            ours.pop(one.nested_in[1] if one.nested_in else "")
            theirs.pop(other.nested_in[1] if other.nested_in else "")
        made += [TemplatePair(one, None) for one in ours.values()]
        made += [TemplatePair(None, other) for other in theirs.values()]
    return made


def _nested(side: Sequence[Assembly]) -> dict[str, dict[str, Template]]:
    found: dict[str, dict[str, Template]] = defaultdict(dict)
    for assembly in side:
        for template in assembly.templates.values():
            if template.nested_in is not None:
                found[template.nested_in[0]][template.nested_in[1]] = template
    return found


# ---- resources ----


def match_resources(templates: Sequence[TemplatePair]) -> Matching:
    """Match the resources of matched templates, and those that moved between templates.

    Args:
        templates: the pairs of templates.
    """
    return _Matcher(templates).run()


class _Matcher:
    def __init__(self, templates: Sequence[TemplatePair]) -> None:
        self.templates = templates
        self.made: list[tuple[Entry | None, Entry | None, bool]] = []
        self.left = {(t.key, i): (t, r) for p in templates if (t := p.base) for i, r in t.resources.items()}
        self.right = {(t.key, i): (t, r) for p in templates if (t := p.head) for i, r in t.resources.items()}
        self.known: tuple[dict[Key, str], dict[Key, str]] = ({}, {})
        self.everything = (dict(self.left), dict(self.right))
        self.exports = (exports_of(self.left), exports_of(self.right))

    def run(self) -> Matching:
        for pair in self.templates:
            if pair.base is not None and pair.head is not None:
                for logical_id, one in pair.base.resources.items():
                    other = pair.head.resources.get(logical_id)
                    if other is not None and other.type == one.type:
                        self.join((pair.base, one), (pair.head, other), stays=pair.stays)
        for pair in self.templates:
            if pair.base is not None and pair.head is not None:
                self.by(lambda e: (e[1].type, e[1].construct) if e[1].construct else None, pair)
        labels = self.labels()
        for pair in self.templates:
            if pair.base is not None and pair.head is not None:
                self.by(lambda e: labels[id(e[1])], pair, any_of_equals=True)
        self.by(lambda e: (e[1].type, e[1].logical_id))
        self.by(lambda e: (e[1].type, e[1].construct) if e[1].construct else None)
        self.by(lambda e: labels[id(e[1])], any_of_equals=True)
        for pair in self.templates:
            if pair.base is not None and pair.head is not None:
                self.similar(pair)
        for entry in self.left.values():
            self.made.append((entry, None, False))
        for entry in self.right.values():
            self.made.append((None, entry, False))
        pairs = [Pair(number, base, head, stays) for number, (base, head, stays) in enumerate(self.made)]
        return Matching(
            self.templates,
            pairs,
            {(p.base[0].key, p.base[1].logical_id): p for p in pairs if p.base is not None},
            {(p.head[0].key, p.head[1].logical_id): p for p in pairs if p.head is not None},
        )

    def join(self, one: Entry, other: Entry, *, stays: bool = False) -> None:
        keys = (one[0].key, one[1].logical_id), (other[0].key, other[1].logical_id)
        del self.left[keys[0]]
        del self.right[keys[1]]
        for side in (0, 1):
            self.known[side][keys[side]] = f"#{len(self.made)}"
        self.made.append((one, other, stays))

    def by(self, key: Callable[[Entry], Any], pair: TemplatePair | None = None, *, any_of_equals: bool = False) -> None:
        ours = [e for e in self.left.values() if pair is None or e[0] is pair.base]
        theirs = [e for e in self.right.values() if pair is None or e[0] is pair.head]
        if ours and theirs:
            for one, other in list(_unique(ours, theirs, key, any_of_equals=any_of_equals)):
                self.join(one, other)

    def similar(self, pair: TemplatePair) -> None:
        """Pair resources of a type that were renamed and changed, the most alike first."""
        if not self.left or not self.right:
            return
        users = (self.users(0), self.users(1))
        groups: dict[str, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
        for side, entries in enumerate((self.left, self.right)):
            for entry in entries.values():
                if entry[0] is (pair.head if side else pair.base):
                    groups[entry[1].type][side].append(entry)
        for ours, theirs in groups.values():
            if not ours or not theirs or max(len(ours), len(theirs)) > MOST_COMPARED:
                continue
            leaves = [
                [{*_leaves(self.plain(e, side)), *users[side].get((e[0].key, e[1].logical_id), ())} for e in es]
                for side, es in enumerate((ours, theirs))
            ]
            alike = _overlap if max(len(ours), len(theirs)) > 1 else _held  # one of a kind may have grown or shrunk
            scored = sorted((-alike(a, b), i, j) for i, a in enumerate(leaves[0]) for j, b in enumerate(leaves[1]))
            taken: tuple[set[int], set[int]] = (set(), set())
            for score, i, j in scored:
                if -score >= MOST_ALIKE and i not in taken[0] and j not in taken[1]:
                    taken[0].add(i)
                    taken[1].add(j)
                    self.join(ours[i], theirs[j])

    def users(self, side: int) -> dict[Key, set[tuple[str, str]]]:
        """Give what refers to each resource: whoever is used in the same places is likely to be the same."""
        found: dict[Key, set[tuple[str, str]]] = defaultdict(set)
        for (template, _), (_, resource) in self.everything[side].items():
            user = self.known[side].get((template, resource.logical_id), resource.type)

            def note(key: Key, user: str = user) -> str:
                found[key].add(("used by", user))
                return ""

            self.written(template, resource.properties, side, note)
        return found

    def plain(self, entry: Entry, side: int) -> Any:
        label = self.known[side].get
        return self.written(entry[0].key, entry[1].properties, side, lambda key: label(key, "another"), top=True)

    def labels(self) -> dict[int, str]:
        """Name every resource by what it is: its type and properties, and in turn what these refer to."""
        found: tuple[dict[Key, str], dict[Key, str]] = ({}, {})
        for side in (0, 1):
            everything = self.everything[side]
            named = {k: self.known[side].get(k, e[1].type) for k, e in everything.items()}
            for _ in range(ROUNDS):
                named = {
                    key: self.known[side].get(key) or self._label(key[0], entry[1], side, named)
                    for key, entry in everything.items()
                }
            found[side].update(named)
        return {id(e[1]): found[side][key] for side in (0, 1) for key, e in self.everything[side].items()}

    def _label(self, template: str, resource: Resource, side: int, named: Mapping[Key, str]) -> str:
        import hashlib

        plain = self.written(template, resource.properties, side, lambda key: named.get(key, ""), top=True)
        text = json.dumps([resource.type, resource.condition, plain], sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()

    def written(self, template: str, value: Any, side: int, name: Callable[[Key], str], *, top: bool = False) -> Any:
        """Write a raw value with every reference replaced by the name of what it leads to."""
        if isinstance(value, list):
            return [self.written(template, item, side, name) for item in value]
        if isinstance(value, str) and "${" in value:
            here = self.everything[side]
            return SUB.sub(
                lambda m: f"${{{name((template, m[1]))}{m[2]}}}" if (template, m[1]) in here else m[0], value
            )
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((function, argument),) = value.items()
            if function == "Ref" and (template, str(argument)) in self.everything[side]:
                return {"Ref": name((template, str(argument)))}
            if function == "Fn::GetAtt":
                target, *rest = argument.split(".", 1) if isinstance(argument, str) else argument or [""]
                return {"Fn::GetAtt": [name((template, str(target))), *map(str, rest)]}
            if function == "Fn::ImportValue" and isinstance(argument, str) and argument in self.exports[side]:
                exporter, exported = self.exports[side][argument]
                return {"Fn::ImportValue": self.written(exporter, exported, side, name)}
        return {
            key: self.written(template, item, side, name)
            for key, item in value.items()
            if not (top and key in FOR_PEOPLE)
        }


def exports_of(entries: Mapping[Key, Entry]) -> dict[str, tuple[str, Any]]:
    """Give what the templates of some resources export: the template's key and the raw value, by the export's name.

    Args:
        entries: resources by (template key, logical id).
    """
    found: dict[str, tuple[str, Any]] = {}
    for template in {id(t): t for t, _ in entries.values()}.values():
        for output in template.outputs.values():
            export = output.get("Export") if isinstance(output, dict) else None
            if isinstance(export, dict) and isinstance(export.get("Name"), str):
                found[export["Name"]] = (template.key, output.get("Value"))
    return found


def _leaves(value: Any, path: str = "") -> Iterable[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, f"{path}.*")
    else:
        yield path, str(value)


def references(value: Any) -> Iterator[str | tuple[str]]:
    """Give the logical ids that a raw value refers to, and the names of exports that it imports, in a tuple."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref" and isinstance(item, str):
                yield item
            elif key == "Fn::GetAtt":
                yield str(item[0] if isinstance(item, list) and item else item).partition(".")[0]
            elif key == "Fn::ImportValue" and isinstance(item, str):
                yield (item,)
            else:
                yield from references(item)
    elif isinstance(value, str) and "${" in value:
        for match in SUB.finditer(value):
            yield match[1]
