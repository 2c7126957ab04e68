"""No secret stands in a template.

Properties that are a secret by themselves (`nexis.facts.secret_properties`) must come from Secrets Manager, from a
secure parameter, from the service, or from a template parameter with NoEcho and without a default. Everywhere else,
in every property of every type, the names and the texts are read for secrets.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.secret_properties import PROGRAMS, SCRIPTS, SECRET_PROPERTIES
from nexis.patterns import pattern
from nexis.records import replace
from nexis.rules.model import EVERY_TYPE, Problem, Rule, parts
from nexis.rules.passwords._secret_names import NO_SECRETS, is_secret_value, is_sure, looks_made, may_be
from nexis.rules.passwords._secret_texts import never_innocent, secrets_in
from nexis.rules.passwords._written import Piece, Writing, is_function, text_of
from nexis.templates.resolver import scalar_text
from nexis.templates.values import Unknown
from nexis.templates.views import Undetermined, place, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nexis.rules.model import Seen
    from nexis.templates.model import Resource, Template
    from nexis.templates.views import View

Path = tuple[str | int, ...]
Pattern = tuple[str, ...]

STORED: Final = "AWS::SecretsManager::Secret"
PARAMETER: Final = "AWS::SSM::Parameter"

#: Resources whose attributes can be secrets.
GIVE_SECRETS: Final = (
    STORED,
    "AWS::CloudFormation::CustomResource",
    "AWS::IAM::AccessKey",
    "AWS::Cognito::UserPoolClient",
)

INIT: Final = "AWS::CloudFormation::Init"
AUTHENTICATION: Final = "AWS::CloudFormation::Authentication"
#: Source: CloudFormation User Guide, AWS::CloudFormation::Authentication.
CREDENTIALS: Final = ("accessKeyId", "secretKey", "password")

#: Policies, tags and API definitions are full of names that are no secrets' names.
NO_NAMES_IN: Final = frozenset(
    {"PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy", "Policies", "ResourcePolicy", "Tags", "Body"}
)
#: A list of variables, options or headers has items of these shapes.
NAMES: Final = (
    "Name",
    "name",
    "Key",
    "key",
    "OptionName",
    "ParameterKey",
    "ParameterName",
    "HeaderName",
    "FieldName",
    "Variable",
)
VALUES: Final = frozenset(
    {"Value", "value", "Values", "ParameterValue", "HeaderValue", "DefaultValue", "StringValue", "SettingValue"}
)
#: An item of this kind holds the name of a secret. Source: CodeBuild API reference, EnvironmentVariable.
FETCHED: Final = frozenset({"SECRETS_MANAGER", "PARAMETER_STORE"})

#: What a template must have somewhere to be read more closely, in lower case, by what several of them have in common.
MARKS: Final[Mapping[str, tuple[str, ...]]] = {
    "pass": ("passw", "passphrase", "_pass", "dbpass", "rootpass", "userpass", "adminpass"),
    "key": (
        *("presharedkey", "apikey", "api_key", "api-key", "authkey", "signingkey", "encryptionkey", "masterkey"),
        *("accountkey", "licensekey", "license_key", "licencekey", "licence_key"),
    ),
    **{
        mark: (mark,)
        for mark in (
            *("pwd", "secret", "token", "credential", "private", "psk", "salt", "verify", "masterauth", "://", "akia"),
            *("asia", "basic ", "bearer ", "ghp_", "github_pat_", "glpat-", "xox", "slack.com", "_live_", "_test_"),
            *("npm_", "aiza", "sk-", "sg."),
        )
    },
}

#: Names of what is no secret in the JSON of one.
PLAIN_KEYS: Final = frozenset(
    {
        *("username", "user", "engine", "host", "hostname", "port", "dbname", "database", "dbclusteridentifier"),
        *("dbinstanceidentifier", "masterarn", "region", "endpoint", "url", "email", "description", "arn", "schema"),
    }
)

#: Lists of shell commands, one a line, in documents and tasks of Systems Manager.
COMMANDS: Final = (("runCommand",), ("commands",), ("Commands",))

#: Literals that were read and are innocent where they stand; a check of many templates meets most of them again.
MOST_KEPT: Final = 20_000
_INNOCENT: Final[set[tuple[Any, ...]]] = set()

#: As deep as the resolver goes.
DEEPEST: Final = 100

_KEPT_SECRET: Final = pattern(r"\{\{resolve:(?:secretsmanager|ssm-secure):")
_PLAIN_PARAMETER: Final = pattern(r"\{\{resolve:ssm:")
_ANY_DYNAMIC: Final = pattern(r"\{\{resolve:")
_DEFERRED: Final = pattern(r"\$\{|\{\{resolve:")
_JSON: Final = pattern(r"\s*\{(?!\{resolve:)")
_JSON_OR_LIST: Final = pattern(r"\s*[{\[]\s*[\"{\[]")
_REFERS: Final = pattern(r"(?:arn|name|id|path|parameter|param|secret|key|ref|uri|url)$", re.IGNORECASE)
_USERS: Final = pattern(r"user(?:name)?$", re.IGNORECASE)
_PARAMETER_WORDS: Final = pattern(r"(?:ssm|parameter|param|store)+$", re.IGNORECASE)


def applies(resource: View) -> bool:
    """Leave out what has nothing in it."""
    metadata = resource.resource.metadata
    return bool(resource.resource.properties) or INIT in metadata or AUTHENTICATION in metadata


def glance(template: Template, resource: Resource) -> Seen | None:
    """See at once where no text could be a secret."""
    if INIT in resource.metadata or AUTHENTICATION in resource.metadata:
        return None
    if not resource.properties:
        return "not-applicable"
    return None if _is_worth_reading(template, resource) else "pass"


def check(resource: View) -> Iterator[Problem]:
    """Read every property of a resource, and what cfn-init does on it."""
    if _is_worth_reading(resource.template, resource.resource):
        yield from _Reader(resource).problems()
    yield from parts(partial(_init, resource), partial(_authentication, resource))


def _is_worth_reading(template: Template, resource: Resource) -> bool:
    """Whether there can be anything to find, as far as a quick look tells."""
    kind = resource.type
    if kind in SECRET_PROPERTIES or kind in SCRIPTS or kind in PROGRAMS:
        return True
    text = f"{resource.properties} {resource.logical_id if kind == PARAMETER else ''}".lower()
    if any(part in text and any(mark in text for mark in marks) for part, marks in MARKS.items()):
        return True
    return any(name in text for name in _literal_by_default(template.parameters))


class _Reader:
    """Reads the properties of one resource for secrets."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.writing = Writing(view)
        self.secrets: frozenset[Pattern] = SECRET_PROPERTIES.get(view.type, frozenset())
        self.scripts: frozenset[Pattern] = SCRIPTS.get(view.type, frozenset())
        self.programs: frozenset[Pattern] = PROGRAMS.get(view.type, frozenset())
        self.leading = {path[:n] for path in self.secrets for n in range(1, len(path))}

    def problems(self) -> Iterator[Problem]:
        """Give what is wrong, each property for itself."""
        properties = self.view.resource.properties
        for name, raw in properties.items():
            if isinstance(name, str) and not name.startswith("Fn::"):
                yield from parts(partial(self._read, (name,), (name,), name, raw, name not in NO_NAMES_IN))

    def _read(self, path: Path, pattern: Pattern, name: str, raw: Any, named: bool) -> Iterable[Problem]:
        if len(path) > DEEPEST:
            raise Undetermined(place(path[0]), f"it is nested deeper than {DEEPEST} levels")
        if not isinstance(raw, (dict, list)):
            return self._literal(path, pattern, name, raw, named)
        return self._read_each(path, pattern, name, raw, named)

    def _literal(self, path: Path, pattern: Pattern, name: str, raw: Any, named: bool) -> Iterable[Problem]:
        """Read a literal, once where it stands in the same place of many resources."""
        kind = self.view.type
        read = (kind, pattern, name, named, type(raw), raw)  # True is equal to 1, and written otherwise
        if read in _INNOCENT:
            return ()
        found = [*parts(partial(self._scalar, path, pattern, name, raw, named))]
        if not found and kind != PARAMETER and len(_INNOCENT) < MOST_KEPT:  # a stored parameter has a name of its own
            _INNOCENT.add(read)
        return found

    def _read_each(self, path: Path, pattern: Pattern, name: str, raw: Any, named: bool) -> Iterator[Problem]:
        for value in self.writing.branches(self.view.template, raw):
            if is_function(value) or not isinstance(value, (dict, list)):
                yield from parts(partial(self._scalar, path, pattern, name, value, named))
            elif pattern in self.secrets and isinstance(value, dict):
                yield Problem(place(*path), "found a map, expected a reference to a secret")
            elif isinstance(value, dict):
                yield from self._map(path, pattern, value, named)
            elif pattern in self.scripts:
                yield from parts(partial(self._command, path, value))
            else:
                yield from self._items(path, pattern, name, value, named)

    def _items(self, path: Path, pattern: Pattern, name: str, value: list[Any], named: bool) -> Iterator[Problem]:
        each = (*pattern, "*")
        for position, item in enumerate(value):
            yield from self._read((*path, position), each, name, item, named)

    def _map(self, path: Path, pattern: Pattern, value: Mapping[Any, Any], named: bool) -> Iterator[Problem]:
        called = next((name for key in NAMES if (name := self._called(value.get(key))) is not None), None)
        kind = value.get("Type", value.get("type"))
        if isinstance(kind, str) and kind in FETCHED:
            return
        for key, item in value.items():
            if isinstance(key, str) and not key.startswith("Fn::"):
                name = called if called is not None and key in VALUES else key
                yield from self._read((*path, key), (*pattern, key), name, item, named and key not in NO_NAMES_IN)

    def _called(self, raw: Any) -> str | None:
        """Give the name of an entry; one that hangs on a choice or a resource is none."""
        if not is_function(raw):
            return raw if isinstance(raw, str) else None
        pieces = self.writing.pieces(self.view.template, raw)
        known = bool(pieces) and all(piece.kind == "literal" for piece in pieces[-1:])
        return text_of(pieces) if known else None

    def _scalar(self, path: Path, pattern: Pattern, name: str, raw: Any, named: bool) -> Iterator[Problem]:
        is_secret = pattern in self.secrets or (pattern[-1] == "*" and pattern[:-1] in self.secrets)
        sure = named and is_sure(name)
        pieces = self.writing.pieces(self.view.template, raw, may_fork=is_secret or sure)
        opened = any(piece.kind == "open" for piece in pieces)
        if is_secret or ((*pattern, "*") in self.secrets and not opened):  # a parameter may hold the whole list
            yield from self._secret(path, pieces)
            return
        if is_function(raw) and (pattern in self.leading or opened):
            yield from self._opened(path, pattern, name, raw, named)
        text = text_of(pieces)
        found: dict[str, None] = {}
        for problem in self._texts(pattern, text, named, pieces):
            found.setdefault(problem)
        if not found and named:
            for problem in self._named(name, text, pieces, sure):
                found.setdefault(problem)
        if not found:
            for piece in pieces:
                if piece.hidden and is_secret_value(piece.text) and not _USERS.search(name):
                    found.setdefault(f"parameter {piece.parameter}, which is a secret (NoEcho), has a literal default")
        for problem in found:
            yield Problem(place(*path), f"{problem}; expected that it is fetched from Secrets Manager")

    def _opened(self, path: Path, pattern: Pattern, name: str, raw: Any, named: bool) -> Iterator[Problem]:
        """Read on in a map or list that a function gives; what gives no known one is open only above a secret."""
        above = pattern in self.leading
        value = self.writing.resolved(self.view.template, raw, may_fork=above)
        if isinstance(value, dict):
            yield from self._map(path, pattern, value, named)
        elif isinstance(value, list):
            yield from self._items(path, pattern, name, value, named)
        elif above and isinstance(value, Unknown):
            raise Undetermined(place(*path), f"{value.reason}; a secret in it comes from Secrets Manager")

    def _command(self, path: Path, words: list[Any]) -> Iterator[Problem]:
        blank = Piece("literal", " ")
        pieces = [piece for word in words for piece in (*self.writing.pieces(self.view.template, word), blank)]
        for found in _in_script(pieces):
            yield Problem(
                place(*path), f"{found} in a command; expected that the program fetches it from Secrets Manager"
            )

    def _texts(self, pattern: Pattern, text: str, named: bool, pieces: list[Piece]) -> Iterator[str]:
        if pattern in self.scripts or (pattern[-1] == "*" and pattern[-2:-1] in COMMANDS):
            where = pattern[-1] if pattern[-1] != "*" else pattern[-2]
            yield from (f"{found} in {where}" for found in _in_script(pieces))
            if pattern[-1] == "UserData" and _KEPT_SECRET.search(text):
                yield "has a secret put in by CloudFormation ({{resolve:…}}), where it stands readable,"
        elif pattern in self.programs or (named and _JSON_OR_LIST.match(text)):
            yield from secrets_in(text, quoted=True)
        else:
            yield from never_innocent(text)

    def _named(self, name: str, text: str, pieces: list[Piece], sure: bool) -> Iterator[str]:
        if self.view.type == PARAMETER and name == "Value":
            name = self._parameter_name()
            sure = is_sure(name)
        if sure and _PLAIN_PARAMETER.search(text) and not _KEPT_SECRET.search(text):
            yield f"{name!r} comes from a plain SSM parameter, readable to all who read parameters"
        if not pieces or _ANY_DYNAMIC.search(text):
            return
        if sure:
            plain = next((piece for piece in pieces if piece.kind in ("plain", "stored")), None)
            if plain is not None and len(pieces) == 1:
                if _is_shown(plain) and plain.kind == "stored":
                    yield f"{name!r} is parameter {plain.parameter}, which is read from the plain parameter store"
                elif _is_shown(plain):
                    yield f"{name!r} is parameter {plain.parameter}, which is shown to all who see the stack: no NoEcho"
            elif is_secret_value(text, name) and pieces[0].kind == "literal" and "${" not in text:
                yield f"gives {name!r} a literal value"
        elif may_be(name) and all(piece.kind == "literal" for piece in pieces) and looks_made(text):
            yield f"gives {name!r} a literal value"

    def _parameter_name(self) -> str:
        """Give the name of a stored parameter, or the logical id where it says more."""
        written = text_of(self.writing.pieces(self.view.template, self.view.resource.properties.get("Name")))
        last = written.rstrip("/").rpartition("/")[2]
        own = _PARAMETER_WORDS.sub("", self.view.logical_id)
        return last if is_sure(last) or may_be(last) else own

    # ---- properties that are a secret ----

    def _secret(self, path: Path, pieces: list[Piece]) -> Iterator[Problem]:
        where, text = place(*path), text_of(pieces)
        plain = next((piece for piece in pieces if piece.kind == "plain"), None)
        stored = next((piece for piece in pieces if piece.kind == "stored"), None)
        opened = next((piece for piece in pieces if piece.kind == "open"), None)
        made_of = [piece for piece in pieces if piece.kind == "reference"]
        if not text.strip():
            return
        if self.view.type == STORED and _JSON.match(text):
            yield from self._json(where, text, pieces)
            return
        if _KEPT_SECRET.search(text):
            return
        if _PLAIN_PARAMETER.search(text):
            yield Problem(
                where,
                "comes from a plain SSM parameter, readable to all who read parameters; expected "
                "{{resolve:secretsmanager:…}}",
            )
        elif _ANY_DYNAMIC.search(text):
            raise Undetermined(
                where, "the dynamic reference is not one this rule knows; expected resolve:secretsmanager"
            )
        elif len(pieces) == 1 and text.strip().lower() in NO_SECRETS:
            return
        elif plain is not None:
            yield Problem(
                where,
                f"comes from parameter {plain.parameter}, which is shown to all who see the stack; expected "
                "NoEcho: true, or {{resolve:secretsmanager:…}}",
            )
        elif stored is not None:
            yield Problem(
                where,
                f"comes from parameter {stored.parameter}, which is read from the plain parameter store; expected "
                "{{resolve:secretsmanager:…}}",
            )
        elif opened is not None:
            raise Undetermined(where, f"{opened.text}; a password comes from Secrets Manager")
        elif made_of:
            yield from self._made_of(where, made_of)
        elif all(piece.kind == "literal" for piece in pieces):
            yield Problem(
                where,
                "is a literal, in the template or as a parameter's default; expected GenerateSecretString"
                if self.view.type == STORED
                else "is a literal, in the template or as a parameter's default; expected "
                "{{resolve:secretsmanager:…}} or a password that the service manages",
            )

    def _json(self, where: str, text: str, pieces: list[Piece]) -> Iterator[Problem]:
        """Judge the JSON of a secret: references and parameters may stand in it, literals only beside them."""
        plain = {piece.text: piece.parameter for piece in pieces if piece.kind == "plain"}
        try:
            read = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            read = {}
            for found in secrets_in(text):
                yield Problem(where, f"{found} in the template; expected GenerateSecretString")
        mixed = any(piece.kind != "literal" or piece.parameter for piece in pieces)
        for path, value in walk(read):
            name = str(path[-1]) if path else ""
            written = "" if value is None else scalar_text(value)
            known = name.lower().replace("_", "") in PLAIN_KEYS
            if written in plain and is_sure(name):
                yield Problem(
                    where,
                    f"{name!r} comes from parameter {plain[written]}, which is shown to all who see the stack; "
                    "expected NoEcho: true, or GenerateSecretString",
                )
            elif (
                not _DEFERRED.search(written)
                and is_secret_value(written, name)
                and (is_sure(name) or not (mixed or known))
            ):
                yield Problem(where, f"gives {name!r} a literal value; expected a reference, or GenerateSecretString")

    def _made_of(self, where: str, pieces: list[Piece]) -> Iterator[Problem]:
        """Judge a password made of other resources: some give secrets, most give names that anyone can read."""
        found = [self.view.named(piece.reference) for piece in pieces if piece.reference is not None]
        targets = [target for target in found if target is not None]
        if any(target.type in GIVE_SECRETS or target.type.startswith("Custom::") for target in targets):
            return
        names = ", ".join(piece.text for piece in pieces)
        if any(target.type == "AWS::CloudFormation::Stack" for target in targets):
            raise Undetermined(where, f"it is an output of a stack that is not judged here ({names})")
        yield Problem(where, f"is made of {names}, which is no secret; expected {{{{resolve:secretsmanager:…}}}}")


