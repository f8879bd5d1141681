"""Read what a question holds by its type: whether it must be answered, options, limits, help."""

import re
from datetime import date
from decimal import Decimal

from shared.forms.answers import LARGEST_FILE, MIME_TYPES
from shared.forms.extensions import (
    MAX_SIZE,
    MAX_VALUE,
    MIME_TYPE,
    MIN_VALUE,
    read_extensions,
    read_text,
)
from shared.forms.item_types import QUESTION_TYPES
from shared.forms.items import (
    LONGEST_CODE,
    LONGEST_DISPLAY,
    MOST_OPTIONS,
    Option,
    Text,
    Value,
)
from shared.forms.place import Place
from shared.forms.values import GREATEST_INTEGER, LEAST_INTEGER, MOST_DIGITS, day, exact, is_number

_CODE = re.compile(r"\S+(\s\S+)*")  # FHIR R4, datatype code

_Limits = tuple[Value | None, Value | None]


def read_options(holder: Place) -> tuple[Option, ...]:
    """The answers to choose from, each with a code of its own."""
    place = holder.required("answerOption")
    options: dict[str, Option] = {}
    for entry in place.each(MOST_OPTIONS) if place else ():
        if not entry.is_object():
            continue
        entry.only({"valueCoding"})
        coding = entry.required("valueCoding")
        if coding is None or not coding.is_object():
            continue
        coding.only({"code", "display", "_display"})
        code = coding.required("code")
        display = read_text(coding, "display", LONGEST_DISPLAY)
        if code is None or not (value := code.text(LONGEST_CODE)):
            continue
        if _CODE.fullmatch(value) is None:
            code.refuse("invalid_code")
        elif value in options:
            code.refuse("duplicate_option")
        options[value] = Option(value, display)
    return tuple(options.values())


def read_limits(holder: Place, type_: str) -> _Limits:
    """The least and the greatest answer, both allowed."""
    (value,) = QUESTION_TYPES[type_].checkers
    place = holder.at("extension")
    found = read_extensions(place, {MIN_VALUE: value, MAX_VALUE: value})
    least, most = (
        read_value(found[url][0], value) if url in found else None for url in (MIN_VALUE, MAX_VALUE)
    )
    if least is not None and most is not None and most < least:  # type: ignore[operator]  # of one type
        place.refuse("empty_range")
    return least, most


def read_file_limits(holder: Place) -> tuple[tuple[str, ...], int | None]:
    """Which kinds of files are taken, and of how many bytes."""
    values = {MIME_TYPE: "valueCode", MAX_SIZE: "valueDecimal"}
    found = read_extensions(holder.at("extension"), values, repeating=MIME_TYPE)
    mime_types: dict[str, None] = {}
    for place in found.get(MIME_TYPE, ()):
        if place.value not in MIME_TYPES or place.value in mime_types:
            place.refuse("wrong_value", expects=Text(", ".join(MIME_TYPES)))
        else:
            mime_types[place.value] = None
    return tuple(mime_types), found[MAX_SIZE][0].number(1, LARGEST_FILE) if MAX_SIZE in found else None


def read_value(place: Place, field: str) -> Value | None:
    """The value that stands here, of the kind that the field `value…` or `answer…` carries."""
    if field.endswith("Integer"):
        return place.number(LEAST_INTEGER, GREATEST_INTEGER)
    if field.endswith("Decimal"):
        return _decimal(place)
    if field.endswith("Date"):
        return _date(place)
    if field.endswith("Boolean"):
        return place.flag()
    return place.text(LONGEST_DISPLAY)


def _decimal(place: Place) -> Decimal | None:
    number = exact(place.value) if is_number(place.value) else None
    if number is None:
        digits = f"{MOST_DIGITS}"
        place.refuse(
            "wrong_value" if is_number(place.value) else "wrong_type",
            expects=Text(f"ett tal med högst {digits} siffror", f"a number of at most {digits} digits"),
        )
    return number


def _date(place: Place) -> date | None:
    read = day(place.value) if isinstance(place.value, str) else None
    if read is None:
        place.refuse(
            "wrong_value" if isinstance(place.value, str) else "wrong_type",
            expects=Text("en dag som finns, ÅÅÅÅ-MM-DD", "a day that exists, YYYY-MM-DD"),
        )
    return read
