"""How many bits of guessing work a Secrets Manager generator guarantees.

Exact and computable from a template: a generator is a length, some sets of characters, and whether one of each set is
required. AWS does not publish how it satisfies that requirement, so the smaller of two exact figures counts.

Sources: Secrets Manager API Reference, GetRandomPassword (defaults, sets and limits); CloudFormation,
AWS::SecretsManager::Secret GenerateSecretString. The formulas are checked against full enumeration in the tests.
"""

from __future__ import annotations

import math
import string
from itertools import combinations
from typing import TYPE_CHECKING, Final

from nexis.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: A generated password with fewer bits is refused; the constructs aim for the target.
MINIMUM_BITS: Final = 60
TARGET_BITS: Final = 128

#: Limits of PasswordLength. Source: Secrets Manager API Reference, GetRandomPassword, 2026-11-01.
SHORTEST_LENGTH: Final = 1
LONGEST_LENGTH: Final = 4096

#: The characters of each type. Source: Secrets Manager API Reference, GetRandomPassword (ExcludePunctuation lists the
#: 32 punctuation characters of ASCII).
LOWERCASE: Final = frozenset(string.ascii_lowercase)
UPPERCASE: Final = frozenset(string.ascii_uppercase)
NUMBERS: Final = frozenset(string.digits)
PUNCTUATION: Final = frozenset(string.punctuation)


@record
class Generator:
    """What Secrets Manager is asked to generate; the defaults are those of the service.

    Attributes:
        length: Number of characters.
        exclude_characters: Characters that must not occur.
        exclude_lowercase: Leave out the lower-case letters.
        exclude_uppercase: Leave out the upper-case letters.
        exclude_numbers: Leave out the digits.
        exclude_punctuation: Leave out the punctuation.
        include_space: Allow the space.
        require_each_included_type: At least one character of each type that is left.
    """

    length: int = 32
    exclude_characters: str = ""
    exclude_lowercase: bool = False
    exclude_uppercase: bool = False
    exclude_numbers: bool = False
    exclude_punctuation: bool = False
    include_space: bool = False
    require_each_included_type: bool = True


def class_sizes(generator: Generator) -> tuple[tuple[int, ...], int]:
    """Count what the exclusions leave.

    Args:
        generator: The generator.

    Returns:
        The sizes of the character types that are left (those left empty do not count), and the number of extra
        characters that belong to no required type (the space: 0 or 1).
    """
    excluded = frozenset(generator.exclude_characters)
    included = (
        (LOWERCASE, generator.exclude_lowercase),
        (UPPERCASE, generator.exclude_uppercase),
        (NUMBERS, generator.exclude_numbers),
        (PUNCTUATION, generator.exclude_punctuation),
    )
    sizes = tuple(len(characters - excluded) for characters, left_out in included if not left_out)
    space = 1 if generator.include_space and " " not in excluded else 0
    return tuple(size for size in sizes if size), space


def accepted_strings(sizes: Sequence[int], extra: int, length: int) -> int:
    """Count the strings of a length that have at least one character of each type, by inclusion and exclusion.

    Args:
        sizes: Size of each required character type.
        extra: Number of further characters that are allowed but not required.
        length: Length of the strings.

    Returns:
        The exact number.
    """
    total = sum(sizes) + extra
    return int(
        sum(
            (-1) ** missing * (total - sum(left_out)) ** length
            for missing in range(len(sizes) + 1)
            for left_out in combinations(sizes, missing)
        )
    )


def placed_bits(sizes: Sequence[int], extra: int, length: int) -> float:
    """Return the min-entropy of "one of each type, fill up from all, shuffle".

    The likeliest string spreads its characters evenly over the types, q or q+1 of each with `length = q*k + r`, and
    arises in `M = (q+1)^r * q^(k-r)` ways; `-log2(M / ((L)_k * prod n_i * N^(L-k)))` bits are left.

    Args:
        sizes: Size of each required character type.
        extra: Number of further characters that are allowed but not required.
        length: Length of the strings, at least the number of types.

    Returns:
        Bits: minus log2 of the probability of the likeliest string.
    """
    kinds = len(sizes)
    every, rest = divmod(length, kinds)
    likeliest = (every + 1) ** rest * every ** (kinds - rest)
    ways = math.log2(math.perm(length, kinds)) + sum(math.log2(size) for size in sizes)
    return ways + (length - kinds) * math.log2(sum(sizes) + extra) - math.log2(likeliest)


