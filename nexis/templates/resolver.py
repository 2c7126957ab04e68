"""Intrinsic functions, resolved as far as a template and its assembly allow.

Source: CloudFormation User Guide, "Intrinsic function reference" and "Pseudo parameters reference".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from nexis.patterns import pattern
from nexis.records import field, record, replace
from nexis.templates.attributes import SAME_AS_PROPERTY
from nexis.templates.open_values import MOST_KEYS, choose_equal, choose_key, chosen
from nexis.templates.scenarios import Fork
from nexis.templates.texts import JOINED, Beginning, json_text, split_text
from nexis.templates.values import (
    DYNAMIC_REFERENCE_MARK,
    LONGEST_TEXT,
    NO_VALUE,
    DynamicReference,
    Reference,
    Text,
    Unknown,
    joined,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from nexis.templates.model import Assembly, Template
    from nexis.templates.scenarios import Choices

DEEPEST: Final = 100
SUB_PATTERN: Final = pattern(r"\$\{(!?)([^${}]*)\}")
PSEUDO_PARAMETERS: Final = frozenset(
    {
        "AWS::AccountId",
        "AWS::NoValue",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    }
)
#: How YAML 1.1 writes a boolean. Source: YAML 1.1, "Boolean Language-Independent Type"
BOOLEANS: Final[Mapping[bool, frozenset[str]]] = {
    True: frozenset({"true", "yes", "on", "y"}),
    False: frozenset({"false", "no", "off", "n"}),
}
LIST_TYPES: Final = ("CommaDelimitedList", "List<")
#: What hangs on the region and the account of a stack, and on nothing else.
PLACES: Final = tuple({"Ref": f"AWS::{name}"} for name in ("AccountId", "Partition", "Region", "URLSuffix"))
INCLUDE: Final = "AWS::Include"


@record(kw_only=True)
class ParameterSource:
    """Where parameters get their values.

    Args:
        given: values given by hand, by parameter name.
        strict: every allowed value counts and a free parameter is open, even if it has a default.
    """

    given: Mapping[str, Any] = field(default_factory=dict)
    strict: bool = False


class Resolver:
    """Resolves the values of an assembly in one scenario.

    Args:
        assembly: the templates; references reach only into these.
        parameters: where parameters get their values.
        choices: the choices of the scenario.
    """

    def __init__(self, assembly: Assembly, parameters: ParameterSource, choices: Choices) -> None:
        self.assembly = assembly
        self.parameters = parameters
        self.choices = choices
        self._deciding: set[tuple[str, str]] = set()
        self._carried: dict[tuple[str, str, str], Any] = {}
        self._depth = 0
        self._exports: Mapping[str, list[tuple[Template, str]]] | None = None

    def resolve(self, template: Template, value: Any) -> Any:
        """Resolve a value.

        Args:
            template: where the value stands.
            value: as parsed from JSON or YAML.

        Returns:
            JSON values with `Unknown`, `Reference`, `Text` and `DynamicReference` inside; `NO_VALUE` at the top only.
        """
        if isinstance(value, str):
            return DynamicReference(value) if DYNAMIC_REFERENCE_MARK in value else value
        if not isinstance(value, (dict, list)):
            return value
        if self._depth >= DEEPEST:
            return TOO_DEEP
        self._depth += 1
        try:
            if isinstance(value, list):
                items = (self.resolve(template, item) for item in value)
                return [item for item in items if item is not NO_VALUE]
            if len(value) == 1:
                ((name, argument),) = value.items()
                if name == "Ref" or (isinstance(name, str) and name.startswith("Fn::")):
                    return self._call(template, name, argument, value)
            for name in value:
                if isinstance(name, str) and name.startswith("Fn::"):
                    return Unknown(f"{name} stands beside other keys, which it may change")
            resolved = ((key, self.resolve(template, item)) for key, item in value.items())
            return {key: item for key, item in resolved if item is not NO_VALUE}
        finally:
            self._depth -= 1

    def holds(self, template: Template, condition: str) -> bool:
        """Decide a condition by name; what cannot be decided is a choice of the scenario.

        Args:
            template: where the condition stands.
            condition: its name in `Conditions`.
        """
        here = (template.key, condition)
        decided = self.choices.decided
        if here not in decided:
            name = f"condition {condition}"
            if condition not in template.conditions or here in self._deciding:
                return self._choose_truth(template, name)
            self._deciding.add(here)
            try:
                decided[here] = self._decide(template, template.conditions[condition], name)
            finally:
                self._deciding.discard(here)
        return decided[here]

    # ---- functions ----

    def _call(self, template: Template, name: str, argument: Any, whole: Mapping[str, Any]) -> Any:
        function: Callable[[Resolver, Template, Any], Any] | None = FUNCTIONS.get(name)
        if function is None:
            if name in CONDITION_FUNCTIONS:
                return self._decide(template, whole, _written(whole))
            return Unknown(f"{name} is not resolved here")
        value = function(self, template, argument)
        if isinstance(value, Unknown) and not value.stands and name != "Fn::If":
            return replace(value, stands=True)
        return value

    def _ref(self, template: Template, name: Any) -> Any:
        if isinstance(name, dict):  # as the language extensions allow
            name = self.resolve(template, name)
        if not isinstance(name, str) or isinstance(name, Reference | Text | DynamicReference):
            return name if isinstance(name, Unknown) else Unknown("a Ref that does not name anything")
        if name in PSEUDO_PARAMETERS:
            return self._pseudo(template, name)
        if name in template.parameters:
            value = self._parameter(template, name)
            known = None
            if isinstance(value, Unknown) and not _is_list(template.parameters[name]):
                # It may have been compared with something, and found equal.
                known = chosen(self.choices, _written({"Ref": name}), self._where(template))
            return value if known is None else known
        if name in template.resources:
            return Reference(template.key, name)
        return Unknown(f"Ref {name}, which is neither a parameter nor a resource of {template.file}")

    def _pseudo(self, template: Template, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        given = self.parameters.given
        region = template.region or _text_or_none(given.get("AWS::Region"))
        known = {
            "AWS::Region": region,
            "AWS::AccountId": template.account,
            "AWS::StackName": template.stack,
            "AWS::Partition": partition(region),
            "AWS::URLSuffix": url_suffix(region),
        }.get(name) or given.get(name)
        if known is not None:
            return known
        return [Reference("", name)] if name == "AWS::NotificationARNs" else Reference("", name)

    def _parameter(self, template: Template, name: str) -> Any:
        declared = template.parameters[name]
        if isinstance(declared, Unknown):  # the identifier of a loop
            return declared
        if not isinstance(declared, dict):
            return Unknown(f"parameter {name}, which is not declared as a map")
        kind = declared.get("Type", "String")
        if not isinstance(kind, str):
            return Unknown(f"parameter {name}, whose Type is not text")
        if kind.startswith("AWS::SSM::Parameter::Value"):  # what is given is the name of the stored parameter
            return Unknown(f"parameter {name} is read from the SSM parameter store while deploying")
        value = self._parameter_value(template, name, declared, kind)
        return _as_list(value, name) if kind.startswith(LIST_TYPES) else _as_text(value, name)

    def _parameter_value(self, template: Template, name: str, declared: Mapping[str, Any], kind: str) -> Any:
        default = declared.get("Default")
        if template.nested_in is not None:
            # Only its parent gives a nested stack values; nobody can change a default that it leaves alone.
            passed = self._carry(template, "parameter", name, self._passed_by_parent)
            return passed if passed is not NO_VALUE else _default(name, default)
        allowed = declared.get("AllowedValues")
        options = allowed if isinstance(allowed, list) and all(_is_scalar(option) for option in allowed) else []
        if name in self.parameters.given:
            given = self.parameters.given[name]
            if options and not {scalar_text(g) for g in _listed(given)} <= {scalar_text(o) for o in options}:
                return Unknown(f"parameter {name} is given {given!r}, which is not among its allowed values")
            return given
        if options and (self.parameters.strict or default is None):
            if kind.startswith(LIST_TYPES):
                return Unknown(f"parameter {name} can be given any list of its allowed values")
            return self._choose(f"parameter {name}", tuple(options), template)
        if self.parameters.strict:
            return Unknown(f"parameter {name} can be given any value")
        return _default(name, default)

    def _passed_by_parent(self, template: Template, name: str) -> Any:
        assert template.nested_in is not None
        key, logical_id = template.nested_in
        parent = self.assembly.templates[key]
        passed = parent.resources[logical_id].properties.get("Parameters")
        if isinstance(passed, dict) and name in passed:
            return self.resolve(parent, passed[name])
        made = self.resolve(parent, passed)  # the whole map may be the result of a function
        return made if isinstance(made, Unknown) else made.get(name, NO_VALUE) if isinstance(made, dict) else NO_VALUE

    def _carry(self, template: Template, kind: str, name: str, resolve: Callable[[Template, str], Any]) -> Any:
        """Resolve what one template hands to another, once; a value that hangs on itself is open."""
        here = (template.key, kind, name)
        if here not in self._carried:
            self._carried[here] = Unknown(f"{kind} {name} of {template.file} hangs on itself")
            try:
                self._carried[here] = _handed_over(resolve(template, name), f"{kind} {name} of {template.file}")
            except Fork:
                del self._carried[here]
                raise
        return self._carried[here]

    def _output(self, template: Template, name: str) -> Any:
        output = template.outputs.get(name)
        if not isinstance(output, dict) or "Value" not in output:
            return Unknown(f"{name} is no output of {template.file}")
        return self.resolve(template, output["Value"])

    def _get_att(self, template: Template, argument: Any) -> Any:
        if isinstance(argument, str):
            argument = argument.split(".", 1)
        if not isinstance(argument, list) or len(argument) != 2:
            return Unknown("an Fn::GetAtt without [logical id, attribute]")
        logical_id, attribute = (self.resolve(template, part) for part in argument)
        for part in (logical_id, attribute):
            if isinstance(part, Unknown):
                return part
        if not isinstance(logical_id, str) or not isinstance(attribute, str) or logical_id not in template.resources:
            return Unknown(f"Fn::GetAtt {logical_id}.{attribute}, which is no resource of {template.file}")
        nested = self.assembly.nested.get((template.key, logical_id))
        if nested is not None and attribute.startswith("Outputs."):
            name = attribute.removeprefix("Outputs.")
            return self._carry(self.assembly.templates[nested], "output", name, self._output)
        if attribute in SAME_AS_PROPERTY.get(template.resources[logical_id].type, ()):
            value = self._carry(template, "attribute", f"{logical_id}.{attribute}", self._property_behind)
            if value is not NO_VALUE and not isinstance(value, Unknown):
                return value
        return Reference(template.key, logical_id, attribute)

    def _property_behind(self, template: Template, name: str) -> Any:
        logical_id, _, attribute = name.partition(".")
        resource = template.resources[logical_id]
        written = resource.properties.get(SAME_AS_PROPERTY[resource.type][attribute])
        return NO_VALUE if written is None else self.resolve(template, written)

    def _if(self, template: Template, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
            return Unknown("an Fn::If without [condition, value, value]")
        if argument[0] in template.conditions and argument[1] == argument[2]:
            return self.resolve(template, argument[1])  # the condition, which may be open, decides nothing
        return self.resolve(template, argument[1 if self.holds(template, argument[0]) else 2])

    def _sub(self, template: Template, argument: Any) -> Any:
        names: Mapping[str, Any] = {}
        if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
            argument, names = argument
        if not isinstance(argument, str):
            return argument if isinstance(argument, Unknown) else Unknown("an Fn::Sub without text")
        pieces: list[Any] = []
        end = 0
        for match in SUB_PATTERN.finditer(argument):
            pieces.append(argument[end : match.start()])
            end = match.end()
            literal, name = match.group(1), match.group(2).strip()
            if literal:
                pieces.append("${" + name + "}")
            elif name in names:
                pieces.append(self.resolve(template, names[name]))
            elif "." in name:
                pieces.append(self._get_att(template, name))
            else:
                pieces.append(self._ref(template, name))
        pieces.append(argument[end:])
        return joined(piece for piece in pieces if piece != "")

    def _join(self, template: Template, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
            return Unknown("an Fn::Join without [delimiter, list]")
        items = self.resolve(template, argument[1])
        if isinstance(items, Unknown):
            return items
        if isinstance(items, Reference):  # an attribute that is a list, such as the zones of a load balancer
            return Reference("", str(items)[2:-1], JOINED)
        return joined(items, argument[0]) if isinstance(items, list) else Unknown("an Fn::Join of something not a list")

    def _select(self, template: Template, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) != 2:
            return Unknown("an Fn::Select without [index, list]")
        index, items = self.resolve(template, argument[0]), self._items(template, argument[1])
        if isinstance(items, Unknown):
            return items
        if isinstance(index, Unknown):
            same = isinstance(items, list) and items and not any(equality(items[0], item) is not True for item in items)
            return items[0] if same else index
        try:
            position = int(str(index))
        except ValueError:
            return Unknown(f"an Fn::Select of index {index!r}")
        if isinstance(items, Reference):
            return Reference("", str(items)[2:-1], f"item{position}")
        if isinstance(items, Beginning):
            if 0 <= position < len(items.certain):
                return items.certain[position]
            return Reference("", str(items.goes_on)[2:-1], f"item{position}")
        if not isinstance(items, list) or not 0 <= position < len(items):
            return Unknown(f"an Fn::Select of index {position}, which its list does not have")
        return items[position]

    def _split(self, template: Template, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str) or not argument[0]:
            return Unknown("an Fn::Split without [delimiter, text]")
        text = self.resolve(template, argument[1])
        if isinstance(text, Unknown | Reference):
            return text  # of a reference the parts are not known, but they are parts of a known thing
        items = split_text(text, argument[0]) if isinstance(text, Text) else None
        if isinstance(items, list):
            return items
        if isinstance(text, Text | DynamicReference):
            return Unknown(f"an Fn::Split of {str(text)!r}, which is complete only after deployment")
        if isinstance(text, dict | list) or text is None or text is NO_VALUE:
            return Unknown("an Fn::Split of something not text")
        return scalar_text(text).split(argument[0])

    def _items(self, template: Template, value: Any) -> Any:
        """Resolve the list of an `Fn::Select`; of a text that is split, the parts that are certain."""
        if isinstance(value, dict) and len(value) == 1:
            argument = value.get("Fn::Split")
            if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str) and argument[0]:
                text = self.resolve(template, argument[1])
                if isinstance(text, Text):
                    return split_text(text, argument[0])
        return self.resolve(template, value)

    def _find_in_map(self, template: Template, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) not in (3, 4):
            return Unknown("an Fn::FindInMap without [map, key, key]")
        keys = [self._key(template, part) for part in argument[:3]]
        fallback = argument[3] if len(argument) == 4 and isinstance(argument[3], dict) else {}
        by_default = "DefaultValue" in fallback
        told = f"an Fn::FindInMap of {'.'.join(str(k) for k in keys if not isinstance(k, Unknown))}"
        found: Any = template.mappings
        for number, key in enumerate(keys):
            if not isinstance(found, Mapping):
                return Unknown(f"{told}, which is neither a value nor a list")
            if _is_scalar(key) and not isinstance(key, Reference | Text | DynamicReference):
                text: str | None = scalar_text(key)
            else:
                open_key = key if isinstance(key, Unknown) else Unknown(f"{told}, which is known only while deploying")
                if not number or (not _is_scalar(key) and not isinstance(key, Unknown)):
                    return open_key
                rest = [] if number == 2 else keys[2:]
                same = _only_value(found, rest)
                if same is not None and not by_default:
                    return self.resolve(template, same)
                if not 0 < len(found) <= MOST_KEYS:
                    return open_key
                where, table = self._where(template), scalar_text(keys[0])
                text = choose_key(
                    self.choices, _written(argument[number]), tuple(found), where, table, other=by_default
                )
            if isinstance(key, bool) and text not in found:  # `on` of YAML, while a key stays the text it is written as
                text = _only_spelling(key, found)
            if text is None or text not in found:
                made = next((name for name in found if name.startswith("Fn::")), None)
                if made is not None:
                    return Unknown(f"{told}, in a map that {made} makes")
                if by_default:
                    return self.resolve(template, fallback["DefaultValue"])
                return Unknown(f"{told}, which the mappings do not have")
            found = found[text]
        if not all(_is_scalar(item) for item in _listed(found)):  # functions have no place in mappings
            return Unknown(f"{told}, which is neither a value nor a list")
        return self.resolve(template, found)

    def _key(self, template: Template, part: Any) -> Any:
        """Resolve a key; what was chosen for a parameter is asked of each map anew, since not every map has it."""
        name = part.get("Ref") if isinstance(part, dict) and len(part) == 1 else None
        known = isinstance(name, str) and name in template.parameters
        return self._parameter(template, str(name)) if known else self.resolve(template, part)

    def _base64(self, template: Template, argument: Any) -> Any:
        text = self.resolve(template, argument)
        if isinstance(text, Unknown | Text | Reference | DynamicReference):
            return text  # what it is made of matters to rules, not its spelling
        if not _is_scalar(text):
            return Unknown("an Fn::Base64 of something not text")
        import base64

        return base64.b64encode(scalar_text(text).encode(errors="surrogatepass")).decode()

    def _import_value(self, template: Template, argument: Any) -> Any:
        name = self.resolve(template, argument)
        if isinstance(name, Unknown):
            return name
        if self._exports is None:
            self._exports = {}  # an export's name cannot hang on another export
            try:
                self._exports = self._exported()
            except Fork:
                self._exports = None
                raise
        exports = self._exports.get(name, []) if isinstance(name, str) else []
        found = [(made, output) for made, output in exports if _may_import(template, made, name)]
        if len(found) != 1:
            trouble = "more than one template" if found else "no template"
            return Unknown(f"the export {str(name)!r}, which {trouble} of this assembly makes")
        made, output = found[0]
        return self._carry(made, "output", output, self._output)

    def _stack_output(self, template: Template, argument: Any) -> Any:
        if not isinstance(argument, dict) or "RoleArn" in argument:  # a role is for another account
            return Unknown("an Fn::GetStackOutput of a stack that is not in this assembly")
        stack, output, region = (self.resolve(template, argument.get(n)) for n in ("StackName", "OutputName", "Region"))
        for part in (stack, output, region):
            if isinstance(part, Unknown):
                return part
        where = template.region if region is None else region
        found = [
            made
            for made in self.assembly.templates.values()
            if made.stack is not None and made.stack == stack and where in (None, made.region)
        ]
        if len(found) != 1 or not isinstance(output, str):
            return Unknown(f"the output {output} of the stack {stack}, which is not in this assembly")
        return self._carry(found[0], "output", output, self._output)

    def _exported(self) -> Mapping[str, list[tuple[Template, str]]]:
        exports: dict[str, list[tuple[Template, str]]] = {}
        for template in self.assembly.templates.values():
            for output, declared in template.outputs.items():
                export = declared.get("Export") if isinstance(declared, dict) else None
                name = self.resolve(template, export.get("Name")) if isinstance(export, dict) else None
                if isinstance(name, str) and self._is_made(template, declared):
                    exports.setdefault(name, []).append((template, output))
        return exports

    def _is_made(self, template: Template, output: Mapping[str, Any]) -> bool:
        condition = output.get("Condition")
        return not isinstance(condition, str) or self.holds(template, condition)

    def _get_azs(self, template: Template, argument: Any) -> Any:
        return Reference("", "AWS::AvailabilityZones")

    def _cidr(self, template: Template, argument: Any) -> Any:
        parts = self.resolve(template, argument)
        if not isinstance(parts, list) or len(parts) not in (2, 3) or any(isinstance(p, Unknown) for p in parts):
            return Unknown("an Fn::Cidr whose parts are not known")
        if isinstance(parts[0], Reference):
            return Reference("", str(parts[0])[2:-1], "cidr")
        import ipaddress

        try:
            network = ipaddress.ip_network(str(parts[0]), strict=False)
            bits = int(str(parts[2])) if len(parts) == 3 else 8
            subnets = network.subnets(new_prefix=network.max_prefixlen - bits)
            return [str(next(subnets)) for _ in range(min(int(str(parts[1])), 256))]
        except (ValueError, StopIteration, RuntimeError):
            return Unknown(f"an Fn::Cidr of {parts!r}")

    def _length(self, template: Template, argument: Any) -> Any:
        items = self.resolve(template, argument)
        return len(items) if isinstance(items, list) else Unknown("an Fn::Length of a list that is not known")

    def _to_json(self, template: Template, argument: Any) -> Any:
        return json_text(self.resolve(template, argument))

    # ---- conditions ----

    def _decide(self, template: Template, expression: Any, name: str) -> bool:
        if self._depth >= DEEPEST:
            return self._choose_truth(template, f"a condition nested deeper than {DEEPEST} levels")
        self._depth += 1
        try:
            return self._evaluate(template, expression, name)
        finally:
            self._depth -= 1

    def _evaluate(self, template: Template, expression: Any, name: str) -> bool:
        if isinstance(expression, dict) and len(expression) == 1:
            ((function, argument),) = expression.items()
            if function == "Condition" and isinstance(argument, str):
                return self.holds(template, argument)
            if function == "Fn::Not" and isinstance(argument, list) and len(argument) == 1:
                return not self._decide(template, argument[0], f"{name} (negated)")
            if function in ("Fn::And", "Fn::Or") and isinstance(argument, list) and argument:
                parts = (self._part(template, part, name, n) for n, part in enumerate(argument))
                return all(parts) if function == "Fn::And" else any(parts)
            if function == "Fn::Equals" and isinstance(argument, list) and len(argument) == 2:
                left, right = (self.resolve(template, part) for part in argument)
                equal = equality(left, right)
                if equal is None and _written(argument[0]) == _written(argument[1]):
                    return True
                if equal is not None:
                    return equal
                for side, other, value in ((left, right, argument[1]), (right, left, argument[0])):
                    if _is_known_scalar(side) and other is not NO_VALUE and other is not None:
                        return choose_equal(self.choices, _written(value), scalar_text(side), self._where(template))
                # The same comparison is the same choice, wherever it stands.
                name = " equals ".join(sorted(map(_written, argument)))
        return self._choose_truth(template, name)

    def _part(self, template: Template, expression: Any, name: str, number: int) -> bool:
        """Decide a part of a condition, once: each further choice asks the whole of it again."""
        # Only what stands in the `Conditions` lives as long as the choices do, so that its address names it.
        here = id(expression) if self._deciding else None
        decided = self.choices.decided
        if here is None or here not in decided:
            found = self._decide(template, expression, f"{name} part {number}")
            if here is None:
                return found
            decided[here] = found
        return decided[here]

    def _choose_truth(self, template: Template, name: str) -> bool:
        return bool(self._choose(name, (True, False), template))

    def _choose(self, name: str, options: tuple[Any, ...], template: Template) -> Any:
        return self.choices.pick(f"{name}{self._where(template)}", options)

    def _where(self, template: Template) -> str:
        return "" if len(self.assembly.templates) == 1 else f" of {template.key}"


def equality(left: Any, right: Any) -> bool | None:
    """Compare as `Fn::Equals` does: by text; None when it cannot be decided.

    Args:
        left: a resolved value.
        right: a resolved value.
    """
    if isinstance(left, Reference) and isinstance(right, Reference):
        return True if _names(left) == _names(right) else None
    if isinstance(left, Text) and isinstance(right, Text):
        # Equal texts of equal parts, or parts that only the deployment knows.
        return True if [_names(p) for p in left.parts] == [_names(p) for p in right.parts] else None
    if any(value is None or value is NO_VALUE or contains_open(value) for value in (left, right)):
        return None
    return _same(left, right)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(item, right[key]) for key, item in left.items())
    if isinstance(left, (dict, list)) or isinstance(right, (dict, list)):
        return False
    return scalar_text(left) == scalar_text(right)


def _names(part: str) -> tuple[str, ...]:
    return (part.stack, part.logical_id, part.attribute) if isinstance(part, Reference) else (part,)


def scalar_text(value: Any) -> str:
    """Write a scalar as CloudFormation passes it: `true`, `443`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def hangs_on_place(expression: Any, depth: int = 0) -> bool:
    """Whether a condition hangs on nothing but where the stack is deployed, as those do that the CDK adds.

    Args:
        expression: of a condition.
        depth: how deep in the condition it stands.
    """
    if not isinstance(expression, dict) or len(expression) != 1 or depth > DEEPEST:
        return False
    ((function, argument),) = expression.items()
    if not isinstance(argument, list):
        return False
    if function == "Fn::Equals":
        return all(type(side) is str or side in PLACES for side in argument)
    return function in ("Fn::And", "Fn::Or", "Fn::Not") and all(hangs_on_place(part, depth + 1) for part in argument)


