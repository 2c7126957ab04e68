"""Weaken the synthesized templates, directly and behind every indirection that CloudFormation has.

The lines are those of the weakening table; here they are applied to the template itself, so that hundreds of mutants
cost seconds. The same indirections are put around the value that stands there, which must raise nothing.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.protected_properties import RESOURCE
from nexis.templates.load import with_stack
from nexis.templates.model import Assembly, Template, read_document
from tests.deploy.weaken import DROPPED, REMOVED, Added, Weakening, weakenings
from tests.deploy.weakened_app import ADDED_TYPES
from tests.support.baseline import synthesized_baseline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Document = dict[str, Any]
Steps = tuple[str | int, ...]

ACCOUNTS: Final = {"dev": "000000000000", "prod": "111111111111"}
REGION: Final = "eu-central-1"
NO_VALUE: Final = {"Ref": "AWS::NoValue"}
ATTRIBUTES_WITHOUT_FUNCTIONS: Final = "@"


@dataclass(frozen=True, slots=True)
class Indirection:
    """A way to say a value.

    Args:
        name: what it is.
        say: gives the value as it stands in the template; it may add sections. None where it cannot say this value.
        open_when_strict: whether every value counts under `--strict-parameters`, so that the answer is open.
        is_unknown: whether nobody can know the value at all.
    """

    name: str
    say: Callable[[Document, Any, Any], Any]
    open_when_strict: bool = False
    is_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A weakened assembly, and what must be said of it."""

    name: str
    assembly: Assembly
    line: Weakening
    verdicts: frozenset[str]
    strict: bool = False

    def __str__(self) -> str:
        return self.name


class CannotSay(Exception):
    """The indirection cannot say such a value."""


# ---- indirections ----


def _section(document: Document, name: str) -> Document:
    made: Document = document.setdefault(name, {})
    return made


def _scalar(value: Any) -> str | int | bool:
    if isinstance(value, (str, int, bool)) and value != REMOVED:
        return value
    raise CannotSay


def _text(value: Any) -> str:
    value = _scalar(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parameter(document: Document, value: Any, other: Any) -> Any:
    _section(document, "Parameters")["Mutant"] = {"Type": "String", "Default": _text(value)}
    return {"Ref": "Mutant"}


def _parameter_choice(document: Document, value: Any, other: Any) -> Any:
    _section(document, "Parameters")["Mutant"] = {"Type": "String", "AllowedValues": [_text(value)]}
    return {"Ref": "Mutant"}


def _list_parameter(document: Document, value: Any, other: Any) -> Any:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and "," not in item for item in value):
        raise CannotSay
    _section(document, "Parameters")["Mutant"] = {"Type": "CommaDelimitedList", "Default": ",".join(value)}
    return {"Ref": "Mutant"}


def _mapping(document: Document, value: Any, other: Any) -> Any:
    scalars = isinstance(value, list) and value and all(isinstance(item, (str, int, bool)) for item in value)
    found = value if scalars else _scalar(value)
    _section(document, "Mappings")["Mutants"] = {REGION: {"Value": found}}
    return {"Fn::FindInMap": ["Mutants", {"Ref": "AWS::Region"}, "Value"]}


def _if_true(document: Document, value: Any, other: Any) -> Any:
    _section(document, "Conditions")["Mutant"] = {"Fn::Equals": [{"Ref": "AWS::Region"}, REGION]}
    return {"Fn::If": ["Mutant", _or_nothing(value), _or_nothing(other)]}


def _if_false(document: Document, value: Any, other: Any) -> Any:
    conditions = _section(document, "Conditions")
    conditions["Here"] = {"Fn::Equals": [{"Ref": "AWS::Region"}, REGION]}
    conditions["Mutant"] = {"Fn::And": [{"Condition": "Here"}, {"Fn::Not": [{"Condition": "Here"}]}]}
    return {"Fn::If": ["Mutant", _or_nothing(other), _or_nothing(value)]}


def _if_by_default(document: Document, value: Any, other: Any) -> Any:
    _section(document, "Parameters")["Mode"] = {"Type": "String", "Default": "weak", "AllowedValues": ["weak", "good"]}
    _section(document, "Conditions")["Mutant"] = {"Fn::Equals": [{"Ref": "Mode"}, "weak"]}
    return {"Fn::If": ["Mutant", _or_nothing(value), _or_nothing(other)]}


def _nested_if(document: Document, value: Any, other: Any) -> Any:
    conditions = _section(document, "Conditions")
    conditions["Here"] = {"Fn::Equals": [{"Ref": "AWS::Region"}, REGION]}
    conditions["Mutant"] = {"Fn::Or": [{"Fn::Not": [{"Condition": "Here"}]}, {"Condition": "Here"}]}
    inner = {"Fn::If": ["Mutant", _or_nothing(value), _or_nothing(other)]}
    return {"Fn::If": ["Here", inner, _or_nothing(other)]}


def _join(document: Document, value: Any, other: Any) -> Any:
    text = _text(value)
    return {"Fn::Join": ["", [text[:1], text[1:]]]}


