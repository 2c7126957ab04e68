"""Whether a name stands for a secret, and whether a value beside it can be one.

A name is read to its end: `DB_PASSWORD` is a password; `PASSWORD_LENGTH`, `DB_PASSWORD_ARN` and `PasswordPolicy` are
not. Some names always mean a secret (`clientSecret`); others may as well mean the name of one (`DB_SECRET`), so that
the value has to look like something a machine made.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from nexis.patterns import pattern

_SURE: Final = pattern(
    r"(?:password|passwd|passphrase|pwd|requirepass|masterauth|(?:^|db|root|user|admin|mysql|postgres|pg|my|smtp|ldap|ad)pass|_pass"
    r"|secretaccesskey|secretkey(?:base)?|apikey|apisecret|(?:client|app|jwt|session|cookie|webhook|signing|consumer"
    r"|hmac|shared|oauth2?|auth)secret|(?:auth|access|api|bearer|refresh|oauth2?|secret|github|gitlab|slack|npm|bot"
    r"|hec|pat)token|privatekey|presharedkey|\bpsk|hectoken)$"
)
_PERHAPS: Final = pattern(
    r"(?:token|secret|credentials?|signingkey|encryptionkey|authkey|masterkey|licen[cs]ekey|salt|xoriginverify)$"
)
#: Names that end so, and are switches or descriptions.
_OTHER: Final = pattern(
    r"^(?:manage|rotate|use|require(?!pass$)|force|generate|enable|disable|allow|reset|change|no|has|is|show|hide|expire|min"
    r"|max|next|public|continuation|pagination|client(?=token$)|service(?=token$)|idempotency)"
)

#: Values that are none: switches, names of types and units, what documentation writes in place of a value.
NO_SECRETS: Final = frozenset(
    {
        *("", "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "~", "nan", "n/a"),
        *("str", "string", "string!", "[string]", "text", "varchar", "required", "optional", "enabled", "disabled"),
        *("seconds", "minutes", "hours", "days"),
        *("default", "auto", "always", "never", "event", "context", "self", "this", "any", "object", "header"),
    }
)

#: Values that look a secret up.
LOOKED_UP: Final = pattern(
    r"""(?: [$](?:[A-Za-z_{(]|[1-9](?![$\w]))  # a shell variable, a command, or a reference of CloudFormation
          | `                   # a command
          | [$]\.               # a path into the input
          | [#]?\{(?!\{resolve:) # a template's variable, or a map
          | \[                  # a list
          | %[({s]              # a format
          | <[^>]*>?$           # <placeholder>
          | arn:
          | alias/
          | [\w.]+[(\[]         # a call or an item: get_password(), environ["X"]
          | (?:file|https?|s3|ssm|secretsmanager|vault|env)://?[^@]*$
          | \.{0,2}/[\w./-]+$   # a path
          | (?:process\.env|os\.environ|env|secrets|var|local|data|event|config|settings|self|this)\.\w
          | [*x.\u2022]+$       # masked
          )""",
    re.VERBOSE,
)
_CERTAINLY_RANDOM: Final = pattern(r"(?=.*[0-9])(?=.*[A-Za-z])[^\s/:.{}$]{8,}|[^\s/:{}$]*[!@#%^&*][^\s/:{}$]{6,}")
_NAMES_ONE: Final = pattern(r"secret|token|credential|password|creds|(?:^|[-_])(?:prod|dev|stag|test|name)", re.I)


@lru_cache(maxsize=4096)
def is_sure(name: str) -> bool:
    """Whether a name always means a secret.

    Args:
        name: of a property, a variable or an option, in any spelling.
    """
    flat = _flat(name)
    return bool(_SURE.search(flat)) and not _OTHER.match(flat)


@lru_cache(maxsize=4096)
def may_be(name: str) -> bool:
    """Whether a name may mean a secret, or the name of one.

    Args:
        name: of a property, a variable or an option, in any spelling.
    """
    flat = _flat(name)
    return bool(_PERHAPS.search(flat)) and not _OTHER.match(flat)


def is_secret_value(value: str, name: str = "") -> bool:
    """Whether a literal can be a secret, given that its name means one.

    Args:
        value: the literal.
        name: its name; a value that only repeats it is none.
    """
    text = value.strip()
    if text.lower() in NO_SECRETS or LOOKED_UP.match(text) or (name and _flat(text) == _flat(name)):
        return False
    if name and _flat(name).endswith("key") and _flat(text) in ("password", "username", "apikey", "token", "secret"):
        return False  # the key under which a secret's JSON has it
    return not (text.isdigit() and len(text) < 4)


def looks_made(value: str) -> bool:
    """Whether a literal looks like a secret that a machine or a careful person made, and not like a name.

    Args:
        value: the literal.
    """
    text = value.strip()
    return bool(_CERTAINLY_RANDOM.fullmatch(text)) and not _NAMES_ONE.search(text) and not LOOKED_UP.match(text)


def _flat(name: str) -> str:
    """Write a name in lower case without separators, without numbers at its end; `_pass` keeps its mark."""
    lowered = re.sub(r"[-_. /:]*\d*$", "", name.strip().lower())
    joined = re.sub(r"[-. /:_]", "", lowered)
    return "_pass" if re.search(r"[-_.]pass$", lowered) else joined
