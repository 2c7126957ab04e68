"""What a template value can be once it has been resolved as far as the template allows.

Plain JSON values stay what they are. Four more kinds exist, because a template knows some things only in part:

* `Unknown`: the value cannot be known here; it says what it hangs on.
* `Reference`: a resource of the same assembly (or one of its attributes). The text is known only after deployment.
* `Text`: text with references in it, such as an ARN with a bucket's name.
* `DynamicReference`: text that CloudFormation fetches while deploying (`{{resolve:…}}`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.records import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable


@record
class Unknown:
    """A value that cannot be known from the template.

    Args:
        reason: what it hangs on, as a clause ("parameter Size has no default").
        stands: whether something certainly stands there, whatever it is: a parameter is never nothing, while a macro
            may take away what it is given.
        text: where only parts of a text cannot be known, the text with `OPEN_PART` in their places.
    """

    reason: str
    stands: bool = False
    text: str = field(default="", compare=False)


#: Stands for a part of a text that cannot be known; no template can hold it.
OPEN_PART: Final = "\N{REPLACEMENT CHARACTER}"


class Reference(str):
    """A resource of this assembly, or one of its attributes; reads as `${LogicalId.Attribute}`."""

    __slots__ = ("attribute", "logical_id", "stack")

    stack: str
    logical_id: str
    attribute: str

    def __new__(cls, stack: str, logical_id: str, attribute: str = "") -> Reference:
        """Make a reference.

        Args:
            stack: the key of the template in its assembly; empty for a pseudo parameter.
            logical_id: of the resource, or the name of a pseudo parameter.
            attribute: the attribute of `Fn::GetAtt`; empty for `Ref`.
        """
        made = super().__new__(cls, "${" + logical_id + (f".{attribute}" if attribute else "") + "}")
        made.stack, made.logical_id, made.attribute = stack, logical_id, attribute
        return made

    @property
    def is_resource(self) -> bool:
        """Whether it names a resource, not a pseudo parameter or a part of some other reference."""
        return bool(self.stack)


class Text(str):
    """Text with references in it."""

    __slots__ = ("parts",)

    parts: tuple[str, ...]

    def __new__(cls, parts: Iterable[str]) -> Text:
        """Make a text.

        Args:
            parts: literal pieces and references, in order.
        """
        pieces = tuple(parts)
        made = super().__new__(cls, "".join(pieces))
        made.parts = pieces
        return made

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references in it, in order."""
        return tuple(part for part in self.parts if isinstance(part, Reference))


class DynamicReference(str):
    """Text with `{{resolve:…}}` in it, which CloudFormation fetches while deploying."""

    __slots__ = ()


class NoValue:
    """The value of `AWS::NoValue`: the property or list item is not there."""

    _only: NoValue | None = None

    def __new__(cls) -> NoValue:
        """Give the one instance."""
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __repr__(self) -> str:
        return "NO_VALUE"


NO_VALUE: Final = NoValue()

DYNAMIC_REFERENCE_MARK: Final = "{{resolve:"
LONGEST_TEXT: Final = 1_000_000  # characters, as many as a template may have; CloudFormation User Guide, "quotas"


def joined(pieces: Iterable[Any], delimiter: str = "") -> str | Unknown:
    """Join resolved values to text, as `Fn::Join` and `Fn::Sub` do.

    Args:
        pieces: resolved values; a map or a list among them makes the result unknown.
        delimiter: put between each two pieces.
    """
    parts: list[str] = []
    opened: Unknown | None = None
    for number, piece in enumerate(pieces):
        if number and delimiter:
            parts.append(delimiter)
        if isinstance(piece, Unknown):
            opened = opened or piece
            parts.append(piece.text or OPEN_PART)
        elif isinstance(piece, bool):
            parts.append("true" if piece else "false")
        elif isinstance(piece, (int, float)):
            parts.append(str(piece))
        elif isinstance(piece, Text):
            parts.extend(piece.parts)
        elif isinstance(piece, str):
            parts.append(piece)
        else:
            return Unknown(f"a {type(piece).__name__} stands where text is joined")
    if sum(map(len, parts)) > LONGEST_TEXT:
        return Unknown(f"text longer than {LONGEST_TEXT:,} characters")
    if opened is not None:
        return Unknown(opened.reason, opened.stands, "".join(parts))
    if any(isinstance(part, Reference) for part in parts):
        return parts[0] if len(parts) == 1 else Text(parts)
    text = "".join(parts)
    return DynamicReference(text) if DYNAMIC_REFERENCE_MARK in text else text
