"""Finding secrets in text: scripts, cloud-init files, programs, JSON and connection strings.

Some patterns are never innocent (private keys, access keys, tokens of known services, credentials in an address) and
are looked for everywhere. Assignments are read in scripts and programs only, by names that mean a secret. A value that
is itself looked up ($VARIABLE, $(command), {{template}}, an ARN, a file's path) is none.

Sources: the formats of access keys (IAM User Guide, "Unique identifiers") and of the tokens of GitHub, GitLab, Slack,
Stripe, SendGrid, npm, Google and OpenAI (their documentation), read 2026-11-23.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from nexis.patterns import pattern
from nexis.rules.passwords._secret_names import is_secret_value, is_sure, looks_made, may_be

if TYPE_CHECKING:
    from collections.abc import Iterator

#: User data is at most 16 KB before encoding (EC2 User Guide, "User data limitations"); packed text may unfold further.
MOST_UNPACKED: Final = 1_000_000
#: Unpacking goes as deep as user data does: outer base64, then a gzip, then an encoded file within.
DEEPEST: Final = 3
#: A line up to this long is read once, in characters.
LONGEST_KEPT: Final = 500

_QUOTED: Final = r"\"(?P<double>[^\"\n]{0,999})\"|'(?P<single>[^'\n]{0,999})'"
_VALUE: Final = rf"(?:{_QUOTED}|(?P<bare>[^\s'\";,&|<>)\]}}]{{1,999}}))"
#: name=value, name: value, "name": "value"; not ==, := or ::
_ASSIGNMENT: Final = pattern(
    rf"(?<![\w$.{{-])(?P<name>[\w.-]{{2,80}})[\\]?[\"']?(?P<sign>[ \t]*(?:=>|=(?![=~>])|:(?![:=]))[ \t]*)[\\]?{_VALUE}"
)
#: $name = "value", as PowerShell and PHP set a variable
_VARIABLE: Final = pattern(rf"(?<![\w$])[$](?P<name>\w{{2,80}})[ \t]*=[ \t]*(?:{_QUOTED})")
#: What stands before `name: value` in prose ("no password: stop"), where nothing is assigned.
_IN_A_SENTENCE: Final = pattern(r"[A-Za-z][ \t]+\Z")
_OPTION: Final = pattern(rf"(?<!\S)--(?P<name>[\w-]{{2,80}})[ \t]+{_VALUE}")
#: <name>value</name>
_ELEMENT: Final = pattern(r"<(?:\w+:)?(?P<name>[\w.-]{2,80})>(?P<bare>[^<>\s]{1,200})</")
#: The values of a build specification that name secrets, on one line. Source: CodeBuild User Guide, "env".
_FETCHED: Final = pattern(r"([\"']?(?:secrets-manager|parameter-store)[\"']?\s*:\s*)\{[^{}]*\}")
_SQL: Final = pattern(r"\b(?:password|identified\s+by)\s+'(?P<single>[^'\n]*)'", re.IGNORECASE)
_COMMANDS: Final = tuple(
    (pattern(text, re.IGNORECASE), words)
    for text, words in (
        (
            r"(?<![\w.-])[\w.-]{1,64}:(?P<bare>[^\s'\"|]{1,200})['\"]?\s{0,9}\|\s*(?:sudo\s+)?chpasswd\b",
            "pipes a password to chpasswd",
        ),
        (
            rf"\becho\s+(?:-n\s+)?{_VALUE}\s*\|\s*(?:sudo\s+)?passwd\s+(?:\S+\s+)?--stdin",
            "pipes a password into passwd",
        ),
        (rf"\bmysql(?:admin|dump)?\s(?:[^|;&\n]{{0,200}}?\s)?-p(?-i:(?![a-z]*=)){_VALUE}", "gives mysql a password"),
        (
            r"\bcurl\s(?:[^|;&\n]{0,200}?\s)?(?:-u|--user)[ =]?[\"']?[^\s:\"'$]{1,64}:(?P<bare>[^\s\"']+)",
            "gives curl a password",
        ),
        (
            rf"\bopenssl\s+passwd\s+(?:-(?:salt|in)\s+\S+\s+|-\w+\s+){{0,9}}(?!-){_VALUE}",
            "gives openssl a password",
        ),
        (r"\bs([/|#,~])\w*password_here\1(?P<bare>[^/|#,~\s]{1,200})\1", "writes a password into a file"),
        (rf"\bsshpass\s+-p\s*{_VALUE}", "gives sshpass a password"),
        (rf"\bdocker\s+login\s(?:[^|;&\n]{{0,200}}?\s)?-p\s+{_VALUE}", "gives docker a password"),
        (rf"\bredis-cli\s(?:[^|;&\n]{{0,200}}?\s)?-a\s+{_VALUE}", "gives redis-cli a password"),
        (rf"\bConvertTo-SecureString\s+(?:-String\s+)?(?:{_QUOTED})", "makes a secure string of a literal"),
        (r"\bnet\s+user\s+[^\s/]\S{0,63}\s+(?P<bare>[^\s/*%$]\S{0,200})", "gives a user a password"),
        (
            rf"\bhtpasswd\s+(?:-\w+\s+)*?-(?=\w*b)(?:\w*n\w*|\w+\s+\S+)\s+[^\s:-]\S*\s+(?!-){_VALUE}",
            "gives htpasswd a password",
        ),
        (
            rf"\bmongo(?:sh|dump|restore|import|export)?\s(?:[^|;&\n]{{0,200}}?\s)?-p\s+(?!-){_VALUE}",
            "gives mongo a password",
        ),
        (rf"\bldap[a-z]{{2,12}}\s(?:[^|;&\n]{{0,200}}?\s)?-w\s+(?!-){_VALUE}", "gives an LDAP client a password"),
        (r"\s--?auth\s+[\w.@-]{1,64}:(?P<bare>[^\s'\"]{1,200})", "gives a program a password"),
        (
            r"[\w*.-]{1,200}:(?:\d+|\*):[\w*-]{1,64}:[\w*-]{1,64}:(?P<bare>[^\s'\"]{1,200})['\"]?\s*>+\s*\S*pgpass",
            "writes a password into .pgpass",
        ),
    )
)
#: A command that only prints what it is given.
_PRINTED: Final = pattern(
    rf"(?<![\w$.{{-])(?P<name>[\w.-]{{2,80}})=[\"']?(?:\$\(|`)\s*(?:echo|printf)\s+(?:-[ne]+\s+|'%s'\s+)?{_VALUE}"
    r"(?:\s*\|\s*base64\s+(?:-d|-D|--decode))?\s*[)`]"
)
#: The users and passwords of cloud-init: one `user:password` in each line.
#: Source: cloud-init documentation, "Set Passwords".
_PASSWORD_LIST: Final = pattern(
    r"^chpasswd:[ \t]*\n(?:[ \t]+(?!list:)[^\n]*\n){0,9}[ \t]+list:[ \t]*[|>]?[-+]?[ \t]*\n"
    r"(?P<lines>(?:[ \t]+(?:-[ \t]+)?[\"']?[\w.-]+:[^\n]*(?:\n|\Z)){1,99})",
    re.MULTILINE,
)
_MADE_UP: Final = frozenset({"R", "RANDOM"})  # cloud-init then makes one
_ADDRESS: Final = pattern(
    r"\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@'\"]{0,128}:(?P<bare>[^\s/@'\"]{1,200})@(?!sha256:)", re.IGNORECASE
)
#: JDBC and ADO connection strings: `…;Password=x;`, `…?user=a&password=x`.
_CONNECTION: Final = pattern(
    r"(?:\b(?:server|data source|host|user id|uid|user|username|database|initial catalog|dbname)[ ]?="
    r"[^;&=\n]{0,200}[;&]\s?"
    r"(?:[^;&=\n]{1,64}=[^;&=\n]{0,200}[;&]\s?){0,9}|jdbc:[^\s'\"]{0,200}?[;?&])"
    r"(?:password|pwd)\s*=\s*(?P<bare>[^\s;&'\"]+)",
    re.IGNORECASE,
)
#: PostgreSQL's own: `host=db user=a password=x`.
_KEYWORDS: Final = pattern(
    r"\b(?:host|hostaddr|port|dbname|user|sslmode)=[^\s=,;()]{1,200}[ ]+(?:[a-z_]{2,30}=[^\s=,;()]{1,200}[ ]+){0,9}"
    r"password=(?P<bare>[^\s'\",;()]{1,200})"
)
_KNOWN: Final = tuple(
    (pattern(text), words)
    for text, words in (
        (r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----", "begins a private key"),
        (r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])", "holds an AWS access key"),
        (r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})", "holds a GitHub token"),
        (r"\bglpat-[\w-]{20,}", "holds a GitLab token"),
        (r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}", "holds a Slack token"),
        (r"hooks\.slack\.com/services/T\w{6,}/B\w{6,}/\w{16,}", "holds the address of a Slack webhook"),
        (r"\b[sr]k_(?:live|test)_[0-9A-Za-z]{16,}", "holds a Stripe key"),
        (r"\bSG\.[\w-]{22}\.[\w-]{43}", "holds a SendGrid key"),
        (r"\bnpm_[A-Za-z0-9]{36}\b", "holds an npm token"),
        (r"\bAIza[0-9A-Za-z_-]{35}", "holds a Google API key"),
        (r"\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,}", "holds an API key"),
        (r"\bAccountKey=[A-Za-z0-9+/]{60,}={0,2}", "holds the key of a storage account"),
        (r"\bBearer\s+eyJ[\w-]{8,}\.[\w-]{8,}\.", "holds a bearer token"),
        (r"\b[Bb]earer\s+(?=[A-Za-z._~+/-]*[0-9])[A-Za-z0-9._~+/-]{16,}=*", "holds a bearer token"),
    )
)
#: A value without any of these has none of the patterns above.
_ONE_OF_THEM: Final = pattern(
    r"PRIVATE KEY|AKIA|ASIA|gh[pousr]_|github_pat|glpat-|xox|hooks\.slack|_live_|_test_|SG\.|npm_|AIza|sk-|earer\s"
    r"|Basic\s|://|AccountKey=|(?i:password|pwd)\s*="
)
#: A line without any of these gives nothing away: most lines.
_WORTH_READING: Final = pattern(
    r"pass|pwd|secur|secret|token|credential|key|://|psk|salt|akia|asia|basic |bearer |gh[pousr]_|github_pat|glpat|xox"
    r"|slack|_live_|_test_|sg\.|npm_|aiza|sk-|identified|originverify|origin-verify|mysql|curl|redis-cli|docker"
    r"|net +user|ldap|mongo|licen[cs]e|-auth",
    re.IGNORECASE,
)
#: A section of a build specification: the names of secrets follow. Source: CodeBuild User Guide, "env".
_FETCHES: Final = pattern(r"\s*[\"']?(?:secrets-manager|parameter-store)[\"']?\s*:\s*\{?\s*$")
_BASIC: Final = pattern(r"\bBasic\s+(?P<pair>[A-Za-z0-9+/]{8,}={0,2})")
_ENCODED: Final = pattern(r"(?<![\w+/=-])[A-Za-z0-9+/]{24,}={0,2}(?![\w+/=-])")


def secrets_in(text: str, *, quoted: bool = False) -> Iterator[str]:
    """Give what a script or a program gives away, in words, without the secret itself.

    Args:
        text: plain, or encoded as base64 (with or without gzip), as user data is.
        quoted: whether only what stands in quotes is a literal, as in programs.
    """
    seen: dict[str, None] = {}
    for readable in _unpacked(text, DEEPEST):
        for found in _found(readable, quoted):
            seen.setdefault(found)
    yield from seen


def never_innocent(text: str) -> Iterator[str]:
    """Give what any text gives away by patterns that are never innocent, in words, without the secret itself.

    Args:
        text: a value of any property.
    """
    if not _ONE_OF_THEM.search(text):
        return
    for known, words in _KNOWN:
        if known.search(text):
            yield words
    if any(_is_secret(match) for match in _ADDRESS.finditer(text)):
        yield "holds an address with a password in it"
    if any(_is_secret(match) for written in (_CONNECTION, _KEYWORDS) for match in written.finditer(text)):
        yield "holds a connection string with a password in it"
    for match in _BASIC.finditer(text):
        pair = _decoded(match["pair"])
        if pair is not None and re.fullmatch(r"[^\s:]+:[^\s$]\S*", pair):
            yield "holds a user's name and password for basic authentication"


def _found(text: str, quoted: bool) -> Iterator[str]:
    for users in () if quoted else _PASSWORD_LIST.finditer(text):
        for line in users["lines"].splitlines():
            password = line.partition(":")[2].strip().strip("\"'")
            if password not in _MADE_UP and is_secret_value(password):
                yield "gives a user a password (chpasswd)"
    text = _FETCHED.sub(lambda match: match[1] + "{" + "\n" * match[0].count("\n") + "}", text)
    below: int | None = None  # how far the heading is indented under which names of secrets stand
    for number, line in enumerate(text.splitlines(), start=1):
        indent = len(line) - len(line.lstrip())
        if _FETCHES.match(line):
            below = indent
        elif below is not None and line.strip() and indent <= below:
            below = None
        if below is not None:
            continue
        if _WORTH_READING.search(line):
            read = _found_in_line if len(line) <= LONGEST_KEPT else _found_in_line.__wrapped__
            yield from (f"line {number} {found}" for found in read(line, quoted))


@lru_cache(maxsize=2048)  # many machines have most lines of their scripts in common
def _found_in_line(line: str, quoted: bool) -> tuple[str, ...]:
    return tuple(_each_in_line(line, quoted))


def _each_in_line(line: str, quoted: bool) -> Iterator[str]:
    yield from never_innocent(line)
    for command, words in _COMMANDS:
        if any(_is_secret(match) for match in command.finditer(line)):
            yield words
    if any(_is_secret(match) for match in _SQL.finditer(line)):
        yield "sets a password in SQL"
    for match in () if quoted else _PRINTED.finditer(line):
        if is_sure(match["name"]) and _is_secret(match):
            yield f"gives {match['name']!r} a literal value"
    comment = line.lstrip().startswith(("# ", "// ", "-- "))
    for match in (
        *_ASSIGNMENT.finditer(line),
        *_VARIABLE.finditer(line),
        *_OPTION.finditer(line),
        *_ELEMENT.finditer(line),
    ):
        groups = match.groupdict()
        name = groups["name"]
        if (comment and groups.get("sign") != "=") or (quoted and groups.get("bare") is not None):
            continue
        if (
            ":" in groups.get("sign", "")
            and groups.get("bare") is not None
            and _IN_A_SENTENCE.search(line, 0, match.start())
        ):
            continue
        if (is_sure(name) and _is_secret(match, name)) or (may_be(name) and looks_made(_value(match))):
            yield f"gives {name!r} a literal value"


def _is_secret(match: re.Match[str], name: str = "") -> bool:
    return is_secret_value(_value(match), name)


def _value(match: re.Match[str]) -> str:
    groups = match.groupdict()
    value = next((groups[kind] for kind in ("double", "single", "bare") if groups.get(kind) is not None), "")
    return value.strip().rstrip("\\") if groups.get("bare") is not None else value.strip()


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
    import base64  # late, as few texts are encoded
    import binascii
    import zlib

    try:
        data = base64.b64decode(text, validate=True)
        if data[:2] == b"\x1f\x8b":
            data = zlib.decompressobj(wbits=31).decompress(data, MOST_UNPACKED)
        decoded = data.decode()
    except (binascii.Error, ValueError, zlib.error):
        return None
    readable = all(c.isprintable() or c in "\n\r\t" for c in decoded[:4096])
    return decoded if readable else None
