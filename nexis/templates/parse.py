"""Text of a template file -> JSON values."""

from __future__ import annotations

import json
from typing import Any

from nexis.templates.model import TemplateError

#: CloudFormation takes templates of at most 1 MB. User Guide, "quotas"
LARGEST_BYTES = 20_000_000
LARGEST_YAML = 5_000_000  # it takes twenty times as long to read


def parse(data: bytes, *, file: str) -> Any:
    """Parse a template, JSON or YAML.

    Args:
        data: the file's content.
        file: as reports name it; its ending does not matter.

    Raises:
        TemplateError: it is neither, or says one thing twice.
    """
    if len(data) > LARGEST_BYTES:
        raise TemplateError(file, f"has {len(data):,} bytes, expected at most {LARGEST_BYTES:,}; is it a template?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise TemplateError(
            file, f"is not UTF-8 text (byte {problem.start}); expected a JSON or YAML template"
        ) from None
    if not text.strip():
        raise TemplateError(file, "is empty; expected a JSON or YAML template")
    try:
        if text.lstrip()[:1] in "{[":
            try:
                return json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_number)
            except json.JSONDecodeError as problem:
                if text.lstrip()[:1] == "{" and not file.endswith(".json"):
                    return _parse_yaml(text, file)
                raise TemplateError(
                    file, f"is not valid JSON: line {problem.lineno}, column {problem.colno}: {problem.msg}"
                ) from None
        return _parse_yaml(text, file)
    except _DuplicateKey as problem:
        raise TemplateError(file, f"has the key {problem.key!r} twice in one map; expected each key once") from None
    except _NoNumber as problem:
        raise TemplateError(file, f"is not valid JSON: {problem}") from None
    except ValueError:  # Python reads no whole number of more digits than it would write (4,300)
        raise TemplateError(file, "holds a whole number of thousands of digits; expected a template") from None
    except RecursionError:
        raise TemplateError(file, "is nested too deeply to be read; expected a template") from None


def _no_number(text: str) -> None:
    raise _NoNumber(f"found {text}, expected a number")


class _NoNumber(ValueError):
    """A number that JSON does not know."""


class _DuplicateKey(ValueError):
    def __init__(self, key: object) -> None:
        super().__init__(key)
        self.key = key


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _DuplicateKey(key)
            seen.add(key)
    return result


def _parse_yaml(text: str, file: str) -> Any:
    try:
        from nexis.templates.yaml_reader import YamlProblem, read_yaml  # imported late: most templates are JSON
    except ImportError:
        raise TemplateError(file, "looks like YAML, which needs PyYAML; install nexis-baseline[yaml]") from None
    if len(text) > LARGEST_YAML:
        raise TemplateError(
            file, f"has {len(text):,} characters of YAML, expected at most {LARGEST_YAML:,}; is it a template?"
        )
    try:
        return read_yaml(text)
    except YamlProblem as problem:
        raise TemplateError(file, f"is not valid YAML: {problem}") from None
