"""Resources as a rule reads them: in one scenario, resolved, and linked to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from nexis.patterns import pattern
from nexis.templates.model import TRANSFORM
from nexis.templates.names import NAMED_BY, STANDS_FOR, names_in
from nexis.templates.resolver import FUNCTIONS, INCLUDE, Resolver, hangs_on_place, scalar_text
from nexis.templates.scenarios import Choices, Fork, TooManyScenarios, scenarios
from nexis.templates.values import (
    DYNAMIC_REFERENCE_MARK,
    NO_VALUE,
    DynamicReference,
    Reference,
    Text,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from nexis.templates.model import Assembly, Resource, Template
    from nexis.templates.resolver import ParameterSource


T = TypeVar("T")

SCENES_KEPT: Final = 64
NUMBER: Final = pattern(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?")


class Absent:
    """The value of a property that is not there."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


class Undetermined(Exception):
    """A value that a rule needs and that cannot be known.

    Args:
        path: of the property ("Properties.Parameters.rds.force_ssl").
        reason: what it hangs on.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Scene:
    """An assembly in one scenario.

    Args:
        assembly: the templates judged together.
        parameters: where parameters get their values.
        choices: the choices of the scenario.
    """

    def __init__(self, assembly: Assembly, parameters: ParameterSource, choices: Choices) -> None:
        self.assembly = assembly
        self.resolver = Resolver(assembly, parameters, choices)
        self._views: dict[tuple[str, str], View] = {}
        self._by_type: dict[str, list[View]] | None = None
        self._by_name: dict[str, dict[str, list[View]]] = {}
        self._kept: dict[Hashable, Any] = {}
        self._naming: dict[tuple[str, tuple[str | int, ...]], _Naming] = {}

    def once(self, what: Hashable, make: Callable[[], T]) -> T:
        """Work something out once for all the rules and resources that ask for it.

        Args:
            what: names it.
            make: works it out; when it raises, nothing is kept.
        """
        if what not in self._kept:
            self._kept[what] = make()
        found: T = self._kept[what]
        return found

    def naming(self, resource_type: str, path: tuple[str | int, ...]) -> _Naming:
        """Give the resources of a type by what a property of theirs names."""
        key = (resource_type, path)
        if key not in self._naming:
            self._naming[key] = _Naming(self, resource_type, path)
        return self._naming[key]

    def view(self, template: Template, logical_id: str) -> View:
        """Give a resource of a template, whether or not it exists in this scenario."""
        key = (template.key, logical_id)
        if key not in self._views:
            self._views[key] = View(self, template, template.resources[logical_id])
        return self._views[key]

    def views(self, *types: str) -> Iterator[View]:
        """Give every resource of some types that exists in this scenario, in all templates."""
        return (view for view in self.declared(*types) if view.exists)

    def declared(self, *types: str) -> list[View]:
        """Give every resource of some types, whether or not it exists in this scenario, in all templates."""
        if self._by_type is None:
            self._by_type = {}
            for template in self.assembly.templates.values():
                for logical_id, resource in template.resources.items():
                    self._by_type.setdefault(resource.type, []).append(self.view(template, logical_id))
        if len(types) == 1:  # asked of every name in a template
            return self._by_type.setdefault(types[0], [])
        return [view for kind in dict.fromkeys(types) for view in self._by_type.get(kind, ())]

    def named(self, resource_type: str, name: str) -> list[View]:
        """Give every resource of a type that has a name, whether or not it exists in this scenario.

        Args:
            resource_type: one of `NAMED_BY`.
            name: as `plain_text` writes it.
        """
        if resource_type not in self._by_name:
            names: dict[str, list[View]] = {}
            for view in self.declared(resource_type):
                own = view.peek(NAMED_BY[resource_type])
                text = plain_text(scalar_text(own) if isinstance(own, (int, float)) else own)
                if text is not None:
                    names.setdefault(text, []).append(view)
            self._by_name[resource_type] = names
        return self._by_name[resource_type].get(name, [])


class _Naming:
    """The resources of a type, by the resource that a property of theirs names.

    Args:
        scene: the scenario.
        resource_type: the type of those that name.
        path: of the naming property.
    """

    def __init__(self, scene: Scene, resource_type: str, path: tuple[str | int, ...]) -> None:
        self.views = scene.declared(resource_type)
        self._to: dict[tuple[str, str], list[int]] = {}
        self._texts: dict[str, tuple[Any, list[int]]] = {}  # by a name or an ARN, which is often the same for many
        self._open: list[int] = []  # those that may name several, through an alias, or that hang on a choice
        self._found: dict[tuple[str, str], list[View]] = {}
        for number, view in enumerate(self.views):
            try:
                value = view.peek(*path)
            except Fork:  # it is asked again, and makes the choice, when it is its turn
                self._open.append(number)
                continue
            for item in value if isinstance(value, list) else [value]:
                reference = _naming(item)
                if reference is None:
                    text = plain_text(item)
                    if text is not None:
                        self._texts.setdefault(text, (item, []))[1].append(number)
                    continue
                template = scene.assembly.templates.get(reference.stack)
                target = None if template is None else template.resources.get(reference.logical_id)
                if target is not None and target.type in STANDS_FOR:
                    self._open.append(number)
                elif target is not None:
                    self._to.setdefault((reference.stack, reference.logical_id), []).append(number)

    def may_name(self, named: View) -> list[View]:
        """Give those that may name a resource, in the order of the templates."""
        asked = (named.template.key, named.logical_id)
        if asked not in self._found:
            numbers = {*self._to.get(asked, ()), *self._open}
            for value, those in self._texts.values():
                if _may_be_named_by(named, value):
                    numbers.update(those)
            self._found[asked] = [self.views[number] for number in sorted(numbers)]
        return self._found[asked]


def _may_be_named_by(named: View, value: Any) -> bool:
    try:
        return named.is_named_by(value)
    except Fork:  # asked again when it is its turn
        return True


class Scenes:
    """The scenarios of an assembly; those used last are kept, since most rules ask for the same few.

    Args:
        assembly: the templates judged together.
        parameters: where parameters get their values.
        known: whether conditions hold anywhere that many templates repeat; it is added to.
    """

    def __init__(
        self, assembly: Assembly, parameters: ParameterSource, known: dict[Hashable, bool | None] | None = None
    ) -> None:
        self._known = {} if known is None else known
        self._assembly = assembly
        self._parameters = parameters
        self._kept: dict[tuple[tuple[str, str], ...], Scene] = {}
        self.without_choices = Scene(assembly, parameters, Choices({}))
        self._may_exist: dict[tuple[str, str], bool | None] = {}

    def may_exist(self, template: Template, resource: Resource) -> bool | None:
        """Whether a resource exists in any scenario; None where there are too many to tell.

        Args:
            template: where the resource stands.
            resource: the resource.
        """
        condition = resource.condition
        if condition is None:
            return True
        here = (template.key, condition)
        if here not in self._may_exist:
            written = template.conditions.get(condition)
            if hangs_on_place(written):
                same = (repr(written), template.region, template.account)
                if same not in self._known:
                    self._known[same] = self._holds_somewhere(template, condition)
                self._may_exist[here] = self._known[same]
            else:
                self._may_exist[here] = self._holds_somewhere(template, condition)
        return self._may_exist[here]

    def _holds_somewhere(self, template: Template, condition: str) -> bool | None:
        def holds(choices: Choices) -> bool:
            return Resolver(self._assembly, self._parameters, choices).holds(template, condition)

        try:
            found = [scenario.result for scenario in scenarios(holds)]
        except TooManyScenarios:
            return None
        return any(found)

    def scene(self, choices: Choices) -> Scene:
        """Give the assembly in one scenario."""
        if not choices.made:
            return self.without_choices
        key = tuple((str(name), repr(option)) for name, option in choices.made.items())
        found = self._kept.pop(key, None) or Scene(self._assembly, self._parameters, choices)
        self._kept[key] = found
        if len(self._kept) > SCENES_KEPT:
            del self._kept[next(iter(self._kept))]
        return found


class View:
    """One resource in one scenario.

    Args:
        scene: the scenario.
        template: where the resource stands.
        resource: the resource.
    """

    def __init__(self, scene: Scene, template: Template, resource: Resource) -> None:
        self.scene = scene
        self.template = template
        self.resource = resource
        self._resolved: dict[str, Any] = {}

    @property
    def type(self) -> str:
        """The resource type."""
        return self.resource.type

    @property
    def logical_id(self) -> str:
        """The logical id."""
        return self.resource.logical_id

    @property
    def exists(self) -> bool:
        """Whether the resource's condition holds in this scenario."""
        condition = self.resource.condition
        return condition is None or self.scene.resolver.holds(self.template, condition)

    def peek(self, *path: str | int) -> Any:
        """Read a value as it is: `ABSENT` where nothing stands, `Unknown` where the way to it is not known.

        Args:
            path: property names and list positions from `Properties` down.
        """
        first = str(path[0]) if path else ""
        if not path:
            made = next((key for key in self.resource.properties if _is_function(key)), None)
            if made is not None:
                return Unknown(f"{made} makes properties that cannot be seen here")
            return {name: self.peek(name) for name in self.resource.properties}
        if first not in self._resolved:
            value = self._resolve(first)
            self._resolved[first] = ABSENT if value is NO_VALUE or value is None else value
        return step_down(self._resolved[first], path[1:])

    def _resolve(self, name: str) -> Any:
        properties = self.resource.properties
        macro = properties.get(TRANSFORM)
        if macro is not None and not (isinstance(macro, dict) and macro.get("Name") == INCLUDE):
            return Unknown(f"{TRANSFORM} may change it")  # while a file that is included only adds
        if name in properties:
            return self.resolve(properties[name])
        made = next((key for key in properties if _is_function(key)), None)
        if made in FUNCTIONS and len(properties) == 1:
            whole = self.resolve(properties)
            return whole if isinstance(whole, Unknown) else as_mapping(whole).get(name, NO_VALUE)
        return NO_VALUE if made is None else Unknown(f"{made} makes properties that cannot be seen here")

    def resolve(self, value: Any) -> Any:
        """Resolve something that is written in the resource's template, such as an entry of its metadata.

        Args:
            value: as parsed from JSON or YAML.

        Returns:
            The value as `peek` gives it; `NO_VALUE` where nothing stands.
        """
        return self.scene.resolver.resolve(self.template, value)

    def stands(self, *path: str | int) -> bool:
        """Whether something stands there, whatever it is: a parameter is never nothing, even if it has no default.

        Args:
            path: property names and list positions from `Properties` down.

        Raises:
            Undetermined: that is open too, as where a macro makes properties.
        """
        above = self.peek(*path[:-1]) if len(path) > 1 else None
        value = above if isinstance(above, Unknown) else self.peek(*path)
        if isinstance(value, Unknown) and (value is above or not value.stands):
            raise Undetermined(place(*path), value.reason)
        return not isinstance(value, Absent)

    def get(self, *path: str | int) -> Any:
        """Read a value that must be known; references count as known.

        Args:
            path: property names and list positions from `Properties` down.

        Returns:
            The value, or `ABSENT`.

        Raises:
            Undetermined: the value, or something on the way to it, is open.
        """
        value = self.peek(*path)
        if isinstance(value, Unknown):
            raise Undetermined(place(*path), value.reason)
        return value

    def literal(self, *path: str | int) -> str | Absent:
        """Read a scalar that must be known to the letter, as CloudFormation writes it (`true`, `443`).

        Args:
            path: property names and list positions from `Properties` down.

        Raises:
            Undetermined: it is open, or known only after deployment, or not a scalar.
        """
        value = self.get(*path)
        if isinstance(value, Absent):
            return value
        if isinstance(value, (dict, list)):
            kind = "map" if isinstance(value, dict) else "list"
            raise Undetermined(place(*path), f"found a {kind}, expected a value")
        if is_deferred(value):
            raise Undetermined(place(*path), f"{str(value)!r} is known only after deployment")
        return scalar_text(value)

    def flag(self, *path: str | int, default: bool) -> bool:
        """Read a boolean.

        Args:
            path: property names and list positions from `Properties` down.
            default: what AWS takes when the property is absent.

        Raises:
            Undetermined: it is open, or neither true nor false.
        """
        text = self.literal(*path)
        if isinstance(text, Absent):
            return default
        if text.lower() not in ("true", "false"):
            raise Undetermined(place(*path), f"found {text!r}, expected true or false")
        return text.lower() == "true"

    def number(self, *path: str | int) -> float | Absent:
        """Read a number.

        Args:
            path: property names and list positions from `Properties` down.

        Raises:
            Undetermined: it is open, or no number.
        """
        text = self.literal(*path)
        if isinstance(text, Absent):
            return text
        number = as_number(text)
        if number is None:
            raise Undetermined(place(*path), f"found {text!r}, expected a number")
        return number

    def items(self, *path: str | int) -> list[Any]:
        """Read a list; a single value counts as a list of one, nothing as an empty one.

        Args:
            path: property names and list positions from `Properties` down.

        Raises:
            Undetermined: the list is open (its items may still be).
        """
        value = self.get(*path)
        if isinstance(value, Absent):
            return []
        return value if isinstance(value, list) else [value]

    def target(self, *path: str | int, types: tuple[str, ...] = ()) -> View | None:
        """Follow a link to the resource it names, by reference or by name.

        Args:
            path: property names and list positions from `Properties` down.
            types: the resource types it may name; any when empty.

        Returns:
            The resource, or None when nothing stands there or it names nothing in this assembly.

        Raises:
            Undetermined: the link is open.
        """
        value = self.get(*path)
        return None if isinstance(value, Absent) else self.named(value, *types)

    def named(self, value: Any, *types: str) -> View | None:
        """Find the resource that a resolved value names.

        Args:
            value: a reference, an ARN with one in it (or with a path after it), or a name.
            types: the resource types it may name; any when empty.
        """
        return self._named(value, types, 0)

    def _named(self, value: Any, types: tuple[str, ...], steps: int) -> View | None:
        reference = _naming(value)
        if reference is not None:
            template = self.scene.assembly.templates.get(reference.stack)
            if template is None or reference.logical_id not in template.resources:
                return None
            return self._meant(self.scene.view(template, reference.logical_id), types, steps)
        text = plain_text(value)
        if text is None:
            return None
        for kind in (*NAMED_BY,) if not types else (*types, *(k for k in STANDS_FOR if k not in types)):
            for name in names_in(text, kind) if kind in NAMED_BY and self.scene.declared(kind) else ():
                for view in self.scene.named(kind, name):
                    if view.exists and self._may_mean(view, text):
                        found = self._meant(view, types, steps)
                        if found is not None:
                            return found
        return None

    def _meant(self, found: View, types: tuple[str, ...], steps: int) -> View | None:
        """Give what a resource stands for, as an alias does for its key."""
        if not types or found.type in types:
            return found
        if found.type not in STANDS_FOR or steps >= len(STANDS_FOR):
            return None
        return found._named(found.peek(STANDS_FOR[found.type]), types, steps + 1)

    def _may_mean(self, other: View, text: str) -> bool:
        """Whether a text of this resource's template, with the name of another in it, may mean that one."""
        if "${AWS-Stack" in text and other.template.key != self.template.key:
            return False  # each stack has a name of its own
        fields = text.split(":", 5)
        if len(fields) < 6 or fields[0] != "arn":
            return True
        known = ((other.template.region, fields[3]), (other.template.account, fields[4]))
        return all(its is None or at in ("", "*", its) or at.startswith("${") for its, at in known)

    def is_named_by(self, value: Any) -> bool:
        """Whether a resolved value names this resource."""
        found = self.named(value, self.type)
        return found is not None and found.is_same(self)

    def is_same(self, other: View) -> bool:
        """Whether both are the same resource."""
        return (self.template.key, self.logical_id) == (other.template.key, other.logical_id)

    def referrers(self, resource_type: str, *path: str | int) -> Iterator[View]:
        """Give the existing resources of a type whose property names this one.

        Args:
            resource_type: for instance `AWS::S3::BucketPolicy`.
            path: of the naming property; a list names by any of its items.
        """
        for view in self.scene.naming(resource_type, path).may_name(self):
            value = view.peek(*path)
            if any(self.is_named_by(item) for item in (value if isinstance(value, list) else [value])) and view.exists:
                yield view


