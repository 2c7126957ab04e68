"""Where in a template's text a property stands: the line that a finding points at.

Nothing here judges, and it is imported only when something was found. The text is read once more, and only the maps
and lists on the way to what was found; each of them once, whatever the number of findings.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Protocol

    class Text(Protocol):
        """A text whose values have places."""

        root: Any

        def children(self, value: Any) -> Members | Items | None:
            """Give what a map or a list holds, with the place of each key or item; None for anything else."""

        def resource(self, name: str) -> tuple[int, Any] | None:
            """Give a resource's place and value if there is a way shorter than reading the whole; None if not."""

        def line(self, place: int) -> int:
            """Give the 1-based line of a place."""


LOOP: Final = "Fn::ForEach"
MACRO: Final = "(Transform"
SECTIONS: Final = ("Parameters", "Conditions", "Mappings", "Outputs", "Rules", "Transform")
BLANK: Final = re.compile(r"[ \t\n\r]*")
KEY: Final = re.compile(r'("(?:[^"\\]|\\.)*")[ \t\n\r]*:[ \t\n\r]*', re.DOTALL)
COMMA: Final = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
IN_A_LOOP: Final = r"[$&]\{[^}]*\}"
MOST_PLACEHOLDERS: Final = 4  # in a name that a loop makes; a name with more is not told from others
FEW: Final = 16  # lookups, for which a table of all lines does not pay, nor reading the whole of a text
MOST_STEPS: Final = 10_000  # of one lookup: branches of branches that share each other multiply

#: A name or position -> where it stands, and the value there (opaque: only its reader knows what it is).
Members = dict[str, tuple[int, Any]]
Items = list[tuple[int, Any]]


class Lines:
    """The lines of one template.

    Args:
        text: of the template, with its places.
    """

    def __init__(self, text: Text) -> None:
        self._text = text
        self._found: dict[tuple[str, str], int | None] = {}
        self._resources: dict[str, tuple[int, Any] | None] = {}

    def at(self, path: Iterable[str | int]) -> int | None:
        """Give the line of the value at a path: that of its key in a map, that of its beginning in a list.

        Args:
            path: keys and positions from the top of the document; none is the document itself.
        """
        place, value = None, self._text.root
        for step in path:
            held: Any = self._text.children(value)
            in_map = isinstance(held, dict) and isinstance(step, str) and step in held
            if not in_map and not (isinstance(held, list) and isinstance(step, int) and 0 <= step < len(held)):
                return None
            place, value = held[step]
        return None if place is None else self._text.line(place)

    def of(self, resource: str, property_path: str) -> int | None:
        """Give the line of a property of a resource, or of what there is of its path.

        What is absent stands at the value in which it would be; if that is the whole of the properties, at the
        resource's name. Of what a loop makes, the loop's body is looked at.

        Args:
            resource: the logical id, `(Transform)` and `(Transform.0)` for a macro.
            property_path: such as `Properties.BlockDeviceMappings.0.Ebs.Encrypted`; a key in it may have dots.

        Returns:
            The line, from 1; None if the resource is not in the text, as the stack itself is not.
        """
        asked = (resource, property_path)
        if asked not in self._found:
            try:
                self._found[asked] = self._look(resource, property_path)
            except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
                self._found[asked] = None  # a text that changed since it was judged
        return self._found[asked]

    def _look(self, resource: str, property_path: str) -> int | None:
        if resource.startswith(MACRO):
            number = resource.removeprefix(MACRO).strip(".)")
            return self.at(["Transform", int(number)] if number else ["Transform"])
        found = self._resource(resource)
        if found is None:
            return None
        place, value = found
        steps = property_path.split(".")
        held = self._members(value)
        if steps[0] in held:
            at, value = (1, held["Properties"][1]) if steps[0] == "Properties" else (0, value)
        elif steps[0] in SECTIONS and steps[0] in self._members(self._text.root):
            at, (place, value) = 1, self._members(self._text.root)[steps[0]]
        else:
            return self._text.line(place)
        _, better = _Walk(self._text).deepest(value, steps, at)
        return self._text.line(place if better is None else better)

    def _members(self, value: Any) -> Members:
        held = self._text.children(value)
        return held if isinstance(held, dict) else {}

    def _resource(self, logical_id: str) -> tuple[int, Any] | None:
        """Find a resource, if need be as what a loop makes."""
        if logical_id not in self._resources:
            self._resources[logical_id] = self._text.resource(logical_id)
        if self._resources[logical_id] is None:
            resources = self._members(self._members(self._text.root).get("Resources", (0, None))[1])
            self._resources[logical_id] = resources.get(logical_id) or self._looped(resources, logical_id)
        return self._resources[logical_id]

    def _looped(self, section: Mapping[str, tuple[int, Any]], logical_id: str) -> tuple[int, Any] | None:
        """Find what makes a resource in the loops of a section: the entry of a body, or the loop if several may."""
        for name, (place, loop) in section.items():
            held = self._text.children(loop) if name.startswith(LOOP) else None
            if not isinstance(held, list) or len(held) != 3:
                continue
            body = self._members(held[2][1])
            made = [entry for key, entry in body.items() if not key.startswith(LOOP) and _may_be(key, logical_id)]
            if len(made) == 1:
                return made[0]
            if made:
                return place, None
            inner = self._looped(body, logical_id)
            if inner is not None:
                return inner
        return None


