"""A resource without its template, and whether a rule looked for more than the resource itself.

A hook on a resource is given that one resource. A rule that looks for others (the policy of a bucket, the parameter
group of an instance), or at what no property says (a deletion policy), cannot decide there: it decides on the whole
template, which the hook on the stack is given. Nothing lists such rules: what they look at is watched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from nexis.check import judge_resource
from nexis.templates.model import Assembly, Resource, Template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.check import Judgement
    from nexis.rules.model import Rule
    from nexis.templates.resolver import ParameterSource


#: What a template says of a resource.
PARTS: Final = frozenset(Resource.__annotations__)


class Watched(Mapping[str, Any]):
    """A map that tells when anybody looks at more of it than one entry.

    Args:
        content: what is in it.
        own: the entry that may be looked at, if any.
        tell: called when another one is, or all of them are.
    """

    def __init__(self, content: Mapping[str, Any], own: str | None, tell: Callable[[], None]) -> None:
        self._content, self._own, self._tell = content, own, tell

    def __getitem__(self, key: str) -> Any:
        if key != self._own:
            self._tell()
        return self._content[key]

    def __contains__(self, key: object) -> bool:
        if key != self._own:
            self._tell()
        return key in self._content

    def __iter__(self) -> Iterator[str]:
        self._tell()
        return iter(self._content)

    def __len__(self) -> int:
        self._tell()
        return len(self._content)


class Declared:
    """A resource that tells when anybody reads what only a template says of it, such as its deletion policy.

    Args:
        logical_id: its id in the stack.
        type: its type.
        properties: as CloudFormation has resolved them.
        tell: called when anything else is read.
    """

    condition = None  # a resource that is about to be made exists

    def __init__(self, logical_id: str, type: str, properties: Mapping[str, Any], tell: Callable[[], None]) -> None:  # noqa: A002 - named as in `Resource`
        self.logical_id, self.type, self.properties, self._tell = logical_id, type, properties, tell

    def __getattr__(self, name: str) -> Any:
        if name not in PARTS:
            raise AttributeError(name)
        self._tell()
        return {"metadata": {}, "depends_on": ()}.get(name)


class Alone:
    """One resource that is judged by itself.

    Args:
        resource: the resource.
        region: where it is made, if known.
        account: where it is made, if known.
        stack: the stack's name, if known.
        file: as messages name where it stands.
    """

    def __init__(
        self, resource: Resource, *, region: str | None, account: str | None, stack: str | None, file: str
    ) -> None:
        self.looked_further = False
        self._resource = cast("Resource", Declared(resource.logical_id, resource.type, resource.properties, self._look))
        sections = {name: self._nothing() for name in ("parameters", "conditions", "mappings", "outputs")}
        self._template = Template(
            key=file,
            file=file,
            resources=Watched({resource.logical_id: self._resource}, resource.logical_id, self._look),
            stack=stack,
            region=region,
            account=account,
            **sections,
        )
        self._assembly = Assembly(templates=Watched({file: self._template}, None, self._look), nested=self._nothing())

    def _nothing(self) -> Any:
        return Watched({}, None, self._look)

    def _look(self) -> None:
        self.looked_further = True

    def judge(self, rule: Rule, parameters: ParameterSource) -> Judgement | None:
        """Judge it by a rule.

        Args:
            rule: one for its type.
            parameters: where parameters get their values; here there are none.

        Returns:
            What the rule says, or None if it looked for more than the resource itself.
        """
        self.looked_further = False
        judgement = judge_resource(self._assembly, self._template, self._resource, rule, parameters)
        return None if self.looked_further else judgement