def partition(region: str | None) -> str | None:
    """Name the partition of a region. Source: AWS General Reference, "Partitions"."""
    if region is None:
        return None
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def url_suffix(region: str | None) -> str | None:
    """Name the domain suffix of a region's endpoints. Source: CloudFormation User Guide, "AWS::URLSuffix"."""
    if region is None:
        return None
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def contains_open(value: Any) -> bool:
    """Whether a resolved value, or anything in it, is not known to the letter."""
    if isinstance(value, dict):
        return any(contains_open(item) for item in value.values())
    if isinstance(value, list):
        return any(contains_open(item) for item in value)
    return isinstance(value, Unknown | Reference | Text | DynamicReference)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def _is_known_scalar(value: Any) -> bool:
    return _is_scalar(value) and not isinstance(value, Reference | Text | DynamicReference)


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _only_value(table: Mapping[str, Any], keys: list[Any]) -> Any:
    """Give the value that a map has under every one of its keys; None where there are several, or it may have more."""
    found: list[Any] = []
    for name, entry in table.items():
        item = entry
        for key in keys:
            if not _is_known_scalar(key) or not isinstance(item, Mapping):
                return None
            item = item.get(scalar_text(key))
        if name.startswith("Fn::") or item is None or not all(_is_scalar(part) for part in _listed(item)):
            return None
        found.append(item)
    return found[0] if found and all(_same(found[0], item) for item in found) else None