def _naming(value: Any) -> Reference | None:
    """Give the one resource that a value names: `${Logs}-archive` names another than `${Logs}` does."""
    if isinstance(value, Reference):
        return value if value.is_resource else None
    if not isinstance(value, Text):
        return None
    at = [n for n, part in enumerate(value.parts) if isinstance(part, Reference) and part.is_resource]
    if len(at) != 1:
        return None
    before, after = "".join(value.parts[: at[0]]), "".join(value.parts[at[0] + 1 :])
    whole = (not before or (before.startswith("arn:") and before.endswith((":", "/")))) and (
        not after or after.startswith(("/", ":"))
    )
    found = value.parts[at[0]]
    return found if whole and isinstance(found, Reference) else None


def plain_text(value: Any) -> str | None:
    """Give a name or an ARN that is known but for the stack's own place and name; None for anything else.

    Args:
        value: a resolved value.

    Returns:
        The text, in which `${AWS-Region}` stands for a region that is not known.
    """
    if isinstance(value, Text):
        if any(reference.is_resource for reference in value.references):
            return None
        return "".join(part.replace("::", "-") if isinstance(part, Reference) else part for part in value.parts)
    return value if isinstance(value, str) and not is_deferred(value) else None


def _is_function(key: Any) -> bool:
    return isinstance(key, str) and key.startswith("Fn::")


