"""Values as JSON carries them, read exactly: numbers with decimals, days, and what conditions compare."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shared.forms.items import Chosen, Value

# FHIR's integer has 32 bits.
LEAST_INTEGER, GREATEST_INTEGER = -(2**31), 2**31 - 1

# As many as survive the way through a binary fraction (DBL_DIG of IEEE 754 double): JSON's decoders make one.
MOST_DIGITS = 15

_TOO_GREAT = 10**MOST_DIGITS


def is_number(value: Any) -> bool:
    """True for a number of any kind; true and false are none."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def exact(number: int | float | Decimal) -> Decimal | None:
    """The number as it was written; None if it has more than 15 digits before and after the point together.

    A decoder makes a binary fraction of 0.1, but its shortest form says 0.1 again.
    """
    if isinstance(number, int):
        return Decimal(number) if -_TOO_GREAT < number < _TOO_GREAT else None
    decimal = Decimal(repr(number)) if isinstance(number, float) else number
    if not decimal.is_finite():
        return None
    if not decimal:
        return Decimal(0)
    _, digits, exponent = decimal.as_tuple()
    while len(digits) > 1 and digits[-1] == 0:
        digits, exponent = digits[:-1], int(exponent) + 1
    places = max(len(digits) + int(exponent), 1) + max(-int(exponent), 0)
    return decimal if places <= MOST_DIGITS else None


def as_json(number: Decimal) -> int | float:
    """The exact number as JSON's encoders take it."""
    return int(number) if number == number.to_integral_value() else float(number)


def day(value: str) -> date | None:
    """The day that exists, written YYYY-MM-DD; None if it is none."""
    try:
        read = date.fromisoformat(value)
    except ValueError:
        return None
    # Python also reads 20260301 and 2026-W09-7, which FHIR doesn't.
    return read if read.isoformat() == value else None


# How an accepted answer is compared, by the field that carries it. An attachment only exists or doesn't.
COMPARABLE: Mapping[str, Callable[[Any], Value | None]] = {
    "valueBoolean": bool,
    "valueInteger": int,
    "valueDecimal": exact,
    "valueDate": day,
    "valueString": str,
    "valueCoding": lambda value: Chosen(value["code"]),
    "valueAttachment": lambda _: True,
}
