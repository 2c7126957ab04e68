"""Loops (`Fn::ForEach`), written out: a template with loops -> the template without them.

A loop over a collection that is known becomes what CloudFormation makes of it. Of a loop over items that are not known
one example stays, in which the item is open: what holds of the example, whatever the item is, holds of everything that
the loop makes. Inside a resource such a loop stays as it is, and what it may set is open.

Source: CloudFormation Template Reference, "Fn::ForEach" and "AWS::LanguageExtensions transform".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.patterns import pattern
from nexis.templates.model import Assembly, Template, TemplateError
from nexis.templates.resolver import ParameterSource, Resolver, scalar_text
from nexis.templates.scenarios import Choices, Fork
from nexis.templates.values import DynamicReference, Reference, Text, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LOOP: Final = "Fn::ForEach"
#: The sections in which CloudFormation writes loops out; conditions first, since collections may hang on them.
SECTIONS: Final = ("Conditions", "Resources", "Outputs")
MOST_VALUES: Final = 1_000_000
DEEPEST: Final = 200
NOT_IN_A_NAME: Final = pattern(r"[^0-9A-Za-z]+")
#: Where a text names something of the template, so that an example keeps its name.
NAMING: Final = frozenset({"Ref", "Fn::GetAtt", "Condition", "DependsOn"})


def without_loops(
    document: Mapping[str, Any], *, file: str, parameters: ParameterSource, region: str | None, account: str | None
) -> dict[str, Any]:
    """Write the loops of a template out.

    Args:
        document: a parsed template.
        file: as reports name it.
        parameters: where parameters get their values; collections may be parameters.
        region: the stack's region, if known.
        account: the stack's account, if known.

    Raises:
        TemplateError: a loop has another shape, makes something twice, or makes too much.
    """
    made = dict(document)
    for name in SECTIONS:
        if isinstance(made.get(name), dict):
            ask = _asking(made, file, parameters, region, account)
            try:
                made[name] = _Expansion(file, ask).section(made[name])
            except RecursionError:
                raise TemplateError(file, f"`{name}` is nested too deeply to be read; expected a template") from None
    return made


def _asking(
    document: Mapping[str, Any], file: str, parameters: ParameterSource, region: str | None, account: str | None
) -> Callable[[Any], Any]:
    """Make what resolves a collection as far as the template says it."""

    def section(name: str) -> dict[str, Any]:
        found = document.get(name)
        return found if isinstance(found, dict) else {}

    template = Template(
        key=file,
        file=file,
        resources={},
        parameters=section("Parameters"),
        conditions=section("Conditions"),
        mappings=section("Mappings"),
        region=region,
        account=account,
    )

    def ask(collection: Any) -> Any:
        try:
            return Resolver(Assembly(templates={file: template}), parameters, Choices({})).resolve(template, collection)
        except Fork as choice:
            return Unknown(f"it hangs on {choice.key}")

    return ask


class _Expansion:
    """Writes the loops of one section out.

    Args:
        file: as reports name it.
        ask: resolves a collection.
    """

    def __init__(self, file: str, ask: Callable[[Any], Any]) -> None:
        self.file = file
        self.ask = ask
        self.values = 0

    def section(self, section: Mapping[str, Any]) -> dict[str, Any]:
        """Write out the loops of a section, and those within what it holds."""
        return self._map(section, top=True)

    def _map(self, found: Mapping[str, Any], *, top: bool) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in found.items():
            if isinstance(key, str) and key.startswith(LOOP):
                for name, item in self._loop(key, value, top=top).items():
                    if name != key and (name in made or name in found):
                        raise TemplateError(self.file, f"`{key}` makes {name!r} a second time; expected each name once")
                    made[name] = item
            else:
                made[key] = self._inner(value)
        return made

    def _inner(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self._map(value, top=False)
        return [self._inner(item) for item in value] if isinstance(value, list) else value

    def _loop(self, key: str, loop: Any, *, top: bool) -> dict[str, Any]:
        if (
            not isinstance(loop, list)
            or len(loop) != 3
            or not isinstance(loop[0], str)
            or not isinstance(loop[2], dict)
        ):
            raise TemplateError(self.file, f"`{key}` is no loop; expected [identifier, collection, map]")
        identifier, collection, body = loop
        items = self.ask(collection)
        if not isinstance(items, list) or not all(map(_is_item, items)):
            items = (
                [i if _is_item(i) else _open(key, i) for i in items] if isinstance(items, list) else [_open(key, items)]
            )
            if not top:
                return {key: loop}
        made: dict[str, Any] = {}
        for item in dict.fromkeys(items):
            filled = self._filled(body, identifier, item, 0)
            if not isinstance(filled, dict):  # the map was a reference to the identifier
                raise TemplateError(self.file, f"`{key}` is no loop; expected [identifier, collection, map]")
            for name, value in self._map(filled, top=top).items():
                if name in made and not isinstance(item, Unknown):
                    raise TemplateError(self.file, f"`{key}` makes {name!r} a second time; expected each name once")
                made.setdefault(name, value)
        return made

    def _filled(self, value: Any, identifier: str, item: Any, depth: int, *, names: bool = False) -> Any:
        """Put an item in the place of the identifier."""
        self.values += 1
        if self.values > MOST_VALUES or depth > DEEPEST:
            raise TemplateError(
                self.file, f"its loops make more than {MOST_VALUES:,} values or {DEEPEST} levels; write it shorter"
            )
        if isinstance(value, str):
            return _text(value, identifier, item, names=names)
        if isinstance(value, list):
            return [self._filled(part, identifier, item, depth + 1, names=names) for part in value]
        if not isinstance(value, dict):
            return value
        if value == {"Ref": identifier}:
            return item if isinstance(item, Unknown) else scalar_text(item)
        made: dict[Any, Any] = {}
        for key, part in value.items():
            name = _text(key, identifier, item, names=True) if isinstance(key, str) else key
            filled = self._filled(part, identifier, item, depth + 1, names=name in NAMING)
            if name == "Fn::If" and isinstance(part, list) and part:  # its first is the name of a condition
                filled[0] = self._filled(part[0], identifier, item, depth + 1, names=True)
            made[name] = filled
        return made


def _is_item(item: Any) -> bool:
    return isinstance(item, (str, int, float)) and not isinstance(item, Reference | Text | DynamicReference)


def _open(key: str, found: Any) -> Unknown:
    why = found.reason if isinstance(found, Unknown) else f"found {found!r}, which is known only while deploying"
    return Unknown(f"the items of `{key}` are not known: {why}", stands=True)


def _text(text: str, identifier: str, item: Any, *, names: bool) -> Any:
    plain, cleaned = "${" + identifier + "}", "&{" + identifier + "}"
    if plain not in text and cleaned not in text:
        return text
    if isinstance(item, Unknown):
        return text if names else item
    written = scalar_text(item)
    return text.replace(plain, written).replace(cleaned, NOT_IN_A_NAME.sub("", written))