def _sub(document: Document, value: Any, other: Any) -> Any:
    text = _text(value)
    return {"Fn::Sub": ["${Begin}${End}", {"Begin": text[:1], "End": text[1:]}]}


def _select(document: Document, value: Any, other: Any) -> Any:
    text = _text(value)
    if "|" in text or "{{resolve:" in text:  # of a text that is fetched, the parts are not known
        raise CannotSay
    return {"Fn::Select": ["1", {"Fn::Split": ["|", f"first|{text}"]}]}


def _as_text(document: Document, value: Any, other: Any) -> Any:
    if not isinstance(value, (bool, int)):
        raise CannotSay
    return _text(value)


def _directly(document: Document, value: Any, other: Any) -> Any:
    return value


def _no_value(document: Document, value: Any, other: Any) -> Any:
    if value != REMOVED:
        raise CannotSay
    return NO_VALUE


def _free_parameter(document: Document, value: Any, other: Any) -> Any:
    _scalar(value)
    _section(document, "Parameters")["Mutant"] = {"Type": "String"}
    return {"Ref": "Mutant"}


def _two_allowed_values(document: Document, value: Any, other: Any) -> Any:
    values = [_text(value), _text(other)]
    _section(document, "Parameters")["Mutant"] = {"Type": "String", "AllowedValues": values}
    return {"Ref": "Mutant"}


def _or_nothing(value: Any) -> Any:
    return NO_VALUE if isinstance(value, str) and value == REMOVED else value


#: What can be said of a value.
INDIRECTIONS: Final = (
    Indirection("directly", _directly),
    Indirection("as text", _as_text),
    Indirection("AWS::NoValue", _no_value),
    Indirection("parameter default", _parameter, open_when_strict=True),
    Indirection("the only allowed value", _parameter_choice),
    Indirection("default of a list parameter", _list_parameter, open_when_strict=True),
    Indirection("mapping", _mapping),
    Indirection("Fn::If, true", _if_true),
    Indirection("Fn::If, false", _if_false),
    Indirection("Fn::If by a parameter default", _if_by_default, open_when_strict=True),
    Indirection("Fn::If in Fn::If", _nested_if),
    Indirection("Fn::Join", _join),
    Indirection("Fn::Sub", _sub),
    Indirection("Fn::Select of Fn::Split", _select),
    Indirection("one of two allowed values", _two_allowed_values, open_when_strict=True, is_unknown=True),
    Indirection("parameter without a default", _free_parameter, open_when_strict=True, is_unknown=True),
)


# ---- templates ----


@cache
def templates(environment: str) -> dict[str, Template]:
    """The synthesized templates of an environment, as they are judged."""
    return {name: _read(name, document, environment) for name, document in synthesized_baseline(environment).items()}


def _read(name: str, document: Document, environment: str) -> Template:
    read = read_document(
        document,
        key=name,
        file=f"{name}.template.json",
        stack=f"nexis-{environment}-{re.sub('(?<!^)(?=[A-Z])', '-', name).lower()}",  # as stacks/ names it
        region=REGION,
        account=ACCOUNTS[environment],
        may_be_empty=True,
    )
    return with_stack(read, construct=name)


def baseline(environment: str) -> Assembly:
    """The assembly as it is synthesized."""
    return Assembly(templates=templates(environment), baseline=True)


def _changed(environment: str, stack: str, document: Document) -> Assembly:
    return Assembly(templates={**templates(environment), stack: _read(stack, document, environment)}, baseline=True)


def _find(document: Document, construct: str) -> tuple[str, Document]:
    for logical_id, resource in document["Resources"].items():
        if resource.get("Metadata", {}).get("aws:cdk:path") == construct:
            return logical_id, resource
    raise KeyError(construct)


def _steps(path: str) -> Steps:
    """Part a path of the weakening table; dots inside a setting's name belong to the name."""
    if path.startswith("@"):
        return (path[1:],)
    if path.startswith("Parameters."):
        return ("Properties", "Parameters", path.removeprefix("Parameters."))
    parts = path.removesuffix(".*").split(".")
    return ("Properties", *(0 if part == "*" else part for part in parts))


def _at(resource: Document, steps: Steps) -> Any:
    """What stands at a path; `REMOVED` where nothing does."""
    here: Any = resource
    for step in steps:
        try:
            here = here[step]
        except (KeyError, IndexError):
            return REMOVED
    return here


def _put(resource: Document, steps: Steps, value: Any) -> None:
    here: Any = resource
    for step in steps[:-1]:
        here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
    if isinstance(value, str) and value == REMOVED:
        here.pop(steps[-1], None)
    else:
        here[steps[-1]] = value


# ---- mutants ----


