"""Small templates, resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexis.templates.model import Assembly, Template, read_document
from nexis.templates.resolver import ParameterSource
from nexis.templates.scenarios import Choices, scenarios
from nexis.templates.views import Scene

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.templates.views import View

REGION = "eu-central-1"
ACCOUNT = "111111111111"


def template(document: Mapping[str, Any], key: str = "t.json", **known: Any) -> Template:
    """A template; `Resources` may be left out."""
    return read_document({"Resources": {}, **document}, key=key, file=key.partition("#")[0], **known)


def assembly(*templates: Template) -> Assembly:
    """Templates judged together; those that are nested are linked to their parents."""
    nested = {t.nested_in: t.key for t in templates if t.nested_in is not None}
    return Assembly(templates={t.key: t for t in templates}, nested=nested)


def scene(*templates: Template, strict: bool = False, given: Mapping[str, Any] | None = None) -> Scene:
    """Templates in the one scenario in which nothing had to be chosen."""
    return Scene(assembly(*templates), ParameterSource(given=given or {}, strict=strict), Choices({}))


def view(made: Scene, logical_id: str, key: str = "t.json") -> View:
    """A resource of a scene."""
    return made.view(made.assembly.templates[key], logical_id)


def resolved(
    value: Any, document: Mapping[str, Any] | None = None, *, strict: bool = False, given: Any = None, **known: Any
) -> Any:
    """A value that stands in a template, where nothing has to be chosen."""
    made = template(document or {}, **known)
    return scene(made, strict=strict, given=given).resolver.resolve(made, value)


def every(
    value: Any, document: Mapping[str, Any] | None = None, *, strict: bool = False, given: Any = None, **known: Any
) -> list[Any]:
    """A value in every scenario, in order."""
    made = template(document or {}, **known)
    source = ParameterSource(given=given or {}, strict=strict)
    return [
        scenario.result
        for scenario in scenarios(lambda c: Scene(assembly(made), source, c).resolver.resolve(made, value))
    ]
