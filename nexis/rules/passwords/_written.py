"""A value as the template writes it: literal pieces, and for each reference what it hands over.

The resolver says what a value is; a rule about secrets has to know how it came there. The default of a parameter is a
literal; a parameter with NoEcho and without a default is the documented way to hand a secret in.

Source: CloudFormation User Guide, "Parameters" (NoEcho) and "Security best practices", read 2026-11-23.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

from nexis.records import record, replace
from nexis.templates.resolver import PSEUDO_PARAMETERS, SUB_PATTERN, scalar_text
from nexis.templates.scenarios import Fork
from nexis.templates.values import NO_VALUE, Reference, Text, Unknown
from nexis.templates.views import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.templates.model import Template
    from nexis.templates.views import View

DEEPEST: Final = 60
MOST_BRANCHES: Final = 64
PLAIN_STORE: Final = "AWS::SSM::Parameter::Value"


@record
class Piece:
    """A part of a value.

    Args:
        kind: `literal`; `reference` to a resource; `secret`, a parameter with NoEcho and no default; `plain`, one
            without NoEcho; `stored`, one read from the plain parameter store; `open`, what cannot be known.
        text: a literal itself; otherwise how the piece is written, or why it is open.
        parameter: the parameter whose default a literal is, or that the piece is.
        hidden: whether that parameter has NoEcho.
        reference: the reference.
    """

    kind: Literal["literal", "reference", "secret", "plain", "stored", "open"]
    text: str
    parameter: str = ""
    hidden: bool = False
    reference: Reference | None = None


class Writing:
    """Reads the values of one resource as they are written.

    Args:
        view: the resource.
    """

    def __init__(self, view: View) -> None:
        self._resolver = view.scene.resolver
        self._templates: Mapping[str, Template] = view.scene.assembly.templates

    def branches(self, template: Template, raw: Any) -> list[Any]:
        """Give what a value may be: of `Fn::If` the branch that is taken, or both where that is not decided.

        Args:
            template: where the value stands.
            raw: the value as parsed.
        """
        left: list[Any] = [raw]
        found: list[Any] = []
        while left and len(found) < MOST_BRANCHES:
            value = left.pop()
            argument = value.get("Fn::If") if isinstance(value, dict) and len(value) == 1 else None
            if isinstance(argument, list) and len(argument) == 3 and isinstance(argument[0], str):
                try:
                    left.append(argument[1 if self._resolver.holds(template, argument[0]) else 2])
                except Fork:
                    left += argument[1:]
            elif value != {"Ref": "AWS::NoValue"}:
                found.append(value)
        return found

    def resolved(self, template: Template, raw: Any, *, may_fork: bool) -> Any:
        """Resolve a value.

        Args:
            template: where the value stands.
            raw: the value as parsed.
            may_fork: whether an open choice makes scenarios; otherwise the value is open.
        """
        try:
            return self._resolver.resolve(template, raw)
        except Fork:
            if may_fork:
                raise
            return Unknown("it hangs on a choice")

    def pieces(self, template: Template, raw: Any, *, may_fork: bool = False, depth: int = 0) -> list[Piece]:
        """Give the pieces of a scalar, in order.

        Args:
            template: where the value stands.
            raw: the value as parsed.
            may_fork: see `resolved`.
            depth: how deep in functions it stands.
        """
        if depth > DEEPEST:
            return [Piece("open", "it is nested too deep")]
        if raw is None:
            return []
        if not isinstance(raw, (dict, list)):
            return [Piece("literal", scalar_text(raw))]
        inner = self.branches(template, raw)
        if len(inner) != 1 or inner[0] is not raw:
            return [p for value in inner for p in self.pieces(template, value, may_fork=may_fork, depth=depth + 1)]
        if isinstance(raw, dict) and len(raw) == 1:
            ((name, argument),) = raw.items()
            if name == "Ref" and isinstance(argument, str) and argument in template.parameters:
                return self._parameter(template, argument, may_fork, depth)
            if name == "Fn::Base64":
                return self.pieces(template, argument, may_fork=may_fork, depth=depth + 1)
            if name == "Fn::Sub":
                return self._sub(template, argument, may_fork, depth)
            if name == "Fn::ToJsonString":
                return self._json(template, argument, may_fork, depth)
            if name == "Fn::Join" and isinstance(argument, list) and len(argument) == 2:
                return self._join(template, argument, may_fork, depth)
        found = _resolved_pieces(self.resolved(template, raw, may_fork=may_fork))
        if any(piece.kind == "open" for piece in found):
            # A part of a parameter (Fn::Select, Fn::Split) is as secret as the whole.
            for name in _parameters_in(raw, template):
                handed = self._parameter(template, name, may_fork, depth)
                if any(piece.kind in ("secret", "plain", "stored") for piece in handed):
                    return handed
        return found

    def _sub(self, template: Template, argument: Any, may_fork: bool, depth: int) -> list[Piece]:
        names: Mapping[str, Any] = {}
        if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
            argument, names = argument
        if not isinstance(argument, str):
            return [Piece("open", "an Fn::Sub without text")]
        found: list[Piece] = []
        end = 0
        for match in SUB_PATTERN.finditer(argument):
            found.append(Piece("literal", argument[end : match.start()]))
            end = match.end()
            literal, name = match.group(1), match.group(2).strip()
            if literal:
                found.append(Piece("literal", "${" + name + "}"))
                continue
            written = names.get(name, {"Fn::GetAtt": name} if "." in name else {"Ref": name})
            found += self.pieces(template, written, may_fork=may_fork, depth=depth + 1)
        return [*found, Piece("literal", argument[end:])]

    def _join(self, template: Template, argument: list[Any], may_fork: bool, depth: int) -> list[Piece]:
        delimiter, items = argument
        if not isinstance(items, list) or not isinstance(delimiter, str):
            return _resolved_pieces(self.resolved(template, {"Fn::Join": argument}, may_fork=may_fork))
        found: list[Piece] = []
        for number, item in enumerate(items):
            if number and delimiter:
                found.append(Piece("literal", delimiter))
            found += self.pieces(template, item, may_fork=may_fork, depth=depth + 1)
        return found

    def _json(self, template: Template, raw: Any, may_fork: bool, depth: int) -> list[Piece]:
        if depth > DEEPEST:
            return [Piece("open", "it is nested too deep")]
        inner = self.branches(template, raw)
        if len(inner) != 1:
            return [p for value in inner for p in self._json(template, value, may_fork, depth + 1)]
        raw = inner[0]
        if is_function(raw) or not isinstance(raw, (dict, list)):
            pieces = self.pieces(template, raw, may_fork=may_fork, depth=depth + 1)
            quoted = (replace(p, text=json.dumps(p.text)[1:-1]) if p.kind == "literal" else p for p in pieces)
            return [Piece("literal", '"'), *quoted, Piece("literal", '"')]
        opening, closing = "{}" if isinstance(raw, dict) else "[]"
        found: list[Piece] = []
        for key, item in raw.items() if isinstance(raw, dict) else ((None, item) for item in raw):
            name = "" if key is None else f"{json.dumps(str(key))}: "
            found.append(Piece("literal", (", " if found else opening) + name))
            found += self._json(template, item, may_fork, depth + 1)
        return [*(found or [Piece("literal", opening)]), Piece("literal", closing)]

    def _parameter(self, template: Template, name: str, may_fork: bool, depth: int) -> list[Piece]:
        declared = template.parameters[name]
        if not isinstance(declared, dict):
            return [Piece("open", f"parameter {name}, which is not declared as a map")]
        hidden = str(declared.get("NoEcho", False)).lower() == "true"
        if template.nested_in is not None:
            key, logical_id = template.nested_in
            passed = self._templates[key].resources[logical_id].properties.get("Parameters")
            if isinstance(passed, dict) and name in passed:
                return self.pieces(self._templates[key], passed[name], may_fork=may_fork, depth=depth + 1)
        if str(declared.get("Type")).startswith(PLAIN_STORE):
            return [Piece("stored", "${" + name + "}", name)]
        given = self._resolver.parameters.given
        if name in given:
            return [Piece("secret", "${" + name + "}", name)] if hidden else _resolved_pieces(given[name])
        default = declared.get("Default")
        allowed = declared.get("AllowedValues")
        written = [default, *(allowed if isinstance(allowed, list) and default is None else ())]
        texts = [scalar_text(value) for value in written if isinstance(value, (str, int, float))]
        for text in texts:
            if text.strip():  # an empty default stands for none
                return [Piece("literal", text, name, hidden)]
        return [Piece("secret" if hidden else "plain", "${" + name + "}", name)]


def is_function(raw: Any) -> bool:
    """Whether a parsed value is one intrinsic function.

    Args:
        raw: the value as parsed.
    """
    if not isinstance(raw, dict) or len(raw) != 1:
        return False
    name = next(iter(raw))
    return name == "Ref" or (isinstance(name, str) and name.startswith("Fn::"))


def text_of(pieces: list[Piece]) -> str:
    """Write pieces as one text; what is no literal stands as `${Name}`, which looks a value up.

    Args:
        pieces: in order.
    """
    return "".join("${Unknown}" if piece.kind == "open" else piece.text for piece in pieces)


def _parameters_in(raw: Any, template: Template) -> list[str]:
    """Give the parameters that a value refers to by `Ref`."""
    return [
        value
        for path, value in walk(raw)
        if path and path[-1] == "Ref" and isinstance(value, str) and value in template.parameters
    ]


def _resolved_pieces(value: Any) -> list[Piece]:
    return list(_each_piece(value))


def _each_piece(value: Any) -> Iterator[Piece]:
    if value is NO_VALUE or value is None:
        return
    if isinstance(value, Unknown):
        yield Piece("open", value.reason)
    elif isinstance(value, Text):
        for part in value.parts:
            yield from _each_piece(part)
    elif isinstance(value, Reference):
        pseudo = value.logical_id in PSEUDO_PARAMETERS
        yield Piece("reference", str(value), "AWS" if pseudo else "", reference=value)
    elif isinstance(value, (dict, list)):
        yield Piece("open", f"found a {'map' if isinstance(value, dict) else 'list'}, expected text")
    else:
        yield Piece("literal", scalar_text(value))