def _only_spelling(key: bool, table: Mapping[str, Any]) -> str | None:
    """Give the one key of a map that YAML 1.1 reads as a boolean."""
    spelled = [name for name in table if name.lower() in BOOLEANS[key]]
    return spelled[0] if len(spelled) == 1 else None


def _may_import(template: Template, made: Template, name: str) -> bool:
    """Whether an export is the one that a template imports: exports are of one account and region."""
    if template.key == made.key:
        return True
    for here, there in ((template.region, made.region), (template.account, made.account)):
        if here is not None and there is not None and here != there:
            return False
    # Each stack has a name of its own.
    references = (name,) if isinstance(name, Reference) else name.references if isinstance(name, Text) else ()
    return not any(r.logical_id in ("AWS::StackName", "AWS::StackId") for r in references)


def _is_list(declared: Any) -> bool:
    kind = declared.get("Type") if isinstance(declared, dict) else None
    return isinstance(kind, str) and "List" in kind


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _default(name: str, default: Any) -> Any:
    if default is None:
        return Unknown(f"parameter {name} has no default", stands=True)
    return default if _is_scalar(default) else Unknown(f"the default of parameter {name}, which is no plain value")


def _as_list(value: Any, name: str) -> Any:
    """Make the value of a list parameter of what was given: items, or text with commas."""
    if isinstance(value, Unknown | list):
        return value
    if isinstance(value, DynamicReference):
        return Unknown(f"parameter {name} is a list that is fetched while deploying")
    if isinstance(value, Text):
        return [joined(parts) for parts in _at_commas(value)]
    return [value] if isinstance(value, Reference) else [part.strip() for part in scalar_text(value).split(",")]


