"""One reason why something was refused, in words that a person can act on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`field` says where, `code` is stable and for machines, `sv` and `en` are for people."""

    field: str
    code: str
    sv: str
    en: str


_SHAPES: dict[str, tuple[str, str]] = {}


def shaped(pattern: str, sv: str, en: str) -> str:
    """The pattern of a field. Who does not keep to it is told in these words what to write."""
    _SHAPES[pattern] = (sv, en)
    return pattern


def shape_of(pattern: str) -> tuple[str, str] | None:
    """What a pattern asks for, in Swedish and English, if that was said."""
    return _SHAPES.get(pattern)
