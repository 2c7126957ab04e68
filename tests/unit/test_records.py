"""Records behave as frozen dataclasses with slots do."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from nexis.records import FrozenError, as_dict, field, record, replace


@record
class Point:
    x: int
    y: int = 0
    note: str = field(default="", compare=False)


@record(kw_only=True)
class Named:
    name: str
    tags: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a name is missing")


@record(kw_only=True)
class More(Named):
    size: int


@record(frozen=False)
class Open:
    items: list[int] = field(default_factory=list)


def test_values_are_given_in_order_or_by_name() -> None:
    assert (Point(1), Point(1, 2).y, Point(y=3, x=1).y) == (Point(1, 0), 2, 3)
    assert More(name="a", size=1).tags == {}


@pytest.mark.parametrize(
    ("kind", "positional", "named", "said"),
    [
        (Point, (), {}, "Point was not given 'x'"),
        (Point, (1,), {"x": 1}, "Point got 'x' twice"),
        (Point, (1, 2, "", 4), {}, "Point takes 3 values without a name, 4 were given"),
        (Point, (1,), {"z": 1}, "Point has no z"),
        (Named, ("a",), {}, "Named takes 0 values without a name, 1 were given"),
        (More, (), {"name": "a"}, "More was not given 'size'"),
    ],
)
def test_what_does_not_fit_is_refused(kind: type, positional: tuple[object, ...], named: object, said: str) -> None:
    assert isinstance(named, dict)
    with pytest.raises(TypeError) as refused:
        kind(*positional, **named)
    assert str(refused.value) == said


def test_what_a_record_refuses_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="a name is missing"):
        Named(name="")


def test_it_stays_what_it_is_unless_it_is_open() -> None:
    point = Point(1)
    with pytest.raises(FrozenError, match="`x` stays"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenError, match="`x` stays"):
        del point.x
    with pytest.raises(AttributeError):
        object.__setattr__(point, "z", 1)  # slots
    opened = Open()
    opened.items = [1]
    assert (opened.items, Open().items) == ([1], [])
    with pytest.raises(TypeError):
        hash(opened)


def test_records_of_one_class_with_the_same_values_are_equal() -> None:
    assert Point(1, 2, "here") == Point(1, 2, "there")
    assert len({Point(1, 2, "here"), Point(1, 2, "there"), Point(2)}) == 2
    assert Named(name="a") != More(name="a", size=1)
    assert repr(Point(1)) == "Point(x=1, y=0, note='')"


def test_each_has_a_default_of_its_own() -> None:
    first, second = Named(name="a"), Named(name="a")
    first.tags["k"] = "v"
    assert second.tags == {}


def test_it_is_copied_and_changed_as_a_dataclass_is() -> None:
    made = More(name="a", tags={"k": "v"}, size=1)
    assert copy.deepcopy(made) == made == pickle.loads(pickle.dumps(made))
    assert copy.deepcopy(made).tags is not made.tags
    assert replace(made, size=2) == dataclasses.replace(made, size=2) == More(name="a", tags={"k": "v"}, size=2)
    assert as_dict(made) == dataclasses.asdict(made) == {"name": "a", "tags": {"k": "v"}, "size": 1}
    assert [f.name for f in dataclasses.fields(Point)] == ["x", "y", "note"]