def _at_commas(text: Text) -> list[list[str]]:
    """Part a text at the commas in its literal pieces; the names of resources have none."""
    items: list[list[str]] = [[]]
    for part in text.parts:
        if isinstance(part, Reference):
            items[-1].append(part)
            continue
        first, *more = part.split(",")
        items[-1].append(first.strip())
        items += [[piece.strip()] for piece in more]
    return [[part for part in item if part] for item in items]


def _as_text(value: Any, name: str) -> Any:
    """Make the value of any other parameter: lists become text with commas, as CloudFormation does."""
    if isinstance(value, list):
        return joined(value, ",")
    return value if _is_scalar(value) or isinstance(value, Unknown) else Unknown(f"parameter {name}, given no value")


def _handed_over(value: Any, what: str) -> Any:
    """Let pass what one template can hand to another: a value, or a flat list of values."""
    if value is NO_VALUE or isinstance(value, Unknown):
        return value
    if not all(_is_scalar(item) or isinstance(item, Unknown) for item in _listed(value)):
        return Unknown(f"{what}, which is neither a value nor a list of values")
    if sum(len(item) for item in _listed(value) if isinstance(item, str)) > LONGEST_TEXT:
        return Unknown(f"{what}, which is longer than {LONGEST_TEXT:,} characters")
    return value


