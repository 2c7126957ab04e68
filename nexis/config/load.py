"""Reading a configuration file, and saying what is wrong with it: place, got, expected, do."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import BaseModel, ValidationError

from nexis.config.locate import Place, line_numbers, line_of
from nexis.config.model import PROBLEM, Configuration
from nexis.config.problems import Problem, enumerate_words, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: The file beside the configurations that lists the team roles.
OWNERS_FILE: Final = "owners.toml"
_ROLE: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

_EXPECTED_TYPES: Final = {
    "string_type": "text in quotes",
    "int_type": "a whole number, without quotes",
    "tuple_type": "a list in square brackets",
    "model_type": "a section",
    "model_attributes_type": "a section",
}


class ConfigurationError(Exception):
    """A configuration cannot be used.

    Attributes:
        path: The file.
        problems: Every problem found in it; empty if the file could not be read as TOML.
    """

    def __init__(self, path: Path, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.path = path
        self.problems = tuple(problems)


def load_configuration(path: Path) -> Configuration:
    """Read and judge the configuration of one environment.

    Args:
        path: The TOML file, such as ``config/dev.toml``; `owners.toml` is expected beside it.

    Returns:
        The configuration.

    Raises:
        ConfigurationError: If the file is missing, is not TOML, or holds anything that is refused. The message names
            every problem with its place in the file, what was got, what was expected, and what to do.
    """
    text, document = _read(path)
    owners = load_owners(path.with_name(OWNERS_FILE))
    configuration: Configuration | None = None
    problems: list[Problem] = []
    try:
        configuration = Configuration.model_validate(document)
    except ValidationError as refused:
        problems += [_problem(error, document) for error in refused.errors(include_url=False)]
    problems += _about_the_files(document, path, owners)
    if problems or configuration is None:
        raise _refusal(path, text, problems)
    return configuration


def load_owners(path: Path) -> Mapping[str, str]:
    """Read the team roles that may own something.

    Args:
        path: The file, such as ``config/owners.toml``: a table `[roles]` from role to a sentence.

    Returns:
        From role to its description, sorted by role.

    Raises:
        ConfigurationError: If the file is missing, is not TOML, or lists anything else.
    """
    text, document = _read(path)
    roles = document.get("roles")
    problems = [
        Problem((key,), f"the key {key!r}", "only the table [roles]", f"move it into [roles] or remove {key!r}")
        for key in document
        if key != "roles"
    ]
    if not isinstance(roles, dict) or not roles:
        problems.append(
            Problem(("roles",), "no roles", "a table [roles] of role = description", "list at least one team role")
        )
        roles = {}
    for role, description in roles.items():
        if not _ROLE.fullmatch(role):
            do = f"use {re.sub('[^a-z0-9]+', '-', role.lower()).strip('-')!r}"
            problems.append(Problem(("roles", role), repr(role), "a role in lower case, words joined by hyphens", do))
        if not isinstance(description, str) or not description.strip():
            problems.append(
                Problem(("roles", role), repr(description), "a sentence in quotes", "say what the role answers for")
            )
    if problems:
        raise _refusal(path, text, problems)
    return dict(sorted(roles.items()))


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError as problem:
        raise ConfigurationError(path, _missing(path)) from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigurationError(
            path, f"{path}: got a file that cannot be read ({problem}); expected UTF-8 text; do: correct the file"
        ) from problem
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigurationError(path, _not_toml(path, text, str(problem))) from problem


def _missing(path: Path) -> str:
    there = sorted(other.name for other in path.parent.glob("*.toml") if other.name != OWNERS_FILE)
    if path.name == OWNERS_FILE:
        do = "create it with a table [roles] of role = description"
    elif there:
        do = f"use {path.with_name(nearest(path.name, there))}"
    else:
        do = "create it, with config/dev.toml of this project as the pattern"
    return (
        f"{path}: got no such file; expected one of {enumerate_words(there) if there else 'the configurations'} "
        f"in {path.parent}; do: {do}"
    )


def _not_toml(path: Path, text: str, reason: str) -> str:
    found = re.search(r"at line (\d+), column (\d+)", reason)
    line = int(found.group(1)) if found else text.count("\n") + 1
    lines = text.splitlines()
    content = lines[line - 1].strip() if line <= len(lines) else "the end of the file"
    reason = re.sub(r" \(at [^)]*\)$", "", reason)
    return (
        f"{path}:{line} is not TOML: {reason}\n  got:      {content}\n  expected: key = value, with text in quotes\n"
        "  do:       correct this line"
    )


def _about_the_files(document: Mapping[str, Any], path: Path, owners: Mapping[str, str]) -> list[Problem]:
    problems = []
    environment = document.get("environment")
    if isinstance(environment, str) and environment != path.stem:
        problems.append(
            Problem(
                ("environment",),
                repr(environment),
                f"{path.stem!r}, the name of the file",
                f"write {path.stem!r}, or rename the file to {environment}.toml",
            )
        )
    changes = document.get("changes")
    for place, listed in (
        (("owners",), document.get("owners")),
        (("changes", "reviewers"), changes.get("reviewers") if isinstance(changes, dict) else None),
    ):
        problems += [
            Problem(
                (*place, position),
                repr(role),
                f"a role listed in {OWNERS_FILE}: {enumerate_words(owners)}",
                f"use {nearest(role, owners)!r}, or list the role there",
            )
            for position, role in enumerate(listed if isinstance(listed, list) else ())
            if isinstance(role, str) and role not in owners
        ]
    return problems


def _problem(error: Any, document: Mapping[str, Any]) -> Problem:
    place: Place = tuple(error["loc"])
    kind: str = error["type"]
    if kind == PROBLEM:
        return Problem(place, **{key: error["ctx"][key] for key in ("got", "expected", "do")})
    if kind == "extra_forbidden":
        return _unknown_key(place, document)
    if kind == "missing":
        key = place[-1]
        return Problem(place, "nothing", f"the key {key!r}", f"add {_example(place)}")
    expected = _EXPECTED_TYPES.get(kind, error["ctx"]["message"])
    return Problem(place, _shown(error["input"]), expected, f"write {_example(place)}")


def _unknown_key(place: Place, document: Mapping[str, Any]) -> Problem:
    section = _section(place[:-1])
    known = section.model_fields if section is not None else {}
    around: Any = document
    for key in place[:-1]:
        around = around[key]
    free = [key for key in known if key not in around]
    word = str(place[-1])
    alike = nearest(word, known) if known else ""
    do = f"did you mean {alike!r}?" if alike in free else "remove it"
    return Problem(place, f"the unknown key {word!r}", enumerate_words(known) if known else "no key here", do)


def _section(place: Place) -> type[BaseModel] | None:
    model: type[BaseModel] = Configuration
    for key in place:
        field = model.model_fields.get(str(key))
        # A section that may be left out stands beside None.
        kinds = () if field is None else (field.annotation, *get_args(field.annotation))
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if inner is None:
            return None
        model = inner
    return model


def _example(place: Place) -> str:
    keys = tuple(key for key in place if isinstance(key, str))
    section = _section(keys[:-1])
    field = section.model_fields.get(keys[-1]) if section is not None else None
    if field is None or not field.examples:
        return f"a section [{'.'.join(keys)}]"
    return f"{keys[-1]} = {_shown(field.examples[0])}"


def _shown(value: Any) -> str:
    """Write a value as TOML does."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, dict):
        return "a section"
    return str(value)


def _refusal(path: Path, text: str, problems: Sequence[Problem]) -> ConfigurationError:
    lines = line_numbers(text)
    ordered = sorted(problems, key=lambda problem: line_of(lines, problem.place))
    number = f"{len(ordered)} problem{'s' if len(ordered) > 1 else ''}"
    blocks = [
        f"{path}:{line_of(lines, problem.place)} {problem.key}\n"
        f"  got:      {problem.got}\n"
        f"  expected: {problem.expected}\n"
        f"  do:       {problem.do}"
        for problem in ordered
    ]
    return ConfigurationError(path, f"{path} cannot be used: {number}.\n" + "\n".join(blocks), ordered)