def generated_bits(generator: Generator) -> float:
    """Return how many bits of guessing work the generator guarantees.

    Without a requirement it is `L * log2 N`. With one, the smaller of: all accepted strings equally likely, and "one
    of each type, fill up, shuffle". Whether the service counts the space as a required type is not documented either:
    the smaller figure counts.

    Args:
        generator: The generator.

    Returns:
        Bits; 0.0 if nothing can be generated (no character is left, or the length is shorter than the number of
        required types, or outside 1 to 4096).

    Source: Secrets Manager API Reference, GetRandomPassword.
    """
    sizes, space = class_sizes(generator)
    total = sum(sizes) + space
    if not total or not SHORTEST_LENGTH <= generator.length <= LONGEST_LENGTH:
        return 0.0
    if not generator.require_each_included_type or not sizes:
        return generator.length * math.log2(total)
    readings = [(sizes, space)]
    if space:
        readings.append(((*sizes, space), 0))
    return min(_required_bits(required, extra, generator.length) for required, extra in readings)


def _required_bits(sizes: Sequence[int], extra: int, length: int) -> float:
    if length < len(sizes):
        return 0.0
    uniform = math.log2(accepted_strings(sizes, extra, length))
    # Both are zero or more; rounding may take a figure that is exactly zero just below it.
    return max(0.0, min(uniform, placed_bits(sizes, extra, length)))


def shortest_length(generator: Generator, bits: float) -> int | None:
    """Return the shortest length at which the generator guarantees this many bits.

    Args:
        generator: The generator; its own length does not matter.
        bits: The bits to reach.

    Returns:
        A length from 1 to 4096 characters, or None if no length is enough.
    """
    sizes, space = class_sizes(generator)

    def reaches(length: int) -> bool:
        return generated_bits(replace(generator, length=length)) >= bits

    if not sum(sizes) + space or not reaches(LONGEST_LENGTH):
        return None
    low, high = SHORTEST_LENGTH, LONGEST_LENGTH
    while low < high:
        middle = (low + high) // 2
        if reaches(middle):
            high = middle
        else:
            low = middle + 1
    return low


_FLAGS: Final = {
    "ExcludeLowercase": "exclude_lowercase",
    "ExcludeUppercase": "exclude_uppercase",
    "ExcludeNumbers": "exclude_numbers",
    "ExcludePunctuation": "exclude_punctuation",
    "IncludeSpace": "include_space",
    "RequireEachIncludedType": "require_each_included_type",
}
_NOT_ABOUT_STRENGTH: Final = frozenset({"SecretStringTemplate", "GenerateStringKey"})


def from_generate_secret_string(props: Mapping[str, object]) -> Generator:
    """Read the `GenerateSecretString` of an AWS::SecretsManager::Secret.

    Args:
        props: The property's value in a template, with CloudFormation's names. As CloudFormation does, a number or a
            boolean written as a string is understood.

    Returns:
        The generator, with the service's defaults where a property is absent.

    Raises:
        ValueError: If a value has another type (an unresolved reference, for instance), the length is outside 1 to
            4096, or a property is unknown; the message says what was got and what was expected.

    Source: CloudFormation, AWS::SecretsManager::Secret GenerateSecretString.
    """
    unknown = sorted(set(props) - set(_FLAGS) - _NOT_ABOUT_STRENGTH - {"PasswordLength", "ExcludeCharacters"})
    if unknown:
        raise ValueError(
            f"got the unknown GenerateSecretString property {unknown[0]!r}; expected PasswordLength, "
            f"ExcludeCharacters, {', '.join(_FLAGS)}, SecretStringTemplate or GenerateStringKey"
        )
    flags = {field: _boolean(name, props[name]) for name, field in _FLAGS.items() if name in props}
    excluded = props.get("ExcludeCharacters", "")
    if not isinstance(excluded, str):
        raise ValueError(f"got ExcludeCharacters={excluded!r}; expected a string that is known at synth")  # noqa: TRY004 -- one exception type for every wrong value
    return Generator(length=_length(props.get("PasswordLength", 32)), exclude_characters=excluded, **flags)


def _length(value: object) -> int:
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if isinstance(number, bool) or not isinstance(number, int) or not SHORTEST_LENGTH <= number <= LONGEST_LENGTH:
        raise ValueError(
            f"got PasswordLength={value!r}; expected a whole number from {SHORTEST_LENGTH} to {LONGEST_LENGTH} "
            "that is known at synth"
        )
    return number


def _boolean(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise ValueError(f"got {name}={value!r}; expected true or false, known at synth")