def _may_be(written: str, name: str) -> bool:
    """Whether a loop that makes `written` may make a name."""
    parts = re.split(IN_A_LOOP, written)
    if len(parts) > MOST_PLACEHOLDERS + 1:
        return name.startswith(parts[0]) and name.endswith(parts[-1])
    return re.fullmatch(".*".join(map(re.escape, parts)), name, re.DOTALL) is not None


class _Walk:
    """One lookup.

    Args:
        text: in which to look.
    """

    def __init__(self, text: Text) -> None:
        self._text = text
        self._left = MOST_STEPS

    def deepest(self, value: Any, steps: Sequence[str], at: int) -> tuple[int, int | None]:
        """Follow a path as far as it exists.

        Args:
            value: from which the path goes on.
            steps: the path, split at its dots.
            at: the number of steps that led to the value.

        Returns:
            The number of steps that exist, and the place of the last; None if there is no place beyond the value.
        """
        self._left -= 1
        held = self._text.children(value) if at < len(steps) and self._left > 0 else None
        if isinstance(held, list):
            step = steps[at]
            if not step.isdecimal() or int(step) >= len(held):
                return at, None
            place, item = held[int(step)]
            deeper, better = self.deepest(item, steps, at + 1)
            return deeper, place if better is None else better
        return (at, None) if held is None else self._in_map(held, steps, at)

    def _in_map(self, held: Members, steps: Sequence[str], at: int) -> tuple[int, int | None]:
        best: tuple[int, int | None] = (at, None)
        key = ""
        for end in range(at, len(steps)):
            key = f"{key}.{steps[end]}" if end > at else steps[end]  # a key may have dots
            if key in held:
                place, item = held[key]
                deeper, better = self.deepest(item, steps, end + 1)
                if deeper > best[0]:
                    best = deeper, place if better is None else better
        return self._in_function(held, steps, at) if best[1] is None else best

    def _in_function(self, held: Members, steps: Sequence[str], at: int) -> tuple[int, int | None]:
        """Stand at a function that makes what the path names: at its only branch that has it, if it chooses."""
        for name, (place, item) in held.items():
            branches = self._text.children(item) if name == "Fn::If" else None
            if isinstance(branches, list):
                found = [self.deepest(branch, steps, at) for _, branch in branches[1:3]]
                deepest = max((deeper for deeper, _ in found), default=at)
                led = [better for deeper, better in found if deeper == deepest]
                return deepest, led[0] if len(led) == 1 and led[0] is not None else place
            if name.startswith("Fn::") or (name in ("Ref", "Condition") and len(held) == 1):
                return at, place
        return at, None


