"""Records: classes of named values, as `dataclasses` makes them, without its cost at start-up.

`dataclasses` imports `inspect`, and compiles half a dozen functions for every class. With the classes of the rules
and the facts that takes longer than judging a template. What is made here shares its functions, and is frozen and has
slots. `dataclasses.fields`, `replace` and `asdict` work on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

_set: Final = object.__setattr__
_MISSING: Final = object()


class Field:
    """A value of a record that is more than a name with a default.

    Args:
        default: what it is when nothing is given.
        default_factory: makes the default.
        compare: whether it counts when records are compared.
    """

    __slots__ = ("compare", "default", "default_factory")

    def __init__(
        self, *, default: Any = _MISSING, default_factory: Callable[[], Any] | None = None, compare: bool = True
    ) -> None:
        self.default = default
        self.default_factory = default_factory
        self.compare = compare


def field(*, default: Any = _MISSING, default_factory: Callable[[], Any] | None = None, compare: bool = True) -> Any:
    """Describe a value of a record.

    Args:
        default: what it is when nothing is given.
        default_factory: makes the default.
        compare: whether it counts when records are compared.
    """
    return Field(default=default, default_factory=default_factory, compare=compare)


class FrozenError(AttributeError):
    """Somebody tried to change a record."""


@overload
def record(made: type[T], /) -> type[T]: ...


@overload
def record(*, kw_only: bool = False, frozen: bool = True) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(made: type[T] | None = None, /, *, kw_only: bool = False, frozen: bool = True) -> Any:
    """Make a record of a class with annotations.

    Args:
        made: the class.
        kw_only: whether its values are given by name only.
        frozen: whether they stay what they are.
    """
    if made is None:
        return lambda given: _record(given, kw_only=kw_only, frozen=frozen)
    return _record(made, kw_only=kw_only, frozen=frozen)


def _record(made: type, *, kw_only: bool, frozen: bool) -> type:
    members = dict(made.__dict__)
    names = tuple(members.get("__annotations__", ()))
    own = {name: members.pop(name, _MISSING) for name in names}
    fields: dict[str, Any] = {}
    for base in reversed(made.__mro__[1:]):
        fields |= base.__dict__.get("_record_fields", {})
    fields |= {name: given if isinstance(given, Field) else Field(default=given) for name, given in own.items()}
    for name in ("__dict__", "__weakref__"):
        members.pop(name, None)
    shared = {**_SHARED, **(_FROZEN if frozen else {"__hash__": None})}
    members |= {name: function for name, function in shared.items() if name not in members}
    members["__slots__"] = names
    members["__match_args__"] = () if kw_only else tuple(fields)
    members["_record_fields"] = fields
    members["_record_defaults"] = {n: about.default for n, about in fields.items() if about.default is not _MISSING}
    members["_record_factories"] = tuple(
        (name, about.default_factory) for name, about in fields.items() if about.default_factory is not None
    )
    members["_record_checks"] = hasattr(made, "__post_init__")
    members["_record_compared"] = tuple(name for name, about in fields.items() if about.compare)
    members["__dataclass_fields__"] = _Fields()
    return type(made)(made.__name__, made.__bases__, members)


class _Fields:
    """What `dataclasses` wants to know of a class, worked out when it asks."""

    def __get__(self, instance: object, owner: type) -> Mapping[str, Any]:
        import dataclasses

        def described(about: Field) -> Any:
            given: dict[str, Any] = {} if about.default is _MISSING else {"default": about.default}
            if about.default_factory is not None:
                given["default_factory"] = about.default_factory
            return dataclasses.field(compare=about.compare, **given)

        fields: dict[str, Field] = owner._record_fields  # type: ignore[attr-defined]
        written = [(name, Any, described(about)) for name, about in fields.items()]
        twin: Any = dataclasses.make_dataclass(owner.__name__, written, kw_only=True)
        found: Mapping[str, Any] = twin.__dataclass_fields__
        owner.__dataclass_fields__ = found  # type: ignore[attr-defined]  # worked out once
        return found


def _init(self: Any, /, *positional: Any, **named: Any) -> None:
    kind = type(self)
    if positional:
        names = kind.__match_args__
        if len(positional) > len(names):
            raise TypeError(f"{kind.__name__} takes {len(names)} values without a name, {len(positional)} were given")
        for name, value in zip(names, positional, strict=False):
            if name in named:
                raise TypeError(f"{kind.__name__} got {name!r} twice")
            named[name] = value
    fields = kind._record_fields
    if len(named) != len(fields):
        named = {**kind._record_defaults, **named}
        for name, make in kind._record_factories:
            if name not in named:
                named[name] = make()
    if named.keys() != fields.keys():
        _refuse(kind, named)
    for name, value in named.items():
        _set(self, name, value)
    if kind._record_checks:
        self.__post_init__()


def _refuse(kind: Any, named: Mapping[str, Any]) -> None:
    for name in kind._record_fields:
        if name not in named:
            raise TypeError(f"{kind.__name__} was not given {name!r}")
    unknown = ", ".join(sorted(named.keys() - kind._record_fields.keys()))
    raise TypeError(f"{kind.__name__} has no {unknown}")


def _values(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in type(self)._record_compared])


def _repr(self: Any) -> str:
    kind = type(self)
    return f"{kind.__qualname__}({', '.join(f'{n}={getattr(self, n)!r}' for n in kind._record_fields)})"


def _eq(self: Any, other: object) -> Any:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _refuse_to_set(self: Any, name: str, value: Any) -> None:
    raise FrozenError(f"{type(self).__name__} is frozen; `{name}` stays what it is")


def _refuse_to_delete(self: Any, name: str) -> None:
    raise FrozenError(f"{type(self).__name__} is frozen; `{name}` stays what it is")


def _reduce(self: Any) -> Any:
    return _again, (type(self), {name: getattr(self, name) for name in type(self)._record_fields})


def _again(kind: type[T], values: Mapping[str, Any]) -> T:
    made = object.__new__(kind)
    for name, value in values.items():
        _set(made, name, value)
    return made


_SHARED: Final = {"__init__": _init, "__repr__": _repr, "__eq__": _eq, "__reduce__": _reduce}
_FROZEN: Final = {"__hash__": _hash, "__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}


def replace(made: T, /, **changes: Any) -> T:
    """Make a record like another, with other values.

    Args:
        made: a record.
        changes: the values that differ, by name.
    """
    kind: Any = type(made)
    return kind(**{**{name: getattr(made, name) for name in kind._record_fields}, **changes})  # type: ignore[no-any-return]


def as_dict(made: object) -> dict[str, Any]:
    """Give the values of a record by name, as they are.

    Args:
        made: a record.
    """
    kind: Any = type(made)
    return {name: getattr(made, name) for name in kind._record_fields}