def weak_mutants(number: int, line: Weakening) -> Iterator[Mutant]:
    """Weaken one property in every way that can be said.

    Args:
        number: of the line, for the mutants' names.
        line: of the weakening table.
    """
    if line.type == "Nexis::Stack":
        return  # where a stack is deployed does not stand in a template
    make = _dropped if line.weak == DROPPED else _added if isinstance(line.weak, Added) else _weakened
    for how, assembly, indirection in make(line):
        for strict in (False, True):
            opened = indirection is not None and (indirection.is_unknown or (strict and indirection.open_when_strict))
            yield Mutant(
                name=f"{number} {line}: {how}{', strict' if strict else ''}",
                assembly=assembly,
                line=line,
                verdicts=frozenset({"fail", "unknown"} if opened else {"fail"}),
                strict=strict,
            )


Made = tuple[str, Assembly, Indirection | None]


def _copy(line: Weakening) -> tuple[str, Document]:
    stack = line.construct.split("/")[0]
    return stack, copy.deepcopy(synthesized_baseline(line.environment)[stack])


def _weak_values(line: Weakening) -> Mapping[str, Any]:
    weak = line.weak
    several = isinstance(weak, dict) and (line.path in weak or REMOVED in weak.values())
    return weak if several else {line.path: weak}


def _weakened(line: Weakening) -> Iterator[Made]:
    values = _weak_values(line)
    # DeletionPolicy and UpdatePolicy take no functions without an extension.
    for indirection in INDIRECTIONS[:1] if line.path.startswith("@") else INDIRECTIONS:
        stack, document = _copy(line)
        _, resource = _find(document, line.construct)
        try:
            for path, weak in values.items():
                steps = _steps(path)
                good = _at(resource, steps)
                said = indirection.say(document, weak, good) if path == next(iter(values)) else _or_nothing(weak)
                _put(resource, steps, said)
        except CannotSay:
            continue
        yield indirection.name, _changed(line.environment, stack, document), indirection


def _dropped(line: Weakening) -> Iterator[Made]:
    """Take the guarding resource away: delete it, or let a condition keep it from being made."""
    stack, document = _copy(line)
    logical_id, _ = _find(document, line.construct)
    del document["Resources"][logical_id]
    yield "deleted", _changed(line.environment, stack, document), None
    for name, condition in {
        "a condition that is false": {"Fn::Equals": [{"Ref": "AWS::Region"}, "nowhere"]},
        "a condition that is false by a parameter default": {"Fn::Equals": [{"Ref": "Mutant"}, "yes"]},
    }.items():
        stack, document = _copy(line)
        _, resource = _find(document, line.construct)
        _section(document, "Conditions")["Mutant"] = condition
        if "Mutant" in str(condition):
            _section(document, "Parameters")["Mutant"] = {"Type": "String", "Default": "no"}
        resource["Condition"] = "Mutant"
        by_default = Indirection(name, _directly, open_when_strict="parameter" in name)
        yield name, _changed(line.environment, stack, document), by_default


def _added(line: Weakening) -> Iterator[Made]:
    """Weaken by a separate resource, with and without a condition that holds."""
    assert isinstance(line.weak, Added)
    for indirection in INDIRECTIONS:
        stack, document = _copy(line)
        try:
            properties = {
                name: indirection.say(document, value, NO_VALUE) if _is_scalar(value) else value
                for name, value in line.weak.properties.items()
            }
        except CannotSay:
            continue
        if indirection.name not in ("directly", "Fn::Join", "Fn::Sub", "Fn::Select of Fn::Split"):
            continue  # one parameter cannot say several values; those are mutated property by property above
        yield indirection.name, _with_added(line, stack, document, properties), None
    stack, document = _copy(line)
    _section(document, "Conditions")["Mutant"] = {"Fn::Equals": [{"Ref": "AWS::Region"}, REGION]}
    yield "with a condition that is true", _with_added(line, stack, document, line.weak.properties, "Mutant"), None


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, bool))


def _with_added(
    line: Weakening, stack: str, document: Document, properties: Mapping[str, Any], condition: str = ""
) -> Assembly:
    document["Resources"]["Added"] = {
        "Type": ADDED_TYPES.get(line.type, line.type),
        "Properties": dict(properties),
        "Metadata": {"aws:cdk:path": f"{stack}/Added"},
        **({"Condition": condition} if condition else {}),
    }
    return _changed(line.environment, stack, document)


def good_mutants(environment: str) -> Iterator[tuple[str, Assembly]]:
    """Say every protected value differently, as it stands: nothing may be found.

    Args:
        environment: of the configuration.
    """
    places = dict.fromkeys(
        (line.construct, path)
        for line in weakenings()
        if line.type != "Nexis::Stack" and line.path != RESOURCE
        for path in _weak_values(line)
        if not path.startswith(ATTRIBUTES_WITHOUT_FUNCTIONS)
    )
    for construct, path in places:
        for indirection in INDIRECTIONS:
            stack = construct.split("/")[0]
            document = copy.deepcopy(synthesized_baseline(environment)[stack])
            _, resource = _find(document, construct)
            good = _at(resource, _steps(path))
            if indirection.is_unknown or good == REMOVED:
                continue
            try:
                # The other branch is the good value as well where the default could be overridden: all are good.
                _put(resource, _steps(path), indirection.say(document, good, good))
            except CannotSay:
                continue
            yield f"{construct} {path}: {indirection.name}", _changed(environment, stack, document)
