"""The bits of a generated password: against full enumeration, reference figures and properties."""

from __future__ import annotations

import math
import string
import time
from collections import Counter
from dataclasses import replace
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.facts.password_bits import (
    LONGEST_LENGTH,
    MINIMUM_BITS,
    TARGET_BITS,
    Generator,
    accepted_strings,
    class_sizes,
    from_generate_secret_string,
    generated_bits,
    placed_bits,
    shortest_length,
)

_CDK_DATABASE_SECRET = Generator(length=30, exclude_characters=" %+~`#$&*()|[]{}:;<>?!'/@\"\\")


def _alphabet(sizes: tuple[int, ...], extra: int) -> list[tuple[int, int]]:
    """Characters as (type, number); the type of the extra ones is -1."""
    return [(kind, n) for kind, size in enumerate(sizes) for n in range(size)] + [(-1, n) for n in range(extra)]


@pytest.mark.parametrize(
    ("sizes", "extra", "length"),
    [((2, 3, 1), 0, 5), ((1, 1), 0, 4), ((4,), 0, 3), ((2, 2), 1, 4), ((1, 2, 1), 1, 4), ((3, 2), 0, 2)],
)
def test_both_formulas_agree_with_full_enumeration(sizes: tuple[int, ...], extra: int, length: int) -> None:
    alphabet = _alphabet(sizes, extra)
    kinds = set(range(len(sizes)))
    accepted = [word for word in product(alphabet, repeat=length) if kinds <= {kind for kind, _ in word}]
    assert accepted_strings(sizes, extra, length) == len(accepted)

    # One of each type at every choice of positions, the rest from all: the exact distribution.
    chances: Counter[tuple[tuple[int, int], ...]] = Counter()
    for places in permutations(range(length), len(sizes)):
        rest = [place for place in range(length) if place not in places]
        for picks in product(*[[c for c in alphabet if c[0] == kind] for kind in range(len(sizes))]):
            for fill in product(alphabet, repeat=len(rest)):
                word = dict(zip(places, picks, strict=True)) | dict(zip(rest, fill, strict=True))
                chances[tuple(word[place] for place in range(length))] += 1
    likeliest = max(chances.values()) / chances.total()
    assert placed_bits(sizes, extra, length) == pytest.approx(-math.log2(likeliest), abs=1e-9)
    assert set(chances) == set(accepted)


def test_the_services_default() -> None:
    sizes, space = class_sizes(Generator())
    assert sorted(sizes) == [10, 26, 26, 32]
    assert space == 0
    assert generated_bits(replace(Generator(), require_each_included_type=False)) == pytest.approx(32 * math.log2(94))
    assert generated_bits(Generator()) == pytest.approx(208.97, abs=0.01)


def test_cdks_database_secret() -> None:
    sizes, _ = class_sizes(_CDK_DATABASE_SECRET)
    assert sum(sizes) == 68
    assert generated_bits(_CDK_DATABASE_SECRET) == pytest.approx(181.29, abs=0.01)


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    ("generator", "length"),
    [
        (Generator(), 10),
        (Generator(exclude_punctuation=True), 11),
        (Generator(exclude_punctuation=True, exclude_uppercase=True), 12),
        (Generator(exclude_punctuation=True, exclude_uppercase=True, exclude_lowercase=True), 19),
        (Generator(exclude_characters=string.ascii_letters + string.punctuation), 19),
    ],
    ids=["94 characters", "62 characters", "36 characters", "digits", "digits by excluding the others one by one"],
)
def test_shortest_length_for_sixty_bits(generator: Generator, length: int, required: bool) -> None:
    generator = replace(generator, require_each_included_type=required)
    assert shortest_length(generator, MINIMUM_BITS) == length
    assert generated_bits(replace(generator, length=length)) >= MINIMUM_BITS
    assert generated_bits(replace(generator, length=length - 1)) < MINIMUM_BITS


def test_the_target_is_reached_by_the_default_and_missed_by_a_short_one() -> None:
    assert generated_bits(Generator()) >= TARGET_BITS
    assert generated_bits(Generator(length=19)) < TARGET_BITS


@pytest.mark.parametrize(
    ("generator", "why"),
    [
        (Generator(length=0), "no length"),
        (Generator(length=-5), "no length"),
        (Generator(length=LONGEST_LENGTH + 1), "longer than the service makes"),
        (Generator(length=3), "shorter than the four required types"),
        (Generator(exclude_characters=string.printable), "no character left"),
        (
            Generator(exclude_lowercase=True, exclude_uppercase=True, exclude_numbers=True, exclude_punctuation=True),
            "nothing",
        ),
        (Generator(exclude_characters="".join(set(string.printable) - {"a"})), "one character left"),
    ],
)
def test_no_bits(generator: Generator, why: str) -> None:
    assert generated_bits(generator) == 0.0, why


def test_a_length_that_no_one_reaches() -> None:
    assert shortest_length(Generator(exclude_characters=string.printable), 60) is None
    assert shortest_length(Generator(), 10**6) is None
    assert shortest_length(Generator(require_each_included_type=False), 0) == 1