def step_down(value: Any, path: tuple[str | int, ...]) -> Any:
    """Walk down a resolved value.

    Args:
        value: a resolved value.
        path: map keys and list positions.

    Returns:
        What stands there, `ABSENT`, or the first `Unknown` on the way.
    """
    for part in path:
        if isinstance(value, Unknown):
            return value
        if isinstance(value, list) and isinstance(part, int):
            value = value[part] if 0 <= part < len(value) else ABSENT
        elif isinstance(part, int):
            value = value if part == 0 else ABSENT  # a single value counts as a list of one, as in View.items
        elif isinstance(value, dict):
            value = value.get(part, ABSENT)
            if value is None:
                return ABSENT
        elif is_deferred(value):
            return Unknown(f"{str(value)!r} is known only after deployment")
        else:
            return ABSENT
    return value


def is_deferred(value: Any) -> bool:
    """Whether a resolved scalar is complete only after deployment."""
    return isinstance(value, (Reference, Text, DynamicReference)) or (
        isinstance(value, str) and DYNAMIC_REFERENCE_MARK in value
    )


def place(*path: str | int) -> str:
    """Write a path as reports do: `Properties.SecurityGroupIngress.0.CidrIp`."""
    return ".".join(("Properties", *map(str, path)))


def as_number(text: str) -> float | None:
    """Read a number as CloudFormation writes it; None for anything else, `nan` and `inf` among it."""
    return float(text) if NUMBER.fullmatch(text) else None


def walk(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Give every scalar in a resolved value with its path.

    Args:
        value: a resolved value.
        path: where it stands.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from walk(item, (*path, position))
    else:
        yield path, value


def as_mapping(value: Any) -> Mapping[str, Any]:
    """Give a map, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}