class JsonText:
    """A JSON text. Values are the offsets at which they begin.

    Args:
        text: the document.
        known: whether it is known to be JSON, so that it need not be read as a whole.

    Raises:
        ValueError: it is no JSON.
    """

    def __init__(self, text: str, *, known: bool = False) -> None:
        self._whole = text
        self._known: dict[int, tuple[Members | Items | None, int]] = {}
        self._decode = json.JSONDecoder().raw_decode
        self._breaks: list[int] = []
        self._last = (0, 1)  # an offset and its line
        self._lookups = 0
        self._by_name = 0 if known and LOOP not in text else FEW
        self.root: int = self._skip(0)
        if not known and self._skip(self._read(self.root, inside=("Resources",))[1]) != len(text):
            raise ValueError("more text after the document")

    def resource(self, name: str) -> tuple[int, int] | None:
        """Find the only key of that name whose value has a type: cheaper than to read the whole for a few of them."""
        if self._by_name >= FEW or not (name.isascii() and name.isalnum()):
            return None
        self._by_name += 1
        text, token, found = self._whole, f'"{name}"', []
        at = text.find(token)
        while at >= 0:
            after = self._skip(at + len(token))
            if text[after : after + 1] == ":" and text[at - 1 : at] != "\\":
                found.append((at, self._skip(after + 1)))
            at = text.find(token, at + 1)
        held = self.children(found[0][1]) if len(found) == 1 else None
        return found[0] if isinstance(held, dict) and "Type" in held else None

    def children(self, value: int | None) -> Members | Items | None:
        """Give what a map or a list holds: offsets of its keys or items, and of their values."""
        if value is None:
            return None
        return self._read(value, inside=("Resources",) if value == self.root else ())[0]

    def line(self, place: int) -> int:
        """Give the line of an offset."""
        self._lookups += 1
        if self._lookups <= FEW:
            before, line = self._last
            line += self._whole.count("\n", before, place) - self._whole.count("\n", place, before)
            self._last = place, line
            return line
        if not self._breaks:
            self._breaks = [found.start() for found in re.finditer("\n", self._whole)]
        return bisect_left(self._breaks, place) + 1

    def _skip(self, at: int) -> int:
        found = BLANK.match(self._whole, at)
        return at if found is None else found.end()

    def _read(self, at: int, inside: Sequence[str] = ()) -> tuple[Members | Items | None, int]:
        """Read a value, and no deeper than its children but for those that will be asked for; gives its end too."""
        if at not in self._known:
            opening = self._whole[at : at + 1]
            if opening == "{":
                self._known[at] = self._map(at, inside)
            elif opening == "[":
                self._known[at] = self._list(at)
            else:
                return None, self._decode(self._whole, at)[1]
        return self._known[at]

    def _map(self, at: int, inside: Sequence[str]) -> tuple[Members, int]:
        text, decode, members = self._whole, self._decode, Members()
        here = self._skip(at + 1)
        while text[here] != "}":
            found = KEY.match(text, here)
            if found is None:
                raise ValueError(f"no key at {here}")
            quoted, value_at = found[1], found.end()
            key = quoted[1:-1] if "\\" not in quoted else json.loads(quoted)
            end = self._read(value_at)[1] if key in inside else decode(text, value_at)[1]
            members[key] = (here, value_at)
            here = self._next(end, "}")
        return members, here + 1

    def _list(self, at: int) -> tuple[Items, int]:
        text, items = self._whole, Items()
        here = self._skip(at + 1)
        while text[here] != "]":
            items.append((here, here))
            here = self._next(self._decode(text, here)[1], "]")
        return items, here + 1

    def _next(self, at: int, closing: str) -> int:
        """Give where the next entry begins, or the closing bracket stands."""
        found = COMMA.match(self._whole, at)
        here = self._skip(at) if found is None else found.end()
        if (self._whole[here] == closing) is (found is None):
            return here
        raise ValueError(f"no end of the value at {at}")


def read_lines(data: bytes, *, file: str) -> Lines | None:
    """Make what finds lines in a template.

    Args:
        data: the file's content.
        file: its name; the ending says whether it may be YAML that begins as JSON does.

    Returns:
        None for what is neither JSON nor YAML.
    """
    try:
        text = data.decode("utf-8-sig")
        if text.lstrip()[:1] in ("{", "["):
            try:
                return Lines(JsonText(text, known=file.endswith(".json")))
            except (ValueError, LookupError):
                if file.endswith(".json"):
                    return None
        from nexis.templates.yaml_reader import YamlText  # imported late: most templates are JSON

        return Lines(YamlText(text))
    except Exception:  # a place that is not found must never cost the finding
        return None
