"""Which line of an engineer's program made a construct.

Two ways lead there. An app that imports `nexis.cdk` is watched while it makes constructs, which costs a few
microseconds for each; what JavaScript makes on its own (the resource within a high-level construct) was made by the
nearest construct above it that Python made. Of any other app, the traces are read that the CDK keeps in the metadata
of its cloud assembly.

Sources: jsii 1.142.0 (`jsii.create` makes every object; JSII_HOST_STACK_TRACES adds Python's frames to the traces),
aws-cdk-lib 2.275.0 (`aws:cdk:creationStack` in a stack's metadata, innermost frame first); both tried.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import FrameType

TRACE: Final = "aws:cdk:creationStack"
#: Folders of what others wrote.
INSTALLED: Final = frozenset({"site-packages", "dist-packages", "node_modules"})
#: What only holds others: its line is the one that asked for it. That of a resource is where its properties stand,
#: which in a class derived from it is the call of `super().__init__`.
HOLDERS: Final = frozenset(
    {"constructs.Construct", "aws-cdk-lib.Stack", "aws-cdk-lib.NestedStack", "aws-cdk-lib.Stage"}
)
OF_PYTHON: Final = r"[/\\]lib(?:64)?[/\\]python3\.\d+[/\\]"
#: `name (file:line)` of Python, `name (file:line:column)` of JavaScript.
FRAME: Final = r"\((?P<file>[^()]+?):(?P<line>\d+)(?::\d+)?\)\s*$"


class Place(NamedTuple):
    """A line of a program: the absolute path of its file, and the line from 1."""

    file: str
    line: int


def nearest(sources: Mapping[str, str], construct: str | None) -> str | None:
    """Give the source of a construct, or that of the nearest one above it.

    Args:
        sources: by construct path.
        construct: a construct path.
    """
    path = construct
    while path:
        if path in sources:
            return sources[path]
        path = path.rpartition("/")[0]
    return None


def relative(place: Place, folder: str) -> str:
    """Write a place as reports do: relative to a folder when below it, with slashes.

    Args:
        place: with an absolute path.
        folder: an absolute path, commonly of the current directory.
    """
    file = PurePath(place.file)
    shown = file.relative_to(folder) if file.is_relative_to(folder) else file
    return f"{shown.as_posix()}:{place.line}"


def innermost(places: Iterable[Place], folder: str) -> Place | None:
    """Choose the frame that says most: the innermost below the project's folder, or else the innermost of all.

    Args:
        places: of code that is not installed, innermost first.
        folder: of the project, absolute.
    """
    first = None
    below = folder.rstrip(os.sep) + os.sep
    for place in places:
        if place.file.startswith(below):
            return place
        first = first or place
    return first


def from_traces(metadata: Mapping[str, Iterable[Mapping[str, Any]]], folder: str) -> dict[str, str]:
    """Read the sources that the traces of a stack's metadata tell.

    Args:
        metadata: of a stack, as its cloud assembly keeps it: entries by construct path.
        folder: of the project, absolute.

    Returns:
        Sources by construct path, of the constructs whose traces have a frame of the engineer's own.
    """
    found = {}
    for path, entries in metadata.items():
        traces = [entry.get("data") for entry in entries if entry.get("type") == TRACE]
        lines = [line for trace in traces if isinstance(trace, list) for line in trace if isinstance(line, str)]
        place = innermost(_written(lines), folder)
        if place is not None:
            found[path.removeprefix("/")] = relative(place, folder)
    return found


def _written(lines: Iterable[str]) -> Iterator[Place]:
    for line in lines:
        found = re.search(FRAME, line)
        if found is not None and found["line"].isascii() and _is_own(found["file"]):
            yield Place(os.path.normpath(found["file"]), int(found["line"]))


def _is_own(file: str) -> bool:
    """Whether a file is neither installed nor part of Python, Node or what has no file."""
    if file.startswith(("<", "node:")) or re.search(OF_PYTHON, file) is not None:
        return False
    return INSTALLED.isdisjoint(PurePath(file).parts)


class Watch:
    """Notes which line made each construct of an app.

    Args:
        construct: the class of all constructs.
        reading: gives the path and the root of a construct that JavaScript made.
    """

    def __init__(self, construct: type, reading: Callable[[Any], tuple[str, Any]]) -> None:
        self._construct = construct
        self._reading = reading
        self._paths: dict[str, tuple[str, str]] = {}  # reference: (that of the root, construct path)
        self._made: dict[str, dict[str, Place]] = {}  # reference of the root: places by construct path
        self._own: dict[str, str | None] = {}  # file as a frame names it: its absolute path, if it is the engineer's
        self._not_own = (f"{Path(os.__file__).parent}{os.sep}", *_machinery())
        self._folder = str(Path.cwd())

    def watching(self, create: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what makes objects, so that it is noted when they are constructs.

        Args:
            create: takes a class, the object that is being made, and its arguments.
        """

        def watched(kind: Any, made: Any, arguments: Any = None) -> Any:
            result = create(kind, made, arguments)
            if isinstance(made, self._construct):
                self._note(made, arguments or (), sys._getframe(1))
            return result

        return watched

    def of(self, root: Any, folder: str) -> dict[str, str]:
        """Give what was noted of an app.

        Args:
            root: the app.
            folder: absolute; places below it are written relative to it.
        """
        made = self._made.get(_reference(root), {})
        return {path: relative(place, folder) for path, place in made.items()}

    def _note(self, made: Any, arguments: Any, frame: FrameType | None) -> None:
        reference, scope = _reference(made), arguments[0] if arguments else None
        if not reference:
            return
        name = arguments[1] if len(arguments) > 1 else None
        above = self._paths.get(_reference(scope))
        if above is None or not isinstance(name, str):
            path, root = self._reading(made)
            self._paths[reference] = root_reference, path = _reference(root), path
        else:
            # Source: constructs 10.8.1, Node: a slash in an id becomes two dashes, and an empty id adds nothing.
            cleaned = name.replace("/", "--")
            root_reference, path = above[0], "/".join(part for part in (above[1], cleaned) if part)
            self._paths[reference] = root_reference, path
        maker = _caller(frame, made) if getattr(made, "__jsii_type__", "") in HOLDERS else frame
        place = innermost(self._frames(maker), self._folder)
        if place is not None and path:
            self._made.setdefault(root_reference, {})[path] = place

    def _frames(self, frame: FrameType | None) -> Iterator[Place]:
        while frame is not None:
            name = frame.f_code.co_filename
            if name not in self._own:
                self._own[name] = self._file(name)
            file = self._own[name]
            if file is not None:
                yield Place(file, frame.f_lineno)
            frame = frame.f_back

    def _file(self, name: str) -> str | None:
        file = os.path.normpath(Path.cwd() / name)
        return None if not _is_own(name) or file.startswith(self._not_own) else file


def _caller(frame: FrameType | None, made: Any) -> FrameType | None:
    """Leave out the `__init__` of what is being made, and of the classes that it is derived from."""
    found, own = frame, frame
    while own is not None:
        code = own.f_code
        if code.co_name == "__init__" and code.co_argcount and own.f_locals.get(code.co_varnames[0]) is made:
            found = own.f_back
        own = own.f_back
    return found


def _machinery() -> tuple[str, ...]:
    """Give the files of ours that stand between the engineer and the CDK."""
    here = Path(__file__).resolve()
    return str(here), str(here.with_name("cdk.py"))


def _reference(thing: Any) -> str:
    """Give what names an object of JavaScript; nothing for another one."""
    found = getattr(getattr(thing, "__jsii_ref__", None), "ref", "")
    return found if isinstance(found, str) else ""
