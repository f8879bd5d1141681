"""One reason why something was refused, in words that a person can act on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`field` says where, `code` is stable and for machines, `sv` and `en` are for people."""

    field: str
    code: str
    sv: str
    en: str
