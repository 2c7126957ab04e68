"""Both sides of a change, read in the same scenario.

What a template leaves open (an allowed value, a condition that cannot be decided) is chosen once for both sides, so
that an open value which nobody touched changes nothing. What cannot be known at all is compared by what it hangs on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from nexis.diff.match import Matching, match_resources, match_templates, references
from nexis.templates.model import Assembly, Template
from nexis.templates.resolver import scalar_text
from nexis.templates.scenarios import Choices, scenarios
from nexis.templates.values import DynamicReference, Reference, Text, Unknown
from nexis.templates.views import Absent, Scene, Scenes, View

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from nexis.diff.match import Entry, Pair, TemplatePair
    from nexis.templates.model import Resource
    from nexis.templates.resolver import ParameterSource

T = TypeVar("T")

#: Begins the text that stands for a value that cannot be known; no template can hold it.
OPEN: Final = "\N{REPLACEMENT CHARACTER}"

#: Functions of which it is written which resource they name.
PLAIN_REFERENCES: Final = frozenset({"Ref", "Fn::GetAtt"})

#: The engine names a choice with its template only where there are several: so there always are.
PADDING: Final = "(nothing else)"


class Side:
    """One side of the change.

    Args:
        assemblies: with the same template keys as the other side where the templates are matched.
        parameters: where parameters get their values.
        pairs: the pair of each resource, by (template key, logical id).
    """

    def __init__(
        self, assemblies: Sequence[Assembly], parameters: ParameterSource, pairs: Mapping[tuple[str, str], Pair]
    ) -> None:
        self.assemblies = assemblies
        self.pairs = pairs
        self._scenes = [Scenes(_padded(assembly), parameters) for assembly in assemblies]
        self._of = {key: n for n, assembly in enumerate(assemblies) for key in assembly.templates}
        self._naming: dict[tuple[str, ...], dict[int | None, list[Entry]]] = {}
        self.kept: WeakKeyDictionary[Scene, dict[Hashable, Any]] = WeakKeyDictionary()

    def view(self, entry: Entry, choices: Choices) -> View:
        """Give a resource in a scenario."""
        template, resource = entry
        scene = self._scenes[self._of[template.key]].scene(choices)
        return scene.view(template, resource.logical_id)

    def pair(self, view: View) -> Pair:
        """Give the pair that a resource of this side belongs to."""
        return self.pairs[view.template.key, view.logical_id]

    def naming(self, pair: Pair, by: Mapping[str, tuple[str, ...]]) -> list[Entry]:
        """Give the resources that may name a resource: by reference to it, or in a way that only resolving tells.

        Args:
            pair: the resource that may be named.
            by: the properties that name it, by the type of the resource that names.
        """
        if tuple(by) not in self._naming:
            index: dict[int | None, list[Entry]] = {}
            for template in (t for assembly in self.assemblies for t in assembly.templates.values()):
                for resource in template.resources.values():
                    for number in self._named(template, resource, by.get(resource.type, ())):
                        index.setdefault(number, []).append((template, resource))
            self._naming[tuple(by)] = index
        index = self._naming[tuple(by)]
        return [*index.get(pair.number, ()), *index.get(None, ())]

    def _named(self, template: Template, resource: Resource, properties: tuple[str, ...]) -> set[int | None]:
        """Give the pairs that properties refer to, and None where they say it in any other way."""
        found: set[int | None] = set()
        for name in properties:
            value = resource.properties.get(name)
            for item in value if isinstance(value, list) else [] if value is None else [value]:
                targets = [self.pairs.get((template.key, n)) for n in references(item) if isinstance(n, str)]
                found |= {None if target is None else target.number for target in targets}
                if not targets or not (isinstance(item, dict) and len(item) == 1 and set(item) <= PLAIN_REFERENCES):
                    found.add(None)
        return found

    def remembered(self, scene: Scene, key: Hashable, make: Callable[[], T]) -> T:
        """Compute something of a scene once.

        Args:
            scene: the scene.
            key: names it.
            make: computes it; a choice that has not been made yet passes through.
        """
        known = self.kept.setdefault(scene, {})
        if key not in known:
            known[key] = make()
        found: T = known[key]
        return found

    def plain(self, value: Any) -> Any:
        """Write a resolved value so that equal things of both sides are equal, whatever they are called.

        Args:
            value: a resolved value.

        Returns:
            Texts, lists and maps; a reference reads as the pair it leads to.
        """
        if isinstance(value, dict):
            return {str(key): self.plain(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(item) for item in value]
        if isinstance(value, Reference):
            pair = self.pairs.get((value.stack, value.logical_id))
            name = value.logical_id if pair is None else f"#{pair.number}"
            return "${" + name + (f".{value.attribute}" if value.attribute else "") + "}"
        if isinstance(value, Text):
            return "".join(self.plain(part) if isinstance(part, Reference) else str(part) for part in value.parts)
        if isinstance(value, Unknown):
            return f"{OPEN}{value.reason}{OPEN}{value.text}"
        if isinstance(value, (Absent, type(None))):
            return None
        return str(value) if isinstance(value, DynamicReference) else scalar_text(value)

    def shown(self, value: Any) -> str:
        """Write a resolved value for a reader."""
        if isinstance(value, Unknown):
            return "a value that cannot be known"
        if isinstance(value, (dict, list)):
            return json.dumps(value, default=str, ensure_ascii=False)
        return "nothing" if isinstance(value, (Absent, type(None))) else scalar_text(value)


def _padded(assembly: Assembly) -> Assembly:
    nothing = Template(key=PADDING, file=PADDING, resources={})
    return replace(assembly, templates={**assembly.templates, PADDING: nothing})


def has_open(plain: Any) -> bool:
    """Whether something in a value written by `Side.plain` cannot be known."""
    if isinstance(plain, dict):
        return any(map(has_open, plain.values()))
    if isinstance(plain, list):
        return any(map(has_open, plain))
    return isinstance(plain, str) and OPEN in plain


class Sides:
    """Both sides of a change.

    Args:
        base: the assemblies before.
        head: the assemblies after.
        parameters: where parameters get their values, the same on both sides.
        names: gives a template's file relative to what was named on the command line.
    """

    def __init__(
        self,
        base: Sequence[Assembly],
        head: Sequence[Assembly],
        parameters: ParameterSource,
        names: Callable[[Template], str],
    ) -> None:
        templates = match_templates(base, head, names)
        renamed_base, renamed_head, pairs = _with_common_keys(templates, base, head, names)
        self.matching: Matching = match_resources(pairs)
        self.base = Side(renamed_base, parameters, self.matching.of_base)
        self.head = Side(renamed_head, parameters, self.matching.of_head)

    def views(self, pair: Pair, choices: Choices) -> tuple[View | None, View | None]:
        """Give a resource on both sides, in one scenario; None where it does not exist."""
        before = None if pair.base is None else self.base.view(pair.base, choices)
        after = None if pair.head is None else self.head.view(pair.head, choices)
        return (
            before if before is not None and before.exists else None,
            after if after is not None and after.exists else None,
        )


def _with_common_keys(
    pairs: Sequence[TemplatePair],
    base: Sequence[Assembly],
    head: Sequence[Assembly],
    names: Callable[[Template], str],
) -> tuple[list[Assembly], list[Assembly], list[TemplatePair]]:
    """Give matched templates the same key, which the engine names choices and reasons by, and their own names."""
    keys: tuple[dict[int, str], dict[int, str]] = ({}, {})
    taken: set[str] = set()
    for pair in pairs:
        shown = pair.head or pair.base
        assert shown is not None
        key = shown.stack or names(shown)
        while key in taken:
            key += "'"
        taken.add(key)
        for side, template in enumerate((pair.base, pair.head)):
            if template is not None:
                keys[side][id(template)] = key
    made = []
    replaced: dict[int, Template] = {}
    for side, assemblies in enumerate((base, head)):
        renamed = []
        for assembly in assemblies:
            new = {t.key: keys[side][id(t)] for t in assembly.templates.values()}
            templates = {}
            for template in assembly.templates.values():
                inside = template.nested_in
                nested_in = None if inside is None else (new.get(inside[0], inside[0]), inside[1])
                templates[new[template.key]] = replace(
                    template, key=new[template.key], file=names(template), nested_in=nested_in
                )
                replaced[id(template)] = templates[new[template.key]]
            nested = {(new.get(k, k), i): new.get(v, v) for (k, i), v in assembly.nested.items()}
            renamed.append(replace(assembly, templates=templates, nested=nested))
        made.append(renamed)
    swapped = [
        replace(
            pair,
            base=None if pair.base is None else replaced[id(pair.base)],
            head=None if pair.head is None else replaced[id(pair.head)],
        )
        for pair in pairs
    ]
    return made[0], made[1], swapped


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What was found in some of the scenarios.

    Args:
        found: what was found.
        when: the choices of a scenario in which it was; empty when it was in every one.
    """

    found: T
    when: str


def in_every_scenario(evaluate: Callable[[Choices], frozenset[T]]) -> Iterator[Outcome[T]]:
    """Evaluate something of both sides under every value that they leave open.

    Args:
        evaluate: gives what is found in a scenario.

    Raises:
        TooManyScenarios: the open values have too many combinations.
    """
    results = [(str(s.choices), s.result) for s in scenarios(evaluate)]
    every: dict[T, str] = {}
    for choices, found in results:
        for item in found:
            every.setdefault(item, choices)
    for item, choices in every.items():
        always = all(item in found for _, found in results)
        yield Outcome(item, "" if always else choices)