def test_the_space_is_judged_by_the_reading_that_gives_less() -> None:
    without = Generator(length=12)
    with_space = replace(without, include_space=True)
    required = min(math.log2(accepted_strings((26, 26, 10, 32, 1), 0, 12)), placed_bits((26, 26, 10, 32, 1), 0, 12))
    assert generated_bits(with_space) == pytest.approx(required)
    assert generated_bits(replace(with_space, exclude_characters=" ")) == generated_bits(without)


def test_the_longest_password_is_computed_at_once() -> None:
    start = time.perf_counter()
    assert generated_bits(Generator(length=LONGEST_LENGTH, include_space=True)) > 26_000
    assert shortest_length(Generator(), 20_000) is not None
    assert time.perf_counter() - start < 2


_GENERATORS = st.builds(
    Generator,
    length=st.integers(1, 64),
    exclude_characters=st.text(string.printable, max_size=40),
    exclude_lowercase=st.booleans(),
    exclude_uppercase=st.booleans(),
    exclude_numbers=st.booleans(),
    exclude_punctuation=st.booleans(),
    include_space=st.booleans(),
    require_each_included_type=st.booleans(),
)


@given(_GENERATORS)
def test_never_more_than_all_strings_of_that_length(generator: Generator) -> None:
    sizes, space = class_sizes(generator)
    total = sum(sizes) + space
    bound = generator.length * math.log2(total) if total else 0.0
    assert 0.0 <= generated_bits(generator) <= bound + 1e-9


@given(_GENERATORS)
def test_a_longer_password_never_has_fewer_bits(generator: Generator) -> None:
    assert generated_bits(replace(generator, length=generator.length + 1)) >= generated_bits(generator)


@given(_GENERATORS, st.characters(codec="ascii"))
def test_another_exclusion_never_gives_more_bits_while_every_type_is_left(generator: Generator, character: str) -> None:
    stricter = replace(generator, exclude_characters=generator.exclude_characters + character)
    # Emptying a type altogether also removes the requirement for it, so the two are not comparable then.
    if (
        len(class_sizes(stricter)[0]) == len(class_sizes(generator)[0])
        and class_sizes(stricter)[1] == class_sizes(generator)[1]
    ):
        assert generated_bits(stricter) <= generated_bits(generator) + 1e-9


@given(_GENERATORS.map(lambda g: replace(g, require_each_included_type=False)), st.text(string.printable, max_size=20))
def test_without_a_requirement_no_exclusion_ever_gives_more_bits(generator: Generator, more: str) -> None:
    stricter = replace(generator, exclude_characters=generator.exclude_characters + more)
    assert generated_bits(stricter) <= generated_bits(generator)


@given(_GENERATORS, st.floats(1, 300))
def test_the_shortest_length_is_the_shortest(generator: Generator, bits: float) -> None:
    length = shortest_length(generator, bits)
    if length is None:
        assert generated_bits(replace(generator, length=LONGEST_LENGTH)) < bits
        return
    assert generated_bits(replace(generator, length=length)) >= bits
    assert length == 1 or generated_bits(replace(generator, length=length - 1)) < bits


def test_reading_a_template() -> None:
    assert from_generate_secret_string({}) == Generator()
    assert from_generate_secret_string(
        {
            "PasswordLength": 40,
            "ExcludeCharacters": "'\"",
            "ExcludeLowercase": True,
            "ExcludeUppercase": False,
            "ExcludeNumbers": True,
            "ExcludePunctuation": True,
            "IncludeSpace": True,
            "RequireEachIncludedType": False,
            "SecretStringTemplate": '{"username": "admin"}',
            "GenerateStringKey": "password",
        }
    ) == Generator(40, "'\"", True, False, True, True, True, False)


def test_numbers_and_booleans_may_be_strings_as_in_yaml() -> None:
    assert from_generate_secret_string({"PasswordLength": "24", "ExcludePunctuation": "true"}) == Generator(
        length=24, exclude_punctuation=True
    )


@pytest.mark.parametrize(
    ("props", "message"),
    [
        (
            {"PasswordLength": {"Ref": "Length"}},
            "PasswordLength={'Ref': 'Length'}; expected a whole number from 1 to 4096",
        ),
        ({"PasswordLength": 0}, "PasswordLength=0"),
        ({"PasswordLength": 4097}, "PasswordLength=4097"),
        ({"PasswordLength": True}, "PasswordLength=True"),
        ({"PasswordLength": 32.5}, "PasswordLength=32.5"),
        ({"PasswordLength": "many"}, "PasswordLength='many'"),
        ({"PasswordLength": "-4"}, "PasswordLength='-4'"),
        ({"PasswordLength": "٣٢"}, "PasswordLength="),
        ({"ExcludeCharacters": {"Ref": "Excluded"}}, "ExcludeCharacters={'Ref': 'Excluded'}; expected a string"),
        ({"ExcludeCharacters": ["a"]}, r"ExcludeCharacters=\['a'\]; expected a string"),
        ({"ExcludeNumbers": 1}, "ExcludeNumbers=1; expected true or false"),
        ({"IncludeSpace": "ja"}, "IncludeSpace='ja'; expected true or false"),
        ({"PaswordLength": 64}, "unknown GenerateSecretString property 'PaswordLength'"),
    ],
)
def test_what_is_not_known_at_synth_is_refused(props: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_generate_secret_string(props)
