from __future__ import annotations

from nexis.facts.logging_exports import AS_OF, BY_ENGINE, ENOUGH_ANYWHERE


def test_every_engine_has_a_log_that_is_asked_for() -> None:
    for engine, exports in BY_ENGINE.items():
        assert engine == engine.lower()
        assert exports.names
        assert len(set(exports.names)) == len(exports.names)


def test_a_log_that_is_enough_anywhere_is_enough_for_every_engine_that_asks_for_it() -> None:
    for exports in BY_ENGINE.values():
        for name in set(ENOUGH_ANYWHERE) & set(exports.names):
            assert exports.one_is_enough or exports.names == (name,)


def test_the_day_of_reading_is_a_date() -> None:
    assert len(AS_OF) == 10
