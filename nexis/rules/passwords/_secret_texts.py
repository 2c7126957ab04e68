"""Finding secrets in text: scripts, cloud-init files, JSON and connection strings.

The search prefers patterns that are never innocent (private keys, access keys, credentials in an address) and, for
assignments, names that can only mean a secret. A value that is itself looked up ($VARIABLE, $(command), {{template}},
an ARN, a file's path) is none.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: User data is at most 16 KB before encoding (EC2 User Guide, "User data limitations"); packed text may unfold further.
MOST_UNPACKED: Final = 1_000_000
#: Unpacking goes as deep as user data does: outer base64, then a gzip, then an encoded file within.
DEEPEST: Final = 3

_WORD: Final = (
    r"password|passwd|passphrase|(?<=[_-])pwd|(?<=[_-])pass|secret[_-]?(?:access[_-]?)?key|client[_-]?secret"
    r"|api[_-]?key|(?:auth|access|session|api|bearer)[_-]?token|private[_-]?key"
)
_NAME: Final = rf"(?<![\w$.{{-])(?P<name>[\w.-]*(?:{_WORD}))"
_VALUE: Final = r"(?:\"(?P<double>[^\"\n]*)\"|'(?P<single>[^'\n]*)'|(?P<bare>[^\s'\";,&|<>)\]}]+))"
#: name=value, name: value, "name": "value"; not ==, := or ::
_ASSIGNMENT: Final = re.compile(rf"{_NAME}[\"']?(?P<sign>[ \t]*(?:=(?!=|~)|:(?![:=]))[ \t]*){_VALUE}", re.IGNORECASE)
_OPTION: Final = re.compile(rf"(?<!\S)--(?P<name>[\w-]*(?:{_WORD}))[ \t]+{_VALUE}", re.IGNORECASE)
_SQL: Final = re.compile(r"\b(?:password|identified\s+by)\s+'(?P<single>[^'\n]*)'", re.IGNORECASE)
_CHPASSWD: Final = re.compile(r"(?<![\w.-])[\w.-]+:(?P<bare>[^\s'\"|]+)['\"]?\s*\|\s*(?:sudo\s+)?chpasswd\b")
_ADDRESS: Final = re.compile(r"\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@'\"]{0,128}:(?P<bare>[^\s/@'\"]+)@", re.IGNORECASE)
_PRIVATE_KEY: Final = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_ACCESS_KEY: Final = re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])")
_ENCODED: Final = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/]{24,}={0,2}(?![\w+/=-])")

#: Values that look a secret up, or are none.
_LOOKED_UP: Final = re.compile(
    r"""(?: [$](?:[A-Za-z_{(]|[1-9](?![$\w]))  # a shell variable, a command, or a reference of CloudFormation
          | `                   # a command
          | \{\{(?!resolve:)    # a template's variable
          | %[({s]              # a format
          | <[^>]*>?$           # <placeholder>
          | arn:
          | [\w.]+[(\[]         # a call or an item: get_password(), environ["X"]
          | (?:file|https?)://[^@]*$
          | /[\w./-]+$          # a path
          | [*x.]+$             # masked
          )""",
    re.VERBOSE,
)
_NO_SECRETS: Final = frozenset(
    {"", "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "~", "str", "string", "required", "optional"}
)


def secrets_in(text: str) -> Iterator[str]:
    """Give what a text gives away, in words, without the secret itself.

    Args:
        text: plain, or encoded as base64 (with or without gzip), as user data is.
    """
    seen: dict[str, None] = {}
    for readable in _unpacked(text, DEEPEST):
        for found in _found(readable):
            seen.setdefault(found)
    yield from seen


def _found(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        yield from (f"line {number} {found}" for found in _found_in_line(line))


def _found_in_line(line: str) -> Iterator[str]:
    if _PRIVATE_KEY.search(line):
        yield "begins a private key"
    if _ACCESS_KEY.search(line):
        yield "holds an AWS access key"
    if any(_is_secret(match) for match in _ADDRESS.finditer(line)):
        yield "holds an address with a password in it"
    if any(_is_secret(match) for match in _CHPASSWD.finditer(line)):
        yield "pipes a password into chpasswd"
    if any(_is_secret(match) for match in _SQL.finditer(line)):
        yield "sets a password in SQL"
    comment = line.lstrip().startswith(("# ", "// ", "-- "))
    for match in (*_ASSIGNMENT.finditer(line), *_OPTION.finditer(line)):
        groups = match.groupdict()
        prose = comment and groups.get("sign") != "="
        if not prose and _is_secret(match, groups["name"]):
            yield f"gives {groups['name']!r} a literal value"


def _is_secret(match: re.Match[str], name: str = "") -> bool:
    groups = match.groupdict()
    value = next((groups[kind] for kind in ("double", "single", "bare") if groups.get(kind) is not None), "").strip()
    if groups.get("bare") is not None:
        value = value.rstrip("\\")
    if value.lower() in _NO_SECRETS or (name and value.lower() == name.lower()):
        return False
    return _LOOKED_UP.match(value) is None


def _unpacked(text: str, left: int) -> Iterator[str]:
    """Give a text and everything packed in it."""
    whole = _decoded("".join(text.split()))
    if whole is not None:
        if left:
            yield from _unpacked(whole, left - 1)
        return
    yield text
    if left:
        for match in _ENCODED.finditer(text):
            inner = _decoded(match.group())
            if inner is not None:
                yield from _unpacked(inner, left - 1)


def _decoded(text: str) -> str | None:
    """Decode base64 (and gzip in it) if it is that and holds text."""
    if len(text) < 8 or len(text) % 4:
        return None
    try:
        data = base64.b64decode(text, validate=True)
        if data[:2] == b"\x1f\x8b":
            data = zlib.decompressobj(wbits=31).decompress(data, MOST_UNPACKED)
        decoded = data.decode()
    except (binascii.Error, ValueError, zlib.error):
        return None
    readable = all(c.isprintable() or c in "\n\r\t" for c in decoded[:4096])
    return decoded if readable else None
