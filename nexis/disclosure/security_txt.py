"""security.txt: reading one, and what is wrong with it.

Source: RFC 9116, "A File Format to Aid in Security Vulnerability Disclosure" (2022); RFC 3339 for the date; IANA,
"security.txt Fields". Read 2026-11-23.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final, Literal

from nexis.patterns import pattern
from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Where the file must be served. Source: RFC 9116, section 3.
PATH: Final = "/.well-known/security.txt"
#: Where it may be redirected from, for old readers.
OLD_PATH: Final = "/security.txt"
CONTENT_TYPE: Final = "text/plain"

#: `must` breaks the standard; `should` goes against its advice.
Weight = Literal["must", "should"]

#: Fields whose value is one URI, with the schemes that make sense for each. Source: RFC 9116, section 2.5; the field
#: CSAF is registered by the Common Security Advisory Framework 2.0.
URI_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "acknowledgments": ("https",),
    "canonical": ("https",),
    "contact": ("https", "mailto", "tel"),
    "csaf": ("https",),
    "encryption": ("https", "dns", "openpgp4fpr"),
    "hiring": ("https",),
    "policy": ("https",),
}
ONCE: Final = ("expires", "preferred-languages")
KNOWN: Final = frozenset((*URI_FIELDS, *ONCE))

#: Recommended: an Expires less than a year ahead. Source: RFC 9116, section 2.5.5.
LONGEST: Final = dt.timedelta(days=366)

SIGNED: Final = "-----BEGIN PGP SIGNED MESSAGE-----"
SIGNATURE: Final = "-----BEGIN PGP SIGNATURE-----"

_FIELD: Final = pattern(r"(?P<name>[!-9;-~]+):(?P<space>[ \t]*)(?P<value>.*)")
_URI: Final = pattern(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>[!-~]+)")
_LANGUAGE: Final = pattern(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_DATE: Final = pattern(
    r"(?P<day>\d{4}-\d\d-\d\d)[Tt ](?P<time>\d\d:\d\d):(?P<second>\d\d)(\.\d+)?(?P<zone>[Zz]|[+-]\d\d:\d\d)", re.ASCII
)


@record
class Field:
    """A field of the file.

    Args:
        name: in lower case.
        value: without the space around it.
        line: its number, from 1.
    """

    name: str
    value: str
    line: int


@record
class Fault:
    """Something wrong with a file.

    Args:
        line: its number, from 1; 0 when it is of the whole file.
        weight: whether the standard forbids it or advises against it.
        message: what was found and what is expected.
    """

    line: int
    weight: Weight
    message: str


@record
class Document:
    """A file that was read.

    Args:
        fields: in order.
        faults: what is wrong with its lines.
        signed: whether it is a cleartext-signed OpenPGP message.
    """

    fields: tuple[Field, ...]
    faults: tuple[Fault, ...]
    signed: bool

    def values(self, name: str) -> list[Field]:
        """Give the fields of a name, in order.

        Args:
            name: in lower case.
        """
        return [field for field in self.fields if field.name == name]


def parse(text: str) -> Document:
    """Read a file line by line; what cannot be read becomes a fault.

    Args:
        text: the file.

    Source: RFC 9116, section 4 (grammar).
    """
    fields: list[Field] = []
    faults: list[Fault] = []
    if text.startswith("\ufeff"):
        faults.append(Fault(1, "must", "a byte order mark stands before the first line; expected plain UTF-8"))
        text = text.removeprefix("\ufeff")
    signed = text.startswith(SIGNED)
    for number, line in _lines(text):
        if "\r" in line:
            faults.append(Fault(number, "must", "a bare carriage return stands in it; lines end in LF or CRLF"))
            line = line.replace("\r", " ")
        if not line.strip() or line.startswith("#"):
            continue
        match = _FIELD.fullmatch(line)
        if match is None:
            faults.append(Fault(number, "must", f"{line[:60]!r} is no field; expected 'Name: value' or '# comment'"))
            continue
        if not match["space"]:
            faults.append(Fault(number, "must", f"no space follows {match['name']}:; expected one"))
        fields.append(Field(match["name"].lower(), match["value"].strip(), number))
    return Document(tuple(fields), tuple(faults), signed)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines that count, numbered; of a signed message those between its header and its signature."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if not text.startswith(SIGNED):
        yield from enumerate(lines, 1)
        return
    start = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    for number, line in enumerate(lines[start:], start + 1):
        if line.startswith(SIGNATURE):
            return
        yield number, line.removeprefix("- ")  # OpenPGP escapes lines that begin with a dash


def faults(text: str, *, now: dt.datetime, retrieved_from: str | None = None) -> tuple[Fault, ...]:
    """Say what is wrong with a file.

    Args:
        text: the file.
        now: with a time zone; decides whether it has expired.
        retrieved_from: the address it was read from, if it is known; it must be among the canonical ones.
    """
    document = parse(text)
    return (*document.faults, *_faults(document, now, retrieved_from))


def _faults(document: Document, now: dt.datetime, retrieved_from: str | None) -> Iterator[Fault]:
    if not document.values("contact"):
        yield Fault(
            0, "must", "it has no Contact; expected at least one, such as 'Contact: mailto:security@example.com'"
        )
    for name in ONCE:
        for field in document.values(name)[1:]:
            yield Fault(field.line, "must", f"{name.title()} stands there again; expected it once")
    for field in document.fields:
        yield from _field(field)
    yield from _expires(document, now)
    canonical = [field.value for field in document.values("canonical")]
    if canonical and retrieved_from is not None and retrieved_from not in canonical:
        yield Fault(0, "must", f"{retrieved_from} is not among its Canonical addresses; expected that it is")
    if not canonical:
        yield Fault(0, "should", f"it has no Canonical; expected its own https address, ending in {PATH}")


def _field(field: Field) -> Iterator[Fault]:
    if field.name == "preferred-languages":
        for tag in field.value.split(","):
            if _LANGUAGE.fullmatch(tag.strip()) is None:
                yield Fault(field.line, "must", f"{tag.strip()!r} is no language tag; expected such as 'en, de'")
        return
    schemes = URI_FIELDS.get(field.name)
    if schemes is None:
        return  # unknown fields are ignored
    name = field.name.title()
    match = _URI.fullmatch(field.value)
    if match is None:
        yield Fault(field.line, "must", f"{name} is {field.value[:60]!r}; expected a URI with {' or '.join(schemes)}")
    elif match["scheme"].lower() == "http":
        yield Fault(field.line, "must", f"{name} is {field.value[:60]!r}; web addresses begin with https://")
    elif match["scheme"].lower() not in schemes:
        yield Fault(field.line, "should", f"{name} has the scheme {match['scheme']!r}; expected {' or '.join(schemes)}")


def _expires(document: Document, now: dt.datetime) -> Iterator[Fault]:
    found = document.values("expires")
    if not found:
        yield Fault(0, "must", "it has no Expires; expected one, such as 'Expires: 2027-01-31T00:00:00Z'")
        return
    moment = read_date(found[0].value)
    if moment is None:
        yield Fault(
            found[0].line,
            "must",
            f"Expires is {found[0].value[:60]!r}; expected a date and time of RFC 3339, such as 2027-01-31T00:00:00Z",
        )
    elif moment <= now:
        yield Fault(found[0].line, "must", f"it expired on {moment:%Y-%m-%d}; expected a day ahead: renew it")
    elif moment > now + LONGEST:
        yield Fault(found[0].line, "should", f"it expires on {moment:%Y-%m-%d}; expected less than a year ahead")


def read_date(text: str) -> dt.datetime | None:
    """Read a date and time of RFC 3339; None for anything else.

    Args:
        text: such as `2027-01-31T00:00:00Z`.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    second = min(int(match["second"]), 59) if match["second"] == "60" else int(match["second"])  # a leap second
    zone = "+00:00" if match["zone"] in "Zz" else match["zone"]
    try:
        return dt.datetime.fromisoformat(f"{match['day']}T{match['time']}:{second:02d}{zone}").astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def looks_like(text: str) -> bool:
    """Whether a text is meant as a security.txt: it has the lines `Contact:` and `Expires:`.

    Args:
        text: any text.
    """
    names = {field.name for field in parse(text).fields}
    return {"contact", "expires"} <= names


#: A string literal of JavaScript or Python; those in three quotes first.
_LITERAL: Final = pattern(
    r'"""(?P<a>.*?)"""|\'\'\'(?P<b>.*?)\'\'\'|"(?P<c>(?:\\.|[^"\\\n])*)"|\'(?P<d>(?:\\.|[^\'\\\n])*)\'|`(?P<e>(?:\\.|[^`\\])*)`',
    re.DOTALL,
)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "\n": ""}


def in_code(code: str) -> str | None:
    """Give the security.txt that a program serves from its string literals; None when it serves none.

    Args:
        code: JavaScript or Python.
    """
    if "contact:" not in code.lower():
        return None
    lines: list[str] = []
    for match in _LITERAL.finditer(code):
        written = next(part for part in match.groups() if part is not None)
        text = re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), written, flags=re.DOTALL)
        for line in text.split("\n"):
            name, colon, value = line.strip().partition(":")
            if colon and name.lower() in KNOWN and value.strip():
                lines.append(line.strip())
    text = "\n".join(lines) + "\n"
    return text if looks_like(text) else None