def _is_shown(piece: Piece) -> bool:
    """Whether a piece is a parameter that is no secret to whoever sees the stack, and not the name of one."""
    return piece.kind in ("plain", "stored") and (is_sure(piece.parameter) or not _REFERS.search(piece.parameter))


def _as_written(piece: Piece) -> Piece:
    """Write a parameter that is shown as if its value stood there."""
    if not _is_shown(piece):
        return piece
    return replace(piece, kind="literal", text="shown1value" if is_sure(piece.parameter) else "shown")


def _in_script(pieces: list[Piece]) -> Iterator[str]:
    """Give what a script gives away, by itself or by the parameters in it."""
    found = [*secrets_in(text_of(pieces))]
    yield from found
    shown = dict.fromkeys(piece.parameter for piece in pieces if _is_shown(piece))
    if shown and not found:
        written = secrets_in(text_of([*map(_as_written, pieces)]))
        yield from (
            f"{found}: by parameter {' or '.join(shown)}, which all who see the stack can read," for found in written
        )


# ---- metadata ----


def _init(machine: View) -> Iterator[Problem]:
    """Judge what cfn-init does on a machine; everyone who may describe the stack reads it."""
    writing = Writing(machine)
    for path, raw in _leaves(writing, machine, machine.resource.metadata.get(INIT), ("Metadata", INIT)):
        pieces = writing.pieces(machine.template, raw)
        text = text_of(pieces)
        found = [*_in_script(pieces)]
        name = str(path[-1])
        if not found and is_sure(name) and "\n" not in text and "${" not in text and is_secret_value(text, name):
            found.append(f"gives {name!r} a literal value")
        for problem in dict.fromkeys(found):
            yield Problem(
                ".".join(map(str, path)),
                f"{problem} in the metadata; expected that the machine fetches it from Secrets Manager",
            )