def _written(expression: Any) -> str:
    if type(expression) is str:
        return _quoted(expression)
    if isinstance(expression, dict) and len(expression) == 1 and type(expression.get("Ref")) is str:
        return '{"Ref": ' + _quoted(expression["Ref"]) + "}"
    try:
        return json.dumps(_simplest(expression), sort_keys=True, default=str)
    except (RecursionError, TypeError, ValueError):
        return f"a condition nested deeper than {DEEPEST} levels"


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    return json.dumps(text)


def _simplest(expression: Any) -> Any:
    """Write `!Sub "${Stage}"` as `!Ref Stage`, so that the two are one value."""
    text = expression.get("Fn::Sub") if isinstance(expression, dict) and len(expression) == 1 else None
    match = SUB_PATTERN.fullmatch(text) if isinstance(text, str) else None
    if match is None or match[1]:
        return expression
    name = match[2].strip()
    return {"Fn::GetAtt": name.split(".", 1)} if "." in name else {"Ref": name}


TOO_DEEP: Final = Unknown(f"it is nested deeper than {DEEPEST} levels")
CONDITION_FUNCTIONS: Final = frozenset({"Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals"})
FUNCTIONS: Final[Mapping[str, Callable[[Resolver, Template, Any], Any]]] = {
    "Ref": Resolver._ref,
    "Fn::GetAtt": Resolver._get_att,
    "Fn::If": Resolver._if,
    "Fn::Sub": Resolver._sub,
    "Fn::Join": Resolver._join,
    "Fn::Select": Resolver._select,
    "Fn::Split": Resolver._split,
    "Fn::FindInMap": Resolver._find_in_map,
    "Fn::Base64": Resolver._base64,
    "Fn::ImportValue": Resolver._import_value,
    "Fn::GetStackOutput": Resolver._stack_output,
    "Fn::GetAZs": Resolver._get_azs,
    "Fn::Cidr": Resolver._cidr,
    "Fn::Length": Resolver._length,
    "Fn::ToJsonString": Resolver._to_json,
}
