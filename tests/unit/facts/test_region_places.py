from __future__ import annotations

from typing import get_args

from nexis.facts.region_places import PLACES, Kind


def test_types_are_sorted_and_no_place_stands_there_twice() -> None:
    assert list(PLACES) == sorted(PLACES)
    for places in PLACES.values():
        assert len({path for path, _ in places}) == len(places)


def test_places_are_paths_of_a_known_kind() -> None:
    for type_, places in PLACES.items():
        assert type_.count("::") == 2
        for path, kind in places:
            assert all(path.split("."))
            assert not path.startswith("*")
            assert kind in get_args(Kind)