def _authentication(machine: View) -> Iterator[Problem]:
    """Judge the credentials cfn-init logs in with; CloudFormation shows metadata to all who may describe the stack."""
    methods = machine.resource.metadata.get(AUTHENTICATION)
    for method, settings in methods.items() if isinstance(methods, dict) else ():
        for name in CREDENTIALS if isinstance(settings, dict) else ():
            if settings.get(name):
                yield Problem(
                    f"Metadata.{AUTHENTICATION}.{method}.{name}",
                    "stands in the metadata, readable to all who may describe the stack; expected the role of the "
                    "machine (roleName)",
                )


def _leaves(writing: Writing, view: View, raw: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if len(path) > DEEPEST:
        raise Undetermined(".".join(map(str, path[:2])), f"it is nested deeper than {DEEPEST} levels")
    for value in writing.branches(view.template, raw):
        if is_function(value) or not isinstance(value, (dict, list)):
            yield path, value
            continue
        items: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _leaves(writing, view, item, (*path, key if isinstance(key, int) else str(key)))


def _literal_by_default(parameters: Mapping[str, Any]) -> Iterator[str]:
    """Give the names of the secret parameters that have a default, in lower case."""
    for name, declared in parameters.items():
        if isinstance(declared, dict) and declared.get("Default") and declared.get("NoEcho"):
            yield name.lower()


RULE = Rule(
    id="passwords.no-literal-secrets",
    severity="fatal",
    title="No secret stands in a template",
    why="Templates are kept in version control, in buckets and in CloudFormation's history, for many to read; a "
    "password a person chose is seldom worth 60 bits.",
    fix="let the service make it (GenerateSecretString, ManageMasterUserPassword) or refer to it "
    "({{resolve:secretsmanager:…}}; CDK: SecretValue.secrets_manager); a parameter needs NoEcho and no default; "
    "machines fetch secrets at boot by their role",
    types=(EVERY_TYPE,),
    check=check,
    applies=applies,
    glance=glance,
    claims=("passwords.60-bits",),
    controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("CodeBuild.2", "ECS.8")},
    source="CloudFormation User Guide, Security best practices: do not embed credentials; EC2 User Guide, Instance "
    "metadata and user data",
    cdk='secret = RolePassword(self, "AppPassword", role="app")\n'
    'password = SecretValue.secrets_manager("app/database", json_field="password")',
    example={
        "Password": {"Type": STORED, "Properties": {"GenerateSecretString": {"PasswordLength": 32}}},
        "Database": {
            "Type": "AWS::RDS::DBInstance",
            "Properties": {
                "MasterUsername": "admin",
                "MasterUserPassword": {"Fn::Sub": "{{resolve:secretsmanager:${Password}}}"},
            },
        },
    },
)
